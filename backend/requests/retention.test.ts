/** What people wrote is erased when its time is over; the trail, which never held it, verifies as before. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { trailOfStore } from '../audit/read-trail.ts';
import { verifyOwnTrail } from '../audit/own-trail.ts';
import type { AuditRecord } from '../audit/record.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
let now = start;
let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ now: () => now, sweepMs: 3_600_000, keepRequestsMs: 30 * day, redact: (text) => text });
});
after(() => gate.stop());

const texts = { preview: 'SELECT ssn FROM customers -- mornington', reason: 'quokka', ticket: 'OPS-wombat', plan: 'Seq Scan on bandicoot', denial: 'numbat', remark: 'bilby' };
const everything = async (): Promise<string> => {
  const records: AuditRecord[] = [];
  for await (const record of trailOfStore(gate.backend.store.read)) records.push(record);
  return JSON.stringify([records, await gate.backend.store.read.requests({ limit: 1_000 })]);
};

async function denied(): Promise<ApprovalRequest> {
  const { preview, reason, ticket, plan } = texts;
  const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { preview, reason, ticket, plan } }));
  await gate.call('sam', 'POST', `/v1/requests/${body.id}/comments`, { text: texts.remark, line: 1 });
  return (await gate.call('sam', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'deny', comment: texts.denial })).body;
}

test('kept for its time, then erased with everything that people wrote; who, when and what was decided stay', async () => {
  const request = await denied();
  const waiting = (await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { reason: 'still waiting' } }))).body;
  now = start + 29 * day;
  await gate.backend.sweep();
  const kept = (await gate.call('dana', 'GET', `/v1/requests/${request.id}`)).body;
  assert.deepEqual([kept.preview, kept.decisions[0]?.comment, kept.comments?.[0]?.text], [texts.preview, texts.denial, texts.remark]);
  now = start + 31 * day;
  assert.ok((await gate.backend.sweep()) > 0);
  const { body } = await gate.call('dana', 'GET', `/v1/requests/${request.id}`);
  assert.deepEqual([body.state, body.preview, body.reason, body.ticket, body.plan, body.comments, body.erasedAt], ['denied', '', '', undefined, undefined, undefined, now]);
  assert.deepEqual(body.decisions.map(({ by, comment, at }) => [by.id, comment, at]), [['sam', '', start]]);
  const left = await everything();
  for (const text of Object.values(texts)) assert.ok(!left.includes(text), text);
  // What expired on the way was changed then: its time begins there.
  assert.equal((await gate.call('dana', 'GET', `/v1/requests/${waiting.id}`)).body.reason, 'still waiting');
  assert.equal(await gate.backend.sweep(), 0, 'once');
  const report = await verifyOwnTrail({ reads: gate.backend.store.read, dataDir: gate.dataDir, keysDir: `${gate.dataDir}/keys` });
  assert.ok(report.ok, report.failure?.message);
});

test('while the text is kept, the trail proves what was said', async () => {
  const request = await denied();
  const stored = await gate.backend.store.read.request(request.id);
  const { body } = await gate.call<{ records: AuditRecord[] }>('aria', 'GET', `/v1/audit/search?request=${request.id}`);
  const digest = (text: string): string => `sha256:${createHash('sha256').update(`${stored?.salt}\0${text}`).digest('base64url')}`;
  const of = (type: string) => body.records.find((record) => record.type === type)?.data;
  assert.equal(of('request.created')?.reason, digest(texts.reason));
  assert.equal(of('request.denied')?.comment, digest(texts.denial));
  assert.equal(of('request.commented')?.comment, digest(texts.remark));
  assert.ok(!JSON.stringify((await gate.call('sam', 'GET', `/v1/requests/${request.id}`)).body).includes(String(stored?.salt)), 'the salt stays in the store');
});

test('broken glass is not forgotten before somebody has looked at it', async () => {
  const policy = "version: 1\nrules:\n  - {id: r, when: 'true', effect: review, approvers: [data-steward], break_glass: {who: [dba], max_duration: 10m, reviewers: [data-steward]}}\n";
  const other = await startBackend({ policy: { text: policy }, now: () => now, sweepMs: 3_600_000, keepRequestsMs: day });
  try {
    const { body } = await other.call('devon', 'POST', '/v1/requests', sampleRequest({ changes: { breakGlass: true, reason: 'The shop is down' } }));
    now += 2 * day;
    await other.backend.sweep();
    now += 2 * day;
    await other.backend.sweep();
    assert.equal((await other.call('sam', 'GET', `/v1/requests/${body.id}`)).body.reason, 'The shop is down');
    await other.call('sam', 'POST', `/v1/requests/${body.id}/after-review`, { justified: true, comment: 'it was' });
    now += 2 * day;
    await other.backend.sweep();
    assert.equal((await other.call('sam', 'GET', `/v1/requests/${body.id}`)).body.reason, '');
  } finally {
    await other.stop();
  }
});
