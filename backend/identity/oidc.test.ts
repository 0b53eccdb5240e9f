/** Tokens and sign-in of a real OpenID provider (`oidc-provider` on loopback), and tokens that only look like its own. */
/// <reference path="../testing/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { newUsers } from './new-users.ts';
import { browser, signInAtProvider } from '../testing/browser.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';
import { parseOidcSettings } from './oidc-settings.ts';

const audience = 'urn:pii-gate';
let server: Server;
let issuer: string;
let handler: ReturnType<Provider['callback']>;
let gate: RunningBackend;
let signing: { key: CryptoKey; jwk: JWK };

async function newKey(kid: string): Promise<{ key: CryptoKey; jwk: JWK }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } };
}

function startProvider(jwk: JWK): void {
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      { client_id: 'inbox', token_endpoint_auth_method: 'none', redirect_uris: [`${gate?.url ?? 'http://127.0.0.1:1'}/v1/sign-in/callback`], grant_types: ['authorization_code'], response_types: ['code'] },
      { client_id: 'helper-bot', client_secret: 'helper-secret-of-tests', redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
      { client_id: 'stranger', client_secret: 'stranger-secret-of-tests', redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, name: `Person ${sub}`, groups: sub === 'sina' ? ['stewards'] : ['everybody'] }) }),
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true, defaultResource: () => audience, useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'gate', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } }),
      },
    },
    cookies: { keys: ['cookie-key-of-tests'] },
  });
  handler = provider.callback();
}

const settings = (): string => `issuer: ${issuer}
audience: ${audience}
client_id: inbox
scopes: [openid, profile]
roles:
  stewards: [data-steward]
  everybody: [developer]
clients:
  helper-bot: {kind: agent, owner: sam, roles: [developer]}
`;

before(async () => {
  server = createServer((request, response) => handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  signing = await newKey('key-1');
  gate = await startBackend({ oidc: { text: settings() } });
  startProvider(signing.jwk);
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await gate.stop();
});

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const me = (token: string) => gate.call<{ id: string; roles: string[]; detail: string }>(undefined, 'GET', '/v1/me', undefined, as(token));

async function machineToken(client: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${client}:${client.split('-')[0]}-secret-of-tests`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'gate', resource: audience }),
  });
  const body = (await response.json()) as { access_token?: string };
  assert.ok(body.access_token, JSON.stringify(body));
  return body.access_token;
}

/** A token as the provider would sign it, with whatever a test wants to change. */
function craft(claims: object = {}, options: { key?: CryptoKey | Uint8Array; alg?: string; kid?: string; expires?: number; header?: object } = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, aud: audience, sub: 'sina', name: 'Sina', groups: ['stewards'], iat: now, exp: options.expires ?? now + 300, ...claims })
    .setProtectedHeader({ alg: options.alg ?? 'RS256', kid: options.kid ?? 'key-1', typ: 'at+jwt', ...options.header }).sign(options.key ?? signing.key);
}

test('a person by the provider has the roles that the groups map to', async () => {
  const answer = await me(await craft());
  assert.deepEqual([answer.status, answer.body.id, answer.body.roles], [200, 'oidc:sina', ['data-steward']]);
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const bad: readonly [string, () => Promise<string>, RegExp][] = [
  ['expired', () => craft({}, { expires: seconds() - 120 }), /expired/],
  ['for another service', () => craft({ aud: 'urn:other' }), /"aud"/],
  ['of another issuer', () => craft({ iss: 'https://evil.example' }), /"iss"/],
  ['not valid yet', () => craft({ nbf: seconds() + 600 }), /"nbf"/],
  ['without an expiry', () => craft({ exp: undefined }), /"exp"/],
  ['signed by another key under the same name', async () => craft({}, { key: (await newKey('key-1')).key }), /does not verify/],
  ['an unknown key', async () => craft({}, { key: (await newKey('x')).key, kid: 'x' }), /does not verify/],
  ['HMAC with the public key as its secret', () => craft({}, { alg: 'HS256', key: new TextEncoder().encode(JSON.stringify({ ...signing.jwk, d: undefined })) }), /does not verify/],
  ['its own key in the header (jwk)', async () => {
    const mine = await newKey('key-1');
    return craft({}, { key: mine.key, header: { jwk: { kty: mine.jwk.kty, n: mine.jwk.n, e: mine.jwk.e } } });
  }, /does not verify/],
  ['a key set elsewhere in the header (jku, x5u)', async () => craft({}, { key: (await newKey('key-1')).key, header: { jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' } }), /does not verify/],
  ['a kid that is a path', async () => craft({}, { key: new TextEncoder().encode(''.padEnd(32, 'x')), alg: 'HS256', kid: '../../../../../../dev/null' }), /does not verify/],
  ['a kid that is a statement', async () => craft({}, { key: (await newKey('x')).key, kid: "x' UNION SELECT 'secret" }), /does not verify/],
  ['no kid, signed by another key', async () => craft({}, { key: (await newKey('x')).key, header: { kid: undefined } }), /does not verify/],
  ['an extension that must be understood (crit)', async () => `${Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'key-1', crit: ['exp'], exp: 1 })).toString('base64url')}.${(await craft()).split('.').slice(1).join('.')}`, /does not verify/],
  ['alg none', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await craft()).split('.')[1]}.`, /does not verify/],
  ['an edited claim', async () => {
    const [head, , signature] = (await craft()).split('.');
    const body = { iss: issuer, aud: audience, sub: 'sam', groups: ['stewards'], iat: seconds(), exp: seconds() + 300 };
    return `${head}.${Buffer.from(JSON.stringify(body)).toString('base64url')}.${signature}`;
  }, /does not verify/],
  ['a person without an id', () => craft({ sub: '' }), /not known/],
];
for (const [name, make, why] of bad) {
  test(`a token is refused: ${name}`, async () => {
    const answer = await me(await make());
    assert.equal(answer.status, 401);
    assert.match(answer.body.detail, why);
  });
}

