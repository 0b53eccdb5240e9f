/** The sign-in of the editor against a real OpenID provider (`oidc-provider` on loopback) and the real backend. */
/// <reference path="../../backend/testing/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { type RunningBackend, startBackend } from '#backend/testing/sample.ts';
import { listenOnLoopback } from './loopback.ts';
import { OidcError, type OidcWay, refresh, signInByBrowser, signInByDevice, type Tokens, wayOf } from './oidc-client.ts';
import { createOidcSessions } from './sessions.ts';

const audience = 'urn:pii-gate';
let server: Server;
let issuer: string;
let gate: RunningBackend;
let way: OidcWay;

before(async () => {
  let handler: ReturnType<Provider['callback']> | undefined;
  server = createServer((request, response) => handler?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gate = await startBackend({ oidc: { text: `issuer: ${issuer}\naudience: ${audience}\nclient_id: editor\nscopes: [openid, profile]\nroles:\n  stewards: [data-steward]\n` } });
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  handler = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k', alg: 'RS256', use: 'sig' }] },
    clients: [{
      client_id: 'editor', token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'],
    }],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => ({ name: `Person ${accountId}`, groups: ['stewards'] }),
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, groups: ['stewards'] }) }),
    features: {
      deviceFlow: { enabled: true },
      resourceIndicators: {
        enabled: true, defaultResource: () => audience, useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } }),
      },
    },
    rotateRefreshToken: true,
    cookies: { keys: ['cookie-key-of-tests'] },
  }).callback();
  const known = await wayOf(gate.url);
  assert.ok(known);
  way = known;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await gate.stop();
});

/** A browser as far as a sign-in needs one: cookies, redirects and the provider's forms. Ends where the editor listens. */
async function browse(start: string, until: (url: string) => boolean, forms: Readonly<Record<string, string>> = {}): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, body?: URLSearchParams): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...(body === undefined ? {} : { method: 'POST', body }) });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name); else cookies.set(name, value);
    }
    return response;
  };
  let url = start;
  let response = await visit(url);
  for (let step = 0; step < 15; step++) {
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (until(url)) return url;
      response = await visit(url);
      continue;
    }
    const page = await response.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) { assert.ok(until(page), page.slice(0, 300)); return url; }
    const hidden = [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [/name="([^"]+)"/.exec(tag)?.[1] ?? '', /value="([^"]*)"/.exec(tag)?.[1] ?? '']);
    response = await visit(new URL(action, url).href, new URLSearchParams({ ...Object.fromEntries(hidden), login: 'sina', password: 'any', ...forms }));
  }
  throw new Error('the sign-in does not come to an end');
}

async function signIn(): Promise<Tokens> {
  const loopback = await listenOnLoopback(async (address) => {
    const back = await browse(address, (url) => url.startsWith(loopback.redirectUri));
    assert.equal((await fetch(back)).status, 200, 'the browser is told to go back');
  });
  try {
    return await signInByBrowser(way, loopback, Date.now);
  } finally {
    loopback.close();
  }
}
const me = async (token: string): Promise<{ readonly id?: string; readonly roles?: readonly string[] }> =>
  (await fetch(`${gate.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{ id?: string; roles?: string[] }>;

test('code with PKCE over loopback gives a token that the backend takes, and a refresh token that renews it', { timeout: 30_000 }, async () => {
  const tokens = await signIn();
  assert.deepEqual([(await me(tokens.accessToken)).id, (await me(tokens.accessToken)).roles], ['oidc:sina', ['data-steward']]);
  assert.ok(tokens.expiresAt > Date.now() + 500_000 && tokens.refreshToken !== undefined);
  const renewed = await refresh(way, tokens.refreshToken, Date.now);
  assert.notEqual(renewed.accessToken, tokens.accessToken);
  assert.equal((await me(renewed.accessToken)).id, 'oidc:sina');
});

test('a device code gives the same', { timeout: 30_000 }, async () => {
  let shown: { readonly userCode: string; readonly completeUri?: string } | undefined;
  const tokens = await signInByDevice(way, (code) => { shown = code; }, async () => {
    if (shown?.completeUri === undefined) return;
    const address = shown.completeUri;
    shown = undefined;
    await browse(address, (page) => /Sign-in Success/i.test(page));
  }, Date.now);
  assert.equal((await me(tokens.accessToken)).id, 'oidc:sina');
});

test('an answer to another sign-in, of another provider, or with an error is refused', { timeout: 30_000 }, async () => {
  const answers: readonly (readonly [string, (state: string) => string, RegExp])[] = [
    ['state', () => '?code=x&state=other', /another sign-in/],
    ['issuer', (state) => `?code=x&state=${state}&iss=https://evil.example`, /another provider/],
    ['error', (state) => `?error=access_denied&error_description=Not+you&state=${state}`, /Not you/],
    ['code', (state) => `?code=made-up&state=${state}`, /refused/],
  ];
  for (const [name, answer, why] of answers) {
    const visit = async (address: string): Promise<URL> => new URL(`http://127.0.0.1/callback${answer(new URL(address).searchParams.get('state') ?? '')}`);
    await assert.rejects(signInByBrowser(way, { redirectUri: 'http://127.0.0.1:9/callback', visit }, Date.now), why, name);
  }
});

test('a session renews itself once for many callers, survives a provider that is down, and ends when it is refused', { timeout: 30_000 }, async () => {
  const held = new Map<string, string>();
  const storage = { get: async (key: string) => held.get(key), store: async (key: string, value: string) => { held.set(key, value); } };
  let clock = Date.now();
  const sessions = createOidcSessions(storage, () => clock);
  const tokens = await signIn();
  await sessions.save({ id: 's', backend: gate.url, way, tokens, person: { id: 'oidc:sina', name: 'Sina' } });
  assert.equal((await sessions.accessToken(gate.url))?.token, tokens.accessToken, 'a fresh token is used as it is');
  assert.equal(await sessions.accessToken('https://other.example'), undefined, 'a token goes to no other backend');

  clock = tokens.expiresAt - 1000;
  const renewed = await Promise.all([sessions.accessToken(gate.url), sessions.accessToken(gate.url)]);
  assert.equal(renewed[0]?.token, renewed[1]?.token);
  assert.notEqual(renewed[0]?.token, tokens.accessToken);

  const [session] = await sessions.all();
  assert.ok(session);
  await sessions.save({ ...session, way: { ...way, issuer: 'http://127.0.0.1:9' }, tokens: { ...session.tokens, expiresAt: 0 } });
  await assert.rejects(sessions.accessToken(gate.url), (error) => error instanceof OidcError && error.transient);
  assert.equal((await sessions.all()).length, 1, 'nobody is signed out by an outage');

  await sessions.save({ ...session, tokens: { ...session.tokens, refreshToken: 'made-up', expiresAt: 0 } });
  assert.equal(await sessions.accessToken(gate.url), undefined);
  assert.equal((await sessions.all()).length, 0);
});
