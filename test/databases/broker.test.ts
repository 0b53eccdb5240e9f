/** Broker mode on real servers: the credential stays with the backend, rows leave masked, and what is stopped stops in the database. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ApprovalRequest, Problem } from '#core/wire/approval.ts';
import { startBackend, type RunningBackend } from '../../backend/testing/sample.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

interface Flavour {
  readonly name: string;
  readonly start: () => Promise<StartedDatabase>;
  readonly setup: string;
  /** Runs for minutes, over a sensitive table. */
  readonly slow: string;
  /** How many statements that hold the mark are running, other than this one. */
  readonly running: string;
}

const customers = 'CREATE TABLE customers (id int primary key, ssn varchar(20), notes varchar(200), city varchar(40))';
const people = "(1, '536-22-8726', 'call marta.keller@acme-corp.io', 'Basel'), (2, '457-55-5463', 'nothing', 'Lagos')";
const mark = 'slow_statement_of_the_test';
const flavours: readonly Flavour[] = [
  {
    name: 'PostgreSQL', start: startPostgres, setup: `${customers}; INSERT INTO customers VALUES ${people}`,
    slow: `SELECT ssn, pg_sleep(100) AS ${mark} FROM customers`,
    running: `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%${mark}%' AND state = 'active' AND pid <> pg_backend_pid()`,
  },
  {
    name: 'MariaDB', start: startMariadb, setup: `${customers}; INSERT INTO customers VALUES ${people}`,
    slow: `SELECT ssn, SLEEP(100) AS ${mark} FROM customers`,
    running: `SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE '%${mark}%' AND id <> CONNECTION_ID()`,
  },
];
const sensitive = 'SELECT id, ssn, notes FROM customers ORDER BY id';

