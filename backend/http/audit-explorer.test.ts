/** The audit explorer: what it finds, what it writes out, and whether it notices a trail that was tampered with. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { toCsv } from '../audit/formats/csv.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { AuditReport } from '../audit/verify.ts';
import { type RunningBackend, sampleRequest, startBackend } from '../testing/sample.ts';

let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ redact: (text) => text });
  const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  await gate.call('sam', 'POST', `/v1/requests/${body.id}/decisions`, { decision: 'deny', comment: 'no' });
});
after(() => gate.stop());

async function text(who: string, path: string): Promise<{ readonly status: number; readonly type: string; readonly name: string; readonly body: string }> {
  const response = await fetch(gate.url + path, { headers: { authorization: `Bearer ${gate.tokens[who]}` } });
  return { status: response.status, type: response.headers.get('content-type') ?? '', name: response.headers.get('content-disposition') ?? '', body: await response.text() };
}

const formats: readonly [format: string, type: RegExp, name: RegExp, line: RegExp][] = [
  ['jsonl', /jsonl/, /audit\.jsonl"/, /^\{.*"type":"request\.denied"/],
  ['ocsf', /jsonl/, /ocsf\.jsonl"/, /"class_uid":\d+/],
  ['ecs', /jsonl/, /ecs\.jsonl"/, /"ecs"/],
  ['otel', /jsonl/, /otel\.jsonl"/, /"(?:resourceLogs|body|Body)"/],
  ['cef', /text\/plain/, /cef\.log"/, /CEF:0\|/],
  ['csv', /text\/csv/, /audit\.csv"/, /^seq,time,type,actor/],
];
for (const [format, type, name, line] of formats) {
  test(`export as ${format}`, async () => {
    const answer = await text('aria', `/v1/audit/export?type=request.denied&format=${format}`);
    assert.equal(answer.status, 200);
    assert.match(answer.type, type);
    assert.match(answer.name, name);
    assert.match(answer.body, line);
    assert.equal(answer.body.trim().split(/\r?\n/).length, format === 'csv' ? 2 : 1, 'the filter holds');
  });
}

test('csv: quotes, commas and formulas stay text', async () => {
  const { body } = await text('aria', '/v1/audit/export?type=request.created&format=csv');
  assert.match(body, /,"\{""capability"":""run"",/);
  const [record] = (await gate.call<{ records: readonly AuditRecord[] }>('aria', 'GET', '/v1/audit?limit=1')).body.records;
  assert.ok(record !== undefined);
  const row = toCsv({ ...record, actor: { id: '=cmd|"calc",1', kind: 'person' }, request: '@SUM(A1)', grant: '-1' });
  assert.match(row, /,"'=cmd\|""calc"",1",person,'@SUM\(A1\),'-1,/);
});

test('verify says intact, for those who audit; and broken once a record was edited in the store', async () => {
  assert.equal((await text('sam', '/v1/audit/verify')).status, 403);
  const good = await gate.call<AuditReport>('aria', 'GET', '/v1/audit/verify');
  assert.deepEqual([good.status, good.body.ok, good.body.failure], [200, true, undefined]);
  assert.ok(good.body.records >= 3 && good.body.head.seq === good.body.records);
  const database = new DatabaseSync(join(gate.dataDir, 'gate.db'));
  database.exec("UPDATE audit SET record = replace(record, '\"connection\":\"shop\"', '\"connection\":\"shoq\"')");
  database.close();
  const bad = await gate.call<AuditReport>('aria', 'GET', '/v1/audit/verify');
  assert.deepEqual([bad.body.ok, bad.body.failure?.fault], [false, 'edited']);
});
