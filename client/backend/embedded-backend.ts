/** The approval backend on this machine, run by the extension when the user chooses so. Loopback only; ends with the window. */
import { type ChildProcess, fork } from 'node:child_process';
import { commands, type Disposable, type LogOutputChannel } from 'vscode';
import type { LocalBackend } from '../gate/configure.ts';

/** It makes keys and a database on first start; beyond this many milliseconds something is wrong. */
const startTimeoutMs = 20_000;

export interface EmbeddedBackend extends Disposable {
  /** Resolves with where it listens; rejects when it does not come up. A second call gives the one that runs. */
  start(): Promise<LocalBackend>;
  stop(): void;
  readonly running: boolean;
}

export function createEmbeddedBackend(module: string, dataDir: string, log: LogOutputChannel, onExit: () => void): EmbeddedBackend {
  let process_: ChildProcess | undefined;
  let starting: Promise<LocalBackend> | undefined;
  const note = (running: boolean): void => { void commands.executeCommand('setContext', 'piiGate.embeddedBackend', running); };

  const launch = (): Promise<LocalBackend> => new Promise((resolve, reject) => {
    const child = fork(module, ['--data-dir', dataDir, '--host', '127.0.0.1', '--port', '0'], {
      silent: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
    });
    process_ = child;
    const timer = setTimeout(() => { child.kill(); reject(new Error(`The embedded backend did not answer within ${startTimeoutMs / 1000} s. See the PII Gate log.`)); }, startTimeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => log.debug(`[backend] ${chunk.toString('utf8').trimEnd()}`));
    child.stderr?.on('data', (chunk: Buffer) => log.warn(`[backend] ${chunk.toString('utf8').trimEnd()}`));
    child.on('message', (message: unknown) => {
      if (!isListening(message)) return;
      clearTimeout(timer);
      note(true);
      resolve({ url: message.url.replace(/\/+$/, ''), token: message.token ?? '' });
    });
    child.on('error', (error) => { clearTimeout(timer); reject(error); });
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (process_ === child) { process_ = undefined; starting = undefined; }
      note(false);
      reject(new Error(`The embedded backend ended with code ${String(code)}. See the PII Gate log.`));
      onExit();
    });
  });

  const stop = (): void => {
    const child = process_;
    process_ = undefined;
    starting = undefined;
    if (child?.connected === true) child.disconnect();
    child?.kill();
  };
  return {
    start: () => (starting ??= launch().catch((error: unknown) => { starting = undefined; throw error; })),
    stop,
    get running() { return process_ !== undefined; },
    dispose: stop,
  };
}

function isListening(message: unknown): message is { readonly type: 'listening'; readonly url: string; readonly token?: string } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'listening' && 'url' in message && typeof message.url === 'string';
}
