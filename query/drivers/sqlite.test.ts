import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseError, type ExecuteOptions, type Page, type Session } from './driver.ts';
import { createSqliteDriver } from './sqlite.ts';

const driver = createSqliteDriver(path.join(import.meta.dirname, 'sqlite-process.ts'));
const options: ExecuteOptions = { maxRows: 1000, pageSize: 100 };

async function withSession(use: (session: Session, file: string) => Promise<void>, readOnly = true): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'pii-gate-sqlite-'));
  const file = path.join(dir, 'sample.db');
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE people (id INTEGER PRIMARY KEY, ssn TEXT, born DATE);
    CREATE VIEW v AS SELECT ssn AS code FROM people;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
    INSERT INTO people SELECT i, printf('%03d-12-3456', i), '1980-01-01' FROM n;`);
  db.close();
  const session = await driver.connect({ id: 's', name: 's', dialect: 'sqlite', environment: 'development', file, readOnly }, '');
  try { await use(session, file); } finally {
    await session.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function pages(iterable: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of iterable) all.push(page);
  return all;
}
const rejectsWith = (code: string) => (error: unknown) => error instanceof DatabaseError && error.code === code;

test('rows come in pages, with the base column of each result column', () => withSession(async (session) => {
  const all = await pages(session.execute('SELECT ssn AS id, upper(ssn) AS u, code, (SELECT born FROM people LIMIT 1) AS b FROM people, v LIMIT ?', [150], options));
  assert.deepEqual(all.map((p) => p.rows.length), [100, 50]);
  assert.deepEqual(all[0]?.columns.map((c) => c.origin), [{ schema: 'main', table: 'people', column: 'ssn' }, undefined, { schema: 'main', table: 'people', column: 'ssn' }, { schema: 'main', table: 'people', column: 'born' }]);
  assert.deepEqual(all.at(-1)?.end, { truncated: false });
}));

test('the row cap cuts and says so, but not when the set ends exactly there', () => withSession(async (session) => {
  const cut = await pages(session.execute('SELECT id FROM people', [], { maxRows: 30, pageSize: 100 }));
  assert.equal(cut.flatMap((p) => p.rows).length, 30);
  assert.deepEqual(cut.at(-1)?.end, { truncated: true });
  const exact = await pages(session.execute('SELECT id FROM people', [], { maxRows: 250, pageSize: 250 }));
  assert.deepEqual(exact.at(-1)?.end, { truncated: false });
}));

test('a statement that gives no rows still tells its columns', () => withSession(async (session) => {
  const [page] = await pages(session.execute('SELECT ssn FROM people WHERE id < 0', [], options));
  assert.equal(page?.columns[0]?.origin?.column, 'ssn');
  assert.deepEqual(page?.rows, []);
}));

for (const [name, sql, code] of [
  ['a write', "INSERT INTO people VALUES (999, 'x', 'y')", 'read-only'],
  ['a write behind a pragma', 'PRAGMA query_only = OFF', 'read-only'],
  ['attaching another file', "ATTACH '/tmp/other.db' AS o", 'read-only'],
  ['a second statement', 'SELECT 1; SELECT ssn FROM people', 'multiple-statements'],
  ['broken SQL', 'SELEC 1', 'syntax'],
  ['no statement at all', '-- nothing', 'query'],
] as const) {
  test(`read-only refuses ${name}`, () => withSession(async (session) => {
    await assert.rejects(pages(session.execute(sql, [], options)), rejectsWith(code));
    assert.equal((await pages(session.execute('SELECT count(*) FROM people', [], options)))[0]?.rows[0]?.[0], 250);
  }));
}

test('a writable session writes and tells how many rows', () => withSession(async (session) => {
  const [page] = await pages(session.execute('UPDATE people SET ssn = ? WHERE id <= 3', ['x'], options));
  assert.equal(page?.end?.affected, 3);
}, false));

test('describe compiles without running and names every base column read', () => withSession(async (session) => {
  const d = await session.describe?.('SELECT count(*) FROM v WHERE code LIKE ?');
  assert.equal(d?.columns.length, 1);
  assert.ok(d?.reads?.some((r) => r.table === 'people' && r.column === 'ssn'));
}));

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

test('an abort ends a statement that never would, and the session goes on', () => withSession(async (session) => {
  const abort = new AbortController();
  const run = pages(session.execute(endless, [], { ...options, signal: abort.signal }));
  setTimeout(() => abort.abort(new Error('enough')), 300); // by then the native call runs
  await assert.rejects(run, /enough/);
  assert.equal((await pages(session.execute('SELECT 1', [], options)))[0]?.rows[0]?.[0], 1);
}));

test('the time-out ends it too', () => withSession(async (session) => {
  await assert.rejects(pages(session.execute(endless, [], { ...options, timeoutMs: 50 })), rejectsWith('timeout'));
}));

test('breaking off the iteration frees the statement', () => withSession(async (session) => {
  for await (const page of session.execute('SELECT id FROM people', [], { maxRows: 250, pageSize: 10 })) { assert.equal(page.rows.length, 10); break; }
  assert.equal((await pages(session.execute('SELECT 2', [], options)))[0]?.rows[0]?.[0], 2);
}));

test('integers beyond 2^53 keep every digit', () => withSession(async (session) => {
  assert.equal((await pages(session.execute('SELECT 9223372036854775807', [], options)))[0]?.rows[0]?.[0], 9223372036854775807n);
}));

test('connecting says what is wrong', async () => {
  const base = { id: 's', name: 'Mine', dialect: 'sqlite', environment: 'development' } as const;
  await assert.rejects(driver.connect(base, ''), rejectsWith('settings'));
  await assert.rejects(driver.connect({ ...base, file: '/no/such/file.db' }, ''), rejectsWith('no-database'));
  const dir = mkdtempSync(path.join(tmpdir(), 'pii-gate-sqlite-'));
  const file = path.join(dir, 'not.db');
  writeFileSync(file, 'this is text, and long enough to be looked at as a header of some kind '.repeat(20));
  await assert.rejects(driver.connect({ ...base, file }, ''), rejectsWith('no-database'));
  rmSync(dir, { recursive: true });
});
