/** Policies that don't parse say where and what; one that does is typed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultPolicyPath } from '../create-backend.ts';
import { parsePolicy } from './parse.ts';

const rule = (lines: string): string => `version: 1\nrules:\n${lines}`;
const good = '  - {id: a, when: facts.sensitive, effect: deny}\n';

const bad: readonly [name: string, text: string, line: number, column: number, message: RegExp][] = [
  ['not YAML', 'version: 1\nrules: [', 2, 9, /./],
  ['not a map', '- 1', 1, 1, /expected a policy/],
  ['no version', `rules:\n${good}`, 1, 1, /version: 1/],
  ['no rules', 'version: 1\nrules: []', 1, 1, /deny everything/],
  ['unknown key at the top', `version: 1\nrule: []\nrules:\n${good}`, 2, 1, /unknown key "rule"/],
  ['unknown key in a rule', rule('  - id: a\n    when: "true"\n    effect: deny\n    approver: [x]\n'), 6, 5, /unknown key "approver"/],
  ['unknown variable', rule('  - id: a\n    when: facts.sensitive && subject.rols == "x"\n    effect: deny\n'), 4, 38, /rols/],
  ['type error', rule('  - id: a\n    effect: deny\n    when: facts.estimatedRows > "x"\n'), 5, 11, /overload/],
  ['type error in a block scalar', rule('  - id: a\n    effect: deny\n    when: |\n      facts.sensitive &&\n      facts.nothing\n'), 7, 13, /nothing/],
  ['syntax error', rule('  - id: a\n    effect: deny\n    when: facts.sensitive &&\n'), 5, 29, /Unexpected/],
  ['not a condition', rule('  - id: a\n    effect: deny\n    when: facts.estimatedRows\n'), 5, 11, /true or false/],
  ['review without approvers', rule('  - {id: a, when: facts.star, effect: review}\n'), 3, 5, /approvers/],
  ['approvers without review', rule('  - {id: a, when: facts.star, effect: mask, approvers: [x]}\n'), 3, 5, /effect review/],
  ['unknown effect', rule('  - {id: a, when: facts.star, effect: block}\n'), 3, 39, /allow, mask, review, deny/],
  ['an id twice', rule(good + good), 4, 5, /twice/],
  ['a bad duration', rule('  - {id: a, when: facts.star, effect: deny, max_duration: soon}\n'), 3, 59, /duration/],
  ['a bad pattern', rule('  - {id: a, when: facts.star, effect: deny, reason_pattern: "("}\n'), 3, 61, /regular expression/],
  ['a bad count', rule('  - {id: a, when: facts.star, effect: review, approvers: [x], min_approvals: 0}\n'), 3, 78, /whole number/],
];
for (const [name, text, line, column, message] of bad) {
  test(name, () => {
    const parsed = parsePolicy(text, 'p.yaml');
    assert.equal(parsed.ok, false);
    if (parsed.ok) return;
    const [first] = parsed.problems;
    assert.ok(first);
    assert.match(first.message, message);
    assert.deepEqual([first.line, first.column], [line, column], first.message);
  });
}

test('the shipped policy is good', () => {
  const parsed = parsePolicy(readFileSync(defaultPolicyPath(), 'utf8'), 'default.yaml');
  assert.deepEqual(parsed.ok ? [] : parsed.problems, []);
});
