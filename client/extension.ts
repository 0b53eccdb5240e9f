/** The extension's entry: cheap registrations at once, the language server beside them. Only wiring lives here. */
import { commands, type Disposable, env, type Event, EventEmitter, type ExtensionContext, l10n, window, workspace } from 'vscode';
import type { RunState } from '#core/wire/protocol.ts';
import { createAgentRuns } from './agents/agent-runs.ts';
import { registerMcpServer } from './agents/mcp-server.ts';
import { registerTools } from './agents/tools.ts';
import { createApprovalsModel } from './approvals/approvals-model.ts';
import { createApprovalsView } from './approvals/approvals-view.ts';
import { createDecisions, registerDecisionCommands } from './approvals/decide.ts';
import { createReviewPages } from './approvals/review-pages.ts';
import { registerBackendCommands, startEmbedded } from './backend/backend-commands.ts';
import { createEmbeddedBackend } from './backend/embedded-backend.ts';
import { createConnectionChoice } from './connections/connection-choice.ts';
import { registerConnectionsView } from './connections/connections-view.ts';
import { createConfigurator } from './gate/configure.ts';
import { createGateConnection } from './gate/gate-client.ts';
import { createServerLifetime } from './gate/server-lifetime.ts';
import { registerStatementLenses } from './lens/statement-lenses.ts';
import { createAuthentication } from './oidc/authentication.ts';
import { createOidcSessions } from './oidc/sessions.ts';
import { registerPolicyFile } from './policy-file.ts';
import { createExportOutcome } from './results/export-outcome.ts';
import { createResultActions, registerResultCommands } from './results/reveal-and-export.ts';
import { createResultsView, resultOf } from './results/results-view.ts';
import { askForApproval } from './run/ask.ts';
import { registerHistory } from './run/history.ts';
import { createOutcomeMessages } from './run/outcome-messages.ts';
import { createPendingRuns } from './run/pending-runs.ts';
import { registerRunCommands } from './run/run-commands.ts';
import { createRunController } from './run/run-controller.ts';
import { showStatementDifference } from './run/statement-difference.ts';
import { createTextComparison } from './words/text-comparison.ts';
import { createRequestOrigins } from './approvals/request-origins.ts';
import { registerResubmit, sentBackStatements } from './approvals/resubmit.ts';
import { createStatementComments } from './approvals/statement-comments.ts';
import { registerStatementHelp } from './run/statement-help.ts';
import { showStatement } from './run/show-statement.ts';
import { registerTransactions } from './run/transactions.ts';
import { createStatementSource } from './run/statement-source.ts';
import { defaultDuration, readBackend } from './settings/settings.ts';
import { createSecrets } from './settings/secrets.ts';
import { registerMenu } from './status/menu.ts';
import { createRunStatus } from './status/run-status.ts';
import { createShield } from './status/shield.ts';
import { registerFindingsView } from './findings/findings-view.ts';
import { createUriLinks } from './uri-handler.ts';

/** What other code, and the host tests, may hold on to. */
export interface PiiGateApi {
  /** Resolves when the language server answers and the gate is configured. */
  readonly ready: Promise<void>;
  /** Each change of a run, masked as everything that leaves the server. */
  readonly onDidChangeRun: Event<{ readonly runId: string; readonly run: RunState }>;
  readonly runState: (runId: string) => RunState | undefined;
  /** Process id of the language server while it lives. */
  readonly serverPid: () => number | undefined;
}

