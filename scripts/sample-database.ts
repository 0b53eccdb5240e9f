/** The sample shop: people who do not exist, in a real SQLite file. Deterministic, so that screenshots and tests agree. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Faker, en, en_US } from '@faker-js/faker';

const customerCount = 12_000;
const orderCount = 30_000;
const statuses = ['paid', 'shipped', 'returned', 'open'];

/** Writes the sample database to `path` unless it is there already. Returns whether it was made. */
export function makeSampleDatabase(path: string): boolean {
  if (existsSync(path)) return false;
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const faker = new Faker({ locale: [en_US, en], seed: 20261122 });
  const refDate = new Date('2026-11-01T00:00:00Z');
  const database = new DatabaseSync(draft);
  database.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT, ssn TEXT, date_of_birth TEXT, city TEXT, plan TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE products (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), product_id INTEGER NOT NULL REFERENCES products(id), total REAL NOT NULL, status TEXT NOT NULL, note TEXT, created_at TEXT NOT NULL);
    CREATE VIEW customer_contacts AS SELECT id, name AS label, email AS contact FROM customers;
    BEGIN;
  `);
  const customer = database.prepare('INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?)');
  for (let id = 1; id <= customerCount; id++) {
    const first = faker.person.firstName();
    const last = faker.person.lastName();
    // Area 900-999 and 666 are never issued; 001-665 are. The serial keeps every row distinct.
    const ssn = `${String(faker.number.int({ min: 1, max: 665 })).padStart(3, '0')}-${String(faker.number.int({ min: 1, max: 99 })).padStart(2, '0')}-${String(1 + (id % 9999)).padStart(4, '0')}`;
    customer.run(
      id, `${first} ${last}`, faker.internet.email({ firstName: first, lastName: last, provider: faker.helpers.arrayElement(['fastmail.com', 'posteo.de', 'proton.me']) }).toLowerCase(),
      faker.phone.number({ style: 'international' }), ssn, faker.date.birthdate({ refDate, min: 18, max: 90, mode: 'age' }).toISOString().slice(0, 10),
      faker.helpers.arrayElement(['Lyon', 'Porto', 'Leipzig', 'Utrecht', 'Turin', 'Gdansk', 'Malmo', 'Seville', 'Graz', 'Bristol', 'Austin', 'Portland']),
      faker.helpers.arrayElement(['free', 'team', 'business']), faker.date.past({ years: 3, refDate }).toISOString().slice(0, 19).replace('T', ' '),
    );
  }
  const product = database.prepare('INSERT INTO products VALUES (?,?,?)');
  for (let id = 1; id <= 200; id++) product.run(id, faker.commerce.productName(), Number(faker.commerce.price()));
  const order = database.prepare('INSERT INTO orders VALUES (?,?,?,?,?,?,?)');
  for (let id = 1; id <= orderCount; id++) {
    order.run(
      id, faker.number.int({ min: 1, max: customerCount }), faker.number.int({ min: 1, max: 200 }), Number(faker.commerce.price({ max: 900 })),
      faker.helpers.arrayElement(statuses), null, faker.date.past({ years: 2, refDate }).toISOString().slice(0, 19).replace('T', ' '),
    );
  }
  database.exec('COMMIT; CREATE INDEX orders_customer ON orders(customer_id);');
  database.close();
  // A crash half way must not leave a file that looks finished.
  renameSync(draft, path);
  return true;
}
