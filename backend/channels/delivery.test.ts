/** The channels of a running backend against local servers that check what the real ones check. */
import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { type RunningBackend, samplePeople, sampleRequest, type SampleRequest, startBackend } from '../testing/sample.ts';
import { signForSlack } from './slack/signature.ts';
import { type SlackServer, startSlack } from './testing/slack-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-channels-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const pace = { retries: [20, 20, 20], timeout: 1_500 };
const webhookKey = Buffer.alloc(32, 5).toString('base64');

function secret(name: string, value: string): string {
  writeFileSync(join(folder, name), value);
  return `{ file: ${join(folder, name)} }`;
}
function start(channels: string, more: object = {}): Promise<RunningBackend> {
  return startBackend({ channels: { text: `inbox_url: https://gate.example.com\nallow_private_hosts: ["127.0.0.1"]\nchannels:\n${channels}` }, channelPace: pace, ...more });
}
async function withChannels(t: TestContext, channels: string, more: object = {}): Promise<RunningBackend> {
  const backend = await start(channels, more);
  t.after(() => backend.stop());
  return backend;
}
async function ask(backend: RunningBackend, sample: SampleRequest = {}): Promise<ApprovalRequest> {
  const answer = await backend.call('dana', 'POST', '/v1/requests', sampleRequest(sample));
  assert.equal(answer.status, 201);
  return answer.body;
}
const decide = (backend: RunningBackend, id: string, decision: string, comment = 'because', who = 'sam') => backend.call(who, 'POST', `/v1/requests/${id}/decisions`, { decision, comment });

interface Hit { readonly headers: IncomingHttpHeaders; readonly text: string; readonly body: { readonly type: string; readonly data: Readonly<Record<string, string>> } }
/** Takes what is posted; answers as told. */
async function receiver(t: TestContext, status: (hit: number) => number | undefined): Promise<{ url: string; hits: Hit[]; until(count: number): Promise<void> }> {
  const hits: Hit[] = [];
  const waiters = new Set<() => void>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      hits.push({ headers: request.headers, text, body: JSON.parse(text) });
      const code = status(hits.length);
      if (code !== undefined) response.writeHead(code).end();
      for (const waiter of [...waiters]) waiter();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return {
    hits, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    until: (count) => new Promise((resolve) => {
      const look = (): void => { if (hits.length >= count) { waiters.delete(look); resolve(); } };
      waiters.add(look);
      look();
    }),
  };
}
/** As a receiver's library would check it. */
function verified({ headers, text }: Hit): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  const expected = Buffer.from(`v1,${createHmac('sha256', Buffer.from(webhookKey, 'base64')).update(signed).digest('base64')}`);
  const fresh = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300;
  return fresh && String(headers['webhook-signature']).split(' ').some((s) => s.length === expected.length && timingSafeEqual(Buffer.from(s), expected));
}
const webhook = (url: string, id = 'hook'): string => `  - { id: ${id}, kind: webhook, url: "${url}", secrets: [${secret('webhook', `whsec_${webhookKey}`)}] }`;

test('webhook: signed, in order, with the outcome, and nothing personal in it', async (t) => {
  const hook = await receiver(t, () => 204);
  const backend = await withChannels(t, webhook(hook.url));
  const request = await ask(backend, { changes: { reason: 'call max.mustermann@web-shop.de back', preview: "select ssn from customers where email = 'max.mustermann@web-shop.de'" } });
  await hook.until(1);
  await decide(backend, request.id, 'deny', 'ask max.mustermann@web-shop.de himself');
  await hook.until(2);
  assert.deepEqual(hook.hits.map((h) => h.body.type), ['request.pending', 'request.denied']);
  assert.ok(hook.hits.every(verified));
  assert.equal(hook.hits[0]?.body.data.url, `https://gate.example.com/#/r/${request.id}`);
  assert.match(hook.hits[1]?.body.data.outcome ?? '', /^Denied by Sam/);
  assert.doesNotMatch(hook.hits.map((h) => h.text).join(), /mustermann/);
});

