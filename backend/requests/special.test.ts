/** Escalation, standing in for somebody, several accounts of one person, agents, broken glass, scheduled starts, tickets. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import type { ApprovalRequest, GrantClaims } from '#core/wire/approval.ts';
import type { Backend } from '../create-backend.ts';
import { newUsers } from '../identity/new-users.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

const policy = `version: 1
rules:
  - id: reviewed
    when: action != "export"
    effect: review
    approvers: [data-steward]
    reason_required: true
    unused_ttl: 5m
    pending_ttl: 2h
    escalate: {after: 30m, to: [security]}
    break_glass: {who: [dba], max_duration: 10m, reviewers: [security]}
  - id: exported
    when: action == "export"
    effect: review
    approvers: [data-steward]
    ticket_pattern: "^OPS-[0-9]+$"
    reason_pattern: "\\\\bfor\\\\b"
`;
const people = [
  { id: 'dana', name: 'Dana', roles: ['developer'] },
  { id: 'sam', name: 'Sam', roles: ['data-steward'] },
  { id: 'devon', name: 'Devon', roles: ['dba', 'data-steward'] },
  { id: 'devon-admin', name: 'Devon (admin)', roles: ['data-steward', 'security'], aliases: ['devon'] },
  { id: 'sid', name: 'Sid', roles: ['security'] },
  { id: 'bot', name: 'Bot', roles: ['developer'], kind: 'agent' as const, owner: 'sam' },
  { id: 'stella', name: 'Stella', roles: ['data-steward'] },
  { id: 'dba-two', name: 'Second', roles: ['dba'], aliases: ['second-account'] },
  { id: 'second-account', name: 'Second, at home', roles: ['developer'] },
  { id: 'helper', name: 'Helper', roles: ['developer'], kind: 'agent' as const, owner: 'dana' },
  { id: 'ada', name: 'Ada', roles: ['admin'] },
];
const start = Date.UTC(2026, 0, 5, 9);
let now = start;
let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ policy: { text: policy }, people, now: () => now, sweepMs: 3_600_000 });
});
after(() => gate.stop());

const ask = async (who: string, changes: Parameters<typeof sampleRequest>[0] = {}): Promise<ApprovalRequest> => {
  const answer = await gate.call(who, 'POST', '/v1/requests', sampleRequest(changes));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
};
const decide = (who: string, id: string, decision = 'approve') => gate.call(who, 'POST', `/v1/requests/${id}/decisions`, { decision, comment: 'seen' });
const code = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code];

test('after half an hour without a decision, security may decide too', async () => {
  const request = await ask('dana');
  assert.deepEqual(code(await decide('sid', request.id)), [404, 'not-found']);
  now += 30 * 60_000;
  await sweep();
  const escalated = (await gate.call('sid', 'GET', `/v1/requests/${request.id}`)).body;
  assert.deepEqual(escalated.verdict.approvers, [{ anyOf: ['data-steward', 'security'], count: 1 }]);
  assert.equal((await decide('sid', request.id)).body.state, 'approved');
});

/** What the timer does, now. */
async function sweep(): Promise<void> {
  const backend: Backend = gate.backend;
  await backend.sweep();
}

test('an agent asks; its owner can not approve, another can', async () => {
  const request = await ask('bot');
  assert.deepEqual(code(await decide('sam', request.id)), [403, 'own-request']);
  assert.deepEqual(code(await decide('bot', request.id)), [403, 'own-request']);
  assert.equal((await decide('stella', request.id)).body.state, 'approved');
});

test('who answers for an agent sees its requests; the agent sees none of theirs', async () => {
  const ofBot = await ask('bot');
  assert.equal((await gate.call('sam', 'GET', `/v1/requests/${ofBot.id}`)).status, 200);
  const ofSam = await ask('sam');
  assert.equal((await gate.call('bot', 'GET', `/v1/requests/${ofSam.id}`)).status, 404);
});

test('a second account of the same person is the same person, both ways', async () => {
  const one = await ask('devon');
  assert.deepEqual(code(await decide('devon-admin', one.id)), [403, 'own-request']);
  const two = await ask('devon-admin');
  assert.deepEqual(code(await decide('devon', two.id)), [403, 'own-request']);
});

test('somebody with aliases or an owner revokes no grant of others', async () => {
  const request = await ask('dana');
  await decide('sam', request.id);
  const { grant } = (await gate.call('dana', 'GET', `/v1/requests/${request.id}`)).body;
  const { jti } = decodeJwt<GrantClaims>(grant ?? '');
  const revoke = (who: string) => gate.call(who, 'POST', `/v1/grants/${jti}/revoke`);
  assert.deepEqual(code(await revoke('bot')), [403, 'not-an-approver']);
  assert.deepEqual(code(await revoke('dba-two')), [403, 'not-an-approver']);
  // By the request, as the inbox does, it is no other answer: who may not see it is told that there is none.
  for (const who of ['bot', 'dba-two']) assert.deepEqual(code(await gate.call(who, 'POST', `/v1/requests/${request.id}/revoke`, {})), [404, 'not-found']);
  assert.equal((await revoke('dana')).status, 204);
});

