/** Binds the gate's messages to their handlers. Bindings only. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { AfterReviewParams, CommentParams, RevokeParams, AdoptParams, AdoptResult, DiscoveredConnection, DiscoverParams, HistoryParams, CorrectInventoryParams, InventoryParams, ScanInventoryParams, TransactionParams, TransactionResult, PageParams, ConfigureGateParams, DecideParams, ExportParams, RevealParams, RunParams, StatementsParams, ViewParams } from '#core/wire/protocol.ts';
import { method, type PageResult, type ViewResult } from '#core/wire/protocol.ts';
import { discoverConnections } from '#query/connections/discover.ts';
import { History } from '#query/history/history.ts';
import { createDrivers } from '#query/drivers/registry.ts';
import { createExecutor } from '#query/executor/execute.ts';
import { MemoryBudget } from '#query/results/row-store.ts';
import { orderOf } from '#query/results/view.ts';
import { Backend } from './backend.ts';
import { Connections } from '#query/connections/connections.ts';
import { Denials } from './denials.ts';
import { DriftReports } from './drift-reports.ts';
import { DatabaseError } from '#query/drivers/driver.ts';
import { correctInventory, listInventory, scanInventory } from './inventory.ts';
import { InventoryFileError } from '#query/inventory/inventory-file.ts';
import { exportResult } from './export-result.ts';
import { createGateContext } from './gate-context.ts';
import type { GateConnection, GateDeps, GateHandle } from './gate-deps.ts';
import { failureMessage } from '#query/results/redact-message.ts';
import { afterReview, comment, contextOf, decide, listRequests, revoke, withdraw } from './requests.ts';
import { ResultRegistry } from './result-registry.ts';
import { revealColumns } from './reveal.ts';
import { RunLog } from './run-log.ts';
import { runStatement } from './run-statement.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { statementActions } from './statement-actions.ts';
import { Statements } from './statements.ts';

const DEFAULT_RESULT_MEMORY = 64 * 1024 * 1024;
/** No grid shows more rows at once; a larger page would only hold up the line. */
const MAX_PAGE_ROWS = 2000;

