/** What every driver promises, held against the real servers. */
import { after, before, suite, test } from 'node:test';
import assert from 'node:assert/strict';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { DatabaseError, type DatabaseErrorCode, type Driver, type ExecuteOptions, type Page, type Session } from '#query/drivers/driver.ts';
import { createMysqlDriver } from '#query/drivers/mysql.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

interface Flavour {
  readonly name: string;
  readonly driver: Driver;
  readonly start: () => Promise<StartedDatabase>;
  readonly setup: string;
  /** `n` rows of one column `i`. */
  readonly series: (n: number) => string;
  readonly sleep: string;
  readonly placeholders: string;
  readonly schema: string;
  readonly write: string;
}

const rows = 'id int primary key, ssn varchar(20), email varchar(60)';
const values = "(1, '536-22-8726', 'marta.keller@acme-corp.io'), (2, '457-55-5463', 'j.oduya@acme-corp.io')";
const flavours: readonly Flavour[] = [
  {
    name: 'PostgreSQL', driver: createPostgresDriver(), start: startPostgres, schema: 'public',
    setup: `CREATE TABLE users (${rows}); INSERT INTO users VALUES ${values}; CREATE VIEW masked AS SELECT ssn AS code FROM users`,
    series: (n) => `SELECT i FROM generate_series(1, ${n}) AS i`, sleep: 'SELECT pg_sleep(60)', placeholders: 'SELECT $1::text AS a, $2::int + 1 AS b, $3::bool AS c, $4::text AS d',
    write: "INSERT INTO users VALUES (9, 'x', 'y')",
  },
  {
    name: 'MariaDB', driver: createMysqlDriver('mariadb'), start: startMariadb, schema: 'shop',
    setup: `CREATE TABLE users (${rows}); INSERT INTO users VALUES ${values}; CREATE VIEW masked AS SELECT ssn AS code FROM users`,
    series: (n) => `SELECT seq AS i FROM seq_1_to_${n}`, sleep: 'SELECT SLEEP(60)', placeholders: 'SELECT ? AS a, ? + 1 AS b, ? AS c, ? AS d',
    write: "INSERT INTO users VALUES (9, 'x', 'y')",
  },
];

