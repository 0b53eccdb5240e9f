/** What reviewers and requesters say to each other about a statement, and what else is shown beside it, in Chromium over the real backend. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { AxeResults } from 'axe-core';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest, type SampleRequest, ssn } from '#backend/testing/sample.ts';
import { type RunningInbox, startInbox } from './running-inbox.ts';

const policy = `version: 1
rules:
  - {id: reads, when: action == "run", effect: review, approvers: [data-steward], break_glass: {who: [dba], max_duration: 10m, reviewers: [data-steward]}}
  - {id: clear, when: action != "run", effect: review, approvers: [data-steward], sample: 3}
`;
const people = [
  { id: 'dana', name: 'Dana', roles: ['developer'] }, { id: 'sam', name: 'Sam', roles: ['data-steward'] }, { id: 'stella', name: 'Stella', roles: ['data-steward', 'admin'] }, { id: 'devon', name: 'Devon', roles: ['dba'] },
];
let inbox: RunningInbox;
before(async () => { inbox = await startInbox({ width: 1280, height: 860, colorScheme: 'light' }, { policy: { text: policy }, people }); });
after(() => inbox.stop());
afterEach(async () => {
  for (const page of inbox.context.pages()) await page.close();
  assert.deepEqual(inbox.complaints, [], 'no exception, no console error, no violation of the content security policy');
});

const threeLines = 'select id, ssn\nfrom customers\nlimit 5';
async function ask(sample: SampleRequest = {}, who = 'dana'): Promise<ApprovalRequest> {
  const answer = await inbox.backend.call(who, 'POST', '/v1/requests', sampleRequest({ ...sample, changes: { preview: threeLines, ...sample.changes } }));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}
async function post(who: string, id: string, what: string, body: object): Promise<ApprovalRequest> {
  const answer = await inbox.backend.call(who, 'POST', `/v1/requests/${id}/${what}`, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
const stateOf = async (id: string): Promise<ApprovalRequest> => (await inbox.backend.call('stella', 'GET', `/v1/requests/${id}`)).body;
const deny = (id: string): Promise<ApprovalRequest> => post('stella', id, 'decisions', { decision: 'deny', comment: 'tidy up' });
async function open(who: string, id: string): Promise<Page> {
  const page = await inbox.signedIn(who);
  await page.goto(`${inbox.backend.url}/#/r/${id}`);
  await shown(page, id);
  return page;
}
/** The request of this id is the one on the page. */
const shown = (page: Page, id: string): Promise<void> => page.locator(`[data-testid=request-view][data-id="${id}"]`).waitFor();
const line = (page: Page, n: number): Locator => page.getByRole('button', { name: `Comment on line ${n}`, exact: true });

test('a line is commented on, the requester answers while the reviewer looks, and both see one thread', async () => {
  const { id } = await ask();
  const sam = await open('sam', id);
  await line(sam, 1).click();
  await sam.getByLabel('Comment on line 1', { exact: true }).and(sam.locator('textarea')).fill('Is ssn needed?');
  await sam.keyboard.press('Control+Enter');
  const thread = sam.getByRole('region', { name: 'Comments on line 1' });
  await thread.getByText('Is ssn needed?').waitFor();
  const [first] = (await stateOf(id)).comments ?? [];
  assert.deepEqual([first?.line, first?.by.id], [1, 'sam']);
  await post('dana', id, 'comments', { text: 'Only to compare', replyTo: first?.id });
  await thread.getByText('Only to compare').waitFor();
  assert.equal(await sam.locator(`[data-request="${id}"] .item-mark`).textContent(), '2 comments');
  await thread.getByRole('button', { name: 'Answer' }).click();
  await sam.keyboard.type('Then compare hashes. a d l j k are letters here');
  await sam.keyboard.press('Control+Enter');
  await thread.getByText('letters here').waitFor();
  assert.deepEqual((await stateOf(id)).comments?.map((c) => c.line), [1, 1, 1]);
  assert.equal((await stateOf(id)).state, 'pending');
  await deny(id);
});

