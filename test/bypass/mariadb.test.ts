import { after } from 'node:test';
import { createMysqlDriver } from '#query/drivers/mysql.ts';
import { startMariadb } from '../databases/mariadb.ts';
import { checkCorpus } from './check.ts';
import { mariadbCases } from './mariadb.cases.ts';
import { furtherMariadbCases } from './mariadb-further.cases.ts';
import { insertPersons, persons } from './planted.ts';

const server = await startMariadb();
after(() => server.stop());
const [first] = persons;

const schema = `
  DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS hidden; CREATE DATABASE hidden; CREATE DATABASE shop; USE shop;
  CREATE TABLE customers (id int PRIMARY KEY, name varchar(60), email varchar(60), phone varchar(30), ssn varchar(20), city varchar(30), tail varchar(4) AS (right(ssn, 4)) STORED, FULLTEXT (name));
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total decimal(9, 2), status varchar(9) DEFAULT 'open');
  CREATE TABLE products (id int PRIMARY KEY AUTO_INCREMENT, title varchar(60), price decimal(9, 2));
  CREATE TABLE Products (title varchar(60));
  CREATE TABLE hidden.products (title varchar(60));
  CREATE TABLE digits (d varchar(1));
  CREATE TABLE cards (card_number bigint PRIMARY KEY, label varchar(9));
  CREATE TABLE notes (id int, body text);
  CREATE TABLE events (id int, payload json);
  CREATE TABLE accounts (id int, ref varchar(60));
  CREATE TABLE salaries (id int, amount int);
  CREATE VIEW contact_card AS SELECT id, email AS contact, city FROM customers;
  CREATE VIEW contact_again (id, c) AS SELECT id, lower(contact) FROM contact_card;
  CREATE VIEW filtered AS SELECT id FROM customers WHERE ssn LIKE '5%';
  CREATE FUNCTION get_ssn(i int) RETURNS varchar(20) READS SQL DATA RETURN (SELECT ssn FROM customers WHERE id = i);
  CREATE FUNCTION soundex(i int) RETURNS varchar(20) READS SQL DATA RETURN (SELECT ssn FROM customers WHERE id = i);
  CREATE PROCEDURE give() SELECT ssn AS a FROM customers;
  CREATE TABLE odd (\`a\`\`b\` varchar(20), \`c.d\` varchar(20), 1a varchar(20), \`select\` varchar(20), $x varchar(20)); CREATE TABLE \`-- x\` (a varchar(20));
  CREATE TABLE versioned (id int, code varchar(20)) WITH SYSTEM VERSIONING; CREATE TABLE parted (id int, code varchar(20)) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (99)); CREATE SEQUENCE numbers;
  CREATE VIEW derived_view AS SELECT d.title FROM (SELECT ssn AS title FROM customers LIMIT 9) d;
  CREATE ALGORITHM = TEMPTABLE VIEW temptable_view AS SELECT lower(email) AS c FROM customers;
  CREATE VIEW union_view (v) AS SELECT title FROM products UNION ALL SELECT ssn FROM customers;
  CREATE VIEW function_view AS SELECT get_ssn(1) AS a;
  ${insertPersons.join(';\n')};
  INSERT INTO orders VALUES (1, 1, 9.5, 'paid'), (2, 2, 3, 'open');
  INSERT INTO products (title, price) VALUES ('lamp', 20), ('chair', 40);
  INSERT INTO Products SELECT ssn FROM customers; INSERT INTO hidden.products SELECT ssn FROM customers;
  INSERT INTO digits VALUES ('0'), ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9');
  INSERT INTO odd SELECT ssn, ssn, ssn, ssn, ssn FROM customers; INSERT INTO \`-- x\` SELECT ssn FROM customers; INSERT INTO versioned SELECT id, ssn FROM customers; INSERT INTO parted SELECT id, ssn FROM customers;
  INSERT INTO cards VALUES (4556737586899855, 'old');
  INSERT INTO notes VALUES (1, 'please write to ${first?.email} about the chair');
  INSERT INTO events VALUES (1, '{"contact": {"email": "${first?.email}", "ssn": "${first?.ssn}"}}');
  INSERT INTO accounts VALUES (1, '${first?.name}');
  INSERT INTO salaries VALUES (1, 5);
`;
await server.run(schema);

const driver = createMysqlDriver('mariadb');
checkCorpus({
  name: 'mariadb', cases: [...mariadbCases, ...furtherMariadbCases],
  entries: [
    { table: 'accounts', column: 'ref', verdict: { entity: 'PERSON', category: 'user.name' }, source: 'policy' },
    ...['odd', '-- x', 'versioned', 'parted'].flatMap((table) => ['a`b', 'c.d', '1a', 'select', '$x', 'a', 'code'].map((column) => ({ table, column, verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' as const }))),
    { table: 'salaries', verdict: { entity: 'SALARY', category: 'user.financial' }, source: 'policy' },
    { schema: 'hidden', table: 'products', column: 'title', verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' },
  ],
  connect: (readOnly) => driver.connect({ ...server.settings, environment: 'production', readOnly }, server.password),
  replant: () => server.run(schema),
});
