import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after } from 'node:test';
import { createSqliteDriver } from '#query/drivers/sqlite.ts';
import { checkCorpus } from './check.ts';
import { insertPersons, persons } from './planted.ts';
import { sqliteCases } from './sqlite.cases.ts';
import { furtherSqliteCases } from './sqlite-further.cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-bypass-'));
const file = join(folder, 'shop.db');
after(() => { rmSync(folder, { recursive: true }); });

const [first] = persons;
const schema = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, ssn TEXT, city TEXT, code TEXT GENERATED ALWAYS AS (substr(ssn, 1, 6)));
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total REAL, status TEXT);
  CREATE TABLE products (id INTEGER PRIMARY KEY, title TEXT, price REAL);
  CREATE TABLE digits (d TEXT);
  CREATE TABLE cards (card_number INTEGER PRIMARY KEY, label TEXT);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
  CREATE TABLE events (id INTEGER PRIMARY KEY, payload TEXT);
  CREATE TABLE accounts (id INTEGER PRIMARY KEY, ref TEXT);
  CREATE TABLE salaries (id INTEGER PRIMARY KEY, amount INTEGER);
  CREATE VIEW contact_card AS SELECT id, email AS contact, city FROM customers;
  CREATE VIEW contact_again (id, c) AS SELECT id, lower(contact) FROM contact_card;
  CREATE VIEW lundians AS SELECT id FROM customers WHERE ssn LIKE '5%';
  CREATE VIRTUAL TABLE search_index USING fts5(person, remark);
  CREATE VIRTUAL TABLE terms USING fts5vocab(search_index, row);
  CREATE VIRTUAL TABLE outside_index USING fts5(name, city, content=customers, content_rowid=id);
  CREATE TABLE odd ("a.b" TEXT, "c""d" TEXT, "select" TEXT, "é" TEXT); CREATE TABLE "-- x" (a TEXT);
  ${insertPersons.join(';\n')};
  INSERT INTO orders VALUES (1, 1, 9.5, 'paid'), (2, 2, 3, 'open');
  INSERT INTO products (title, price) VALUES ('lamp', 20), ('chair', 40);
  INSERT INTO digits VALUES ('0'), ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9');
  INSERT INTO cards VALUES (4556737586899855, 'old');
  INSERT INTO notes (body) VALUES ('please write to ${first?.email} about the chair');
  INSERT INTO events (payload) VALUES ('{"contact": {"email": "${first?.email}", "ssn": "${first?.ssn}"}}');
  INSERT INTO accounts (ref) VALUES ('${first?.name}');
  INSERT INTO salaries VALUES (1, 5);
  INSERT INTO outside_index (outside_index) VALUES ('rebuild'); INSERT INTO odd SELECT ssn, ssn, ssn, ssn FROM customers; INSERT INTO "-- x" SELECT ssn FROM customers;
  INSERT INTO search_index VALUES ('${first?.name}', 'x');
  ANALYZE;
`;

function plant(): void {
  rmSync(file, { force: true });
  const database = new DatabaseSync(file);
  database.exec(schema);
  database.close();
}
plant();

const driver = createSqliteDriver(join(import.meta.dirname, '../../query/drivers/sqlite-process.ts'));
checkCorpus({
  name: 'sqlite', cases: [...sqliteCases, ...furtherSqliteCases],
  entries: [
    { table: 'accounts', column: 'ref', verdict: { entity: 'PERSON', category: 'user.name' }, source: 'policy' },
    { table: 'search_index', column: 'person', verdict: { entity: 'PERSON', category: 'user.name' }, source: 'policy' },
    ...['a.b', 'c"d', 'select', 'é', 'a'].flatMap((column) => ['odd', '-- x'].map((table) => ({ table, column, verdict: { entity: 'US_SSN', category: 'user.government_id' }, source: 'policy' as const }))),
    { table: 'salaries', verdict: { entity: 'SALARY', category: 'user.financial' }, source: 'policy' },
  ],
  connect: (readOnly) => driver.connect({ id: 'bypass', name: 'bypass', dialect: 'sqlite', environment: 'production', file, readOnly }, ''),
  replant: async () => { plant(); },
});
