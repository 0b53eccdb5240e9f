/** The gate over real servers and real JSON-RPC: scripts, several result sets, transactions, cancel, and what sessions keep. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type ConnectionSettings, method, type RunState, type StatementInfo, type TransactionResult } from '#core/wire/protocol.ts';
import type { ResultSummary } from '#core/wire/results.ts';
import { ask, canaries, GateClient } from '../protocol/gate-client.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

interface Flavour {
  readonly name: string;
  readonly start: () => Promise<StartedDatabase>;
  readonly schema: readonly string[];
  readonly sleep: string;
  /** Sessions that sleep. */
  readonly sleeping: string;
  /** One statement that gives two result sets, where the database can. */
  readonly twoSets?: string;
  /** Leaves a value in the session, and asks for it again. */
  readonly keep: string;
  readonly kept: string;
  /** An error that quotes a value. */
  readonly quotes: string;
}

const people = "INSERT INTO customers VALUES (1, 'Marta Keller', 'marta.keller@acme-corp.io', '536-22-8726', 'Basel'), (2, 'Joseph Oduya', 'j.oduya@acme-corp.io', '457-55-5462', 'Lagos')";
const tables = ['CREATE TABLE customers (id int PRIMARY KEY, name varchar(60), email varchar(60), ssn varchar(20), city varchar(30))', 'CREATE TABLE orders (id int PRIMARY KEY, status varchar(9))', people, "INSERT INTO orders VALUES (1, 'paid'), (2, 'open')"];
const flavours: readonly Flavour[] = [
  {
    name: 'PostgreSQL', start: startPostgres, schema: tables, sleep: 'SELECT pg_sleep(60)',
    sleeping: "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    keep: "SELECT set_config('app.kept', 'left behind', false)", kept: "SELECT current_setting('app.kept', true) AS k", quotes: 'SELECT email::int AS n FROM customers',
  },
  {
    name: 'MariaDB', start: () => startMariadb(), schema: [...tables, 'CREATE PROCEDURE give_two() BEGIN SELECT id, ssn AS code FROM customers; SELECT email AS contact, city FROM customers; END'], sleep: 'SELECT SLEEP(60)',
    sleeping: "SELECT id FROM information_schema.processlist WHERE info LIKE '%SLEEP(60)%' AND id <> connection_id()", twoSets: 'CALL give_two()',
    keep: "SELECT @kept := 'left behind'", kept: 'SELECT @kept AS k', quotes: "SELECT extractvalue(1, concat('~', email)) FROM customers",
  },
];

