/** Finds the next cell that shows a text, page by page, so that a search in millions of rows neither loads nor blocks more than a bit at a time. */
import type { ResultPage } from '#core/wire/results.ts';

export interface FindParams {
  readonly text: string;
  /** The cell where the last match was: the search begins behind it. */
  readonly from: { readonly row: number; readonly column: number };
  readonly step: 1 | -1;
  /** Rows of the view. */
  readonly total: number;
}
export interface FindOutcome {
  readonly row?: number;
  readonly column?: number;
  /** Rows that were looked at. */
  readonly scanned: number;
  /** Where to go on. */
  readonly next: number;
}

const pageRows = 1000;
/** One search looks at this many rows; then the user decides whether to go on. */
export const rowsMost = 200_000;

/** Ignores case. Goes round at the ends and stops where it began. */
export async function findCell({ text, from, step, total }: FindParams, page: (offset: number, count: number) => Promise<ResultPage>): Promise<FindOutcome> {
  const wanted = text.toLocaleLowerCase();
  let scanned = 0;
  let at = from.row;
  // One more than all rows: the beginning of the first row comes last.
  while (scanned <= total && scanned < rowsMost && total > 0) {
    const offset = step === 1 ? at : Math.max(0, at - pageRows + 1);
    const count = step === 1 ? Math.min(pageRows, total - at) : at - offset + 1;
    const { rows } = await page(offset, count);
    if (rows.length === 0) break;
    const order = step === 1 ? rows.map((_, index) => index) : rows.map((_, index) => rows.length - 1 - index);
    for (const index of order) {
      const row = offset + index;
      const columns = (rows[index] ?? []).flatMap(({ v }, column) => v?.toLocaleLowerCase().includes(wanted) === true ? [column] : []);
      const behind = (column: number): boolean => row !== from.row || scanned > 0 || (step === 1 ? column > from.column : column < from.column);
      const column = step === 1 ? columns.find(behind) : columns.findLast(behind);
      if (column !== undefined) return { row, column, scanned: scanned + 1, next: row };
      scanned++;
    }
    at = step === 1 ? offset + rows.length : offset - 1;
    if (at >= total) at = 0;
    if (at < 0) at = total - 1;
  }
  return { scanned: Math.min(scanned, total), next: at };
}
