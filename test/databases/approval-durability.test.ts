/** The approval service on PostgreSQL: kill -9 of an instance and of the database server, and the commands on its trail. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { auditExport, auditPrune, auditRotateKey, auditVerify } from '#backend/cli.ts';
import { newUsers } from '#backend/identity/new-users.ts';
import { end, nothingIsLost, startService, workUntilStruck, type Acknowledged } from '#backend/testing/kill-rounds.ts';
import { samplePeople } from '#backend/testing/sample.ts';
import { startPostgres, type StartedPostgres } from './postgres.ts';

const { yaml, tokens } = newUsers(samplePeople);
let database: StartedPostgres;
let folder: string;
let storeUrl: string;
let lines: string[];
const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
before(async () => {
  database = await startPostgres();
  const { host, port, user, database: name } = database.settings;
  storeUrl = `postgresql://${user}:${database.password}@${host}:${port}/${name}`;
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-durability-'));
  writeFileSync(join(folder, 'users.yaml'), yaml);
  lines = [];
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (name: string) => startService(['--data-dir', join(folder, name), '--keys', join(folder, 'keys'), '--users', join(folder, 'users.yaml')], { PII_GATE_STORE_URL: storeUrl });
const choice = () => ({ dataDir: join(folder, 'one'), keysDir: join(folder, 'keys'), storeUrl });
const verified = async (): Promise<void> => assert.equal(await auditVerify(choice(), io), 0, lines.join('\n'));

test('an instance killed three times loses nothing that it acknowledged; the other goes on', async () => {
  const acknowledged: Acknowledged = new Map();
  const other = await start('two');
  for (let round = 0; round < 3; round += 1) {
    const { child, url } = await start('one');
    await workUntilStruck(url, tokens, acknowledged, 20 + round * 10, () => child.kill('SIGKILL'));
    await nothingIsLost(other.url, tokens.dana ?? '', acknowledged);
  }
  await end(other.child, 'SIGTERM');
  assert.ok(acknowledged.size > 60);
  await verified();
});

test('the database server killed in the middle of work: nothing acknowledged is lost, and the same instance goes on', async () => {
  const acknowledged: Acknowledged = new Map();
  const { child, url } = await start('one');
  let crashed: Promise<void> | undefined;
  for (let round = 0; round < 2; round += 1) {
    await workUntilStruck(url, tokens, acknowledged, 20, () => {
      crashed = database.crash();
    });
    await crashed;
    const ready = async (): Promise<boolean> => (await fetch(`${url}/v1/ready`)).ok;
    for (let tries = 0; !(await ready()) && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    await nothingIsLost(url, tokens.dana ?? '', acknowledged);
  }
  assert.ok(acknowledged.size > 40);
  await end(child, 'SIGTERM');
  await verified();
});

test('the trail of a PostgreSQL store: exported, its key rotated, pruned, and found broken when it is', async () => {
  const running = await start('one');
  assert.equal(await auditRotateKey(choice(), io), 2, 'not under a running instance');
  assert.match(lines.at(-1) ?? '', /1 instance of the service still uses/);
  await end(running.child, 'SIGTERM');
  assert.equal(await auditRotateKey(choice(), io), 0, lines.join('\n'));
  const again = await start('one');
  const exported = join(folder, 'trail.jsonl');
  assert.equal(await auditExport({ ...choice(), format: 'jsonl', output: exported }, io), 0, lines.join('\n'));
  assert.equal(await auditVerify({ ...choice(), file: exported }, io), 0, lines.join('\n'));
  const archive = join(folder, 'archive.jsonl');
  assert.equal(await auditPrune({ ...choice(), before: Date.now(), archive }, io), 0, lines.join('\n'));
  assert.ok(readFileSync(archive, 'utf8').split('\n').length > 100);
  // Every instance finds where the trail begins now, also one that has just been set up.
  const fresh = await start('three');
  for (const { url } of [again, fresh]) {
    const answer = await fetch(`${url}/v1/audit/verify`, { headers: { authorization: `Bearer ${tokens.aria}` } });
    assert.equal(((await answer.json()) as { ok: boolean }).ok, true, url);
  }
  await end(fresh.child, 'SIGTERM');
  await end(again.child, 'SIGTERM');
  await verified();
  await database.run('UPDATE pii_gate.audit SET record = replace(record, \'"person"\', \'"system"\') WHERE seq = (SELECT min(seq) + 1 FROM pii_gate.audit)');
  await database.run('DELETE FROM pii_gate.audit WHERE seq = (SELECT max(seq) FROM pii_gate.audit)');
  assert.equal(await auditVerify(choice(), io), 1);
});
