/** Held against a server that speaks Trino's client protocol. No real Trino ran here. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseError, type DatabaseErrorCode, type ExecuteOptions, type Page, type Session } from './driver.ts';
import { createTrinoDriver } from './trino.ts';

interface Seen { readonly method: string; readonly url: string; readonly body: string; readonly headers: IncomingMessage['headers'] }
let server: Server;
let seen: Seen[] = [];
let busy = 0;
const total = 25;

/** Queued, then pages of ten rows, as a coordinator answers. `sleep` never finishes; `fail` fails while running. */
before(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', body, headers: request.headers });
      const say = (status: number, answer?: string): void => { response.writeHead(status, { 'content-type': 'application/json' }).end(answer); };
      // The host that a coordinator behind a proxy names is not the one that it was reached by.
      const next = (path: string): string => `"nextUri":"http://coordinator.internal:9999${path}"`;
      if (request.headers['x-trino-user'] === 'nobody') return say(401);
      if (request.method === 'DELETE') return say(204);
      if (request.method === 'POST') {
        if (body.includes('busy') && busy++ < 2) return say(503);
        const kind = ['sleep', 'fail', 'write'].find((k) => body.includes(k)) ?? 'rows';
        return say(200, `{"id":"q1",${next(`/v1/statement/queued/${kind}/0`)},"stats":{"state":"QUEUED"}}`);
      }
      const [, , , , kind, step] = (request.url ?? '').split('/');
      const at = Number(step);
      if (kind === 'sleep') { setTimeout(() => say(200, `{"id":"q1",${next(`/v1/statement/executing/sleep/${at + 1}`)}}`), 20); return; }
      if (kind === 'fail') return say(200, '{"id":"q1","error":{"message":"Cannot cast \'536-22-8726\' to INTEGER","errorName":"INVALID_CAST_ARGUMENT","errorType":"USER_ERROR"}}');
      if (kind === 'write') return say(200, '{"id":"q1","updateType":"INSERT","updateCount":3,"columns":[],"data":[]}');
      if (at === 0) return say(200, `{"id":"q1",${next('/v1/statement/executing/rows/1')}}`);
      const rows = Array.from({ length: Math.min(10, total - (at - 1) * 10) }, (_, i) => `[${(at - 1) * 10 + i},9223372036854775807,"x"]`).join(',');
      const more = at * 10 < total ? `${next(`/v1/statement/executing/rows/${at + 1}`)},` : '';
      say(200, `{"id":"q1",${more}"columns":[{"name":"i","type":"integer"},{"name":"big","type":"bigint"},{"name":"t","type":"varchar"}],"data":[${rows}]}`);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
after(() => { server.close(); });

const options: ExecuteOptions = { maxRows: 1000, pageSize: 4 };
function connect(change: { user?: string; readOnly?: boolean } = {}, password = ''): Promise<Session> {
  const { port } = server.address() as AddressInfo;
  return createTrinoDriver().connect({ id: 't', name: 'Lake', dialect: 'trino', environment: 'production', host: '127.0.0.1', port, database: 'hive.web', user: 'ana', tls: 'off', ...change }, password);
}
async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}
const failsAs = (code: DatabaseErrorCode) => (error: unknown): boolean => error instanceof DatabaseError && error.code === code;

test('pages are followed to the end, in order, at the configured server alone; long integers keep their digits', async () => {
  const session = await connect({}, 'secret');
  seen = [];
  const pages = await all(session.execute('SELECT * FROM t', [], options));
  assert.deepEqual(pages.flatMap((p) => p.rows.map((r) => r[0])), Array.from({ length: total }, (_, i) => i));
  assert.equal(pages[0]?.rows[0]?.[1], 9223372036854775807n);
  assert.deepEqual(pages.filter((p) => p.end).map((p) => p.end), [{ truncated: false }]);
  assert.ok(seen.every((s) => s.headers.authorization?.startsWith('Basic ') && s.headers['x-trino-catalog'] === 'hive' && s.headers['x-trino-schema'] === 'web'));
  assert.ok(!seen.some((s) => s.method === 'DELETE'));
});

test('the row cap cuts, and the cluster is told to stop', async () => {
  const session = await connect();
  seen = [];
  const pages = await all(session.execute('SELECT * FROM t', [], { maxRows: 12, pageSize: 100 }));
  assert.equal(pages.flatMap((p) => p.rows).length, 12);
  assert.deepEqual(pages.at(-1)?.end, { truncated: true });
  assert.equal(seen.at(-1)?.method, 'DELETE');
});

test('parameters go beside the statement', async () => {
  const session = await connect();
  seen = [];
  await all(session.execute('SELECT * FROM t WHERE a = ? AND b = ? AND c = ?', ["O'Neil'; DROP TABLE t", 5, null], options));
  assert.equal(seen[0]?.body, "EXECUTE pii_gate USING 'O''Neil''; DROP TABLE t', 5, NULL");
  assert.equal(decodeURIComponent(String(seen[0]?.headers['x-trino-prepared-statement'])), 'pii_gate=SELECT * FROM t WHERE a = ? AND b = ? AND c = ?');
});

test('an abort cancels on the server', async () => {
  const session = await connect();
  seen = [];
  const abort = new AbortController();
  const run = all(session.execute('SELECT sleep', [], { ...options, signal: abort.signal }));
  setTimeout(() => abort.abort(new Error('enough')), 60);
  await assert.rejects(run, /enough/);
  assert.ok(seen.some((s) => s.method === 'DELETE' && s.url.includes('sleep')));
  await assert.rejects(all(session.execute('SELECT sleep', [], { ...options, timeoutMs: 60 })), failsAs('timeout'));
});

test('a busy coordinator is asked again', async () => {
  busy = 0;
  const session = await connect();
  assert.equal((await all(session.execute('SELECT busy', [], options))).flatMap((p) => p.rows).length, total);
});

for (const sql of ['INSERT INTO t VALUES (1)', '/* x */ delete from t', 'CALL system.flush()', 'EXPLAIN ANALYZE INSERT INTO t VALUES (1)', 'EXECUTE pii_gate', "SET SESSION a = 'b'", '', 'PREPARE x FROM SELECT 1', 'CREATE TABLE x AS SELECT 1']) {
  test(`read-only refuses ${sql || 'nothing'}`, async () => {
    const session = await connect();
    seen = [];
    await assert.rejects(all(session.execute(sql, [], options)), failsAs('read-only'));
    assert.deepEqual(seen, []);
  });
}
for (const sql of ['SELECT 1', '-- a\n(SELECT 1)', 'WITH a AS (SELECT 1) SELECT * FROM a', 'EXPLAIN SELECT 1', 'SHOW TABLES']) {
  test(`read-only lets ${sql} through`, async () => { assert.ok((await all((await connect()).execute(sql, [], options))).length > 0); });
}

test('writes tell how many rows; failures say what', async () => {
  const session = await connect({ readOnly: false });
  assert.deepEqual((await all(session.execute('INSERT write', [], options))).at(-1)?.end, { truncated: false, affected: 3 });
  await assert.rejects(all(session.execute('SELECT fail', [], options)), failsAs('query'));
  await assert.rejects(connect({ user: 'nobody' }), failsAs('unauthorized'));
});
