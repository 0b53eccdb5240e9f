/** Rows of one view, held page by page as they are looked at; far pages are forgotten, so millions of rows cost the same as a hundred. */
import type { Cell } from '#core/wire/results.ts';

export const pageSize = 200;
/** Pages kept, least recently used dropped first: 12,000 rows. */
const pagesKept = 60;
/** More than this under way at once only delays the page that is looked at. */
const inFlightMost = 4;

export type Row = readonly Cell[];

export class RowWindow {
  readonly #fetch: (offset: number, count: number) => void;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #inFlight = new Set<number>();
  #wanted: readonly number[] = [];

  constructor(fetch: (offset: number, count: number) => void) {
    this.#fetch = fetch;
  }

  row(index: number): Row | undefined {
    const number = Math.floor(index / pageSize);
    const page = this.#pages.get(number);
    return page?.[index - number * pageSize];
  }

  /** Says which rows are looked at now: missing pages are fetched, nearest first; older wishes that did not start are dropped. */
  want(from: number, to: number, total: number): void {
    const [first, last] = [Math.floor(from / pageSize), Math.floor(Math.max(from, to - 1) / pageSize)];
    const numbers: number[] = [];
    for (let number = first; number <= last; number++) numbers.push(number);
    // One page ahead and one behind, so that an ordinary scroll never waits.
    numbers.push(last + 1, first - 1);
    this.#wanted = numbers.filter((number) => number >= 0 && number * pageSize < total);
    for (const number of this.#wanted) this.#touch(number);
    this.#pump(total);
  }

  accept(offset: number, rows: readonly Row[], total: number): void {
    const number = Math.floor(offset / pageSize);
    this.#inFlight.delete(number);
    this.#pages.delete(number);
    this.#pages.set(number, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= pagesKept) break;
      this.#pages.delete(oldest);
    }
    this.#pump(total);
  }

  /** A page that failed may be asked for again when it is looked at again. */
  fail(offset: number): void { this.#inFlight.delete(Math.floor(offset / pageSize)); }

  /** The last page was fetched when fewer rows were there. */
  grew(before: number): void { this.#pages.delete(Math.floor(before / pageSize)); }

  clear(): void { this.#pages.clear(); this.#inFlight.clear(); this.#wanted = []; }

  #touch(number: number): void {
    const page = this.#pages.get(number);
    if (page === undefined) return;
    this.#pages.delete(number);
    this.#pages.set(number, page);
  }

  #pump(total: number): void {
    for (const number of this.#wanted) {
      if (this.#inFlight.size >= inFlightMost) return;
      if (this.#pages.has(number) || this.#inFlight.has(number)) continue;
      this.#inFlight.add(number);
      this.#fetch(number * pageSize, Math.min(pageSize, total - number * pageSize));
    }
  }
}
