/** What can be done now: the menu behind the shield. */
import { commands, type Disposable, l10n, languages, type QuickPickItem, QuickPickItemKind, window, workspace } from 'vscode';
import type { GateStatus } from '#core/wire/protocol.ts';

type Entry = QuickPickItem & { readonly command?: string; readonly arguments?: readonly unknown[] };

export function registerMenu(gateStatus: () => GateStatus): Disposable[] {
  return [
    commands.registerCommand('piiGate.showMenu', async () => {
      const document = window.activeTextEditor?.document;
      const here = document === undefined ? [] : languages.getDiagnostics(document.uri).filter(({ source }) => source === 'PII Gate' || source === 'pii-gate');
      const entries: Entry[] = [
        ...(here.length === 0 ? [] : [
          { label: l10n.t('this file'), kind: QuickPickItemKind.Separator },
          { label: `$(shield) ${l10n.t('Mask everything in this file')}`, description: l10n.t('{0} shown', here.length), command: 'piiGate.maskFile' },
          { label: `$(arrow-down) ${l10n.t('Go to next finding')}`, command: 'editor.action.marker.next' },
          { label: `$(list-flat) ${l10n.t('List findings')}`, command: 'workbench.actions.view.problems' },
        ]),
        ...(document?.languageId !== 'sql' || !workspace.isTrusted ? [] : [
          { label: l10n.t('statements'), kind: QuickPickItemKind.Separator },
          { label: `$(play) ${l10n.t('Run statement under the cursor')}`, command: 'piiGate.runStatement' },
          { label: `$(plug) ${l10n.t('Choose connection')}`, command: 'piiGate.pickConnection' },
        ]),
        { label: l10n.t('workspace'), kind: QuickPickItemKind.Separator },
        ...(workspace.isTrusted ? [] : [{ label: `$(workspace-untrusted) ${l10n.t('Trust this workspace to run queries')}`, command: 'workbench.trust.manage' }]),
        { label: `$(search) ${l10n.t('Scan workspace')}`, command: 'piiGate.scanWorkspace' },
        { label: `$(law) ${l10n.t('Open workspace policy')}`, description: '.pii-gate.yaml', command: 'piiGate.openWorkspacePolicy' },
        { label: `$(checklist) ${l10n.t('Review requests')}`, command: 'piiGate.reviewRequests' },
        { label: `$(account) ${backendText(gateStatus())}`, command: gateStatus().backend === 'connected' ? 'piiGate.openInbox' : 'piiGate.signIn' },
        { label: `$(settings-gear) ${l10n.t('Settings')}`, command: 'workbench.action.openSettings', arguments: ['@ext:pii-gate.pii-gate'] },
        { label: `$(output) ${l10n.t('Show log')}`, command: 'piiGate.showLog' },
      ];
      const picked = await window.showQuickPick(entries, { title: 'PII Gate', placeHolder: l10n.t('What can be done here') });
      if (picked?.command !== undefined) await commands.executeCommand(picked.command, ...(picked.arguments ?? []));
    }),
    commands.registerCommand('piiGate.maskFile', async () => {
      const editor = window.activeTextEditor;
      if (editor === undefined) return;
      await commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.piiGate', apply: 'first' });
    }),
  ];
}

function backendText({ backend, user, detail }: GateStatus): string {
  switch (backend) {
    case 'connected': return user === undefined ? l10n.t('Approvals: connected') : l10n.t('Approvals: signed in as {0}', user.name);
    case 'none': return l10n.t('Approvals: no backend. Sign in');
    case 'unreachable': return l10n.t('Approvals: the backend can\'t be reached. {0}', detail ?? '');
    case 'unauthorized': return l10n.t('Approvals: sign in again');
    case 'untrusted-key': return l10n.t('Approvals: the backend\'s key is not the pinned one');
  }
}
