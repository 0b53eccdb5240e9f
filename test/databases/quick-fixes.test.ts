/** Quick fixes on sensitive statements, run on real databases: what is offered is valid, and what is called harmless shows nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, suite, test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import { apply } from '#core/statement/suggest.ts';
import type { Session } from '#query/drivers/driver.ts';
import { createMysqlDriver } from '#query/drivers/mysql.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { createSqliteDriver } from '#query/drivers/sqlite.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { builtinPacks } from '#rules';
import { persons, shownIn } from '../bypass/planted.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';

const detector = createDetector(builtinPacks(), createRe2());
const tools = await createStatementTools({});

/** In the words that all three databases take; `{…}` stands for a quoted name. */
const schema = [
  'CREATE TABLE customers (id int PRIMARY KEY, name varchar(60), email varchar(60), ssn varchar(20), phone varchar(30), city varchar(30), {Mixed} varchar(9), {order} varchar(9), {rank} int, {odd name} varchar(9), {system} varchar(9))',
  'CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int, status varchar(9))',
  'CREATE VIEW contact_list AS SELECT id, email AS contact, city FROM customers',
  ...persons.map((p) => `INSERT INTO customers VALUES (${p.id}, '${p.name}', '${p.email}', '${p.ssn}', '${p.phone}', '${p.city}', 'm', 'o', ${p.id}, 'n', 's')`),
  "INSERT INTO orders VALUES (1, 1, 5, 'paid'), (2, 2, 7, 'open')",
];
const statements = [
  'SELECT * FROM customers', 'SELECT * FROM customers;', 'SELECT * FROM customers -- everything', 'select *\nfrom customers\nwhere city = \'Lund\'', 'SELECT c.* FROM customers c', 'SELECT c.*, o.total FROM customers c JOIN orders o ON o.customer_id = c.id',
  'SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id', 'SELECT * FROM customers c, orders o WHERE o.customer_id = c.id', 'SELECT o.*, c.email FROM orders o LEFT JOIN customers c ON c.id = o.customer_id', 'SELECT id, ssn FROM customers', 'SELECT id, ssn FROM customers LIMIT 2',
  'SELECT id, ssn AS s FROM customers ORDER BY id', 'SELECT id, ssn AS s FROM customers ORDER BY s', 'SELECT ssn, id FROM customers ORDER BY 1', 'SELECT ssn, id FROM customers ORDER BY 2 DESC', 'SELECT DISTINCT ssn, city FROM customers ORDER BY ssn', 'SELECT DISTINCT city, email FROM customers',
  'SELECT city, count(*) AS n, max(ssn) AS m FROM customers GROUP BY city', 'SELECT city, max(ssn) FROM customers GROUP BY 1', 'SELECT ssn, city FROM customers GROUP BY 1, 2', 'SELECT ssn AS k, count(*) FROM customers GROUP BY ssn HAVING count(*) > 0', 'SELECT upper(email) AS e, city FROM customers WHERE city IS NOT NULL',
  'SELECT id, name, email, ssn, phone, city FROM customers', 'SELECT /* all */ id, /* the number */ ssn, city FROM customers', 'SELECT contact, city FROM contact_list', 'SELECT * FROM contact_list', 'SELECT x.s, x.id FROM (SELECT id, ssn AS s FROM customers) x', 'WITH t AS (SELECT id, email FROM customers) SELECT id, email FROM t',
  'SELECT id, (SELECT max(c.ssn) FROM customers c) AS m FROM orders', 'SELECT {Mixed}, {order}, email FROM customers', 'SELECT id, CASE WHEN city = \'Lund\' THEN ssn ELSE \'\' END AS c FROM customers', 'SELECT city FROM customers UNION SELECT email FROM customers', 'SELECT c.ssn FROM customers c ORDER BY ssn', 'SELECT email FROM customers WHERE id IN (SELECT customer_id FROM orders)',
  `SELECT id FROM customers WHERE email = '${persons[0]?.email}'`, `SELECT id, city FROM customers WHERE ssn = '${persons[1]?.ssn}' AND city = 'Graz'`, 'SELECT id, row_number() OVER (ORDER BY ssn) AS r FROM customers', 'SELECT min(email), max(email) FROM customers', 'SELECT email, city FROM customers ORDER BY city, email', 'SELECT id, email FROM customers ORDER BY id LIMIT 1 OFFSET 1',
];

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-fixes-'));
after(() => { rmSync(folder, { recursive: true, force: true }); });

