import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest } from '../testing/sample.ts';
import { clausesOf } from './rule-words.ts';

const request = { ...sampleRequest(), requester: { id: 'dana', name: 'Dana', roles: [] } } as unknown as ApprovalRequest;
const cases: readonly [condition: string, words: readonly string[], holds: readonly (boolean | undefined)[]][] = [
  ['connection.environment == "production" && action == "run" && facts.sensitive', ['environment is production', 'action is run', 'touches sensitive columns'], [true, true, true]],
  ['connection.environment in ["development", \'staging\'] && !facts.readOnly', ['environment is development or staging', 'writes'], [false, false]],
  ['action != "run" && subject.agent', ['action is not run', 'asked by an agent'], [false, false]],
  ['facts.estimatedRows > 1000', ['estimated rows above 1000'], [undefined]],
  ['true', ['always'], [true]],
  ['subject.roles.exists(r, r == "x && y") && facts.exports', ['subject.roles.exists(r, r == "x && y")', 'writes data out of the database itself'], [undefined, false]],
  ['action == "run" || action == "export"', ['action == "run" || action == "export"'], [undefined]],
  ['(action == "run" || subject.agent) && subject.onCall', ['(action == "run" || subject.agent)', 'requester is on call'], [undefined, undefined]],
  ['constructor && toString == "x"', ['constructor', 'toString == "x"'], [undefined, undefined]],
];
for (const [condition, words, holds] of cases) {
  test(condition, () => {
    const clauses = clausesOf(condition, request);
    assert.deepEqual(clauses.map((c) => c.words), words);
    assert.deepEqual(clauses.map((c) => c.holds), holds);
  });
}
