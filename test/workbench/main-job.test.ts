/**
 * The main job as a person does it, with the packed VSIX in a real workbench and the real backend: see personal data,
 * mask it, run a query, ask, approve in the inbox, see the masked grid, be denied an export and read why.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, test } from 'node:test';
import { root } from '../../scripts/bundles.ts';
import { packVsix } from '../../scripts/package.ts';
import { type SampleBackend, startSampleBackend } from '../../scripts/sample-backend.ts';
import { sampleConnections } from '../../scripts/sample-connections.ts';
import { makeSampleDatabase } from '../../scripts/sample-database.ts';
import { openBrowser } from '../../scripts/workbench/browser.ts';
import { startWorkbench, type Workbench } from '../../scripts/workbench/server.ts';
import { Editor } from './editor.ts';
import { Inbox } from './inbox.ts';

let state: string;
let workspace: string;
let backend: SampleBackend;
let workbench: Workbench;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let editor: Editor;
let inbox: Inbox;
/** Raw values of the first customers: none may ever be drawn. */
let canaries: readonly string[];

before(async () => {
  state = mkdtempSync(join(tmpdir(), 'pii-gate-journey-'));
  workspace = join(state, 'workspace');
  cpSync(join(root, 'examples', 'workspace'), workspace, { recursive: true });
  makeSampleDatabase(join(workspace, 'shop.db'));
  const database = new DatabaseSync(join(workspace, 'shop.db'), { readOnly: true });
  canaries = database.prepare("SELECT name, email, ssn FROM customers WHERE created_at >= '2025-01-01' ORDER BY id LIMIT 50").all().flatMap((row) => Object.values(row).map(String));
  database.close();
  backend = await startSampleBackend(join(state, 'backend'));
  workbench = await startWorkbench({
    stateDir: join(state, 'vscode'),
    extensions: [await packVsix()],
    machineSettings: { 'piiGate.backend.url': backend.url, 'piiGate.connections': sampleConnections(workspace) },
    env: { PII_GATE_TOKEN: backend.tokens.dana, PII_GATE_BACKEND_URL: backend.url },
  });
  browser = await openBrowser({ width: 1440, height: 900 });
  editor = new Editor(await browser.context.newPage());
  inbox = new Inbox(await browser.context.newPage(), backend.url);
  await editor.open(workbench.url(workspace));
}, { timeout: 300_000 });

// What was on the screen tells more than a time-out.
afterEach(async (context) => {
  if (!('passed' in context) || context.passed) return;
  await editor?.screenshot(`failed-${context.name.replaceAll(/\W+/g, '-').slice(0, 40)}`);
  // What is left open would fail the next one too.
  for (let press = 0; press < 3; press++) await editor?.page.keyboard.press('Escape');
});

after(async () => {
  await browser?.close();
  await workbench?.close();
  await backend?.close();
  if (state !== undefined) rmSync(state, { recursive: true, force: true, maxRetries: 5 });
});

test('personal data is underlined, and two keys mask it', { timeout: 120_000 }, async () => {
  await editor.openFile('seed.ts');
  await editor.squiggles().first().waitFor();
  await editor.screenshot('squiggles-dark');
  await editor.showProblems();
  const problems = await editor.problems(3);
  assert.equal(problems.length, 3, `three true findings and no false one, not:\n${problems.join('\n')}`);
  await editor.screenshot('problems');
  for (const raw of ['marta.keller@posteo.de', '536-90-4399']) assert.ok(!problems.join('\n').includes(raw), 'a problem never repeats the value');
  await editor.closePanel();
  await editor.goToLine(5, 16);
  await editor.openFixes();
  await editor.screenshot('quick-fixes');
  await editor.page.keyboard.press('Enter');
  await editor.waitForText((text) => !text.includes('marta.keller@posteo.de'));
  assert.match(await editor.text(), /email: '[^']*\*[^']*'/, 'the masked value is still a string literal');
});

test('a harmless query just runs', { timeout: 120_000 }, async () => {
  await editor.openFile('queries/top-customers.sql');
  await editor.lenses(/Run/);
  await editor.goToLine(3, 1);
  await editor.page.keyboard.press('Control+Enter');
  await editor.pickIfAsked('Shop (production)');
  const grid = await editor.grid();
  await grid.locator('[role=row] [role=gridcell]').first().waitFor();
  await editor.screenshot('grid-harmless');
  assert.match(await grid.locator('[role=grid]').innerText(), /Lyon|Porto|Leipzig|Utrecht/);
});

test('a sensitive query asks, is approved in the inbox, and the grid fills masked', { timeout: 180_000 }, async () => {
  await editor.openFile('queries/customer-ids.sql');
  await editor.lenses(/Run/);
  await editor.goToLine(3, 1);
  await editor.page.keyboard.press('Control+Enter');
  await editor.pickIfAsked('Shop (production)');
  await editor.page.locator('.quick-input-title', { hasText: /customers/ }).waitFor();
  // It fades in: only the picture needs to wait for that.
  await editor.page.waitForTimeout(500);
  await editor.screenshot('asking');
  await editor.page.locator('.quick-input-widget input').fill('Ticket SHOP-4711: check duplicates of imported customers');
  await editor.pick(/Ask/).waitFor();
  await editor.page.keyboard.press('Enter');

  await inbox.signIn(backend.tokens.sam);
  await inbox.openFirst(/customers/);
  await inbox.screenshot('inbox-request');
  assert.match(await inbox.text(), /SHOP-4711/);
  await inbox.approve('Looks fine, keep it masked.');
  await inbox.screenshot('inbox-approved');

  await editor.page.bringToFront();
  const grid = await editor.grid();
  await grid.locator('[role=columnheader]', { hasText: 'ssn' }).waitFor();
  await grid.locator('[role=row] [role=gridcell]').nth(8).waitFor();
  await editor.screenshot('grid-masked-dark');
  const shown = await grid.locator('[role=grid]').innerText();
  for (const raw of canaries) assert.ok(!shown.includes(raw), 'no raw value is drawn');
  assert.match(shown, /\*/, 'masked cells look masked');
});

test('a denied export says why and writes nothing', { timeout: 120_000 }, async () => {
  const target = join(workspace, 'customers-export.csv');
  await editor.startExport('csv', target);
  await editor.page.locator('.quick-input-widget input').fill('I would like to look at it in a spreadsheet');
  await editor.pick(/Ask/).waitFor();
  await editor.page.keyboard.press('Enter');
  await inbox.page.bringToFront();
  await inbox.openFirst(/export/i);
  await inbox.deny('Not on a laptop. Use the reporting schema.');
  await editor.page.bringToFront();
  const grid = await editor.grid();
  await grid.getByText('Use the reporting schema').waitFor();
  await editor.screenshot('export-denied');
  assert.ok(!existsSync(target), 'no file is left behind');
});

test('light and high contrast look right too', { timeout: 60_000 }, async () => {
  for (const [theme, kind, name] of [['Light Modern', 'vs', 'light'], ['Dark High Contrast', 'hc-black', 'high-contrast']] as const) {
    await editor.theme(theme, kind);
    const grid = await editor.grid();
    assert.ok(await grid.locator('[role=columnheader]', { hasText: 'ssn' }).isVisible(), `the grid is drawn in ${theme}`);
    await editor.screenshot(`grid-masked-${name}`);
  }
});
