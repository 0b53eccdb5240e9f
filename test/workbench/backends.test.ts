/** Every kind of approval backend from the editor, chosen by setting: ours with a real OpenID provider, a hoop gateway, a service that signs. Run, approve, result. */
/// <reference path="../../backend/testing/oidc-provider.d.ts" />
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { type ApprovalService, startApprovalService } from '#approvals/testing/approval-service.ts';
import { type HoopGateway, startHoop } from '#approvals/testing/hoop-gateway.ts';
import { type RunningBackend, startBackend } from '#backend/testing/sample.ts';
import { root } from '../../scripts/bundles.ts';
import { packVsix } from '../../scripts/package.ts';
import { sampleConnections } from '../../scripts/sample-connections.ts';
import { makeSampleDatabase } from '../../scripts/sample-database.ts';
import { openBrowser } from '../../scripts/workbench/browser.ts';
import { startWorkbench, type Workbench } from '../../scripts/workbench/server.ts';
import { Editor } from './editor.ts';

const audience = 'urn:pii-gate';
let state: string;
let workspace: string;
let provider: Server;
let gate: RunningBackend;
let hoop: HoopGateway;
let service: ApprovalService;
let workbench: Workbench;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let editor: Editor;

async function startProvider(): Promise<string> {
  let handler: ReturnType<Provider['callback']> | undefined;
  provider = createServer((request, response) => handler?.(request, response));
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  handler = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k', alg: 'RS256', use: 'sig' }] },
    clients: [{ client_id: 'editor', token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'], grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => ({ name: `Person ${accountId}`, groups: ['everybody'] }),
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, groups: ['everybody'] }) }),
    features: {
      deviceFlow: { enabled: true },
      resourceIndicators: { enabled: true, defaultResource: () => audience, useGrantedResource: () => true, getResourceServerInfo: () => ({ scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } }) },
    },
    cookies: { keys: ['cookie-key-of-tests'] },
  }).callback();
  return issuer;
}

/** The machine's settings as an administrator writes them; the window takes them up while it is open. */
function useBackend(backend: Readonly<Record<string, unknown>>): void {
  const settings = Object.fromEntries(Object.entries(backend).map(([key, value]) => [`piiGate.backend.${key}`, value]));
  const folder = join(state, 'vscode', 'data', 'Machine');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ 'piiGate.connections': sampleConnections(workspace), ...settings }));
}

before(async () => {
  state = mkdtempSync(join(tmpdir(), 'pii-gate-backends-'));
  workspace = join(state, 'workspace');
  cpSync(join(root, 'examples', 'workspace'), workspace, { recursive: true });
  makeSampleDatabase(join(workspace, 'shop.db'));
  const issuer = await startProvider();
  gate = await startBackend({ oidc: { text: `issuer: ${issuer}\naudience: ${audience}\nclient_id: editor\nscopes: [openid, profile]\nroles:\n  everybody: [developer]\n` } });
  hoop = await startHoop({ 'shop-production': { reviewers: ['data-steward'] } });
  service = await startApprovalService();
  workbench = await startWorkbench({
    stateDir: join(state, 'vscode'), extensions: [await packVsix()],
    machineSettings: { 'piiGate.backend.url': gate.url, 'piiGate.connections': sampleConnections(workspace) },
  });
  browser = await openBrowser({ width: 1440, height: 900 });
  editor = new Editor(await browser.context.newPage());
  await editor.open(workbench.url(workspace));
  await editor.openFile('queries/customer-ids.sql');
}, { timeout: 300_000 });

afterEach(async (context) => {
  if (!('passed' in context) || context.passed) return;
  await editor?.screenshot(`failed-${context.name.replaceAll(/\W+/g, '-').slice(0, 40)}`);
});

after(async () => {
  await browser?.close();
  await workbench?.close();
  hoop?.close();
  service?.close();
  provider?.closeAllConnections();
  provider?.close();
  await gate?.stop();
  if (state !== undefined) rmSync(state, { recursive: true, force: true, maxRetries: 5 });
});

/** Signs in with a token by command at the backend of the settings, once the window has taken them up. */
async function signInByToken(url: string, token: string, name: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await editor.command('PII Gate: Sign In to Approval Backend');
    await editor.page.locator('.quick-input-title', { hasText: 'Sign in to the approval backend' }).waitFor();
    if (await editor.page.locator('.quick-input-widget input').first().inputValue() === url) break;
    assert.ok(attempt < 20, 'the window never took up the settings');
    await editor.page.keyboard.press('Escape');
  }
  await editor.page.keyboard.press('Enter');
  await editor.page.locator('.quick-input-widget input[type=password]').fill(token);
  await editor.page.keyboard.press('Enter');
  await editor.page.getByText(`Signed in as ${name}.`).first().waitFor();
}

