import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseChannels } from './config.ts';
import { isFromSlack, signForSlack } from './slack/signature.ts';
import { escaped, isLinkOnly, slackMessage } from './slack/message.ts';
import { asIs, escapeWithin, riskOf, summarise, type Summary } from './summary.ts';
import { teamsMessage } from './teams.ts';
import { signWebhook } from './webhook.ts';
import { storedRequest } from './testing/stored-request.ts';

const attack = '<!channel> <https://evil.example|click here> & *bold* `code` [x](javascript:1) {{DATE(2020-01-01)}} \u202Etxt';

test('Slack: signed over the raw bytes, fresh, compared whole', () => {
  const body = Buffer.from('payload=%7B%22a%22%3A1%7D');
  const now = 1_800_000_000_000;
  const timestamp = String(now / 1000);
  const good = { timestamp, signature: signForSlack('secret', timestamp, body), body };
  assert.equal(isFromSlack(good, 'secret', now), true);
  const wrong = [
    { ...good, body: Buffer.from('payload=%7B%22a%22%3A2%7D') }, { ...good, signature: undefined }, { ...good, timestamp: undefined }, { ...good, signature: 'v0=' },
    { ...good, timestamp: String(now / 1000 - 1) }, { ...good, timestamp: 'NaN' }, { ...good, signature: good.signature.toUpperCase() },
  ];
  for (const forged of wrong) assert.equal(isFromSlack(forged, 'secret', now), false);
  assert.equal(isFromSlack(good, 'other', now), false);
  assert.equal(isFromSlack(good, '', now), false);
  assert.equal(isFromSlack(good, 'secret', now + 301_000), false, 'a recorded request is refused after five minutes');
  assert.equal(isFromSlack(good, 'secret', now - 301_000), false);
});

test('Slack\'s own example of a signature', () => {
  // From "Verifying requests from Slack".
  const body = 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  assert.equal(signForSlack('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', Buffer.from(body)), 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
});

test('Standard Webhooks: the specification\'s own example', () => {
  assert.equal(signWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}'), 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('escaping comes before cutting: no half escape, never past the limit, nothing lost that fits', () => {
  const slackEscape = (c: string): string => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c;
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', 'a', '😀', '!') }), fc.integer({ min: 1, max: 60 }), (text, most) => {
    const out = escapeWithin(text, most, slackEscape);
    assert.ok(out.length <= most);
    assert.doesNotMatch(out.replaceAll(/&(?:amp|lt|gt);/g, ''), /[&<>]/);
    assert.doesNotThrow(() => encodeURIComponent(out), 'no half of a surrogate pair');
    const whole = [...text].map(slackEscape).join('');
    assert.equal(out === whole, whole.length <= most);
  }));
  assert.equal(escapeWithin('abcdef', 4, asIs), 'abc…');
});