test('webhook: tried again after a failure under the same id, dead after a refusal, and revived by hand', async (t) => {
  const flaky = await receiver(t, (hit) => (hit < 3 ? 503 : 200));
  let gone = 400;
  const refusing = await receiver(t, () => gone);
  const backend = await withChannels(t, `${webhook(flaky.url, 'flaky')}\n${webhook(refusing.url, 'refusing')}`, { people: [...samplePeople, { id: 'root', name: 'Root', roles: ['admin'] }] });
  await ask(backend);
  await flaky.until(3);
  assert.equal(new Set(flaky.hits.map((h) => h.headers['webhook-id'])).size, 1);
  await refusing.until(1);
  const { channels } = backend.backend;
  assert.ok(channels !== undefined);
  while ((await channels.deadLetters()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await channels.deadLetters()).map((d) => [d.channel, d.why]), [['refusing', 'answered 400']]);
  gone = 200;
  const letters = await backend.call<{ letters: { why: string }[] }>('root', 'GET', '/v1/channels/dead-letters');
  assert.deepEqual(letters.body.letters.map((l) => l.why), ['answered 400']);
  assert.equal((await backend.call('sam', 'GET', '/v1/channels/dead-letters')).status, 403);
  assert.equal((await backend.call('sam', 'POST', '/v1/channels/refusing/revive')).status, 403);
  assert.deepEqual((await backend.call<{ revived: number }>('root', 'POST', '/v1/channels/refusing/revive')).body, { revived: 1 });
  await refusing.until(2);
});

test('a channel that never answers holds up neither decisions nor the others', async (t) => {
  const dead = await receiver(t, () => undefined);
  const good = await receiver(t, () => 200);
  const backend = await withChannels(t, `${webhook(dead.url, 'dead')}\n${webhook(good.url, 'good')}`);
  for (let i = 0; i < 5; i += 1) assert.equal((await decide(backend, (await ask(backend)).id, 'approve')).status, 200);
  await good.until(10);
  assert.equal(dead.hits.length, 1, 'still the first delivery');
});

test('what could not be delivered survives a restart', async (t) => {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  let up = false;
  const hook = await receiver(t, () => (up ? 200 : 503));
  const first = await start(webhook(hook.url), { dataDir });
  const request = await ask(first);
  await hook.until(1);
  await first.backend.close();
  up = true;
  const before = hook.hits.length;
  await withChannels(t, webhook(hook.url), { dataDir });
  await hook.until(before + 1);
  assert.equal(hook.hits.at(-1)?.body.data.request, request.id);
});

test('Teams: an Adaptive Card with a link and nothing else to press', async (t) => {
  const workflow = await receiver(t, () => 202);
  const backend = await withChannels(t, `  - { id: teams, kind: teams, url: "${workflow.url}?sig=secret", events: [pending] }`);
  const request = await ask(backend);
  await workflow.until(1);
  const message: unknown = JSON.parse(workflow.hits[0]?.text ?? '');
  const text = JSON.stringify(message);
  assert.match(text, /"contentType":"application\/vnd\.microsoft\.card\.adaptive"/);
  assert.deepEqual([...text.matchAll(/"type":"(Action\.\w+)"/g)].map((m) => m[1]), ['Action.OpenUrl']);
  assert.ok(text.includes(`https://gate.example.com/#/r/${request.id}`));
});

