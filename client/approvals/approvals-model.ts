/** The requests that concern the user, kept fresh by the server's notifications. */
import { commands, type Disposable, type Event, EventEmitter, type LogOutputChannel } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { RequestsResult } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';

export interface ApprovalsModel extends Disposable {
  readonly requests: Required<RequestsResult>;
  refresh(): Promise<void>;
  /** As last told by the backend; asks once when it is not known. */
  find(requestId: string): Promise<ApprovalRequest | undefined>;
  readonly onDidChange: Event<void>;
}

/** Several notifications in a row cause one list, this many milliseconds after the first. */
const gatherMs = 50;

export function createApprovalsModel(gate: GateClient, log: LogOutputChannel): ApprovalsModel {
  const changed = new EventEmitter<void>();
  let requests: Required<RequestsResult> = { mine: [], toReview: [], others: [] };
  let timer: NodeJS.Timeout | undefined;

  const refresh = async (): Promise<void> => {
    try {
      const listed = await gate.requests();
      requests = { mine: newestFirst(listed?.mine ?? []), toReview: oldestFirst((listed?.toReview ?? []).filter(({ state }) => state === 'pending')), others: newestFirst(listed?.others ?? []) };
    } catch (error) {
      log.warn(`The requests could not be listed: ${error instanceof Error ? error.message : String(error)}`);
    }
    void commands.executeCommand('setContext', 'piiGate.toReview', requests.toReview.length);
    void commands.executeCommand('setContext', 'piiGate.sentBack', requests.mine.some(({ state }) => state === 'changes_requested'));
    changed.fire();
  };
  const soon = (): void => {
    timer ??= setTimeout(() => { timer = undefined; void refresh(); }, gatherMs);
  };
  const known = (id: string): ApprovalRequest | undefined => [...requests.toReview, ...requests.mine, ...requests.others].find((request) => request.id === id);
  const subscriptions = [gate.onRequestChanged(soon), gate.onGateStatus(soon), changed];
  return {
    get requests() { return requests; },
    refresh,
    async find(id) {
      await refresh();
      return known(id);
    },
    onDidChange: changed.event,
    dispose() { clearTimeout(timer); for (const subscription of subscriptions) subscription.dispose(); },
  };
}

const oldestFirst = (list: readonly ApprovalRequest[]): readonly ApprovalRequest[] => [...list].sort((a, b) => a.createdAt - b.createdAt);
const newestFirst = (list: readonly ApprovalRequest[]): readonly ApprovalRequest[] => [...list].sort((a, b) => b.createdAt - a.createdAt);
