import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParsers } from '#query/parsers/create.ts';
import { builtinPacks } from '#rules';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import type { Dialect } from '../wire/statement.ts';
import type { Suggestion } from './analyse.ts';
import { createCatalogue } from './catalogue.ts';
import { createAnalyser } from './create.ts';
import { createInventory } from './inventory.ts';
import { apply } from './suggest.ts';

const detector = createDetector(builtinPacks(), createRe2());
const analyser = createAnalyser({ parsers: await loadParsers() });
const inventory = createInventory({ classifyName: (name, path) => detector.classifyName(name, path) });
const table = (name: string, columns: readonly string[]) => ({ schema: 's', name, kind: 'table' as const, columns: columns.map((c) => ({ name: c, type: 'text' })) });
const tables = [table('customers', ['id', 'email', 'ssn', 'City', 'order']), table('orders', ['id', 'customer_id', 'total'])];
const catalogue = (dialect: Dialect) => createCatalogue({ tables, names: { folding: dialect === 'postgresql' ? 'lower' : 'insensitive', searchPath: ['s'] } });

const cases: readonly (readonly [dialect: Dialect, sql: string, kind: Suggestion['kind'], changed: string | undefined, harmless?: boolean])[] = [
  ['sqlite', 'SELECT * FROM customers', 'expand-star', 'SELECT id, City, "order" FROM customers', true],
  ['postgresql', 'SELECT * FROM customers', 'expand-star', 'SELECT id, "City", "order" FROM customers', true],
  ['mysql', 'SELECT * FROM customers', 'mask-columns', "SELECT id, '***' AS email, '***' AS ssn, City, `order` FROM customers", true],
  ['sqlite', 'SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id;', 'expand-star', 'SELECT c.id, c.City, c."order", o.total FROM customers c JOIN orders o ON o.customer_id = c.id;', true],
  ['sqlite', 'SELECT * FROM customers c, orders o', 'expand-star', 'SELECT c.id, c.City, c."order", o.id, o.customer_id, o.total FROM customers c, orders o', true],
  ['sqlite', 'SELECT id, lower(email) AS mail, City FROM customers', 'drop-columns', 'SELECT id, City FROM customers', true],
  ['sqlite', 'SELECT id, ssn FROM customers -- all', 'mask-columns', "SELECT id, '***' AS ssn FROM customers -- all", true],
  ['sqlite', 'SELECT ssn FROM customers', 'drop-columns', undefined],
  ['sqlite', 'SELECT ssn FROM customers', 'add-limit', 'SELECT ssn FROM customers LIMIT 100', false],
  ['sqlserver', 'SELECT DISTINCT ssn FROM customers;', 'add-limit', 'SELECT DISTINCT TOP 100 ssn FROM customers;', false],
  ['sqlite', 'SELECT ssn FROM customers LIMIT 5', 'add-limit', undefined],
  ['sqlite', "SELECT id FROM customers WHERE email = 'jane.roe@corp-mail.de' AND City = 'Bern'", 'literal-to-parameter', "SELECT id FROM customers WHERE email = ? AND City = 'Bern'", false],
  ['postgresql', "SELECT id FROM customers WHERE id = $1 AND ssn = '536-90-4399'", 'literal-to-parameter', 'SELECT id FROM customers WHERE id = $1 AND ssn = $2', false],
  ['sqlite', 'SELECT id FROM customers', 'add-limit', undefined],
  ['sqlite', 'SELECT ssn FROM customers UNION SELECT id FROM orders', 'drop-columns', undefined],
];

for (const [dialect, sql, kind, changed, harmless] of cases) {
  test(`${dialect}, ${kind}: ${sql}`, () => {
    const found = analyser.suggest(sql, dialect, catalogue(dialect), inventory, detector).find((s) => s.kind === kind);
    assert.equal(found && apply(sql, found.edits), changed);
    if (harmless !== undefined) assert.equal(found?.harmless, harmless);
  });
}