export function activate(context: ExtensionContext): PiiGateApi {
  const keep = <T extends Disposable>(item: T): T => { context.subscriptions.push(item); return item; };
  const log = keep(window.createOutputChannel('PII Gate', { log: true }));
  const secrets = createSecrets(context.secrets);
  const sessions = createOidcSessions(context.secrets, Date.now);
  const links = keep(createUriLinks());
  const gate = keep(createGateConnection());
  const server = keep(createServerLifetime(context, gate, log));
  const configurator = keep(createConfigurator(gate, { secrets, sessions, log, env: process.env, storage: context.globalStorageUri.fsPath }));
  const connections = keep(createConnectionChoice(context.workspaceState));
  const source = keep(createStatementSource(gate));
  const runs = keep(createRunController({
    gate, log, now: Date.now,
    ask: (operation, need) => askForApproval(operation, need, { memory: context.workspaceState, defaultDuration }),
  }));
  const approvals = keep(createApprovalsModel(gate, log));
  const decisions = createDecisions(gate, approvals);
  const comparison = keep(createTextComparison());
  const me = () => configurator.status.user;
  const pages = keep(createReviewPages({ extensionUri: context.extensionUri, model: approvals, decisions, gate, comparison, me }));
  const origins = keep(createRequestOrigins(runs, context.workspaceState));
  keep(createStatementComments(approvals, gate, origins));
  const actions = createResultActions(gate, runs);
  const withResult = (runId: string) => {
    const progress = runs.get(runId);
    const result = progress === undefined ? undefined : resultOf(progress);
    return progress === undefined || result === undefined ? undefined : { progress, result };
  };
  const results = keep(createResultsView({
    extensionUri: context.extensionUri, gate, runs, showStatement, showDifference: ({ operation }) => showStatementDifference(operation, comparison),
    async reveal(runId, columns) { const found = withResult(runId); if (found !== undefined) await actions.reveal(found.progress, found.result, columns); },
    async exportResult(runId) { const found = withResult(runId); if (found !== undefined) await actions.exportResult(found.progress, found.result); },
  }));
  const pending = keep(createPendingRuns(gate, runs, secrets, log));
  const embedded = keep(createEmbeddedBackend(
    context.asAbsolutePath('dist/backend.js'), context.globalStorageUri.fsPath, log, () => void configurator.setLocalBackend(undefined).catch(() => undefined),
  ));
  keep(createOutcomeMessages({
    runs, comparison, request: (id) => approvals.find(id),
    async glassOf(runId) {
      await approvals.refresh();
      return approvals.requests.mine.find(({ idempotencyKey, afterReview }) => afterReview !== undefined && idempotencyKey === runId);
    },
    shown: (runId) => results.shows(runId),
  }));
  keep(createExportOutcome(runs));
  keep(createApprovalsView(approvals, me));
  keep(createShield(gate));
  keep(createRunStatus(runs, approvals));
  keep(registerStatementLenses(source, connections, sentBackStatements(approvals, origins)));
  keep(gate.onGateStatus(() => source.invalidate()));
  const oidc = keep(createAuthentication({
    sessions, now: Date.now, backendUrl: () => configurator.backendUrl(), nextCallback: (state) => links.nextCallback(state), changed: () => configurator.push(),
  }));
  const backendDeps = { configurator, secrets, embedded, oidc };
  context.subscriptions.push(
    ...registerRunCommands({ gate, source, connections, runs, showResults: () => results.show() }),
    ...registerStatementHelp(source, connections),
    ...registerHistory(gate),
    ...registerDecisionCommands(gate, approvals, decisions, (id) => pages.open(id)),
    registerResubmit({ model: approvals, runs, origins }),
    ...registerResultCommands(actions, () => { const shown = results.active(); return shown === undefined ? undefined : withResult(shown.operation.runId); }),
    ...registerBackendCommands(backendDeps),
    ...registerConnectionsView({ gate, secrets, configurator }),
    ...registerFindingsView(gate, log),
    ...registerTransactions(gate, connections),
    ...registerMenu(() => configurator.status),
    ...registerTools(createAgentRuns(gate, runs, env.appName)),
    ...registerMcpServer({ context, secrets, backend: () => configurator.backend(), onDidChange: gate.onGateStatus }),
    registerPolicyFile(),
    commands.registerCommand('piiGate.pickConnection', async () => {
      const document = window.activeTextEditor?.document;
      if (document !== undefined) await connections.pick(document);
    }),
    commands.registerCommand('piiGate.showResults', () => results.show()),
    commands.registerCommand('piiGate.showLog', () => log.show(true)),
    commands.registerCommand('piiGate.restartServer', () => server.restart()),
  );

  const ready = (async () => {
    // The server spawns after activate() has returned: the editor does not wait for it.
    await server.start();
    if (workspace.isTrusted && readBackend(process.env).embedded) await startEmbedded(backendDeps, false);
    await configurator.push();
    await approvals.refresh();
    await pending.resume();
  })();
  ready.catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    log.error(message);
    void window.showErrorMessage(l10n.t('PII Gate did not start: {0}. Personal data is not found until it does.', message), l10n.t('Show log'))
      .then((picked) => picked === undefined ? undefined : commands.executeCommand('piiGate.showLog'));
  });
  keep(server.onDidRestart(() => void configurator.push()));
  stopServer = () => server.stop();
  const runChanged = keep(new EventEmitter<{ readonly runId: string; readonly run: RunState }>());
  keep(runs.onDidChange(({ operation: { runId }, state }) => runChanged.fire({ runId, run: state })));
  return { ready, onDidChangeRun: runChanged.event, runState: (runId) => runs.get(runId)?.state, serverPid: () => server.pid() };
}

/**
 * The one variable of this module: VS Code passes nothing to `deactivate`, awaits only what it returns,
 * and the server must have ended before the host does.
 */
let stopServer: (() => Promise<void>) | undefined;

export async function deactivate(): Promise<void> {
  await stopServer?.();
}
