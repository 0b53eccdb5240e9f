/** The way through, over HTTP against a listening server: ask, decide, use, and every refusal on the way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ApprovalRequest, ConsumptionReceipt, GrantClaims } from '#core/wire/approval.ts';
import { createClient } from './testing/load.ts';
import { sampleRequest, ssn, startBackend, type RunningBackend, type SampleRequest } from './testing/sample.ts';

let gate: RunningBackend;
before(async () => {
  gate = await startBackend();
});
after(() => gate.stop());

async function ask(sample?: SampleRequest, who = 'dana'): Promise<ApprovalRequest> {
  const { status, body } = await gate.call(who, 'POST', '/v1/requests', sampleRequest(sample));
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}
const decide = (who: string, id: string, decision = 'approve', more: object = {}) => gate.call(who, 'POST', `/v1/requests/${id}/decisions`, { decision, comment: 'fine', ...more });
const get = (who: string, id: string) => gate.call(who, 'GET', `/v1/requests/${id}`);
async function consume(request: ApprovalRequest, changes: object = {}, who = 'dana') {
  const { grant } = (await get('dana', request.id)).body;
  assert.ok(grant);
  const claims = decodeJwt<GrantClaims>(grant);
  return gate.call<{ receipt: string; code: string }>(who, 'POST', `/v1/grants/${claims.jti}/consume`, {
    nonce: crypto.randomUUID(), digest: request.binding.digest, capability: request.binding.capability, ...changes,
  });
}

test('a sensitive read in production waits for a data steward, is used once, and leaves a receipt', async () => {
  const request = await ask();
  assert.equal(request.state, 'pending');
  assert.deepEqual(request.verdict.approvers, [{ anyOf: ['data-steward'], count: 1 }]);
  assert.equal(request.verdict.why, 'reads customers.ssn in production');
  const approved = await decide('sam', request.id, 'approve', { constraints: { keepMasked: [{ table: ssn.table, column: ssn.column, access: 'read' }], maxRows: 100, durationMs: 60_000 } });
  assert.equal(approved.body.state, 'approved');
  assert.equal(approved.body.grant, undefined, 'the grant is for the requester alone');
  const { grant } = (await get('dana', request.id)).body;
  assert.ok(grant);
  assert.deepEqual({ ...decodeProtectedHeader(grant), kid: '' }, { alg: 'EdDSA', typ: 'pii-gate-grant+jwt', kid: '' });
  const claims = decodeJwt<GrantClaims>(grant);
  assert.equal(claims.sub, 'dana');
  assert.deepEqual(claims.binding, request.binding);
  assert.equal(claims.exp - claims.nbf, 60);
  assert.deepEqual(claims.constraints, { keepMasked: [{ table: 'customers', column: 'ssn', access: 'read' }], maxRows: 100, durationMs: 60_000 });

  const used = await consume(request, { nonce: 'nonce-0001' });
  assert.equal(used.status, 200);
  const receipt = decodeJwt<ConsumptionReceipt>(used.body.receipt);
  assert.equal(receipt.nonce, 'nonce-0001');
  assert.equal(receipt.use, 1);
  assert.equal((await get('dana', request.id)).body.state, 'consumed');
  const retried = await gate.call<{ receipt: string }>('dana', 'POST', `/v1/grants/${claims.jti}/consume`, { nonce: 'nonce-0001', digest: request.binding.digest, capability: 'run' });
  assert.equal(retried.body.receipt, used.body.receipt, 'a lost answer does not burn the grant');
  const again = await gate.call('dana', 'POST', `/v1/grants/${claims.jti}/consume`, { nonce: 'nonce-0002', digest: request.binding.digest, capability: 'run' });
  assert.deepEqual([again.status, again.body.code], [409, 'grant-used']);
});

test('what the policy lets through carries a grant at once', async () => {
  const masked = await ask({ environment: 'staging' });
  assert.deepEqual([masked.state, masked.verdict.effect], ['approved', 'mask']);
  assert.ok(masked.grant);
  assert.deepEqual(decodeJwt<GrantClaims>(masked.grant).constraints.keepMasked, [{ table: 'customers', column: 'ssn', access: 'read' }]);
  const harmless = await ask({ facts: { sensitive: [], columns: [] } });
  assert.deepEqual([harmless.state, harmless.verdict.effect], ['approved', 'allow']);
});

test('what could not be understood is sensitive, and what no rule covers is denied', async () => {
  const opaque = await ask({ facts: { sensitive: [], opaque: [{ what: 'dynamic-sql', detail: 'EXECUTE' }] } });
  assert.equal(opaque.state, 'pending');
  const agent = await ask({ capability: 'export', changes: { agent: { name: 'helper' } } });
  assert.equal(agent.state, 'denied');
  assert.equal(agent.decisions[0]?.comment, 'agents get masked results only');
});

test('nobody decides on their own request, and only approvers decide', async () => {
  const own = await ask({}, 'sam');
  assert.deepEqual(pick(await decide('sam', own.id)), [403, 'own-request']);
  assert.equal((await decide('stella', own.id)).body.state, 'approved');
  const other = await ask();
  assert.deepEqual(pick(await decide('aria', other.id)), [403, 'not-an-approver']);
  assert.deepEqual(pick(await decide('devon', other.id)), [404, 'not-found']);
  assert.deepEqual(pick(await decide('sam', other.id, 'deny', { comment: ' ' })), [422, 'needs-comment']);
});

test('critical needs two people of two roles, in order', async () => {
  const request = await ask({ environment: 'critical', facts: { readOnly: true } });
  assert.deepEqual(pick(await decide('devon', request.id)), [409, 'not-your-turn']);
  assert.equal((await decide('sam', request.id)).body.state, 'pending');
  assert.deepEqual(pick(await decide('sam', request.id)), [409, 'already-decided']);
  assert.equal((await decide('devon', request.id)).body.state, 'approved');
});

test('changes asked for, answered, approved', async () => {
  const request = await ask();
  assert.equal((await decide('sam', request.id, 'request_changes', { comment: 'which import?' })).body.state, 'changes_requested');
  assert.deepEqual(pick(await decide('stella', request.id)), [409, 'illegal-state']);
  const resubmitted = await gate.call('dana', 'POST', `/v1/requests/${request.id}/resubmit`, { reason: 'The import of the 12th' });
  assert.deepEqual([resubmitted.body.state, resubmitted.body.reason], ['pending', 'The import of the 12th']);
  assert.equal((await decide('sam', request.id)).body.state, 'approved');
});

test('a grant is bound to statement, capability and person', async () => {
  const request = await ask();
  await decide('sam', request.id);
  assert.deepEqual(pick(await consume(request, { digest: 'other' })), [409, 'statement-changed']);
  assert.deepEqual(pick(await consume(request, { capability: 'export' })), [409, 'grant-invalid']);
  assert.deepEqual(pick(await consume(request, {}, 'stella')), [404, 'grant-invalid']);
  assert.equal((await consume(request)).status, 200);
});

test('a denied, cancelled or revoked request gives nothing', async () => {
  const denied = await ask();
  assert.equal((await decide('sam', denied.id, 'deny', { comment: 'use the report' })).body.state, 'denied');
  assert.deepEqual(pick(await decide('stella', denied.id)), [409, 'illegal-state']);
  const cancelled = await ask();
  assert.equal((await gate.call('dana', 'POST', `/v1/requests/${cancelled.id}/cancel`)).body.state, 'cancelled');
  const revoked = await ask();
  await decide('sam', revoked.id);
  const { jti } = decodeJwt<GrantClaims>((await get('dana', revoked.id)).body.grant ?? '');
  assert.equal((await gate.call('sam', 'POST', `/v1/grants/${jti}/revoke`, { comment: 'wrong table' })).status, 204);
  assert.deepEqual(pick(await gate.call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: 'nonce-0003', digest: revoked.binding.digest, capability: 'run' })), [409, 'revoked']);
  assert.equal((await get('dana', revoked.id)).body.state, 'revoked');
});

test('the same idempotency key gives the same request; another body with it is refused', async () => {
  const body = sampleRequest();
  const first = await gate.call('dana', 'POST', '/v1/requests', body);
  const second = await gate.call('dana', 'POST', '/v1/requests', body);
  assert.deepEqual([first.status, second.status, first.body.id], [201, 200, second.body.id]);
  assert.deepEqual(pick(await gate.call('dana', 'POST', '/v1/requests', { ...body, reason: 'another' })), [409, 'idempotency-mismatch']);
});

test('of 1,000 parallel consumers of one grant exactly one wins', async () => {
  const request = await ask();
  await decide('sam', request.id);
  const { grant } = (await get('dana', request.id)).body;
  const { jti } = decodeJwt<GrantClaims>(grant ?? '');
  // Two hundred connections at once: a thousand would test the operating system's queue instead.
  const client = createClient(gate.url, gate.tokens, 200);
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) =>
    client.call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: `consumer-${index}`, digest: request.binding.digest, capability: 'run' }),
  ));
  client.close();
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ text }) => text.includes('"code":"grant-used"')).length, 999);
});

test('closing twice is closing once', async () => {
  const other = await startBackend();
  await Promise.all([other.backend.close(), other.backend.close()]);
  await other.backend.close();
  await other.stop();
});

function pick(answer: { readonly status: number; readonly body: { readonly code: string } }): [number, string] {
  return [answer.status, answer.body.code];
}
