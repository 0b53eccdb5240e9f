/** Runs a VS Code workbench in the browser: code-server on loopback with folders of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureWorkbench } from './install.ts';

export interface WorkbenchOptions {
  /** Holds user data, extensions and logs. Made if missing; the caller removes it. */
  readonly stateDir: string;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of machine scope: the remote side reads them from a file of their own. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** VSIX files installed before the start. */
  readonly extensions?: readonly string[];
  readonly port?: number;
  /** Whether folders must be trusted by the user first. Default false. */
  readonly workspaceTrust?: boolean;
  /** Lets a window's payload start extension tests and open files. Default true; off for people. */
  readonly smokeTestDriver?: boolean;
}

export interface Workbench {
  readonly port: number;
  /** Address of the workbench with a folder open. `payload` is what VS Code calls the window's web payload. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** How the remote extension host names a file on this machine. */
  remoteUri(path: string): string;
  readonly log: string;
  close(): Promise<void>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Dark Modern',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** Starts the workbench and resolves when it listens. Rejects with the log's end when it does not within 60 s. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const entry = ensureWorkbench();
  const userData = join(options.stateDir, 'data');
  const extensionsDir = join(options.stateDir, 'extensions');
  for (const path of [join(userData, 'User'), join(userData, 'Machine'), extensionsDir]) mkdirSync(path, { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }, null, 2));
  writeFileSync(join(userData, 'Machine', 'settings.json'), JSON.stringify(options.machineSettings ?? {}, null, 2));
  writeFileSync(join(options.stateDir, 'empty.yaml'), '{}\n');
  const directories = ['--config', join(options.stateDir, 'empty.yaml'), '--user-data-dir', userData, '--extensions-dir', extensionsDir];
  const env = { ...process.env, VSCODE_IPC_HOOK_CLI: '', ...options.env };
  for (const vsix of options.extensions ?? []) {
    const install = spawnSync(process.execPath, [entry, ...directories, '--install-extension', vsix], { env, encoding: 'utf8', timeout: 120_000 });
    if (install.status !== 0) throw new Error(`installing ${vsix} into the workbench failed:\n${install.stdout}${install.stderr}`);
  }
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, [
    entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...directories,
    '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override',
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    // Without it the payload in the address is ignored without a word.
    ...(options.smokeTestDriver === false ? [] : ['--vscode-option', 'enable-smoke-test-driver']),
  ], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  let log = '';
  const stop = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    // code-server's children outlive it unless the whole group goes.
    try { process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL'); } catch { /* already gone */ }
  };
  process.once('exit', stop);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => { stop(); reject(new Error(`the workbench did not start within 60 s:\n${log.slice(-3000)}`)); }, 60_000);
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('HTTP server listening on')) { clearTimeout(timer); resolve(); }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`the workbench ended with ${code}:\n${log.slice(-3000)}`)); });
  });
  return {
    port,
    url(folder, payload) {
      const query = new URLSearchParams({ folder });
      if (payload !== undefined) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query}`;
    },
    remoteUri: (path) => `vscode-remote://127.0.0.1:${port}${path}`,
    get log() { return log; },
    async close() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      stop();
      await ended;
      process.removeListener('exit', stop);
    },
  };
}
