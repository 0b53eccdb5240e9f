/** Where personal data lives: tables and columns under a connection with their category, and the scan that writes the inventory file. */
import { l10n, ProgressLocation, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, window, workspace } from 'vscode';
import type { ConnectionSettings, InventoryColumn, InventoryTable } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { categoryText } from '../webview/category.ts';
import { count } from '../words/count.ts';

export const isSensitive = ({ category, entity }: InventoryColumn): boolean => category !== undefined || entity !== undefined;
/** SQLite calls its only file `main`: that says nothing. */
export const tableName = ({ schema, name }: InventoryTable): string => schema === undefined || schema === '' || schema === 'main' ? name : `${schema}.${name}`;

/** Tables with personal data first, then by name. */
export function byWeight(tables: readonly InventoryTable[]): readonly InventoryTable[] {
  const weight = ({ columns }: InventoryTable): number => columns.filter(isSensitive).length;
  return [...tables].sort((a, b) => weight(b) - weight(a) || tableName(a).localeCompare(tableName(b)));
}

export function tableItem(connection: ConnectionSettings, table: InventoryTable): TreeItem {
  const sensitive = table.columns.filter(isSensitive).length;
  const item = new TreeItem(tableName(table), TreeItemCollapsibleState.Collapsed);
  item.id = `${connection.id}/${tableName(table)}`;
  item.iconPath = new ThemeIcon(table.kind === 'view' ? 'eye' : 'table', sensitive > 0 ? new ThemeColor('list.warningForeground') : undefined);
  item.description = sensitive === 0 ? l10n.t('nothing personal known') : count(sensitive, l10n.t('1 personal column'), (shown) => l10n.t('{0} personal columns', shown));
  item.contextValue = 'inventoryTable';
  return item;
}

export function columnItem(connection: ConnectionSettings, table: InventoryTable, column: InventoryColumn): TreeItem {
  const item = new TreeItem(column.name);
  item.id = `${connection.id}/${tableName(table)}/${column.name}`;
  item.iconPath = isSensitive(column) ? new ThemeIcon('lock', new ThemeColor('list.warningForeground')) : new ThemeIcon('symbol-field');
  const sure = column.confidence === undefined ? '' : `${Math.round(column.confidence * 100)} %`;
  item.description = [column.category === undefined ? column.type ?? '' : categoryText(column.category), sure].filter((part) => part !== '').join(' · ');
  item.tooltip = [column.name, column.type ?? '', column.entity ?? '', column.source ?? ''].filter((part) => part !== '').join('\n');
  item.contextValue = isSensitive(column) ? 'inventoryColumnPersonal' : 'inventoryColumn';
  return item;
}

/** Looks through the catalogue and writes the committable file; what it says can be corrected there. */
export async function scanConnection(gate: GateClient, connection: ConnectionSettings): Promise<boolean> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    void window.showInformationMessage(l10n.t('Open a folder first: the inventory is a file of the workspace.'));
    return false;
  }
  const real = connection.environment === 'production' || connection.environment === 'critical';
  const picked = await window.showQuickPick([
    { label: l10n.t('Names, types and labels only'), description: l10n.t('no value is read'), sample: false },
    { label: l10n.t('Also a few values of each column'), description: real ? l10n.t('reads real people\'s data; they are judged and dropped at once') : l10n.t('they are judged and dropped at once'), sample: true },
  ], { title: l10n.t('Look for personal data in {0}', connection.name) });
  if (picked === undefined) return false;
  const made = await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Looking through {0}', connection.name) }, () =>
    gate.scanInventory({ connectionId: connection.id, folder: folder.uri.toString(), ...(picked.sample ? { sample: true, ...(real ? { production: true } : {}) } : {}) }));
  const uri = Uri.joinPath(folder.uri, made.fileName);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(made.text));
  await window.showTextDocument(uri, { preview: true, preserveFocus: true });
  const skipped = made.skipped.length === 0 ? '' : ` ${l10n.t('Not looked at: {0}.', made.skipped.map(({ table, why }) => `${table} (${why})`).join(', '))}`;
  void window.showInformationMessage(l10n.t('{0} personal columns in {1} tables of {2}.', made.found, made.tables, connection.name) + skipped);
  return true;
}
