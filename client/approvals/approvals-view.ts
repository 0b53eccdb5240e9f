/** The Approvals view: what waits for me, what I wait for, what was decided; narrowed by a filter. */
import { commands, type Disposable, EventEmitter, l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type TreeDataProvider, window } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { GateStatus } from '#core/wire/protocol.ts';
import type { ApprovalsModel } from './approvals-model.ts';
import { count } from '../words/count.ts';
import { environmentColor } from '../connections/environment.ts';
import { ageText, stateIcon, stateText, whatOf, whoDecides } from './request-words.ts';
import { awaitsLook, holds, type Role, toLookAt } from './standing.ts';

type GroupName = 'toReview' | 'toLookAt' | 'waiting' | 'earlier' | 'decided';
interface Group { readonly group: GroupName; readonly role: Role; readonly requests: readonly ApprovalRequest[] }
export type ApprovalsNode = Group | { readonly request: ApprovalRequest; readonly role: Role };

/** Decided requests shown of others and of one's own: the inbox has them all. */
const decidedShown = 50;

export function createApprovalsView(model: ApprovalsModel, me: () => GateStatus['user']): Disposable {
  const changed = new EventEmitter<void>();
  let filter = '';
  const groups = (): readonly Group[] => {
    const open = (request: ApprovalRequest): boolean => ['pending', 'changes_requested', 'approved'].includes(request.state) || awaitsLook(request);
    const { mine, toReview, others } = model.requests;
    const look = toLookAt(model.requests, me());
    const fits = (requests: readonly ApprovalRequest[]): readonly ApprovalRequest[] => requests.filter((request) => holds(request, filter));
    return [
      { group: 'toReview' as const, role: 'reviewer' as const, requests: fits(toReview) },
      { group: 'toLookAt' as const, role: 'after-reviewer' as const, requests: fits(look) },
      { group: 'waiting' as const, role: 'requester' as const, requests: fits(mine.filter(open)) },
      { group: 'earlier' as const, role: 'requester' as const, requests: fits(mine.filter((request) => !open(request))).slice(0, decidedShown) },
      { group: 'decided' as const, role: 'reader' as const, requests: fits(others.filter((request) => !look.includes(request))).slice(0, decidedShown) },
    ].filter(({ requests }) => requests.length > 0);
  };
  const provider: TreeDataProvider<ApprovalsNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => node === undefined ? [...groups()] : 'request' in node ? [] : node.requests.map((request) => ({ request, role: node.role })),
    getTreeItem: (node) => 'request' in node ? requestItem(node.request, node.role) : groupItem(node),
  };
  const view = window.createTreeView('piiGate.approvals', { treeDataProvider: provider, showCollapseAll: true });
  const update = (): void => {
    const waiting = model.requests.toReview.length + toLookAt(model.requests, me()).length;
    view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: count(waiting, l10n.t('1 request waits for your review'), (shown) => l10n.t('{0} requests wait for your review', shown)) };
    view.message = filter === '' ? '' : groups().length === 0 ? l10n.t('Nothing fits “{0}”.', filter) : l10n.t('Only what fits “{0}”.', filter);
    void commands.executeCommand('setContext', 'piiGate.requestsFiltered', filter !== '');
    changed.fire();
  };
  const setFilter = (text: string): void => { filter = text.trim(); update(); };
  // Ages go stale; once a minute, and only while somebody looks.
  const ticking = setInterval(() => { if (view.visible) changed.fire(); }, 60_000);
  const subscriptions = [
    model.onDidChange(update), view, changed, { dispose: () => clearInterval(ticking) },
    commands.registerCommand('piiGate.filterRequests', async (text?: unknown) => {
      const typed = typeof text === 'string' ? text : await window.showInputBox({
        title: l10n.t('Filter requests'), value: filter, prompt: l10n.t('Empty shows all.'), placeHolder: l10n.t('Name, table, column, environment, ticket…'),
      });
      if (typed === undefined) return;
      setFilter(typed);
      await commands.executeCommand('piiGate.approvals.focus');
    }),
    commands.registerCommand('piiGate.clearRequestFilter', () => setFilter('')),
  ];
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

function groupItem({ group, requests }: Group): TreeItem {
  const title = {
    toReview: l10n.t('To review'), toLookAt: l10n.t('Emergency access to look at'), waiting: l10n.t('Mine, open'), earlier: l10n.t('Mine, earlier'), decided: l10n.t('Others, decided'),
  }[group];
  const item = new TreeItem(title, group === 'earlier' || group === 'decided' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.description = String(requests.length);
  return item;
}

const contextValues: Readonly<Record<Role, (request: ApprovalRequest) => string>> = {
  reviewer: () => 'toReview',
  'after-reviewer': () => 'toLookAt',
  requester: ({ state }) => state === 'changes_requested' ? 'mineSentBack' : state === 'pending' ? 'minePending' : 'mine',
  reader: ({ state }) => state === 'approved' ? 'othersApproved' : 'others',
};

function requestItem(request: ApprovalRequest, role: Role): TreeItem {
  const { environment } = request.binding.connection;
  const age = ageText(Date.now() - request.createdAt);
  const own = role === 'requester';
  const item = new TreeItem(own ? whatOf(request) : request.requester.name);
  const glass = awaitsLook(request) ? l10n.t('glass broken, to be looked at by {0}', request.afterReview?.anyOf.join(' / ') ?? '') : '';
  const state = glass === '' ? stateText(request.state) : glass;
  item.id = `${role}:${request.id}`;
  item.description = [...(own ? [state] : [whatOf(request)]), environment, ...(role === 'reader' ? [state] : []), ...(request.agent === undefined ? [] : [request.agent.name]), age].join(' · ');
  item.iconPath = glass !== '' ? new ThemeIcon('flame', new ThemeColor('list.warningForeground'))
    : role === 'reviewer' ? new ThemeIcon(request.agent === undefined ? 'account' : 'robot', environmentColor(environment))
      : new ThemeIcon(stateIcon(request.state), request.state === 'denied' ? new ThemeColor('errorForeground') : request.state === 'changes_requested' ? new ThemeColor('list.warningForeground') : environmentColor(environment));
  item.contextValue = contextValues[role](request);
  item.command = { command: 'piiGate.openRequest', title: l10n.t('Open request'), arguments: [request.id] };
  item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
  const tooltip = new MarkdownString();
  tooltip.appendCodeblock(request.preview, 'sql');
  tooltip.appendText(request.reason === '' ? l10n.t('No reason given.') : l10n.t('Reason: {0}', request.reason));
  if (request.state === 'pending') tooltip.appendText(` — ${l10n.t('needs {0}', whoDecides(request))}`);
  item.tooltip = tooltip;
  return item;
}
