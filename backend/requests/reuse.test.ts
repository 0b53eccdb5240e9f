/** An identical ask within a live window grant gets that grant; anything else is a request of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import type { ApprovalRequest, CreateRequest, GrantClaims } from '#core/wire/approval.ts';
import type { AuditRecord } from '../audit/record.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

const policy = `version: 1
rules:
  - {id: reviewed, when: 'true', effect: review, approvers: [data-steward]}
  - {id: blocked, when: 'scope.format == "xlsx"', effect: deny}
`;
let now = Date.UTC(2026, 0, 5, 9);
let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ policy: { text: policy }, now: () => now, sweepMs: 3_600_000 });
});
after(() => gate.stop());

const column = { table: 'customers', column: 'ssn', access: 'read' as const };
const windowScope: CreateRequest['scope'] = { columns: [column], destination: { kind: 'grid' }, use: 'window', durationMs: 900_000 };
const ask = (body: CreateRequest, who = 'dana') => gate.call(who, 'POST', '/v1/requests', body);

async function open(): Promise<{ body: CreateRequest; request: ApprovalRequest }> {
  const body = sampleRequest({ changes: { scope: windowScope } });
  const { body: request } = await ask(body);
  const decided = await gate.call('sam', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' });
  assert.equal(decided.body.state, 'approved');
  return { body, request };
}
let key = 0;
const again = (body: CreateRequest, changes: Partial<CreateRequest> = {}): CreateRequest => {
  key += 1;
  return { ...body, idempotencyKey: `again-${key}`, ...changes };
};

test('the same ask gets the live grant, also for a single use; it is in the trail, and nobody is asked', async () => {
  const { body, request } = await open();
  const repeated = await ask(again(body, { reason: 'once more' }));
  assert.deepEqual([repeated.status, repeated.body.id, repeated.body.state], [200, request.id, 'approved']);
  const once = await ask(again(body, { scope: { ...windowScope, columns: [], use: 'once' } }));
  assert.equal(once.body.id, request.id);
  const { jti } = decodeJwt<GrantClaims>(once.body.grant ?? '');
  assert.equal((await gate.call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: 'nonce-0001', digest: body.binding.digest, capability: 'run' })).status, 200);
  const { body: found } = await gate.call<{ records: AuditRecord[] }>('aria', 'GET', '/v1/audit/search?type=grant.reused');
  assert.deepEqual(found.records.map((record) => [record.request, record.grant]), [[request.id, jti], [request.id, jti]]);
});

const others: readonly [what: string, change: (body: CreateRequest) => Partial<CreateRequest>, who?: string][] = [
  ['another statement', ({ binding }) => ({ binding: { ...binding, digest: 'other' } })],
  ['another capability', ({ binding }) => ({ binding: { ...binding, capability: 'reveal' } })],
  ['another connection', ({ binding }) => ({ binding: { ...binding, connection: { ...binding.connection, id: 'payroll' } } })],
  ['another database user', ({ binding }) => ({ binding: { ...binding, connection: { ...binding.connection, databaseUser: 'root' } } })],
  ['one more column in clear', () => ({ scope: { ...windowScope, columns: [column, { ...column, column: 'email' }] } })],
  ['another destination', () => ({ scope: { ...windowScope, destination: { kind: 'file', format: 'csv' } } })],
  ['an agent in their name', () => ({ agent: { name: 'helper' } })],
  ['a later start', () => ({ scope: { ...windowScope, startsAt: Date.UTC(2026, 0, 6) } })],
  ['another person', () => ({}), 'devon'],
];
for (const [what, change, who] of others) {
  test(`a request of its own: ${what}`, async () => {
    const { body, request } = await open();
    const asked = await ask(again(body, change(body)), who);
    assert.deepEqual([asked.status, asked.body.state], [201, 'pending']);
    assert.notEqual(asked.body.id, request.id);
  });
}

test('not what was revoked, has run out, or is denied by now', async () => {
  const revoked = await open();
  await gate.call('sam', 'POST', `/v1/requests/${revoked.request.id}/revoke`, {});
  assert.equal((await ask(again(revoked.body))).status, 201);
  const late = await open();
  now += 900_000;
  assert.equal((await ask(again(late.body))).status, 201);
  const denied = await open();
  assert.equal((await ask(again(denied.body, { scope: { ...windowScope, destination: { kind: 'grid', format: 'xlsx' } } }))).body.state, 'denied');
});
