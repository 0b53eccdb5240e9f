/** A policy that is changed while the service runs: swapped whole when good, kept when bad, named in every decision. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

const policyOf = (effect: string): string => `version: 1\nrules:\n  - {id: all, when: "true", effect: ${effect}}\n`;
let gate: RunningBackend;
let folder: string;
let file: string;
const errors: string[] = [];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-policy-'));
  file = join(folder, 'policy.yaml');
  writeFileSync(file, policyOf('deny'));
  gate = await startBackend({ policy: file, pollMs: 20, onError: (where, error) => errors.push(`${where}: ${(error as Error).message}`) });
});
after(async () => {
  await gate.stop();
  rmSync(folder, { recursive: true, force: true });
});
const verdict = async () => (await gate.call('dana', 'POST', '/v1/requests', sampleRequest())).body.verdict;
const trail = async () => (await gate.call<{ records: { type: string; data: Record<string, unknown> }[] }>('aria', 'GET', '/v1/audit?limit=1000')).body.records;

test('a good change is taken by itself, and decisions carry its version', async () => {
  const before = await verdict();
  assert.equal(before.effect, 'deny');
  const loaded = new Promise<void>((resolve) => {
    const stop = gate.backend.store.onCommit(() => {
      stop();
      resolve();
    });
  });
  const draft = `${file}.new`;
  writeFileSync(draft, policyOf('allow'));
  renameSync(draft, file);
  await loaded;
  const changed = await verdict();
  assert.equal(changed.effect, 'allow');
  assert.notEqual(changed.policyVersion, before.policyVersion);
  const record = (await trail()).find(({ type }) => type === 'policy.loaded');
  assert.deepEqual(record?.data, { policyVersion: changed.policyVersion, before: before.policyVersion, rules: 1 });
});

test('a bad change is refused, said once, and the good policy stays', async () => {
  const before = await verdict();
  writeFileSync(file, policyOf('perhaps'));
  assert.equal(await gate.backend.reload(), false);
  assert.equal(await gate.backend.reload(), false);
  assert.deepEqual(await verdict(), before);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /policy\.yaml:3:37: "effect" must be one of/);
  assert.equal((await gate.call<{ status: string }>(undefined, 'GET', '/v1/health')).body.status, 'degraded');
  assert.equal((await trail()).filter(({ type }) => type === 'policy.rejected').length, 1);
  writeFileSync(file, policyOf('mask'));
  await gate.backend.reload();
  assert.equal((await verdict()).effect, 'mask');
  assert.equal((await gate.call<{ status: string }>(undefined, 'GET', '/v1/health')).body.status, 'ok');
});
