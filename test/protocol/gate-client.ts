/** The gate as a client sees it: real JSON-RPC over a stream pair, the real backend, a real SQLite file. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { createConnection, createProtocolConnection, type Diagnostic, type ProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { startBackend, type RunningBackend } from '#backend/testing/sample.ts';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import { type AskDetails, type ConfigureGateParams, type ConnectionSettings, type GateStatus, method, type RunChanged, type RunParams, type RunState } from '#core/wire/protocol.ts';
import type { ResultPage, ResultSummary } from '#core/wire/results.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import { inventoryFileName, readInventoryFile } from '#query/inventory/inventory-file.ts';
import { dataPolicyOf } from '#query/results/data-policy.ts';
import { builtinPacks } from '#rules';
import { DocumentStore } from '#server/documents/document-store.ts';
import type { GateHandle } from '#server/gate/gate-deps.ts';
import { registerGate } from '#server/gate/register.ts';
import { Boundary } from '#server/session/boundary.ts';
import { InstallationKey } from '#server/session/installation-key.ts';
import { Trust } from '#server/session/trust.ts';

const detector = createDetector(builtinPacks(), createRe2());

/** Values that must never reach the client unless a reveal or an export in clear was granted. */
export const canaries = ['536-22-8726', '457-55-5462', 'marta.keller@acme-corp.io', 'j.oduya@acme-corp.io', '+14155550132'];

export const ask: AskDetails = { reason: 'Checking the import of last night', use: 'once', durationMs: 600_000 };

export class GateClient {
  readonly backend: RunningBackend;
  readonly folder: string;
  readonly gate: GateHandle;
  /** Every message from the server as text. */
  readonly received: string[] = [];
  readonly log: string[] = [];
  readonly diagnosticChanges: string[] = [];
  readonly #client: ProtocolConnection;
  readonly #states: RunChanged[] = [];
  readonly #notifications: { readonly method: string; readonly params: unknown }[] = [];
  readonly #waiting = new Set<() => void>();
  #backendStop: Promise<void> | undefined;
  #run = 0;
  #version = 1;

  private constructor(backend: RunningBackend, folder: string) {
    this.backend = backend;
    this.folder = folder;
    const up = new PassThrough();
    const down = new PassThrough();
    down.on('data', (chunk: Buffer) => this.received.push(chunk.toString()));
    const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    const boundary = new Boundary({ error: (line) => this.log.push(line) });
    const documents = new DocumentStore();
    const installationKey = new InstallationKey();
    documents.listen(server, boundary);
    this.gate = registerGate(server, {
      texts: documents, boundary, installationKey, trust: new Trust(true),
      detector: () => Promise.resolve(detector), masker: () => Promise.resolve(createMasker(installationKey.get(), detector)),
      dataPolicy: () => Promise.resolve(dataPolicyOf([], detector.entities(), this.#inventory())),
      diagnosticsChanged: (uri) => { this.diagnosticChanges.push(uri); this.#wake(); },
      paths: { sqliteProcess: path.join(import.meta.dirname, '../../query/drivers/sqlite-process.ts'), temporary: folder },
    });
    server.listen();
    this.#client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.#client.onNotification(method.runChanged, (changed: RunChanged) => { this.#states.push(changed); this.#wake(); });
    this.#client.onUnhandledNotification(({ method: name, params }: { method: string; params?: unknown }) => { this.#notifications.push({ method: name, params }); this.#wake(); });
    this.#client.listen();
  }

  static async start(options: Parameters<typeof startBackend>[0] = {}): Promise<GateClient> {
    const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-gate-'));
    makeSample(path.join(folder, 'shop.db'));
    const client = new GateClient(await startBackend(options), folder);
    await client.configure({});
    return client;
  }

  get connections(): readonly ConnectionSettings[] {
    const file = path.join(this.folder, 'shop.db');
    const roles = (['staging', 'production', 'critical'] as const).map((environment) => ({ id: environment, name: `Shop (${environment})`, dialect: 'sqlite' as const, environment, file }));
    return [...roles,
      { id: 'capped', name: 'Shop, one row', dialect: 'sqlite', environment: 'production', file, maxRows: 1 },
      { id: 'agents', name: 'Shop, for agents', dialect: 'sqlite', environment: 'production', file, agents: true },
      { id: 'writable', name: 'Shop, writable', dialect: 'sqlite', environment: 'development', file, readOnly: false },
    ];
  }

  /** What the folder's inventory file says, if there is one. */
  #inventory(): readonly InventoryEntry[] {
    const file = path.join(this.folder, inventoryFileName);
    return existsSync(file) ? readInventoryFile(readFileSync(file, 'utf8'), inventoryFileName).entries : [];
  }

  configure(change: Partial<ConfigureGateParams> & { readonly noBackend?: true }): Promise<GateStatus> {
    const { noBackend, ...rest } = change;
    return this.#client.sendRequest(method.configureGate, {
      trusted: true, installationKey: Buffer.alloc(32, 5).toString('base64url'), connections: this.connections, passwords: {},
      ...(noBackend ? {} : { backend: { url: this.backend.url, token: this.backend.tokens.dana ?? '' } }), ...rest,
    });
  }

