/** The Results panel: shows the tabs, fetches masked pages for the page, never takes the focus. */
import { randomBytes } from 'node:crypto';
import { commands, type Disposable, env, l10n, Uri, type Webview, type WebviewView, type WebviewViewProvider, window } from 'vscode';
import type { ResultSummary } from '#core/wire/results.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { askAgain } from '../run/ask-again.ts';
import { isOver, type Progress } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';
import type { FromPage, Tab, ToPage } from '../webview/messages.ts';
import { findCell } from './find-cell.ts';
import { formatCells } from './copy-formats.ts';
import { webviewHtml } from './webview-html.ts';

/** Unpinned tabs beyond this many are closed, the oldest first. */
const tabsKept = 10;
/** A copy fetches pages of this many rows, and at most this many rows altogether. */
const copyPage = 1000;
const copyRows = 100_000;

export interface ResultsView extends Disposable {
  /** Makes the panel visible without taking the focus. */
  show(): Promise<void>;
  /** The tab that is shown. */
  active(): Progress | undefined;
  /** Whether the user can see this run's tab now. */
  shows(runId: string): boolean;
}

export interface ResultsViewDependencies {
  readonly extensionUri: Uri;
  readonly gate: GateClient;
  readonly runs: RunController;
  reveal(runId: string, columns: readonly number[]): Promise<void>;
  exportResult(runId: string): Promise<void>;
  showStatement(progress: Progress): Promise<void>;
  showDifference(progress: Progress): Promise<void>;
}

