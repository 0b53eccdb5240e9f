/** The Approvals view: what waits for me, what I wait for. */
import { type Disposable, EventEmitter, l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type TreeDataProvider, window } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import { count } from '../words/count.ts';
import { environmentColor } from '../connections/environment.ts';
import { ageText, stateIcon, stateText, whatOf, whoDecides } from './request-words.ts';

type Group = { readonly group: 'toReview' | 'waiting' | 'earlier' };
export type ApprovalsNode = Group | { readonly request: ApprovalRequest; readonly role: 'reviewer' | 'requester' };

export function createApprovalsView(model: ApprovalsModel): Disposable {
  const changed = new EventEmitter<void>();
  const groups = (): readonly { readonly group: Group['group']; readonly requests: readonly ApprovalRequest[] }[] => {
    const open = (request: ApprovalRequest): boolean => ['pending', 'changes_requested', 'approved'].includes(request.state);
    const { mine, toReview } = model.requests;
    return [
      { group: 'toReview' as const, requests: toReview },
      { group: 'waiting' as const, requests: mine.filter(open) },
      { group: 'earlier' as const, requests: mine.filter((request) => !open(request)).slice(0, 50) },
    ].filter(({ requests }) => requests.length > 0);
  };
  const provider: TreeDataProvider<ApprovalsNode> = {
    onDidChangeTreeData: changed.event,
    getChildren(node) {
      if (node === undefined) return groups().map(({ group }) => ({ group }));
      if ('request' in node) return [];
      const requests = groups().find(({ group }) => group === node.group)?.requests ?? [];
      return requests.map((request) => ({ request, role: node.group === 'toReview' ? 'reviewer' as const : 'requester' as const }));
    },
    getTreeItem: (node) => 'request' in node ? requestItem(node.request, node.role) : groupItem(node.group, groups()),
  };
  const view = window.createTreeView('piiGate.approvals', { treeDataProvider: provider });
  const update = (): void => {
    const waiting = model.requests.toReview.length;
    view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: count(waiting, l10n.t('1 request waits for your review'), (shown) => l10n.t('{0} requests wait for your review', shown)) };
    changed.fire();
  };
  // Ages go stale; once a minute, and only while somebody looks.
  const ticking = setInterval(() => { if (view.visible) changed.fire(); }, 60_000);
  const subscriptions = [model.onDidChange(update), view, changed, { dispose: () => clearInterval(ticking) }];
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

function groupItem(group: Group['group'], all: readonly { readonly group: string; readonly requests: readonly unknown[] }[]): TreeItem {
  const title = { toReview: l10n.t('To review'), waiting: l10n.t('Mine, open'), earlier: l10n.t('Mine, earlier') }[group];
  const item = new TreeItem(title, group === 'earlier' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.description = String(all.find((one) => one.group === group)?.requests.length ?? 0);
  return item;
}

function requestItem(request: ApprovalRequest, role: 'reviewer' | 'requester'): TreeItem {
  const { environment } = request.binding.connection;
  const age = ageText(Date.now() - request.createdAt);
  const item = new TreeItem(role === 'reviewer' ? request.requester.name : whatOf(request));
  item.id = `${role}:${request.id}`;
  item.description = role === 'reviewer' ? `${whatOf(request)} · ${environment} · ${age}` : `${stateText(request.state)} · ${environment} · ${age}`;
  item.iconPath = role === 'reviewer'
    ? new ThemeIcon('account', environmentColor(environment))
    : new ThemeIcon(stateIcon(request.state), request.state === 'denied' ? new ThemeColor('errorForeground') : environmentColor(environment));
  item.contextValue = role === 'reviewer' ? 'toReview' : ['pending', 'changes_requested'].includes(request.state) ? 'minePending' : 'mine';
  item.command = { command: 'piiGate.openRequest', title: l10n.t('Open request'), arguments: [request.id] };
  item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
  const tooltip = new MarkdownString();
  tooltip.appendCodeblock(request.preview, 'sql');
  tooltip.appendText(request.reason === '' ? l10n.t('No reason given.') : l10n.t('Reason: {0}', request.reason));
  if (request.state === 'pending') tooltip.appendText(` — ${l10n.t('needs {0}', whoDecides(request))}`);
  item.tooltip = tooltip;
  return item;
}
