/** Signing in to the inbox with a real OpenID provider, in a browser. */
/// <reference path="../../backend/testing/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { sampleRequest } from '#backend/testing/sample.ts';
import { startInbox } from './running-inbox.ts';

let handler: ReturnType<Provider['callback']> | undefined;
const server = createServer((request, response) => handler?.(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => {
  server.closeAllConnections();
  server.close();
});
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const inbox = await startInbox({ width: 1280, height: 860 }, {
  oidc: { text: `issuer: ${issuer}\naudience: urn:pii-gate\nclient_id: inbox\nscopes: [openid, profile]\nroles:\n  stewards: [data-steward]\n` },
});
after(() => inbox.stop());
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
handler = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k', alg: 'RS256', use: 'sig' }] },
  clients: [{ client_id: 'inbox', token_endpoint_auth_method: 'none', redirect_uris: [`${inbox.backend.url}/v1/sign-in/callback`], grant_types: ['authorization_code'], response_types: ['code'] }],
  claims: { openid: ['sub'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, name: 'Sina Steward', groups: ['stewards'] }) }),
  cookies: { keys: ['cookie-key-of-tests'] },
}).callback();

test('the button leads to the provider and back, and the person decides under their own name', async () => {
  const asked = await inbox.backend.call('dana', 'POST', '/v1/requests', sampleRequest());
  const page = await inbox.newPage();
  await page.goto(inbox.backend.url);
  await page.getByTestId('oidc').click();
  // The provider's own pages: sign in, then agree.
  await page.locator('input[name=login]').fill('sina');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Sina Steward').waitFor();
  await page.locator(`[data-request="${asked.body.id}"]`).click();
  await page.getByTestId('approve').click();
  await page.getByTestId('state').getByText('Approved').waitFor();
  const decided = await inbox.backend.call('dana', 'GET', `/v1/requests/${asked.body.id}`);
  assert.equal(decided.body.decisions.at(-1)?.by.id, 'oidc:sina');
  assert.deepEqual(inbox.complaints, []);
});
