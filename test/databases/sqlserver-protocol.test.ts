/** The SQL Server driver against a server that speaks TDS. No real SQL Server ran here: what T-SQL means is not tested. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { DatabaseError, type DatabaseErrorCode, type ExecuteOptions, type Page, type Session } from '#query/drivers/driver.ts';
import { createSqlServerDriver } from '#query/drivers/sqlserver.ts';
import { startTdsServer, type TdsServer } from './tds-server.ts';

let server: TdsServer;
const sessions: Session[] = [];
before(async () => { server = await startTdsServer(); });
after(async () => {
  for (const session of sessions) await session.close();
  await server.close();
});

const options: ExecuteOptions = { maxRows: 1000, pageSize: 10 };
async function connect(change: Partial<ConnectionSettings> = {}): Promise<Session> {
  const session = await createSqlServerDriver().connect({ id: 's', name: 'Sales', dialect: 'sqlserver', environment: 'production', host: '127.0.0.1', port: server.port, user: 'app', tls: 'off', ...change }, 'secret');
  sessions.push(session);
  return session;
}
async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}
const failsAs = (code: DatabaseErrorCode) => (error: unknown): boolean => {
  assert.ok(error instanceof DatabaseError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

test('rows in pages, in a transaction that is rolled back', async () => {
  const session = await connect();
  assert.equal(session.databaseUser, 'app');
  server.seen.length = 0;
  const pages = await all(session.execute('SELECT rows', [], options));
  assert.deepEqual(pages.map((p) => p.rows.length), [10, 10, 5]);
  assert.deepEqual(pages[2]?.rows.at(-1), [24, 'row 24']);
  assert.deepEqual(pages.map((p) => p.end).filter(Boolean), [{ truncated: false }]);
  assert.deepEqual(server.seen, ['BEGIN TRANSACTION', 'SELECT rows', 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION']);
});

test('several result sets', async () => {
  const pages = await all((await connect()).execute('SELECT twice', [], options));
  assert.deepEqual(pages.map((p) => [p.set, p.columns.map((c) => c.name), p.rows.length]), [[0, ['i', 't'], 2], [1, ['only'], 1]]);
});

test('the row cap cancels on the server, and the session goes on', async () => {
  const session = await connect();
  const pages = await all(session.execute('SELECT endless', [], { maxRows: 500, pageSize: 100 }));
  assert.equal(pages.flatMap((p) => p.rows).length, 500);
  assert.deepEqual(pages.at(-1)?.end, { truncated: true });
  assert.ok(server.seen.includes('ATTENTION'));
  assert.equal((await all(session.execute('SELECT rows', [], options))).flatMap((p) => p.rows).length, 25);
});

test('leaving in the middle, an abort and the time-out cancel, too', async () => {
  const session = await connect();
  for await (const page of session.execute('SELECT endless', [], { maxRows: 1e6, pageSize: 100 })) { assert.equal(page.rows.length, 100); break; }
  const abort = new AbortController();
  const run = all(session.execute('SELECT sleep', [], { ...options, signal: abort.signal }));
  setTimeout(() => abort.abort(new DOMException('enough', 'AbortError')), 50);
  await assert.rejects(run, /enough/);
  await assert.rejects(all(session.execute('SELECT sleep', [], { ...options, timeoutMs: 50 })), failsAs('timeout'));
  assert.equal((await all(session.execute('SELECT rows', [], options))).length, 3);
});

test('describe names base columns, as hints only', async () => {
  const described = await (await connect()).describe?.('SELECT ssn AS id, 1 AS n FROM users');
  assert.deepEqual(described?.columns, [{ name: 'id', databaseType: 'varchar(20)', origin: { schema: 'dbo', table: 'users', column: 'ssn' }, originUncertain: true }, { name: 'n', databaseType: 'int' }]);
});

for (const sql of ['INSERT INTO t VALUES (1)', 'SELECT 1 DELETE FROM t', 'SELECT * INTO x FROM t', "EXEC('SELECT 1')", 'SELECT 1 COMMIT', "SELECT * FROM OPENROWSET(BULK 'x', SINGLE_CLOB) AS y", 'SELECT 1 /* */ DROP TABLE t']) {
  test(`read-only refuses ${sql}`, async () => {
    const session = await connect();
    server.seen.length = 0;
    await assert.rejects(all(session.execute(sql, [], options)), failsAs('read-only'));
    assert.deepEqual(server.seen, []);
  });
}

test('words that are names, texts or comments do not count as writing', async () => {
  assert.equal((await all((await connect()).execute("SELECT [delete], 'drop' AS a, \"insert\" FROM t -- exec", [], options))).length, 3);
});

test('writes tell how many rows; errors are told as what they are', async () => {
  const session = await connect({ readOnly: false });
  assert.deepEqual((await all(session.execute('UPDATE t', [], options))).at(-1)?.end, { truncated: false, affected: 3 });
  await assert.rejects(all(session.execute('SELECT fail', [], options)), failsAs('query'));
  await assert.rejects(connect({ user: 'nobody' }), failsAs('unauthorized'));
  await assert.rejects(connect({ port: 1 }), failsAs('unreachable'));
});
