/** `npm run package`: builds and packs the VSIX, and checks what is inside. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '@vscode/vsce';
import { buildAll } from './build.ts';
import { root } from './bundles.ts';

/** What may ship. Anything else in the package is a mistake: fixtures that look like credentials get an extension blocked. */
const shipped = [/^dist\//, /^media\//, /^l10n\//, /^syntaxes\//, /^rules\/[\w-]+\.schema\.json$/, /^core\/policy\/[\w.-]+\.schema\.json$/, /^package(\.nls(\.[\w-]+)?)?\.json$/, /^README\.md$/, /^CHANGELOG\.md$/, /^LICENSE$/, /^docs\/[\w-]+\.png$/];

/** Packs the VSIX and returns its path. `dist/` must be built. Throws when a file that must not ship would. */
export async function packVsix(): Promise<string> {
  const files = await listFiles({ cwd: root, dependencies: false } as Parameters<typeof listFiles>[0]);
  const stray = files.filter((file) => !shipped.some((pattern) => pattern.test(file)));
  if (stray.length > 0) throw new Error(`.vscodeignore lets through what must not ship: ${stray.slice(0, 10).join(', ')}${stray.length > 10 ? ` and ${stray.length - 10} more` : ''}`);
  const native = files.filter((file) => file.endsWith('.node'));
  if (native.length > 0) throw new Error(`native modules break with every Electron: ${native.join(', ')}`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const packagePath = join(root, `pii-gate-${version}.vsix`);
  // As a program, because the library prints its whole file list wherever it is called.
  const vsce = spawnSync(join(root, 'node_modules', '.bin', 'vsce'), ['package', '--no-dependencies', '--out', packagePath], { cwd: root, encoding: 'utf8' });
  if (vsce.status !== 0) throw new Error(`vsce package failed:\n${vsce.stdout}${vsce.stderr}`);
  return packagePath;
}

if (import.meta.main) {
  await buildAll();
  const path = await packVsix();
  console.log(`${path} (${(statSync(path).size / 1024 / 1024).toFixed(1)} MB)`);
}