for (const flavour of flavours) {
  suite(flavour.name, () => {
    let client: GateClient;
    let database: StartedDatabase;
    before(async () => {
      database = await flavour.start();
      for (const sql of flavour.schema) await database.run(sql);
      client = await GateClient.start();
      const roles = (['development', 'staging', 'production'] as const).map((environment): ConnectionSettings => ({ ...database.settings, id: environment, name: environment, environment, readOnly: environment !== 'development' }));
      const status = await client.configure({ connections: roles, passwords: Object.fromEntries(roles.map((r) => [r.id, database.password])) });
      assert.equal(status.backend, 'connected');
    });
    after(async () => {
      await client?.stop();
      await database?.stop();
      assert.deepEqual(client?.log, [], 'no handler failed unexpectedly');
    });

    const run = async (statement: string, connectionId = 'development'): Promise<RunState> => {
      const { id, state } = await client.run(statement, { connectionId, ask });
      return state.state === 'rows' ? client.reaches(id, 'done', 'failed', 'blocked', 'cancelled') : state;
    };
    const resultOf = (state: RunState): ResultSummary => {
      assert.equal(state.state, 'done', JSON.stringify(state));
      return (state as { result: ResultSummary }).result;
    };
    const rows = async (state: RunState): Promise<(string | null)[][]> => (await client.page(resultOf(state).resultId)).rows.map((row) => row.map((cell) => cell.v));
    const step = (action: string, connectionId = 'development'): Promise<TransactionResult> => client.request(method.transaction, { connectionId, action });
    const count = async (): Promise<number> => (await database.query('SELECT id FROM orders')).length;
    const nothingShown = (from: number): void => { for (const canary of canaries) assert.ok(!client.received.slice(from).join('').includes(canary), `${canary} was sent`); };

    test('harmless runs, sensitive asks, approved is masked', async () => {
      assert.deepEqual(await rows(await run('SELECT id, status FROM orders ORDER BY id', 'production')), [['1', 'paid'], ['2', 'open']]);
      const from = client.received.length;
      const { result } = await client.approvedRun('SELECT id, ssn AS code, upper(email) AS e, city FROM customers ORDER BY id', undefined, 'production');
      assert.deepEqual(result.columns.map((c) => c.masked), [false, true, true, false]);
      assert.equal((await client.page(result.resultId)).rows.length, 2);
      nothingShown(from);
    });

    test('a whole file in order, up to the first failure', async () => {
      const uri = 'file:///w/script.sql';
      const script = "INSERT INTO orders VALUES (10, 'new');\n-- then; not a statement\nSELECT count(*) AS n FROM orders;\nINSERT INTO orders VALUES (10, 'again');\nINSERT INTO orders VALUES (11, 'never');\n";
      await client.open(uri, script);
      const statements = await client.request<StatementInfo[]>(method.statements, { uri, connectionId: 'development' });
      assert.deepEqual(statements.map((s) => s.facts.kind), ['insert', 'select', 'insert', 'insert']);
      const outcomes: string[] = [];
      for (const { start, end } of statements) {
        const { id, state: first } = await client.run(script.slice(start, end), { connectionId: 'development', uri, range: { start, end }, ask });
        const state = first.state === 'rows' ? await client.reaches(id, 'done', 'failed') : first;
        outcomes.push(state.state);
        if (state.state !== 'done') break;
      }
      assert.deepEqual(outcomes, ['done', 'done', 'failed']);
      assert.equal(await count(), 3, 'what came before the failure stays, what came after was not run');
      await database.run('DELETE FROM orders WHERE id > 9');
    });

    test('two statements in one text are refused as such', async () => {
      const state = await run('SELECT 1; SELECT ssn FROM customers');
      assert.notEqual(state.state, 'done', JSON.stringify(state));
    });

    if (flavour.twoSets !== undefined) {
      test('several result sets of one statement, each masked', async () => {
        const from = client.received.length;
        const state = await run(flavour.twoSets ?? '');
        const more = (state as { more?: readonly ResultSummary[] }).more ?? [];
        assert.deepEqual([resultOf(state), ...more].map((r) => r.columns.map((c) => c.name)), [['id', 'code'], ['contact', 'city']]);
        for (const { resultId } of [resultOf(state), ...more]) assert.equal((await client.page(resultId)).rows.length, 2);
        nothingShown(from);
      });
    }

    test('a manual transaction: rolled back it leaves nothing, committed it stays; on production there is none', async () => {
      assert.deepEqual(await step('begin'), { ok: true, open: true });
      assert.equal(resultOf(await run("INSERT INTO orders VALUES (20, 'new')")).affected, 1);
      assert.deepEqual(await rows(await run('SELECT id FROM orders WHERE id = 20')), [['20']], 'seen from within');
      assert.equal(await count(), 2, 'and not from outside');
      assert.deepEqual(await step('rollback'), { ok: true, open: false });
      assert.equal(await count(), 2);
      await step('begin');
      await run("INSERT INTO orders VALUES (21, 'new')");
      assert.deepEqual(await step('commit'), { ok: true, open: false });
      assert.equal(await count(), 3);
      await database.run('DELETE FROM orders WHERE id > 9');
      assert.equal((await step('begin', 'production')).ok, false);
      assert.equal((await step('begin', 'staging')).ok, false, 'read-only: nothing to commit');
    });

    test('a failure within a transaction is told, and the transaction can be left', async () => {
      await step('begin');
      await run("INSERT INTO orders VALUES (30, 'new')");
      assert.equal((await run("INSERT INTO orders VALUES (30, 'again')")).state, 'failed');
      assert.deepEqual(await step('rollback'), { ok: true, open: false });
      assert.equal(await count(), 2);
      assert.equal((await run('SELECT id FROM orders')).state, 'done');
    });

    test('cancel stops the statement on the server', async () => {
      const runId = client.nextId();
      const started = client.request<RunState>(method.run, { runId, connectionId: 'staging', statement: flavour.sleep, ask });
      await client.reaches(runId, 'running');
      let asleep = 0;
      for (let look = 0; look < 5_000 && asleep === 0; look++) asleep = (await database.query(flavour.sleeping)).length;
      assert.equal(asleep, 1, 'it runs on the server');
      await client.request(method.cancelRun, { runId });
      assert.equal((await client.reaches(runId, 'cancelled', 'done', 'failed')).state, 'cancelled');
      assert.equal((await started).state, 'cancelled');
      for (let look = 0; look < 5_000 && asleep > 0; look++) asleep = (await database.query(flavour.sleeping)).length;
      assert.equal(asleep, 0, 'nothing runs on');
    });

    test('what a statement that asked left in its session is gone for the next one', async () => {
      const left = await run(flavour.keep, 'staging');
      assert.equal(resultOf(left).rows, 1);
      const state = await run(flavour.kept, 'staging');
      const { resultId } = resultOf(state);
      const [[cell] = []] = (await client.page(resultId)).rows;
      assert.deepEqual([cell?.v === null || cell?.v === '', resultOf(state).rows], [true, 1], JSON.stringify(cell));
    });

    test('an error that quotes a value is told without it', async () => {
      const from = client.received.length;
      const state = await run(flavour.quotes, 'staging');
      assert.equal(state.state, 'failed', JSON.stringify(state));
      nothingShown(from);
    });
  });
}
