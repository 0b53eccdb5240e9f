import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadParsers } from '#query/parsers/create.ts';
import type { Dialect } from '../wire/statement.ts';
import { assess } from './assess.ts';
import { type Catalogue, type CatalogueTable, createCatalogue } from './catalogue.ts';
import { createAnalyser } from './create.ts';
import { createInventory } from './inventory.ts';

const analyser = createAnalyser({ parsers: await loadParsers() });
const entities: Readonly<Record<string, string>> = { name: 'PERSON', email: 'EMAIL_ADDRESS', phone: 'PHONE_NUMBER', ssn: 'US_SSN' };
const classifyName = (name: string) => {
  const entity = entities[name.toLowerCase()];
  return entity ? [{ entity, category: 'user', confidence: 0.9, reason: 'test' }] : [];
};
const inventory = createInventory({ classifyName, entries: [{ table: 'salaries', verdict: { entity: 'SALARY', category: 'user.financial' }, source: 'policy' }] });

const schemas: Readonly<Record<Dialect, string>> = { sqlite: 'main', postgresql: 'public', mysql: 'shop', mariadb: 'shop', sqlserver: 'dbo', trino: 'shop' };
const folding = { sqlite: 'insensitive', postgresql: 'lower', mysql: 'insensitive', mariadb: 'insensitive', sqlserver: 'insensitive', trino: 'insensitive' } as const;

function catalogueFor(dialect: Dialect): Catalogue {
  const table = (name: string, columns: string, extra: Partial<CatalogueTable> = {}): CatalogueTable => ({
    schema: schemas[dialect], name, kind: 'table', columns: columns.split(' ').map((c) => ({ name: c, type: c === 'id' ? 'integer' : 'text' })), ...extra,
  });
  return createCatalogue({
    names: { folding: folding[dialect], searchPath: [schemas[dialect]] },
    database: 'db',
    tables: [
      table('customers', 'id name email phone ssn city created_at', { rows: 1000 }), table('orders', 'id customer_id total status created_at'),
      table('digits', 'd'), table('salaries', 'id amount'), table('numbered', 'ssn label', { columns: [{ name: 'ssn', type: 'INTEGER' }, { name: 'label', type: 'text' }] }),
      table('contacts', 'id contact city', { kind: 'view', viewSql: 'SELECT id, email, city FROM customers' }),
      table('contacts_again', 'id c', { kind: 'view', viewSql: 'SELECT id, lower(contact) FROM contacts' }),
      table('odd', 'a', { kind: 'view', viewSql: 'SELECT id, email FROM customers' }),
      table('hidden', 'a', { kind: 'view' }),
      table('computed', 'id code', { columns: [{ name: 'id' }, { name: 'ssn' }, { name: 'code', expression: 'substr(ssn, 1, 3)' }] }),
      table('docs_content', 'id c0', { kind: 'shadow' }),
    ],
    userFunctions: ['upper_all', 'round'],
    userOperators: ['@@@'],
  });
}
const catalogues = Object.fromEntries((Object.keys(schemas) as Dialect[]).map((d) => [d, catalogueFor(d)])) as Record<Dialect, Catalogue>;

/** `harmless`, or what makes the statement ask: `output ssn`, `filter ssn`, `write ssn`, an opaque's name, `changes`, `exports`. */
function verdict(sql: string, dialect: Dialect): string {
  const facts = analyser.facts(sql, dialect, catalogues[dialect], inventory);
  if (!assess(facts, sql).sensitive) return 'harmless';
  const parts = [
    ...facts.sensitive.map((s) => `${s.use} ${s.column}`), ...(facts.exports ? ['exports'] : []), ...(facts.readOnly ? [] : ['changes']),
    ...(facts.statements === 1 ? [] : [`${facts.statements} statements`]), ...facts.opaque.map((o) => o.what),
  ];
  return [...new Set(parts)].join(', ');
}

