/** Secrets and personal values in nothing that the service says by itself: its log, its errors, its metrics, the trail. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createBackend } from './create-backend.ts';
import { newUsers } from './identity/new-users.ts';
import { samplePeople, sampleRequest } from './testing/sample.ts';

const canaries = { person: 'jane.roe@canary-mail.com', card: '4532 0151 1283 0366', slack: 'xoxb-canary-secret', webhook: Buffer.alloc(32, 9).toString('base64'), database: 'canary-password' };
const { yaml, tokens } = newUsers(samplePeople);
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-secrets-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function nothingIn(said: string, what: string): void {
  for (const [name, secret] of Object.entries({ ...canaries, ...tokens })) assert.ok(!said.includes(secret), `${what} holds the ${name}: ${said.slice(Math.max(0, said.indexOf(secret) - 300), said.indexOf(secret) + 40)}`);
}

test('a service that everything goes wrong for says what, and none of the values', async () => {
  const log: string[] = [];
  const refusing = createServer((_request, response) => response.writeHead(400).end(canaries.person));
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, "version: 1\nrules:\n  - {id: r, when: 'true', effect: review, approvers: [data-steward]}\n");
  writeFileSync(join(folder, 'whsec'), `whsec_${canaries.webhook}`);
  writeFileSync(join(folder, 'bot'), canaries.slack);
  const hook = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  const gate = await createBackend({
    dataDir: join(folder, 'data'), users: { text: yaml }, policy, sweepMs: 3_600_000, channelPace: { retries: [10], timeout: 500 },
    onError: (where, error) => log.push(`${where}: ${error instanceof Error ? `${error.name}: ${error.message}` : ''}`),
    channels: { text: `allow_private_hosts: ["127.0.0.1"]\nchannels:\n  - {id: hook, kind: webhook, url: "${hook}/${canaries.database}", secrets: [{file: ${join(folder, 'whsec')}}]}\n  - {id: chat, kind: slack, channel: C0123ABCD, api: "${hook}", bot_token: {file: ${join(folder, 'bot')}}, people: {}}\n` },
  });
  const answers: string[] = [];
  const call = async (path: string, init: RequestInit = {}): Promise<void> => {
    const response = await fetch(gate.url + path, { ...init, headers: { authorization: `Bearer ${tokens.dana}`, 'content-type': 'application/json', ...init.headers } });
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
  };
  try {
    const secretive = { ...sampleRequest(), reason: `for ${canaries.person}`, preview: `SELECT * FROM c WHERE mail = '${canaries.person}'`, ticket: canaries.card };
    await call('/v1/requests', { method: 'POST', body: JSON.stringify(secretive) });
    await call('/v1/requests', { method: 'POST', body: JSON.stringify({ ...secretive, [canaries.person]: 1 }) });
    await call('/v1/requests', { method: 'POST', body: `{"reason": "${canaries.person}"` });
    await call(`/v1/requests/${encodeURIComponent(canaries.person)}`);
    await call(`/v1/${encodeURIComponent(canaries.card)}`);
    await call('/v1/me', { headers: { authorization: `Bearer ${canaries.database}` } });
    await call('/v1/me', { headers: { authorization: `Basic ${canaries.database}` } });
    await call('/v1/session', { method: 'POST', body: JSON.stringify({ token: canaries.database }) });
    await call('/v1/metrics', { headers: { authorization: `Bearer ${tokens.aria}` } });
    await call('/v1/audit', { headers: { authorization: `Bearer ${tokens.aria}` } });
    writeFileSync(policy, `version: 1\nrules:\n  - {id: r, when: '"${canaries.person}" + 1', effect: allow}\n`);
    await gate.reload();
    while ((await gate.channels?.deadLetters())?.length !== 2) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(log.length >= 3, log.join('\n'));
    assert.ok(answers.length === 10);
  } finally {
    await gate.close();
    refusing.closeAllConnections();
    refusing.close();
  }
  nothingIn(log.join('\n'), 'the log');
  nothingIn(answers.join('\n'), 'an answer');
  for (const name of readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })) {
    if (name.isFile()) nothingIn(readFileSync(join(name.parentPath, name.name), 'latin1'), name.name);
  }
});

test('a store that can not be reached is named without its password', async () => {
  writeFileSync(join(folder, 'users.yaml'), yaml);
  const child = fork(join(import.meta.dirname, 'main.ts'), ['--data-dir', join(folder, 'other'), '--users', join(folder, 'users.yaml')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, PII_GATE_STORE_URL: `postgresql://gate:${canaries.database}@127.0.0.1:1/gate` },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 2);
  assert.match(said, /ECONNREFUSED/);
  nothingIn(said, 'what it said');
});
