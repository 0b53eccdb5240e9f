/** What a result held beyond what was declared: by the requester alone, added up, recorded once, heard by reviewers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Overview } from '../insights/overview.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';
import { mergeDrift } from './drift.ts';

let gate: RunningBackend;
before(async () => {
  gate = await startBackend();
});
after(() => gate.stop());

const email = { column: 'notes', entity: 'EMAIL_ADDRESS', count: 3 };
const phone = { column: 'notes', entity: 'PHONE_NUMBER', count: 1, origin: { table: 'customers', column: 'notes' } };

test('the same column and entity is kept once, with the highest count', () => {
  const cases = [
    { known: [], found: [email, { ...email, count: 2 }], merged: [email] },
    { known: [email], found: [{ ...email, count: 9 }, phone], merged: [{ ...email, count: 9 }, phone] },
    { known: [email, phone], found: [email], merged: [email, phone] },
  ];
  for (const { known, found, merged } of cases) assert.deepEqual(mergeDrift(known, found), merged);
});

async function approved(): Promise<ApprovalRequest> {
  const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  return (await gate.call('sam', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'approve', comment: '' })).body;
}
const report = (who: string, id: string, found: object[]) => gate.call(who, 'POST', `/v1/requests/${id}/drift`, { found });
const records = async (type: string): Promise<readonly AuditRecord[]> => (await gate.call<{ records: AuditRecord[] }>('aria', 'GET', `/v1/audit/search?type=${type}`)).body.records;

test('a report is kept on the request, recorded, and shown to its reviewers; the same again changes nothing', async () => {
  const request = await approved();
  const first = await report('dana', request.id, [email]);
  assert.deepEqual([first.status, first.body.drift], [200, [email]]);
  const again = await report('dana', request.id, [email]);
  assert.deepEqual([again.status, again.body.updatedAt], [200, first.body.updatedAt]);
  assert.deepEqual((await report('dana', request.id, [{ ...email, count: 12 }, phone])).body.drift, [{ ...email, count: 12 }, phone]);
  assert.deepEqual((await gate.call('sam', 'GET', `/v1/requests/${request.id}`)).body.drift, [{ ...email, count: 12 }, phone]);
  const noted = (await records('request.drift')).filter((record) => record.request === request.id);
  assert.deepEqual(noted.map(({ data }) => data.found), [
    [{ ...email, count: 12 }, { column: 'notes', entity: 'PHONE_NUMBER', count: 1, origin: 'customers.notes' }],
    [email],
  ]);
  const { body } = await gate.call<Overview>('sam', 'GET', '/v1/insights');
  assert.deepEqual(body.drift, { requests: 1, columns: [{ name: 'customers.notes', entity: 'PHONE_NUMBER', requests: 1 }, { name: 'notes', entity: 'EMAIL_ADDRESS', requests: 1 }] });
});

test('only the requester reports, only about what may have run, only in the described shape', async () => {
  const request = await approved();
  const pending = (await gate.call('dana', 'POST', '/v1/requests', sampleRequest())).body;
  const cases: readonly [who: string, id: string, found: object[], status: number, code: string][] = [
    ['sam', request.id, [email], 404, 'not-found'],
    ['devon', request.id, [email], 404, 'not-found'],
    ['dana', 'unknown', [email], 404, 'not-found'],
    ['dana', pending.id, [email], 409, 'illegal-state'],
    ['dana', request.id, [], 400, 'invalid-body'],
    ['dana', request.id, [{ ...email, value: 'jane@example.com' }], 400, 'invalid-body'],
    ['dana', request.id, [{ ...email, count: 0 }], 400, 'invalid-body'],
  ];
  for (const [who, id, found, status, code] of cases) {
    const answer = await report(who, id, found);
    assert.deepEqual([answer.status, answer.body.code], [status, code], `${who} ${JSON.stringify(found)}`);
  }
});

test('a personal value in a column\'s alias is not kept', async () => {
  const request = await approved();
  const answer = await report('dana', request.id, [{ ...email, column: 'jane.doe@example.com' }]);
  assert.equal(answer.body.drift?.[0]?.column, '[EMAIL_ADDRESS]');
});

test('what ran without a request is a record in the trail, without the statement', async () => {
  const body = {
    found: [phone], connection: { id: 'shop', environment: 'production', databaseUser: '' }, preview: 'SELECT notes FROM orders', tables: [{ schema: 'public', name: 'orders', access: 'read' }],
  };
  assert.equal((await gate.call('dana', 'POST', '/v1/drift', body)).status, 204);
  const [record] = await records('drift.unasked');
  assert.deepEqual([record?.actor.id, record?.data.connection, record?.data.tables], ['dana', 'shop', ['public.orders']]);
  assert.ok(!JSON.stringify(record).includes('SELECT'));
  assert.equal((await gate.call(undefined, 'POST', '/v1/drift', body)).status, 401);
});
