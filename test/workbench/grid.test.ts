/** The results page in a real browser with the bundle that ships: drawing, keys, roles, and what it asks the extension for. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { FromPage, Tab, ToPage } from '#client/webview/messages.ts';
import type { ResultColumn, ResultSummary } from '#core/wire/results.ts';
import { dist, root } from '../../scripts/bundles.ts';
import { openBrowser } from '../../scripts/workbench/browser.ts';

const rows = 5_000_000;
const columns = Array.from({ length: 50 }, (_, index): ResultColumn => ({
  index, name: index === 1 ? 'ssn' : `c${index}`, databaseType: index === 0 ? 'INTEGER' : 'TEXT', masked: index === 1, reasons: index === 1 ? ['customers.ssn is a government id'] : [],
  revealable: index === 1, revealed: false,
}));
const result: ResultSummary = { resultId: 'r', connectionId: 'c', columns, rows, complete: true, elapsedMs: 12, drift: [] };
const tab: Tab = { runId: 'run', title: 'select customers', connection: { name: 'Shop', environment: 'production' }, pinned: false, startedAt: 0, side: [], run: { state: 'done', result } };

/** What some columns hold in every row. */
const texts: Readonly<Record<number, string>> = { 6: '{"id":1,"tags":["a","b"]}', 7: `${'long text '.repeat(100)}the end` };

let folder: string;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const said: FromPage[] = [];

const tell = (message: ToPage): Promise<void> => page.evaluate((data) => window.postMessage(data), message);
/** Resolves with the next message of this type that the page sends. */
async function next<T extends FromPage['type']>(type: T): Promise<FromPage & { readonly type: T }> {
  for (;;) {
    const index = said.findIndex((message) => message.type === type);
    if (index >= 0) return said.splice(index, 1)[0] as FromPage & { readonly type: T };
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

before(async () => {
  assert.ok(existsSync(join(dist, 'webview', 'grid.js')), 'dist/ is built first: npm run build');
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-grid-'));
  const at = (path: string): string => pathToFileURL(join(dist, 'webview', path)).href;
  const file = join(folder, 'page.html');
  writeFileSync(file, `<!DOCTYPE html><link rel="stylesheet" href="${at('grid.css')}"><div id="root"></div>
    <script>window.acquireVsCodeApi = () => ({ postMessage: (m) => window.say(m), getState: () => undefined, setState: () => {} });</script><script src="${at('grid.js')}"></script>`);
  browser = await openBrowser({ width: 1200, height: 500 });
  page = await browser.context.newPage();
  await page.exposeFunction('say', (message: FromPage) => {
    said.push(message);
    if (message.type !== 'page') return;
    const { generation, resultId, offset, count } = message;
    const cells = Array.from({ length: count }, (_, row) => columns.map(({ index }) => index === 1 ? { v: '***-**-****', m: 1 as const } : { v: index === 0 ? String(offset + row + 1) : texts[index] ?? `v${index}` }));
    void tell({ type: 'page', generation, page: { resultId, offset, rows: cells } });
  });
  await page.goto(pathToFileURL(file).href);
}, { timeout: 60_000 });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('without results it says how to get one', { timeout: 30_000 }, async () => {
  await next('ready');
  await page.getByText('No results yet').waitFor();
});

test('five million rows of fifty columns cost what the viewport shows', { timeout: 30_000 }, async () => {
  await tell({ type: 'tabs', tabs: [tab], active: 'run' });
  await page.locator('[role=gridcell]', { hasText: 'v2' }).first().waitFor();
  assert.ok(await page.locator('*').count() < 1500);
  assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), String(rows + 1));
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('Control+End');
  await page.locator('.grid-gutter', { hasText: '5,000,000' }).waitFor();
  await page.keyboard.press('Control+Home');
  await page.locator('#active-cell', { hasText: /^1$/ }).waitFor();
});

