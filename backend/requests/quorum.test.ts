/** Counting approvals: distinct people, steps in order, `>=`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ApproverStep, Decision } from '#core/wire/approval.ts';
import { progress } from './quorum.ts';

const vote = (id: string, ...roles: string[]): Decision => ({ by: { id, name: id, roles }, decision: 'approve', comment: '', at: 0 });
const steward = (count: number): ApproverStep => ({ anyOf: ['steward'], count });
const dba: ApproverStep = { anyOf: ['dba', 'owner'], count: 1 };

const cases: readonly [string, readonly ApproverStep[], readonly Decision[], number, boolean][] = [
  ['one of one', [steward(1)], [vote('a', 'steward')], 1, true],
  ['nobody yet', [steward(1)], [], 0, false],
  ['one person twice is one', [steward(2)], [vote('a', 'steward'), vote('a', 'steward')], 0, false],
  ['one person in both groups fills one step only', [steward(1), dba], [vote('a', 'steward', 'dba')], 1, false],
  ['two people, two steps', [steward(1), dba], [vote('a', 'steward'), vote('b', 'owner')], 2, true],
  ['out of order does not count', [steward(1), dba], [vote('b', 'dba'), vote('a', 'steward')], 1, false],
  ['another role does not count', [steward(1)], [vote('a', 'developer')], 0, false],
  ['a denial is no approval', [steward(1)], [{ ...vote('a', 'steward'), decision: 'deny' }], 0, false],
  ['a person may be named', [{ anyOf: ['a'], count: 1 }], [vote('a')], 1, true],
  ['no steps are met', [], [], 0, true],
];
for (const [name, steps, decisions, step, complete] of cases) {
  test(name, () => {
    const result = progress(steps, decisions);
    assert.deepEqual([result.step, result.complete], [step, complete]);
  });
}

test('never complete with fewer distinct people than the counts add up to', () => {
  const person = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), roles: fc.subarray(['r1', 'r2', 'r3']) });
  const step = fc.record({ anyOf: fc.subarray(['r1', 'r2', 'r3'], { minLength: 1 }), count: fc.integer({ min: 1, max: 3 }) });
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 3 }), fc.array(person, { maxLength: 12 }), (steps, people) => {
    const { complete } = progress(steps, people.map(({ id, roles }) => vote(id, ...roles)));
    const needed = steps.reduce((sum, each) => sum + each.count, 0);
    if (complete) assert.ok(new Set(people.map(({ id }) => id)).size >= needed);
  }));
});
