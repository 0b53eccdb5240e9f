/** Answering a reviewer's wish for changes: the statement as it stands in its file now, under the same request. */
import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { SentBackStatements } from '../lens/statement-lenses.ts';
import type { SentBack } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import type { RequestOrigins } from './request-origins.ts';

export interface ResubmitDependencies { readonly model: ApprovalsModel; readonly runs: RunController; readonly origins: RequestOrigins }

export function registerResubmit({ model, runs, origins }: ResubmitDependencies): Disposable {
  const resubmit = async (request: ApprovalRequest): Promise<void> => {
    const answers = sentBack(request);
    const open = runs.all().find(({ requestId, state }) => (requestId ?? (state.state === 'blocked' ? state.blocked.requestId : undefined)) === request.id);
    if (request.binding.capability !== 'run') {
      if (open === undefined) void window.showInformationMessage(l10n.t('Its result is no longer open. Run the statement and ask again.'));
      else await runs.again(open.operation.runId, answers);
      return;
    }
    const origin = origins.of(request.id) ?? open?.operation.origin;
    const document = origin === undefined ? undefined : await workspace.openTextDocument(Uri.parse(origin.uri)).then((found) => found, () => undefined);
    const editor = document === undefined ? window.activeTextEditor : await window.showTextDocument(document);
    if (editor?.document.languageId !== 'sql') {
      void window.showInformationMessage(l10n.t('Open the file of the statement, put the cursor on it, and choose Resubmit again.'));
      return;
    }
    const start = document === undefined || origin === undefined ? editor.document.offsetAt(editor.selection.active) : Math.min(origin.range.start, document.getText().length);
    if (open !== undefined) runs.forget(open.operation.runId);
    await commands.executeCommand('piiGate.runStatement', { uri: editor.document.uri.toString(), start, end: start, answers });
  };
  return commands.registerCommand('piiGate.resubmitRequest', async (node?: unknown) => {
    const id = idOf(node) ?? model.requests.mine.find(({ state }) => state === 'changes_requested')?.id;
    const request = id === undefined ? undefined : await model.find(id);
    if (request === undefined || request.state !== 'changes_requested') {
      void window.showInformationMessage(l10n.t('No request of yours waits for changes.'));
      return;
    }
    await resubmit(request);
  });
}

/** For the lenses: the requests sent back whose statements stand in a document. */
export function sentBackStatements(model: ApprovalsModel, origins: RequestOrigins): SentBackStatements {
  return {
    in: (uri) => origins.in(uri).flatMap((id) => {
      const request = model.requests.mine.find((one) => one.id === id && one.state === 'changes_requested');
      const start = origins.of(id)?.range.start;
      return request === undefined || start === undefined ? [] : [{ requestId: id, start, by: sentBack(request).by }];
    }),
    onDidChange: model.onDidChange,
  };
}

export function sentBack(request: ApprovalRequest): SentBack {
  const last = request.decisions.findLast(({ decision }) => decision === 'request_changes');
  return { requestId: request.id, reason: request.reason, by: last?.by.name ?? '', comment: last?.comment ?? '' };
}

/** From an id, a node of the tree, or a thread of comments. */
function idOf(node: unknown): string | undefined {
  if (typeof node === 'string') return node;
  if (typeof node !== 'object' || node === null) return undefined;
  if ('request' in node) return (node as { readonly request: ApprovalRequest }).request.id;
  const thread = 'thread' in node ? node.thread : node;
  return typeof thread === 'object' && thread !== null && 'requestId' in thread && typeof thread.requestId === 'string' ? thread.requestId : undefined;
}
