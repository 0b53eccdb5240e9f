/** An empty result of a statement that has been understood: verdicts are made when its first rows come. */
import type { Understanding } from '#query/understanding/understand.ts';
import { judgePage } from './mask-pages.ts';
import { type ResultIdentity, ResultSet, type ResultSetDeps } from './result-set.ts';
import type { RowStore } from './row-store.ts';

export function createResult(identity: ResultIdentity, understood: Understanding, rows: RowStore, deps: Omit<ResultSetDeps, 'judge'>): ResultSet {
  return new ResultSet(identity, rows, { ...deps, judge: (columns, first) => judgePage(columns, first, { understood, detector: deps.detector }) });
}
