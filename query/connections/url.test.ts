import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseConnectionUrl } from './url.ts';

const options = { id: 'c', environment: 'development', cwd: '/w' } as const;
for (const [text, expected, password] of [
  ['postgres://app:p%40ss@db.example.org:5433/shop?sslmode=verify-full', { dialect: 'postgresql', host: 'db.example.org', port: 5433, database: 'shop', user: 'app', tls: 'verify' }, 'p@ss'],
  ['postgresql://db/shop', { dialect: 'postgresql', host: 'db', database: 'shop' }, ''],
  ['postgres:///shop', { dialect: 'postgresql', host: 'localhost', database: 'shop' }, ''],
  ['postgres://[::1]:5432/shop?sslmode=prefer', { dialect: 'postgresql', host: '::1', port: 5432, database: 'shop' }, ''],
  ['mysql://root@localhost/shop?ssl-mode=DISABLED', { dialect: 'mysql', host: 'localhost', database: 'shop', user: 'root', tls: 'off' }, ''],
  ['mariadb://u:p@h/x?sslmode=require', { dialect: 'mariadb', host: 'h', database: 'x', user: 'u', tls: 'no-verify' }, 'p'],
  ['sqlserver://sa:p@h:1433?database=shop&trustServerCertificate=true', { dialect: 'sqlserver', host: 'h', port: 1433, database: 'shop', user: 'sa', tls: 'no-verify' }, 'p'],
  ['trino+https://ana@lake.example.org/hive', { dialect: 'trino', host: 'lake.example.org', database: 'hive', user: 'ana', tls: 'verify' }, ''],
  ['sqlite:data/shop.db', { dialect: 'sqlite', file: '/w/data/shop.db' }, ''],
  ['sqlite:///abs/shop.db?mode=ro', { dialect: 'sqlite', file: '/abs/shop.db' }, ''],
] as const) {
  test(`reads ${text}`, () => {
    assert.deepEqual(parseConnectionUrl(text, options), { ok: true, settings: { id: 'c', name: 'c', environment: 'development', ...expected }, password });
  });
}

for (const text of ['', 'db.example.org/shop', 'oracle://h/x', 'postgres://h:99999999/x', 'mysql://', 'sqlite:', 'postgres://u:p%zz@h/x', 'postgres://u:hunter2@h/x?sslmode=maybe']) {
  test(`refuses ${text || 'nothing'} and says why, without the URL`, () => {
    const parsed = parseConnectionUrl(text, options);
    assert.ok(!parsed.ok);
    assert.ok(parsed.message.length > 20 && !parsed.message.includes('hunter2'));
  });
}

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), fc.constantFrom('postgres://', 'sqlite:', 'mysql://', ''), (text, scheme) => { parseConnectionUrl(scheme + text, options); }));
});
