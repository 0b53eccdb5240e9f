/** An empty result of a statement that has been understood: verdicts are made when its first rows come. */
import type { Understanding } from '#query/understanding/understand.ts';
import { judgeColumns } from './column-verdict.ts';
import { type ResultIdentity, ResultSet, type ResultSetDeps } from './result-set.ts';
import type { RowStore } from './row-store.ts';

export function createResult(identity: ResultIdentity, { facts, lineage, inventory, catalogue }: Understanding, rows: RowStore, deps: Omit<ResultSetDeps, 'judge'>): ResultSet {
  return new ResultSet(identity, rows, {
    ...deps,
    judge: (columns, sample) => judgeColumns({
      columns, facts, lineage, inventory, detector: deps.detector, sample,
      isBaseTable: (origin) => catalogue.resolve(origin.schema, origin.table, { schema: true, table: true })?.kind === 'table',
    }),
  });
}
