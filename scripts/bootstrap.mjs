/**
 * What `npm start` and `npm test` need before anything else can run: the project's packages, and with them the
 * Node 24 that runs its TypeScript. Plain JavaScript for Node 20, because this is what a fresh clone starts with.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** npm writes this file last, so it is older than the lockfile exactly when an install is due. */
function installIsCurrent() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker) || !existsSync(join(bin, process.platform === 'win32' ? 'node.cmd' : 'node'))) return false;
  return statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Installs what is missing, then runs a TypeScript file of this project under the project's own Node and exits with its code. */
export function runWithProjectNode(script) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    console.error(`PII Gate needs Node 20 or newer to install itself; this is ${process.version}.`);
    process.exit(2);
  }
  if (!installIsCurrent()) {
    console.log('Installing packages (npm ci, about a minute the first time) …');
    const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
    if (install.status !== 0) {
      console.error('npm ci failed; its own message is above. PII Gate needs the npm registry once, on the first run.');
      process.exit(2);
    }
  }
  const separator = process.platform === 'win32' ? ';' : ':';
  const child = spawn(join(bin, 'node'), ['--disable-warning=ExperimentalWarning', join(root, script), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
