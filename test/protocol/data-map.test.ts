/** The data map: what the database holds, and a person's word on it. Over real JSON-RPC, with a real file. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CorrectInventoryParams, type CorrectInventoryResult, type InventoryColumn, type InventoryResult, method, type RunState, type ScanInventoryResult } from '#core/wire/protocol.ts';
import { GateClient } from './gate-client.ts';

let client: GateClient;
let file = '';
let folder = '';
before(async () => {
  client = await GateClient.start();
  folder = pathToFileURL(client.folder).href;
  file = path.join(client.folder, '.pii-gate.inventory.yaml');
});
after(async () => {
  await client.stop();
  assert.deepEqual(client.log, [], 'no handler failed unexpectedly');
});

const correct = (change: Partial<CorrectInventoryParams>): Promise<CorrectInventoryResult> =>
  client.request(method.correctInventory, { connectionId: 'production', table: 'customers', column: 'city', verdict: null, folder, ...change });
async function column(table: string, name: string): Promise<InventoryColumn | undefined> {
  const { tables } = await client.request<InventoryResult>(method.inventory, { connectionId: 'production' });
  return tables.find((t) => t.name === table)?.columns.find((c) => c.name === name);
}
const state = async (sql: string): Promise<RunState['state']> => (await client.run(sql)).state.state;

test('"this is personal": the statement that ran asks from then on', async () => {
  assert.equal(await state('SELECT status FROM orders'), 'done');
  const done = await correct({ table: 'orders', column: 'STATUS', verdict: { entity: 'PERSON' }, why: 'names of couriers, like marta.keller@acme-corp.io' });
  assert.deepEqual(done, { uri: pathToFileURL(file).href, created: true });
  assert.deepEqual(await column('orders', 'status').then((c) => [c?.entity, c?.source]), ['PERSON', 'user']);
  assert.equal(await state('SELECT status FROM orders'), 'needs-approval');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /status: \{ entity: PERSON, category: user\.\S*, by: user, who: dana, on: \d{4}-\d\d-\d\d, why: .*couriers/);
  assert.ok(!text.includes('marta.keller'), 'no value is kept, not even in a reason');
});

test('"not personal data": the statement that asked runs, and the file keeps what people wrote', async () => {
  assert.equal(await state('SELECT phone FROM customers'), 'needs-approval');
  writeFileSync(file, `# kept by the shop team\n${readFileSync(file, 'utf8')}`);
  const done = await correct({ column: 'phone', why: 'the shop\'s own line' });
  assert.equal(done.created, false);
  assert.equal((await column('customers', 'phone'))?.entity, undefined);
  assert.notEqual(await state('SELECT phone FROM customers'), 'needs-approval');
  assert.ok(readFileSync(file, 'utf8').startsWith('# kept by the shop team\n'));
  assert.deepEqual(readdirSync(client.folder).filter((n) => n.endsWith('.tmp')), [], 'nothing is left beside the file');
});

test('a scan into the same folder keeps corrections and comments', async () => {
  const scanned = await client.request<ScanInventoryResult>(method.scanInventory, { connectionId: 'production', folder });
  assert.match(scanned.text, /^# kept by the shop team/);
  assert.match(scanned.text, /phone: \{ personal: false, by: user, who: dana/);
  assert.match(scanned.text, /ssn: \{ entity: US_SSN/);
});

for (const [name, change, prepare, says] of [
  ['a column that is not there', { column: 'nope' }, () => undefined, /no column customers\.nope/],
  ['a file that is broken', {}, () => writeFileSync(file, 'version: 1\ntables: ['), /problem in line/],
  ['a folder that is not on disk', { folder: 'vscode-vfs://github/a/b' }, () => undefined, /on this disk/],
  ['an entity that is none', { verdict: { entity: 'not an id' } }, () => undefined, /such as EMAIL_ADDRESS/],
] as const) {
  test(`${name} is refused, and the file stays`, async () => {
    prepare();
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    await assert.rejects(correct(change), says);
    assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : undefined, before);
    rmSync(file, { force: true });
  });
}

test('changes that are not saved are not written over', async () => {
  writeFileSync(file, 'version: 1\ntables: {}\n');
  const uri = pathToFileURL(file).href;
  await client.open(uri, 'version: 1\ntables: {} # mine\n');
  await assert.rejects(correct({}), /Save it first/);
  assert.equal(readFileSync(file, 'utf8'), 'version: 1\ntables: {}\n');
});