const options: ExecuteOptions = { maxRows: 100_000, pageSize: 1000 };
const failsAs = (code: DatabaseErrorCode) => (error: unknown): boolean => {
  assert.ok(error instanceof DatabaseError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};
async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

for (const flavour of flavours) {
  suite(flavour.name, () => {
    let database: StartedDatabase;
    let session: Session;
    const connect = (change: Partial<ConnectionSettings> = {}, password = database.password): Promise<Session> => flavour.driver.connect({ ...database.settings, ...change }, password);
    before(async () => {
      database = await flavour.start();
      for (const statement of flavour.setup.split('; ')) await database.run(statement);
      session = await connect();
    });
    after(async () => {
      await session?.close();
      await database?.stop();
    });
    const alive = async (): Promise<void> => { assert.equal(Number((await all(session.execute('SELECT 1', [], options)))[0]?.rows[0]?.[0]), 1); };

    test('rows come in pages, in order, with one end', async () => {
      const pages = await all(session.execute(flavour.series(2500), [], options));
      assert.deepEqual(pages.map((p) => p.rows.length).filter((n) => n > 0), [1000, 1000, 500]);
      assert.deepEqual(pages.flatMap((p) => p.rows.map((r) => Number(r[0]))), Array.from({ length: 2500 }, (_, i) => i + 1));
      assert.deepEqual(pages.map((p) => p.end).filter(Boolean), [{ truncated: false }]);
    });

    for (const [count, cap, truncated] of [[50, 20, true], [20, 20, false], [0, 20, false], [200_000, 1500, true]] as const) {
      test(`${count} rows under a cap of ${cap}`, async () => {
        const pages = await all(session.execute(count === 0 ? 'SELECT id FROM users WHERE id < 0' : flavour.series(count), [], { maxRows: cap, pageSize: 1000 }));
        assert.equal(pages.flatMap((p) => p.rows).length, Math.min(count, cap));
        assert.equal(pages.at(-1)?.end?.truncated, truncated);
        assert.equal(pages[0]?.columns.length, 1);
        await alive();
      });
    }

    test('parameters are bound, whatever they hold', async () => {
      const [page] = await all(session.execute(flavour.placeholders, ["'; DROP TABLE users; --", 41, true, null], options));
      const [a, b, c, d] = page?.rows[0] ?? [];
      assert.deepEqual([a, Number(b), Boolean(c), d], ["'; DROP TABLE users; --", 42, true, null]);
    });

    test('describe names columns and origins, and runs nothing', async () => {
      const described = await session.describe?.('SELECT ssn AS id, concat(email, \'!\') AS x FROM users');
      assert.deepEqual(described?.columns.map((c) => c.origin), [{ schema: flavour.schema, table: 'users', column: 'ssn' }, undefined]);
      const writable = await connect({ readOnly: false });
      await writable.describe?.(flavour.write);
      assert.equal((await all(writable.execute('SELECT id FROM users WHERE id = 9', [], options)))[0]?.rows.length, 0);
      await writable.close();
    });

    test('the result names the base column of each column', async () => {
      const [page] = await all(session.execute('SELECT u.ssn AS id, upper(u.email) AS e FROM users u', [], options));
      assert.deepEqual(page?.columns.map((c) => [c.name, c.origin?.table, c.origin?.column]), [['id', 'users', 'ssn'], ['e', undefined, undefined]]);
    });

    for (const [name, sql, code] of [
      ['a write', flavour.write, 'read-only'], ['a table', 'CREATE TABLE x (i int)', 'read-only'], ['dropping', 'DROP TABLE users', 'read-only'],
      ['two statements', 'SELECT 1; SELECT ssn FROM users', undefined], ['broken SQL', 'SELEC 1', 'syntax'], ['an unknown column', 'SELECT nope FROM users', 'syntax'],
    ] as const) {
      test(`read-only refuses ${name}, and goes on`, async () => {
        await assert.rejects(all(session.execute(sql, [], options)), code === undefined ? DatabaseError : failsAs(code));
        await alive();
        assert.equal((await all(session.execute('SELECT id FROM users', [], options)))[0]?.rows.length, 2);
      });
    }

    test('a writable session writes and tells how many rows', async () => {
      const writable = await connect({ readOnly: false });
      const [page] = await all(writable.execute("UPDATE users SET email = 'z' WHERE id = 2", [], options));
      assert.equal(page?.end?.affected, 1);
      await writable.close();
    });

    test('an abort cancels on the server, and the session goes on', async () => {
      const abort = new AbortController();
      const run = all(session.execute(flavour.sleep, [], { ...options, signal: abort.signal }));
      setTimeout(() => abort.abort(new DOMException('enough', 'AbortError')), 150); // by then the server sleeps
      await assert.rejects(run, /enough/);
      await alive();
    });

    test('the time-out cancels on the server', async () => {
      await assert.rejects(all(session.execute(flavour.sleep, [], { ...options, timeoutMs: 100 })), failsAs('timeout'));
      await alive();
    });

    test('leaving in the middle frees the session', async () => {
      for await (const page of session.execute(flavour.series(300_000), [], { ...options, maxRows: 300_000 })) { assert.equal(page.rows.length, 1000); break; }
      await alive();
    });

    for (const [name, change, password, code] of [
      ['a wrong password', {}, 'wrong', 'unauthorized'], ['a wrong database', { database: 'nope' }, undefined, 'no-database'],
      ['a wrong port', { port: 1 }, undefined, 'unreachable'], ['an unknown host', { host: 'no-such-host.invalid' }, undefined, 'unreachable'],
      ['TLS asked of a server without', { tls: 'verify' }, undefined, 'tls'],
    ] as const) {
      test(`${name} is told as such, without the password`, async () => {
        await assert.rejects(connect(change, password ?? database.password), (error: unknown) => {
          assert.ok(!String(error).includes(database.password));
          return failsAs(code)(error);
        });
      });
    }

    test('the session knows its user', () => { assert.match(session.databaseUser, flavour.name === 'MariaDB' ? /^owner@/ : /^postgres$/); });
  });
}
