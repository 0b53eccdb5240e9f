/** System packages that the tests and the browser workbench need, installed where we may, named where we may not. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** True on Debian and its children when we are root: the only case in which we install system packages ourselves. */
export function canInstallSystemPackages(): boolean {
  const debian = existsSync('/etc/debian_version') || (existsSync('/etc/os-release') && /debian/i.test(readFileSync('/etc/os-release', 'utf8')));
  return debian && process.getuid?.() === 0;
}

let listsAreFresh = false;

/**
 * Installs Debian packages. Throws with the packages' names and the command to run when it can't.
 * `why` completes the sentence "… is needed for".
 */
export function installSystemPackages(names: readonly string[], why: string): void {
  const command = `apt-get install -y ${names.join(' ')}`;
  if (!canInstallSystemPackages()) throw new Error(`${names.join(', ')} is needed for ${why}. On Debian or Ubuntu run as root: ${command}`);
  console.log(`Installing ${names.join(', ')} for ${why} …`);
  const run = (args: readonly string[]) => spawnSync('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (!listsAreFresh) {
    run(['update', '-qq']);
    listsAreFresh = true;
  }
  const result = run(['install', '-y', '-qq', ...names]);
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stderr.trim().split('\n').slice(-5).join('\n')}`);
}

/** True when `program` is on PATH. */
export function isOnPath(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v "${program}"`], { stdio: 'ignore' }).status === 0;
}