test('by the keyboard: arrows walk the lines, Enter comments, Shift takes several, Escape leaves it', async () => {
  const { id } = await ask();
  const page = await open('sam', id);
  await line(page, 1).focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-line')), '2');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-line')), '2', 'the focus goes back to the line');
  await page.keyboard.press('Enter');
  await line(page, 3).click({ modifiers: ['Shift'] });
  await page.getByPlaceholder('Comment on lines 2–3').fill('Why these?');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByText('On lines 2–3').waitFor();
  assert.deepEqual((await stateOf(id)).comments?.map((c) => [c.line, c.end]), [[2, 3]]);
  await page.keyboard.press('m');
  await page.keyboard.type('On the whole: fine');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('region', { name: 'History' }).getByText('On the whole: fine').waitFor();
  await deny(id);
});

test('resubmitted: what changed is shown first, earlier approvals count no more, old comments keep their line', async () => {
  const { id, binding, scope, facts } = await ask();
  await post('sam', id, 'decisions', { decision: 'request_changes', comment: 'Without ssn', lines: [{ line: 1, text: 'This one' }] });
  const page = await open('sam', id);
  await page.getByRole('region', { name: 'Comments on line 1' }).waitFor();
  await post('dana', id, 'resubmit', { reason: 'Ids are enough', revision: { binding: { ...binding, digest: 'another' }, scope, facts, preview: 'select id\nfrom customers\nlimit 5', redactions: 0 } });
  await page.getByText('Version 2.').waitFor();
  await page.getByRole('button', { name: 'Since version 1', pressed: true }).waitFor();
  assert.deepEqual(await page.locator('.diff .line > code').allTextContents(), ['−removed: select id, ssn\n', '+added: select id\n', 'from customers\n', 'limit 5\n']);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('On line 1 of an earlier version').waitFor();
  assert.equal(await history.locator('.thread-quote').textContent(), 'select id, ssn');
  await page.getByTestId('approve').click();
  await page.getByTestId('state').getByText('Approved').waitFor();
  assert.equal((await stateOf(id)).state, 'approved');
});

test('an export shows its masked sample; what is not masked never gets here', async () => {
  const { id } = await ask({
    capability: 'export',
    changes: { sample: { columns: ['id', 'email'], rows: [['1', '•••@•••'], ['2', null]] } },
  });
  const page = await open('sam', id);
  const sample = page.getByRole('region', { name: 'Masked sample' });
  assert.deepEqual(await sample.locator('tbody tr').allTextContents(), ['1•••@•••', '2NULL']);
  await deny(id);
});

test('undeclared data in the result: on the request, in the queue and in the overview', async () => {
  const { id } = await ask();
  await post('sam', id, 'decisions', { decision: 'approve', comment: '' });
  const page = await open('sam', id);
  await post('dana', id, 'drift', { found: [{ column: 'notes', entity: 'EMAIL_ADDRESS', count: 12 }] });
  await page.getByTestId('drift').getByText('Email address in 12 rows').waitFor();
  await page.locator(`[data-request="${id}"]`).getByText('Undeclared data').or(page.getByRole('button', { name: 'Decided' })).first().waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('region', { name: 'Undeclared personal data' }).getByText('notes').waitFor();
});

test('emergency access: an alarm on every page until somebody has looked', async () => {
  const { id } = await ask({ changes: { breakGlass: true, reason: 'Payments are down' } }, 'devon');
  const page = await inbox.signedIn('sam');
  await page.getByRole('link', { name: 'Overview' }).click();
  const alarm = page.getByRole('complementary', { name: 'Emergency access' });
  await alarm.getByText('due in 23 h').waitFor();
  await page.getByTestId('alarm').click();
  await shown(page, id);
  await page.getByRole('button', { name: 'Look back 1', pressed: true }).waitFor();
  await page.getByText('Was this emergency access justified?').waitFor();
  await page.getByTestId('comment').fill('It was not: nothing was down');
  await page.getByTestId('not-justified').click();
  await page.getByText('Emergency access, not justified.').waitFor();
  await alarm.waitFor({ state: 'detached' });
  assert.equal((await stateOf(id)).afterReview?.done?.justified, false);
});

test('the plan is a tree with rows and cost', async () => {
  const { id } = await ask({ changes: { plan: 'Limit  (cost=0.00..9.00 rows=5 width=4)\n  ->  Seq Scan on customers  (cost=0.00..90.00 rows=1200 width=4)\n        Filter: (x = 1)' } });
  const page = await open('sam', id);
  await page.getByText('1 whole table read').waitFor();
  const scan = page.locator('.plan li li').filter({ hasText: 'Seq Scan on customers' });
  assert.equal(await scan.locator('.plan-rows').textContent(), '1,200 rows');
  await scan.locator('summary').click();
  await scan.getByText('Filter: (x = 1)').waitFor({ state: 'hidden' });
  await deny(id);
});

