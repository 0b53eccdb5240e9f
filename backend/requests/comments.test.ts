/** Remarks on lines, and the masked sample: what is kept, for whom, and what never is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest, MaskedSample, RequestComment } from '#core/wire/approval.ts';
import { type RunningBackend, sampleRequest, startBackend } from '../testing/sample.ts';

const policy = `version: 1
rules:
  - {id: reads, when: action == "run", effect: review, approvers: [data-steward], sample: 3}
  - {id: clear, when: action == "reveal" && connection.environment != "critical", effect: review, approvers: [data-steward], sample: 3}
  - {id: critical, when: action == "reveal" && connection.environment == "critical", effect: review, approvers: [data-steward]}
`;
let gate: RunningBackend;
before(async () => { gate = await startBackend({ policy: { text: policy } }); });
after(() => gate.stop());

const threeLines = { changes: { preview: 'select id, ssn\nfrom customers\nlimit 5' } };
async function ask(sample: Parameters<typeof sampleRequest>[0] = threeLines): Promise<ApprovalRequest> {
  const answer = await gate.call('dana', 'POST', '/v1/requests', sampleRequest(sample));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}
const comment = (who: string, id: string, body: object) => gate.call(who, 'POST', `/v1/requests/${id}/comments`, body);

test('a remark on lines, its answer by the requester, one by an auditor on the whole', async () => {
  const { id } = await ask();
  const first = await comment('sam', id, { line: 1, end: 2, text: 'Is ssn needed?' });
  assert.equal(first.status, 200);
  const thread = first.body.comments?.[0] as RequestComment;
  assert.deepEqual([thread.line, thread.end, thread.by.id, thread.revision, first.body.state], [1, 2, 'sam', 0, 'pending']);
  const answered = await comment('dana', id, { text: 'Only to compare', replyTo: thread.id });
  await comment('aria', id, { text: 'Noted' });
  const seen = (await gate.call('dana', 'GET', `/v1/requests/${id}`)).body.comments ?? [];
  assert.deepEqual(seen.map(({ by, text, line, replyTo }) => [by.id, text, line, replyTo]), [
    ['sam', 'Is ssn needed?', 1, undefined], ['dana', 'Only to compare', 1, thread.id], ['aria', 'Noted', undefined, undefined],
  ]);
  const again = await comment('sam', id, { text: 'Fine', replyTo: answered.body.comments?.[1]?.id });
  assert.equal(again.body.comments?.at(-1)?.replyTo, thread.id, 'an answer to an answer stays in the thread');
  const { body } = await gate.call<{ records: { type: string; request?: string; data: object }[] }>('aria', 'GET', '/v1/audit?after=0&limit=500');
  const records = body.records.filter((record) => record.request === id && record.type === 'request.commented');
  // The trail holds a digest of what was said, not what was said (audit/commitment.ts).
  assert.match(JSON.stringify(records[0]?.data), /^\{"comment":"sha256:[\w-]{43}","line":1\}$/);
  assert.equal(records.length, 4);
});

test('remarks of a decision are comments of the request, and enough of a reason', async () => {
  const { id } = await ask();
  const sent = await gate.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'request_changes', comment: '', lines: [{ line: 3, text: 'Less' }] });
  assert.equal(sent.body.state, 'changes_requested');
  assert.deepEqual(sent.body.comments?.map(({ line, text }) => [line, text]), [[3, 'Less']]);
  assert.equal((await comment('dana', id, { text: 'Done', replyTo: sent.body.comments?.[0]?.id })).status, 200);
});

test('what is refused', async () => {
  const { id } = await ask();
  const cases: readonly [who: string, body: object, status: number, code: string][] = [
    ['devon', { text: 'x' }, 404, 'not-found'],
    ['sam', { text: '   ' }, 422, 'needs-comment'],
    ['sam', { text: 'x', line: 4 }, 422, 'unknown-line'],
    ['sam', { text: 'x', line: 3, end: 2 }, 422, 'unknown-line'],
    ['sam', { text: 'x', end: 2 }, 422, 'unknown-line'],
    ['sam', { text: 'x', replyTo: 'nothing' }, 422, 'unknown-comment'],
    ['sam', { text: 'x', html: true }, 400, 'invalid-body'],
  ];
  for (const [who, body, status, code] of cases) {
    const answer = await comment(who, id, body);
    assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
  }
});

test('a personal value in a remark is kept nowhere', async () => {
  const { id } = await ask();
  const answer = await comment('sam', id, { line: 1, text: 'Why not ask jane.roe@acme-mail.org?' });
  assert.equal(answer.body.comments?.[0]?.text, 'Why not ask [EMAIL_ADDRESS]?');
  const trail = await gate.call<object>('aria', 'GET', '/v1/audit?after=0&limit=500');
  assert.doesNotMatch(JSON.stringify(trail.body), /jane\.roe/);
});

const sample: MaskedSample = {
  columns: ['id', 'email', 'ssn'],
  rows: [['1', '•••', '•••-••-6789'], ['2', 'jane.roe@acme-mail.org', null], ['3', '•••', '536-90-4399'], ['4', '•••', '•••']],
};
test('sample: a retry without it is the same request', async () => {
  const body = sampleRequest({ capability: 'reveal', changes: { sample } });
  const first = await gate.call('dana', 'POST', '/v1/requests', body);
  const { sample: _sample, ...without } = body;
  const again = await gate.call('dana', 'POST', '/v1/requests', without);
  assert.deepEqual([first.status, again.status, again.body.id], [201, 200, first.body.id]);
});

const samples: readonly [name: string, request: Parameters<typeof sampleRequest>[0], kept: MaskedSample | undefined][] = [
  ['a reveal: so many rows, and no cell that is not masked', { capability: 'reveal' }, {
    columns: sample.columns, rows: [['1', '•••', '•••-••-6789'], ['2', '[EMAIL_ADDRESS]', null], ['3', '•••', '[US_SSN]']],
  }],
  ['a run has none: nothing runs for it', { capability: 'run' }, undefined],
  ['where the policy is silent, none', { capability: 'reveal', environment: 'critical' }, undefined],
];
for (const [name, request, kept] of samples) {
  test(`sample: ${name}`, async () => {
    const asked = await ask({ ...request, changes: { sample } });
    assert.deepEqual([asked.verdict.sample?.maxRows, asked.sample], [kept && 3, kept]);
    const seen = await gate.call('sam', 'GET', `/v1/requests/${asked.id}`);
    assert.deepEqual(seen.body.sample, kept);
    assert.doesNotMatch(JSON.stringify(seen.body), /jane\.roe|536-90-4399/);
  });
}
