import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest, Problem } from '#core/wire/approval.ts';
import { type RunningBackend, sampleRequest, type SampleRequest, startBackend } from '../testing/sample.ts';
import { storedRequest } from '../channels/testing/stored-request.ts';
import { overviewOf, type Overview } from './overview.ts';
import { isIdentical, type RequestContext } from './request-context.ts';

let gate: RunningBackend;
before(async () => { gate = await startBackend({ redact: (text) => text }); });
after(() => gate.stop());

async function ask(sample: SampleRequest = {}): Promise<ApprovalRequest> {
  const answer = await gate.call('dana', 'POST', '/v1/requests', sampleRequest(sample));
  assert.equal(answer.status, 201);
  return answer.body;
}
const decide = (id: string, decision: string): Promise<unknown> => gate.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision, comment: 'noted' });

test('context: the last approved statement, the requester\'s history, the policy\'s trace', async () => {
  const first = await ask({ changes: { preview: 'select id, ssn from customers where id = 1' } });
  await decide(first.id, 'approve');
  const denied = await ask();
  await decide(denied.id, 'deny');
  const now = await ask({ changes: { preview: 'select id, ssn, email from customers where id = 1' } });
  const { status, body } = await gate.call<RequestContext>('sam', 'GET', `/v1/requests/${now.id}/context`);
  assert.equal(status, 200);
  assert.equal(body.lastApproved?.id, first.id);
  assert.equal(body.lastApproved?.by, 'Sam');
  assert.deepEqual([body.history.requests, body.history.approved, body.history.denied], [2, 1, 1]);
  assert.equal(body.trace.find((t) => t.fired)?.id, 'production-sensitive');
  assert.equal((await gate.call('devon', 'GET', `/v1/requests/${now.id}/context`)).status, 404, 'who may not see the request sees no context');
  assert.equal((await gate.call(undefined, 'GET', `/v1/requests/${now.id}/context`)).status, 401);
});

test('identical: the same text, but never when something in it is masked', async () => {
  const [one, two, other] = [await ask(), await ask(), await ask({ changes: { preview: 'select ssn from customers limit 1' } })];
  const { body } = await gate.call<RequestContext>('sam', 'GET', `/v1/requests/${one.id}/context`);
  assert.ok(body.identical.includes(two.id));
  assert.ok(!body.identical.includes(other.id));
  const a = storedRequest({ id: 'a', binding: { ...storedRequest().binding, digest: 'a' } });
  assert.equal(isIdentical(a, storedRequest()), true);
  assert.equal(isIdentical({ ...a, redactions: 1 }, storedRequest({ redactions: 1 })), false, 'two masked literals may differ');
  assert.equal(isIdentical({ ...a, redactions: 1 }, { ...a, redactions: 1 }), true, 'the digest says it is the same');
  assert.equal(isIdentical(a, storedRequest({ scope: { ...storedRequest().scope, durationMs: 1 } })), false);
  assert.equal(isIdentical(a, storedRequest({ facts: { ...storedRequest().facts, parameters: ['?'] } })), false);
});

test('overview: what waits, what was decided, what is asked for most', () => {
  const now = Date.UTC(2026, 5, 15, 12);
  const day = 86_400_000;
  const by = (name: string) => ({ id: name.toLowerCase(), name, roles: [] });
  const facts = { ...storedRequest().facts, tables: [{ name: 'customers', access: 'read' as const }] };
  const overview: Overview = overviewOf([
    storedRequest({ id: '1', createdAt: now - 5 * 60_000, updatedAt: now, facts }),
    storedRequest({ id: '2', createdAt: now - 3 * 3_600_000, updatedAt: now, facts }),
    storedRequest({ id: '3', state: 'consumed', createdAt: now - day, updatedAt: now - day + 60_000, facts, decisions: [{ by: by('Sam'), decision: 'approve', comment: '', at: now - day + 60_000 }] }),
    storedRequest({ id: '4', state: 'denied', createdAt: now - day, updatedAt: now - day + 120_000, decisions: [{ by: by('Sam'), decision: 'deny', comment: 'why?', at: now - day + 120_000 }] }),
    storedRequest({ id: '5', state: 'approved', createdAt: now - day, updatedAt: now - day, decisions: [{ by: by('Policy'), decision: 'approve', comment: '', at: now - day }] }),
    storedRequest({ id: '6', state: 'denied', createdAt: now - 40 * day, updatedAt: now - 40 * day }),
  ], now);
  assert.deepEqual(overview.pending, { count: 2, oldestAge: 3 * 3_600_000, ages: [{ upTo: '10 min', count: 1 }, { upTo: '1 h', count: 0 }, { upTo: '4 h', count: 1 }, { upTo: '1 day', count: 0 }, { upTo: 'longer', count: 0 }] });
  assert.equal(overview.days.length, 14);
  assert.deepEqual(overview.days.at(-2), { day: '2026-06-14', approved: 2, denied: 1, other: 0 });
  assert.equal(overview.medianToDecision, 60_000);
  assert.equal(overview.byPolicy, 1);
  assert.deepEqual(overview.tables, [{ name: 'customers', requests: 3, denied: 0 }]);
  assert.deepEqual(overview.denials.map((d) => [d.id, d.by, d.comment]), [['4', 'Sam', 'why?']]);
});

test('audit: searched backwards by filter, paged, exported as it is, for auditors alone', async () => {
  interface Found { readonly records: readonly { readonly seq: number; readonly type: string; readonly actor: { readonly id: string }; readonly hash: string }[]; readonly next?: number }
  const request = await ask();
  await decide(request.id, 'deny');
  const search = (query: string, who = 'aria') => gate.call<Found & Problem>(who, 'GET', `/v1/audit/search${query}`);
  assert.deepEqual((await search(`?request=${request.id}`)).body.records.map((r) => r.type), ['request.denied', 'request.created']);
  assert.ok((await search('?actor=sam&type=request.')).body.records.every((r) => r.actor.id === 'sam' && r.type.startsWith('request.')));
  const page = (await search('?limit=2')).body;
  const rest = (await search(`?limit=200&before=${page.next}`)).body;
  const seqs = [...page.records, ...rest.records].map((r) => r.seq);
  assert.deepEqual(seqs, Array.from({ length: seqs.length }, (_, i) => seqs.length - i), 'every record once, newest first');
  assert.equal((await search('?from=99999999999999')).body.records.length, 0);
  assert.equal((await search('', 'sam')).status, 403);
  assert.equal((await search('?type=%27;drop')).status, 400);
  const exported = await fetch(`${gate.url}/v1/audit/export?type=request.`, { headers: { authorization: `Bearer ${gate.tokens.aria}` } });
  assert.match(exported.headers.get('content-disposition') ?? '', /attachment/);
  const lines = (await exported.text()).trim().split('\n').map((line) => JSON.parse(line) as { type: string; sig: string; prev: string });
  assert.ok(lines.length > 3 && lines.every((l) => l.type.startsWith('request.') && l.sig !== '' && l.prev !== ''));
  assert.equal((await fetch(`${gate.url}/v1/audit/export`, { headers: { authorization: `Bearer ${gate.tokens.sam}` } })).status, 403);
});
