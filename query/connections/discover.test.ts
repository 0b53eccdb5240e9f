import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectionsIn, discoverConnections } from './discover.ts';

for (const [line, expected] of [
  ['DATABASE_URL=postgres://app:s3cret@db/shop', { variable: 'DATABASE_URL', dialect: 'postgresql', password: 's3cret' }],
  ['export SHOP_DB="mysql://u:pw0rd@h/x" # main', { variable: 'SHOP_DB', dialect: 'mysql', password: 'pw0rd' }],
  ["LITE='file:data/dev.db'", { variable: 'LITE', dialect: 'sqlite', password: '' }], ['LITE=sqlite:data/dev.db', { variable: 'LITE', dialect: 'sqlite', password: '' }],
  ['# DATABASE_URL=postgres://app@db/shop', undefined], ['API_URL=https://example.org', undefined], ['DB=postgres://${USER}@h/x', undefined], ['DB=postgres://h:99999999/x', undefined],
] as const) {
  test(`.env: ${line}`, () => {
    const [found] = connectionsIn(`A=1\n${line}\n`, '/w/.env', '/w');
    assert.deepEqual(found && { variable: found.variable, dialect: found.settings.dialect, password: found.password }, expected);
    if (found) {
      assert.equal(found.line, 2);
      assert.equal(found.settings.environment, 'production', 'the careful role until the user says otherwise');
      if (found.password !== '') assert.ok(!JSON.stringify(found.settings).includes(found.password));
    }
  });
}

test('files of the folder and one level below; templates are no connections', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-env-'));
  mkdirSync(path.join(folder, 'api'));
  for (const [name, db] of [['.env', 'a'], ['.env.local', 'b'], ['.env.example', 'c'], ['api/.env', 'd']] as const) writeFileSync(path.join(folder, name), `DATABASE_URL=postgres://h/${db}\n`);
  assert.deepEqual(discoverConnections(folder).map((d) => d.settings.database), ['a', 'b', 'd']);
  assert.equal(new Set(discoverConnections(folder).map((d) => d.settings.id)).size, 3);
  assert.deepEqual(discoverConnections(path.join(folder, 'none')), []);
  rmSync(folder, { recursive: true });
});
