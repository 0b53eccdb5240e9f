/** The reviewer's inbox in Chromium, over the real backend. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest, type SampleRequest } from '#backend/testing/sample.ts';
import { root } from '../../scripts/bundles.ts';
import { type RunningInbox, startInbox } from './running-inbox.ts';

let inbox: RunningInbox;
before(async () => { inbox = await startInbox({ width: 1280, height: 860, colorScheme: 'light' }); });
after(() => inbox.stop());
afterEach(async () => {
  for (const page of inbox.context.pages()) await page.close();
  assert.deepEqual(inbox.complaints, [], 'no exception, no console error, no violation of the content security policy');
});

async function ask(sample: SampleRequest = {}, who = 'dana'): Promise<ApprovalRequest> {
  const answer = await inbox.backend.call(who, 'POST', '/v1/requests', sampleRequest(sample));
  assert.equal(answer.status, 201);
  return answer.body;
}
async function stateOf(id: string): Promise<ApprovalRequest> {
  return (await inbox.backend.call('dana', 'GET', `/v1/requests/${id}`)).body;
}
function item(page: Page, id: string): Locator {
  return page.locator(`[data-request="${id}"]`);
}
async function open(who: string, id: string): Promise<Page> {
  const page = await inbox.signedIn(who);
  await item(page, id).click();
  await page.getByTestId('request-view').waitFor();
  return page;
}

test('a wrong token is refused with a reason, the right one opens the inbox', async () => {
  const page = await inbox.newPage();
  await page.goto(inbox.backend.url);
  const token = page.locator('input[name=token]');
  await token.fill('pgt_wrong-token');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'not known' }).waitFor();
  await token.fill(inbox.backend.tokens.sam ?? '');
  await page.keyboard.press('Enter');
  await page.getByText('Nobody is waiting for you.').waitFor();
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.cookie + localStorage.length + sessionStorage.length), '00', 'no script can read the session');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await token.waitFor();
});

test('approved with a comment: the request says so, stays in place, and the requester gets a grant', async () => {
  const request = await ask();
  const page = await open('sam', request.id);
  await page.getByTestId('comment').fill('Fine for the re-check');
  await page.getByTestId('approve').click();
  await page.getByTestId('state').getByText('Approved').waitFor();
  assert.equal(await item(page, request.id).getAttribute('data-testid'), 'request-done');
  const decided = await stateOf(request.id);
  assert.equal(decided.state, 'approved');
  assert.equal(decided.decisions.at(-1)?.comment, 'Fine for the re-check');
  assert.ok(decided.grant !== undefined);
});

test('approved with limits: columns kept masked, fewer rows, less time', async () => {
  const request = await ask({ capability: 'reveal', changes: { scope: { columns: [{ table: 'customers', column: 'ssn', access: 'read' }, { table: 'customers', column: 'email', access: 'read' }], maxRows: 500, destination: { kind: 'grid' }, use: 'once', durationMs: 3_600_000 } } });
  const page = await open('sam', request.id);
  await page.keyboard.press('l');
  await page.getByTestId('limits-confirm').click();
  await page.getByRole('alert').filter({ hasText: 'at least one limit' }).waitFor();
  await page.getByTestId('max-rows').fill('501');
  await page.getByTestId('limits-confirm').click();
  await page.getByRole('alert').filter({ hasText: 'between 1 and 500' }).waitFor();
  await page.getByTestId('max-rows').fill('50');
  await page.getByLabel('customers.ssn').check();
  await page.getByTestId('duration').selectOption('900000');
  await page.getByTestId('limits-confirm').click();
  await page.getByTestId('state').getByText('Approved').waitFor();
  assert.deepEqual((await stateOf(request.id)).decisions.at(-1)?.constraints, { keepMasked: [{ table: 'customers', column: 'ssn', access: 'read' }], maxRows: 50, durationMs: 900_000 });
});

test('a denial needs a reason', async () => {
  const request = await ask();
  const page = await open('sam', request.id);
  await page.getByTestId('deny').click();
  await page.getByRole('alert').filter({ hasText: 'Say why' }).waitFor();
  assert.equal((await stateOf(request.id)).state, 'pending');
  await page.getByTestId('comment').fill('Use the masked view');
  await page.getByTestId('deny').click();
  await page.getByTestId('state').getByText('Denied').waitFor();
  assert.equal((await stateOf(request.id)).state, 'denied');
});

test('the keyboard alone: move, get a decision ready, take it back, decide', async () => {
  const first = await ask();
  const second = await ask();
  const page = await inbox.signedIn('sam');
  await page.locator(`[data-request="${first.id}"][aria-current]`).waitFor();
  await page.keyboard.press('j');
  await page.locator(`[data-request="${second.id}"][aria-current]`).waitFor();
  await page.keyboard.press('k');
  await page.locator(`[data-request="${first.id}"][aria-current]`).waitFor();
  await page.keyboard.press('a');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'approve');
  await page.keyboard.press('Escape');
  assert.equal((await stateOf(first.id)).state, 'pending', 'a key alone decides nothing');
  await page.keyboard.press('c');
  await page.keyboard.type('Ask for fewer columns. a d l j k are letters here');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('state').getByText('Changes asked for').waitFor();
  assert.match((await stateOf(first.id)).decisions.at(-1)?.comment ?? '', /letters here$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.locator(`[data-request="${second.id}"][aria-current]`).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  await page.getByTestId('state').getByText('Approved').waitFor();
});

test('live: new requests appear at the end, and what others decide shows without a jump', async () => {
  const first = await ask();
  const page = await open('sam', first.id);
  const before = await item(page, first.id).boundingBox();
  const second = await ask();
  await item(page, second.id).waitFor();
  assert.deepEqual(await item(page, first.id).boundingBox(), before);
  const below = await item(page, second.id).boundingBox();
  const decision = await inbox.backend.call('stella', 'POST', `/v1/requests/${first.id}/decisions`, { decision: 'deny', comment: 'Decided elsewhere' });
  assert.equal(decision.status, 200);
  await page.getByText('Decided elsewhere').waitFor();
  assert.deepEqual(await item(page, first.id).boundingBox(), before);
  assert.deepEqual(await item(page, second.id).boundingBox(), below);
  await item(page, second.id).click();
  await item(page, first.id).waitFor({ state: 'detached' });
  await inbox.backend.call('stella', 'POST', `/v1/requests/${second.id}/decisions`, { decision: 'deny', comment: 'tidy up' });
});

test('one\'s own request can be withdrawn but not decided', async () => {
  const request = await ask({}, 'sam');
  const page = await inbox.signedIn('sam');
  await page.getByRole('button', { name: /^Open/ }).click();
  await item(page, request.id).click();
  await page.getByText('Nobody approves their own').waitFor();
  assert.equal(await page.getByTestId('approve').count(), 0);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByTestId('state').getByText('Withdrawn').waitFor();
});

test('what was approved can be taken back, and what was sent back can be asked again', async () => {
  const request = await ask();
  const page = await open('sam', request.id);
  await page.getByTestId('approve').click();
  await page.getByTestId('revoke').click();
  await page.getByLabel('Why is it taken back?').fill('Approved by mistake');
  await page.getByTestId('revoke-confirm').click();
  await page.getByTestId('state').getByText('Revoked').waitFor();
  assert.equal((await stateOf(request.id)).state, 'revoked');
  await page.close();
  const other = await ask();
  await inbox.backend.call('sam', 'POST', `/v1/requests/${other.id}/decisions`, { decision: 'request_changes', comment: 'Which ticket?' });
  const dana = await inbox.signedIn('dana');
  await dana.getByRole('button', { name: /^Open/ }).click();
  await item(dana, other.id).click();
  await dana.getByText('Which ticket?').waitFor();
  await dana.getByRole('button', { name: 'Answer and ask again…' }).click();
  await dana.getByRole('textbox', { name: 'Reason' }).fill('Checking the import, ticket OPS-12');
  await dana.getByTestId('resubmit').click();
  await dana.getByText('Nobody approves their own').waitFor();
  const again = await stateOf(other.id);
  assert.deepEqual([again.state, again.reason], ['pending', 'Checking the import, ticket OPS-12']);
  await inbox.backend.call('sam', 'POST', `/v1/requests/${other.id}/decisions`, { decision: 'deny', comment: 'tidy up' });
});

test('two steps: the second waits for the first, and the page says for whom', async () => {
  const request = await ask({ environment: 'critical' });
  const page = await open('sam', request.id);
  await page.getByTestId('approve').click();
  await page.getByText('You have approved it.').waitFor();
  await page.getByText('It waits for 1 dba.').waitFor();
  assert.equal((await stateOf(request.id)).state, 'pending');
  await page.close();
  const dba = await open('devon', request.id);
  await dba.getByTestId('approve').click();
  await dba.getByTestId('state').getByText('Approved').waitFor();
});

test('statements and reasons are text, whatever they hold', async () => {
  const attack = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const request = await ask({ changes: { preview: `select '${attack}' from "${attack}" -- ${attack}`, reason: `${attack} {{7*7}} javascript:alert(1)`, ticket: attack } });
  const page = await open('sam', request.id);
  await page.getByText('{{7*7}}').waitFor();
  assert.equal(await page.locator('.request img, .request script').count(), 0);
  assert.match(await page.title(), /^(\(\d+\) )?PII Gate inbox$/);
  const policy = (await (await fetch(inbox.backend.url)).headers).get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  await inbox.backend.call('sam', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'deny', comment: 'tidy up' });
});

test('a link to a request opens it', async () => {
  const request = await ask({ changes: { reason: 'Reached by a link from chat' } });
  const page = await inbox.signedIn('sam');
  await page.goto(`${inbox.backend.url}/#/r/${request.id}`);
  await page.reload();
  await page.getByText('Reached by a link from chat').waitFor();
});

test('context: compared with the last approved statement, the requester\'s history, every rule of the policy', async () => {
  const before = await ask({ changes: { preview: 'select id, ssn\nfrom customers\nlimit 5' } });
  await inbox.backend.call('sam', 'POST', `/v1/requests/${before.id}/decisions`, { decision: 'approve', comment: '' });
  const request = await ask({ changes: { preview: 'select id, ssn, email\nfrom customers\nlimit 5' } });
  const page = await open('sam', request.id);
  await page.getByText(/requests? in 90 days/).waitFor();
  await page.getByRole('button', { name: 'Since last approved' }).click();
  assert.deepEqual(await page.locator('.diff .line > code').allTextContents(), ['−removed: select id, ssn\n', '+added: select id, ssn, email\n', 'from customers\n', 'limit 5\n']);
  const fired = page.locator('.rule.fired').filter({ hasText: 'production-sensitive' });
  assert.deepEqual(await fired.locator('.clause').allTextContents(), ['environment is production', 'action is run', 'touches sensitive columns']);
  await page.getByText(/rules that did not apply/).click();
  await page.locator('.rule').filter({ hasText: 'lower-environments-masked' }).getByText('not: environment is development or staging').waitFor();
  await inbox.backend.call('sam', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'deny', comment: 'tidy up' });
});

test('identical requests are decided together, but only when it is asked for', async () => {
  const preview = { changes: { preview: 'select ssn from customers where id in (1, 2)' } };
  const [one, two] = [await ask(preview), await ask(preview)];
  const page = await open('sam', one.id);
  await page.getByLabel('Decide the other identical request as well').check();
  await page.getByTestId('approve').click();
  await page.getByTestId('state').getByText('Approved').waitFor();
  await item(page, two.id).waitFor({ state: 'detached' });
  assert.deepEqual([(await stateOf(one.id)).state, (await stateOf(two.id)).state], ['approved', 'approved']);
});

test('the filter narrows the list by any word', async () => {
  const [here, there] = [await ask({ changes: { reason: 'zebra crossing' } }), await ask({ changes: { reason: 'quagga' } })];
  const page = await inbox.signedIn('sam');
  await item(page, there.id).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('zebra production');
  await item(page, there.id).waitFor({ state: 'detached' });
  assert.equal(await item(page, here.id).count(), 1);
  await page.keyboard.press('Escape');
  await item(page, there.id).waitFor();
});

test('the overview counts, and the audit is for auditors', async () => {
  const request = await ask();
  await inbox.backend.call('stella', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'deny', comment: 'Counted in the overview' });
  const page = await inbox.signedIn('sam');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('region', { name: 'Latest denials' }).getByText('Counted in the overview').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  await page.close();
  const auditor = await inbox.signedIn('aria');
  await auditor.getByRole('link', { name: 'Audit' }).click();
  await auditor.getByLabel('What').selectOption('request.denied');
  await auditor.getByText('request.created').first().waitFor({ state: 'detached' });
  await auditor.locator('.records summary').first().click();
  await auditor.getByText('hash').first().waitFor();
  const download = auditor.waitForEvent('download');
  await auditor.getByTestId('export').click();
  assert.equal((await download).suggestedFilename(), 'pii-gate-audit.jsonl');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a phone, ${colorScheme}: queue, request, decision, without scrolling sideways`, async () => {
    const request = await ask({ changes: { reason: 'From the phone', preview: `select ssn, email\nfrom customers\nwhere city = 'a very long literal that does not fit on a phone at all, not even nearly'` } });
    const page = await inbox.signedIn('sam');
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${inbox.backend.url}/#/`);
    await page.reload();
    await item(page, request.id).click();
    await page.getByText('From the phone').waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Requests' }).isVisible(), false);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    mkdirSync(join(root, 'test-results'), { recursive: true });
    await page.screenshot({ path: join(root, 'test-results', `inbox-phone-${colorScheme}.png`) });
    await page.getByTestId('approve').click();
    await page.getByTestId('state').getByText('Approved').waitFor();
    await page.getByRole('button', { name: 'Requests' }).click();
    await page.getByRole('navigation', { name: 'Requests' }).waitFor();
  });
}

test('every control has a name, and each part of the page is a landmark', async () => {
  const request = await ask();
  const page = await open('sam', request.id);
  const nameless = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, input, select, textarea, a')]
    .filter((e) => (e.textContent || e.getAttribute('aria-label') || (e instanceof HTMLInputElement && e.labels?.length ? 'label' : '')).trim() === '')
    .map((e) => e.outerHTML));
  assert.deepEqual(nameless, []);
  assert.equal(await page.getByRole('main').count(), 1);
  for (const name of ['Request', 'Decision', 'Facts', 'Reason', 'History']) assert.equal(await page.getByRole('region', { name, exact: true }).count(), 1, name);
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
});
