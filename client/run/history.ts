/** What was run lately, from the server, where literals are masked before anything is kept. */
import { commands, type Disposable, l10n, type QuickInputButton, ThemeIcon, window, workspace } from 'vscode';
import type { HistoryEntry } from '#core/wire/protocol.ts';
import { count } from '../words/count.ts';
import { ageText } from '../approvals/request-words.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { readConnections } from '../settings/settings.ts';

const entriesShown = 200;

export function registerHistory(gate: GateClient): Disposable[] {
  return [commands.registerCommand('piiGate.showHistory', async () => showHistory(gate, await gate.history(entriesShown)))];
}

function showHistory(gate: GateClient, entries: readonly HistoryEntry[]): void {
  const clear: QuickInputButton = { iconPath: new ThemeIcon('clear-all'), tooltip: l10n.t('Forget the history') };
  const pick = window.createQuickPick<{ readonly label: string; readonly entry: HistoryEntry; readonly description: string; readonly detail: string }>();
  const names = new Map(readConnections().map(({ id, name }) => [id, name]));
  pick.title = l10n.t('Query history');
  pick.placeholder = entries.length === 0 ? l10n.t('Nothing has been run yet') : l10n.t('Enter opens the statement in a new editor');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = entries.length === 0 ? [] : [clear];
  pick.items = entries.map((entry) => ({
    label: `$(${iconOf(entry)}) ${entry.statement.replaceAll(/\s+/g, ' ').trim()}`,
    description: ageText(Date.now() - entry.at),
    detail: [
      outcomeOf(entry), names.get(entry.connectionId) ?? entry.connectionId,
      ...(entry.elapsedMs === undefined ? [] : [`${Math.round(entry.elapsedMs)} ms`]),
      ...(entry.redactions === 0 ? [] : [count(entry.redactions, l10n.t('1 value masked'), (shown) => l10n.t('{0} values masked', shown))]),
    ].join(' · '),
    entry,
  }));
  pick.onDidAccept(async () => {
    const [item] = pick.activeItems;
    pick.hide();
    if (item !== undefined) await window.showTextDocument(await workspace.openTextDocument({ language: 'sql', content: `${item.entry.statement};\n` }));
  });
  pick.onDidTriggerButton(async () => { await gate.clearHistory(); pick.hide(); });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

const iconOf = ({ outcome }: HistoryEntry): string => ({ done: 'pass', blocked: 'lock', failed: 'error', cancelled: 'circle-slash' })[outcome];

function outcomeOf({ outcome, rows }: HistoryEntry): string {
  if (outcome === 'done') return rows === undefined ? l10n.t('done') : count(rows, l10n.t('1 row'), (shown) => l10n.t('{0} rows', shown));
  return { blocked: l10n.t('blocked'), failed: l10n.t('failed'), cancelled: l10n.t('cancelled') }[outcome];
}
