/** Broker mode on a real SQLite database: the client never has the credential, says nothing about facts, and gets masked rows only. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { Problem } from '#core/wire/approval.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';
import { parseBrokerConnections, passwordOf } from './connections.ts';

let folder: string;
let gate: RunningBackend;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-broker-'));
  const database = new DatabaseSync(join(folder, 'shop.db'));
  database.exec("CREATE TABLE customers (id INTEGER, ssn TEXT, city TEXT); INSERT INTO customers VALUES (1, '536-22-8726', 'Basel'), (2, '457-55-5462', 'Lagos')");
  database.exec('CREATE TABLE numbers (n INTEGER)');
  database.exec('WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 200000) INSERT INTO numbers SELECT n FROM s');
  database.close();
  const file = join(folder, 'broker.yaml');
  writeFileSync(file, `connections:
  - {id: shop, dialect: sqlite, environment: production, file: shop.db}
  - {id: shop-staging, dialect: sqlite, environment: staging, file: shop.db}
`);
  gate = await startBackend({ broker: file });
});
after(async () => {
  await gate.stop();
  rmSync(folder, { recursive: true, force: true });
});

let asked = 0;
const sensitive = 'SELECT id, ssn FROM customers ORDER BY id';
const ask = (statement: string, changes: object = {}, who = 'dana') => {
  asked += 1;
  return gate.call(who, 'POST', '/v1/broker/requests', {
    connection: 'shop', statement, parameters: [], capability: 'run', columns: [], use: 'once', durationMs: 600_000, reason: 'Checking the import', idempotencyKey: `ask-${asked}`, ...changes,
  });
};
interface Line { readonly columns?: { name: string; masked: boolean }[]; readonly rows?: { v: string | null; m?: 1 }[][]; readonly end?: { rows: number; truncated: boolean; receipt: string }; readonly error?: Problem }
async function run(id: string, statement: string, who = 'dana', parameters: readonly unknown[] = []): Promise<{ status: number; lines: Line[]; text: string }> {
  const response = await fetch(`${gate.url}/v1/broker/requests/${id}/run`, {
    method: 'POST', headers: { authorization: `Bearer ${gate.tokens[who]}`, 'content-type': 'application/json' }, body: JSON.stringify({ statement, parameters }),
  });
  const text = await response.text();
  return { status: response.status, text, lines: text.trim().split('\n').map((line) => JSON.parse(line) as Line) };
}
const approve = (id: string) => gate.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
const codeOf = ({ status, lines }: { status: number; lines: Line[] }) => [status, (lines[0] as unknown as Problem).code];

test('the backend finds out itself what a statement does: a harmless one runs at once, in clear', async () => {
  const { body } = await ask('SELECT id, city FROM customers ORDER BY id');
  assert.deepEqual([body.state, body.verdict.effect], ['approved', 'allow']);
  const { lines } = await run(body.id, 'SELECT id, city FROM customers ORDER BY id');
  assert.deepEqual(lines[0]?.columns?.map(({ name, masked }) => [name, masked]), [['id', false], ['city', false]]);
  assert.deepEqual(lines[1]?.rows?.map((row) => row.map(({ v }) => v)), [['1', 'Basel'], ['2', 'Lagos']]);
  assert.equal(lines.at(-1)?.end?.rows, 2);
});

test('a sensitive one waits, then comes out masked, once', async () => {
  const { body } = await ask(sensitive);
  assert.deepEqual([body.state, body.facts.sensitive.map(({ column }) => column)], ['pending', ['ssn']]);
  assert.deepEqual(codeOf(await run(body.id, sensitive)), [409, 'illegal-state']);
  await approve(body.id);
  assert.deepEqual(codeOf(await run(body.id, `${sensitive} `)), [409, 'statement-changed']);
  assert.deepEqual(codeOf(await run(body.id, sensitive, 'stella')), [404, 'not-found']);
  const { lines, text } = await run(body.id, sensitive);
  assert.deepEqual(lines[0]?.columns?.map(({ name, masked }) => [name, masked]), [['id', false], ['ssn', true]]);
  assert.ok(!text.includes('536-22-8726') && !text.includes('536-22'));
  assert.deepEqual(codeOf(await run(body.id, sensitive)), [409, 'illegal-state']);
});

test('an approved export gives the columns that were asked for, less those that the reviewer keeps', async () => {
  const columns = [{ table: 'customers', column: 'ssn', access: 'read' }];
  const first = (await ask(sensitive, { capability: 'export', columns })).body;
  await approve(first.id);
  assert.match((await run(first.id, sensitive)).text, /536-22-8726/);
  const second = (await ask(sensitive, { capability: 'export', columns })).body;
  await gate.call('sam', 'POST', `/v1/requests/${second.id}/decisions`, { decision: 'approve', comment: '', constraints: { keepMasked: columns, maxRows: 1 } });
  const { text, lines } = await run(second.id, sensitive);
  assert.ok(!text.includes('536-22-8726'));
  assert.deepEqual([lines.at(-1)?.end?.rows, lines.at(-1)?.end?.truncated], [1, true]);
});

test('a client can not speak for the broker: neither facts of its own nor a known digest help', async () => {
  const { body } = await ask(sensitive);
  const forged = sampleRequest({ facts: { sensitive: [], columns: [] }, changes: { binding: body.binding } });
  const answer = await gate.call('dana', 'POST', '/v1/requests', forged);
  assert.deepEqual([answer.status, answer.body.code], [403, 'broker-only']);
});

test('a grant of the broker is no grant for an editor', async () => {
  const { body } = await ask(sensitive, { connection: 'shop-staging' });
  const { aud } = JSON.parse(Buffer.from(body.grant?.split('.')[1] ?? '', 'base64url').toString()) as { aud: string };
  assert.equal(aud, 'pii-gate-broker');
});

test('parameters are bound: the same ones run, others do not', async () => {
  const sql = 'SELECT city FROM customers WHERE id = ?';
  const { body } = await ask(sql, { parameters: [1] });
  assert.equal(body.state, 'approved');
  assert.deepEqual(codeOf(await run(body.id, sql, 'dana', [2])), [409, 'statement-changed']);
  assert.match((await run(body.id, sql, 'dana', [1])).text, /Basel/);
});

test('writing is refused by the database itself unless the connection allows it', async () => {
  const { body } = await ask("UPDATE customers SET city = 'x'", {});
  assert.equal(body.state, 'pending');
  assert.deepEqual(body.verdict.approvers, [{ anyOf: ['dba'], count: 1 }]);
  await gate.call('devon', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'approve', comment: '' });
  const { text } = await run(body.id, "UPDATE customers SET city = 'x'");
  assert.match(text, /database-refused|readonly|read-only/i);
});

test('what the database refuses is said without its values, and what is unknown is not found', async () => {
  const broken = await ask("SELECT nothing FROM customers WHERE ssn = '536-22-8726'");
  assert.deepEqual([broken.status, broken.body.code], [422, 'database-refused']);
  assert.ok(!JSON.stringify(broken.body).includes('536-22-8726'));
  assert.equal((await ask('SELECT 1', { connection: 'nowhere' })).status, 404);
});

test('a revoked grant stops the statement that is running', async () => {
  const sql = 'SELECT a.n FROM numbers a, numbers b ORDER BY 1';
  const { body } = await ask(sql, { use: 'window', maxRows: 1_000_000 });
  const jti = JSON.parse(Buffer.from(body.grant?.split('.')[1] ?? '', 'base64url').toString()).jti as string;
  const consumed = new Promise<void>((resolve) => {
    gate.backend.store.onCommit(() => {
      void gate.backend.store.read.grant(jti).then((grant) => {
        if ((grant?.uses ?? 0) > 0) resolve();
      });
    });
  });
  const running = run(body.id, sql);
  await consumed;
  assert.equal((await gate.call('dana', 'POST', `/v1/grants/${jti}/revoke`)).status, 204);
  const { text } = await running;
  assert.match(text, /revoked/);
  const records = await gate.backend.store.read.audit(0, 1_000);
  assert.ok(records.some(({ type, grant }) => type === 'broker.ran' && grant === jti));
});

const bad: readonly [string, string, number, RegExp][] = [
  ['a password in the file', 'connections:\n  - {id: a, dialect: postgresql, environment: production, password: hunter2}\n', 2, /never the password itself/],
  ['an unknown dialect', 'connections:\n  - {id: a, dialect: oracle, environment: production}\n', 2, /"dialect"/],
  ['an unknown key', 'connections:\n  - {id: a, dialect: sqlite, environment: staging, pasword: {env: X}}\n', 2, /unknown key/],
  ['an id twice', 'connections:\n  - {id: a, dialect: sqlite, environment: staging}\n  - {id: a, dialect: sqlite, environment: staging}\n', 1, /twice/],
];
for (const [name, text, line, message] of bad) {
  test(`connections are refused: ${name}`, () => {
    const parsed = parseBrokerConnections(text, '/x/broker.yaml');
    assert.equal(parsed.ok, false);
    if (parsed.ok) return;
    assert.match(parsed.problems[0]?.message ?? '', message);
    assert.equal(parsed.problems[0]?.line, line);
    assert.ok(!JSON.stringify(parsed.problems).includes('hunter2'));
  });
}

test('passwords come from the environment, a file or a command; failures quote nothing', async () => {
  writeFileSync(join(folder, 'password'), 'from file\n');
  assert.equal(await passwordOf({ kind: 'env', name: 'P' }, { P: 'from env' }), 'from env');
  assert.equal(await passwordOf({ kind: 'file', path: join(folder, 'password') }, {}), 'from file');
  assert.equal(await passwordOf({ kind: 'command', argv: [process.execPath, '-e', 'console.log("from command")'] }, {}), 'from command');
  await assert.rejects(passwordOf({ kind: 'env', name: 'P' }, {}), /P is not set/);
  await assert.rejects(passwordOf({ kind: 'command', argv: [process.execPath, '-e', 'console.log("half a secret"); process.exit(1)'] }, {}), (error: Error) => !error.message.includes('half a secret'));
});
