/** A revised statement is a new question under the same id: judged anew, approved anew, its past kept. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import type { ApprovalRequest, CreateRequest, GrantClaims, Revision } from '#core/wire/approval.ts';
import { sampleFacts, sampleRequest, ssn, startBackend, type RunningBackend } from '../testing/sample.ts';

const policy = `version: 1
rules:
  - {id: harmless, when: '!facts.sensitive', effect: allow}
  - {id: dropping, when: 'facts.kind == "ddl"', effect: deny, why: never that}
  - {id: masked, when: 'facts.sensitive', effect: review, steps: [{any_of: [data-steward], count: 2}], reason_required: true, break_glass: {who: [dba], max_duration: 10m, reviewers: [security]}}
`;
let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ policy: { text: policy } });
});
after(() => gate.stop());

const decide = (who: string, id: string, decision: string) => gate.call(who, 'POST', `/v1/requests/${id}/decisions`, { decision, comment: 'look at line 1' });
const resubmit = (id: string, body: object, who = 'dana') => gate.call(who, 'POST', `/v1/requests/${id}/resubmit`, body);
const revisionOf = ({ binding, scope, facts, preview, redactions }: CreateRequest, changes: Partial<Revision> = {}): Revision => ({ binding, scope, facts, preview, redactions, ...changes });

async function sentBack(): Promise<{ ask: CreateRequest; request: ApprovalRequest }> {
  const ask = sampleRequest();
  const { body } = await gate.call('dana', 'POST', '/v1/requests', ask);
  assert.equal((await decide('sam', body.id, 'approve')).body.state, 'pending');
  const back = await decide('stella', body.id, 'request_changes');
  assert.equal(back.body.state, 'changes_requested');
  return { ask, request: back.body };
}

test('another statement under the same id needs every approval again, and the grant is for it alone', async () => {
  const { ask, request } = await sentBack();
  const revision = revisionOf(ask, { preview: 'SELECT ssn FROM customers WHERE id = 1', binding: { ...ask.binding, digest: 'digest-of-the-revision' } });
  const revised = await resubmit(request.id, { reason: 'One customer is enough', revision });
  assert.equal(revised.status, 200, JSON.stringify(revised.body));
  assert.deepEqual([revised.body.id, revised.body.state, revised.body.preview, revised.body.reason], [request.id, 'pending', revision.preview, 'One customer is enough']);
  assert.deepEqual(revised.body.revisions?.map(({ preview, reason }) => ({ preview, reason })), [{ preview: ask.preview, reason: ask.reason }]);
  assert.equal((await decide('sam', request.id, 'approve')).body.state, 'pending', 'the approval of the old statement counts for nothing');
  assert.equal((await decide('stella', request.id, 'approve')).body.state, 'approved');
  const { grant } = (await gate.call('dana', 'GET', `/v1/requests/${request.id}`)).body;
  const { jti, binding } = decodeJwt<GrantClaims>(grant ?? '');
  assert.equal(binding.digest, 'digest-of-the-revision');
  const use = (digest: string) => gate.call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: 'nonce-0001', digest, capability: 'run' });
  assert.equal((await use(ask.binding.digest)).body.code, 'statement-changed');
  assert.equal((await use('digest-of-the-revision')).status, 200);
});

test('the policy decides about the revision: harmless now, or never', async () => {
  const one = await sentBack();
  const harmless = await resubmit(one.request.id, { reason: '', revision: revisionOf(one.ask, { facts: sampleFacts({ sensitive: [] }), preview: 'SELECT 1' }) });
  assert.deepEqual([harmless.body.state, harmless.body.verdict.rules], ['approved', ['harmless']]);
  assert.ok(harmless.body.grant);
  const two = await sentBack();
  const denied = await resubmit(two.request.id, { reason: 'x', revision: revisionOf(two.ask, { facts: sampleFacts({ kind: 'ddl', readOnly: false }) }) });
  assert.deepEqual([denied.body.state, denied.body.decisions.at(-1)?.comment], ['denied', 'never that']);
});

test('a revision stays where it was asked, by whom it was asked, and says why', async () => {
  const { ask, request } = await sentBack();
  const { binding } = ask;
  const cases: readonly [what: string, who: string, reason: string, changes: Partial<Revision>, status: number, code: string][] = [
    ['another connection', 'dana', 'x', { binding: { ...binding, connection: { ...binding.connection, id: 'payroll' } } }, 422, 'other-request'],
    ['another environment', 'dana', 'x', { binding: { ...binding, connection: { ...binding.connection, environment: 'development' } } }, 422, 'other-request'],
    ['another database user', 'dana', 'x', { binding: { ...binding, connection: { ...binding.connection, databaseUser: 'root' } } }, 422, 'other-request'],
    ['another capability', 'dana', 'x', { binding: { ...binding, capability: 'export' } }, 422, 'other-request'],
    ['another person', 'sam', 'x', {}, 404, 'not-found'],
    ['no reason', 'dana', ' ', {}, 422, 'needs-reason'],
  ];
  for (const [what, who, reason, changes, status, code] of cases) {
    const answer = await resubmit(request.id, { reason, revision: revisionOf(ask, changes) }, who);
    assert.deepEqual([answer.status, answer.body.code], [status, code], what);
  }
  assert.equal((await resubmit(request.id, { reason: 'As it was' })).body.state, 'pending');
  assert.equal((await resubmit(request.id, { reason: 'x', revision: revisionOf(ask) })).body.code, 'illegal-state');
});

test('the verdict says who may break glass, and for how long', async () => {
  const evaluate = async (who: string) => {
    const { facts, scope, binding } = sampleRequest({ facts: { sensitive: [ssn] } });
    return (await gate.call<{ breakGlass?: object }>(who, 'POST', '/v1/evaluate', { facts, scope, connection: binding.connection, capability: 'run' })).body.breakGlass;
  };
  assert.deepEqual(await evaluate('devon'), { reviewers: ['security'], maxDurationMs: 600_000 });
  assert.equal(await evaluate('dana'), undefined);
});
