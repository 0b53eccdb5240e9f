/** Short-lived roles on a real PostgreSQL: what a role may read, how long, how often, and that it is gone afterwards. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { createApprovalClient, type ApprovalClient } from '#approvals/ask.ts';
import { createBackendPort } from '#approvals/backend-adapter.ts';
import { obtainPermission } from '#approvals/permission.ts';
import { openAsShortLivedRole } from '#approvals/short-lived.ts';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import type { ApprovalRequest, Constraints, CreateRequest, Problem, ShortLivedCredential } from '#core/wire/approval.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { ColumnRef, StatementFacts } from '#core/wire/statement.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { createExecutor } from '#query/executor/execute.ts';
import { maskPages } from '#query/results/mask-pages.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { understand } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';
import { sampleRequest, startBackend, type RunningBackend } from '../../backend/testing/sample.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const driver = createPostgresDriver();
const environment = 'production';
const read = (table: string, ...columns: string[]): ColumnRef[] => columns.map((column) => ({ schema: 'public', table, column, access: 'read' }));
const ssnFacts: Partial<StatementFacts> = { dialect: 'postgresql', tables: [{ schema: 'public', name: 'customers', access: 'read' }], columns: read('customers', 'id', 'ssn') };

suite('short-lived roles', { timeout: 180_000 }, () => {
  let database: StartedDatabase;
  let gate: RunningBackend;
  let developer: ConnectionSettings;
  let clock = 0;
  let asked = 0;

  const brokerText = (): string => {
    const { host = '', port = 0, database: name = '' } = database.settings;
    return `connections:\n  - {id: shop, dialect: postgresql, environment: ${environment}, host: ${host}, port: ${port}, database: ${name}, user: gate_admin, tls: off, password: {env: PII_GATE_TEST_ADMIN}, short_lived_roles: {max: 10m, connections: 1}}\n`;
  };
  const start = (dataDir?: string): Promise<RunningBackend> => startBackend({ broker: { text: brokerText() }, now: () => Date.now() + clock, ...(dataDir === undefined ? {} : { dataDir }) });

  before(async () => {
    database = await startPostgres();
    await database.run(`
      CREATE TABLE customers (id int primary key, ssn text, email text, city text);
      INSERT INTO customers VALUES (1, '536-22-8726', 'marta.keller@acme-corp.io', 'Basel'), (2, '457-55-5463', 'j.oduya@acme-corp.io', 'Lagos');
      CREATE TABLE salaries (customer int, amount int); INSERT INTO salaries VALUES (1, 100);
      CREATE TABLE withheld (id int, ssn text);
      CREATE ROLE gate_admin LOGIN CREATEROLE PASSWORD 'admin-of-tests';
      GRANT SELECT ON customers TO gate_admin WITH GRANT OPTION; GRANT SELECT ON withheld TO gate_admin;
      CREATE ROLE developer LOGIN PASSWORD 'developer-of-tests'; GRANT SELECT (id, city) ON customers TO developer`);
    process.env.PII_GATE_TEST_ADMIN = 'admin-of-tests';
    developer = { ...database.settings, id: 'shop', environment, user: 'developer' };
    gate = await start();
  });
  after(async () => {
    delete process.env.PII_GATE_TEST_ADMIN;
    await gate?.stop();
    await database?.stop();
  });

  const grantOf = (request: ApprovalRequest): string => (JSON.parse(Buffer.from(request.grant?.split('.')[1] ?? '', 'base64url').toString()) as { jti: string }).jti;
  const roles = async (): Promise<string[]> => (await database.query("SELECT rolname::text AS r FROM pg_roles WHERE rolname LIKE 'pii\\_gate\\_%' ORDER BY 1")).map(({ r }) => String(r));

  /** A request approved by Sam, one use of its grant counted. */
  async function used(facts: Partial<StatementFacts> = ssnFacts, changes: Partial<CreateRequest> = {}, constraints?: Constraints): Promise<{ request: ApprovalRequest; jti: string; receipt: string }> {
    asked += 1;
    const body = sampleRequest({ environment, facts, changes: { idempotencyKey: `role-${asked}`, ...changes } });
    const { body: { id } } = await gate.call('dana', 'POST', '/v1/requests', body);
    const decided = await gate.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '', ...(constraints ? { constraints } : {}) });
    assert.equal(decided.body.state, 'approved', JSON.stringify(decided.body));
    const { body: request } = await gate.call('dana', 'GET', `/v1/requests/${id}`);
    const jti = grantOf(request);
    const { status, body: { receipt } } = await gate.call<{ receipt: string }>('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: randomUUID(), digest: body.binding.digest, capability: body.binding.capability });
    assert.equal(status, 200);
    return { request, jti, receipt };
  }
  const issue = (jti: string, receipt: string, who = 'dana') => gate.call<ShortLivedCredential & Problem>(who, 'POST', `/v1/grants/${jti}/credential`, { receipt });
  async function loggedIn({ user, password }: ShortLivedCredential): Promise<pg.Client> {
    const { host, port, database: name } = database.settings;
    const client = new pg.Client({ host: host ?? '', port: port ?? 0, database: name ?? '', user, password });
    // A session that is ended from outside says so by an event too.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
  const refusedWith = (code: string) => (error: { code?: string }) => { assert.equal(error.code, code, String(error)); return true; };

  test('a developer who may not read a column runs the approved statement as a role of its own, masked, once', async () => {
    const detector = createDetector(builtinPacks(), createRe2());
    const key = randomBytes(32);
    const statement = 'SELECT id, ssn FROM customers ORDER BY id';
    const own = await driver.connect(developer, 'developer-of-tests');
    const client: ApprovalClient = createApprovalClient(createBackendPort({ url: gate.url, token: gate.tokens.dana ?? '' }));
    try {
      await assert.rejects(async () => { for await (const _ of own.execute(statement, [], { maxRows: 9, pageSize: 9 })) { /* it must not come here */ } }, /permission denied/);
      const catalogue = await loadCatalogue(own);
      const tools = await createStatementTools({});
      const description = await own.describe?.(statement);
      const understood = understand(statement, { analyser: tools.analyser, detector, catalogue, inventory: tools.inventory(detector, [], catalogue), dialect: 'postgresql', ...(description ? { description } : {}) });
      const connection = { id: 'shop', environment, databaseUser: own.databaseUser } as const;
      const permission = await obtainPermission({
        capability: 'run', statement, parameters: [], connection, facts: understood.facts, preview: understood.preview, redactions: 0, columns: [], destination: { kind: 'grid' }, maxRows: 100, key: 'own-run',
        ask: { reason: 'A customer called', use: 'once', durationMs: 300_000 },
      }, {
        client, installationKey: key, now: Date.now(), signal: AbortSignal.timeout(20_000), withdraw: new AbortController().signal,
        onPending: ({ id }) => { void gate.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' }); },
      });
      assert.equal(permission.kind, 'grant', JSON.stringify(permission));
      if (permission.kind !== 'grant') return;
      const opened = await openAsShortLivedRole({ port: client.port, grant: permission.grant, driver, settings: developer, boundUser: own.databaseUser, signal: AbortSignal.timeout(20_000) });
      assert.equal(opened.kind, 'open', JSON.stringify(opened));
      if (opened.kind !== 'open') return;
      const outcome = createExecutor({ installationKey: () => key, now: Date.now }).execute({
        session: opened.session, statement, parameters: [], connection, permission: permission.grant, limits: { maxRows: 100, pageSize: 10 },
      });
      assert.equal(outcome.kind, 'running');
      if (outcome.kind !== 'running') return;
      const shown: (string | null)[][] = [];
      for await (const page of maskPages(outcome.pages, { detector, masker: createMasker(key, detector), replacementFor: () => ({ kind: 'mask' }), understood })) shown.push(...page.rows.map((row) => row.map(({ v }) => v)));
      assert.deepEqual(shown, [['1', '***-**-8726'], ['2', '***-**-5463']]);
      const [role] = await roles();
      await opened.session.close();
      const [state] = await database.query(`SELECT rolcanlogin AS login, (SELECT count(*)::int FROM pg_stat_activity WHERE usename = '${role}') AS sessions FROM pg_roles WHERE rolname = '${role}'`);
      assert.deepEqual(state, { login: false, sessions: 0 }, 'used and over');
      const again = await openAsShortLivedRole({ port: client.port, grant: permission.grant, driver, settings: developer, boundUser: own.databaseUser, signal: AbortSignal.timeout(20_000) });
      assert.equal(again.kind === 'blocked' && again.blocked.code, 'grant-used');
    } finally {
      client.dispose();
      await own.close();
    }
  });

  test('the role reads what was approved and nothing else, from few connections, and writes nothing', async () => {
    const { jti, receipt } = await used();
    const { status, body } = await issue(jti, receipt);
    assert.equal(status, 200, JSON.stringify(body));
    const client = await loggedIn(body);
    try {
      assert.deepEqual((await client.query('SELECT id, ssn FROM customers ORDER BY id')).rows.length, 2);
      for (const sql of ['SELECT email FROM customers', 'SELECT * FROM customers', 'SELECT id FROM customers WHERE city IS NULL', 'SELECT amount FROM salaries', 'SELECT customers FROM customers', 'SELECT rolpassword FROM pg_authid', 'COPY customers TO STDOUT']) {
        await assert.rejects(client.query(sql), refusedWith('42501'), sql);
      }
      await client.query('SET default_transaction_read_only = off');
      for (const sql of ["INSERT INTO customers VALUES (3, '', '', '')", "UPDATE customers SET ssn = ''", 'DELETE FROM customers', 'CREATE TABLE mine (i int)', 'CREATE ROLE other', `GRANT SELECT (ssn) ON customers TO developer`, 'SET ROLE gate_admin', "COPY (SELECT ssn FROM customers) TO PROGRAM 'cat'"]) {
        await assert.rejects(client.query(sql).then((result) => { if (result.command === 'GRANT') throw Object.assign(new Error('a GRANT without effect'), { code: '42501' }); }), refusedWith('42501'), sql);
      }
      assert.deepEqual(await database.query("SELECT has_column_privilege('developer', 'customers', 'ssn', 'SELECT') AS may"), [{ may: false }]);
      await assert.rejects(loggedIn(body), refusedWith('53300'));
      const [catalogued] = await database.query(`SELECT rolvaliduntil AS until, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS mighty, (SELECT rolpassword FROM pg_authid a WHERE a.oid = r.oid) AS password FROM pg_roles r WHERE rolname = '${body.user}'`);
      assert.equal(Number(catalogued?.until), body.validUntil);
      assert.equal(catalogued?.mighty, false);
      assert.match(String(catalogued?.password), /^SCRAM-SHA-256\$4096:/);
    } finally {
      await client.end();
    }
  });

  test('a credential belongs to one use: neither twice, nor with a forged or somebody else\'s receipt', async () => {
    const first = await used();
    const second = await used();
    assert.equal((await issue(first.jti, first.receipt)).status, 200);
    const before = await roles();
    for (const [jti, receipt, who, status, code] of [
      [first.jti, first.receipt, 'dana', 409, 'grant-used'],
      [first.jti, second.receipt, 'dana', 409, 'grant-invalid'],
      [second.jti, `${second.receipt.slice(0, -6)}AAAAAA`, 'dana', 409, 'grant-invalid'],
      [second.jti, second.receipt, 'stella', 404, 'not-found'],
      [randomUUID(), second.receipt, 'dana', 404, 'not-found'],
    ] as const) {
      const answer = await issue(jti, receipt, who);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    }
    clock += 121_000;
    assert.equal((await issue(second.jti, second.receipt)).body.code, 'grant-used', 'a receipt is used at once or not at all');
    clock -= 121_000;
    assert.deepEqual(await roles(), before);
  });

  test('a revocation ends what runs and drops the role', async () => {
    const { jti, receipt } = await used(ssnFacts, { scope: { columns: [], destination: { kind: 'grid' }, use: 'window', durationMs: 600_000 } });
    const { body } = await issue(jti, receipt);
    const client = await loggedIn(body);
    const running = assert.rejects(client.query('SELECT ssn, pg_sleep(100) FROM customers'));
    assert.equal((await gate.call('dana', 'POST', `/v1/grants/${jti}/revoke`)).status, 204);
    await running;
    await client.end().catch(() => undefined);
    const end = Date.now() + 20_000;
    while ((await roles()).includes(body.user)) if (Date.now() > end) assert.fail('the role is still there');
    await assert.rejects(loggedIn(body), refusedWith('28P01'));
    assert.equal((await issue(jti, receipt)).body.code, 'revoked');
  });

  test('when its time is up its sessions end and it is dropped; so are those that an earlier process left behind', async () => {
    const { jti, receipt } = await used();
    const { body } = await issue(jti, receipt);
    assert.ok(body.validUntil <= Date.now() + 600_000);
    const client = await loggedIn(body);
    const ended = new Promise<void>((resolve) => { client.once('end', () => { resolve(); }); });
    const left = await roles();
    assert.ok(left.includes(body.user));
    await gate.backend.sweep();
    assert.deepEqual(await roles(), left, 'none before its time');
    const { dataDir } = gate;
    await gate.backend.close();
    clock += 601_000;
    gate = await start(dataDir);
    await ended;
    await gate.backend.sweep();
    assert.deepEqual(await roles(), []);
    clock = 0;
  });

  const unfit: readonly [string, Partial<StatementFacts>, RegExp, Constraints?][] = [
    ['a write', { kind: 'update', readOnly: false }, /only reads/],
    ['a function that nobody knows', { opaque: [{ what: 'function', detail: 'calls f' }] }, /not every column/],
    ['two statements', { statements: 2 }, /not every column/],
    ['another kind of database', { dialect: 'mariadb' }, /another kind/],
    ['no column at all', { columns: [] }, /count\(id\)/],
    ['a column that is not there', { columns: read('customers', 'id', 'nope') }, /no column customers\.nope/],
    ['a name made to break out', { columns: read('customers', 'id) ON customers TO developer; --') }, /no column/],
    ['what the administrating user may not hand on', { tables: [{ schema: 'public', name: 'withheld', access: 'read' }], columns: read('withheld', 'ssn') }, /GRANT OPTION/],
    ['a column that the reviewer keeps masked', {}, /keeps customers\.ssn masked/, { keepMasked: read('customers', 'ssn') }],
  ];
  for (const [name, facts, why, constraints] of unfit) {
    test(`no role stands for ${name}, and none is left`, async () => {
      const dba = facts.kind === 'update';
      const before = await roles();
      let use: Awaited<ReturnType<typeof used>>;
      if (dba) {
        asked += 1;
        const body = sampleRequest({ environment, facts: { ...ssnFacts, ...facts, sensitive: [] }, changes: { idempotencyKey: `role-${asked}` } });
        const { body: { id } } = await gate.call('dana', 'POST', '/v1/requests', body);
        await gate.call('devon', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
        const { body: request } = await gate.call('dana', 'GET', `/v1/requests/${id}`);
        const jti = grantOf(request);
        const { body: { receipt } } = await gate.call<{ receipt: string }>('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: randomUUID(), digest: body.binding.digest, capability: 'run' });
        use = { request, jti, receipt };
      } else use = await used({ ...ssnFacts, ...facts }, {}, constraints);
      const { status, body } = await issue(use.jti, use.receipt);
      assert.ok(status === 409 || status === 422, `${status} ${JSON.stringify(body)}`);
      assert.match(body.detail, why);
      assert.deepEqual(await roles(), before);
      assert.deepEqual(await database.query("SELECT has_column_privilege('developer', 'customers', 'ssn', 'SELECT') AS may"), [{ may: false }]);
    });
  }

  test('what was issued is on record, without the password', async () => {
    const { jti, receipt } = await used();
    const { body } = await issue(jti, receipt);
    const audit = await gate.backend.store.read.audit(0, 10_000);
    const record = audit.find((r) => r.type === 'credential.issued' && r.grant === jti);
    assert.equal(record?.data.role, body.user);
    assert.equal(record.data.connection, 'shop');
    assert.ok(body.password.length >= 40 && !JSON.stringify(audit).includes(body.password));
  });
});
