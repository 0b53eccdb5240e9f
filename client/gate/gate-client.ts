/** The custom messages of `core/wire/protocol.ts` as typed functions and events. */
import { type CancellationToken, type Disposable, type Event, EventEmitter } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { RequestContext } from '#core/wire/approval.ts';
import {
  type AdoptParams, type AfterReviewParams, type CommentParams, type CorrectInventoryParams, type CorrectInventoryResult, type ResultDrift, type RevokeParams, type AdoptResult, type ConfigureGateParams, type DiscoveredConnection, type HistoryEntry, type InventoryResult, type ScanInventoryParams, type ScanInventoryResult, type ScanProgress, type ScanWorkspaceResult, type TransactionParams, type TransactionResult, type DecideParams, type DocumentStatus, type ExportParams, type GateStatus, method, type PageParams, type PageResult,
  type RequestsResult, type RevealParams, type RunChanged, type RunParams, type RunState, type StatementInfo, type StatementsParams, type ViewParams, type ViewResult,
} from '#core/wire/protocol.ts';

export interface GateClient {
  configure(params: ConfigureGateParams): Promise<GateStatus>;
  statements(params: StatementsParams, token?: CancellationToken): Promise<readonly StatementInfo[]>;
  testConnection(connectionId: string): Promise<{ readonly ok: boolean; readonly message?: string }>;
  run(params: RunParams): Promise<RunState | undefined>;
  cancelRun(runId: string): Promise<void>;
  page(params: PageParams): Promise<PageResult>;
  view(params: ViewParams): Promise<ViewResult>;
  closeResult(resultId: string): Promise<void>;
  reveal(params: RevealParams): Promise<RunState | undefined>;
  exportResult(params: ExportParams): Promise<RunState | undefined>;
  requests(): Promise<RequestsResult>;
  decide(params: DecideParams): Promise<void>;
  cancelRequest(requestId: string): Promise<void>;
  /** Null where the backend knows no more than the request itself. */
  requestContext(requestId: string): Promise<RequestContext | null>;
  commentRequest(params: CommentParams): Promise<void>;
  afterReview(params: AfterReviewParams): Promise<void>;
  revokeRequest(params: RevokeParams): Promise<void>;
  history(limit: number): Promise<readonly HistoryEntry[]>;
  clearHistory(): Promise<void>;
  discover(folders: readonly string[]): Promise<readonly DiscoveredConnection[]>;
  adopt(params: AdoptParams): Promise<AdoptResult>;
  inventory(connectionId: string): Promise<InventoryResult>;
  scanInventory(params: ScanInventoryParams): Promise<ScanInventoryResult>;
  correctInventory(params: CorrectInventoryParams): Promise<CorrectInventoryResult>;
  transaction(params: TransactionParams): Promise<TransactionResult>;
  scanWorkspace(folders: readonly string[], token: CancellationToken): Promise<ScanWorkspaceResult>;
  readonly onRunChanged: Event<RunChanged>;
  readonly onRequestChanged: Event<void>;
  /** Personal data that turned up in a result, perhaps long after its last row came. */
  readonly onResultDrift: Event<ResultDrift>;
  readonly onGateStatus: Event<GateStatus>;
  readonly onDocumentStatus: Event<DocumentStatus>;
  readonly onScanProgress: Event<ScanProgress>;
}

/** Any request may also be asked for by name: features of one view keep their own messages beside themselves. */
export interface Rpc {
  request<R>(name: string, params: unknown, token?: CancellationToken): Promise<R>;
}

export interface GateConnection extends GateClient, Rpc {
  /** Binds a started client; a restarted one is bound again, listeners stay. */
  bind(client: LanguageClient): Disposable;
}

/** Requests made before the server is up wait for it. */
export function createGateConnection(): GateConnection & Disposable {
  const runChanged = new EventEmitter<RunChanged>();
  const requestChanged = new EventEmitter<void>();
  const resultDrift = new EventEmitter<ResultDrift>();
  const gateStatus = new EventEmitter<GateStatus>();
  const documentStatus = new EventEmitter<DocumentStatus>();
  const scanProgress = new EventEmitter<ScanProgress>();
  let bound: LanguageClient | undefined;
  let waiting: ((client: LanguageClient) => void)[] = [];
  const client = (): Promise<LanguageClient> =>
    bound === undefined ? new Promise((resolve) => { waiting.push(resolve); }) : Promise.resolve(bound);
  const request = async <R>(name: string, params: unknown, token?: CancellationToken): Promise<R> =>
    (await client()).sendRequest<R>(name, params, token);

  return {
    request,
    configure: (params) => request(method.configureGate, params),
    statements: (params, token) => request(method.statements, params, token),
    testConnection: (connectionId) => request(method.testConnection, { connectionId }),
    run: (params) => request(method.run, params),
    cancelRun: (runId) => request(method.cancelRun, { runId }),
    page: (params) => request(method.page, params),
    view: (params) => request(method.view, params),
    closeResult: (resultId) => request(method.closeResult, { resultId }),
    reveal: (params) => request(method.reveal, params),
    exportResult: (params) => request(method.exportResult, params),
    requests: () => request(method.requests, {}),
    decide: (params) => request(method.decide, params),
    cancelRequest: (requestId) => request(method.cancelRequest, { requestId }),
    requestContext: (requestId) => request(method.requestContext, { requestId }),
    commentRequest: (params) => request(method.commentRequest, params),
    afterReview: (params) => request(method.afterReview, params),
    revokeRequest: (params) => request(method.revokeRequest, params),
    history: async (limit) => (await request<{ readonly entries: readonly HistoryEntry[] }>(method.history, { limit })).entries,
    clearHistory: () => request(method.clearHistory, {}),
    discover: async (folders) => (await request<{ readonly offers: readonly DiscoveredConnection[] }>(method.discover, { folders })).offers,
    adopt: (params) => request(method.adopt, params),
    inventory: (connectionId) => request(method.inventory, { connectionId }),
    scanInventory: (params) => request(method.scanInventory, params),
    correctInventory: (params) => request(method.correctInventory, params),
    transaction: (params) => request(method.transaction, params),
    scanWorkspace: (folders, token) => request(method.scanWorkspace, { folders }, token),
    onRunChanged: runChanged.event,
    onRequestChanged: requestChanged.event,
    onResultDrift: resultDrift.event,
    onGateStatus: gateStatus.event,
    onDocumentStatus: documentStatus.event,
    onScanProgress: scanProgress.event,
    bind(started) {
      bound = started;
      const subscriptions = [
        started.onNotification(method.runChanged, (params: RunChanged) => runChanged.fire(params)),
        started.onNotification(method.resultDrift, (params: ResultDrift) => resultDrift.fire(params)),
        started.onNotification(method.requestChanged, () => requestChanged.fire()),
        started.onNotification(method.gateStatus, (params: GateStatus) => gateStatus.fire(params)),
        started.onNotification(method.documentStatus, (params: DocumentStatus) => documentStatus.fire(params)),
        started.onNotification(method.scanProgress, (params: ScanProgress) => scanProgress.fire(params)),
      ];
      for (const resolve of waiting.splice(0)) resolve(started);
      return { dispose: () => { if (bound === started) bound = undefined; for (const subscription of subscriptions) subscription.dispose(); } };
    },
    dispose() {
      waiting = [];
      for (const emitter of [runChanged, requestChanged, resultDrift, gateStatus, documentStatus, scanProgress]) emitter.dispose();
    },
  };
}
