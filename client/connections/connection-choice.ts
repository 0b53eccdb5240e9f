/** Which connection a document uses: remembered per document, shown in the status bar in its environment's colour. */
import { commands, type Disposable, type Event, EventEmitter, l10n, type Memento, StatusBarAlignment, type TextDocument, ThemeIcon, window, workspace } from 'vscode';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { readConnections } from '../settings/settings.ts';
import { environmentColor, statusBackground } from './environment.ts';

const memoryKey = 'connectionOfDocument';

export interface ConnectionChoice extends Disposable {
  /** The connection of the document: chosen, or the only one there is. */
  of(document: TextDocument): ConnectionSettings | undefined;
  /** As `of`, else asks. */
  need(document: TextDocument): Promise<ConnectionSettings | undefined>;
  pick(document: TextDocument): Promise<ConnectionSettings | undefined>;
  readonly onDidChange: Event<void>;
}

export function createConnectionChoice(memory: Memento): ConnectionChoice {
  const changed = new EventEmitter<void>();
  const status = window.createStatusBarItem('piiGate.connection', StatusBarAlignment.Right, 100);
  status.name = l10n.t('PII Gate connection');
  status.command = 'piiGate.pickConnection';

  const chosen = (): Record<string, string> => memory.get<Record<string, string>>(memoryKey, {});
  const of: ConnectionChoice['of'] = (document) => {
    const connections = readConnections();
    const id = chosen()[document.uri.toString()];
    return connections.find((connection) => connection.id === id) ?? (connections.length === 1 ? connections[0] : undefined);
  };
  const pick: ConnectionChoice['pick'] = async (document) => {
    const connections = readConnections();
    if (connections.length === 0) {
      await commands.executeCommand('piiGate.addConnection');
      return of(document);
    }
    const current = of(document)?.id;
    const picked = await window.showQuickPick(
      [
        ...connections.map((connection) => ({
          label: connection.name,
          description: `${connection.environment} · ${connection.dialect}${connection.id === current ? ` · ${l10n.t('current')}` : ''}`,
          iconPath: new ThemeIcon('circle-filled', environmentColor(connection.environment)),
          connection,
        })),
        { label: l10n.t('Add a connection…'), description: '', iconPath: new ThemeIcon('add'), connection: undefined },
      ],
      { title: l10n.t('Connection for {0}', document.fileName.split(/[/\\]/).at(-1) ?? ''), placeHolder: l10n.t('Where should its statements run?') },
    );
    if (picked === undefined) return undefined;
    if (picked.connection === undefined) {
      await commands.executeCommand('piiGate.addConnection');
      return of(document);
    }
    await memory.update(memoryKey, { ...chosen(), [document.uri.toString()]: picked.connection.id });
    changed.fire();
    return picked.connection;
  };
  const show = (): void => {
    const document = window.activeTextEditor?.document;
    if (document?.languageId !== 'sql' || !workspace.isTrusted) { status.hide(); return; }
    const connection = of(document);
    status.text = connection === undefined ? `$(plug) ${l10n.t('No connection')}` : `$(database) ${connection.name}`;
    status.tooltip = connection === undefined
      ? l10n.t('Choose where the statements of this file run')
      : l10n.t('Statements of this file run on {0} ({1}, {2}). Click to change.', connection.name, connection.environment, connection.dialect);
    status.backgroundColor = connection === undefined ? undefined : statusBackground(connection.environment);
    status.color = connection === undefined || status.backgroundColor !== undefined ? undefined : environmentColor(connection.environment);
    status.show();
  };
  const subscriptions = [
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidOpenTextDocument(show),
    workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('piiGate.connections')) { show(); changed.fire(); } }),
    workspace.onDidGrantWorkspaceTrust(show),
    changed.event(show),
    changed,
    status,
  ];
  show();
  return {
    of,
    pick,
    need: async (document) => of(document) ?? pick(document),
    onDidChange: changed.event,
    dispose() { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
