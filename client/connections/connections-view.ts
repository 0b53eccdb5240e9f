/** The Connections view: databases with their environment, tested when asked, passwords kept out of settings. */
import { commands, type Disposable, EventEmitter, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, window, workspace } from 'vscode';
import type { ConnectionSettings, InventoryColumn, InventoryTable } from '#core/wire/protocol.ts';
import type { Configurator } from '../gate/configure.ts';
import type { GateClient } from '../gate/gate-client.ts';
import type { Secrets } from '../settings/secrets.ts';
import { readConnections, writeConnections } from '../settings/settings.ts';
import { editConnection, type Offers } from './connection-form.ts';
import { correctColumn } from './correct-column.ts';
import { byWeight, columnItem, scanConnection, tableItem } from './data-map.ts';
import { environmentColor } from './environment.ts';

export interface ConnectionsDependencies { readonly gate: GateClient; readonly secrets: Secrets; readonly configurator: Configurator }
interface Node { readonly connection: ConnectionSettings; readonly table?: InventoryTable; readonly column?: InventoryColumn }
type Test = { readonly state: 'testing' } | { readonly state: 'ok' } | { readonly state: 'failed'; readonly message: string };

export function registerConnectionsView({ gate, secrets, configurator }: ConnectionsDependencies): Disposable[] {
  const changed = new EventEmitter<void>();
  const tests = new Map<string, Test>();
  const offers: Offers = {
    discover: () => gate.discover((workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString())),
    adopt: ({ uri, variable }) => gate.adopt({ uri, variable }),
  };
  const provider: TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    async getChildren(node): Promise<Node[]> {
      if (!workspace.isTrusted || node?.column !== undefined) return [];
      if (node === undefined) return readConnections().map((connection) => ({ connection }));
      const { connection, table } = node;
      if (table !== undefined) return table.columns.map((column) => ({ connection, table, column }));
      try {
        return byWeight((await gate.inventory(connection.id)).tables).map((one) => ({ connection, table: one }));
      } catch (error) {
        // Told once: a refresh asks again, and must not cause the next one.
        const known = tests.get(connection.id)?.state === 'failed';
        tests.set(connection.id, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
        if (!known) setImmediate(() => changed.fire());
        return [];
      }
    },
    getTreeItem: ({ connection, table, column }) => table === undefined ? connectionItem(connection, tests.get(connection.id))
      : column === undefined ? tableItem(connection, table) : columnItem(connection, table, column),
  };
  const test = async (connection: ConnectionSettings): Promise<void> => {
    tests.set(connection.id, { state: 'testing' });
    changed.fire();
    try {
      const { ok, message } = await gate.testConnection(connection.id);
      tests.set(connection.id, ok ? { state: 'ok' } : { state: 'failed', message: message ?? l10n.t('It did not answer.') });
    } catch (error) {
      tests.set(connection.id, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
    changed.fire();
    const outcome = tests.get(connection.id);
    if (outcome?.state === 'failed') {
      const [edit, password] = [l10n.t('Edit'), l10n.t('Set password')];
      const picked = await window.showErrorMessage(l10n.t('{0}: {1}', connection.name, outcome.message), edit, password);
      if (picked === edit) await change(connection);
      else if (picked === password) await setPassword(connection);
    }
  };
  const setPassword = async (connection: ConnectionSettings): Promise<boolean> => {
    const typed = await window.showInputBox({
      title: l10n.t('Password of {0}', connection.user ?? connection.name), password: true, ignoreFocusOut: true,
      prompt: l10n.t('Kept in the system\'s secret storage. Empty removes it.'),
    });
    if (typed === undefined) return false;
    await secrets.setPassword(connection.id, typed === '' ? undefined : typed);
    await configurator.push();
    return true;
  };
  const save = async (made: ConnectionSettings, password: string | undefined): Promise<void> => {
    if (password !== undefined) await secrets.setPassword(made.id, password);
    await writeConnections((all) => all.some(({ id }) => id === made.id) ? all.map((one) => one.id === made.id ? made : one) : [...all, made]);
    await configurator.push();
    changed.fire();
    await test(made);
  };
  const change = async (connection: ConnectionSettings): Promise<void> => {
    const edited = await editConnection(connection, readConnections().map(({ id }) => id), offers);
    if (edited !== undefined) await save(edited.connection, edited.password);
  };
  const on = (id: string, act: (connection: ConnectionSettings) => Promise<unknown>): Disposable =>
    commands.registerCommand(`piiGate.${id}`, async (node?: unknown) => {
      if (typeof node === 'object' && node !== null && 'connection' in node) await act((node as Node).connection);
    });
  const onColumn = (id: string, act: (connection: ConnectionSettings, table: InventoryTable, column: InventoryColumn) => Promise<boolean>): Disposable =>
    commands.registerCommand(`piiGate.${id}`, async (node?: unknown) => {
      if (typeof node !== 'object' || node === null || !('column' in node)) return;
      const { connection, table, column } = node as Node;
      if (table !== undefined && column !== undefined && await act(connection, table, column)) changed.fire();
    });
  return [
    window.createTreeView('piiGate.connections', { treeDataProvider: provider }),
    changed,
    workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('piiGate.connections')) changed.fire(); }),
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    commands.registerCommand('piiGate.addConnection', async () => {
      const made = await editConnection(undefined, readConnections().map(({ id }) => id), offers);
      if (made !== undefined) await save(made.connection, made.password);
    }),
    commands.registerCommand('piiGate.refreshConnections', () => { tests.clear(); changed.fire(); }),
    on('testConnection', test),
    on('scanConnection', async (connection) => { if (await scanConnection(gate, connection)) changed.fire(); }),
    onColumn('setCategory', (connection, table, column) => correctColumn(gate, connection, table, column, 'choose')),
    onColumn('notPersonal', (connection, table, column) => correctColumn(gate, connection, table, column, 'nothing')),
    on('editConnection', change),
    on('setPassword', setPassword),
    on('removeConnection', async (connection) => {
      const remove = l10n.t('Remove');
      const picked = await window.showWarningMessage(l10n.t('Remove the connection {0}? Its password is forgotten.', connection.name), { modal: true }, remove);
      if (picked !== remove) return;
      await secrets.setPassword(connection.id, undefined);
      await writeConnections((all) => all.filter(({ id }) => id !== connection.id));
      await configurator.push();
    }),
  ];
}

function connectionItem(connection: ConnectionSettings, test: Test | undefined): TreeItem {
  const item = new TreeItem(connection.name, TreeItemCollapsibleState.Collapsed);
  const place = connection.file?.split(/[/\\]/).at(-1) ?? [connection.host, connection.database].filter((part) => part !== undefined).join('/');
  item.id = connection.id;
  item.contextValue = 'connection';
  item.description = [connection.environment, place, connection.readOnly === false ? l10n.t('writes allowed') : '', test?.state === 'ok' ? l10n.t('answers') : ''].filter((part) => part !== '').join(' · ');
  item.iconPath = test?.state === 'testing' ? new ThemeIcon('sync~spin')
    : test?.state === 'failed' ? new ThemeIcon('error', new ThemeColor('errorForeground'))
      : new ThemeIcon('database', environmentColor(connection.environment));
  item.tooltip = [connection.name, connection.dialect, place, connection.user ?? '', test?.state === 'failed' ? test.message : ''].filter((part) => part !== '').join('\n');
  return item;
}
