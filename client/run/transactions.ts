/** Manual transactions: begin, commit, roll back on the connection of the shown document, and a status that can't be overlooked while one is open. */
import { commands, type Disposable, l10n, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { ConnectionSettings, TransactionParams } from '#core/wire/protocol.ts';
import type { ConnectionChoice } from '../connections/connection-choice.ts';
import type { GateClient } from '../gate/gate-client.ts';

export function registerTransactions(gate: GateClient, connections: ConnectionChoice): Disposable[] {
  const open = new Map<string, ConnectionSettings>();
  const status = window.createStatusBarItem('piiGate.transaction', StatusBarAlignment.Left, 9);
  status.name = l10n.t('PII Gate transaction');
  status.command = 'piiGate.commitTransaction';
  status.backgroundColor = new ThemeColor('statusBarItem.warningBackground');

  const show = (): void => {
    void commands.executeCommand('setContext', 'piiGate.transaction', open.size > 0);
    if (open.size === 0) { status.hide(); return; }
    const names = [...open.values()].map(({ name }) => name).join(', ');
    status.text = `$(git-commit) ${l10n.t('Open transaction')}`;
    status.tooltip = l10n.t('Uncommitted on {0}. Click to commit.', names);
    status.show();
  };
  const act = async (connection: ConnectionSettings, action: TransactionParams['action']): Promise<void> => {
    const answer = await gate.transaction({ connectionId: connection.id, action });
    if (!answer.ok) { void window.showErrorMessage(answer.message); return; }
    if (answer.open) open.set(connection.id, connection); else open.delete(connection.id);
    show();
  };
  const end = async (action: 'commit' | 'rollback'): Promise<void> => {
    const all = [...open.values()];
    const picked = all.length <= 1 ? all[0] : (await window.showQuickPick(all.map((connection) => ({ label: connection.name, connection })), { title: l10n.t('Which transaction?') }))?.connection;
    if (picked !== undefined) await act(picked, action);
  };
  return [
    status,
    commands.registerCommand('piiGate.beginTransaction', async () => {
      const document = window.activeTextEditor?.document;
      const connection = document === undefined ? undefined : await connections.need(document);
      if (connection !== undefined) await act(connection, 'begin');
    }),
    commands.registerCommand('piiGate.commitTransaction', () => end('commit')),
    commands.registerCommand('piiGate.rollbackTransaction', () => end('rollback')),
  ];
}
