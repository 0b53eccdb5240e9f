/** What is bundled into `dist/`, as data: one row a file that ships. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

export const root = join(import.meta.dirname, '..');
export const dist = join(root, 'dist');

interface Bundle {
  /** File in `dist/`, without extension. */
  readonly out: string;
  readonly entry: string;
  readonly for: 'node' | 'browser';
  readonly external?: readonly string[];
}

export const bundles: readonly Bundle[] = [
  { out: 'extension', entry: 'client/extension.ts', for: 'node', external: ['vscode'] },
  // Apart from the extension, so that activation does not parse it.
  { out: 'language-client', entry: 'client/gate/language-server.ts', for: 'node', external: ['vscode'] },
  { out: 'server', entry: 'server/main.ts', for: 'node' },
  { out: 'server-core', entry: 'server/detection/core.ts', for: 'node' },
  { out: 'server-gate', entry: 'server/gate/register.ts', for: 'node' },
  { out: 'sqlite-process', entry: 'query/drivers/sqlite-process.ts', for: 'node' },
  { out: 'parser-worker', entry: 'query/parsers/parser-worker.ts', for: 'node' },
  { out: 'scan-worker', entry: 'files/worker.ts', for: 'node' },
  { out: 'onnx-worker', entry: 'files/providers/onnx/worker.ts', for: 'node' },
  { out: 'backend', entry: 'backend/main.ts', for: 'node' },
  { out: 'cli', entry: 'cli/main.ts', for: 'node' },
  { out: 'cli-on-demand', entry: 'cli/on-demand.ts', for: 'node' },
  { out: 'webview/grid', entry: 'client/webview/grid.tsx', for: 'browser' },
  { out: 'webview/review', entry: 'client/webview/review.tsx', for: 'browser' },
  { out: 'inbox/main', entry: 'backend/web/main.tsx', for: 'browser' },
];

/** Files copied as they are. Wasm stands beside the bundles, where the libraries look for it. */
export const assets: readonly { readonly from: string; readonly to: string }[] = [
  { from: 'node_modules/re2-wasm/build/wasm/re2.wasm', to: 're2.wasm' },
  { from: 'node_modules/libpg-query/wasm/libpg-query.wasm', to: 'libpg-query.wasm' },
  { from: 'node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm_bg.wasm', to: 'sqlparser_rs_wasm_bg.wasm' },
  { from: 'node_modules/@vscode/codicons/dist/codicon.css', to: 'webview/codicons/codicon.css' },
  { from: 'node_modules/@vscode/codicons/dist/codicon.ttf', to: 'webview/codicons/codicon.ttf' },
  { from: 'backend/web/index.html', to: 'inbox/index.html' },
  { from: 'backend/policy/default.yaml', to: 'default-policy.yaml' },
];

/** Bundles whose entry exists; a missing one is an error of the caller's making, said by `build.ts`. */
export function missingEntries(): readonly string[] {
  return [...bundles.map((bundle) => bundle.entry), ...assets.map((asset) => asset.from)].filter((path) => !existsSync(join(root, path)));
}

/** esbuild options of one bundle. */
export function optionsFor(bundle: Bundle): BuildOptions {
  const node = bundle.for === 'node';
  return {
    entryPoints: { [bundle.out]: join(root, bundle.entry) },
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    minify: true,
    // Stack traces in redacted logs stay readable; the extension pays for every byte at start instead.
    keepNames: node && bundle.out !== 'extension',
    platform: node ? 'node' : 'browser',
    format: node ? 'cjs' : 'iife',
    target: node ? 'node20' : 'es2022',
    external: [...(bundle.external ?? []), 'pg-native'],
    // ESM libraries that look for a file beside themselves find `dist/`.
    ...(node ? { define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname' }, banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" } } : { jsx: 'automatic', jsxImportSource: 'preact' }),
    loader: { '.ttf': 'file', '.svg': 'dataurl' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
}
