/** The request document inside VS Code: one page a request, live, with the decision bar. */
import { randomBytes } from 'node:crypto';
import { type Disposable, env, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { webviewHtml } from '../results/webview-html.ts';
import type { FromReview, ToReview } from '../webview/review-messages.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import type { Decisions } from './decide.ts';
import { whatOf } from './request-words.ts';

export interface ReviewPages extends Disposable {
  open(requestId: string): Promise<void>;
}

export function createReviewPages(extensionUri: Uri, model: ApprovalsModel, { decide }: Decisions, gate: GateClient): ReviewPages {
  const panels = new Map<string, WebviewPanel>();
  const find = (id: string): { readonly request: ApprovalRequest; readonly role: ToReview['role'] } | undefined => {
    const toReview = model.requests.toReview.find((request) => request.id === id);
    if (toReview !== undefined) return { request: toReview, role: 'reviewer' };
    const mine = model.requests.mine.find((request) => request.id === id);
    return mine === undefined ? undefined : { request: mine, role: 'requester' };
  };
  const last = new Map<string, ToReview>();
  const send = (id: string): void => {
    const panel = panels.get(id);
    const found = find(id);
    // Decided requests leave the review list; the page keeps what it showed and says that it is over.
    const before = last.get(id);
    const message: ToReview | undefined = found === undefined
      ? before === undefined ? undefined : { ...before, over: true }
      : { type: 'request', request: found.request, role: found.role, over: found.request.state !== 'pending' };
    if (message === undefined || panel === undefined) return;
    last.set(id, message);
    void panel.webview.postMessage(message);
  };

  const open = async (id: string): Promise<void> => {
    const existing = panels.get(id);
    if (existing !== undefined) { existing.reveal(undefined, false); return; }
    const request = find(id)?.request ?? await model.find(id);
    if (request === undefined) {
      void window.showWarningMessage(l10n.t('The request {0} is not one that you made or may review.', id));
      return;
    }
    const root = Uri.joinPath(extensionUri, 'dist', 'webview');
    const panel = window.createWebviewPanel('piiGate.request', l10n.t('Request: {0}', whatOf(request)), ViewColumn.Active, {
      enableScripts: true, localResourceRoots: [root], enableFindWidget: true,
    });
    panels.set(id, panel);
    panel.webview.html = webviewHtml(panel.webview, {
      root, script: 'review.js', style: 'review.css', title: l10n.t('Request'), nonce: randomBytes(16).toString('base64url'), language: env.language,
    });
    panel.onDidDispose(() => { panels.delete(id); last.delete(id); });
    panel.webview.onDidReceiveMessage(async (message: FromReview) => {
      switch (message.type) {
        case 'ready': send(id); break;
        case 'decide': {
          if (!await decide(id, message.decision, message.comment, message.constraints)) break;
          const shown = last.get(id);
          if (shown !== undefined) last.set(id, { ...shown, decided: message.decision });
          send(id);
          break;
        }
        case 'cancel': await gate.cancelRequest(id); await model.refresh(); break;
      }
    });
  };
  const subscription = model.onDidChange(() => { for (const id of panels.keys()) send(id); });
  return {
    open,
    dispose() { subscription.dispose(); for (const panel of panels.values()) panel.dispose(); },
  };
}
