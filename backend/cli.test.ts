/** The commands on real folders: a first start, a trail that was tampered with on disk, a bad policy. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { auditVerify, backupStore, policyCheck, printNewToken, serve } from './cli.ts';
import { openKey } from './keys/key-files.ts';
import { sampleRequest, startBackend } from './testing/sample.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-cli-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function io() {
  const out: string[] = [];
  const err: string[] = [];
  return { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), text: () => [...out, ...err].join('\n') };
}

test('a first start makes a user, keys for the owner only, and says where it answers', async () => {
  const dataDir = join(folder, 'first');
  const log = io();
  const { backend, firstToken } = await serve({ dataDir }, log);
  try {
    assert.match(log.text(), /http:\/\/127\.0\.0\.1:\d+/);
    const me = await fetch(`${backend.url}/v1/me`, { headers: { authorization: `Bearer ${firstToken}` } });
    assert.equal(((await me.json()) as { id: string }).id, 'local');
    assert.ok(!readFileSync(join(dataDir, 'users.yaml'), 'utf8').includes(firstToken ?? '-'));
    for (const file of ['users.yaml', 'keys/grants.jwk', 'keys/audit.jwk', 'gate.db']) assert.equal(statSync(join(dataDir, file)).mode & 0o077, 0, file);
  } finally {
    await backend.close();
  }
  const again = await serve({ dataDir }, io());
  assert.equal(again.firstToken, undefined);
  await again.backend.close();
});

test('a key that others may read is refused', async () => {
  const path = join(folder, 'loose.jwk');
  await openKey(path);
  chmodSync(path, 0o644);
  await assert.rejects(openKey(path), /chmod 600/);
});

test('audit verify: good, edited in the store, cut off, and with a key that is not the one', async () => {
  const dataDir = join(folder, 'audited');
  const gate = await startBackend({ dataDir });
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment: 'staging' }));
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  await gate.backend.close();
  const verify = async (more: object = {}): Promise<[number, string]> => {
    const log = io();
    return [await auditVerify({ dataDir, ...more }, log), log.text()];
  };
  const good = await verify();
  assert.equal(good[0], 0, good[1]);
  assert.match(good[1], /intact: 4 records/);

  const foreign = await openKey(join(folder, 'foreign.jwk'));
  const jwks = join(folder, 'jwks.json');
  writeFileSync(jwks, JSON.stringify({ keys: [foreign.publicJwk] }));
  assert.match((await verify({ key: jwks }))[1], /not trusted/);

  const change = (sql: string): void => {
    const database = new DatabaseSync(join(dataDir, 'gate.db'));
    database.exec(sql);
    database.close();
  };
  change(`UPDATE audit SET record = replace(record, '"dana"', '"sam"') WHERE seq = 2`);
  assert.match((await verify())[1], /record 2 was changed/);
  change(`UPDATE audit SET record = replace(record, '"sam"', '"dana"') WHERE seq = 2`);
  assert.equal((await verify())[0], 0);
  change('DELETE FROM audit WHERE seq = 4');
  const [code, text] = await verify();
  assert.equal(code, 1);
  assert.match(text, /newest records are missing/);
  rmSync(join(dataDir, 'audit.head.json'));
  assert.match((await verify())[1], /no anchored head/);
});

test('a backup of a running service verifies like the original, and overwrites nothing', async () => {
  const dataDir = join(folder, 'backed-up');
  const gate = await startBackend({ dataDir });
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  const copy = join(folder, 'copy', 'gate.db');
  mkdirSync(join(folder, 'copy'));
  assert.equal(await backupStore({ dataDir, target: copy }, io()), 0);
  assert.equal(statSync(copy).mode & 0o077, 0);
  assert.equal(await backupStore({ dataDir, target: copy }, io()), 2);
  await gate.backend.close();
  cpSync(join(dataDir, 'keys'), join(folder, 'copy', 'keys'), { recursive: true });
  cpSync(join(dataDir, 'audit.head.json'), join(folder, 'copy', 'audit.head.json'));
  assert.equal(await auditVerify({ dataDir: join(folder, 'copy') }, io()), 0);
});

test('audit verify on nothing is an error, not a clean bill', async () => {
  const log = io();
  assert.equal(await auditVerify({ dataDir: join(folder, 'nothing') }, log), 2);
  assert.ok(!existsSync(join(folder, 'nothing')), 'looking makes nothing');
});

test('policy check names file, line and column', () => {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, 'version: 1\nrules:\n  - {id: a, when: facts.nothing, effect: deny}\n');
  const log = io();
  assert.equal(policyCheck(file, log), 1);
  assert.match(log.text(), /policy\.yaml:3:\d+: in "when": .*nothing/);
  assert.equal(policyCheck(undefined, io()), 0);
  assert.equal(policyCheck(join(folder, 'absent.yaml'), io()), 2);
});

test('a new token comes with its hash', () => {
  const log = io();
  printNewToken(log);
  assert.match(log.text(), /pgt_[\w-]{43}/);
  assert.match(log.text(), /sha256:[0-9a-f]{64}/);
});
