/** Time: pending and unused approvals run out, windows end, by an injected clock. And canaries: nothing raw is kept. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import type { GrantClaims } from '#core/wire/approval.ts';
import { sampleRequest, startBackend } from './testing/sample.ts';

const hour = 3_600_000;

test('a pending request runs out and can no longer be approved', async () => {
  let now = Date.UTC(2026, 0, 1);
  const gate = await startBackend({ now: () => now, sweepMs: 3_600_000 });
  try {
    const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
    now += hour + 1;
    assert.equal((await gate.call('dana', 'GET', `/v1/requests/${body.id}`)).body.state, 'expired');
    const late = await gate.call('sam', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'approve', comment: '' });
    assert.deepEqual([late.status, late.body.code], [409, 'illegal-state']);
    const list = await gate.call<{ requests: { id: string }[] }>('sam', 'GET', '/v1/requests?state=expired');
    assert.deepEqual(list.body.requests.map(({ id }) => id), [body.id]);
  } finally {
    await gate.stop();
  }
});

test('an unused approval runs out; a window grant serves until its end', async () => {
  let now = Date.UTC(2026, 0, 1);
  const gate = await startBackend({ now: () => now, sweepMs: 3_600_000 });
  try {
    const ask = (use: 'once' | 'window') => gate.call('dana', 'POST', '/v1/requests', sampleRequest({
      environment: 'staging', changes: { scope: { columns: [], destination: { kind: 'grid' }, use, durationMs: 60_000 } },
    }));
    const use = async (grant: string, digest: string) => {
      const { jti } = decodeJwt<GrantClaims>(grant);
      return gate.call<{ code: string; receipt: string }>('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: crypto.randomUUID(), digest, capability: 'run' });
    };
    const once = (await ask('once')).body;
    const window = (await ask('window')).body;
    assert.equal((await use(window.grant ?? '', window.binding.digest)).status, 200);
    now += 59_000;
    const second = await use(window.grant ?? '', window.binding.digest);
    assert.equal(decodeJwt<{ use: number }>(second.body.receipt).use, 2);
    now += 2_000;
    for (const { grant, binding } of [once, window]) {
      const late = await use(grant ?? '', binding.digest);
      assert.deepEqual([late.status, late.body.code], [410, 'expired']);
    }
    assert.equal((await gate.call('dana', 'GET', `/v1/requests/${once.id}`)).body.state, 'expired');
  } finally {
    await gate.stop();
  }
});

test('the sweep writes down what ran out', async () => {
  let now = Date.UTC(2026, 0, 1);
  const gate = await startBackend({ now: () => now, sweepMs: 10 });
  try {
    const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
    const swept = new Promise<void>((resolve) => {
      gate.backend.store.onCommit(() => resolve());
    });
    now += hour + 1;
    await swept;
    assert.equal((await gate.backend.store.read.request(body.id))?.state, 'expired');
    const records = await gate.backend.store.read.audit(0, 100);
    assert.deepEqual(records.at(-1)?.type, 'request.expired');
  } finally {
    await gate.stop();
  }
});

test('canaries in reason, comment, preview and plan are kept nowhere', async () => {
  const gate = await startBackend();
  const canaries = ['canary.person@gmail.com', '4111 1111 1111 1111', '536-90-4399'];
  const text = `for canary.person@gmail.com, card 4111 1111 1111 1111, social security number 536-90-4399`;
  try {
    const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { reason: text, preview: `SELECT ssn FROM customers -- ${text}`, plan: text, ticket: 'canary.person@gmail.com' } }));
    await gate.call('sam', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'request_changes', comment: text });
    const shown = JSON.stringify([
      (await gate.call('sam', 'GET', `/v1/requests/${body.id}`)).body,
      (await gate.call('aria', 'GET', '/v1/audit')).body,
    ]);
    const kept = readdirSync(gate.dataDir).filter((name) => /\.(db|db-wal|json)$/.test(name)).map((name) => readFileSync(join(gate.dataDir, name), 'latin1')).join();
    for (const canary of canaries) {
      assert.ok(!shown.includes(canary), `${canary} is shown`);
      assert.ok(!kept.includes(canary), `${canary} is on disk`);
    }
    assert.match(body.reason, /\[EMAIL_ADDRESS\]/);
  } finally {
    await gate.stop();
  }
});