test('keys move the active cell and select, and never leave the page', { timeout: 30_000 }, async () => {
  // A modifier alone does nothing anywhere.
  await page.evaluate(() => { document.addEventListener('keydown', ({ key }) => { if (!/^(?:Shift|Control)$/.test(key)) document.title = key; }); document.title = ''; });
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
  await page.locator('#active-cell', { hasText: /^2$/ }).waitFor();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  // The selection is drawn with the next frame.
  const selected = page.locator('[role=gridcell][aria-selected=true]');
  await selected.nth(3).waitFor();
  assert.equal(await selected.count(), 4);
  await page.keyboard.press('Control+c');
  assert.deepEqual((await next('copy')).selection, { from: 1, to: 3, columns: [0, 1] });
  assert.equal(await page.title(), '');
});

test('a masked column says why, and asks to be revealed by name', { timeout: 30_000 }, async () => {
  await page.getByRole('button', { name: 'ssn is masked. Why?' }).click();
  const reasons = page.getByRole('dialog', { name: 'Why ssn is masked' });
  assert.match(await reasons.innerText(), /government id/);
  await reasons.getByText('Ask to reveal').click();
  assert.deepEqual((await next('reveal')).columns, [1]);
  assert.match(await page.locator('[role=gridcell][aria-label]').first().getAttribute('aria-label') ?? '', /, masked$/);
});

test('sort, filter and find are asked of the server, on what is shown', { timeout: 30_000 }, async () => {
  await page.getByRole('columnheader', { name: 'c2' }).getByRole('button', { name: 'c2' }).click();
  assert.deepEqual((await next('view')).sort, { column: 2, direction: 'asc' });
  await page.getByLabel('Filter what is shown').fill('lis');
  const view = await next('view');
  assert.equal(view.filter, 'lis');
  await tell({ type: 'view', generation: view.generation, resultId: 'r', rows: 0 });
  await page.getByText('No row matches the filter').waitFor();
  await page.getByRole('button', { name: 'Clear filter' }).last().click();
  await tell({ type: 'view', generation: (await next('view')).generation, resultId: 'r', rows });
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('Control+f');
  await page.getByLabel('Find in what is shown').fill('v3');
  await page.keyboard.press('Enter');
  assert.deepEqual([(await next('find')).text], ['v3']);
  await tell({ type: 'found', resultId: 'r', row: 4, column: 3, scanned: 5, next: 4 });
  await page.locator('.grid-cell.found').waitFor();
});