for (const flavour of flavours) {
  suite(`broker mode: ${flavour.name}`, { timeout: 180_000 }, () => {
    let database: StartedDatabase;
    let gate: RunningBackend;
    let folder: string;
    /** Everything that the backend has answered. */
    let answers = '';
    let asked = 0;

    before(async () => {
      database = await flavour.start();
      await database.run(flavour.setup);
      folder = mkdtempSync(join(tmpdir(), 'pii-gate-broker-'));
      const { host = '', port = 0, user = '', database: name = '', dialect } = database.settings;
      writeFileSync(join(folder, 'password'), `${database.password}\n`);
      chmodSync(join(folder, 'password'), 0o600);
      process.env.PII_GATE_TEST_DATABASE_PASSWORD = database.password;
      const at = `dialect: ${dialect}, environment: production, host: ${host}, port: ${port}, user: ${user}, database: ${name}, tls: off`;
      writeFileSync(join(folder, 'broker.yaml'), `connections:
  - {id: by-file, ${at}, password: {file: password}}
  - {id: by-env, ${at}, password: {env: PII_GATE_TEST_DATABASE_PASSWORD}}
  - {id: by-command, ${at}, password: {command: [cat, ${join(folder, 'password')}]}}
  - {id: by-nothing, ${at}, password: {env: PII_GATE_TEST_NO_SUCH_VARIABLE}}
`);
      gate = await startBackend({ broker: join(folder, 'broker.yaml') });
    });
    after(async () => {
      delete process.env.PII_GATE_TEST_DATABASE_PASSWORD;
      await gate?.stop();
      await database?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    async function call<T = ApprovalRequest & Problem>(who: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
      const answer = await gate.call<T>(who, 'POST', path, body ?? {});
      answers += JSON.stringify(answer.body ?? '');
      return answer;
    }
    const ask = (statement: string, changes: object = {}) => {
      asked += 1;
      return call('dana', '/v1/broker/requests', { connection: 'by-file', statement, parameters: [], capability: 'run', columns: [], use: 'once', durationMs: 600_000, reason: 'Checking the import', idempotencyKey: `ask-${asked}`, ...changes });
    };
    const approve = async (id: string) => { assert.equal((await call('sam', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' })).body.state, 'approved'); };
    const start = (id: string, statement: string, signal?: AbortSignal) => fetch(`${gate.url}/v1/broker/requests/${id}/run`, {
      method: 'POST', headers: { authorization: `Bearer ${gate.tokens.dana}`, 'content-type': 'application/json' }, body: JSON.stringify({ statement, parameters: [] }), ...(signal ? { signal } : {}),
    });
    async function run(id: string, statement: string): Promise<string> {
      const text = await (await start(id, statement)).text();
      answers += text;
      return text;
    }
    const count = async (): Promise<number> => Number((await database.query(flavour.running))[0]?.n);
    async function until(wanted: (n: number) => boolean): Promise<void> {
      const end = Date.now() + 20_000;
      while (!wanted(await count())) if (Date.now() > end) assert.fail(`still ${await count()} running`);
    }
    async function slowly(use: 'once' | 'window'): Promise<{ request: ApprovalRequest; grant: string }> {
      const { body } = await ask(flavour.slow, { use });
      await approve(body.id);
      const approved = (await gate.call('dana', 'GET', `/v1/requests/${body.id}`)).body;
      const grant = (JSON.parse(Buffer.from(approved.grant?.split('.')[1] ?? '', 'base64url').toString()) as { jti: string }).jti;
      return { request: approved, grant };
    }

    for (const connection of ['by-file', 'by-env', 'by-command']) {
      test(`a password ${connection.replace('-', ' ')} connects; sensitive columns and what stands in texts leave masked`, async () => {
        const { body } = await ask(sensitive, { connection });
        assert.deepEqual([body.state, body.facts.sensitive.map(({ column }) => column)], ['pending', ['ssn']]);
        await approve(body.id);
        const text = await run(body.id, sensitive);
        const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { columns?: { name: string; masked: boolean }[]; rows?: { v: string | null; m?: 1 }[][]; end?: { rows: number } });
        assert.deepEqual(lines[0]?.columns?.map(({ name, masked }) => [name, masked]), [['id', false], ['ssn', true], ['notes', false]]);
        assert.deepEqual(lines[1]?.rows?.map((row) => row.map(({ m }) => m ?? 0)), [[0, 1, 1], [0, 1, 0]]);
        assert.equal(lines.at(-1)?.end?.rows, 2);
        for (const raw of ['536-22', '457-55', 'marta.keller']) assert.ok(!text.includes(raw), raw);
      });
    }

    test('a password that can\'t be had is told without naming one, and nothing is asked', async () => {
      const { status, body } = await ask(sensitive, { connection: 'by-nothing' });
      assert.deepEqual([status, body.code], [422, 'database-refused']);
      assert.match(body.detail, /password/);
      assert.doesNotMatch(JSON.stringify(body), /PII_GATE_TEST/);
    });

    test('a read-only connection refuses a write in the database itself', async () => {
      const { status, body } = await ask("UPDATE customers SET city = 'x'");
      // MariaDB refuses to prepare it already.
      if (status === 422) assert.match(body.detail, /read-only/i);
      else {
        await call('devon', `/v1/requests/${body.id}/decisions`, { decision: 'approve', comment: '' });
        assert.match(await run(body.id, "UPDATE customers SET city = 'x'"), /read-only|read only/i);
      }
      assert.equal((await database.query("SELECT count(*) AS n FROM customers WHERE city = 'x'"))[0]?.n?.toString(), '0');
    });

    test('a revocation stops the statement in the database', async () => {
      const { request, grant } = await slowly('window');
      const running = run(request.id, flavour.slow);
      await until((n) => n > 0);
      assert.equal((await gate.call('dana', 'POST', `/v1/grants/${grant}/revoke`)).status, 204);
      assert.match(await running, /revoked/);
      await until((n) => n === 0);
    });

    test('who goes away takes the statement along', async () => {
      const { request } = await slowly('once');
      const leaving = new AbortController();
      const running = start(request.id, flavour.slow, leaving.signal).then((r) => r.text());
      await until((n) => n > 0);
      leaving.abort();
      await assert.rejects(running);
      await until((n) => n === 0);
    });

    test('the password is in no answer, no audit record and no file of the backend', async () => {
      answers += JSON.stringify((await gate.call('dana', 'GET', '/v1/broker/connections')).body) + JSON.stringify((await gate.call('aria', 'GET', '/v1/audit')).body);
      assert.ok(answers.length > 2_000 && answers.includes('by-file'), 'there is something to look at');
      const places: [string, string | Buffer][] = [['answers', answers]];
      for (const entry of readdirSync(gate.dataDir, { recursive: true, withFileTypes: true })) if (entry.isFile()) places.push([entry.name, readFileSync(join(entry.parentPath, entry.name))]);
      assert.ok(places.length > 3);
      for (const [where, content] of places) {
        for (const secret of [database.password, Buffer.from(database.password).toString('base64'), '536-22-8726']) assert.equal(Buffer.from(content).indexOf(secret), -1, `${where} holds what it must not`);
      }
    });
  });
}