const all: readonly Dialect[] = ['sqlite', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino'];
const cases: readonly (readonly [sql: string, verdict: string, dialects?: readonly Dialect[]])[] = [
  // What runs at once.
  ['SELECT id, city FROM customers', 'harmless'],
  ['SELECT count(*) FROM customers', 'harmless'],
  ['SELECT c.city, count(*) AS n FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.city ORDER BY n DESC', 'harmless'],
  ['SELECT id FROM (SELECT * FROM customers) x', 'harmless'],
  ['WITH big AS (SELECT customer_id, sum(total) AS t FROM orders GROUP BY customer_id) SELECT c.city, big.t FROM big JOIN customers c ON c.id = big.customer_id', 'harmless'],
  ['SELECT id FROM contacts', 'harmless'],
  ['SELECT 1', 'harmless'],
  ['SELECT city FROM customers WHERE EXISTS (SELECT * FROM orders WHERE orders.customer_id = customers.id)', 'harmless'],
  ['SELECT id FROM orders UNION ALL SELECT id FROM customers', 'harmless'],
  ['PRAGMA table_info(customers)', 'harmless', ['sqlite']],
  ['SELECT name FROM sqlite_schema', 'harmless', ['sqlite']],
  ["SELECT value FROM json_each('[1]')", 'harmless', ['sqlite']],
  ['EXPLAIN QUERY PLAN SELECT city FROM customers', 'harmless', ['sqlite']],
  ['EXPLAIN SELECT city FROM customers', 'harmless', ['postgresql', 'mysql', 'mariadb']],
  ['SHOW search_path', 'harmless', ['postgresql']],
  ['SHOW TABLES', 'harmless', ['mysql', 'mariadb']],
  ['SELECT db.public.orders.id FROM db.public.orders', 'harmless', ['postgresql']],
  ['SELECT o.id FROM db.public.orders o', 'harmless', ['postgresql']],
  ['SELECT table_name FROM information_schema.tables', 'harmless', ['postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino']],
  ['SELECT relname FROM pg_class', 'harmless', ['postgresql']],
  ['SELECT TOP 10 city FROM customers', 'harmless', ['sqlserver']],
  // Reading, under whatever name.
  ['SELECT ssn FROM customers', 'output ssn'],
  ['SELECT ssn AS id FROM customers', 'output ssn'],
  ['SELECT x.a FROM (SELECT ssn AS a FROM customers) x', 'output ssn'],
  ['WITH t AS (SELECT email AS e FROM customers) SELECT e FROM t', 'output email'],
  ['SELECT id FROM orders UNION ALL SELECT ssn FROM customers', 'output ssn'],
  ['SELECT max(ssn) FROM customers', 'output ssn'],
  ['SELECT (SELECT ssn FROM customers) FROM orders', 'output ssn'],
  ['SELECT CASE WHEN ssn LIKE \'1%\' THEN 1 ELSE 0 END FROM customers', 'output ssn'],
  ['SELECT contact FROM contacts', 'output email'],
  ['SELECT c FROM contacts_again', 'output email'],
  ['SELECT a FROM odd', 'output email, ambiguous'],
  ['SELECT a FROM hidden', 'ambiguous'],
  ['SELECT code FROM computed', 'output ssn', ['sqlite', 'postgresql', 'mysql', 'mariadb']],
  ['SELECT amount FROM salaries', 'output amount, filter id'],
  ['SELECT count(*) FROM salaries', 'filter id, filter amount'],
  ['SELECT customers FROM customers', 'output name, output email, output phone, output ssn', ['postgresql']],
  ['SELECT (c).ssn FROM customers c', 'output ssn', ['postgresql']],
  ['SELECT (c).anything FROM customers c', 'unknown-table', ['postgresql']],
  ['SELECT row_to_json(c) FROM customers c', 'output name, output email, output phone, output ssn', ['postgresql']],
  ['TABLE contacts', 'output email', ['postgresql']],
  ['SELECT rowid FROM numbered', 'output ssn', ['sqlite']],
  ['SELECT _rowid FROM numbered', 'output ssn', ['mysql', 'mariadb']],
  ['SELECT g FROM customers c, generate_series(1, 2) g', 'harmless', ['postgresql']],
  ['SELECT c FROM customers c, generate_series(1, 2) g', 'output name, output email, output phone, output ssn', ['postgresql']],
  ["SELECT (SELECT ssn FROM json_each('[1]')) FROM customers", 'output ssn', ['sqlite']],
  ['WITH customers2 AS (SELECT city AS ssn FROM customers) SELECT ssn FROM customers2', 'harmless'],
  // Learning without reading.
  ["SELECT id FROM customers WHERE ssn = '123'", 'filter ssn'],
  ['SELECT city FROM customers ORDER BY phone', 'filter phone'],
  ['SELECT city FROM customers GROUP BY city HAVING max(ssn) > 5', 'filter ssn'],
  ['SELECT o.id FROM orders o JOIN customers c ON c.email = o.status', 'filter email'],
  ['SELECT count(*) FROM (SELECT DISTINCT email FROM customers) x', 'filter email'],
  ['SELECT d FROM digits JOIN customers ON d = ssn', 'output ssn'],
  ['SELECT row_number() OVER (ORDER BY ssn) FROM customers', 'output ssn'],
  ['SELECT id FROM customers NATURAL JOIN (SELECT \'1\' AS ssn) x', 'filter ssn', ['sqlite', 'postgresql', 'mysql']],
  ['SELECT id FROM customers JOIN (SELECT \'1\' AS ssn) x USING (ssn)', 'filter ssn', ['sqlite', 'postgresql', 'mysql']],
  ['SELECT city FROM customers ORDER BY 1', 'harmless'],
  ['SELECT ssn s FROM customers ORDER BY s', 'output ssn'],
  // Not understood.
  ['SELECT * FROM nope', 'unknown-table'],
  ['SELECT nope FROM customers', 'unknown-table'],
  ['SELECT my_function(1)', 'function'],
  ['SELECT upper_all(city) FROM customers', 'function'],
  ['SELECT round(1.5)', 'function'],
  ['SELEC 1', 'changes, unparsable'],
  ['SELECT 1; SELECT 2', 'changes, 2 statements', []],
  ['SELECT 1; SELECT 2', '2 statements'],
  ['SELECT \0 1', 'changes, nul-byte'],
  ['-- @sensitive\nSELECT 1', 'ambiguous'],
  ['SELECT c0 FROM docs_content', 'ambiguous', ['sqlite']],
  ['SELECT sample FROM sqlite_stat4', 'unknown-table', ['sqlite']],
  ['SELECT most_common_vals FROM pg_stats', 'unknown-table', ['postgresql']],
  ['SELECT 1 @@@ 2', 'function', ['postgresql']],
  ["SELECT 'x'::my_domain", 'function', ['postgresql']],
  ["SELECT query_to_xml('select ssn from customers', true, true, '')", 'function', ['postgresql']],
  ["SELECT * FROM pg_read_file('/etc/passwd')", 'function', ['postgresql']],
  ["DO $$ BEGIN PERFORM 1; END $$", 'changes, dynamic-sql', ['postgresql']],
  ['SELECT city FROM customers /*!UNION SELECT ssn FROM customers*/', 'output ssn, dynamic-sql', ['mysql', 'mariadb']],
  ['SELECT "ssn" FROM customers', 'ambiguous', ['mysql', 'mariadb']],
  ["SELECT '\\' UNION SELECT ssn FROM customers -- '", 'ambiguous', ['mysql', 'mariadb']],
  ['SELECT @x', 'ambiguous', ['mysql', 'mariadb']],
  ['PRAGMA writable_schema = 1', 'changes, ambiguous', ['sqlite']],
  // Changing and exporting.
  ['DELETE FROM orders WHERE id = 1', 'changes'],
  ["UPDATE customers SET ssn = '1'", 'write ssn, changes'],
  ["INSERT INTO customers (email) VALUES ('a')", 'write email, changes'],
  ['DELETE FROM customers RETURNING email', 'output email, changes', ['sqlite', 'postgresql', 'mariadb']],
  ['SELECT id FROM orders FOR UPDATE', 'changes', ['postgresql', 'mysql', 'mariadb']],
  ['WITH d AS (DELETE FROM customers RETURNING ssn) SELECT ssn FROM d', 'output ssn, changes', ['postgresql']],
  ['COPY customers TO STDOUT', 'output name, output email, output phone, output ssn, exports, changes', ['postgresql']],
  ["COPY (SELECT ssn FROM customers) TO PROGRAM 'cat'", 'output ssn, exports, changes, file-access', ['postgresql']],
  ['SELECT ssn INTO copied FROM customers', 'output ssn, changes', ['postgresql', 'sqlserver']],
  ['CREATE TABLE copied AS SELECT ssn FROM customers', 'output ssn, changes', ['sqlite', 'postgresql', 'mysql']],
  ["SELECT ssn INTO OUTFILE '/x' FROM customers", 'exports, changes, file-access, unparsable', ['mysql', 'mariadb']],
  ["ATTACH 'x' AS y", 'changes, file-access', ['sqlite']],
  ['BEGIN', 'changes', ['sqlite', 'postgresql', 'mysql']],
];

for (const [sql, expected, dialects = all] of cases) {
  for (const dialect of dialects) {
    test(`${dialect}: ${sql}`, () => { assert.equal(verdict(sql, dialect), expected); });
  }
}

test('facts name parameters, the limit and the estimate', () => {
  const facts = analyser.facts('SELECT city FROM customers WHERE id = ? AND city = :city OR city = :city LIMIT 20', 'sqlite', catalogues.sqlite, inventory);
  assert.deepEqual(facts.parameters, ['?', ':city']);
  assert.equal(facts.limit, 20);
  assert.equal(facts.estimatedRows, 20);
});

test('a statement that is too long is not parsed', () => {
  const facts = analyser.facts(`SELECT ${'1+'.repeat(60_000)}1`, 'sqlite', catalogues.sqlite, inventory);
  assert.equal(facts.opaque[0]?.what, 'too-large');
});

test('what makes a parser fail asks, and the next statement is parsed again', () => {
  for (const dialect of all) {
    const deep = `SELECT 1${' OR 1'.repeat(6_000)}`;
    assert.equal(assess(analyser.facts(deep, dialect, catalogues[dialect], inventory), deep).sensitive, dialect !== 'postgresql');
    assert.equal(verdict('SELECT 1', dialect), 'harmless');
  }
});

test('aliases that name aliases twice end', () => {
  const bomb = `SELECT 1 AS a0, ${Array.from({ length: 40 }, (_, i) => `a${i} + a${i} AS a${i + 1}`).join(', ')}`;
  assert.equal(analyser.facts(bomb, 'sqlite', catalogues.sqlite, inventory).opaque.some((o) => o.what === 'parser-failed'), true);
});

test('any text gives facts, and what is not understood asks', () => {
  const piece = fc.constantFrom('SELECT ', '*', ' FROM ', 'customers', 'ssn', ' WHERE ', '(', ')', ', ', "'", '"', '`', ';', ' UNION ', ' AS ', 'x', '1', ' JOIN ', ' ON ', '=', '--', '/*', '*/', '\n', '$$', 'WITH ', '::', '.', '\0', '\u00a0', '[', ']', 'INSERT INTO ', ' VALUES ', 'EXPLAIN ', 'PRAGMA ', '@x', ':p', '?');
  fc.assert(fc.property(fc.constantFrom(...all), fc.array(piece, { maxLength: 25 }), (dialect, pieces) => {
    const sql = pieces.join('');
    const facts = analyser.facts(sql, dialect, catalogues[dialect], inventory);
    const lineage = analyser.lineage(sql, dialect, catalogues[dialect], inventory);
    if (facts.kind === 'unparsable') assert.ok(assess(facts, sql).sensitive && !lineage.complete);
    // A text without the name of a sensitive column, and without a star, never has a sensitive output.
    if (!/ssn|\*|customers/i.test(sql)) assert.deepEqual(facts.sensitive, []);
  }), { numRuns: 1_500 });
});
