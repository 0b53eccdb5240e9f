/** Diagnostics of open documents: pulled by clients that can, pushed to the others, never for a version that is gone. */
import {
  type CancellationToken, type Connection, type Diagnostic, type DocumentDiagnosticReport, DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError,
} from 'vscode-languageserver/node';
import { type DocumentStatus, method } from '#core/wire/protocol.ts';
import type { ScanResult } from '#core/wire/finding.ts';
import type { ScanPlans } from '../detection/scan-plans.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { OpenDocument, ScanPlan } from '../documents/open-document.ts';
import type { ProviderResults } from '../providers/provider-results.ts';
import type { Boundary } from '../session/boundary.ts';
import type { ClientSupport } from '../session/client-support.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { toDiagnostics } from './to-diagnostics.ts';

export interface DiagnosticsDeps {
  readonly connection: Connection;
  readonly boundary: Boundary;
  readonly support: ClientSupport;
  readonly documents: DocumentStore;
  readonly plans: ScanPlans;
  readonly settings: SettingsStore;
  readonly providers: ProviderResults;
  /** Diagnostics of other features for the same document: policy problems, denied statements. */
  readonly extra: readonly ((uri: string) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>)[];
}

/** Milliseconds in which a burst of edits becomes one push. */
const pushDelayMs = 40;

export class Diagnostics {
  private readonly deps: DiagnosticsDeps;
  private readonly pushes = new Map<string, NodeJS.Timeout>();
  /** Part of every result id: grows whenever something other than a document changed. */
  private generation = 0;

  constructor(deps: DiagnosticsDeps) {
    this.deps = deps;
    const { connection, boundary, documents, support, plans, settings } = deps;
    // Answered whoever asks; only clients that said beforehand that they ask go without pushes.
    connection.languages.diagnostics.on(boundary.request('textDocument/diagnostic', ({ textDocument, previousResultId }, token) => this.pull(textDocument.uri, previousResultId, token)));
    if (!support.pullDiagnostics) documents.onDidChange((uri) => this.push(uri));
    documents.onDidClose((uri) => {
      clearTimeout(this.pushes.get(uri));
      this.pushes.delete(uri);
      plans.forget(uri);
      deps.providers.forget(uri);
      settings.forget(uri);
      if (!support.pullDiagnostics) void connection.sendDiagnostics({ uri, diagnostics: [] });
    });
  }

  /** Something other than a document's text changed (settings, policy, trust, a statement's fate): ask or push again. */
  refresh(uri?: string): void {
    this.generation++;
    const { connection, support, documents, boundary } = this.deps;
    if (support.pullDiagnostics) {
      if (support.refreshDiagnostics) boundary.event('diagnostic/refresh', () => connection.languages.diagnostics.refresh())();
      return;
    }
    for (const document of uri === undefined ? documents.all() : [documents.get(uri)]) if (document !== undefined) this.push(document.uri);
  }

  /** The scan result of an open document as it is now, under its current plan. */
  async scan(document: OpenDocument): Promise<{ readonly result: ScanResult; readonly plan: ScanPlan }> {
    const plan = await this.deps.plans.of(document);
    return { result: await this.deps.providers.merge(document, plan, document.result(plan)), plan };
  }

  private async pull(uri: string, previous: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const document = this.deps.documents.get(uri);
    if (document === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const made = await this.make(document, token);
    // Also when the client cancelled: without a retrigger vscode-languageclient drops the pull that it rescheduled.
    if (made === undefined) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'The document changed or closed meanwhile.', { retriggerRequest: true });
    const resultId = `${made.version}.${this.generation}`;
    if (previous === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: made.items };
  }

  private push(uri: string): void {
    clearTimeout(this.pushes.get(uri));
    this.pushes.set(uri, setTimeout(this.deps.boundary.event('publishDiagnostics', async () => {
      this.pushes.delete(uri);
      const document = this.deps.documents.get(uri);
      if (document === undefined) return;
      const made = await this.make(document);
      if (made !== undefined) await this.deps.connection.sendDiagnostics({ uri, version: made.version, diagnostics: made.items });
    }), pushDelayMs));
  }

  /** Undefined when the document changed under way: whoever changed it asks again. */
  private async make(document: OpenDocument, token?: CancellationToken): Promise<{ version: number; items: Diagnostic[] } | undefined> {
    const { version } = document;
    const { documents, settings, support, extra } = this.deps;
    const own = await settings.of(document.notebook ?? document.uri);
    const [plan, ...lists] = await Promise.all([this.deps.plans.of(document), ...extra.map((of) => of(document.uri))]);
    if (token?.isCancellationRequested === true || documents.get(document.uri) !== document || document.version !== version) return undefined;
    const result = await this.deps.providers.merge(document, plan, document.result(plan));
    if (documents.get(document.uri) !== document || document.version !== version) return undefined;
    this.tell(document, result);
    const others = lists.flat();
    const items = toDiagnostics({ uri: document.uri, text: document, result, lines: document.lines, entities: plan.entities, max: Math.max(1, own.maxDiagnostics - others.length), support });
    return { version, items: [...others, ...items] };
  }

  private tell(document: OpenDocument, result: ScanResult): void {
    const total = Math.max(result.findings.length, ...result.limits.map((limit) => (limit.kind === 'too-many-findings' ? limit.total : 0)));
    const status: DocumentStatus = { uri: document.uri, findings: total, limits: result.limits, elapsedMs: document.elapsedMs };
    void this.deps.connection.sendNotification(method.documentStatus, status);
  }
}
