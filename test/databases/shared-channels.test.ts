/** Channels of two instances on one PostgreSQL: each state told once and in order, a chat message updated by whoever learns of the decision. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { openSharedOutbox } from '#backend/channels/outbox-shared.ts';
import type { Entry } from '#backend/channels/outbox-store.ts';
import { signForSlack } from '#backend/channels/slack/signature.ts';
import { startSlack } from '#backend/channels/testing/slack-server.ts';
import { createBackend, type Backend } from '#backend/create-backend.ts';
import { newUsers } from '#backend/identity/new-users.ts';
import { openPostgresStore } from '#backend/store/postgres.ts';
import { samplePeople, sampleRequest } from '#backend/testing/sample.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const { yaml, tokens } = newUsers(samplePeople);
let database: StartedDatabase;
let url: string;
let folder: string;
before(async () => {
  database = await startPostgres();
  const { host, port, user, database: name } = database.settings;
  url = `postgresql://${user}:${database.password}@${host}:${port}/${name}`;
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-shared-channels-'));
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

function secret(name: string, value: string): string {
  writeFileSync(join(folder, name), value);
  return `{ file: ${join(folder, name)} }`;
}
const start = (name: string, schema: string, channels: string): Promise<Backend> => createBackend({
  dataDir: join(folder, schema, name), keysDir: join(folder, schema, 'keys'), users: { text: yaml }, store: { url, schema }, rateLimit: 1_000_000,
  channels: { text: `inbox_url: https://gate.example.com\nallow_private_hosts: ["127.0.0.1"]\nchannels:\n${channels}` }, channelPace: { retries: [20, 20, 20], timeout: 1_500 },
});
async function call(backend: Backend, who: string, path: string, body: unknown): Promise<ApprovalRequest> {
  const response = await fetch(backend.url + path, { method: 'POST', headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return (await response.json()) as ApprovalRequest;
}

test('a webhook hears of each state once, and never of a decision before its request', async () => {
  const heard: { id: string; request: string; type: string }[] = [];
  let enough: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const hook = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    }).on('end', () => {
      const { type, data } = JSON.parse(text) as { type: string; data: { request: string } };
      heard.push({ id: String(request.headers['webhook-id']), request: data.request, type });
      response.writeHead(200).end();
      if (new Set(heard.filter((each) => each.type === 'request.denied').map((each) => each.request)).size === 30) enough();
    });
  });
  hook.listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const channels = `  - { id: hook, kind: webhook, url: "http://127.0.0.1:${(hook.address() as AddressInfo).port}/", secrets: [${secret('webhook', `whsec_${Buffer.alloc(32, 5).toString('base64')}`)}] }`;
  const instances = [await start('one', 'hooks', channels), await start('two', 'hooks', channels)] as const;
  try {
    await Promise.all(Array.from({ length: 30 }, async (_, index) => {
      const { id } = await call(instances[index % 2] as Backend, 'dana', '/v1/requests', sampleRequest());
      await call(instances[(index + 1) % 2] as Backend, 'sam', `/v1/requests/${id}/decisions`, { decision: 'deny', comment: 'no' });
    }));
    await all;
    assert.equal(new Set(heard.map(({ id }) => id)).size, heard.length, 'nothing twice');
    for (const { request } of heard) {
      const types = heard.filter((each) => each.request === request).map(({ type }) => type);
      assert.ok(['request.denied', 'request.pending,request.denied'].includes(types.join()), types.join());
    }
  } finally {
    for (const instance of instances) await instance.close();
    hook.closeAllConnections();
    hook.close();
  }
});

test('Slack: one message, whichever instance posted it; the button works at the other, and the message is updated', async () => {
  const slack = await startSlack('xoxb-1', 'xapp-1', 'C0123ABCD');
  const channels = `  - { id: chat, kind: slack, channel: C0123ABCD, team: T1, api: "${slack.api}", bot_token: ${secret('bot', 'xoxb-1')}, signing_secret: ${secret('signing', 'shhh')}, people: { USAM: sam } }`;
  const [one, two] = [await start('one', 'slack', channels), await start('two', 'slack', channels)];
  try {
    const { id } = await call(one, 'dana', '/v1/requests', sampleRequest());
    const posted = await slack.until(() => [...slack.messages.values()][0]);
    const body = `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', team: { id: 'T1' }, user: { id: 'USAM' }, channel: { id: 'C0123ABCD' }, trigger_id: 't', actions: [{ action_id: 'pii_gate_approve', value: id }] }))}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const pressed = await fetch(`${two.url}/v1/channels/chat/slack`, {
      method: 'POST', body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signForSlack('shhh', timestamp, Buffer.from(body)) },
    });
    assert.equal(pressed.status, 200);
    const updated = await slack.until(() => [...slack.messages.values()].find((message) => message.updates > 0));
    assert.deepEqual([updated.ts, slack.messages.size], [posted.ts, 1]);
    assert.match(updated.text, /^Approved by Sam/);
  } finally {
    await one.close();
    await two.close();
    slack.close();
  }
});

test('what an instance took and never settled is another\'s after its lease; what comes too late is left out', async () => {
  const store = await openPostgresStore({ url, schema: 'leases' });
  const outbox = () => openSharedOutbox({ url, schema: 'leases', onError: (_where, error) => assert.fail(String(error)) });
  const [gone, left] = [outbox(), outbox()];
  const entry = (version: number, requestId = 'r'): Entry => ({
    id: `hook.${requestId}.${version}`, channel: 'hook', requestId, type: 'request.pending', at: 1_000, version, attempts: 0, dueAt: 1_000, summary: { requestId } as Entry['summary'],
  });
  try {
    await gone.add([entry(2)], 10);
    await left.add([entry(2), entry(1), entry(3), entry(1, 'other')], 9);
    assert.equal(await left.cursor(), 10);
    assert.equal((await gone.claim('hook', 1_000, 500))?.version, 2);
    assert.equal((await left.claim('hook', 1_000, 500))?.requestId, 'other', 'a later state waits for the earlier one');
    assert.equal(await left.claim('hook', 1_499, 500), undefined);
    const taken = await left.claim('hook', 1_500, 500);
    assert.equal(taken?.version, 2);
    if (taken) await left.done(taken, 'ts-1');
    assert.equal(await gone.ref('hook', 'r'), 'ts-1');
    const next = await gone.claim('hook', 1_500, 500);
    assert.equal(next?.requestId === 'other' ? (await gone.claim('hook', 1_500, 500))?.version : next?.version, 3);
  } finally {
    await gone.close();
    await left.close();
    await store.close();
  }
});