test('a grant is revoked by another account of its requester, by who answers for the agent, by a reviewer, by an admin', async () => {
  const pairs = [['second-account', 'dba-two'], ['dba-two', 'second-account'], ['helper', 'dana'], ['dana', 'sam'], ['dana', 'ada']] as const;
  for (const [requester, revoker] of pairs) {
    const request = await ask(requester);
    await decide('stella', request.id);
    const { jti } = decodeJwt<GrantClaims>((await gate.call(requester, 'GET', `/v1/requests/${request.id}`)).body.grant ?? '');
    assert.equal((await gate.call(revoker, 'POST', `/v1/grants/${jti}/revoke`)).status, 204, `${revoker} for ${requester}`);
  }
});

test('broken glass: at once, short, once, and somebody must look at it', async () => {
  const broken = await ask('devon', { changes: { breakGlass: true, reason: 'Shop is down' } });
  assert.equal(broken.state, 'approved');
  const claims = decodeJwt<GrantClaims>(broken.grant ?? '');
  assert.ok(claims.exp - claims.nbf <= 600);
  assert.deepEqual(broken.afterReview, { anyOf: ['security'] });
  assert.deepEqual(code(await gate.call('devon', 'POST', '/v1/requests', sampleRequest({ changes: { breakGlass: true } }))), [409, 'after-review-open']);
  const review = (who: string) => gate.call(who, 'POST', `/v1/requests/${broken.id}/after-review`, { justified: true, comment: 'The shop was down' });
  assert.deepEqual(code(await review('devon-admin')), [403, 'own-request']);
  assert.deepEqual(code(await review('sam')), [403, 'not-an-approver']);
  assert.equal((await review('sid')).body.afterReview?.done?.justified, true);
  assert.deepEqual(code(await review('sid')), [409, 'already-decided']);
  assert.equal((await ask('devon', { changes: { breakGlass: true } })).state, 'approved');
});

test('glass is only for those whom the policy names, and needs a reason', async () => {
  assert.deepEqual(code(await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { breakGlass: true } }))), [403, 'no-break-glass']);
  assert.deepEqual(code(await gate.call('devon', 'POST', '/v1/requests', sampleRequest({ changes: { breakGlass: true, reason: '  ' } }))), [422, 'needs-reason']);
});

test('a scheduled start: the grant begins then and its time counts from then; unused it runs out sooner', async () => {
  const startsAt = now + 3_600_000;
  const request = await ask('dana', { changes: { scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 600_000, startsAt } } });
  await decide('sam', request.id);
  const { grant } = (await gate.call('dana', 'GET', `/v1/requests/${request.id}`)).body;
  const claims = decodeJwt<GrantClaims>(grant ?? '');
  assert.deepEqual([claims.nbf * 1000, (claims.exp - claims.nbf) * 1000], [startsAt, 300_000]);
  const use = () => gate.call('dana', 'POST', `/v1/grants/${claims.jti}/consume`, { nonce: 'nonce-0001', digest: request.binding.digest, capability: 'run' });
  assert.deepEqual(code(await use()), [409, 'not-begun']);
  now = startsAt;
  assert.equal((await use()).status, 200);
});

const texts: readonly [string, { reason: string; ticket?: string }, number, string | undefined][] = [
  ['no ticket', { reason: 'for the audit' }, 422, 'needs-ticket'],
  ['a ticket of another shape', { reason: 'for the audit', ticket: 'JIRA-1' }, 422, 'needs-ticket'],
  ['a reason that does not match', { reason: 'because', ticket: 'OPS-1' }, 422, 'needs-reason'],
  ['both', { reason: 'for the audit', ticket: 'OPS-12' }, 201, undefined],
];
for (const [name, changes, status, problem] of texts) {
  test(`reason and ticket: ${name}`, async () => {
    const answer = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ capability: 'export', changes }));
    assert.deepEqual([answer.status, answer.body.code], [status, problem]);
  });
}

test('standing in: for somebody who is away, but never for the requester', async () => {
  const made = newUsers([
    { id: 'dana', name: 'Dana', roles: ['developer'] },
    { id: 'sam', name: 'Sam', roles: ['data-steward'] },
    { id: 'stan', name: 'Stan', roles: ['developer'] },
  ]);
  const text = made.yaml.replace('name: Sam', 'name: Sam\n    away: {from: 2026-01-01, to: 2026-02-01, delegate: stan}');
  const away = await startBackend({ policy: { text: policy }, users: { text }, now: () => now, sweepMs: 3_600_000 });
  try {
    const call = async (who: string, path: string, body: unknown) => {
      const response = await fetch(away.url + path, { method: 'POST', headers: { authorization: `Bearer ${made.tokens[who]}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as ApprovalRequest & { code: string } };
    };
    const own = await call('sam', '/v1/requests', sampleRequest());
    assert.deepEqual(code(await call('stan', `/v1/requests/${own.body.id}/decisions`, { decision: 'approve', comment: '' })), [404, 'not-found']);
    const other = await call('dana', '/v1/requests', sampleRequest());
    const decided = await call('stan', `/v1/requests/${other.body.id}/decisions`, { decision: 'approve', comment: '' });
    assert.equal(decided.body.state, 'approved');
    assert.deepEqual(decided.body.decisions[0]?.by.roles, ['developer', 'sam', 'data-steward']);
  } finally {
    await away.stop();
  }
});

