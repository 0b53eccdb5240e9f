/**
 * The language server as a process of its own, spoken to as the editor does: the same choke point, and raw rows stay in
 * that process. What comes back here is masked.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, type ProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { AgentIdentity } from '#core/wire/approval.ts';
import { type AgentAnswer, answerOf } from '#core/wire/agent-answer.ts';
import { type BackendSettings, type ConnectionSettings, type GateStatus, method, type PageResult, type RunChanged, type RunState } from '#core/wire/protocol.ts';

export interface GateProcessOptions {
  /** Folder of the running program: `cli/` or `dist/`. */
  readonly here: string;
  /** Folder whose policy and inventory count. */
  readonly cwd: string;
  readonly connections: readonly ConnectionSettings[];
  /** By connection id. */
  readonly passwords: Readonly<Record<string, string>>;
  readonly backend?: BackendSettings;
  /** 32 bytes, base64url; made anew where absent. */
  readonly installationKey?: string;
  /** Told what the server logs, which holds no values. */
  readonly log: (line: string) => void;
}

export interface QueryWish { readonly connection: string; readonly statement: string; readonly parameters?: readonly (string | number | boolean | null)[]; readonly reason: string; readonly maxRows: number; readonly agent: AgentIdentity }

export interface GateProcess {
  readonly status: GateStatus;
  /** Resolves when it is over, waits for a person, or `waitMs` have passed. */
  run(wish: QueryWish, waitMs: number, signal: AbortSignal): Promise<AgentAnswer>;
  /** Undefined: nothing was started under this id. */
  wait(runId: string, waitMs: number, signal: AbortSignal): Promise<AgentAnswer | undefined>;
  close(): Promise<void>;
}

/** How long an agent's approval is asked for: it is used once. Milliseconds. */
const durationMs = 15 * 60_000;
/** Milliseconds for the server to end by itself. */
const patienceMs = 3_000;

interface Run { state: RunState; readonly maxRows: number }

export async function startGateProcess(options: GateProcessOptions): Promise<GateProcess> {
  const bundled = join(options.here, 'server.js');
  const entry = existsSync(bundled) ? bundled : join(options.here, '..', 'server', 'main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => options.log(chunk.toString('utf8').trimEnd()));
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const runs = new Map<string, Run>();
  const changed = new Set<(runId: string) => void>();
  connection.onNotification(method.runChanged, ({ runId, run }: RunChanged) => take(runId, run));
  connection.onRequest('workspace/configuration', ({ items }: { readonly items: readonly unknown[] }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onUnhandledNotification(() => undefined);
  connection.listen();
  const status = await configure(connection, options);

  function take(runId: string, state: RunState): void {
    const run = runs.get(runId);
    if (run === undefined || isOver(run.state)) return;
    run.state = state;
    for (const listener of [...changed]) listener(runId);
  }
  function settle(runId: string, waitMs: number, enough: (state: RunState) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => { clearTimeout(timer); changed.delete(look); signal.removeEventListener('abort', done); resolve(); };
      const look = (id: string): void => { const state = runs.get(id)?.state; if (id === runId && (state === undefined || enough(state))) done(); };
      const timer = setTimeout(done, waitMs);
      changed.add(look);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done(); else look(runId);
    });
  }
  async function answer(runId: string, { state, maxRows }: Run): Promise<AgentAnswer> {
    if (state.state !== 'done') return answerOf(runId, state, []);
    const count = Math.min(maxRows, state.result.rows);
    const page = count === 0 ? undefined : await connection.sendRequest<PageResult>(method.page, { resultId: state.result.resultId, offset: 0, count, masked: true });
    return answerOf(runId, state, page?.rows ?? []);
  }

  return {
    status,
    async run({ connection: connectionId, statement, parameters, reason, maxRows, agent }, waitMs, signal) {
      const runId = randomUUID();
      const run: Run = { state: { state: 'running' }, maxRows };
      runs.set(runId, run);
      connection.sendRequest<RunState>(method.run, { runId, connectionId, statement, agent, ask: { reason, use: 'once', durationMs }, ...(parameters === undefined ? {} : { parameters }) })
        .then((state) => take(runId, state), (error: unknown) => take(runId, { state: 'failed', message: error instanceof Error ? error.message : 'The server did not answer.' }));
      await settle(runId, waitMs, (state) => isOver(state) || state.state === 'pending', signal);
      return answer(runId, run);
    },
    async wait(runId, waitMs, signal) {
      const run = runs.get(runId);
      if (run === undefined) return undefined;
      await settle(runId, waitMs, isOver, signal);
      return answer(runId, run);
    },
    close: () => stop(child, connection),
  };
}

async function configure(connection: ProtocolConnection, { cwd, connections, passwords, backend, installationKey }: GateProcessOptions): Promise<GateStatus> {
  const folder = { uri: pathToFileURL(cwd).href, name: 'workspace' };
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: folder.uri, workspaceFolders: [folder], capabilities: {} });
  await connection.sendNotification('initialized', {});
  return connection.sendRequest<GateStatus>(method.configureGate, {
    trusted: true, installationKey: installationKey ?? randomBytes(32).toString('base64url'), connections, passwords, ...(backend === undefined ? {} : { backend }),
  });
}

/** Open requests stay open: a person may still decide them. */
async function stop(child: ChildProcess, connection: ProtocolConnection): Promise<void> {
  const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await connection.sendRequest('shutdown').then(() => connection.sendNotification('exit'), () => child.kill());
  await ended;
  clearTimeout(timer);
  connection.dispose();
}

const isOver = ({ state }: RunState): boolean => state === 'done' || state === 'blocked' || state === 'failed' || state === 'cancelled' || state === 'needs-approval';
