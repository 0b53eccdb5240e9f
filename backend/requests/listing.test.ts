/** Lists are full whatever lies in between that the reader may not see, and pages never lose or repeat one. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { type RunningBackend, sampleRequest, startBackend } from '../testing/sample.ts';

const policy = `version: 1
rules:
  - {id: steward, when: connection.environment == "production", effect: review, approvers: [data-steward]}
  - {id: dba, when: connection.environment == "staging", effect: review, approvers: [dba]}
`;
let gate: RunningBackend;
let clock = 1_800_000_000_000;
before(async () => { gate = await startBackend({ policy: { text: policy }, redact: (text) => text, now: () => clock, sweepMs: 3_600_000 }); });
after(() => gate.stop());

async function ask(environment: 'production' | 'staging'): Promise<string> {
  return (await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment }))).body.id;
}
async function list(query: string): Promise<readonly ApprovalRequest[]> {
  return (await gate.call<{ requests: readonly ApprovalRequest[] }>('devon', 'GET', `/v1/requests?${query}`)).body.requests;
}

test('the few that one may see are found behind many that one may not', async () => {
  // Three in the same millisecond, as they come from scripts.
  const mine = [await ask('staging'), await ask('staging'), await ask('staging')];
  clock += 1;
  mine.push(await ask('staging'));
  for (let i = 0; i < 40; i += 1) {
    clock += 1;
    await ask('production');
  }
  assert.deepEqual(new Set((await list('state=pending&limit=4')).map(({ id }) => id)), new Set(mine));
  const newest = await list('state=pending&limit=1');
  assert.equal(newest[0]?.id, mine[3]);
  const older = await list(`state=pending&limit=10&before=${newest[0]?.createdAt}`);
  assert.deepEqual(new Set(older.map(({ id }) => id)), new Set(mine.slice(0, 3)));
});
