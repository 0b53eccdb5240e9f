import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { createSqliteDriver } from '../drivers/sqlite.ts';
import { loadCatalogue } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-catalogue-'));
const file = join(folder, 'a.db');
const database = new DatabaseSync(file);
database.exec(`
  CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, "odd "" name" TEXT, domain TEXT GENERATED ALWAYS AS (substr(email, instr(email, '@') + 1)) STORED, CHECK (email <> 'a, b (c'));
  CREATE VIEW contacts (id, contact) AS SELECT id, email FROM customers;
  CREATE VIRTUAL TABLE docs USING fts5(title, body);
`);
database.close();
const driver = createSqliteDriver(join(import.meta.dirname, '../drivers/sqlite-process.ts'));
const session = await driver.connect({ id: 'a', name: 'a', dialect: 'sqlite', environment: 'development', file }, '');
const catalogue = await loadCatalogue(session);
after(async () => { await session.close(); rmSync(folder, { recursive: true }); });

test('tables with columns, types and generated expressions', () => {
  const table = catalogue.resolve(undefined, 'CUSTOMERS');
  assert.equal(table?.kind, 'table');
  assert.deepEqual(table?.columns, [
    { name: 'id', type: 'INTEGER' }, { name: 'email', type: 'TEXT' }, { name: 'odd " name', type: 'TEXT' },
    { name: 'domain', type: 'TEXT', expression: "substr(email, instr(email, '@') + 1)" },
  ]);
});

test('views with their query', () => {
  const view = catalogue.resolve('main', 'contacts');
  assert.equal(view?.kind, 'view');
  assert.equal(view?.viewSql, 'SELECT id, email FROM customers');
  assert.deepEqual(view?.columns.map((c) => c.name), ['id', 'contact']);
});

test('virtual tables, their storage and system tables are told apart', () => {
  assert.equal(catalogue.resolve(undefined, 'docs')?.kind, 'virtual');
  assert.deepEqual(catalogue.resolve(undefined, 'docs')?.columns.map((c) => c.name), ['title', 'body']);
  assert.equal(catalogue.resolve(undefined, 'docs_content')?.kind, 'shadow');
  assert.equal(catalogue.resolve(undefined, 'sqlite_schema')?.kind, 'system');
  assert.equal(catalogue.resolve('other', 'customers'), undefined);
});
