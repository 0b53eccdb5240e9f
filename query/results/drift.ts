/**
 * Drift: personal data that a result held although the request had not declared it. Which column, which entity and in how
 * many rows at least; never a value.
 */
import type { DriftFinding } from '#core/wire/approval.ts';
import type { ColumnVerdict } from './column-verdict.ts';

/** Rows counted a finding. Beyond, more would tell nobody anything. */
const MAX_COUNTED = 10_000;
/** Findings kept: a result of thousands of columns is not reported one by one. As the backend takes them. */
const MAX_FINDINGS = 200;

interface Note { readonly verdict: Pick<ColumnVerdict, 'name' | 'origin' | 'category' | 'entity'>; readonly entity: string; readonly rows: Set<number> }

export class DriftNotes {
  readonly #notes = new Map<string, Note>();

  /**
   * Notes that a row's value of a column holds an entity. Equal values may be looked at once only, so counts are lower bounds.
   * @returns true when it is worth telling: the first of its kind in this column, the tenth, the hundredth …
   */
  add(verdict: Note['verdict'], entity: string, row: number): boolean {
    const key = `${verdict.name}\u0000${entity}`;
    const known = this.#notes.get(key);
    if (known) {
      const { rows } = known;
      if (rows.size >= MAX_COUNTED || rows.has(row)) return false;
      rows.add(row);
      return Number.isInteger(Math.log10(rows.size));
    }
    if (this.#notes.size >= MAX_FINDINGS) return false;
    this.#notes.set(key, { verdict, entity, rows: new Set([row]) });
    return true;
  }

  in(column: string): boolean { return [...this.#notes.values()].some(({ verdict }) => verdict.name === column); }

  list(): { readonly column: string; readonly entity: string }[] { return [...this.#notes.values()].map(({ verdict, entity }) => ({ column: verdict.name, entity })); }

  /** @param shown masks what is personal in a column's name: `SELECT 'ann@example.org'` names its column so */
  findings(shown: (name: string) => string): DriftFinding[] {
    return [...this.#notes.values()].map(({ verdict, entity, rows }) => ({
      column: shown(verdict.name).slice(0, MAX_NAME) || '(unnamed)', ...(verdict.origin ? { origin: verdict.origin } : {}), entity,
      ...(verdict.category !== undefined && verdict.entity === entity ? { category: verdict.category } : {}), count: rows.size,
    }));
  }
}

/** UTF-16 units, as the backend takes them. */
const MAX_NAME = 200;
