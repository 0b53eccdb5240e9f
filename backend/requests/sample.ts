/**
 * The masked sample of a request. It was masked where the rows are; this is the second look: a cell in which the backend's own
 * detector finds anything is not kept, only the name of what was found. So a broken client can't put raw values before reviewers.
 */
import type { CreateRequest, MaskedSample, Verdict } from '#core/wire/approval.ts';

export interface CleanSample {
  readonly sample?: MaskedSample;
  /** Cells that were not masked. */
  readonly refused: number;
}

/** Nothing is kept where the policy asks for none. Rows beyond those it asks for are cut. */
export function cleanSample({ sample }: Pick<CreateRequest, 'sample'>, verdict: Verdict, redact: (text: string) => string): CleanSample {
  if (sample === undefined || verdict.sample === undefined || sample.columns.length === 0 || sample.rows.length === 0) return { refused: 0 };
  let refused = 0;
  const columns = sample.columns.map((column) => redact(column));
  const rows = sample.rows.slice(0, verdict.sample.maxRows).map((row) => columns.map((column, i) => {
    const cell = row[i] ?? null;
    if (cell === null || cell === '') return cell;
    const clean = redactedIn(column, cell, redact);
    if (clean !== cell) refused += 1;
    return clean;
  }));
  return { sample: { columns, rows }, refused };
}

/** The column's name is context: `123-45-6789` alone may be anything, under `ssn` it is not. */
function redactedIn(column: string, cell: string, redact: (text: string) => string): string {
  const prefix = `${column}: `;
  const clean = redact(prefix + cell);
  if (clean.startsWith(prefix)) return clean.slice(prefix.length);
  return redact(cell) === cell ? cell : '[…]';
}
