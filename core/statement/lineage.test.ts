import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParsers } from '#query/parsers/create.ts';
import type { Dialect } from '../wire/statement.ts';
import { createCatalogue } from './catalogue.ts';
import { createAnalyser } from './create.ts';
import { createInventory } from './inventory.ts';

const analyser = createAnalyser({ parsers: await loadParsers() });
const inventory = createInventory({ classifyName: (name) => (['ssn', 'email'].includes(name) ? [{ entity: name.toUpperCase(), category: 'user', confidence: 1, reason: 'test' }] : []) });
const table = (name: string, columns: string) => ({ schema: 's', name, kind: 'table' as const, columns: columns.split(' ').map((c) => ({ name: c, type: 'text' })) });
const tables = [table('c', 'id email ssn city'), table('o', 'id c_id total'), { ...table('v', 'a b'), kind: 'view' as const, viewSql: 'SELECT upper(ssn), city FROM c' }];
const catalogue = (dialect: Dialect) => createCatalogue({ tables, names: { folding: dialect === 'postgresql' ? 'lower' : 'insensitive', searchPath: ['s'] } });

/** `name<sensitive columns`, `~` for a computed value, `?` for uncertain; `*` before it when the columns can't be placed. */
function outputs(sql: string, dialect: Dialect): string {
  const lineage = analyser.lineage(sql, dialect, catalogue(dialect), inventory);
  const show = (o: (typeof lineage.outputs)[number]): string => `${o.name}<${o.sources.filter((s) => s.sensitivity).map((s) => s.column + (s.direct ? '' : '~')).join('+')}${o.uncertain ? '?' : ''}`;
  return lineage.complete ? lineage.outputs.map(show).join(' ') : `*${show(lineage.unplaced)}`;
}

const both: readonly Dialect[] = ['sqlite', 'postgresql'];
const cases: readonly (readonly [sql: string, outputs: string, dialects?: readonly Dialect[]])[] = [
  ['SELECT id, ssn AS x, city || email AS y FROM c', 'id< x<ssn y<email~'],
  ['SELECT * FROM c', 'id< email<email ssn<ssn city<'],
  ['SELECT o.*, c.ssn FROM o JOIN c ON c.id = o.c_id', 'id< c_id< total< ssn<ssn'],
  ['SELECT a, b FROM v', 'a<ssn~ b<'],
  ['WITH t(x, y) AS (SELECT ssn, id FROM c) SELECT y, x FROM t', 'y< x<ssn'],
  ['SELECT id FROM o UNION SELECT ssn FROM c', 'id<ssn'],
  ['SELECT (SELECT max(email) FROM c) AS m, total FROM o', 'm<email~ total<'],
  ['SELECT coalesce(ssn, city) AS k, count(*) AS n FROM c GROUP BY ssn, city', 'k<ssn~ n<'],
  ['WITH RECURSIVE r(x) AS (SELECT ssn FROM c UNION ALL SELECT substr(x, 2) FROM r) SELECT x FROM r', 'x<ssn~'],
  // A condition that compares carries the value over.
  ['SELECT o.id, o.total FROM o, c WHERE o.total = c.ssn', 'id< total<ssn~'],
  ['SELECT o.total FROM o WHERE EXISTS (SELECT 1 FROM c WHERE c.ssn = o.total)', 'total<ssn~'],
  ['SELECT total, (SELECT count(*) FROM c WHERE c.ssn = o.total) AS n FROM o', 'total< n<ssn~'],
  ["SELECT city FROM c WHERE ssn = '1' AND id = 2", 'city<'],
  // Columns that can't be placed.
  ['SELECT *, ssn FROM generate_series(1, 2), c', '*<email+ssn', ['postgresql']],
  ['SELECT * FROM nope', '*<?'],
  ['SELECT * FROM c JOIN o USING (id)', 'id< email<email ssn<ssn city< c_id< total<', ['postgresql']],
  ['SELECT * FROM c JOIN o USING (id)', '*<email+ssn', ['sqlite']],
  ['SELECT c FROM c', 'c<email~+ssn~', ['postgresql']],
  ['DELETE FROM c RETURNING ssn, city', 'ssn<ssn city<'],
  ['SELECT nope(1) AS a, city FROM c', 'a<? city<'],
  ['SELECT g FROM generate_series(0, 9) g JOIN c ON g::text = c.ssn', 'g<ssn~', ['postgresql']],
];

for (const [sql, expected, dialects = both] of cases) {
  for (const dialect of dialects) test(`${dialect}: ${sql}`, () => { assert.equal(outputs(sql, dialect), expected); });
}