test('a statement of 2,000 lines opens folded, unfolds, and a comment below the fold unfolds it', async () => {
  const preview = Array.from({ length: 2_000 }, (_, i) => `union all select ${i}, ssn from customers -- ${i}`).join('\n');
  const { id } = await ask({ changes: { preview } });
  const page = await open('sam', id);
  assert.equal(await page.locator('.code > li').count(), 40);
  await page.getByRole('button', { name: 'Show all 2000 lines' }).click();
  await line(page, 2_000).waitFor();
  assert.equal(await page.locator('.code > li').count(), 2_000);
  await page.reload();
  await shown(page, id);
  assert.equal(await page.locator('.code > li').count(), 40);
  await post('dana', id, 'comments', { text: 'This far down', line: 1_999 });
  await page.getByText('This far down').waitFor();
  await deny(id);
});

test('700 requests in the queue: all counted, few drawn, walked through by key, the oldest first', async () => {
  const body = (i: number): object => sampleRequest({ changes: { reason: `bulk ${i}`, preview: `select ssn from customers -- ${i}` } });
  const asked: string[] = [];
  for (let from = 0; from < 700; from += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => inbox.backend.call('dana', 'POST', '/v1/requests', body(from + i))));
    asked.push(...answers.map((answer) => answer.body.id));
  }
  const page = await inbox.signedIn('sam');
  await page.getByRole('button', { name: 'For you 700' }).waitFor();
  assert.ok((await page.locator('.item').count()) < 60, 'only what is near the visible part is drawn');
  const first = await page.locator('.item').first().getAttribute('data-request');
  const oldest = (await Promise.all(asked.slice(0, 50).map(stateOf))).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))[0];
  assert.equal(first, oldest?.id);
  for (let i = 0; i < 30; i += 1) await page.keyboard.press('j');
  const current = page.locator('.item[aria-current=true]');
  await current.waitFor();
  assert.equal(await page.locator('li:has(> .item[aria-current=true])').getAttribute('aria-posinset'), '31');
  const box = await current.boundingBox();
  assert.ok(box !== null && box.y > 100 && box.y + box.height <= 860, 'the chosen one is in view');
  await page.locator('.queue-scroll').evaluate((e) => e.scrollTo(0, e.scrollHeight));
  await page.locator('li[aria-posinset="700"]').waitFor();
  await Promise.all(asked.map((id) => inbox.backend.call('dana', 'POST', `/v1/requests/${id}/cancel`)));
  await page.getByRole('button', { name: 'For you', exact: true }).waitFor();
});

