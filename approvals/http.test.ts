import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { sampleRequest } from '#backend/testing/sample.ts';
import { createBackendPort } from './backend-adapter.ts';
import { createGenericPort } from './generic-adapter.ts';
import { addressProblem, callJson, refusal } from './http.ts';
import type { ApprovalPort } from './port.ts';

const never = new AbortController().signal;
const settings = (base: string) => ({ base, name: 'The backend', timeoutMs: 300, token: () => 'secret-token' });

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function blockedBy(base: string, signal = never): Promise<{ code: string; message: string }> {
  const answer = await callJson(settings(base), { method: 'GET', path: '/x', signal });
  assert.ok(!answer.ok);
  return answer.blocked;
}

test('a redirect is refused, so that the token never reaches another host', async (t) => {
  const asked: IncomingMessage[] = [];
  const elsewhere = await serve(t, (request, response) => { asked.push(request); response.end('{}'); });
  const base = await serve(t, (_request, response) => response.writeHead(307, { location: `${elsewhere}/steal` }).end());
  assert.equal((await blockedBy(base)).code, 'backend-unreachable');
  assert.equal(asked.length, 0);
});

test('a server that does not answer is given up, and one that is left is left at once', async (t) => {
  const base = await serve(t, () => {});
  assert.match((await blockedBy(base)).message, /did not answer/);
  const stop = new AbortController();
  const waiting = blockedBy(base, stop.signal);
  stop.abort();
  assert.equal((await waiting).code, 'cancelled');
  assert.equal((await blockedBy(base, stop.signal)).code, 'cancelled');
});

test('what a server says is one bounded line without control or direction characters', () => {
  const { message } = refusal('It', 403, { detail: `a\u0000b\r\nc\u202Ed${'x'.repeat(10_000)}` });
  assert.match(message, /^a b c d/);
  assert.ok(message.length <= 500);
});

const codes: readonly (readonly [number, unknown, string])[] = [
  [401, undefined, 'unauthorized'], [403, undefined, 'policy-denies'], [403, { code: 'own-request' }, 'policy-denies'], [404, undefined, 'expired'], [409, undefined, 'grant-used'],
  [409, { code: 'revoked' }, 'revoked'], [410, { code: 'expired' }, 'expired'], [422, undefined, 'needs-reason'], [400, undefined, 'grant-invalid'], [429, undefined, 'backend-unreachable'],
  [500, undefined, 'backend-unreachable'], [503, '<html>', 'backend-unreachable'], [409, { code: 'approved' }, 'grant-used'], [200, { code: '__proto__' }, 'grant-invalid'],
];
for (const [status, body, code] of codes) test(`${status} ${JSON.stringify(body) ?? ''} is ${code}`, () => assert.equal(refusal('It', status, body).code, code));

const addresses: readonly (readonly [string, boolean])[] = [
  ['https://gate.example.com', true], ['http://127.0.0.1:7431', true], ['http://localhost:1', true], ['http://[::1]:1', true],
  ['http://gate.example.com', false], ['http://127.0.0.1.evil.example', false], ['http://localhost.evil.example', false], ['https://a:b@gate.example.com', false], ['javascript:1', false], ['', false],
];
for (const [address, fine] of addresses) test(`${address || '(empty)'} is ${fine ? 'fine' : 'refused'}`, () => assert.equal(addressProblem(address) === undefined, fine));

test('the statement and its parameters stay in the editor: people and services get the masked preview', async (t) => {
  const received: string[] = [];
  const base = await serve(t, (request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => received.push(text));
    request.on('end', () => response.writeHead(500).end());
  });
  const ports: readonly ApprovalPort[] = [
    createBackendPort({ url: base, token: 't' }),
    createGenericPort({ url: base, token: 't', me: { id: 'dana', name: 'Dana', roles: [] }, keys: { issuer: 'i', keys: [] } }),
  ];
  for (const port of ports) {
    await port.create({ request: sampleRequest({ changes: { preview: 'select * from customers where ssn = ?' } }), statement: "select * from customers where ssn = '536-22-8726'", parameters: ['536-22-8726'] }, never);
  }
  assert.equal(received.length, 2);
  assert.doesNotMatch(received.join(), /536-22-8726/);
});
