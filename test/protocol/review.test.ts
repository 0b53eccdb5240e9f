/** A request's way between requester and reviewer: sent back and answered, commented, sampled, gone ahead with in an emergency. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import { method, type RequestsResult, type RunState } from '#core/wire/protocol.ts';
import { ask, canaries, GateClient } from './gate-client.ts';

const policy = `version: 1
rules:
  - id: harmless
    when: '!facts.sensitive'
    effect: allow
  - id: reviewed
    when: facts.sensitive && action == "run"
    effect: review
    approvers: [data-steward]
    reason_required: true
    break_glass: {who: [developer], max_duration: 10m, reviewers: [data-steward]}
  - id: cleared
    when: action != "run"
    effect: review
    approvers: [data-steward]
    reason_required: true
    sample: 2
`;
let client: GateClient;
before(async () => { client = await GateClient.start({ policy: { text: policy } }); });
after(async () => {
  await client.stop();
  assert.deepEqual(client.log, [], 'no handler failed unexpectedly');
});

type Pending = Extract<RunState, { state: 'pending' }>;
async function asked(statement: string, more: Parameters<GateClient['run']>[1] = {}): Promise<Pending & { readonly id: string }> {
  const { id, state } = await client.run(statement, { ask, ...more });
  assert.ok(state.state === 'pending', JSON.stringify(state));
  return { ...state, id };
}
const requests = (): Promise<RequestsResult> => client.request(method.requests, {});
const mine = async (id: string): Promise<ApprovalRequest | undefined> => (await requests()).mine.find((request) => request.id === id);
const call = (who: string, id: string, what: string, body: unknown) => client.backend.call(who, 'POST', `/v1/requests/${id}/${what}`, body);

test('sent back, edited, resubmitted: the same request, judged and approved as it stands now', async () => {
  const uri = pathToFileURL(path.join(client.folder, 'back.sql')).href;
  await client.open(uri, 'SELECT id, ssn FROM customers;');
  const first = await asked('SELECT id, ssn FROM customers', { uri, range: { start: 0, end: 29 } });
  await call('sam', first.requestId, 'comments', { text: 'Why all of them?', line: 1 });
  await client.decide('sam', first.requestId, 'request_changes', 'Only the last four rows, please');
  const back = await client.reaches(first.id, 'blocked');
  assert.deepEqual([back.blocked.code, back.blocked.requestId], ['changes-requested', first.requestId]);
  assert.match(client.diagnostics(uri).map(({ message }) => message).join(), /Only the last four rows/);
  const comment = (await mine(first.requestId))?.comments?.[0];
  assert.deepEqual([comment?.text, comment?.line, comment?.by.name], ['Why all of them?', 1, 'Sam']);
  await client.request(method.commentRequest, { requestId: first.requestId, text: 'Four will do', replyTo: comment?.id });

  await client.edit(uri, 'SELECT id, ssn FROM customers LIMIT 4;');
  const again = await asked('SELECT id, ssn FROM customers LIMIT 4', { uri, range: { start: 0, end: 37 }, resubmits: first.requestId, ask: { ...ask, reason: 'Four rows only' } });
  assert.equal(again.requestId, first.requestId, 'no new request');
  const present = await mine(first.requestId);
  assert.deepEqual([present?.state, present?.preview, present?.reason, present?.revisions?.map(({ preview }) => preview)], ['pending', 'SELECT id, ssn FROM customers LIMIT 4', 'Four rows only', ['SELECT id, ssn FROM customers']]);
  assert.deepEqual(present?.comments?.map(({ text }) => text), ['Why all of them?', 'Four will do']);
  await client.decide('sam', first.requestId, 'approve', 'Thanks');
  const done = await client.reaches(again.id, 'done', 'blocked', 'failed');
  assert.ok(done.state === 'done' && done.result.columns[1]?.masked === true, JSON.stringify(done));
});

test('after a reload a resubmitted request is taken up, not resubmitted again', async () => {
  const first = await asked('SELECT phone FROM customers');
  await client.decide('sam', first.requestId, 'request_changes', 'Fewer');
  const again = await asked('SELECT phone FROM customers LIMIT 1', { resubmits: first.requestId });
  const reloaded = await asked('SELECT phone FROM customers LIMIT 1', { resubmits: first.requestId });
  assert.equal(reloaded.requestId, first.requestId);
  assert.equal((await mine(first.requestId))?.revisions?.length, 1);
  await client.request(method.cancelRun, { runId: reloaded.id });
  await client.reaches(reloaded.id, 'cancelled');
  await client.reaches(again.id, 'cancelled', 'blocked');
});

test('changed so that it needs nobody, it runs and its request is withdrawn', async () => {
  const first = await asked('SELECT id, ssn FROM customers WHERE id = 1');
  await client.decide('sam', first.requestId, 'request_changes', 'Leave the number out');
  const { state } = await client.run('SELECT id, city FROM customers WHERE id = 1', { resubmits: first.requestId });
  assert.equal(state.state, 'done', JSON.stringify(state));
  assert.equal((await mine(first.requestId))?.state, 'cancelled');
});

test('another statement cannot slip in under an approved request', async () => {
  const first = await asked('SELECT ssn FROM customers WHERE id = 2');
  await client.decide('sam', first.requestId, 'approve');
  await client.reaches(first.id, 'done');
  const { state } = await client.run('SELECT ssn, email FROM customers', { ask, resubmits: first.requestId });
  assert.equal(state.state, 'blocked', JSON.stringify(state));
});

test('what helps to judge: history, the policy\'s rules, the last approved statement', async () => {
  const { requestId } = await asked('SELECT email FROM customers LIMIT 2');
  await client.configure({ backend: { url: client.backend.url, token: client.backend.tokens.sam ?? '' } });
  const context = await client.request<RequestContext>(method.requestContext, { requestId });
  assert.ok(context.history.requests >= 3 && context.history.approved >= 1, JSON.stringify(context.history));
  assert.deepEqual(context.trace.map((rule) => [rule.id, rule.fired]), [['harmless', false], ['reviewed', true], ['cleared', false]]);
  assert.match(context.lastApproved?.preview ?? '', /FROM customers/);
  await client.request(method.decide, { requestId, decision: 'deny', comment: 'No' });
  assert.ok((await requests()).others?.some((request) => request.id === requestId && request.state === 'denied'), 'decided ones of others are listed');
  await client.configure({});
});

test('a reveal carries the masked sample that the policy wants, and nothing raw', async () => {
  const { result } = await client.approvedRun('SELECT id, ssn, email FROM customers ORDER BY id');
  const runId = client.nextId();
  const state = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [1], ask });
  assert.ok(state.state === 'pending', JSON.stringify(state));
  const stored = await client.backend.call('sam', 'GET', `/v1/requests/${state.requestId}`);
  const { sample } = stored.body as ApprovalRequest;
  assert.deepEqual([sample?.columns, sample?.rows.length], [['id', 'ssn', 'email'], 2]);
  for (const canary of canaries) assert.ok(!JSON.stringify(stored.body).includes(canary), canary);
  await client.request(method.cancelRun, { runId });
});

test('an agent\'s reveal is asked for under its name', async () => {
  const { result } = await client.approvedRun('SELECT ssn FROM customers LIMIT 1');
  const runId = client.nextId();
  const state = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [0], ask, agent: { name: 'Helper' } });
  assert.ok(state.state === 'pending' && state.request.agent?.name === 'Helper' && state.request.scope.destination.kind === 'agent', JSON.stringify(state));
  await client.request(method.cancelRun, { runId });
});

test('in an emergency it goes ahead with a reason; until somebody has looked, not again', async () => {
  const need = (await client.run('SELECT id, email FROM customers')).state;
  assert.ok(need.state === 'needs-approval');
  assert.deepEqual(need.verdict.breakGlass, { reviewers: ['data-steward'], maxDurationMs: 600_000 });
  const glass = { ...ask, reason: 'Checkout is down', breakGlass: true as const };
  const { id, state } = await client.run('SELECT id, email FROM customers', { ask: glass });
  const done = state.state === 'done' ? state : await client.reaches(id, 'done', 'blocked', 'failed');
  assert.ok(done.state === 'done' && done.result.columns[1]?.masked === true, JSON.stringify(done));
  const own = (await requests()).mine.find(({ idempotencyKey }) => idempotencyKey === id);
  assert.deepEqual([own?.breakGlass, own?.afterReview], [true, { anyOf: ['data-steward'] }]);
  const second = (await client.run('SELECT id, phone FROM customers', { ask: glass })).state;
  assert.ok(second.state === 'blocked' && /not been looked at/.test(second.blocked.message), JSON.stringify(second));

  await client.configure({ backend: { url: client.backend.url, token: client.backend.tokens.sam ?? '' } });
  await client.request(method.afterReview, { requestId: own?.id, justified: true, comment: 'Seen with Dana' });
  await client.configure({});
  const looked = await mine(own?.id ?? '');
  assert.deepEqual([looked?.afterReview?.done?.by.name, looked?.afterReview?.done?.justified], ['Sam', true]);
  const { id: third, state: free } = await client.run('SELECT id, phone FROM customers', { ask: glass });
  assert.equal((free.state === 'done' ? free : await client.reaches(third, 'done', 'blocked', 'failed')).state, 'done');
});
