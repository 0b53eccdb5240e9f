/** Sort and filter, on what is shown: order and matches tell nothing that the grid does not show anyway. */
import type { ViewParams } from '#core/wire/protocol.ts';
import type { ResultSet } from './result-set.ts';

/** Rows between two looks at the signal, so that a long sort can be cancelled and other work goes on. */
const BREATH_ROWS = 2000;

/**
 * Row numbers in the order to show; undefined when that is the order in which they came.
 * Numbers sort as numbers, texts by the locale's alphabet, nulls last. Throws the signal's reason when aborted.
 */
export async function orderOf(result: ResultSet, view: Pick<ViewParams, 'sort' | 'filter'>, signal?: AbortSignal): Promise<Uint32Array | undefined> {
  const needle = view.filter?.toLocaleLowerCase();
  if (!needle && !view.sort) return undefined;
  const columns = result.verdicts.length;
  const kept: number[] = [];
  const keys: (string | null)[] = [];
  for (let row = 0; row < result.rowCount; row++) {
    if (row % BREATH_ROWS === BREATH_ROWS - 1) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    if (needle && !matches(result, row, columns, needle)) continue;
    kept.push(row);
    if (view.sort) keys.push(result.cell(row, view.sort.column).v);
  }
  if (!view.sort) return Uint32Array.from(kept);
  const positions = Uint32Array.from(kept.keys());
  const sign = view.sort.direction === 'desc' ? -1 : 1;
  const compare = comparer(keys);
  positions.sort((a, b) => {
    const x = keys[a] ?? null;
    const y = keys[b] ?? null;
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
    return sign * compare(x, y) || a - b;
  });
  return positions.map((p) => kept[p] ?? 0);
}

function matches(result: ResultSet, row: number, columns: number, needle: string): boolean {
  for (let column = 0; column < columns; column++) {
    if (result.cell(row, column).v?.toLocaleLowerCase().includes(needle)) return true;
  }
  return false;
}

function comparer(keys: readonly (string | null)[]): (a: string, b: string) => number {
  const numeric = keys.every((k) => k === null || (k.trim() !== '' && Number.isFinite(Number(k))));
  if (numeric) return (a, b) => Number(a) - Number(b);
  const collator = new Intl.Collator(undefined, { numeric: true });
  return collator.compare;
}
