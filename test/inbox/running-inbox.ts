/** The inbox as it ships (bundled by the build's own options), served by a real backend, in a real browser. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { type RunningBackend, startBackend } from '#backend/testing/sample.ts';
import { bundles, optionsFor, root } from '../../scripts/bundles.ts';
import { type BrowserOptions, openBrowser } from '../../scripts/workbench/browser.ts';

export interface RunningInbox {
  readonly backend: RunningBackend;
  readonly context: BrowserContext;
  /** Everything that the pages complained about: exceptions, console errors, violations of the content security policy. */
  readonly complaints: readonly string[];
  /** A page that is signed in as this person. Each call has cookies of its own. */
  signedIn(who: string): Promise<Page>;
  /** Forgets complaints that a test has made on purpose. */
  forgive(pattern: RegExp): void;
  newPage(): Promise<Page>;
  stop(): Promise<void>;
}

export async function bundleInbox(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-inbox-'));
  const row = bundles.find((bundle) => bundle.out === 'inbox/main');
  if (row === undefined) throw new Error('scripts/bundles.ts has no row for inbox/main');
  await build({ ...optionsFor(row), outdir: folder, entryPoints: { main: join(root, row.entry) } });
  cpSync(join(root, 'backend/web/index.html'), join(folder, 'index.html'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @param more options of the backend */
export async function startInbox(options: BrowserOptions = {}, more: Parameters<typeof startBackend>[0] = {}): Promise<RunningInbox> {
  const bundle = await bundleInbox();
  const backend = await startBackend({
    policy: { text: readFileSync(join(root, 'backend/policy/default.yaml'), 'utf8') }, redact: (text) => text, inbox: bundle.folder, ...more,
  });
  const browser = await openBrowser(options);
  // Long for a machine that builds something else meanwhile, short for the one who waits for a red test.
  browser.context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  function listen(page: Page): Page {
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      // Before the sign-in the page asks who it is and is told 401: that is the browser's note of it, not a fault.
      // What a provider's own sign-in page lacks is its affair.
      const ours = page.url().startsWith(backend.url);
      if (ours && message.type() === 'error' && !/401/.test(message.text())) complaints.push(message.text());
    });
    return page;
  }
  async function newPage(): Promise<Page> {
    await browser.context.clearCookies();
    return listen(await browser.context.newPage());
  }
  return {
    backend, context: browser.context, complaints, newPage,
    forgive(pattern) {
      complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !pattern.test(complaint)));
    },
    async signedIn(who) {
      const page = await newPage();
      await page.goto(backend.url);
      await page.locator('input[name=token]').fill(backend.tokens[who] ?? '');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      return page;
    },
    async stop() {
      await browser.close();
      await backend.stop();
      bundle.remove();
    },
  };
}
