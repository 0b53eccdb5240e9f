/** The inbox's cookie: what it opens, and what another site can't do with it. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

let gate: RunningBackend;
let cookie: string;
let attributes: string;
let publicKey: object | undefined;
before(async () => {
  gate = await startBackend();
  publicKey = (await gate.call<{ keys: object[] }>(undefined, 'GET', '/v1/keys')).body.keys[0];
  const answer = await gate.call(undefined, 'POST', '/v1/session', { token: gate.tokens.dana });
  assert.equal(answer.status, 204);
  attributes = answer.headers.get('set-cookie') ?? '';
  cookie = attributes.split(';', 1)[0] ?? '';
});
after(() => gate.stop());

test('the cookie is out of reach of scripts and of other sites', () => {
  assert.match(attributes, /; HttpOnly/);
  assert.match(attributes, /; SameSite=Strict/);
  assert.match(attributes, /; Path=\//);
});
test('it signs in', async () => {
  assert.equal((await gate.call<{ id: string }>(undefined, 'GET', '/v1/me', undefined, { cookie })).body.id, 'dana');
});
const changes: readonly [string, Record<string, string>, number][] = [
  ['with the header', { 'x-pii-gate': '1' }, 201],
  ['without the header', {}, 403],
  ['from another origin', { 'x-pii-gate': '1', origin: 'https://evil.example' }, 403],
  ['from an opaque origin', { 'x-pii-gate': '1', origin: 'null' }, 403],
  ['cross-site by fetch metadata', { 'x-pii-gate': '1', 'sec-fetch-site': 'cross-site' }, 403],
  ['same-site is not same-origin', { 'x-pii-gate': '1', 'sec-fetch-site': 'same-site' }, 403],
];
for (const [name, headers, status] of changes) {
  test(`a change by cookie ${name}: ${status}`, async () => {
    const answer = await gate.call(undefined, 'POST', '/v1/requests', sampleRequest(), { cookie, ...headers });
    assert.equal(answer.status, status);
  });
}
const forged: readonly [string, (value: string) => string][] = [
  ['another signature', (value) => `${value.slice(0, -8)}AAAAAAAA`],
  ['alg none', (value) => `${Buffer.from('{"alg":"none","typ":"pii-gate-session+jwt"}').toString('base64url')}.${value.split('.')[1]}.`],
  ['HMAC with the public key as its secret', (value) => {
    const input = `${Buffer.from('{"alg":"HS256","typ":"pii-gate-session+jwt"}').toString('base64url')}.${value.split('.')[1]}`;
    return `${input}.${createHmac('sha256', JSON.stringify(publicKey)).update(input).digest('base64url')}`;
  }],
  ['another person', (value) => {
    const [head, body, signature] = value.split('.');
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString());
    return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'sam' })).toString('base64url')}.${signature}`;
  }],
  ['rubbish', () => 'x'],
];
for (const [name, forge] of forged) {
  test(`a forged session is none: ${name}`, async () => {
    const [key, value] = cookie.split('=');
    assert.equal((await gate.call(undefined, 'GET', '/v1/me', undefined, { cookie: `${key}=${forge(value ?? '')}` })).status, 401);
  });
}
test('a grant is not a session', async () => {
  const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment: 'staging' }));
  assert.equal((await gate.call(undefined, 'GET', '/v1/me', undefined, { cookie: `pii_gate_session=${body.grant}` })).status, 401);
});
test('signing out takes the cookie back', async () => {
  const answer = await gate.call(undefined, 'DELETE', '/v1/session', undefined, { cookie });
  assert.equal(answer.status, 204);
  assert.match(answer.headers.get('set-cookie') ?? '', /pii_gate_session=;/);
});
