/** Requester and reviewer, each in a VS Code of their own: sent back with a comment on a line, changed, resubmitted, approved; and an emergency. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { root } from '../../scripts/bundles.ts';
import { packVsix } from '../../scripts/package.ts';
import { type SampleBackend, type SamplePerson, startSampleBackend } from '../../scripts/sample-backend.ts';
import { sampleConnections } from '../../scripts/sample-connections.ts';
import { makeSampleDatabase } from '../../scripts/sample-database.ts';
import { openBrowser } from '../../scripts/workbench/browser.ts';
import { startWorkbench, type Workbench } from '../../scripts/workbench/server.ts';
import { Editor } from './editor.ts';

const policy = `version: 1
rules:
  - id: harmless
    when: '!facts.sensitive'
    effect: allow
  - id: production-sensitive
    when: facts.sensitive
    effect: review
    approvers: [data-steward]
    reason_required: true
    sample: 3
    break_glass: {who: [developer], max_duration: 10m, reviewers: [data-steward]}
`;
let state: string;
let backend: SampleBackend;
let browser: Awaited<ReturnType<typeof openBrowser>>;
const workbenches: Workbench[] = [];
let dana: Editor;
let sam: Editor;

async function open(who: SamplePerson, vsix: string): Promise<Editor> {
  const workspace = join(state, who, 'workspace');
  cpSync(join(root, 'examples', 'workspace'), workspace, { recursive: true });
  makeSampleDatabase(join(workspace, 'shop.db'));
  const workbench = await startWorkbench({
    stateDir: join(state, who, 'vscode'), extensions: [vsix],
    machineSettings: { 'piiGate.backend.url': backend.url, 'piiGate.connections': sampleConnections(workspace) },
    env: { PII_GATE_TOKEN: backend.tokens[who], PII_GATE_BACKEND_URL: backend.url },
  });
  workbenches.push(workbench);
  const editor = new Editor(await browser.context.newPage());
  await editor.open(workbench.url(workspace));
  return editor;
}

before(async () => {
  state = mkdtempSync(join(tmpdir(), 'pii-gate-review-'));
  backend = await startSampleBackend(join(state, 'backend'), 0, policy);
  browser = await openBrowser({ width: 1440, height: 900 });
  const vsix = await packVsix();
  dana = await open('dana', vsix);
  sam = await open('sam', vsix);
}, { timeout: 300_000 });

afterEach(async (context) => {
  if (!('passed' in context) || context.passed) return;
  const name = `failed-${context.name.replaceAll(/\W+/g, '-').slice(0, 40)}`;
  await dana?.screenshot(`${name}-dana`);
  await sam?.screenshot(`${name}-sam`);
});

after(async () => {
  await browser?.close();
  for (const workbench of workbenches) await workbench.close();
  await backend?.close();
  if (state !== undefined) rmSync(state, { recursive: true, force: true, maxRetries: 5 });
});

test('sent back with a comment on a line, changed, resubmitted and approved, all in VS Code', { timeout: 240_000 }, async () => {
  await dana.page.bringToFront();
  await dana.run('queries/customer-ids.sql', 3, 'Shop (production)');
  await dana.reason('SHOP-4711: duplicates of imported customers', /Ask:/);
  const grid = await dana.webview('.waiting');
  await grid.getByText('Waiting for 1 × data-steward').waitFor();
  await dana.screenshot('waiting');

  await sam.page.bringToFront();
  const page = await sam.review();
  await page.getByText('first request in 90 days').waitFor();
  await page.locator('details.trace summary').click();
  await sam.screenshot('review-page');
  await page.getByRole('button', { name: 'Comment on line 1', exact: true }).click();
  await page.getByRole('textbox', { name: 'Comment on line 1' }).fill('Leave the names out, please');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.locator('.thread', { hasText: 'Leave the names out' }).waitFor();
  await page.getByRole('textbox', { name: 'Comment' }).fill('Nearly. See line 1.');
  await page.getByRole('button', { name: 'Ask for changes' }).click();
  await page.getByText('You asked for changes').waitFor();
  await sam.screenshot('review-comment');

  await dana.page.bringToFront();
  await dana.thread('Leave the names out').waitFor();
  await dana.thread('Nearly. See line 1.').waitFor();
  await dana.lenses(/asks for changes/);
  await dana.page.waitForTimeout(300);
  await dana.screenshot('changes-requested');
  await dana.replaceRest(2, 1, 'SELECT id, email, ssn');
  await dana.page.locator('.codelens-decoration a', { hasText: 'Sam Steward asks for changes: resubmit…' }).click();
  await dana.page.locator('.quick-input-title', { hasText: 'Nearly. See line 1.' }).waitFor();
  await dana.screenshot('resubmit');
  await dana.pick(/Resubmit:/).click();

  await sam.page.bringToFront();
  const again = await sam.webview('main.review .bar textarea');
  await again.getByRole('button', { name: 'Show what was changed' }).click();
  await sam.page.locator('.monaco-diff-editor .char-delete, .monaco-diff-editor .line-delete').first().waitFor();
  await sam.screenshot('review-diff');
  const request = await sam.review();
  await request.getByRole('button', { name: 'Limits…' }).click();
  await request.getByLabel('keep customers.ssn masked').check();
  await request.locator('fieldset input[type=text]').fill('7');
  await sam.screenshot('review-limits');
  await request.getByRole('button', { name: 'Approve with limits' }).click();
  await request.getByText('You approved it').waitFor();

  await dana.page.bringToFront();
  const result = await dana.grid();
  await result.getByText('First 7 rows only').waitFor();
  await result.locator('[role=columnheader]', { hasText: 'ssn' }).waitFor();
  assert.equal(await result.locator('[role=columnheader]', { hasText: 'name' }).count(), 0, 'the changed statement ran');
});

test('in an emergency it goes ahead at once, and the reviewer looks at it afterwards', { timeout: 180_000 }, async () => {
  await dana.page.bringToFront();
  await dana.page.keyboard.press('Control+N');
  await dana.command('Change Language Mode');
  await dana.page.locator('.quick-input-widget input').fill('sql');
  await dana.pick(/^MS SQL/).click();
  await dana.page.keyboard.type('SELECT id, phone FROM customers LIMIT 5');
  await dana.page.keyboard.press('Control+Enter');
  await dana.pickIfAsked('Shop (production)');
  await dana.page.locator('.quick-input-title', { hasText: /customers/ }).waitFor();
  await dana.pick(/Go ahead without waiting/).click();
  await dana.pick(/type why first/).waitFor();
  await dana.page.locator('.quick-input-widget input').fill('Checkout is down, the on-call needs the numbers');
  await dana.page.waitForTimeout(300);
  await dana.screenshot('break-glass');
  await dana.pick(/Go ahead without waiting/).click();
  const dialog = dana.page.locator('.monaco-dialog-box');
  await dialog.getByText('must look at it afterwards').waitFor();
  await dana.screenshot('break-glass-confirm');
  await dialog.getByRole('button', { name: 'Go ahead without approval' }).click();
  const grid = await dana.grid();
  await grid.locator('[role=columnheader]', { hasText: 'phone' }).waitFor();
  await dana.page.getByText('Ran without approval').waitFor();
  await dana.screenshot('break-glass-done');

  await sam.page.bringToFront();
  await sam.command('PII Gate: Filter Requests…');
  await sam.page.locator('.quick-input-widget input').fill('phone');
  await sam.page.keyboard.press('Enter');
  await sam.page.locator('.pane-body .message', { hasText: 'Only what fits “phone”' }).waitFor();
  await sam.page.locator('.monaco-list-row', { hasText: 'Dana Developer' }).filter({ hasText: 'phone' }).first().click();
  const page = await sam.webview('main.review .callout.glass');
  await sam.screenshot('after-review');
  await page.getByRole('textbox', { name: 'Comment' }).last().fill('Seen with Dana: the outage was real');
  await page.getByRole('button', { name: 'It was justified' }).click();
  await page.getByText('Sam Steward found it justified').waitFor();
});