test('e-mail: to the reviewers, in plain text, threaded by request', async (t) => {
  const mails: string[] = [];
  let arrived = (): void => {};
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      mails.push(Buffer.concat(chunks).toString('utf8').replaceAll('=\r\n', ''));
      done();
      arrived();
    });
  } });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => smtp.close(resolve)));
  const { port } = smtp.server.address() as AddressInfo;
  const backend = await withChannels(t, `  - { id: mail, kind: email, host: 127.0.0.1, port: ${port}, tls: off, from: gate@example.com, to: [security@example.com] }`);
  const wait = async (count: number): Promise<void> => { while (mails.length < count) await new Promise<void>((resolve) => { arrived = resolve; }); };
  const request = await ask(backend, { changes: { binding: { digest: 'x', connection: { id: 'shop\r\nBcc: everybody@example.com', environment: 'production', databaseUser: '' }, capability: 'run' } } });
  await wait(1);
  await decide(backend, request.id, 'deny', 'no');
  await wait(2);
  const [asked, denied] = mails;
  assert.match(asked ?? '', /^Subject: Approval needed: Dana wants to run a query on shop/m);
  assert.doesNotMatch(asked ?? '', /^Bcc:/m, 'a name with a line break adds no header and no line');
  assert.match(asked ?? '', /^Content-Type: text\/plain/m);
  assert.match(denied ?? '', /^Subject: Denied by Sam/m);
  const thread = /^References: (.+)$/m;
  assert.equal(thread.exec(asked ?? '')?.[1], thread.exec(denied ?? '')?.[1]);
});

async function slackFor(t: TestContext): Promise<SlackServer> {
  const slack = await startSlack('xoxb-1', 'xapp-1', 'C0123ABCD');
  t.after(() => slack.close());
  return slack;
}
const team = 'T1';
const slackChannel = (api: string, more = ''): string => `  - { id: chat, kind: slack, channel: C0123ABCD, team: ${team}, api: "${api}", bot_token: ${secret('bot', 'xoxb-1')}, signing_secret: ${secret('signing', 'shhh')}, people: { USAM: sam, UDANA: dana, UDEVON: devon }${more} }`;
const press = (user: string, action: string, request: string, more: object = {}): object => ({
  type: 'block_actions', team: { id: team }, user: { id: user }, channel: { id: 'C0123ABCD' }, trigger_id: 'trigger', actions: [{ action_id: action, value: request }], ...more,
});
const submit = (user: string, action: string, request: string, comment: string): object => ({
  type: 'view_submission', team: { id: team }, user: { id: user }, view: { callback_id: action, private_metadata: request, state: { values: { comment: { comment: { value: comment } } } } },
});
async function interact(backend: RunningBackend, payload: object, change: { secret?: string; at?: number; body?: string } = {}): Promise<{ status: number; text: string }> {
  const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  const timestamp = String(Math.floor((change.at ?? Date.now()) / 1000));
  const response = await fetch(`${backend.url}/v1/channels/chat/slack`, {
    method: 'POST', body: change.body ?? body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signForSlack(change.secret ?? 'shhh', timestamp, Buffer.from(body)) },
  });
  return { status: response.status, text: await response.text() };
}

test('Slack: posted with buttons, approved by one, updated in place', async (t) => {
  const slack = await slackFor(t);
  const backend = await withChannels(t, slackChannel(slack.api));
  const request = await ask(backend);
  const posted = await slack.until(() => [...slack.messages.values()][0]);
  const buttons = posted.blocks.flatMap((b) => b.elements ?? []).filter((e) => e.type === 'button');
  assert.deepEqual(buttons.map((b) => b.value), [request.id, request.id, request.id, undefined]);
  assert.equal((await interact(backend, press('USAM', 'pii_gate_approve', request.id))).status, 200);
  const updated = await slack.until(() => [...slack.messages.values()].find((m) => m.updates > 0));
  assert.equal(updated.ts, posted.ts);
  assert.match(updated.text, /^Approved by Sam/);
  assert.doesNotMatch(JSON.stringify(updated.blocks), /pii_gate_approve/);
  assert.equal((await backend.call('dana', 'GET', `/v1/requests/${request.id}`)).body.state, 'approved');
});

test('Slack: denied through the form, which asks for the reason', async (t) => {
  const slack = await slackFor(t);
  const backend = await withChannels(t, slackChannel(slack.api));
  const request = await ask(backend);
  await interact(backend, press('USAM', 'pii_gate_deny', request.id));
  const view = await slack.until(() => slack.views[0]);
  assert.equal(view.private_metadata, request.id);
  const empty = await interact(backend, submit('USAM', view.callback_id, request.id, '  '));
  assert.match(empty.text, /response_action.*errors/);
  assert.equal((await interact(backend, submit('USAM', view.callback_id, request.id, 'use the masked view'))).text, '');
  const denied = (await backend.call('dana', 'GET', `/v1/requests/${request.id}`)).body;
  assert.equal(denied.state, 'denied');
  assert.equal(denied.decisions.at(-1)?.comment, 'use the masked view');
});

