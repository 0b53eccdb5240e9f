/** A role that is taken away at the provider stops working in the inbox within minutes, without signing in again. */
/// <reference path="../testing/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { browser, signInAtProvider, type Visit } from '../testing/browser.ts';
import { startBackend, type RunningBackend } from '../testing/sample.ts';

const minute = 60_000;
let server: Server;
let handler: ReturnType<Provider['callback']> | undefined;
let issuer: string;
let gate: RunningBackend;
/** How far the service's clock is ahead. */
let ahead = 0;
let jwk: JWK;
/** What the provider says of each person; who is not here has no account any more. */
const groups = new Map<string, readonly string[]>();

before(async () => {
  server = createServer((request, response) => {
    if (handler) handler(request, response);
    else response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  jwk = { ...(await exportJWK(privateKey)), kid: 'key', alg: 'RS256', use: 'sig' };
  gate = await startBackend({
    now: () => Date.now() + ahead, recheckMs: 20,
    oidc: { text: `issuer: ${issuer}\naudience: urn:pii-gate\nclient_id: inbox\nscopes: [openid, profile]\nroles:\n  stewards: [data-steward]\n` },
  });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await gate.stop();
});

/** @param refresh whether the provider gives refresh tokens; without them it is asked by its userinfo endpoint */
function startProvider(refresh: boolean): void {
  ahead = 0;
  handler = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [{
      client_id: 'inbox', token_endpoint_auth_method: 'none', redirect_uris: [`${gate.url}/v1/sign-in/callback`],
      grant_types: ['authorization_code', ...(refresh ? ['refresh_token'] : [])], response_types: ['code'],
    }],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    issueRefreshToken: async () => refresh,
    rotateRefreshToken: true,
    findAccount: (_context, sub) => (groups.has(sub) ? { accountId: sub, claims: async () => ({ sub, name: `Person ${sub}`, groups: groups.get(sub) }) } : undefined),
    cookies: { keys: ['cookie-key-of-tests'] },
  }).callback();
}

async function signIn(login: string): Promise<Visit> {
  groups.set(login, ['stewards']);
  const visit = browser();
  const begun = await visit(`${gate.url}/v1/sign-in/oidc`);
  const back = await signInAtProvider(visit, begun.headers.get('location') ?? '', gate.url, login);
  assert.equal((await visit(back)).status, 302);
  return visit;
}
const me = async (visit: Visit): Promise<readonly [status: number, roles: readonly string[] | undefined]> => {
  const response = await visit(`${gate.url}/v1/me`);
  return [response.status, ((await response.json()) as { roles?: string[] }).roles];
};

for (const refresh of [true, false]) {
  test(`${refresh ? 'refresh token' : 'userinfo'}: roles of today after five minutes, the same session; without the account it ends`, async () => {
    startProvider(refresh);
    const login = `sina-${refresh}`;
    const visit = await signIn(login);
    assert.deepEqual(await me(visit), [200, ['data-steward']]);
    groups.set(login, []);
    assert.deepEqual(await me(visit), [200, ['data-steward']], 'the provider is not asked at every click');
    ahead += 5 * minute;
    // A page asks for many things at once; a refresh token that is used twice would end the session.
    assert.deepEqual(await Promise.all([me(visit), me(visit), me(visit)]), [[200, []], [200, []], [200, []]]);
    groups.set(login, ['stewards']);
    ahead += 5 * minute;
    assert.deepEqual(await me(visit), [200, ['data-steward']]);
    groups.delete(login);
    ahead += 5 * minute;
    assert.equal((await me(visit))[0], 401);
  });
}

test('a provider that can not be reached is waited for, but not for ever', async () => {
  startProvider(true);
  const visit = await signIn('sol');
  handler = undefined;
  ahead += 5 * minute;
  assert.deepEqual(await me(visit), [200, ['data-steward']]);
  ahead += 10 * minute;
  assert.equal((await me(visit))[0], 401);
});

test('a live stream ends with the right to watch', async () => {
  startProvider(true);
  const visit = await signIn('sven');
  const stream = await visit(`${gate.url}/v1/events`, { signal: AbortSignal.timeout(20_000) });
  assert.equal(stream.status, 200);
  groups.delete('sven');
  ahead += 5 * minute;
  const reader = stream.body?.getReader();
  for (let ended = false; !ended;) ended = (await reader?.read())?.done ?? true;
  assert.equal((await me(visit))[0], 401);
});

test('the renewal in the cookie can not be read there', async () => {
  startProvider(true);
  groups.set('sana', ['stewards']);
  const visit = browser();
  const begun = await visit(`${gate.url}/v1/sign-in/oidc`);
  const done = await visit(await signInAtProvider(visit, begun.headers.get('location') ?? '', gate.url, 'sana'));
  const cookie = done.headers.getSetCookie().find((line) => line.startsWith('pii_gate_session=')) ?? '';
  const claims = JSON.parse(Buffer.from(cookie.split('.')[1] ?? '', 'base64url').toString()) as { sealed: string };
  assert.deepEqual(JSON.parse(Buffer.from(claims.sealed.split('.')[0] ?? '', 'base64url').toString()), { alg: 'dir', enc: 'A256GCM' });
  assert.ok(cookie.length < 4_096);
});
