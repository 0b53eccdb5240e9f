import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConnectionUrl } from './connection-url.ts';

const good: readonly (readonly [url: string, settings: Readonly<Record<string, unknown>>, password?: string])[] = [
  ['postgres://app:s%40fe@db.local:6432/shop?sslmode=verify-full', { dialect: 'postgresql', host: 'db.local', port: 6432, database: 'shop', user: 'app', tls: 'verify' }, 's@fe'],
  ['postgresql://db.local/shop?sslmode=disable', { dialect: 'postgresql', host: 'db.local', database: 'shop', tls: 'off' }],
  ['mysql://root@127.0.0.1/', { dialect: 'mysql', host: '127.0.0.1', user: 'root' }],
  ['mariadb://h:3307/a%20b?ssl-mode=REQUIRED', { dialect: 'mariadb', host: 'h', port: 3307, database: 'a b', tls: 'no-verify' }],
  ['sqlserver://sa@[::1]:1433/master', { dialect: 'sqlserver', host: '[::1]', port: 1433, database: 'master', user: 'sa' }],
  ['trino://h:80/hive', { dialect: 'trino', host: 'h', port: 80, database: 'hive' }],
  ['sqlite:///var/data/shop.db', { dialect: 'sqlite', file: '/var/data/shop.db' }],
  ['file:shop.db?mode=ro', { dialect: 'sqlite', file: 'shop.db' }],
];

test('a URL becomes settings, its password stays apart', () => {
  for (const [url, settings, password] of good) {
    const parsed = parseConnectionUrl(url);
    assert.ok(parsed.ok, url);
    assert.deepEqual(parsed.settings, settings, url);
    assert.equal(parsed.password, password, url);
    assert.ok(password === undefined || !JSON.stringify(parsed.settings).includes(password));
  }
});

test('what is no database URL is refused without being repeated', () => {
  for (const url of ['', 'shop', 'https://example.com', 'postgres://', 'postgres://a:topsecret@', 'mysql://u:topsecret@h:99999/x', 'sqlite:']) {
    const parsed = parseConnectionUrl(url);
    assert.ok(!parsed.ok, url);
    assert.ok(!parsed.why.includes('topsecret'), url);
  }
});