test('clocks may differ by a minute', async () => {
  assert.equal((await me(await craft({}, { expires: seconds() - 30 }))).status, 200);
});

test('an account at the provider can not take the name of a user of the file', async () => {
  assert.equal((await me(await craft({ sub: 'sam' }))).body.id, 'oidc:sam');
});

test('a machine has its own identity; who answers for it can not approve for it; an unlisted one is refused', async () => {
  const token = await machineToken('helper-bot');
  assert.deepEqual((await me(token)).body, { id: 'oidc:helper-bot', name: 'helper-bot', roles: ['developer'] });
  const { body: request } = await gate.call(undefined, 'POST', '/v1/requests', sampleRequest(), as(token));
  const approve = (who: string) => gate.call(who, 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' });
  assert.equal((await approve('sam')).body.code, 'own-request');
  assert.equal((await approve('stella')).body.state, 'approved');
  assert.equal((await me(await machineToken('stranger'))).status, 401);
});

test('the provider changes its key: new tokens work, old ones do not', async () => {
  const old = await craft();
  assert.equal((await me(old)).status, 200);
  const next = await newKey('key-2');
  startProvider(next.jwk);
  // The key set is fetched again at most every two seconds: the first unknown key may have to wait for that.
  let status = 401;
  for (let attempt = 0; attempt < 40 && status !== 200; attempt += 1) {
    status = (await me(await craft({}, { key: next.key, kid: 'key-2' }))).status;
    if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(status, 200);
  assert.equal((await me(old)).status, 401);
  signing = next;
});

test('signing in at the inbox: code with PKCE, session cookie, the right person', async () => {
  startProvider(signing.jwk);
  const ways = (await gate.call<{ oidc: { clientId: string; start: string } }>(undefined, 'GET', '/v1/sign-in')).body;
  assert.equal(ways.oidc.clientId, 'inbox');
  const visit = browser();
  const begun = await visit(gate.url + ways.oidc.start);
  const location = new URL(begun.headers.get('location') ?? '');
  assert.equal(location.searchParams.get('code_challenge_method'), 'S256');
  const back = await signInAtProvider(visit, location.href, gate.url, 'sina');
  const stranger = await browser()(back);
  assert.equal(stranger.status, 401, 'a code that another browser started is refused');
  const done = await visit(back);
  assert.deepEqual([done.status, done.headers.get('location')], [302, '/'], await done.text());
  const who = (await (await visit(`${gate.url}/v1/me`)).json()) as { id: string; name: string; roles: string[] };
  assert.deepEqual(who, { id: 'oidc:sina', name: 'Person sina', roles: ['data-steward'] });
  assert.equal((await visit(back)).status, 401, 'a code works once');
});

test('a person of the file with the alias is the same human as the account', async () => {
  const made = newUsers([{ id: 'sina', name: 'Sina', roles: ['data-steward'], aliases: ['oidc:sina'] }, { id: 'sam', name: 'Sam', roles: ['data-steward'] }]);
  const other = await startBackend({ oidc: { text: settings() }, users: { text: made.yaml } });
  try {
    const post = async (token: string, path: string, body: unknown) => (await (await fetch(other.url + path, { method: 'POST', headers: { ...as(token), 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { id: string; code: string };
    const request = await post(made.tokens.sina ?? '', '/v1/requests', sampleRequest());
    assert.equal((await post(await craft({}, { kid: 'key-2' }), `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' })).code, 'own-request');
  } finally {
    await other.stop();
  }
});

const badSettings: readonly [string, string, number, RegExp][] = [
  ['plain http elsewhere', 'issuer: http://id.example\naudience: a\n', 1, /https/],
  ['no audience', 'issuer: https://id.example\n', 1, /audience/],
  ['a machine without an owner', 'issuer: https://id.example\naudience: a\nclients:\n  bot: {kind: agent}\n', 4, /owner/],
  ['a secret that is not set', 'issuer: https://id.example\naudience: a\nclient_secret_env: NOT_SET\n', 3, /not set/],
  ['an unknown key', 'issuer: https://id.example\naudience: a\nrole: {}\n', 3, /unknown key/],
];
for (const [name, text, line, message] of badSettings) {
  test(`settings are refused: ${name}`, () => {
    const parsed = parseOidcSettings(text, {});
    assert.equal(parsed.ok, false);
    if (parsed.ok) return;
    assert.match(parsed.problems[0]?.message ?? '', message);
    assert.equal(parsed.problems[0]?.line, line);
  });
}
