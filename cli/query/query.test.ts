import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Writable } from 'node:stream';
import { type RunningBackend, startBackend } from '#backend/testing/sample.ts';
import { writeInventoryFile } from '#query/inventory/inventory-file.ts';
import { run } from '../program.ts';

let folder: string;
let backend: RunningBackend;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-cli-query-'));
  const db = new DatabaseSync(path.join(folder, 'shop.db'));
  db.exec("CREATE TABLE customers (id INTEGER, ssn TEXT, city TEXT); INSERT INTO customers VALUES (1, '536-22-8726', 'Basel'), (2, '457-55-5462', 'Lagos')");
  db.close();
  backend = await startBackend();
});
after(async () => {
  await backend.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function pii(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const sink = (take: (text: string) => void): Writable => new Writable({ write(chunk: Buffer, _encoding, done) { take(chunk.toString()); done(); } });
  const code = await run(args, {
    cwd: folder, here: path.join(import.meta.dirname, '..'), stdin: (async function* () { yield 'SELECT city FROM customers'; })(),
    stdout: sink((t) => { out += t; }), stderr: sink((t) => { err += t; }), colour: false, env: { PII_GATE_TOKEN: backend.tokens.dana }, stopped: () => new Promise(() => undefined),
  });
  return { code, out, err };
}
const shop = (...more: string[]): string[] => ['query', '--connection-url', 'sqlite:shop.db', ...more];

test('a harmless statement prints its rows, in each format', async () => {
  const sql = 'SELECT id, city FROM customers ORDER BY id';
  assert.equal((await pii(...shop('--format', 'csv', sql))).out, 'id,city\r\n1,Basel\r\n2,Lagos\r\n');
  assert.deepEqual(JSON.parse((await pii(...shop('--format', 'json', sql))).out), [{ id: 1, city: 'Basel' }, { id: 2, city: 'Lagos' }]);
  const table = await pii(...shop(sql));
  assert.equal(table.code, 0);
  assert.equal(table.out, 'id  city\n──  ─────\n1   Basel\n2   Lagos\n(2 rows)\n');
  assert.match((await pii(...shop('--format', 'csv', '-'))).out, /Basel/);
});

test('a sensitive one is masked where policy allows it, and asks elsewhere', async () => {
  const sql = 'SELECT id, ssn AS code FROM customers ORDER BY id';
  const staging = await pii(...shop('--environment', 'staging', '--backend', backend.url, '--format', 'csv', sql));
  assert.equal(staging.code, 0, staging.err);
  assert.match(staging.out, /^id,code\r\n1,/);
  assert.ok(!staging.out.includes('536-22-8726'));
  const production = await pii(...shop('--backend', backend.url, sql));
  assert.deepEqual([production.code, production.out], [3, '']);
  assert.match(production.err, /reason/);
  const alone = await pii(...shop(sql));
  assert.equal(alone.code, 3);
  assert.match(alone.err, /no approval backend/);
});

test('the inventory file is heard, and a broken one is told', async () => {
  const file = path.join(folder, '.pii-gate.inventory.yaml');
  writeFileSync(file, writeInventoryFile([{ table: 'customers', column: 'city', verdict: { entity: 'ADDRESS', category: 'user.contact.address', confidence: 1 }, source: 'user' }]));
  assert.equal((await pii(...shop('SELECT city FROM customers'))).code, 3);
  writeFileSync(file, 'tables: 5\n');
  const broken = await pii(...shop('SELECT city FROM customers'));
  assert.deepEqual([broken.code, broken.err.includes('.pii-gate.inventory.yaml:')], [2, true], broken.err);
  rmSync(file);
});

test('the program itself ends with the exit code', () => {
  for (const [sql, code] of [['SELECT city FROM customers', 0], ['SELECT ssn FROM customers', 3], ['SELEC 1', 2]] as const) {
    const ended = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../main.ts'), ...shop(sql)], { cwd: folder, encoding: 'utf8' });
    assert.equal(ended.status, code, ended.stderr);
  }
});

for (const [name, args, code, message] of [
  ['no database', ['query', 'SELECT 1'], 2, /--connection-url/],
  ['a URL of another kind', ['query', '--connection-url', 'oracle://h/x', 'SELECT 1'], 2, /postgres:\/\//],
  ['a file that is not there', ['query', '--connection-url', 'sqlite:none.db', 'SELECT 1'], 2, /no file/],
  ['broken SQL', ['query', '--connection-url', 'sqlite:shop.db', 'SELEC 1'], 2, /syntax/],
  ['a cut result', ['query', '--connection-url', 'sqlite:shop.db', '--max-rows', '1', 'SELECT id FROM customers'], 0, /Cut after 1 rows/],
] as const) {
  test(`${name} is told`, async () => {
    const outcome = await pii(...args);
    assert.equal(outcome.code, code, outcome.err);
    assert.match(outcome.err, message);
  });
}
