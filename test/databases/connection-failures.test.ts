/** Each way in which a connection can fail, on real servers: told by its own code, in a sentence that says what to do, without the password. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { DatabaseError, type DatabaseErrorCode, type Driver, type Page, type Session } from '#query/drivers/driver.ts';
import { createMysqlDriver } from '#query/drivers/mysql.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { createSqliteDriver } from '#query/drivers/sqlite.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import { selfSigned } from './self-signed.ts';
import type { StartedDatabase } from './started.ts';

const SECRET = 'pa55word-of-tests';
const fails = (code: DatabaseErrorCode, says: RegExp, ...secrets: readonly string[]) => (error: unknown): boolean => {
  assert.ok(error instanceof DatabaseError, `not told as such: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  for (const secret of [SECRET, ...secrets]) assert.ok(!error.message.includes(secret), 'the message holds the password');
  return true;
};
async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}
const options = { maxRows: 10, pageSize: 10, timeoutMs: 30_000 };

/** A way to the server that can be cut. */
class Cable {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connectSocket(port, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
      }
      near.pipe(far);
      far.pipe(near);
    });
  }
  async plug(): Promise<number> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve); });
    return (this.#server.address() as AddressInfo).port;
  }
  cut(): void { for (const socket of this.#sockets) socket.destroy(); }
  close(): void { this.cut(); this.#server.close(); }
}

interface Flavour {
  readonly name: string;
  readonly driver: Driver;
  readonly start: () => Promise<StartedDatabase>;
  readonly setup: readonly string[];
  readonly sleep: string;
  /** Ends the other session that sleeps. */
  readonly terminate: (database: StartedDatabase) => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-failures-'));
chmodSync(folder, 0o755);
const signed = selfSigned();
const certificateFile = join(folder, 'server.crt');
const keyFile = join(folder, 'server.key');
writeFileSync(certificateFile, signed.certificate);
writeFileSync(keyFile, signed.key, { mode: 0o600 });
after(() => { rmSync(folder, { recursive: true, force: true }); });

const flavours: readonly Flavour[] = [
  {
    name: 'PostgreSQL', driver: createPostgresDriver(),
    async start() {
      const database = await startPostgres();
      const [where] = await database.query('SHOW data_directory');
      const { uid, gid } = statSync(String(where?.['data_directory']));
      // The server reads its key as its own user, and nobody else may.
      if (userInfo().uid === 0) chownSync(keyFile, uid, gid);
      for (const sql of [`ALTER SYSTEM SET ssl_cert_file = '${certificateFile}'`, `ALTER SYSTEM SET ssl_key_file = '${keyFile}'`, 'ALTER SYSTEM SET ssl = on', 'SELECT pg_reload_conf()']) await database.run(sql);
      return database;
    },
    setup: ['CREATE TABLE t (i int)', `CREATE ROLE limited LOGIN PASSWORD '${SECRET}' CONNECTION LIMIT 1`, `CREATE ROLE outsider LOGIN PASSWORD '${SECRET}'`, 'REVOKE CONNECT ON DATABASE shop FROM PUBLIC', 'GRANT CONNECT ON DATABASE shop TO limited'],
    sleep: 'SELECT pg_sleep(60)',
    async terminate(database) {
      for (let look = 0; look < 2_000; look++) if ((await database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()")).length > 0) return;
    },
  },
  {
    name: 'MariaDB', driver: createMysqlDriver('mariadb'), start: () => startMariadb([`--ssl-cert=${certificateFile}`, `--ssl-key=${keyFile}`]),
    setup: ['CREATE TABLE t (i int)', `CREATE USER limited@'127.0.0.1' IDENTIFIED BY '${SECRET}' WITH MAX_USER_CONNECTIONS 1`, "GRANT SELECT ON shop.* TO limited@'127.0.0.1'", `CREATE USER outsider@'127.0.0.1' IDENTIFIED BY '${SECRET}'`, 'CREATE DATABASE private'],
    sleep: 'SELECT SLEEP(60)',
    async terminate(database) {
      for (let look = 0; look < 2_000; look++) {
        const [found] = await database.query("SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(60)%'");
        if (found) { await database.run(`KILL ${Number(found['id'])}`); return; }
      }
    },
  },
];

for (const flavour of flavours) {
  suite(flavour.name, () => {
    let database: StartedDatabase;
    const connect = (change: Partial<ConnectionSettings> = {}, password = database.password): Promise<Session> => flavour.driver.connect({ ...database.settings, ...change }, password);
    const fresh = async (change: Partial<ConnectionSettings> = {}): Promise<void> => {
      const session = await connect(change);
      assert.equal((await all(session.execute('SELECT 1', [], options)))[0]?.rows.length, 1);
      await session.close();
    };
    before(async () => {
      database = await flavour.start();
      for (const sql of flavour.setup) await database.run(sql);
    });
    after(async () => { await database?.stop(); });

    for (const [name, change, password, code, says] of [
      ['a wrong password', {}, 'wrong-password', 'unauthorized', /user or the password/],
      ['an unknown user', { user: 'nobody' }, SECRET, 'unauthorized', /user or the password/],
      ['a wrong database', { database: 'nope' }, undefined, 'no-database', /no database "nope"/],
      ['an unknown host', { host: 'no-such-host.invalid' }, undefined, 'unreachable', /host name no-such-host\.invalid is not known/],
      ['nobody at the port', { port: 1 }, undefined, 'unreachable', /nothing answers at 127\.0\.0\.1:1/],
    ] as const) {
      test(name, async () => { await assert.rejects(connect(change, password ?? database.password), fails(code, says, database.password, 'wrong-password')); });
    }

    test('a user without the right to the database', async () => {
      const change = { user: 'outsider', ...(flavour.name === 'MariaDB' ? { database: 'private' } : {}) };
      await assert.rejects(connect(change, SECRET), fails('unauthorized', /may not use the database/));
    });

    test('too many connections', async () => {
      const first = await connect({ user: 'limited' }, SECRET);
      await assert.rejects(connect({ user: 'limited' }, SECRET), fails('too-many-connections', /takes no more connections/));
      await first.close();
    });

    test('TLS is verified unless somebody says otherwise: a certificate of its own is refused', async () => {
      await assert.rejects(connect({ tls: 'verify' }), fails('tls', /certificate that this machine trusts/, database.password));
      await fresh({ tls: 'no-verify' });
    });

    test('a host that is not this machine is verified by default', async () => {
      // 127.0.0.1 by another name: what the settings say of it is nothing.
      const { tls: _, ...unsaid } = database.settings;
      await assert.rejects(flavour.driver.connect({ ...unsaid, host: '0.0.0.0' }, database.password), fails('tls', /TLS/, database.password));
    });

    test('a server that never answers', async () => {
      const mute = createServer(() => undefined);
      await new Promise<void>((resolve) => { mute.listen(0, '127.0.0.1', resolve); });
      const stop = AbortSignal.timeout(400);
      const begun = performance.now();
      await assert.rejects(flavour.driver.connect({ ...database.settings, port: (mute.address() as AddressInfo).port }, database.password, stop), (error: unknown) => {
        assert.ok(performance.now() - begun < 8_000, 'whoever gives up waits no longer');
        return error === stop.reason || fails('unreachable', /did not answer in time/)(error);
      });
      mute.close();
    });

    test('a server that speaks another protocol', async () => {
      const web = createServer((socket) => { socket.on('error', () => undefined); socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); });
      await new Promise<void>((resolve) => { web.listen(0, '127.0.0.1', resolve); });
      await assert.rejects(connect({ port: (web.address() as AddressInfo).port }), fails('unreachable', /./));
      web.close();
    });

    test('a statement past its time', async () => {
      const session = await connect();
      await assert.rejects(all(session.execute(flavour.sleep, [], { ...options, timeoutMs: 100 })), fails('timeout', /longer than 100 ms/));
      await session.close();
    });

    test('a write on a read-only connection', async () => {
      const session = await connect();
      await assert.rejects(all(session.execute('INSERT INTO t VALUES (1)', [], options)), fails('read-only', /"readOnly": false/));
      await session.close();
      assert.deepEqual(await database.query('SELECT * FROM t'), []);
    });

    test('an administrator ends the session while it works', async () => {
      const session = await connect();
      const run = all(session.execute(flavour.sleep, [], options));
      const ended = assert.rejects(run, fails('unreachable', /Run it again/));
      await flavour.terminate(database);
      await ended;
      await assert.rejects(all(session.execute('SELECT 1', [], options)), fails('unreachable', /Run it again|nothing answers/));
      await session.close();
      await fresh();
    });

    test('the network goes while a statement works', async () => {
      const cable = new Cable(database.settings.port ?? 0);
      const session = await connect({ port: await cable.plug() });
      const pages = session.execute(flavour.sleep, [], options)[Symbol.asyncIterator]();
      const ended = assert.rejects(pages.next(), fails('unreachable', /./));
      setTimeout(() => { cable.cut(); }, 150); // by then the server sleeps
      await ended;
      await assert.rejects(all(session.execute('SELECT 1', [], options)), fails('unreachable', /./));
      await session.close();
      cable.close();
      await fresh();
    });

    test('a cancel that comes with the last row does not hit the next statement', async () => {
      const session = await connect();
      for (let round = 0; round < 25; round++) {
        const abort = new AbortController();
        const run = (async () => { for await (const _ of session.execute('SELECT 1', [], { ...options, signal: abort.signal })) abort.abort(new DOMException('enough', 'AbortError')); })();
        await run.catch((error: unknown) => { assert.equal((error as Error).message, 'enough'); });
        assert.equal((await all(session.execute('SELECT 1', [], options)))[0]?.rows.length, 1);
      }
      await session.close();
    });
  });
}

suite('SQLite', () => {
  const driver = createSqliteDriver(join(import.meta.dirname, '../../query/drivers/sqlite-process.ts'));
  const connect = (file: string): Promise<Session> => driver.connect({ id: 's', name: 'Shop', dialect: 'sqlite', environment: 'staging', file }, '');
  for (const [name, make, code, says] of [
    ['a missing file', (file: string) => file, 'no-database', /there is no file/],
    ['a folder', (file: string) => { mkdirSync(file); return file; }, 'no-database', /is not a file/],
    ['a file that is no database', (file: string) => { writeFileSync(file, 'not a database at all, but long enough to be looked at as one'.repeat(20)); return file; }, 'no-database', /not a SQLite database/],
    ['no file at all', () => '', 'settings', /absolute path/],
  ] as const) {
    test(name, async () => { await assert.rejects(connect(make(join(folder, name))), fails(code, says)); });
  }
});