export function registerGate(connection: GateConnection, deps: GateDeps): GateHandle {
  const now = deps.now ?? (() => Date.now());
  const backend = new Backend(connection);
  const context = createGateContext(deps, backend, () => createStatementTools(deps.paths));
  const connections = new Connections(createDrivers(deps.paths), loadCatalogue, now);
  const executor = createExecutor({ installationKey: () => deps.installationKey.get(), now });
  const results = new ResultRegistry();
  const memory = new MemoryBudget(deps.resultMemory ?? DEFAULT_RESULT_MEMORY);
  const denials = new Denials(deps.texts, deps.diagnosticsChanged);
  const runs = new RunLog(connection);
  const history = new History();
  const drift = new DriftReports(connection, () => backend.client?.port, deps.detector);
  const statements = new Statements(context, connections);
  backend.onPredictionsStale(() => statements.forgetPredictions());
  const watching = [
    deps.texts.onDidClose((uri) => denials.forget(uri)),
    deps.texts.onDidChange((uri) => { if (denials.diagnostics(uri).length > 0) deps.diagnosticsChanged(uri); }),
  ];
  /** What the database says is for the user; anything else is the boundary's. */
  const told = async <R>(work: () => Promise<R>): Promise<R> => {
    if (!deps.trust.get()) throw new ResponseError(LSPErrorCodes.RequestFailed, 'Nothing is connected to from an untrusted workspace.');
    try { return await work(); } catch (error) {
      if (error instanceof InventoryFileError) throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
      if (error instanceof DatabaseError) throw new ResponseError(LSPErrorCodes.RequestFailed, failureMessage(error, '', await deps.detector()));
      throw error;
    }
  };
  const on = <P>(name: string, handler: (params: P) => unknown): void => { connection.onRequest(name, deps.boundary.request<[P], unknown>(name, handler)); };

  on(method.configureGate, (params: ConfigureGateParams) => {
    deps.trust.set(params.trusted);
    deps.installationKey.set(Buffer.from(params.installationKey, 'base64url'));
    history.open(params.storage);
    connections.configure(params.trusted ? params.connections : [], params.trusted ? params.passwords : {});
    // A workspace that is not trusted may not name a backend either.
    return backend.configure(params.trusted ? params.backend : undefined);
  });
  on(method.connections, () => connections.list());
  on(method.testConnection, async ({ connectionId }: { connectionId: string }) => {
    if (!deps.trust.get()) return { ok: false, message: 'Nothing is connected to from an untrusted workspace.' };
    try {
      const lease = await connections.acquire(connectionId, AbortSignal.timeout(15_000));
      lease.release();
      return { ok: true };
    } catch (error) {
      return { ok: false, message: failureMessage(error, '', await deps.detector()) };
    }
  });
  on(method.statements, (params: StatementsParams) => statements.list(params));

  on(method.run, (params: RunParams) => runs.start(params.runId, (run) => runStatement(params, run, { context, connections, executor, results, denials, memory, history, drift })));
  on(method.reveal, (params: RevealParams) => runs.start(params.runId, (run) => revealColumns(params, run, { context, results, isRevoked: (id) => backend.isRevoked(id) })));
  on(method.exportResult, (params: ExportParams) => runs.start(params.runId, (run) => exportResult(params, run, { context, connections, executor, results, drift, me: () => backend.me })));
  on(method.cancelRun, ({ runId }: { runId: string }) => { runs.cancel(runId); return null; });

  on(method.page, ({ resultId, offset, count, masked }: PageParams): PageResult =>
    ({ resultId, offset, rows: results.get(resultId)?.result.page(offset, Math.min(count, MAX_PAGE_ROWS), masked !== true) ?? [] }));
  on(method.view, async ({ resultId, sort, filter }: ViewParams): Promise<ViewResult> => {
    const result = results.get(resultId)?.result;
    if (!result) return { rows: 0 };
    result.setOrder(await orderOf(result, { ...(sort ? { sort } : {}), ...(filter === undefined ? {} : { filter }) }));
    return { rows: result.shownRows };
  });
  on(method.closeResult, ({ resultId }: { resultId: string }) => { results.close(resultId); return null; });

  on(method.history, (params: HistoryParams) => ({ entries: history.list(params) }));
  on(method.clearHistory, () => { history.clear(); return null; });
  on(method.discover, ({ folders }: DiscoverParams): { offers: DiscoveredConnection[] } => ({
    offers: !deps.trust.get() ? [] : pathsOf(folders).flatMap((folder) => discoverConnections(folder).map(({ file, line, variable, settings, password }) => (
      { source: `${path.relative(folder, file)}:${line}`, uri: pathToFileURL(file).href, variable, settings, hasPassword: password !== '' }))),
  }));
  on(method.adopt, ({ uri, variable }: AdoptParams): AdoptResult => {
    const file = deps.trust.get() && uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
    const found = file === undefined ? undefined : discoverConnections(path.dirname(file)).find((d) => d.file === file && d.variable === variable);
    if (!found) throw new ResponseError(LSPErrorCodes.RequestFailed, `${variable} is no longer there, or no longer names a database.`);
    return { settings: found.settings, password: found.password };
  });
  on(method.inventory, ({ connectionId }: InventoryParams) => told(() => listInventory(connectionId, context, connections)));
  on(method.scanInventory, (params: ScanInventoryParams) => told(() => scanInventory(params, context, connections)));
  on(method.correctInventory, (params: CorrectInventoryParams) => told(() => correctInventory(params, backend.me?.id, context, connections)));
  on(method.transaction, async ({ connectionId, action }: TransactionParams): Promise<TransactionResult> => {
    if (!deps.trust.get()) return { ok: false, message: 'Nothing runs in an untrusted workspace.' };
    try {
      return { ok: true, open: await connections.transaction(connectionId, action) };
    } catch (error) {
      return { ok: false, message: failureMessage(error, '', await deps.detector()) };
    }
  });

  on(method.requests, () => listRequests(backend));
  on(method.decide, (params: DecideParams) => decide(backend, params));
  on(method.requestContext, ({ requestId }: { requestId: string }) => contextOf(backend, requestId));
  on(method.commentRequest, (params: CommentParams) => comment(backend, params));
  on(method.afterReview, (params: AfterReviewParams) => afterReview(backend, params));
  on(method.revokeRequest, (params: RevokeParams) => revoke(backend, params));
  on(method.cancelRequest, ({ requestId }: { requestId: string }) => withdraw(backend, requestId));

  return {
    extraDiagnostics: (uri) => denials.diagnostics(uri),
    codeActions: (uri, start, end) => statementActions(uri, start, end, statements.connectionOf(uri), context, connections),
    async dispose() {
      for (const watch of watching) watch.dispose();
      runs.stopAll();
      drift.dispose();
      backend.dispose();
      results.closeAll();
      await connections.dispose();
    },
  };
}

/** Folders on this disk; remote ones hold no `.env` that this process could read. */
function pathsOf(uris: readonly string[]): string[] { return uris.filter((uri) => uri.startsWith('file:')).map((uri) => fileURLToPath(uri)); }
