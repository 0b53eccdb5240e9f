/** `node test/bench/facts.bench.ts [--json]`: speed of statement facts and lineage. Not a test: nothing here passes or fails. The aim is ≤ 1 ms for an ordinary statement. */
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createCatalogue } from '#core/statement/catalogue.ts';
import { createAnalyser } from '#core/statement/create.ts';
import { createInventory } from '#core/statement/inventory.ts';
import type { Dialect } from '#core/wire/statement.ts';
import { loadParsers } from '#query/parsers/create.ts';
import { builtinPacks } from '#rules';

interface Measure { readonly name: string; readonly value: number; readonly unit: string; readonly note?: string }
const measures: Measure[] = [];
const add = (name: string, value: number, unit: string, note?: string): void => { measures.push({ name, value, unit, ...(note === undefined ? {} : { note }) }); };
const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

const tableCount = 500;
const columns = ['id', 'customer_id', 'name', 'email', 'phone', 'ssn', 'city', 'status', 'total', 'created_at', 'updated_at', 'note', 'kind', 'amount', 'currency', 'ref', 'a', 'b', 'c', 'd'];
const ordinary = [
  'SELECT id, city FROM t1 WHERE status = 3',
  'SELECT * FROM t2 LIMIT 100',
  "SELECT a.city, count(*) AS n, sum(b.total) AS revenue FROM t1 a JOIN t2 b ON b.customer_id = a.id WHERE b.created_at > '2026-01-01' GROUP BY a.city HAVING count(*) > 5 ORDER BY revenue DESC LIMIT 20",
  'SELECT t.id, (SELECT max(total) FROM t3 WHERE t3.customer_id = t.id) AS most FROM t4 t WHERE EXISTS (SELECT 1 FROM t5 WHERE t5.id = t.id)',
  'WITH recent AS (SELECT id, customer_id, total FROM t6 WHERE total > 10), top AS (SELECT customer_id, sum(total) AS s FROM recent GROUP BY customer_id) SELECT c.email, top.s FROM top JOIN t7 c ON c.id = top.customer_id',
  'SELECT id, total, row_number() OVER (PARTITION BY customer_id ORDER BY created_at DESC) AS r FROM t8',
  'SELECT id FROM t9 UNION ALL SELECT id FROM t10 UNION ALL SELECT customer_id FROM t11',
  "SELECT id, CASE WHEN total > 100 THEN 'big' WHEN total > 10 THEN 'mid' ELSE 'small' END AS size, coalesce(note, '') AS n FROM t12 WHERE kind IN ('a', 'b', 'c') AND (a = 1 OR b = 2)",
];
const report = `SELECT ${Array.from({ length: 40 }, (_, i) => `a${i}.city AS c${i}, sum(a${i}.total) AS s${i}`).join(', ')} FROM ${Array.from({ length: 40 }, (_, i) => `t${i + 1} a${i}`).join(' CROSS JOIN ')} WHERE ${Array.from({ length: 39 }, (_, i) => `a${i}.id = a${i + 1}.customer_id`).join(' AND ')}`;

let parsers = await loadParsers();
const started = performance.now();
parsers = await loadParsers();
add('load both parsers', performance.now() - started, 'ms');
const analyser = createAnalyser({ parsers });
const detector = createDetector(builtinPacks(), createRe2());

for (const dialect of ['sqlite', 'postgresql', 'mysql'] as const satisfies readonly Dialect[]) {
  const catalogue = createCatalogue({
    names: { folding: 'insensitive', searchPath: ['s'] },
    tables: [
      ...Array.from({ length: tableCount }, (_, i) => ({ schema: 's', name: `t${i + 1}`, kind: 'table' as const, columns: columns.map((name) => ({ name, type: 'text' })) })),
      { schema: 's', name: 'v1', kind: 'view', columns: [{ name: 'id' }, { name: 'contact' }], viewSql: 'SELECT id, email FROM t1 WHERE status = 1' },
    ],
  });
  const inventory = createInventory({ classifyName: (name, path) => detector.classifyName(name, path) });
  const measure = (sql: string): void => { analyser.facts(sql, dialect, catalogue, inventory); analyser.lineage(sql, dialect, catalogue, inventory); };
  const first = timed(() => { measure(ordinary[2] ?? ''); });
  add(`${dialect}: first statement (cold, names classified)`, first, 'ms');
  for (let i = 0; i < 60; i += 1) ordinary.forEach(measure);
  // A changing comment, so that nothing is answered from memory.
  const times = Array.from({ length: 60 }, (_, i) => ordinary.map((sql) => timed(() => { measure(`${sql} /* ${i} */`); }))).flat();
  add(`${dialect}: facts and lineage, ordinary statement (median)`, quantile(times, 0.5), 'ms', `${tableCount} tables of ${columns.length} columns`);
  add(`${dialect}: facts and lineage, ordinary statement (p95)`, quantile(times, 0.95), 'ms');
  const view = Array.from({ length: 60 }, (_, i) => timed(() => { measure(`SELECT contact FROM v1 /* ${i} */`); }));
  add(`${dialect}: through a view (median)`, quantile(view, 0.5), 'ms');
  const wide = Array.from({ length: 30 }, (_, i) => timed(() => { measure(`${report} /* ${i} */`); }));
  add(`${dialect}: report over 40 tables (median)`, quantile(wide, 0.5), 'ms', `${report.length} characters`);
  const file = Array.from({ length: 2_000 }, (_, i) => `${ordinary[i % ordinary.length]}; -- ${i}`).join('\n');
  const splits = Array.from({ length: 7 }, () => timed(() => analyser.split(file, dialect)));
  add(`${dialect}: split a file of ${Math.round(file.length / 1000)} kB`, quantile(splits, 0.5), 'ms', '2,000 statements');
}

if (process.argv.includes('--json')) console.log(JSON.stringify(measures));
else for (const m of measures) console.log(`${m.name.padEnd(62)} ${m.value.toFixed(m.value < 10 ? 2 : 0).padStart(9)} ${m.unit}${m.note === undefined ? '' : `  (${m.note})`}`);
