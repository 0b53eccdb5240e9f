import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRequest, Decision } from '#core/wire/approval.ts';
import { emptyInbox, holds, type InboxState, neighbour, progressOf, queue, reduceInbox, standing } from './inbox-state.ts';

const sam = { id: 'sam', name: 'Sam', roles: ['data-steward'] };
const devon = { id: 'devon', name: 'Devon', roles: ['dba'] };
const dana = { id: 'dana', name: 'Dana', roles: ['developer'] };

function request(id: string, changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const at = 1000 + Number(id);
  return {
    id, state: 'pending', requester: dana, decisions: [], createdAt: at, updatedAt: at, expiresAt: at + 1e6, preview: '', redactions: 0, reason: '', idempotencyKey: id,
    binding: { digest: id, connection: { id: 'shop', environment: 'production', databaseUser: '' }, capability: 'run' },
    scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 1000 },
    facts: { dialect: 'sqlite', kind: 'select', readOnly: true, statements: 1, tables: [], columns: [], star: false, functions: [], exports: false, opaque: [], parameters: [], sensitive: [] },
    verdict: { effect: 'review', rules: [], why: '', approvers: [{ anyOf: ['data-steward'], count: 1 }], reason: { required: false }, maskColumns: [], policyVersion: '1' },
    ...changes,
  };
}
const decision = (by: Decision['by'], what: Decision['decision']): Decision => ({ by, decision: what, comment: '', at: 1 });
function shown(state: InboxState): string {
  return queue(state, sam).map((r) => r.id).join(' ');
}
function listed(...requests: ApprovalRequest[]): InboxState {
  return reduceInbox(emptyInbox, { type: 'list', requests, me: sam });
}
function live(state: InboxState, changed: ApprovalRequest): InboxState {
  return reduceInbox(state, { type: 'live', event: { type: 'request', request: changed }, me: sam });
}

test('oldest first; a new one joins at the end', () => {
  const state = listed(request('3'), request('1'));
  assert.equal(shown(state), '1 3');
  assert.equal(shown(live(state, request('4'))), '1 3 4');
});

test('what is being read stays in its place when it is decided, until the reader goes on', () => {
  let state = reduceInbox(listed(request('1'), request('2')), { type: 'select', id: '1' });
  state = live(state, request('1', { state: 'approved', updatedAt: 5000 }));
  assert.equal(shown(state), '1 2');
  state = reduceInbox(state, { type: 'select', id: neighbour(state, sam, 1) });
  assert.equal(shown(state), '2');
});

test('what is not being read leaves at once', () => {
  const state = live(reduceInbox(listed(request('1'), request('2')), { type: 'select', id: '2' }), request('1', { state: 'denied', updatedAt: 5000 }));
  assert.equal(shown(state), '2');
});

test('an older state never overwrites a newer one', () => {
  const state = live(listed(request('1', { state: 'denied', updatedAt: 5000 })), request('1', { updatedAt: 4000 }));
  assert.equal(state.requests.get('1')?.state, 'denied');
});

const standings: readonly (readonly [string, ApprovalRequest, typeof sam, string])[] = [
  ['a steward may decide', request('1'), sam, 'may-decide'],
  ['an auditor looks on', request('1'), { id: 'aria', name: 'Aria', roles: ['auditor'] }, 'not-asked'],
  ['who sees it by a group or a delegation may decide', request('1'), devon, 'may-decide'],
  ['broken glass wants a look afterwards', request('1', { state: 'consumed', afterReview: { anyOf: ['data-steward'] } }), sam, 'after-review'],
  ['the look is for those who were named, not for every approver', request('1', { state: 'consumed', afterReview: { anyOf: ['security'] } }), sam, 'closed'],
  ['who sees it by a group may be one of those', request('1', { state: 'consumed', afterReview: { anyOf: ['security'] } }), devon, 'after-review'],
  ['one look is enough', request('1', { state: 'consumed', afterReview: { anyOf: ['data-steward'], done: { by: sam, at: 1, justified: true, comment: '' } } }), sam, 'closed'],
  ['nobody decides on their own', request('1', { requester: sam }), sam, 'own'],
  ['once is enough', request('1', { verdict: { ...request('1').verdict, approvers: [{ anyOf: ['data-steward'], count: 2 }] }, decisions: [decision(sam, 'approve')] }), sam, 'already'],
  ['after changes everybody decides anew', request('1', { decisions: [decision(sam, 'request_changes')] }), sam, 'may-decide'],
  ['what is approved and not used up can be taken back', request('1', { state: 'approved' }), sam, 'may-revoke'],
  ['a closed one is closed', request('1', { state: 'denied' }), sam, 'closed'],
  ['the second step waits for the first', request('1', { verdict: { ...request('1').verdict, approvers: [{ anyOf: ['data-steward'], count: 1 }, { anyOf: ['dba'], count: 1 }] } }), devon, 'not-asked'],
];
for (const [name, asked, me, expected] of standings) test(name, () => assert.equal(standing(asked, me), expected));

test('the filter: every word, anywhere', () => {
  const asked = request('1', { reason: 'Import of last night', binding: { ...request('1').binding, connection: { id: 'shop', environment: 'critical', databaseUser: '' } } });
  assert.equal(holds(asked, ''), true);
  assert.equal(holds(asked, 'DANA critical import'), true);
  assert.equal(holds(asked, 'dana staging'), false);
});

test('steps are filled in order, by distinct people', () => {
  const steps = [{ anyOf: ['data-steward'], count: 1 }, { anyOf: ['dba', 'data-steward'], count: 1 }];
  const asked = request('1', { verdict: { ...request('1').verdict, approvers: steps }, decisions: [decision(sam, 'approve'), decision(sam, 'approve'), decision(devon, 'approve')] });
  assert.deepEqual(progressOf(asked).map((s) => s.by), [['Sam'], ['Devon']]);
});