export function createResultsView(deps: ResultsViewDependencies): ResultsView {
  const { extensionUri, gate, runs } = deps;
  const pinned = new Set<string>();
  let active: string | undefined;
  let view: WebviewView | undefined;
  let ready = false;

  const post = (message: ToPage): void => { if (ready) void view?.webview.postMessage(message); };
  const main = (): readonly Progress[] => runs.all().filter(({ operation }) => operation.of === undefined);
  const sendTabs = (): void => post({ type: 'tabs', tabs: main().map((progress) => tabOf(progress, runs.all(), pinned.has(progress.operation.runId))), active });
  const changed = (): void => {
    void commands.executeCommand('setContext', 'piiGate.hasResults', main().some(({ state }) => state.state === 'done' || state.state === 'rows'));
    sendTabs();
  };

  const close = (runId: string): void => {
    const progress = runs.get(runId);
    if (progress === undefined) return;
    const result = resultOf(progress);
    if (!isOver(progress.state)) void runs.cancel(runId);
    if (result !== undefined) void gate.closeResult(result.resultId).catch(() => undefined); // Closed already with the server.
    pinned.delete(runId);
    runs.forget(runId);
  };
  const prune = (): void => {
    const loose = main().filter(({ operation: { runId }, state }) => runId !== active && !pinned.has(runId) && isOver(state));
    for (const { operation } of loose.slice(0, Math.max(0, main().length - tabsKept))) close(operation.runId);
  };

  const handle = async (message: FromPage): Promise<void> => {
    switch (message.type) {
      case 'ready': ready = true; sendTabs(); break;
      case 'page': {
        const { generation, resultId, offset, count } = message;
        try {
          post({ type: 'page', generation, page: await gate.page({ resultId, offset, count }) });
        } catch (error) {
          post({ type: 'page-failed', generation, resultId, offset, message: textOf(error) });
        }
        break;
      }
      case 'view': {
        const { generation, resultId, sort, filter } = message;
        const { rows } = await gate.view({ resultId, ...(sort === undefined ? {} : { sort }), ...(filter === undefined ? {} : { filter }) });
        post({ type: 'view', generation, resultId, rows });
        break;
      }
      case 'copy': await copy(message); break;
      case 'select': active = message.runId; sendTabs(); break;
      case 'pin': if (!pinned.delete(message.runId)) pinned.add(message.runId); sendTabs(); break;
      case 'close': close(message.runId); break;
      case 'cancel': await runs.cancel(message.runId); break;
      case 'again': { const progress = runs.get(message.runId); if (progress !== undefined) await askAgain(runs, progress); break; }
      case 'show-statement': { const progress = runs.get(message.runId); if (progress !== undefined) await deps.showStatement(progress); break; }
      case 'find': post({ type: 'found', resultId: message.resultId, ...(await findCell(message, (offset, count) => gate.page({ resultId: message.resultId, offset, count }))) }); break;
      case 'difference': { const progress = runs.get(message.runId); if (progress !== undefined) await deps.showDifference(progress); break; }
      case 'sign-in': await commands.executeCommand('piiGate.signIn'); break;
      case 'start-backend': await commands.executeCommand('piiGate.startBackend'); break;
      case 'manage-trust': await commands.executeCommand('workbench.trust.manage'); break;
      case 'reveal': await deps.reveal(message.runId, message.columns); break;
      case 'export': await deps.exportResult(message.runId); break;
      case 'resubmit': await commands.executeCommand('piiGate.resubmitRequest', message.requestId); break;
      case 'open-request': await commands.executeCommand('piiGate.openRequest', message.requestId); break;
    }
  };

  const copy = async ({ resultId, format, selection, headers }: Extract<FromPage, { type: 'copy' }>): Promise<void> => {
    const result = main().map(resultOf).find((one) => one?.resultId === resultId);
    if (result === undefined) return;
    const to = Math.min(selection.to, selection.from + copyRows);
    const rows = [];
    for (let offset = selection.from; offset < to; offset += copyPage) {
      const page = await gate.page({ resultId, offset, count: Math.min(copyPage, to - offset) });
      if (page.rows.length === 0) break;
      rows.push(...page.rows.map((row) => selection.columns.map((column) => row[column] ?? { v: null })));
    }
    const columns = selection.columns.flatMap((index) => result.columns[index] ?? []);
    await env.clipboard.writeText(formatCells(format, columns, rows, headers));
    post({ type: 'copied', rows: rows.length, format });
    if (selection.to > to) void window.showWarningMessage(l10n.t('Copied the first {0} of {1} rows. Export to get all of them.', rows.length.toLocaleString(), (selection.to - selection.from).toLocaleString()));
  };

  const provider: WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      ready = false;
      const root = Uri.joinPath(extensionUri, 'dist', 'webview');
      resolved.webview.options = { enableScripts: true, localResourceRoots: [root] };
      resolved.webview.html = pageHtml(resolved.webview, root);
      resolved.webview.onDidReceiveMessage((message: FromPage) => {
        handle(message).catch((error: unknown) => void window.showErrorMessage(l10n.t('PII Gate results: {0}', textOf(error))));
      });
      resolved.onDidDispose(() => { view = undefined; ready = false; });
    },
  };
  const subscriptions = [
    window.registerWebviewViewProvider('piiGate.results', provider, { webviewOptions: { retainContextWhenHidden: true } }),
    runs.onDidChange((progress) => {
      const { operation: { runId, of }, state } = progress;
      if (of === undefined && state.state === 'running' && !pinned.has(runId)) active = runId;
      active ??= runId;
      prune();
      changed();
    }),
    runs.onDidForget((runId) => {
      if (active === runId) active = main().at(-1)?.operation.runId;
      changed();
    }),
  ];
  return {
    async show() {
      if (view !== undefined) { view.show(true); return; }
      await commands.executeCommand('piiGate.results.focus', { preserveFocus: true });
    },
    shows: (runId) => view?.visible === true && active === runId,
    active: () => active === undefined ? undefined : runs.get(active),
    dispose() { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

export function resultOf({ state }: Progress): ResultSummary | undefined {
  return state.state === 'done' || state.state === 'rows' ? state.result : undefined;
}

function tabOf({ operation, state, startedAt }: Progress, all: readonly Progress[], pinned: boolean): Tab {
  const side = all.flatMap((other) => other.operation.of !== operation.runId || other.operation.capability === 'run' ? []
    : [{ runId: other.operation.runId, capability: other.operation.capability, run: other.state }]);
  const { name, environment } = operation.connection;
  return { runId: operation.runId, title: operation.title, connection: { name, environment }, pinned, run: state, startedAt, side };
}

function pageHtml(webview: Webview, root: Uri): string {
  return webviewHtml(webview, {
    root, script: 'grid.js', style: 'grid.css', title: l10n.t('Query results'), nonce: randomBytes(16).toString('base64url'),
    language: env.language,
  });
}

const textOf = (error: unknown): string => error instanceof Error ? error.message : String(error);
