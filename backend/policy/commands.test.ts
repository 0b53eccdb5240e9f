/** Policy tests as people write them, and what the commands say of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { policyCheck, policyExplain, policyTest } from './commands.ts';

const policy = `version: 1
places:
  office: [10.0.0.0/8, "2001:db8::/32"]
calendar:
  zone: Europe/Berlin
  holidays: ["2026-12-25"]
on_call:
  - {who: [devon], from: "2026-01-05T08:00:00+01:00", to: "2026-01-12T08:00:00+01:00"}
rules:
  - {id: harmless, when: "!facts.sensitive", effect: allow}
  - {id: office-hours, when: 'facts.sensitive && network.place == "office" && calendar.weekday <= 5 && calendar.hour >= 9 && calendar.hour < 18 && !calendar.holiday', effect: review, approvers: [data-steward]}
  - {id: out-of-hours, when: 'facts.sensitive && (network.place != "office" || calendar.hour < 9 || calendar.hour >= 18)', effect: review, approvers: [dba], min_approvals: 2}
  - {id: on-call, when: 'facts.sensitive && subject.onCall', effect: mask, max_rows: 50}
  - {id: greedy, when: history.rowsToday > 1000, effect: deny, why: enough for today}
`;

const good = `cases:
  - name: in the office
    subject: {id: dana, roles: [developer]}
    sensitive: [customers.ssn]
    at: 2026-01-05T09:30:00+01:00
    address: 10.1.2.3
    expect: {effect: review, approvers: [1 × data-steward], rules: [office-hours]}
  - name: at night from home
    subject: {id: dana}
    sensitive: [customers.ssn]
    at: 2026-01-05T23:30:00+01:00
    address: 203.0.113.7
    expect: {effect: review, approvers: [2 x dba]}
  - name: by IPv6
    subject: {id: dana}
    sensitive: [{column: customers.ssn, entity: US_SSN}]
    at: 2026-01-05T10:00:00+01:00
    address: "2001:db8::1"
    expect: {approvers: [1 × data-steward]}
  - name: on call
    subject: {id: devon}
    sensitive: [customers.ssn]
    at: 2026-01-06T10:00:00+01:00
    address: 10.1.2.3
    expect: {effect: review, rules: [office-hours, on-call], max_rows: 50}
  - name: a holiday is covered by nothing
    subject: {id: dana}
    sensitive: [customers.ssn]
    at: 2026-12-25T10:00:00+01:00
    address: 10.1.2.3
    expect: {effect: deny, rules: []}
  - name: too much
    subject: {id: dana}
    history: {rows_today: 1001}
    expect: {effect: deny}
`;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-cases-'));
  writeFileSync(join(folder, 'policy.yaml'), policy);
});
after(() => rmSync(folder, { recursive: true, force: true }));

function run(command: (io: { out(line: string): void; err(line: string): void }) => number): { code: number; out: string; err: string } {
  const out: string[] = [];
  const err: string[] = [];
  const code = command({ out: (line) => void out.push(line), err: (line) => void err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('cases as expected', () => {
  const result = run((io) => policyTest(join(folder, 'policy.yaml'), file('good.yaml', good), io));
  assert.deepEqual([result.code, result.err, result.out], [0, '', '6 of 6 cases as expected']);
});
test('a case that differs names file, line and difference', () => {
  const result = run((io) => policyTest(join(folder, 'policy.yaml'), file('bad.yaml', good.replace('[1 × data-steward], rules', '[2 × dba], rules')), io));
  assert.equal(result.code, 1);
  assert.match(result.err, /bad\.yaml:2: in the office\n {2}approvers: expected \[2 × dba\], got \[1 × data-steward\]/);
});
test('a case file that is not one names the line', () => {
  const result = run((io) => policyTest(join(folder, 'policy.yaml'), file('odd.yaml', 'cases:\n  - name: x\n    subject: {id: a}\n    when: now\n    expect: {effect: deny}\n'), io));
  assert.equal(result.code, 1);
  assert.match(result.err, /odd\.yaml:4:5: unknown key "when"/);
});
test('explain shows what fired and what did not', () => {
  const result = run((io) => policyExplain(join(folder, 'policy.yaml'), file('good.yaml', good), 'on call', io));
  assert.equal(result.code, 0);
  assert.match(result.out, /^on call: review, 1 × data-steward\n/);
  assert.match(result.out, /● on-call \(.*policy\.yaml:13, mask\)/);
  assert.match(result.out, /○ out-of-hours/);
  assert.match(result.out, /at most 50 rows/);
});
const badSurveys: readonly [string, string, RegExp][] = [
  ['a network', 'places:\n  office: [10.0.0.0/33]\n', /:3:11: "10.0.0.0\/33" is not a network/],
  ['a zone', 'calendar: {zone: Mars/Base}\n', /time zone/],
  ['a duty without offset', 'on_call:\n  - {who: [a], from: "2026-01-05T08:00:00", to: "2026-01-05T09:00:00Z"}\n', /with its offset/],
];
for (const [name, text, message] of badSurveys) {
  test(`check refuses ${name}`, () => {
    const result = run((io) => policyCheck(file('survey.yaml', `version: 1\n${text}rules:\n  - {id: a, when: "true", effect: deny}\n`), io));
    assert.equal(result.code, 1);
    assert.match(result.err, message);
  });
}