  /** Starts a run under a new id. */
  async run(statement: string, more: Partial<RunParams> = {}): Promise<{ id: string; state: RunState }> {
    const id = more.runId ?? `run-${++this.#run}`;
    return { id, state: await this.request<RunState>(method.run, { runId: id, connectionId: 'production', statement, ...more }) };
  }

  nextId(): string { return `run-${++this.#run}`; }
  request<R>(name: string, params: unknown): Promise<R> { return this.#client.sendRequest<R>(name, params); }
  page(resultId: string, offset = 0, count = 50): Promise<ResultPage> { return this.request(method.page, { resultId, offset, count }); }
  diagnostics(uri: string): readonly Diagnostic[] { return this.gate.extraDiagnostics(uri); }

  /** The first notification of the run, from now or before, that is in one of these states. */
  async reaches<S extends RunState['state']>(runId: string, ...states: S[]): Promise<Extract<RunState, { state: S }>> {
    for (;;) {
      const found = this.#states.find((c) => c.runId === runId && (states as string[]).includes(c.run.state));
      if (found) return found.run as Extract<RunState, { state: S }>;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** All notifications of a kind so far, but those of runs. */
  notifications<P>(name: string): readonly P[] { return this.#notifications.filter((n) => n.method === name).map((n) => n.params as P); }

  /** The first notification, from now or before, that fits. */
  async notified<P>(name: string, fits: (params: P) => boolean): Promise<P> {
    for (;;) {
      const found = this.notifications<P>(name).find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async decide(who: string, requestId: string, decision: 'approve' | 'deny' | 'request_changes', comment = '', constraints?: unknown): Promise<void> {
    const answer = await this.backend.call(who, 'POST', `/v1/requests/${requestId}/decisions`, { decision, comment, ...(constraints ? { constraints } : {}) });
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Runs, lets sam approve, and gives the finished result. */
  async approvedRun(statement: string, constraints?: unknown, connectionId = 'production'): Promise<{ id: string; result: ResultSummary; requestId: string }> {
    const { id, state } = await this.run(statement, { ask, connectionId });
    if (state.state !== 'pending') throw new Error(`expected pending, got ${JSON.stringify(state)}`);
    await this.decide('sam', state.requestId, 'approve', 'go on', constraints);
    const end = await this.reaches(id, 'done', 'blocked', 'failed');
    if (end.state !== 'done') throw new Error(JSON.stringify(end));
    return { id, result: end.result, requestId: state.requestId };
  }

  async open(uri: string, text: string): Promise<void> {
    await this.#client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
  }

  async edit(uri: string, text: string): Promise<void> {
    await this.#client.sendNotification('textDocument/didChange', { textDocument: { uri, version: ++this.#version }, contentChanges: [{ text }] });
  }

  stopBackend(): Promise<void> {
    this.#backendStop ??= this.backend.stop();
    return this.#backendStop;
  }

  async stop(): Promise<void> {
    await this.gate.dispose();
    this.#client.dispose();
    await this.stopBackend();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #wake(): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of all) resolve();
  }
}

function makeSample(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, ssn TEXT, date_of_birth TEXT, city TEXT, created_at TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total REAL, status TEXT, created_at TEXT);
    INSERT INTO customers VALUES
      (1, 'Marta Keller', 'marta.keller@acme-corp.io', '+14155550132', '536-22-8726', '1984-02-11', 'Basel', '2024-01-01'),
      (2, 'Joseph Oduya', 'j.oduya@acme-corp.io', '+14155550177', '457-55-5462', '1991-07-30', 'Lagos', '2024-01-02');
    INSERT INTO orders VALUES (1, 1, 19.5, 'paid', '2024-02-01'), (2, 2, 7, 'open', '2024-02-02'), (3, 1, 100, 'paid', '2024-02-03');`);
  db.close();
}
