/** What wins when several rules fire, and what happens when none or a broken one does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { EvaluateInput, Verdict } from '#core/wire/approval.ts';
import { defaultPolicyPath } from '../create-backend.ts';
import type { Subject } from '../identity/identity.ts';
import { sampleFacts, sampleRequest, type SampleRequest } from '../testing/sample.ts';
import type { Surroundings } from './context.ts';
import { judge } from './evaluate.ts';
import { parsePolicy } from './parse.ts';

const dana: Subject = { id: 'dana', name: 'Dana', roles: ['developer'], groups: ['shop'], kind: 'person', aliases: [] };
const around: Surroundings = {
  now: Date.UTC(2026, 0, 5, 9, 30), address: '10.1.2.3', place: 'office', onCall: false, calendar: { date: '2026-01-05', hour: 10, minute: 30, weekday: 1, holiday: false }, history: { rowsToday: 0, revealsToday: 0, requestsToday: 0, denialsToday: 0 },
};

function input(sample: SampleRequest = {}): EvaluateInput {
  const { binding, facts, scope, agent } = sampleRequest(sample);
  return { facts, scope, connection: binding.connection, capability: binding.capability, ...(agent ? { agent } : {}) };
}

function verdictOf(rules: string, sample?: SampleRequest, subject = dana): Verdict {
  const parsed = parsePolicy(`version: 1\nrules:\n${rules}`, 'p.yaml');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return judge(parsed.policy, subject, input(sample), around).verdict;
}

test('the most restrictive effect wins, and its rules come first', () => {
  const verdict = verdictOf('  - {id: a, when: "true", effect: allow}\n  - {id: r, when: "true", effect: review, approvers: [x]}\n  - {id: m, when: "true", effect: mask}\n');
  assert.deepEqual([verdict.effect, verdict.rules], ['review', ['r', 'm', 'a']]);
});
test('limits of every rule that fired hold together', () => {
  const verdict = verdictOf('  - {id: a, when: "true", effect: allow, max_rows: 5, max_duration: 1h}\n  - {id: r, when: "true", effect: review, approvers: [x], max_rows: 50, max_duration: 10m, reason_required: true}\n');
  assert.deepEqual([verdict.maxRows, verdict.maxDurationMs, verdict.reason.required], [5, 600_000, true]);
});
test('approver sets of several reviews add up; the same set takes the higher count', () => {
  const verdict = verdictOf('  - {id: a, when: "true", effect: review, approvers: [x, y], min_approvals: 2}\n  - {id: b, when: "true", effect: review, approvers: [y, x]}\n  - {id: c, when: "true", effect: review, approvers: [z]}\n');
  assert.deepEqual(verdict.approvers, [{ anyOf: ['y', 'x'], count: 2 }, { anyOf: ['z'], count: 1 }]);
});
test('no rule: denied', () => {
  assert.deepEqual(pick(verdictOf('  - {id: a, when: "false", effect: allow}\n')), ['deny', []]);
});
test('a condition that fails to evaluate: denied, and the verdict names the rule', () => {
  const verdict = verdictOf('  - {id: a, when: "true", effect: allow}\n  - {id: broken, when: \'facts.tables[9] == "x"\', effect: mask}\n');
  assert.deepEqual(pick(verdict), ['deny', ['broken', 'a']]);
  assert.match(verdict.why, /"broken" could not be evaluated/);
});
test('mask without a list masks every sensitive output and filter column; a list masks those named', () => {
  const two = { sensitive: [...sampleFacts().sensitive, { table: 'customers', column: 'email', entity: 'EMAIL_ADDRESS', category: 'c', use: 'output' as const }] };
  assert.deepEqual(verdictOf('  - {id: m, when: "true", effect: mask}\n', { facts: two }).maskColumns.map((column) => column.column), ['ssn', 'email']);
  assert.deepEqual(verdictOf('  - {id: m, when: "true", effect: mask, mask_columns: [customers.EMAIL]}\n', { facts: two }).maskColumns.map((column) => column.column), ['email']);
});
const conditions: readonly [string, boolean][] = [
  ['now.getHours("Europe/Berlin") == 10', true],
  ['now.getDayOfWeek() in [0, 6]', false],
  ['"developer" in subject.roles && "shop" in subject.groups && !subject.agent', true],
  ['facts.estimatedRows < 0', true],
  ['facts.tables.exists(t, t == "customers") && "US_SSN" in facts.entities', true],
  ['calendar.weekday <= 5 && calendar.hour >= 9 && !calendar.holiday', true],
  ['network.place == "office" && history.rowsToday < 1000', true],
  ['scope.use == "window" || scope.durationMs > 3600000', false],
  ['facts.categories.all(c, c.startsWith("user."))', true],
];
for (const [condition, holds] of conditions) {
  test(`condition: ${condition}`, () => {
    assert.equal(verdictOf(`  - id: a\n    when: ${JSON.stringify(condition)}\n    effect: allow\n`).effect, holds ? 'allow' : 'deny');
  });
}

const shipped: readonly [string, SampleRequest, Verdict['effect'], string[]][] = [
  ['harmless in production', { facts: { sensitive: [] } }, 'allow', []],
  ['sensitive in development', { environment: 'development' }, 'mask', []],
  ['sensitive in staging', { environment: 'staging' }, 'mask', []],
  ['sensitive in production', {}, 'review', ['data-steward']],
  ['not understood in staging', { environment: 'staging', facts: { sensitive: [], opaque: [{ what: 'function', detail: 'f' }] } }, 'mask', []],
  ['not understood in production', { facts: { sensitive: [], opaque: [{ what: 'function', detail: 'f' }] } }, 'review', ['data-steward']],
  ['reveal in production', { capability: 'reveal' }, 'review', ['data-steward']],
  ['export in staging', { capability: 'export', environment: 'staging' }, 'review', ['data-steward']],
  ['a write in staging', { environment: 'staging', facts: { kind: 'update', readOnly: false, sensitive: [] } }, 'review', ['dba']],
  ['a sensitive write in production', { facts: { kind: 'update', readOnly: false } }, 'review', ['data-steward', 'dba']],
  ['server-side export', { facts: { kind: 'copy', readOnly: true, sensitive: [], exports: true } }, 'review', ['dba']],
  ['critical', { environment: 'critical' }, 'review', ['data-steward', 'dba']],
  ['an agent exports', { capability: 'export', environment: 'development', changes: { agent: { name: 'bot' } } }, 'deny', []],
];
for (const [name, sample, effect, approvers] of shipped) {
  test(`shipped policy: ${name}`, () => {
    const parsed = parsePolicy(readFileSync(defaultPolicyPath(), 'utf8'), 'default.yaml');
    assert.ok(parsed.ok);
    const { verdict } = judge(parsed.policy, dana, input(sample), around);
    assert.deepEqual([verdict.effect, verdict.approvers.flatMap((step) => step.anyOf)], [effect, approvers]);
  });
}

function pick(verdict: Verdict): [string, readonly string[]] {
  return [verdict.effect, verdict.rules];
}
