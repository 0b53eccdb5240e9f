/** The Findings view: what the last workspace scan found, by file, worst first. */
import { CancellationTokenSource, commands, type Disposable, EventEmitter, l10n, type LogOutputChannel, ProgressLocation, Range, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, Uri, window, workspace } from 'vscode';
import type { Severity } from '#core/wire/finding.ts';
import type { FileFindings, ScanWorkspaceResult } from '#core/wire/protocol.ts';
import { count } from '../words/count.ts';
import type { GateClient } from '../gate/gate-client.ts';

type FileNode = { readonly file: FileFindings };
type FindingNode = { readonly uri: string; readonly finding: FileFindings['findings'][number] };
type Node = FileNode | FindingNode;

const worst: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

export function registerFindingsView(gate: GateClient, log: LogOutputChannel): Disposable[] {
  const changed = new EventEmitter<void>();
  let result: ScanWorkspaceResult | undefined;
  let scan: CancellationTokenSource | undefined;
  const provider: TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    getChildren(node) {
      if (node === undefined) return (result?.files ?? []).map((file) => ({ file }));
      return 'file' in node ? worstFirst(node.file.findings).map((finding) => ({ uri: node.file.uri, finding })) : [];
    },
    getTreeItem: (node) => 'file' in node ? fileItem(node.file) : findingItem(node),
  };
  const view = window.createTreeView('piiGate.findings', { treeDataProvider: provider, showCollapseAll: true });
  const show = (next: ScanWorkspaceResult | undefined): void => {
    result = next === undefined ? undefined : { ...next, files: sorted(next.files) };
    const total = result?.files.reduce((sum, { findings }) => sum + findings.length, 0) ?? 0;
    view.message = result === undefined ? '' : summary(result, total);
    changed.fire();
  };
  const run = async (): Promise<ScanWorkspaceResult | undefined> => {
    if (scan !== undefined) return result;
    const source = new CancellationTokenSource();
    scan = source;
    await commands.executeCommand('setContext', 'piiGate.scanning', true);
    try {
      await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Scanning the workspace for personal data'), cancellable: true }, async (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        const telling = gate.onScanProgress(({ scanned, findings }) => progress.report({ message: `${count(scanned, l10n.t('1 file'), (shown) => l10n.t('{0} files', shown))}, ${findingsText(findings)}` }));
        try {
          show(await gate.scanWorkspace((workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString()), source.token));
        } finally {
          telling.dispose();
        }
      });
      await commands.executeCommand('piiGate.findings.focus', { preserveFocus: true });
    } catch (error) {
      if (!source.token.isCancellationRequested) {
        log.error(`Workspace scan failed: ${String(error)}`);
        void window.showErrorMessage(l10n.t('The workspace was not scanned: {0}', error instanceof Error ? error.message : String(error)));
      }
    } finally {
      scan = undefined;
      source.dispose();
      await commands.executeCommand('setContext', 'piiGate.scanning', false);
    }
    return result;
  };
  return [
    view, changed,
    commands.registerCommand('piiGate.scanWorkspace', run),
    commands.registerCommand('piiGate.cancelScan', () => scan?.cancel()),
    commands.registerCommand('piiGate.clearFindings', () => show(undefined)),
    commands.registerCommand('piiGate.openFinding', async (node: unknown) => {
      if (typeof node !== 'object' || node === null || !('finding' in node)) return;
      const { uri, finding } = node as FindingNode;
      await window.showTextDocument(Uri.parse(uri), { selection: new Range(finding.line, finding.character, finding.endLine, finding.endCharacter) });
    }),
  ];
}

function summary({ scanned, skipped, cancelled, files }: ScanWorkspaceResult, total: number): string {
  const parts = [
    l10n.t('{0} in {1} of {2}', findingsText(total), files.filter(({ findings }) => findings.length > 0).length.toLocaleString(), count(scanned, l10n.t('1 file'), (shown) => l10n.t('{0} files', shown))),
    ...(skipped === 0 ? [] : [count(skipped, l10n.t('1 file skipped'), (shown) => l10n.t('{0} files skipped', shown))]),
    ...(cancelled ? [l10n.t('cancelled before the end')] : []),
  ];
  return parts.join(' · ');
}

const findingsText = (number: number): string => count(number, l10n.t('1 finding'), (shown) => l10n.t('{0} findings', shown));

function sorted(files: readonly FileFindings[]): readonly FileFindings[] {
  const rank = ({ findings }: FileFindings): number => Math.min(9, ...findings.map(({ severity }) => worst[severity]));
  return files.filter(({ findings, limits }) => findings.length > 0 || limits.length > 0).sort((a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length);
}

/** By severity, then in the order of the file. */
const worstFirst = (findings: FileFindings['findings']): FileFindings['findings'] => [...findings].sort((a, b) => worst[a.severity] - worst[b.severity] || a.line - b.line || a.character - b.character);

function fileItem({ uri, findings, limits }: FileFindings): TreeItem {
  const item = new TreeItem(Uri.parse(uri), findings.length === 0 ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed);
  item.id = uri;
  item.description = [findingsText(findings.length), ...(limits.length === 0 ? [] : [l10n.t('not scanned in full')])].join(' · ');
  item.iconPath = ThemeIcon.File;
  return item;
}

function findingItem(node: FindingNode): TreeItem {
  const { finding } = node;
  const item = new TreeItem(finding.title ?? finding.entity);
  item.description = `${l10n.t('line {0}', finding.line + 1)} · ${finding.masked}`;
  const color = { error: 'list.errorForeground', warning: 'list.warningForeground', information: 'charts.blue', hint: 'disabledForeground' }[finding.severity];
  item.iconPath = new ThemeIcon('shield', new ThemeColor(color));
  item.tooltip = [`${item.label}, ${Math.round(finding.confidence * 100)} %`, ...finding.reasons.map(({ text }) => text)].join('\n');
  item.command = { command: 'piiGate.openFinding', title: l10n.t('Open finding'), arguments: [node] };
  return item;
}
