/** Time, zones, networks and quorum as the API decides them: a clock that is set, an address that a trusted proxy reports. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest, Problem } from '#core/wire/approval.ts';
import type { AuditRecord } from '../audit/record.ts';
import { sampleRequest, startBackend, type Answer, type RunningBackend } from '../testing/sample.ts';
import { parsePolicy } from './parse.ts';
import { startOfDay } from './surroundings.ts';

const policy = `version: 1
places: {office: [10.0.0.0/8, "2001:db8::/32"], datacentre: [192.0.2.0/24]}
calendar: {zone: Europe/Berlin, holidays: ["2026-12-25"]}
on_call:
  - {who: [devon], from: "2026-10-25T00:00:00+02:00", to: "2026-10-26T00:00:00+01:00"}
rules:
  - {id: by-day, when: 'connection.id == "hours" && calendar.hour >= 8 && calendar.hour < 18 && calendar.weekday <= 5 && !calendar.holiday', effect: allow}
  - {id: overnight, when: 'connection.id == "night" && (calendar.hour >= 22 || calendar.hour < 6)', effect: allow}
  - {id: elsewhere, when: 'connection.id == "zoned" && now.getHours("Asia/Tokyo") < 12', effect: allow}
  - {id: at-work, when: 'connection.id == "placed" && network.place == "office"', effect: allow}
  - {id: on-duty, when: 'connection.id == "duty" && subject.onCall', effect: allow}
  - {id: first-today, when: 'connection.id == "daily" && history.requestsToday == 0', effect: allow}
  - id: two-then-one
    when: connection.id == "quorum"
    effect: review
    steps: [{any_of: [data-steward, lead], count: 2}, {any_of: [dba]}]
    break_glass: {who: [developer], max_duration: 10m, reviewers: [dba]}
`;
const people = [
  { id: 'dana', name: 'Dana', roles: ['developer'] },
  { id: 'sam', name: 'Sam', roles: ['data-steward', 'lead'] },
  { id: 'sam-two', name: 'Sam, second account', roles: ['lead'], aliases: ['sam'] },
  { id: 'stella', name: 'Stella', roles: ['data-steward'] },
  { id: 'devon', name: 'Devon', roles: ['dba'] },
  { id: 'aria', name: 'Aria', roles: ['auditor'] },
];
let now = Date.UTC(2026, 0, 5);
let gate: RunningBackend;
before(async () => {
  gate = await startBackend({ policy: { text: policy }, people, now: () => now, sweepMs: 3_600_000, trustedProxies: ['127.0.0.1'] });
});
after(() => gate.stop());

const ask = (connection: string, who = 'dana', address = '203.0.113.1', changes: object = {}): Promise<Answer<ApprovalRequest & Problem>> => {
  const body = sampleRequest({ changes });
  return gate.call(who, 'POST', '/v1/requests', { ...body, binding: { ...body.binding, connection: { ...body.binding.connection, id: connection } } }, { 'x-forwarded-for': address });
};

const moments: readonly [what: string, at: string, connection: string, state: 'approved' | 'denied', who?: string][] = [
  ['a Monday at 8 in Berlin, winter', '2026-01-05T07:00:00Z', 'hours', 'approved'],
  ['a minute before', '2026-01-05T06:59:00Z', 'hours', 'denied'],
  ['a Monday at 8 in Berlin, summer: an hour earlier by UTC', '2026-07-06T06:00:00Z', 'hours', 'approved'],
  ['18 o\'clock is over', '2026-01-05T17:00:00Z', 'hours', 'denied'],
  ['a Sunday', '2026-01-04T10:00:00Z', 'hours', 'denied'],
  ['a holiday', '2026-12-25T10:00:00Z', 'hours', 'denied'],
  ['Monday already in Berlin, still Sunday by UTC', '2026-01-04T23:30:00Z', 'night', 'approved'],
  ['a window over midnight, before it', '2026-01-05T21:30:00Z', 'night', 'approved'],
  ['and at noon', '2026-01-05T11:00:00Z', 'night', 'denied'],
  ['another zone than the calendar\'s', '2026-01-05T01:00:00Z', 'zoned', 'approved'],
  ['the same zone in its afternoon', '2026-01-05T05:00:00Z', 'zoned', 'denied'],
  ['the skipped hour: 2:30 does not exist, it is 3:30', '2026-03-29T01:30:00Z', 'night', 'approved'],
  ['on duty in the hour that comes twice', '2026-10-25T01:30:00Z', 'duty', 'approved', 'devon'],
  ['on duty, but somebody else', '2026-10-25T01:30:00Z', 'duty', 'denied', 'dana'],
  ['the duty ends by the offset of winter', '2026-10-25T23:00:00Z', 'duty', 'denied', 'devon'],
];
for (const [what, at, connection, state, who] of moments) {
  test(`time: ${what}`, async () => {
    now = Date.parse(at);
    assert.equal((await ask(connection, who)).body.state, state);
  });
}

const addresses: readonly [address: string, state: 'approved' | 'denied'][] = [
  ['10.1.2.3', 'approved'], ['::ffff:10.1.2.3', 'approved'], ['2001:db8::7', 'approved'], ['2001:db9::7', 'denied'], ['192.0.2.1', 'denied'], ['11.0.0.1', 'denied'], ['not an address', 'denied'],
];
for (const [address, state] of addresses) {
  test(`place: ${address} is ${state === 'approved' ? 'the office' : 'not the office'}`, async () => {
    now = Date.UTC(2026, 0, 5, 10);
    assert.equal((await ask('placed', 'dana', address)).body.state, state);
  });
}

const days: readonly [zone: string, at: string, began: string][] = [
  ['Europe/Berlin', '2026-01-05T10:00:00Z', '2026-01-04T23:00:00Z'],
  ['Europe/Berlin', '2026-03-29T10:00:00Z', '2026-03-28T23:00:00Z'],
  ['Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-28T23:00:00Z'],
  ['Europe/Berlin', '2026-10-25T11:00:00Z', '2026-10-24T22:00:00Z'],
  ['Europe/Berlin', '2026-10-25T22:59:00Z', '2026-10-24T22:00:00Z'],
  ['America/New_York', '2026-11-01T20:00:00Z', '2026-11-01T04:00:00Z'],
  ['Asia/Kathmandu', '2026-05-01T12:00:00Z', '2026-04-30T18:15:00Z'],
  // Clocks go from 23:59 to 1:00 (Lebanon begins summer time at midnight).
  ['Asia/Beirut', '2026-03-29T12:00:00Z', '2026-03-28T22:00:00Z'],
];
for (const [zone, at, began] of days) {
  test(`the day in ${zone} at ${at} began at ${began}`, () => {
    const parsed = parsePolicy(`version: 1\ncalendar: {zone: ${zone}}\nrules:\n  - {id: r, when: 'true', effect: allow}\n`, 'p');
    assert.ok(parsed.ok);
    assert.equal(new Date(startOfDay(Date.parse(at), parsed.policy.surveys)).toISOString().replace('.000', ''), began);
  });
}

test('what was asked an hour before midnight is not of today, also on the day that has 23 hours', async () => {
  now = Date.parse('2026-03-28T22:30:00Z');
  assert.equal((await ask('daily', 'stella')).body.state, 'approved');
  now = Date.parse('2026-03-29T10:00:00Z');
  assert.equal((await ask('daily', 'stella')).body.state, 'approved');
  now += 60_000;
  assert.equal((await ask('daily', 'stella')).body.state, 'denied');
});

test('two of a set, then one of another: distinct people, in order', async () => {
  now = Date.UTC(2026, 0, 5, 10);
  const { body: request } = await ask('quorum');
  const decide = async (who: string) => (await gate.call(who, 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' })).body;
  assert.equal((await decide('devon')).code, 'not-your-turn');
  assert.equal((await decide('sam')).state, 'pending');
  assert.equal((await decide('sam')).code, 'already-decided', 'two roles of one person are one approval');
  assert.equal((await decide('sam-two')).code, 'already-decided', 'and so are two accounts');
  assert.equal((await decide('stella')).state, 'pending');
  assert.equal((await decide('devon')).state, 'approved');
});

test('broken glass is an alarm in the trail, and carries the policy\'s version', async () => {
  const broken = await ask('quorum', 'dana', undefined, { breakGlass: true, reason: 'The shop is down' });
  assert.equal(broken.body.state, 'approved');
  const { body } = await gate.call<{ records: AuditRecord[] }>('aria', 'GET', `/v1/audit/search?request=${broken.body.id}`);
  assert.deepEqual(body.records.map(({ type }) => type), ['request.approved', 'break_glass.used', 'request.created']);
  assert.equal(body.records.at(-1)?.data.policyVersion, broken.body.verdict.policyVersion);
  // Facility 13, severity 1 (alert).
  const exported = await fetch(`${gate.url}/v1/audit/export?type=break_glass.used&format=cef`, { headers: { authorization: `Bearer ${gate.tokens.aria}` } });
  assert.match(await exported.text(), /^<105>1 /);
});