test('Slack: forged, stale, foreign and mismatched people decide nothing', async (t) => {
  const slack = await slackFor(t);
  const backend = await withChannels(t, slackChannel(slack.api));
  const request = await ask(backend);
  const approve = (user: string): object => press(user, 'pii_gate_approve', request.id);
  assert.equal((await interact(backend, approve('USAM'), { secret: 'guessed' })).status, 401);
  assert.equal((await interact(backend, approve('USAM'), { at: Date.now() - 301_000 })).status, 401);
  assert.equal((await interact(backend, approve('UDANA'), { body: `payload=${encodeURIComponent(JSON.stringify(approve('USAM')))}` })).status, 401, 'a payload that was not signed');
  assert.equal((await fetch(`${backend.url}/v1/channels/chat/slack`, { method: 'POST', body: 'payload={}', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 401);
  assert.equal((await interact(backend, { ...approve('USAM'), team: { id: 'T2' } })).status, 200, 'another workspace is ignored');
  const told = async (user: string, pattern: RegExp): Promise<void> => {
    assert.equal((await interact(backend, approve(user))).status, 200);
    const ephemeral = await slack.until(() => slack.ephemerals.find((e) => e.user === user));
    assert.match(ephemeral.text, pattern);
  };
  await told('USTRANGER', /not linked/);
  await told('UDANA', /Nobody decides on their own request/);
  await told('UDEVON', /no such request|needs/i);
  for (const nonsense of [{}, { type: 'block_actions' }, { type: 'block_actions', user: { id: '__proto__' }, team: { id: team }, actions: [{ action_id: 'pii_gate_approve', value: request.id }] }]) {
    assert.equal((await interact(backend, nonsense)).status, 200);
  }
  assert.equal((await backend.call('dana', 'GET', `/v1/requests/${request.id}`)).body.state, 'pending');
});

test('Slack: above the risk threshold link only, also for a payload made by hand', async (t) => {
  const slack = await slackFor(t);
  const backend = await withChannels(t, slackChannel(slack.api, ', link_only_above: low'));
  const request = await ask(backend);
  const posted = await slack.until(() => [...slack.messages.values()][0]);
  assert.doesNotMatch(JSON.stringify(posted.blocks), /pii_gate_(approve|deny)/);
  assert.match(JSON.stringify(posted.blocks), /https:\/\/gate\.example\.com\/#\/r\//);
  await interact(backend, press('USAM', 'pii_gate_approve', request.id));
  const ephemeral = await slack.until(() => slack.ephemerals[0]);
  assert.match(ephemeral.text, /too sensitive/);
  assert.equal((await backend.call('dana', 'GET', `/v1/requests/${request.id}`)).body.state, 'pending');
});

test('Slack: Socket Mode, where nothing reaches the backend from outside', async (t) => {
  const slack = await slackFor(t);
  const backend = await withChannels(t, slackChannel(slack.api, `, app_token: ${secret('app', 'xapp-1')}`));
  const request = await ask(backend);
  await slack.until(() => [...slack.messages.values()][0]);
  await slack.overSocket(press('USAM', 'pii_gate_changes', request.id));
  const view = await slack.until(() => slack.views[0]);
  const refused = await slack.overSocket(submit('UDANA', view.callback_id, request.id, 'me'));
  assert.match(JSON.stringify(refused.payload), /Nobody decides on their own request/);
  const done = await slack.overSocket(submit('USAM', view.callback_id, request.id, 'fewer columns'));
  assert.equal(done.payload, undefined);
  assert.equal((await backend.call('dana', 'GET', `/v1/requests/${request.id}`)).body.state, 'changes_requested');
});
