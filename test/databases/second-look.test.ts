/** The planner's second look: what it sees without our parser, and that a disagreement makes a statement ask and mask. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { Session } from '#query/drivers/driver.ts';
import { createMysqlDriver } from '#query/drivers/mysql.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { judgePage } from '#query/results/mask-pages.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { type Understanding, understand, withPlan } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const detector = createDetector(builtinPacks(), createRe2());
const tools = await createStatementTools({});

async function look(session: Session, sql: string, seen: Catalogue): Promise<{ first: Understanding; second: Understanding }> {
  const first = understand(sql, { analyser: tools.analyser, detector, catalogue: seen, inventory: tools.inventory(detector, [], seen), dialect: session.dialect });
  return { first, second: await withPlan(first, session) };
}
const short = (columns: readonly { readonly table: string; readonly column: string }[] | undefined): readonly string[] => [...new Set((columns ?? []).map((c) => `${c.table}.${c.column}`))].sort();
/** A catalogue that was read before a view changed: the parser's word is out of date then. */
function outOfDate(catalogue: Catalogue, view: string, viewSql: string): Catalogue {
  const stale = (t: ReturnType<Catalogue['resolve']>): ReturnType<Catalogue['resolve']> => (t?.name === view ? { ...t, viewSql } : t);
  return { ...catalogue, tables: () => catalogue.tables().map((t) => stale(t) ?? t), resolve: (...name) => stale(catalogue.resolve(...name)) };
}

const schema = [
  'CREATE TABLE customers (id int PRIMARY KEY, ssn varchar(20), email varchar(60), city varchar(30))', 'CREATE TABLE orders (id int, customer_id int, status varchar(9))',
  "INSERT INTO customers VALUES (1, '536-22-8726', 'marta.keller@acme-corp.io', 'Basel'), (2, '457-55-5463', 'j.oduya@acme-corp.io', 'Lagos')",
  'CREATE VIEW contact_list AS SELECT id, email AS contact, city FROM customers', 'CREATE VIEW nested (id, c) AS SELECT id, upper(contact) FROM contact_list', "CREATE VIEW five AS SELECT id FROM customers WHERE ssn LIKE '5%'",
];

