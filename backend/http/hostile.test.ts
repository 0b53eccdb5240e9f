/** Attacks on the HTTP side: traversal, oversize and slow bodies, floods, header spoofing, markup in texts, timing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

let gate: RunningBackend;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-hostile-'));
  mkdirSync(join(folder, 'inbox'));
  writeFileSync(join(folder, 'inbox', 'index.html'), '<!doctype html><title>Inbox</title>');
  writeFileSync(join(folder, 'inbox', '.secret'), 'secret');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  gate = await startBackend({ inbox: join(folder, 'inbox') });
});
after(async () => {
  await gate.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends bytes as they are, which fetch would tidy up, and gives the whole answer. */
async function raw(text: string, host = gate.url): Promise<string> {
  const { hostname, port } = new URL(host);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%2e%2e%2fsecret.txt', '/..\\secret.txt', '/.secret', '/%2esecret', '/index.html%00.txt', '//../secret.txt', '/inbox/../../secret.txt'];
for (const path of paths) {
  test(`nothing outside the inbox: ${path}`, async () => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /);
    assert.ok(!answer.includes('secret\n') && !/\r\n\r\nsecret/.test(answer));
  });
}

test('every answer carries the strict headers, errors and streams too', async () => {
  for (const path of ['/', '/v1/health', '/v1/me', '/nothing', '/v1/events']) {
    const controller = new AbortController();
    const response = await fetch(gate.url + path, { signal: controller.signal, headers: path === '/v1/events' ? { authorization: `Bearer ${gate.tokens.dana}` } : {} });
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/, path);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'; require-trusted-types-for 'script'/, path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(response.headers.get('access-control-allow-origin'), null, path);
    controller.abort();
  }
});

test('markup in a reason, a preview and a name comes back as JSON text only', async () => {
  const text = '<img src=x onerror=alert(1)></script><script>alert(1)</script>';
  const { body, headers } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { reason: text, preview: text } }));
  assert.equal(body.reason, text);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  const error = await fetch(`${gate.url}/v1/requests/${encodeURIComponent('<script>alert(1)</script>')}`, { headers: { authorization: `Bearer ${gate.tokens.dana}` } });
  assert.match(error.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.ok(!(await error.text()).includes('<script>'));
});

test('a body that is too large is refused before it is read; one that lies about its length as well', async () => {
  const head = (length: number) => `POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gate.tokens.dana}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  assert.match(await raw(head(50_000_000)), /^HTTP\/1\.1 413 /);
  assert.match(await raw(`POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gate.tokens.dana}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n200000\r\n${'x'.repeat(0x200000)}\r\n0\r\n\r\n`), /^HTTP\/1\.1 413 |^$/);
  assert.match(await raw(`POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`), /^HTTP\/1\.1 400 /);
});

test('a request that drips in is cut off', async () => {
  const slow = await startBackend({ requestTimeoutMs: 300 });
  try {
    const answer = await raw(`POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${slow.tokens.dana}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`, slow.url);
    assert.match(answer, /^HTTP\/1\.1 408 |^$/);
  } finally {
    await slow.stop();
  }
});

test('a flood from one client is refused, another client goes on', async () => {
  const limited = await startBackend({ rateLimit: 20 });
  try {
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await limited.call('dana', 'GET', '/v1/me')).status));
    assert.equal(statuses.filter((status) => status === 200).length, 20);
    assert.equal(statuses.filter((status) => status === 429).length, 20);
    assert.equal((await limited.call('dana', 'GET', '/v1/me')).body.code, 'rate-limited');
    assert.equal((await limited.call('sam', 'GET', '/v1/me')).status, 200);
  } finally {
    await limited.stop();
  }
});

test('guessing tokens is slowed by address, whatever token is tried', async () => {
  const limited = await startBackend({ rateLimit: 20 });
  try {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => fetch(`${limited.url}/v1/me`, { headers: { authorization: `Bearer pgt_guess${index}` } })));
    assert.ok(answers.filter(({ status }) => status === 429).length >= 30, 'a new guess is not a new client');
  } finally {
    await limited.stop();
  }
});

const policy = `version: 1
places: {office: [203.0.113.0/24]}
rules:
  - {id: inside, when: network.place == "office", effect: allow}
  - {id: outside, when: network.place != "office", effect: deny}
`;
const forwarded: readonly [string, readonly string[], Record<string, string>, 'allow' | 'deny'][] = [
  ['nobody is believed by default', [], { 'x-forwarded-for': '203.0.113.7' }, 'deny'],
  ['a configured proxy is', ['127.0.0.1'], { 'x-forwarded-for': '203.0.113.7' }, 'allow'],
  ['only its own entry counts, not what the client wrote before it', ['127.0.0.1'], { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' }, 'deny'],
  ['a proxy that is not the peer is not', ['10.0.0.1'], { 'x-forwarded-for': '203.0.113.7' }, 'deny'],
  ['other headers are nothing', ['127.0.0.1'], { 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7', 'true-client-ip': '203.0.113.7' }, 'deny'],
];
for (const [name, trustedProxies, headers, effect] of forwarded) {
  test(`the place of a request: ${name}`, async () => {
    const placed = await startBackend({ policy: { text: policy }, trustedProxies });
    try {
      assert.equal((await placed.call('dana', 'POST', '/v1/requests', sampleRequest(), headers)).body.verdict.effect, effect);
    } finally {
      await placed.stop();
    }
  });
}

test('no error says what was sent', async () => {
  const canary = 'canary-536-90-4399';
  const answers = [
    await gate.call('dana', 'POST', '/v1/requests', { ...sampleRequest(), redactions: canary }),
    await gate.call('dana', 'POST', '/v1/requests', `{"a": "${canary}`),
    await gate.call('dana', 'GET', `/v1/requests/${canary}`),
    await gate.call('dana', 'GET', `/v1/requests?state=${canary}`),
    await gate.call(undefined, 'POST', '/v1/session', { token: canary }),
  ];
  for (const { status, body } of answers) {
    assert.ok(status >= 400 && status < 500);
    assert.ok(!JSON.stringify(body).includes(canary));
  }
});