interface Open { readonly session: Session; readonly close: () => Promise<void> }
async function server(start: typeof startPostgres | typeof startMariadb, connect: (started: Awaited<ReturnType<typeof startPostgres>>) => Promise<Session>, quote: string): Promise<Open> {
  const started = await start() as Awaited<ReturnType<typeof startPostgres>>;
  for (const sql of schema) await started.run(quoted(sql, quote));
  const session = await connect(started);
  return { session, close: async () => { await session.close(); await started.stop(); } };
}
const quoted = (sql: string, quote: string): string => sql.replace(/\{([^}]*)\}/g, `${quote}$1${quote}`);

const flavours: readonly { readonly name: string; readonly quote: string; readonly open: () => Promise<Open> }[] = [
  { name: 'PostgreSQL', quote: '"', open: () => server(startPostgres, (s) => createPostgresDriver().connect(s.settings, s.password), '"') },
  { name: 'MariaDB', quote: '`', open: () => server(startMariadb, (s) => createMysqlDriver('mariadb').connect(s.settings, s.password), '`') },
  {
    name: 'SQLite', quote: '"', async open() {
      const file = join(folder, 'shop.db');
      const database = new DatabaseSync(file);
      for (const sql of schema) database.exec(quoted(sql, '"'));
      database.close();
      const session = await createSqliteDriver(join(import.meta.dirname, '../../query/drivers/sqlite-process.ts')).connect({ id: 's', name: 's', dialect: 'sqlite', environment: 'staging', file }, '');
      return { session, close: () => session.close() };
    },
  },
];

for (const { name, quote, open } of flavours) {
  suite(name, () => {
    let opened: Open;
    let catalogue: Catalogue;
    let offered = 0;
    before(async () => {
      opened = await open();
      catalogue = await loadCatalogue(opened.session);
    });
    after(async () => { await opened?.close(); });
    const rowsOf = async (sql: string): Promise<string> => {
      const rows: unknown[] = [];
      for await (const page of opened.session.execute(sql, [], { maxRows: 1000, pageSize: 100, timeoutMs: 10_000 })) rows.push(...page.rows);
      return JSON.stringify(rows);
    };

    for (const template of statements) {
      const sql = quoted(template, quote);
      test(sql.replace(/\s+/g, ' '), async () => {
        const inventory = tools.inventory(detector, [], catalogue);
        const { dialect } = opened.session;
        await rowsOf(sql);
        const before = tools.analyser.facts(sql, dialect, catalogue, inventory);
        for (const suggestion of tools.analyser.suggest(sql, dialect, catalogue, inventory, detector)) {
          offered++;
          const changed = apply(sql, suggestion.edits);
          assert.notEqual(changed, sql);
          const facts = tools.analyser.facts(changed, dialect, catalogue, inventory);
          const reads = new Set(before.sensitive.map((s) => `${s.table}.${s.column}`));
          for (const s of facts.sensitive) assert.ok(reads.has(`${s.table}.${s.column}`), `${suggestion.kind} reads more than before: ${changed}`);
          if (suggestion.kind === 'literal-to-parameter') {
            assert.equal(facts.parameters.length, before.parameters.length + suggestion.edits.length);
            await opened.session.describe?.(changed);
            continue;
          }
          const shown = await rowsOf(changed).catch((error: unknown) => { throw new Error(`${suggestion.kind} is not valid: ${changed}\n${String(error)}`); });
          if (suggestion.harmless) assert.deepEqual(shownIn(shown), [], `${suggestion.kind} is called harmless: ${changed}`);
          // What is left out or masked in the list must not come back.
          if (suggestion.kind !== 'add-limit' && !before.sensitive.some((s) => s.use === 'filter')) assert.deepEqual(shownIn(shown), [], `${suggestion.kind} still shows values: ${changed}`);
        }
      });
    }
    test('there is something to try', () => { assert.ok(offered > 40, String(offered)); });
  });
}
