import { after } from 'node:test';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { startPostgres } from '../databases/postgres.ts';
import { checkCorpus } from './check.ts';
import { insertPersons, persons } from './planted.ts';
import { postgresqlCases } from './postgresql.cases.ts';
import { furtherPostgresqlCases } from './postgresql-further.cases.ts';

const server = await startPostgres();
after(() => server.stop());
const [first] = persons;

const schema = `
  DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS hidden CASCADE; CREATE SCHEMA public; CREATE SCHEMA hidden;
  CREATE TABLE customers (id int PRIMARY KEY, name text, email text, ssn text, phone text, city text, tail text GENERATED ALWAYS AS (right(ssn, 4)) STORED);
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total numeric, status text);
  CREATE TABLE products (id serial PRIMARY KEY, title text, price numeric);
  CREATE TABLE hidden.products (title text);
  CREATE TABLE digits (d text);
  CREATE TABLE notes (id int, body text);
  CREATE TABLE events (id int, payload jsonb);
  CREATE TABLE accounts (id int, ref text);
  CREATE TABLE salaries (id int, amount int);
  CREATE TABLE visits (id int, code text, year int) PARTITION BY LIST (year);
  CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES IN (2026);
  CREATE TABLE by_person (who text) PARTITION BY LIST (who); CREATE TABLE visits_lund PARTITION OF by_person FOR VALUES IN ('${first?.ssn}');
  CREATE TABLE visits_base (id int, code text); CREATE TABLE visits_old () INHERITS (visits_base);
  CREATE SEQUENCE orders_seq; CREATE INDEX conditional ON customers (id) WHERE ssn = '${first?.ssn}';
  CREATE VIEW contact_card AS SELECT id, email AS contact, city FROM customers;
  CREATE VIEW contact_again (id, c) AS SELECT id, lower(contact) FROM contact_card;
  CREATE VIEW everything (v) AS SELECT title FROM products UNION ALL SELECT ssn FROM customers;
  CREATE VIEW row_view AS SELECT row_to_json(c) AS j FROM customers c;
  CREATE VIEW filtered AS SELECT id FROM customers WHERE ssn LIKE '5%';
  CREATE MATERIALIZED VIEW kept AS SELECT ssn AS m FROM customers WITH NO DATA;
  CREATE FUNCTION get_ssn(int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM customers WHERE id = $1';
  CREATE FUNCTION all_ssn() RETURNS SETOF text LANGUAGE sql AS 'SELECT ssn FROM customers';
  CREATE FUNCTION round(int, boolean) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM customers LIMIT 1';
  CREATE FUNCTION secret_of(orders) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM customers WHERE id = $1.customer_id';
  CREATE FUNCTION pair(int, int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM customers LIMIT 1';
  CREATE OPERATOR ## (LEFTARG = int, RIGHTARG = int, FUNCTION = pair);
  CREATE TYPE taking AS (a int);
  CREATE FUNCTION known(text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT 1 FROM customers WHERE ssn = $1)';
  CREATE DOMAIN guess AS text CHECK (known(VALUE));
  CREATE FUNCTION add_one(text, int) RETURNS text LANGUAGE sql AS $f$ SELECT concat($1, (SELECT ssn FROM customers WHERE id = $2)) $f$;
  CREATE AGGREGATE collect(int) (SFUNC = add_one, STYPE = text);
  CREATE PROCEDURE give(INOUT a text) LANGUAGE sql AS 'SELECT ssn FROM customers LIMIT 1';
  CREATE VIEW function_view AS SELECT get_ssn(1) AS a;
  CREATE VIEW statistics_view AS SELECT histogram_bounds::text AS v FROM pg_stats WHERE tablename = 'customers';
  CREATE FUNCTION max(int, int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM customers LIMIT 1';
  CREATE TABLE generate_series (a text); CREATE TABLE confusing (id int, "ID" text, "a.b" text); CREATE TABLE "odd""name" (title text); CREATE TABLE pg_class (relname text);
  ${insertPersons.join(';\n')};
  INSERT INTO orders VALUES (1, 1, 9.5, 'paid'), (2, 2, 3, 'open');
  INSERT INTO products (title, price) VALUES ('lamp', 20), ('chair', 40);
  INSERT INTO hidden.products SELECT ssn FROM customers; INSERT INTO generate_series SELECT ssn FROM customers; INSERT INTO confusing SELECT id, ssn, ssn FROM customers; INSERT INTO "odd""name" SELECT ssn FROM customers; INSERT INTO public.pg_class SELECT ssn FROM customers;
  INSERT INTO digits SELECT g::text FROM generate_series(0, 9) g;
  INSERT INTO notes VALUES (1, 'please write to ${first?.email} about the chair');
  INSERT INTO events VALUES (1, '{"contact": {"email": "${first?.email}", "ssn": "${first?.ssn}"}}');
  INSERT INTO accounts VALUES (1, '${first?.name}');
  INSERT INTO salaries VALUES (1, 5);
  INSERT INTO visits VALUES (1, '${first?.ssn}', 2026); INSERT INTO visits_old VALUES (1, '${first?.ssn}');
  REFRESH MATERIALIZED VIEW kept;
  ANALYZE;
`;
await server.run(schema);

const driver = createPostgresDriver();
checkCorpus({
  name: 'postgresql', cases: [...postgresqlCases, ...furtherPostgresqlCases],
  entries: [
    { table: 'accounts', column: 'ref', verdict: { entity: 'PERSON', category: 'user.name' }, source: 'policy' },
    { table: 'salaries', verdict: { entity: 'SALARY', category: 'user.financial' }, source: 'policy' },
    { schema: 'hidden', table: 'products', column: 'title', verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' },
    ...[['generate_series', 'a'], ['confusing', 'ID'], ['confusing', 'a.b'], ['odd"name', 'title'], ['pg_class', 'relname']].map(([table = '', column = '']) => ({ schema: 'public', table, column, verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' as const })),
    { table: 'visits', column: 'code', verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' },
    { table: 'visits_base', column: 'code', verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' },
  ],
  connect: (readOnly) => driver.connect({ ...server.settings, environment: 'production', readOnly }, server.password),
  replant: () => server.run(schema),
});
