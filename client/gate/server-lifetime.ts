/** Start, restart and end of the language server. The library is loaded only here, after activation. */
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { type Disposable, type Event, EventEmitter, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { GateConnection } from './gate-client.ts';

export interface ServerLifetime extends Disposable {
  start(): Promise<void>;
  /** Restarts asked for while one is under way are folded into it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  pid(): number | undefined;
  readonly onDidRestart: Event<void>;
}

/** The server flushes and ends by itself; after this many milliseconds it is killed. */
const stopTimeoutMs = 2000;

export function createServerLifetime(context: ExtensionContext, gate: GateConnection, log: LogOutputChannel): ServerLifetime {
  const restarted = new EventEmitter<void>();
  let client: LanguageClient | undefined;
  let binding: Disposable | undefined;
  let restarting: Promise<void> | undefined;

  const start = async (): Promise<void> => {
    // A bundle of its own, read only after activate() has returned: reading it takes longer than all the rest of activation.
    await setImmediate();
    const load = createRequire(context.asAbsolutePath('dist/extension.js'));
    const { createLanguageClient } = load('./language-client.js') as typeof import('./language-server.ts');
    client = createLanguageClient(context, log);
    // A crashed server is started again by the library; what only the client knows must then be told anew.
    let started = false;
    client.onDidChangeState(({ newState }) => {
      if (newState !== 2) return;
      if (started) restarted.fire();
      started = true;
    });
    await client.start();
    binding = gate.bind(client);
  };
  const stop = async (): Promise<void> => {
    binding?.dispose();
    const ending = client;
    client = undefined;
    if (ending?.needsStop() === true) await ending.stop(stopTimeoutMs);
    await ending?.dispose(stopTimeoutMs);
  };
  return {
    start,
    stop,
    pid: () => client?.serverProcess?.pid,
    restart: () => (restarting ??= stop().then(start).then(() => restarted.fire()).finally(() => { restarting = undefined; })),
    onDidRestart: restarted.event,
    dispose: () => restarted.dispose(),
  };
}
