/** What was run here lately: kind and tables, where, how it ended. Never the statement's text or a value; the file still has the statement. */
import { commands, type Disposable, l10n, type Memento, type QuickInputButton, Range, ThemeIcon, Uri, window, workspace } from 'vscode';
import { ageText } from '../approvals/request-words.ts';
import { isOver, type Progress } from './operation.ts';
import type { RunController } from './run-controller.ts';

const historyKey = 'history';
const entriesKept = 100;

interface Entry {
  readonly title: string;
  readonly connection: string;
  readonly environment: string;
  /** How it ended, in a word or two. */
  readonly outcome: string;
  readonly icon: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly uri?: string;
  readonly start?: number;
  readonly end?: number;
}

export function registerHistory(runs: RunController, memory: Memento): Disposable[] {
  const read = (): readonly Entry[] => memory.get<readonly Entry[]>(historyKey, []);
  const noted = new Set<string>();
  return [
    runs.onDidChange((progress) => {
      const { operation: { runId, capability }, state } = progress;
      if (!isOver(state)) { noted.delete(runId); return; }
      // A reveal brings its result's state again: that is no second run.
      if (capability !== 'run' || noted.has(runId)) return;
      noted.add(runId);
      void memory.update(historyKey, [entryOf(progress), ...read()].slice(0, entriesKept));
    }),
    commands.registerCommand('piiGate.showHistory', () => showHistory(read(), () => memory.update(historyKey, undefined))),
  ];
}

function entryOf({ operation: { title, connection, origin }, state }: Progress): Entry {
  const [outcome, icon] = outcomeOf(state);
  return {
    title, connection: connection.name, environment: connection.environment, outcome, icon, at: Date.now(),
    ...(origin === undefined ? {} : { uri: origin.uri, start: origin.range.start, end: origin.range.end }),
  };
}

function outcomeOf(state: Progress['state']): readonly [string, string] {
  switch (state.state) {
    case 'done': return [l10n.t('{0} rows', state.result.rows.toLocaleString()), 'pass'];
    case 'blocked': return [l10n.t('blocked: {0}', state.blocked.code), 'lock'];
    case 'failed': return [l10n.t('failed'), 'error'];
    default: return [l10n.t('cancelled'), 'circle-slash'];
  }
}

async function showHistory(entries: readonly Entry[], clear: () => Thenable<void>): Promise<void> {
  const clearButton: QuickInputButton = { iconPath: new ThemeIcon('clear-all'), tooltip: l10n.t('Forget the history') };
  const again: QuickInputButton = { iconPath: new ThemeIcon('play'), tooltip: l10n.t('Run the statement that stands there now') };
  const pick = window.createQuickPick<{ readonly label: string; readonly entry: Entry; readonly description: string; readonly detail?: string; readonly buttons?: readonly QuickInputButton[] }>();
  pick.title = l10n.t('Queries run in this workspace');
  pick.placeholder = entries.length === 0 ? l10n.t('Nothing has been run yet') : l10n.t('Enter goes to the statement');
  pick.matchOnDescription = true;
  pick.buttons = entries.length === 0 ? [] : [clearButton];
  pick.items = entries.map((entry) => ({
    label: `$(${entry.icon}) ${entry.title}`,
    description: [entry.outcome, entry.connection, ageText(Date.now() - entry.at)].join(' · '),
    entry,
    ...(entry.uri === undefined ? {} : { detail: workspace.asRelativePath(Uri.parse(entry.uri)), buttons: [again] }),
  }));
  const go = async ({ uri, start, end }: Entry, run: boolean): Promise<void> => {
    pick.hide();
    if (uri === undefined || start === undefined || end === undefined) return;
    const document = await workspace.openTextDocument(Uri.parse(uri));
    await window.showTextDocument(document, { selection: new Range(document.positionAt(start), document.positionAt(end)) });
    if (run) await commands.executeCommand('piiGate.runStatement', { uri, start, end });
  };
  pick.onDidAccept(() => { const [item] = pick.activeItems; if (item !== undefined) void go(item.entry, false); });
  pick.onDidTriggerItemButton(({ item }) => void go(item.entry, true));
  pick.onDidTriggerButton(async () => { await clear(); pick.hide(); });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}
