import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { holds, roleIn, toLookAt } from './standing.ts';

function request(id: string, change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id, state: 'pending', reason: 'Ticket SHOP-1', preview: 'SELECT ssn FROM customers', redactions: 0, idempotencyKey: id, decisions: [], createdAt: 1, updatedAt: 1, expiresAt: 2,
    requester: { id: 'dana', name: 'Dana', roles: [] }, scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 1 },
    binding: { digest: 'd', connection: { id: 'shop', environment: 'production', databaseUser: '' }, capability: 'run' },
    facts: { dialect: 'sqlite', kind: 'select', readOnly: true, statements: 1, tables: [{ name: 'customers', access: 'read' }], columns: [], star: false, functions: [], exports: false, opaque: [], parameters: [], sensitive: [{ table: 'customers', column: 'ssn', entity: 'US_SSN', category: 'user.government_id', use: 'output' }] },
    verdict: { effect: 'review', rules: [], why: 'reads customers.ssn', approvers: [], reason: { required: true }, maskColumns: [], policyVersion: '1' }, ...change,
  };
}
const sam = { id: 'sam', name: 'Sam', roles: ['data-steward'] };
const glass = (anyOf: readonly string[], done = false): Partial<ApprovalRequest> => ({
  state: 'approved', afterReview: { anyOf, ...(done ? { done: { by: sam, at: 1, justified: true, comment: 'ok' } } : {}) },
});

test('broken glass is for those whom the policy names, until one has looked', () => {
  const others = [request('a', glass(['data-steward'])), request('b', glass(['dba'])), request('c', glass(['data-steward'], true)), request('d', { state: 'denied' }), request('e', glass(['sam']))];
  assert.deepEqual(toLookAt({ mine: [], toReview: [], others }, sam).map(({ id }) => id), ['a', 'e']);
  assert.deepEqual(toLookAt({ mine: [], toReview: [], others }, undefined), []);
});

test('the role follows from the list that holds the request', () => {
  const requests = { mine: [request('m')], toReview: [request('t')], others: [request('g', glass(['data-steward'])), request('o', { state: 'denied' })] };
  assert.deepEqual(['m', 't', 'g', 'o', 'x'].map((id) => roleIn(requests, id, sam)), ['requester', 'reviewer', 'after-reviewer', 'reader', undefined]);
});

for (const [filter, fits] of [['dana', true], ['DANA production', true], ['customers.ssn', true], ['government', true], ['shop-1', true], ['staging', false], ['', true], ['run shop', true]] as const) {
  test(`the filter "${filter}" ${fits ? 'holds' : 'does not hold'}`, () => assert.equal(holds(request('a'), filter), fits));
}
