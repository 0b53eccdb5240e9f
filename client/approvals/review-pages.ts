/** The request document inside VS Code: one page a request, live, with the decision bar. */
import { randomBytes } from 'node:crypto';
import { commands, type Disposable, env, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import type { GateStatus } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { webviewHtml } from '../results/webview-html.ts';
import type { FromReview, ToReview } from '../webview/review-messages.ts';
import type { TextComparison } from '../words/text-comparison.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import type { Decisions } from './decide.ts';
import { whatOf } from './request-words.ts';
import { roleIn } from './standing.ts';

export interface ReviewPages extends Disposable {
  open(requestId: string): Promise<void>;
}

export interface ReviewPageDependencies {
  readonly extensionUri: Uri;
  readonly model: ApprovalsModel;
  readonly decisions: Decisions;
  readonly gate: GateClient;
  readonly comparison: TextComparison;
  me(): GateStatus['user'];
}

/** One page that is open. */
interface Page { readonly panel: WebviewPanel; shown?: ToReview; context?: RequestContext; decided?: ToReview['decided']; problem?: string }

export function createReviewPages({ extensionUri, model, decisions, gate, comparison, me }: ReviewPageDependencies): ReviewPages {
  const pages = new Map<string, Page>();

  const send = (id: string): void => {
    const page = pages.get(id);
    if (page === undefined) return;
    const role = roleIn(model.requests, id, me());
    const { mine, toReview, others } = model.requests;
    const request = [...toReview, ...mine, ...others].find((one) => one.id === id);
    // It came back: the wish for changes was answered.
    if (page.decided === 'request_changes' && request?.state === 'pending') delete page.decided;
    const more = {
      ...(page.context === undefined ? {} : { context: page.context }), ...(page.decided === undefined ? {} : { decided: page.decided }), ...(page.problem === undefined ? {} : { problem: page.problem }),
    };
    // What left the lists is shown as it was, and says that it is over.
    const message: ToReview | undefined = request !== undefined && role !== undefined ? { type: 'request', request, role, gone: false, ...more }
      : page.shown === undefined ? undefined : { ...page.shown, ...more, gone: true };
    if (message === undefined) return;
    page.shown = message;
    page.panel.title = titleOf(message.request);
    void page.panel.webview.postMessage(message);
  };
  const learn = async (id: string): Promise<void> => {
    const context = await gate.requestContext(id).catch(() => null);
    const page = pages.get(id);
    if (page === undefined || context === null) return;
    page.context = context;
    send(id);
  };
  /** Does what the reader asked for; why it was not done stands in the page. */
  const act = async (id: string, work: () => Promise<unknown>): Promise<boolean> => {
    const page = pages.get(id);
    let problem: string | undefined;
    try { await work(); } catch (error) { problem = error instanceof Error ? error.message : String(error); }
    if (page !== undefined) { if (problem === undefined) delete page.problem; else page.problem = problem; }
    await model.refresh();
    return problem === undefined;
  };

  const take = async (id: string, page: Page, message: FromReview): Promise<void> => {
    switch (message.type) {
      case 'ready': send(id); await learn(id); break;
      case 'decide': {
        const { decision, comment, constraints, also } = message;
        if (!await act(id, () => decisions.decide(id, decision, comment, constraints))) break;
        page.decided = decision;
        send(id);
        for (const other of also) await decisions.decide(other, decision, comment, constraints);
        break;
      }
      case 'after-review': await act(id, () => gate.afterReview({ requestId: id, justified: message.justified, comment: message.comment })); break;
      case 'revoke': await act(id, () => gate.revokeRequest({ requestId: id, comment: message.comment })); break;
      case 'comment': await act(id, () => gate.commentRequest({ requestId: id, ...message.comment })); break;
      case 'cancel': await act(id, () => gate.cancelRequest(id)); break;
      case 'resubmit': await commands.executeCommand('piiGate.resubmitRequest', id); break;
      case 'compare': {
        const request = page.shown?.request;
        const before = message.with === 'approved' ? page.context?.lastApproved?.preview : request?.revisions?.at(-1)?.preview;
        if (request === undefined || before === undefined) break;
        await comparison.show(id, before, request.preview, message.with === 'approved' ? l10n.t('Statement: last approved ↔ this request') : l10n.t('Statement: before ↔ after the changes'));
        break;
      }
    }
  };

  const open = async (id: string): Promise<void> => {
    const existing = pages.get(id);
    if (existing !== undefined) { existing.panel.reveal(undefined, false); return; }
    const request = await model.find(id);
    if (request === undefined) {
      void window.showWarningMessage(l10n.t('The request {0} is not one that you made or may review.', id));
      return;
    }
    const root = Uri.joinPath(extensionUri, 'dist', 'webview');
    const panel = window.createWebviewPanel('piiGate.request', titleOf(request), ViewColumn.Active, {
      enableScripts: true, localResourceRoots: [root], enableFindWidget: true,
    });
    panel.iconPath = { light: Uri.joinPath(extensionUri, 'media', 'shield-light.svg'), dark: Uri.joinPath(extensionUri, 'media', 'shield-dark.svg') };
    const page: Page = { panel };
    pages.set(id, page);
    panel.onDidDispose(() => pages.delete(id));
    panel.webview.onDidReceiveMessage((message: FromReview) => take(id, page, message));
    panel.webview.html = webviewHtml(panel.webview, {
      root, script: 'review.js', style: 'review.css', title: l10n.t('Request'), nonce: randomBytes(16).toString('base64url'), language: env.language,
    });
  };
  const subscription = model.onDidChange(() => { for (const id of pages.keys()) send(id); });
  return {
    open,
    dispose() { subscription.dispose(); for (const { panel } of pages.values()) panel.dispose(); },
  };
}

const titleOf = (request: ApprovalRequest): string => l10n.t('Request: {0}', whatOf(request));
