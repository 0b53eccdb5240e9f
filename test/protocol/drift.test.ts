/** Personal data in a result that its request had not declared: masked, told to who asked, and on the backend's record. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { method, type ResultDrift, type RunState } from '#core/wire/protocol.ts';
import type { ApprovalRequest, DriftFinding } from '#core/wire/approval.ts';
import type { ResultSummary } from '#core/wire/results.ts';
import { ask, canaries, GateClient } from './gate-client.ts';

let client: GateClient;
before(async () => {
  client = await GateClient.start();
  const db = new DatabaseSync(path.join(client.folder, 'shop.db'));
  db.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, code TEXT, body TEXT, plain TEXT);
    INSERT INTO notes (code, body, plain) SELECT CASE value % 2 WHEN 0 THEN 'marta.keller@acme-corp.io' ELSE 'j.oduya@acme-corp.io' END,
      CASE WHEN value > 590 THEN 'order ' || value || ': call ' || '+442079461183' ELSE 'nothing of note' END, 'blue' FROM generate(600)`
    .replace('generate(600)', '(WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 600) SELECT value FROM n)'));
  db.close();
});
after(async () => {
  await client.stop();
  assert.deepEqual(client.log, [], 'no handler failed unexpectedly');
});

const short = (drift: readonly DriftFinding[] | undefined): readonly string[] => (drift ?? []).map((d) => `${d.column} ${d.origin?.table ?? '-'} ${d.entity}`).sort();

/** Equal values may be looked at once only, so a count is a lower bound. */
const atLeastDistinct = (count: number | undefined): boolean => count !== undefined && count >= 10 && count <= 20;

/** The request as the backend has it, once it holds this. Each look is a call over HTTP. */
async function requestWith(id: string, holds: (drift: readonly DriftFinding[]) => boolean): Promise<ApprovalRequest> {
  for (let look = 0; look < 5_000; look++) {
    const { body } = await client.backend.call('dana', 'GET', `/v1/requests/${id}`);
    if (body.drift && holds(body.drift)) return body;
  }
  throw new Error(`The backend was not told: ${JSON.stringify((await client.backend.call('dana', 'GET', `/v1/requests/${id}`)).body.drift)}`);
}

async function auditOf(type: string): Promise<readonly { readonly data: Record<string, unknown> }[]> {
  const { body } = await client.backend.call<{ records: { type: string; data: Record<string, unknown> }[] }>('aria', 'GET', '/v1/audit?limit=1000');
  return body.records.filter((r) => r.type === type);
}

test('what an approved result holds beyond its request is reported with columns, kinds and counts, and no value', async () => {
  const { result, requestId } = await client.approvedRun('SELECT ssn, n.code, n.body, n.plain FROM customers c JOIN notes n ON n.id = c.id OR n.id > 590');
  assert.deepEqual(result.drift, [{ column: 'code', entity: 'EMAIL_ADDRESS' }]);
  const first = await requestWith(requestId, (d) => d.length >= 1);
  assert.deepEqual(short(first.drift?.filter((d) => d.column === 'code')), ['code notes EMAIL_ADDRESS']);
  // The rows with telephone numbers are looked at now: the report grows.
  await client.page(result.resultId, 0, 50);
  const request = await requestWith(requestId, (d) => d.some((f) => f.column === 'body'));
  assert.deepEqual(short(request.drift), ['body notes PHONE_NUMBER', 'code notes EMAIL_ADDRESS']);
  const counts = Object.fromEntries((request.drift ?? []).map((d) => [d.column, d.count]));
  assert.equal(counts['code'], 22);
  assert.ok(atLeastDistinct(counts['body']), 'of twenty rows with ten numbers');
  const told = client.notifications<ResultDrift>(method.resultDrift).filter((d) => d.resultId === result.resultId).at(-1);
  assert.deepEqual(told?.drift.map((d) => d.column).sort(), ['body', 'code'], 'the requester is told, too');
  const recorded = JSON.stringify([request, await auditOf('request.drift')]);
  assert.ok(recorded.includes('PHONE_NUMBER'));
  for (const canary of canaries) assert.ok(!recorded.includes(canary), 'a value is on record');
});

test('what was declared is no drift', async () => {
  const { result, requestId } = await client.approvedRun('SELECT id, email, ssn FROM customers');
  await client.page(result.resultId);
  assert.deepEqual(result.drift, []);
  assert.equal((await client.backend.call('dana', 'GET', `/v1/requests/${requestId}`)).body.drift, undefined);
});

test('a statement that needed no approval and gave personal data is on record all the same', async () => {
  const before = (await auditOf('drift.unasked')).length;
  const { state } = await client.run('SELECT code AS "marta.keller@acme-corp.io" FROM notes LIMIT 40');
  assert.equal(state.state, 'done', JSON.stringify(state));
  let records: Awaited<ReturnType<typeof auditOf>> = [];
  for (let look = 0; look < 5_000 && records.length <= before; look++) records = await auditOf('drift.unasked');
  const [record] = records.filter((r) => JSON.stringify(r).includes('notes'));
  assert.equal(records.length, before + 1);
  assert.ok(JSON.stringify(record?.data).includes('EMAIL_ADDRESS'), JSON.stringify(record));
  for (const canary of canaries) assert.ok(!JSON.stringify(record).includes(canary), 'neither a value nor a column named by one');
});

test('an export that streams past the grid reports to its own request', async () => {
  const { result } = await client.approvedRun('SELECT ssn, n.body FROM customers c JOIN notes n ON n.id > 590', undefined, 'capped');
  assert.equal(result.truncated?.by, 'row-cap');
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.exportResult, { runId, resultId: result.resultId, format: 'jsonl', path: path.join(client.folder, 'drift.jsonl'), clear: [], ask });
  assert.equal(pending.state, 'pending', JSON.stringify(pending));
  const { requestId } = pending as { requestId: string };
  await client.decide('sam', requestId, 'approve');
  const end = await client.reaches(runId, 'done', 'blocked', 'failed');
  assert.equal(end.state, 'done', JSON.stringify(end));
  const [found, ...more] = (await requestWith(requestId, (d) => d.length > 0)).drift ?? [];
  assert.deepEqual([found?.column, found?.entity, more], ['body', 'PHONE_NUMBER', []]);
  assert.ok(atLeastDistinct(found?.count));
});

test('without a backend the requester is told, and nothing fails', async () => {
  await client.configure({ noBackend: true });
  const { state } = await client.run('SELECT code FROM notes WHERE id < 3');
  assert.equal(state.state, 'done', JSON.stringify(state));
  const { result } = state as { result: ResultSummary };
  assert.deepEqual(result.drift, [{ column: 'code', entity: 'EMAIL_ADDRESS' }]);
  await client.notified(method.resultDrift, (d: ResultDrift) => d.resultId === result.resultId);
});