test('hostile text in comments, names of columns and plans stays text, in any direction', async () => {
  const attack = '<img src=x onerror="document.title=1"> ‮שלום⁦ 👩‍👩‍👧‍👦 javascript:alert(1)';
  const { id } = await ask({ capability: 'export', facts: { sensitive: [{ ...ssn, column: attack }] }, changes: { preview: attack, plan: attack, reason: attack, sample: { columns: [attack], rows: [[attack]] } } });
  await post('dana', id, 'comments', { text: attack, line: 1 });
  const page = await open('sam', id);
  await page.getByRole('region', { name: 'Comments on line 1' }).getByText('👩‍👩‍👧‍👦').waitFor();
  assert.equal(await page.locator('.request img').count(), 0);
  assert.match(await page.title(), /PII Gate inbox$/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await deny(id);
});

test('the line breaks: it is said, and what happened meanwhile is there once it holds again', async () => {
  const page = await inbox.signedIn('sam');
  await page.route('**/v1/events', (route) => route.abort());
  await page.route('**/v1/requests**', (route) => route.abort());
  await page.reload();
  await page.getByText('The line to the backend is broken.').waitFor();
  inbox.forgive(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
  const { id } = await ask();
  await page.unroute('**/v1/requests**');
  await page.unroute('**/v1/events');
  await page.locator(`[data-request="${id}"]`).waitFor();
  await page.getByText('The line to the backend is broken.').waitFor({ state: 'detached' });
  await deny(id);
});

test('the audit: one click verifies the chain; the download has the chosen format', async () => {
  const page = await inbox.signedIn('stella');
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByTestId('verify').click();
  await page.getByTestId('verdict').getByText('Intact.').waitFor();
  await page.getByTestId('format').selectOption('csv');
  const download = page.waitForEvent('download');
  await page.getByTestId('export').click();
  assert.equal((await download).suggestedFilename(), 'pii-gate-audit.csv');
  assert.match(readFileSync(await (await download).path(), 'utf8'), /^seq,time,type/);
});

test('in German for who reads German: nothing left in English, nothing too long for a phone', async () => {
  const { id } = await ask({ changes: { reason: 'Prüfung' } });
  const page = await inbox.signedIn('sam');
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['de-DE', 'de'] }));
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${inbox.backend.url}/#/r/${id}`);
  await page.reload();
  await shown(page, id);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.getByRole('heading', { level: 1, name: 'Dana möchte eine Abfrage ausführen auf shop' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.getByTestId('deny').click();
  await page.getByRole('alert').filter({ hasText: 'Sagen Sie warum' }).waitFor();
  await page.getByTestId('comment').fill('Ohne ssn, bitte');
  await page.getByTestId('deny').click();
  await page.getByTestId('state').getByText('Abgelehnt').waitFor();
  const english = (await page.locator('body').innerText()).match(/\b(?:the|approval|request|statement|masked|nothing|row|rows)\b/gi) ?? [];
  // What the policy and the statement say is theirs.
  assert.deepEqual(english, []);
});

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe-core finds by the rules of WCAG 2.2 AA and its own best practices, each as rule and place. */
async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async () => (await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run()) as never as AxeResults);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}
test('axe-core finds nothing: every page, in both themes and on a phone of 360 px', async () => {
  const { id, binding, scope, facts } = await ask({ changes: { plan: 'Limit  (cost=0.00..9.00 rows=5 width=4)\n  ->  Seq Scan on t  (cost=0.00..90.00 rows=12 width=4)' } });
  await post('sam', id, 'comments', { text: 'Why?', line: 1 });
  await post('sam', id, 'decisions', { decision: 'request_changes', comment: 'Less', lines: [{ line: 2, text: 'here' }] });
  await post('dana', id, 'resubmit', { reason: 'Less', revision: { binding: { ...binding, digest: 'less' }, scope, facts, preview: 'select id\nfrom customers', redactions: 0 } });
  const exported = await ask({ capability: 'export', changes: { sample: { columns: ['id', 'email'], rows: [['1', '•••']] } } });
  const glass = await ask({ changes: { breakGlass: true, reason: 'Emergency' } }, 'devon');
  await deny((await ask()).id);
  const page = await inbox.signedIn('stella');
  const pages: readonly (readonly [hash: string, ready: Locator, prepare?: () => Promise<void>])[] = [
    [`#/r/${id}`, page.getByText('Version 2.')],
    [`#/r/${id}`, page.getByTestId('limits-confirm'), () => page.keyboard.press('l')],
    [`#/r/${exported.id}`, page.getByRole('region', { name: 'Masked sample' })],
    [`#/r/${glass.id}`, page.getByText('Was this emergency access justified?')],
    ['#/', page.locator('.item.closed').first(), () => page.getByRole('button', { name: 'Decided' }).click()],
    ['#/overview', page.getByText('Decisions by day').first()],
    ['#/audit', page.locator('.records li').first()],
    ['#/audit', page.getByRole('dialog'), () => page.keyboard.press('?')],
  ];
  const found: string[] = [];
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 360]] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    for (const [hash, ready, prepare] of pages) {
      await page.goto(`${inbox.backend.url}/${hash}`);
      if (prepare) await page.keyboard.press('Escape');
      await prepare?.();
      await ready.waitFor();
      const place = `${hash} ${colorScheme} ${width}`;
      found.push(...(await axe(page)).map((violation) => `${place} ${violation}`));
      if ((await page.evaluate(() => document.documentElement.scrollWidth)) !== width) found.push(`${place} scrolls sideways`);
      await page.keyboard.press('Escape');
    }
  }
  assert.deepEqual(found, []);
  await deny(id);
  await deny(exported.id);
  await post('sam', glass.id, 'after-review', { justified: true, comment: 'seen' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await axe(page), [], 'sign in');
});