test('no channel lets markup of a statement, a reason or a name through', () => {
  const summary = summarise(storedRequest({ preview: attack, reason: attack, ticket: attack, requester: { id: 'x', name: attack, roles: [] } }), 'https://gate.example.com');
  const slack = JSON.stringify(slackMessage(summary, 'high'));
  // In the preformatted rich text Slack looks for no markup; everywhere else it is escaped.
  const outside = JSON.stringify({ ...slackMessage(summary, 'high'), blocks: slackMessage(summary, 'high').blocks.filter((b) => !JSON.stringify(b).includes('preformatted')) });
  assert.doesNotMatch(outside, /<!channel>|<https:/);
  assert.doesNotMatch(slack, /mrkdwn/);
  const card = JSON.stringify(teamsMessage({ ...summary, preview: '' }));
  assert.doesNotMatch(card.replaceAll(/\\\\./g, ''), /\[x]|\{\{DATE/);
});

test('every text is within the channel\'s limits, however long the request is', () => {
  const long = '<&>'.repeat(50_000);
  const message = slackMessage(summarise(storedRequest({ preview: long, reason: long, ticket: long, requester: { id: 'x', name: long, roles: [] } }), 'https://gate.example.com'), 'high');
  const texts: string[] = [];
  JSON.stringify(message, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  for (const text of texts) assert.ok(text.length <= 3_000);
  assert.ok(Buffer.byteLength(JSON.stringify(teamsMessage(summarise(storedRequest({ preview: long, reason: long }), 'https://gate.example.com')))) < 28_000);
  assert.equal(escaped('<', 4), '&lt;');
});

const hot = { ...storedRequest().binding, connection: { id: 'x', environment: 'critical', databaseUser: '' } } as const;
const riskCases: readonly (readonly [string, Parameters<typeof storedRequest>[0], string])[] = [
  ['a masked run in production', {}, 'medium'],
  ['a masked run in staging', { binding: { ...storedRequest().binding, connection: { id: 'x', environment: 'staging', databaseUser: '' } } }, 'low'],
  ['an export in production', { binding: { ...storedRequest().binding, capability: 'export' } }, 'high'],
  ['anything critical', { binding: hot }, 'high'],
  ['a write in production', { facts: { ...storedRequest().facts, readOnly: false } }, 'high'],
];
for (const [name, changes, risk] of riskCases) test(`risk of ${name}: ${risk}`, () => assert.equal(riskOf(storedRequest(changes)), risk));

test('above the threshold there are no buttons that decide', () => {
  const summary = summarise(storedRequest({ binding: hot }), 'https://gate.example.com');
  assert.equal(isLinkOnly(summary.risk, 'medium'), true);
  assert.doesNotMatch(JSON.stringify(slackMessage(summary, 'medium')), /pii_gate_approve|pii_gate_deny/);
  assert.match(JSON.stringify(slackMessage(summary, 'high')), /pii_gate_approve/);
});

const sources = { environment: { TOKEN: 'xoxb-1', HOOK: `whsec_${'A'.repeat(32)}` }, readFile: (path: string): string => { if (path === '/run/secret') return 's3cret\n'; throw new Error('no file'); } };
test('a whole configuration is read', () => {
  const parsed = parseChannels(`
inbox_url: https://gate.example.com
channels:
  - { id: chat, kind: slack, channel: C0123ABCD, bot_token: { env: TOKEN }, signing_secret: { file: /run/secret }, people: { U1: sam }, link_only_above: low }
  - { id: team, kind: teams, url: "https://prod.example.com/workflows/x?sig=y", events: [pending], environments: [production] }
  - { id: mail, kind: email, host: smtp.example.com, from: gate@example.com, to: [sec@example.com] }
  - { id: siem, kind: webhook, url: "https://siem.example.com/in", secrets: [{ env: HOOK }], min_risk: high }
`, sources);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [chat, team] = parsed.config.channels;
  assert.ok(chat?.kind === 'slack' && chat.signingSecret === 's3cret' && chat.linkOnlyAbove === 'low');
  const summary: Summary = summarise(storedRequest(), 'https://gate.example.com');
  assert.equal(team?.wants('request.pending', summary), true);
  assert.equal(team?.wants('request.approved', summary), false);
});

test('the example of the guide is a good configuration', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/channels.md'), 'utf8');
  const example = /```yaml\n(# channels\.yaml[\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const environment = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', SLACK_APP_TOKEN: 'xapp-1', TEAMS_WORKFLOW_URL: 'https://prod.example.com/workflows/1?sig=x', SMTP_PASSWORD: 'p', WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}` };
  const parsed = parseChannels(example, { environment, readFile: () => 'x' });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.deepEqual(parsed.config.channels.map((c) => c.kind), ['slack', 'teams', 'email', 'webhook']);
});

const mistakes: readonly (readonly [string, string, number, RegExp])[] = [
  ['not YAML', 'channels: [', 1, /./],
  ['no list', 'a: 1', 1, /unknown key "a"|expected `channels:`/],
  ['unknown kind', 'channels:\n  - { id: a, kind: pager }', 2, /"kind" must be one of/],
  ['unknown key', 'channels:\n  - { id: a, kind: teams, url: "https://x.example.com", colour: red }', 2, /unknown key "colour"/],
  ['a secret in clear', 'channels:\n  - id: a\n    kind: slack\n    channel: C0123ABCD\n    bot_token: xoxb-123', 5, /is a secret: write \{env/],
  ['an unset variable', 'channels:\n  - { id: a, kind: slack, channel: C0123ABCD, bot_token: { env: NOPE } }', 2, /NOPE is not set/],
  ['an inner address', 'channels:\n  - { id: a, kind: webhook, url: "https://169.254.169.254/", secrets: [{ env: HOOK }] }', 2, /not a public address/],
  ['plain http', 'channels:\n  - { id: a, kind: teams, url: "http://x.example.com/" }', 2, /only https/],
  ['something missing', 'channels:\n  - { id: a, kind: email, host: x }', 2, /"from" is missing/],
  ['the same id twice', 'channels:\n  - { id: a, kind: teams, url: "https://x.example.com" }\n  - { id: a, kind: teams, url: "https://x.example.com" }', 3, /used twice/],
];
for (const [name, text, line, message] of mistakes) {
  test(`configuration: ${name}`, () => {
    const parsed = parseChannels(text, sources);
    assert.ok(!parsed.ok);
    assert.ok(parsed.problems.some((p) => p.line === line && message.test(p.message)), JSON.stringify(parsed.problems));
    assert.doesNotMatch(JSON.stringify(parsed), /xoxb-123/);
  });
}
