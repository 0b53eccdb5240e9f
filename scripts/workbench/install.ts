/** Installs code-server, which carries the whole VS Code workbench, into a folder of its own. Only for tests and browser starts. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installSystemPackages, isOnPath } from './system-packages.ts';

const folder = join(import.meta.dirname, 'code-server');
const headers = ['libkrb5-dev', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev', 'pkg-config'];

/** Path of code-server's entry script; installs it first where it is missing (about 2 minutes, 600 MB). Throws with what is missing. */
export function ensureWorkbench(): string {
  const entry = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const marker = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(entry) && existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs) return entry;
  if (spawnSync('sh', ['-c', 'pkg-config --exists krb5-gssapi x11 xkbfile libsecret-1'], { stdio: 'ignore' }).status !== 0) {
    installSystemPackages([...headers, ...(isOnPath('g++') && isOnPath('make') ? [] : ['build-essential']), ...(isOnPath('python3') ? [] : ['python3'])], 'building the browser workbench');
  }
  console.log('Installing the VS Code workbench (about 2 minutes, 600 MB) …');
  // An npm that runs inside an npm script inherits the outer one's idea of which Node it runs on.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28 });
  if (install.status !== 0) throw new Error(`npm ci in scripts/workbench/code-server failed:\n${install.stderr.trim().split('\n').slice(-20).join('\n')}`);
  return entry;
}
