/** What reviewers said, as threads in the editor on the lines they mean; answered there, resubmitted from there. */
import { type Comment, CommentMode, type CommentReply, comments, type CommentThread, CommentThreadCollapsibleState, CommentThreadState, commands, type Disposable, l10n, MarkdownString, Range, type TextDocument, Uri, window, workspace } from 'vscode';
import type { ApprovalRequest, RequestComment } from '#core/wire/approval.ts';
import type { GateClient } from '../gate/gate-client.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import type { RequestOrigins } from './request-origins.ts';

/** A thread that knows its request: VS Code hands it to the commands of its menus. */
interface RequestThread extends CommentThread { requestId?: string; rootId?: string }

interface Remark { readonly by: string; readonly at: number; readonly text: string }
interface Talk { readonly key: string; readonly line: number; readonly end: number; readonly rootId?: string; readonly remarks: readonly Remark[] }

export function createStatementComments(model: ApprovalsModel, gate: GateClient, origins: RequestOrigins): Disposable {
  const controller = comments.createCommentController('piiGate.review', l10n.t('PII Gate review'));
  controller.options = { prompt: l10n.t('Answer the reviewer'), placeHolder: l10n.t('The reviewer reads it in the request') };
  const shown = new Map<string, { readonly words: string; readonly thread: RequestThread }>();

  const show = (request: ApprovalRequest, document: TextDocument, start: number): ReadonlySet<string> => {
    const keys = new Set<string>();
    const first = document.positionAt(Math.min(start, document.getText().length)).line;
    for (const talk of talksOf(request)) {
      const key = `${request.id}/${talk.key}`;
      const words = JSON.stringify([request.state, talk]);
      keys.add(key);
      const known = shown.get(key);
      if (known?.words === words) continue;
      const last = document.lineCount - 1;
      const thread: RequestThread = known?.thread ?? controller.createCommentThread(document.uri, new Range(Math.min(last, first + talk.line - 1), 0, Math.min(last, first + talk.end - 1), 0), talk.remarks.map(commentOf));
      thread.requestId = request.id;
      if (talk.rootId !== undefined) thread.rootId = talk.rootId;
      thread.comments = talk.remarks.map(commentOf);
      thread.label = request.state === 'changes_requested' ? l10n.t('Changes requested: edit the statement, then resubmit') : l10n.t('Review');
      thread.contextValue = request.state;
      thread.state = request.state === 'changes_requested' ? CommentThreadState.Unresolved : CommentThreadState.Resolved;
      thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
      shown.set(key, { words, thread });
    }
    return keys;
  };

  const refresh = async (): Promise<void> => {
    const wanted = new Set<string>();
    for (const request of model.requests.mine) {
      if (request.state !== 'changes_requested' && request.state !== 'pending') continue;
      const origin = origins.of(request.id);
      const document = origin === undefined ? undefined : await workspace.openTextDocument(Uri.parse(origin.uri)).then((found) => found, () => undefined);
      if (origin === undefined || document === undefined) continue;
      for (const key of show(request, document, origin.range.start)) wanted.add(key);
    }
    for (const [key, { thread }] of shown) if (!wanted.has(key)) { thread.dispose(); shown.delete(key); }
  };

  const reply = async ({ thread, text }: CommentReply): Promise<void> => {
    const { requestId, rootId } = thread as RequestThread;
    if (requestId === undefined || text.trim() === '') return;
    try {
      await gate.commentRequest({ requestId, text: text.trim(), ...(rootId === undefined ? {} : { replyTo: rootId }) });
      await model.refresh();
    } catch (error) {
      void window.showErrorMessage(l10n.t('The answer was not sent: {0}', error instanceof Error ? error.message : String(error)));
    }
  };
  const subscriptions = [controller, model.onDidChange(() => void refresh()), commands.registerCommand('piiGate.answerComment', reply)];
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

/** What was said, by the line it is about, oldest first; what is about no line of the present statement stands at its first. */
export function talksOf({ comments: all = [], decisions, revisions = [] }: Pick<ApprovalRequest, 'comments' | 'decisions' | 'revisions'>): readonly Talk[] {
  const byLine = new Map<number, Talk>();
  const add = (line: number, end: number, remark: Remark, rootId?: string): void => {
    const talk = byLine.get(line);
    const root = talk?.rootId ?? rootId;
    byLine.set(line, { key: `line-${line}`, line, end: Math.max(end, talk?.end ?? end), remarks: [...talk?.remarks ?? [], remark].sort((a, b) => a.at - b.at), ...(root === undefined ? {} : { rootId: root }) });
  };
  const lineOf = (comment: RequestComment): readonly [number, number] => {
    const root = all.find(({ id }) => id === comment.replyTo) ?? comment;
    return root.line === undefined || root.revision !== revisions.length ? [1, 1] : [root.line, Math.max(root.line, root.end ?? root.line)];
  };
  for (const comment of all) {
    const [line, end] = lineOf(comment);
    add(line, end, { by: comment.by.name, at: comment.at, text: comment.text }, comment.replyTo ?? comment.id);
  }
  const last = decisions.findLast(({ decision }) => decision === 'request_changes');
  if (last !== undefined) add(1, 1, { by: last.by.name, at: last.at, text: last.comment });
  return [...byLine.values()];
}

function commentOf({ by, at, text }: Remark): Comment {
  // Text of other people: shown as it is, no Markdown of theirs.
  return { author: { name: by }, body: new MarkdownString().appendText(text), mode: CommentMode.Preview, timestamp: new Date(at) };
}
