/** Runs `test/host` in a real extension host, inside the workbench, and reports each of its tests as one of ours. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { dist, root } from '../../scripts/bundles.ts';
import { makeSampleDatabase } from '../../scripts/sample-database.ts';
import { openBrowser } from '../../scripts/workbench/browser.ts';
import { startWorkbench } from '../../scripts/workbench/server.ts';
import type { HostResult } from '../host/index.ts';

const bundled = join(root, '.build', 'host');

async function bundleHostTests(): Promise<void> {
  rmSync(bundled, { recursive: true, force: true });
  mkdirSync(bundled, { recursive: true });
  writeFileSync(join(bundled, 'package.json'), '{"type":"commonjs"}\n');
  await build({
    entryPoints: globSync('test/host/*.ts', { cwd: root }).map((file) => join(root, file)),
    outdir: bundled, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode', 'mocha'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'undefined' }, logLevel: 'warning',
  });
}

test('the extension host', { timeout: 300_000 }, async (t) => {
  assert.ok(existsSync(join(dist, 'extension.js')), 'dist/ is built first: npm run build');
  await bundleHostTests();
  const state = mkdtempSync(join(tmpdir(), 'pii-gate-host-'));
  const workspace = join(state, 'workspace');
  cpSync(join(root, 'examples', 'workspace'), workspace, { recursive: true });
  makeSampleDatabase(join(workspace, 'shop.db'));
  const resultsFile = join(state, 'results.json');
  const workbench = await startWorkbench({ stateDir: state, env: { PII_GATE_HOST_RESULTS: resultsFile } });
  const browser = await openBrowser();
  try {
    const page = await browser.context.newPage();
    const output: string[] = [];
    const exited = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => { output.push(args.map(String).join(' ')); });
    await page.goto(workbench.url(workspace, [
      ['extensionDevelopmentPath', workbench.remoteUri(root)],
      ['extensionTestsPath', workbench.remoteUri(join(bundled, 'index.js'))],
      ['skipWelcome', 'true'], ['skipReleaseNotes', 'true'],
    ]));
    const watchdog = new Promise<'hung'>((resolve) => setTimeout(resolve, 240_000, 'hung').unref());
    const outcome = await Promise.race([exited, watchdog]);
    assert.notEqual(outcome, 'hung', `the extension host never reported back:\n${output.slice(-40).join('\n')}\n${workbench.log.slice(-2000)}`);
    assert.ok(existsSync(resultsFile), `the host tests wrote no results (exit ${outcome}):\n${output.slice(-40).join('\n')}`);
    const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as readonly HostResult[];
    assert.ok(results.length > 0, 'no host test ran');
    for (const result of results) {
      await t.test(result.title, () => assert.equal(result.error, undefined, `${basename(result.title)}: ${result.error}`));
    }
    assert.equal(outcome, 0, 'exit code of the extension host');
  } finally {
    await browser.close();
    await workbench.close();
    rmSync(state, { recursive: true, force: true, maxRetries: 5 });
  }
});