for (const { name, start, driver, reads } of [
  {
    name: 'PostgreSQL', start: startPostgres, driver: createPostgresDriver(),
    reads: [
      ['SELECT contact FROM contact_list', 'customers.email'], ['SELECT c FROM nested', 'customers.email'], ['SELECT id FROM five', 'customers.id customers.ssn'], ['SELECT count(*) FROM customers', ''], ['SELECT ssn AS id FROM customers WHERE id = 1', 'customers.id customers.ssn'],
      ['SELECT id FROM customers ORDER BY ssn', 'customers.id customers.ssn'], ['SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id', 'customers.id orders.customer_id orders.id'], ['SELECT status FROM orders UNION SELECT ssn FROM customers', 'customers.ssn orders.status'],
      ['SELECT (SELECT max(ssn) FROM customers) AS a FROM orders', 'customers.ssn'], ['SELECT c FROM customers c', 'customers.city customers.email customers.id customers.ssn'], ['WITH t AS (SELECT * FROM customers) SELECT count(*) FROM t', ''], ['SELECT x.a FROM (SELECT ssn AS a FROM customers LIMIT 3) x', 'customers.ssn'],
      ['SELECT city, count(*) FROM customers GROUP BY city HAVING max(email) > \'a\'', 'customers.city customers.email'], ['SELECT id FROM orders WHERE status = $1', 'orders.id orders.status'], ['SELECT rank() OVER (ORDER BY ssn) FROM customers', 'customers.ssn'],
      ['SELECT city FROM customers TABLESAMPLE BERNOULLI (50)', 'customers.city'], ['SELECT "secret id" FROM partitioned', 'first_part.secret id second_part.secret id'], ['SELECT id FROM guarded', 'guarded.id guarded.ssn'],
    ],
  },
  {
    name: 'MariaDB', start: startMariadb, driver: createMysqlDriver('mariadb'),
    reads: [
      ['SELECT contact FROM contact_list', 'customers.email'], ['SELECT c FROM nested', 'customers.email'], ['SELECT id FROM five', 'customers.id customers.ssn'], ['SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id', 'customers.id orders.customer_id orders.id'],
      ['SELECT status FROM orders UNION SELECT ssn FROM customers', 'customers.ssn orders.status'], ['SELECT x.a FROM (SELECT ssn AS a FROM customers LIMIT 3) x', 'customers.ssn'], ['SELECT (SELECT max(ssn) FROM customers) AS a FROM orders', 'customers.ssn'],
    ],
  },
] as const) {
  suite(name, () => {
    let database: StartedDatabase;
    let session: Session;
    let catalogue: Catalogue;
    before(async () => {
      database = await start();
      for (const sql of schema) await database.run(sql);
      if (name === 'PostgreSQL') {
        for (const sql of [
          'CREATE TABLE partitioned (k int, "secret id" text) PARTITION BY LIST (k)', 'CREATE TABLE first_part PARTITION OF partitioned FOR VALUES IN (1)', 'CREATE TABLE second_part PARTITION OF partitioned FOR VALUES IN (2)',
          'CREATE TABLE guarded (id int, ssn text)', 'ALTER TABLE guarded ENABLE ROW LEVEL SECURITY', 'ALTER TABLE guarded FORCE ROW LEVEL SECURITY', "CREATE POLICY own ON guarded USING (ssn LIKE '5%')",
          "CREATE ROLE reader LOGIN PASSWORD 'reader-of-tests'", 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader',
        ]) await database.run(sql);
      }
      session = await driver.connect(name === 'PostgreSQL' ? { ...database.settings, user: 'reader' } : database.settings, name === 'PostgreSQL' ? 'reader-of-tests' : database.password);
      catalogue = await loadCatalogue(session);
    });
    after(async () => {
      await session?.close();
      await database?.stop();
    });

    for (const [sql, columns] of reads) {
      test(`planned: ${sql}`, async () => {
        const planned = await session.plannedReads?.(sql, /[$?]/.test(sql) ? 1 : 0);
        const existing = (planned ?? []).filter((c) => c.column === '*' || catalogue.resolve(c.schema, c.table, { schema: true, table: true })?.columns.some((known) => known.name === c.column));
        const whole = existing.flatMap((c) => (c.column === '*' ? (catalogue.resolve(c.schema, c.table)?.columns ?? []).map((known) => ({ table: c.table, column: known.name })) : [c]));
        assert.equal(short(whole).join(' '), columns);
      });
    }

    test('agreement adds nothing: what is harmless stays so', async () => {
      for (const sql of ['SELECT id, city FROM customers', 'SELECT city FROM contact_list', 'SELECT count(*) FROM customers', 'SELECT status, count(*) FROM orders GROUP BY 1']) {
        const { first, second } = await look(session, sql, catalogue);
        assert.equal(first.assessment.sensitive, false, `${sql}: ${JSON.stringify(first.assessment)}`);
        assert.equal(second, first, sql);
      }
    });

    test('a disagreement asks, and every column is masked', async () => {
      const stale = outOfDate(catalogue, 'contact_list', 'SELECT id, city AS contact, city FROM customers');
      const { first, second } = await look(session, 'SELECT contact, id FROM contact_list', stale);
      assert.equal(first.assessment.sensitive, false, 'by the parser and the old catalogue alone it would run');
      assert.equal(second.assessment.sensitive, true);
      assert.deepEqual(second.facts.sensitive.map((s) => `${s.table}.${s.column} ${s.entity}`), ['customers.email EMAIL_ADDRESS']);
      const columns = [{ name: 'contact', databaseType: 'text' }, { name: 'id', databaseType: 'int' }];
      assert.deepEqual(judgePage(columns, [['x', 1]], { understood: second, detector }).map((v) => v.masked), [true, true]);
    });

    test('nothing opaque is planned, nor a write, nor several statements', async () => {
      let asked = 0;
      const counting: Session = Object.create(session, { plannedReads: { value: () => { asked++; return Promise.resolve(undefined); } } }) as Session;
      for (const sql of ['SELECT no_such_function(city) FROM customers', 'DELETE FROM customers', 'SELECT 1; SELECT id FROM customers', 'SELECT nope FROM no_such_table']) await look(counting, sql, catalogue);
      assert.equal(asked, 0);
      await look(counting, 'SELECT city FROM contact_list', catalogue);
      assert.equal(asked, 1);
    });

    test('what the server does not plan leaves the first look as it is', async () => {
      assert.equal(await session.plannedReads?.('SELEC 1', 0), undefined);
      assert.equal(await session.plannedReads?.('SELECT 1; SELECT ssn FROM customers', 0), undefined);
      assert.equal(await session.plannedReads?.('SELECT $1; SELECT ssn FROM customers', 1), undefined);
    });
  });
}