test('the viewer lays JSON out and shows long text whole; Escape goes back to the grid', { timeout: 30_000 }, async () => {
  for (const [column, expected] of [['c6', /"tags": \[\n\s+"a"/], ['c7', /the end$/]] as const) {
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < Number(column.slice(1)); step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('dialog', { name: `Value of ${column}, row 1` });
    assert.match((await viewer.locator('pre').innerText()).trim(), expected);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
  }
});

test('every way to copy is in the menu, reached by keys alone', { timeout: 30_000 }, async () => {
  const wanted = [['tsv', false], ['tsv', true], ['csv', true], ['json', true], ['markdown', true], ['insert', true]];
  const asked: unknown[] = [];
  for (let down = 0; down < wanted.length; down++) {
    await page.getByRole('button', { name: 'Copy', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Copy Ctrl+C' }).waitFor();
    for (let step = 0; step < down; step++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const { format, headers } = await next('copy');
    asked.push([format, headers]);
  }
  assert.deepEqual(asked, wanted);
});

test('pins and widths belong to the query: its next result looks the same', { timeout: 30_000 }, async () => {
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await head('c4').getByRole('button', { name: 'c4' }).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Pin to the left' }).click();
  await page.locator('.grid-head.pinned', { hasText: 'c4' }).waitFor();
  const handle = await head('c2').locator('.resize').boundingBox();
  assert.ok(handle);
  await page.mouse.move(handle.x + handle.width / 2, handle.y + 5);
  await page.mouse.down();
  await page.mouse.move(handle.x + handle.width / 2 + 77, handle.y + 5, { steps: 4 });
  await page.mouse.up();
  // Drawn with the next frames, as is the next result.
  const drawn = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await drawn();
  const width = Math.round((await head('c2').boundingBox())?.width ?? 0);
  await tell({ type: 'tabs', tabs: [tab, { ...tab, runId: 'again', run: { state: 'done', result: { ...result, resultId: 'r2' } } }], active: 'again' });
  await page.locator('.grid-head.pinned', { hasText: 'c4' }).waitFor();
  await page.getByRole('tab', { selected: true }).and(page.locator('[aria-selected=true]')).waitFor();
  await drawn();
  assert.equal(Math.round((await head('c2').boundingBox())?.width ?? 0), width);
  await tell({ type: 'tabs', tabs: [tab, { ...tab, runId: 'other', title: 'select orders', run: { state: 'done', result: { ...result, resultId: 'r3' } } }], active: 'other' });
  await page.locator('.grid-head', { hasText: 'c2' }).waitFor();
  assert.equal(await page.locator('.grid-head.pinned').count(), 0, 'another query has its own');
});

test('tabs are walked, kept and closed by keys and buttons', { timeout: 30_000 }, async () => {
  await tell({ type: 'tabs', tabs: [tab, { ...tab, runId: 'second', title: 'select orders', pinned: true }], active: 'run' });
  await page.getByRole('tab', { name: 'select customers' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal((await next('select')).runId, 'second');
  await page.getByRole('button', { name: 'Unpin' }).waitFor();
  await page.getByRole('button', { name: 'Keep this result' }).click();
  assert.equal((await next('pin')).runId, 'run');
  await page.getByRole('tab', { name: 'select orders' }).focus();
  await page.keyboard.press('Delete');
  assert.equal((await next('close')).runId, 'second');
  await tell({ type: 'tabs', tabs: [tab], active: 'run' });
});

test('an answer to an earlier view is dropped', { timeout: 30_000 }, async () => {
  await tell({ type: 'page', generation: 0, page: { resultId: 'r', offset: 0, rows: [columns.map(() => ({ v: 'stale' }))] } });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.getByText('stale').count(), 0);
});

test('each way that a run can stand has its page', { timeout: 30_000 }, async () => {
  const states: readonly (readonly [Tab['run'], RegExp])[] = [
    [{ state: 'cancelled' }, /Cancelled/],
    [{ state: 'failed', message: 'no such column: nmae' }, /no such column/],
    [{ state: 'blocked', blocked: { code: 'denied', message: 'Denied by Sam.', requestId: 'q' } }, /Denied by Sam[\s\S]*Ask again[\s\S]*Open request/],
    [{ state: 'blocked', blocked: { code: 'no-backend', message: 'Nobody to ask.' } }, /Sign in[\s\S]*Start embedded backend/],
    [{ state: 'done', result: { ...result, rows: 0 } }, /No rows/],
    [{ state: 'done', result: { ...result, columns: [], rows: 0, affected: 3 } }, /3 rows changed/],
  ];
  for (const [index, [run, expected]] of states.entries()) {
    const runId = `state-${index}`;
    await tell({ type: 'tabs', tabs: [{ ...tab, runId, run }], active: runId });
    await page.waitForFunction((source) => new RegExp(source).test(document.body.innerText), expected.source);
  }
});

test('the page speaks the language that the extension put into it', { timeout: 30_000 }, async () => {
  const german = readFileSync(join(root, 'l10n', 'bundle.l10n.de.json'), 'utf8');
  const file = join(folder, 'german.html');
  writeFileSync(file, readFileSync(join(folder, 'page.html'), 'utf8').replace('<div id="root">', `<script type="application/json" id="l10n">${german.replaceAll('<', '\\u003c')}</script><div id="root">`));
  const other = await browser.context.newPage();
  await other.exposeFunction('say', () => {});
  await other.goto(pathToFileURL(file).href);
  await other.getByText('Noch keine Ergebnisse').waitFor();
  await other.evaluate((data) => window.postMessage(data), { type: 'tabs', tabs: [tab], active: 'run' } satisfies ToPage);
  await other.getByRole('button', { name: 'ssn ist maskiert. Warum?' }).click();
  await other.getByRole('dialog', { name: 'Warum ssn maskiert ist' }).getByText('Offenlegung anfragen').waitFor();
  await other.getByText('5,000,000 Zeilen').waitFor();
});
