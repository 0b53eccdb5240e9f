/** A language client for tests: a real server process, a real JSON-RPC connection over stdio. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type ClientCapabilities, type CodeAction, createProtocolConnection, type Diagnostic, type DocumentDiagnosticReport, type InitializeResult, type ProtocolConnection,
  PublishDiagnosticsNotification, type PublishDiagnosticsParams, type Range, StreamMessageReader, StreamMessageWriter, type TextDocumentEdit, type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { fullClient } from './capabilities.ts';


/** Servers of this test file that still run; a failed test must not leave one behind. */
const running = new Set<ChildProcessWithoutNullStreams>();
after(() => {
  for (const child of running) child.kill();
});

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface StartOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly folders?: readonly string[];
  /** What the client answers to `workspace/configuration` for section `piiGate`. */
  readonly settings?: () => unknown;
}

export class TestClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Everything the server wrote beside the protocol. */
  readonly stderr: string[] = [];
  /** Every message from the server as JSON text, for canary tests. */
  readonly received: string[] = [];
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly published = new Map<string, PublishDiagnosticsParams>();
  private readonly waiting = new Set<() => void>();
  refreshes = 0;

  private constructor(child: ChildProcessWithoutNullStreams, connection: ProtocolConnection, initialized: InitializeResult) {
    this.child = child;
    this.connection = connection;
    this.initialized = initialized;
  }

  static async start(options: StartOptions = {}): Promise<TestClient> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'server/main.ts', '--stdio'], { cwd: root });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const early: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => early.push(chunk.toString()));
    let client: TestClient | undefined;
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => options.settings?.() ?? null));
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => {
      if (client !== undefined) client.refreshes++;
      client?.wake();
      return null;
    });
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      client?.published.set(params.uri, params);
      client?.wake();
    });
    connection.onUnhandledNotification(() => {});
    connection.listen();
    const initialized = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: options.capabilities ?? fullClient,
      workspaceFolders: (options.folders ?? []).map((uri) => ({ uri, name: 'folder' })),
      ...(options.initializationOptions === undefined ? {} : { initializationOptions: options.initializationOptions }),
    });
    client = new TestClient(child, connection, initialized);
    client.received.push(...early);
    child.stdout.on('data', (chunk: Buffer) => client.received.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => client.stderr.push(chunk.toString()));
    await connection.sendNotification('initialized', {});
    return client;
  }

  async open(uri: string, languageId: string, text: string, version = 1): Promise<void> {
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  async change(uri: string, version: number, changes: readonly { range?: Range; text: string }[]): Promise<void> {
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
  }

  async pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) });
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items : [];
  }

  /** The first push for the document that satisfies the condition. */
  async pushed(uri: string, condition: (params: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    return this.until(() => {
      const params = this.published.get(uri);
      return params !== undefined && condition(params) ? params : undefined;
    });
  }

  /** Resolves when `find` gives something; looked at after each message from the server. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async actions(uri: string, range: Range, only?: string[]): Promise<readonly CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } });
  }

  async resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest('codeAction/resolve', action);
  }

  async stop(): Promise<number | null> {
    const exited = once(this.child, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const [code] = (await exited) as [number | null];
    this.connection.dispose();
    return code;
  }

  private wake(): void {
    const resolvers = [...this.waiting];
    this.waiting.clear();
    for (const resolve of resolvers) resolve();
  }
}

/** Applies the edits for one document to its text. Expects LF or CRLF line breaks. */
export function applyEdit(text: string, uri: string, edit: WorkspaceEdit): string {
  const edits = edit.changes?.[uri] ?? edit.documentChanges?.filter((change): change is TextDocumentEdit => 'edits' in change && change.textDocument.uri === uri).flatMap((change) => change.edits as { range: Range; newText: string }[]) ?? [];
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const offset = ({ line, character }: { line: number; character: number }): number => starts[line]! + character;
  let result = text;
  for (const { range, newText } of [...edits].sort((left, right) => offset(right.range.start) - offset(left.range.start))) {
    result = result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end));
  }
  return result;
}

/** Position of the first unit of `part` in `text`. */
export function positionOf(text: string, part: string): { line: number; character: number } {
  const at = text.indexOf(part);
  const before = text.slice(0, at).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** A diagnostic's words; LSP 3.18 lets them be Markdown. */
export function words({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}
