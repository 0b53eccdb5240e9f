/** Runs that wait for an approval survive a window reload: they are kept in secret storage and asked for again by the same id. */
import { type Disposable, type LogOutputChannel, workspace } from 'vscode';
import type { GateClient } from '../gate/gate-client.ts';
import { readConnections } from '../settings/settings.ts';
import type { PendingRun, Secrets } from '../settings/secrets.ts';
import { isOver, type Progress } from './operation.ts';
import { createRunOperation } from './run-commands.ts';
import type { RunController } from './run-controller.ts';

export interface PendingRuns extends Disposable {
  /** Resumes what this workspace left pending. To be called once the gate is configured. */
  resume(): Promise<void>;
}

export function createPendingRuns(gate: GateClient, runs: RunController, secrets: Secrets, log: LogOutputChannel): PendingRuns {
  const workspaceId = (): string => workspace.workspaceFile?.toString() ?? workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
  // Writes are chained so that two changes do not overwrite each other.
  let writing: Promise<void> = Promise.resolve();
  const change = (next: (runs: readonly PendingRun[]) => readonly PendingRun[]): void => {
    writing = writing
      .then(async () => { await secrets.setPendingRuns(next(await secrets.pendingRuns())); })
      .catch((error: unknown) => log.warn(`A pending run could not be remembered: ${String(error)}`));
  };
  const remember = (progress: Progress): void => {
    const { operation, state, ask } = progress;
    if (operation.capability !== 'run' || operation.statement === undefined) return;
    if (state.state === 'pending' && ask !== undefined) {
      const pending: PendingRun = {
        runId: operation.runId, connectionId: operation.connection.id, statement: operation.statement, title: operation.title, ask,
        requestId: state.requestId, workspace: workspaceId(),
        ...(operation.parameters === undefined ? {} : { parameters: operation.parameters }),
        ...(operation.origin === undefined ? {} : { uri: operation.origin.uri, range: operation.origin.range }),
        ...(operation.answers === undefined ? {} : { resubmits: operation.answers.requestId }),
      };
      change((known) => [...known.filter(({ runId }) => runId !== pending.runId), pending]);
    } else if (isOver(state)) {
      change((known) => known.some(({ runId }) => runId === operation.runId) ? known.filter(({ runId }) => runId !== operation.runId) : known);
    }
  };
  const subscription = runs.onDidChange(remember);
  return {
    async resume() {
      if (!workspace.isTrusted) return;
      const connections = readConnections();
      for (const { ask, uri, range, connectionId, requestId: _, workspace: from, resubmits, ...run } of await secrets.pendingRuns()) {
        const connection = connections.find(({ id }) => id === connectionId);
        if (from !== workspaceId() || connection === undefined) continue;
        const operation = createRunOperation(gate, { ...run, connection, ...(uri === undefined || range === undefined ? {} : { origin: { uri, range } }), ...(resubmits === undefined ? {} : { answers: { requestId: resubmits, reason: ask.reason, by: '', comment: '' } }) });
        void runs.resume(operation, ask);
      }
    },
    dispose() { subscription.dispose(); },
  };
}
