/**
 * The query gate (databases, approvals, results) as seen by the rest of the server: loaded after the connection is up, so
 * that the first squiggle does not wait for SQL parsers, and kept apart, so that its failure takes no diagnostics down.
 */
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import type { GateAction, GateDeps, GateHandle } from '../gate/gate-deps.ts';
import { method } from '#core/wire/protocol.ts';
import { describe, type Log } from './boundary.ts';

export type RegisterGate = (connection: Pick<Connection, 'onRequest' | 'sendNotification'>, deps: GateDeps) => GateHandle;

/** Messages that are the server's own or go from the server to the client; the gate answers the rest. */
const notTheGates: ReadonlySet<string> = new Set([
  method.scanWorkspace, method.scanProgress, method.documentStatus, method.runChanged, method.requestChanged, method.gateStatus, method.resultDrift,
]);
const gateRequests: readonly string[] = Object.values(method).filter((name) => !notTheGates.has(name));

type Handler = (...params: unknown[]) => unknown;

export class GateLoader {
  private readonly handlers = new Map<string, Handler>();
  private handle: GateHandle | undefined;
  private loading: Promise<void> | undefined;
  private readonly connection: Connection;
  private readonly load: () => Promise<RegisterGate>;
  private readonly deps: GateDeps;
  private readonly log: Log;

  constructor(connection: Connection, load: () => Promise<RegisterGate>, deps: GateDeps, log: Log) {
    this.connection = connection;
    this.load = load;
    this.deps = deps;
    this.log = log;
    for (const name of gateRequests) connection.onRequest(name, (...params: unknown[]) => this.answer(name, params));
  }

  /** Loads the gate now; requests that come earlier wait for it. Never rejects. */
  start(): Promise<void> {
    this.loading ??= this.load().then((register) => {
      const onRequest = ((name: string, handler: Handler) => {
        if (!gateRequests.includes(name)) return this.connection.onRequest(name, handler);
        this.handlers.set(name, handler);
        return { dispose: () => void this.handlers.delete(name) };
      }) as Connection['onRequest'];
      this.handle = register({ onRequest, sendNotification: this.connection.sendNotification.bind(this.connection) as Connection['sendNotification'] }, this.deps);
    }).catch((error: unknown) => this.log.error(`The query gate could not be loaded: ${describe(error)}`));
    return this.loading;
  }

  extraDiagnostics(uri: string): readonly Diagnostic[] {
    return this.handle?.extraDiagnostics(uri) ?? [];
  }

  /** Ways to make the statements of a span need no approval. Empty while the gate loads or where it has none to offer. */
  async codeActions(uri: string, start: number, end: number): Promise<readonly GateAction[]> {
    return (await this.handle?.codeActions?.(uri, start, end)) ?? [];
  }

  async dispose(): Promise<void> {
    await this.loading;
    await this.handle?.dispose();
  }

  private async answer(name: string, params: readonly unknown[]): Promise<unknown> {
    await this.start();
    const handler = this.handlers.get(name);
    if (handler === undefined) throw new Error(this.handle === undefined ? 'Queries are off: the gate could not be loaded. The server log says why.' : `There is no ${name}.`);
    return handler(...params);
  }
}