/** Asks for the statement that reads government ids, and waits until the request is pending. */
async function ask(reason: string): Promise<void> {
  await editor.run('queries/customer-ids.sql', 3, 'Shop (production)');
  await editor.page.locator('.quick-input-title', { hasText: /Ask to run/ }).waitFor();
  await editor.page.locator('.quick-input-widget input').fill(reason);
  await editor.pick(/Ask:/).click();
  await (await editor.webview('.waiting')).getByText('Waiting for').waitFor();
}

test('sign in with a real OpenID provider by device code, then run, approve, see the result', { timeout: 180_000 }, async () => {
  await editor.command('PII Gate: Sign In to Approval Backend');
  await editor.page.locator('.quick-input-title', { hasText: 'Sign in to the approval backend' }).waitFor();
  await editor.page.keyboard.press('Enter');
  await editor.pick(/With a code on another device/).click();
  // Under the test driver the workbench keeps its toasts behind the bell.
  await editor.page.locator('.statusbar-item[id="status.notifications"]').click();
  const message = editor.page.locator('.notifications-center .notification-list-item', { hasText: 'Enter the code' });
  await message.waitFor();
  await editor.screenshot('sign-in-device');
  const [, code = '', address = ''] = /code (\S+) at (\S+)/.exec(await message.innerText()) ?? [];

  const person = await browser.context.newPage();
  await person.goto(address);
  await person.locator('input[name=user_code]').fill(code);
  await person.locator('button[type=submit]').click();
  await person.locator('button[autofocus], form#op\\.deviceConfirmForm button[type=submit]').first().click();
  await person.locator('input[name=login]').fill('dana');
  await person.locator('input[name=password]').fill('any');
  await person.locator('button[type=submit]').click();
  await person.getByRole('button', { name: 'Continue' }).click();
  await person.getByText('Sign-in Success').waitFor();
  await person.close();

  await editor.page.bringToFront();
  await editor.page.getByText('Signed in as Person dana.').first().waitFor();
  await ask('SHOP-4711: duplicates');
  const { body } = await gate.call<{ requests: ApprovalRequest[] }>('sam', 'GET', '/v1/requests?state=pending');
  const [request] = body.requests;
  assert.deepEqual([request?.requester.id, request?.requester.name], ['oidc:dana', 'Person dana']);
  await gate.call('sam', 'POST', `/v1/requests/${request?.id}/decisions`, { decision: 'approve', comment: 'fine' });
  const grid = await editor.grid();
  await grid.locator('[role=columnheader]', { hasText: 'ssn' }).waitFor();
  await editor.command('PII Gate: Sign Out of Approval Backend');
  await editor.page.getByText('Signed out of').first().waitFor();
});

test('a hoop gateway, chosen by setting, runs the statement itself after its reviewer approved', { timeout: 120_000 }, async () => {
  useBackend({ kind: 'hoop', url: hoop.url });
  await signInByToken(hoop.url, hoop.tokenOf('dana'), 'Dana');
  await ask('SHOP-4712: duplicates again');
  const sam = { authorization: `Bearer ${hoop.tokenOf('sam')}` };
  const reviews = await (await fetch(`${hoop.url}/api/reviews`, { headers: sam })).json() as readonly { session: string; status: string }[];
  const [review] = reviews.filter(({ status }) => status === 'PENDING');
  assert.equal(reviews.length, 1);
  await fetch(`${hoop.url}/api/reviews/${review?.session}`, { method: 'PUT', headers: { ...sam, 'content-type': 'application/json' }, body: '{"status":"APPROVED"}' });
  const grid = await editor.grid();
  await grid.locator('[role=gridcell]', { hasText: '*****' }).first().waitFor();
  assert.equal(hoop.executed.length, 1);
  assert.match(hoop.executed[0] ?? '', /^SELECT id, name, email, ssn/);
  await editor.screenshot('hoop-result');
});

test('a service that signs, chosen by setting, approves; the grant is verified and the statement runs here, masked', { timeout: 120_000 }, async () => {
  useBackend({ kind: 'service', url: service.url, service: { issuer: service.keys.issuer, keys: service.keys.keys, user: { id: 'dana', name: 'Dana of the shop' }, reasonPrompt: 'Which ticket?' } });
  await signInByToken(service.url, service.token, 'Dana of the shop');
  await ask('SHOP-4713: and again');
  await service.decide(service.pending()[0] ?? '', 'approved', 'Sam', 'fine');
  const grid = await editor.grid();
  await grid.locator('[role=columnheader]', { hasText: 'ssn' }).getByRole('button', { name: 'ssn is masked. Why?' }).waitFor();
  assert.match(await grid.locator('[role=grid]').innerText(), /\*/);
});
