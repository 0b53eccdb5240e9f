/** Deciding on somebody's request, and cancelling one's own. */
import { commands, type Disposable, l10n, window } from 'vscode';
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';
import type { DecideParams } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { durationText } from '../run/ask.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import { oneLine } from './request-words.ts';

export interface Decisions {
  /** Rejects with the backend's refusal, worded for the user. */
  decide(requestId: string, decision: DecideParams['decision'], comment: string, constraints?: Constraints): Promise<void>;
}

export function createDecisions(gate: GateClient, model: ApprovalsModel): Decisions {
  return {
    async decide(requestId, decision, comment, constraints) {
      try {
        await gate.decide({ requestId, decision, comment, ...(constraints === undefined ? {} : { constraints }) });
      } finally {
        await model.refresh();
      }
    },
  };
}

export function registerDecisionCommands(gate: GateClient, model: ApprovalsModel, decisions: Decisions, open: (requestId: string) => Promise<void>): Disposable[] {
  /** What was refused is said: whoever clicked must know. */
  const told = async (work: () => Promise<unknown>): Promise<void> => {
    try { await work(); } catch (error) {
      void window.showErrorMessage(l10n.t('The decision was not taken: {0}', error instanceof Error ? error.message : String(error)));
    }
  };
  const decide = (...decision: Parameters<Decisions['decide']>): Promise<void> => told(() => decisions.decide(...decision));
  const on = (id: string, act: (request: ApprovalRequest) => Promise<unknown>): Disposable =>
    commands.registerCommand(`piiGate.${id}`, async (node?: unknown) => {
      const request = await requestOf(node, model);
      if (request !== undefined) await act(request);
    });
  const comment = (title: string, prompt: string, required: boolean): Thenable<string | undefined> => window.showInputBox({
    title, prompt, ignoreFocusOut: true,
    ...(required ? { validateInput: (text: string) => text.trim() === '' ? l10n.t('Say why: the requester reads it.') : undefined } : {}),
  });
  return [
    on('approveRequest', ({ id }) => decide(id, 'approve', '')),
    on('denyRequest', async (request) => {
      const text = await comment(l10n.t('Deny: {0}', oneLine(request)), l10n.t('Why not? The requester reads it.'), true);
      if (text !== undefined) await decide(request.id, 'deny', text.trim());
    }),
    on('requestChanges', async (request) => {
      const text = await comment(l10n.t('Ask for changes: {0}', oneLine(request)), l10n.t('What should be different?'), true);
      if (text !== undefined) await decide(request.id, 'request_changes', text.trim());
    }),
    on('approveWithLimits', async (request) => {
      const constraints = await pickConstraints(request);
      if (constraints !== undefined) await decide(request.id, 'approve', '', constraints);
    }),
    on('cancelRequest', async ({ id }) => { await told(() => gate.cancelRequest(id)); await model.refresh(); }),
    on('revokeRequest', async (request) => {
      const text = await comment(l10n.t('Take back: {0}', oneLine(request)), l10n.t('Why? The requester reads it.'), true);
      if (text === undefined) return;
      await told(() => gate.revokeRequest({ requestId: request.id, comment: text.trim() }));
      await model.refresh();
    }),
    on('lookAtGlass', async (request) => {
      const yes = { label: `$(check) ${l10n.t('It was justified')}`, justified: true };
      const no = { label: `$(close) ${l10n.t('It was not justified')}`, justified: false };
      const picked = await window.showQuickPick([yes, no], { title: l10n.t('Emergency access: {0}', oneLine(request)), placeHolder: request.reason });
      if (picked === undefined) return;
      const text = await comment(picked.label.replace(/^\$\(\w+\) /, ''), l10n.t('What did you find? It is kept.'), true);
      if (text === undefined) return;
      await told(() => gate.afterReview({ requestId: request.id, justified: picked.justified, comment: text.trim() }));
      await model.refresh();
    }),
    on('openRequest', ({ id }) => open(id)),
    commands.registerCommand('piiGate.refreshApprovals', () => model.refresh()),
    commands.registerCommand('piiGate.reviewRequests', async () => {
      await model.refresh();
      const { toReview } = model.requests;
      if (toReview.length === 0) {
        await commands.executeCommand('piiGate.approvals.focus');
        return;
      }
      const first = toReview[0];
      if (toReview.length === 1 && first !== undefined) { await open(first.id); return; }
      const picked = await window.showQuickPick(
        toReview.map((request) => ({ label: oneLine(request), detail: request.reason, id: request.id })),
        { title: l10n.t('Requests to review, oldest first'), matchOnDetail: true },
      );
      if (picked !== undefined) await open(picked.id);
    }),
  ];
}

async function pickConstraints(request: ApprovalRequest): Promise<Constraints | undefined> {
  const columns = [...new Map(request.scope.columns.map((column) => [`${column.table}.${column.column}`, column])).entries()];
  const sensitive = columns.length > 0 ? columns : request.facts.sensitive.map(({ table, column }) => [`${table}.${column}`, { table, column, access: 'read' as const }] as const);
  const keep = sensitive.length === 0 ? [] : await window.showQuickPick(
    sensitive.map(([label, column]) => ({ label, column })),
    { title: l10n.t('Keep masked (1 of 3)'), placeHolder: l10n.t('Columns that stay masked whatever is approved'), canPickMany: true, ignoreFocusOut: true },
  );
  if (keep === undefined) return undefined;
  const rows = await window.showInputBox({
    title: l10n.t('Row cap (2 of 3)'), prompt: l10n.t('At most this many rows; empty for no cap of yours'), ignoreFocusOut: true,
    value: request.scope.maxRows === undefined ? '' : String(request.scope.maxRows),
    validateInput: (text) => /^(?:|[1-9]\d{0,8})$/.test(text.trim()) ? undefined : l10n.t('A whole number, 1 or more'),
  });
  if (rows === undefined) return undefined;
  const longest = request.scope.durationMs;
  const lengths = [...new Set([...[5, 15, 60, 240].map((minutes) => minutes * 60_000).filter((duration) => duration < longest), longest])];
  const duration = await window.showQuickPick(
    lengths.map((durationMs) => ({ label: durationText(durationMs), description: durationMs === longest ? l10n.t('as asked') : '', durationMs })).reverse(),
    { title: l10n.t('Duration (3 of 3)'), ignoreFocusOut: true },
  );
  if (duration === undefined) return undefined;
  return {
    ...(keep.length === 0 ? {} : { keepMasked: keep.map(({ column }) => column) }),
    ...(rows.trim() === '' ? {} : { maxRows: Number(rows) }),
    ...(duration.durationMs === longest ? {} : { durationMs: duration.durationMs }),
  };
}

/** From a tree node, an id, or, when called from the palette, the only one there is. */
async function requestOf(node: unknown, model: ApprovalsModel): Promise<ApprovalRequest | undefined> {
  if (typeof node === 'string') {
    const found = await model.find(node);
    if (found === undefined) void window.showWarningMessage(l10n.t('The request {0} is not one that you made or may review.', node));
    return found;
  }
  if (typeof node === 'object' && node !== null && 'request' in node) return node.request as ApprovalRequest;
  return undefined;
}
