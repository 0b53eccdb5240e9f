/** Reveal and export are rights of their own: each is an operation that asks by itself. */
import { randomUUID } from 'node:crypto';
import { commands, type Disposable, l10n, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { AskDetails, ExportParams, RunState } from '#core/wire/protocol.ts';
import type { ResultSummary } from '#core/wire/results.ts';
import type { GateClient } from '../gate/gate-client.ts';
import type { Operation, Progress, SentBack } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';

export interface ResultActions {
  reveal(progress: Progress, result: ResultSummary, columns: readonly number[]): Promise<void>;
  exportResult(progress: Progress, result: ResultSummary): Promise<void>;
}

export function createResultActions(gate: GateClient, runs: RunController): ResultActions {
  type More = { readonly ask?: AskDetails; readonly resubmits?: string };
  type Start = (runId: string, more: More) => Promise<RunState | undefined>;
  const operation = (about: Progress, capability: 'reveal' | 'export', title: string, start: Start, answers?: SentBack): Operation => {
    const { operation: { runId: of, connection, origin } } = about;
    const runId = randomUUID();
    return {
      runId, capability, title, connection, of, ...(origin === undefined ? {} : { origin }),
      ...(answers === undefined ? {} : { answers }),
      start: (ask) => start(runId, { ...(ask === undefined ? {} : { ask }), ...(answers === undefined ? {} : { resubmits: answers.requestId }) }),
      renew: (next) => operation(about, capability, title, start, next),
    };
  };
  return {
    async reveal(progress, result, columns) {
      const asked = columns.filter((index) => result.columns[index]?.revealable === true);
      if (asked.length === 0) {
        void window.showInformationMessage(l10n.t('These columns stay masked: the policy does not let anyone reveal them.'));
        return;
      }
      await runs.submit(operation(progress, 'reveal', l10n.t('reveal {0}', names(result, asked)), (runId, more) =>
        gate.reveal({ runId, resultId: result.resultId, columns: asked, ...more })));
    },
    async exportResult(progress, result) {
      const picked = await pickExport(result);
      if (picked === undefined) return;
      await runs.submit(operation(progress, 'export', l10n.t('export {0}', picked.path.split(/[/\\]/).at(-1) ?? ''), (runId, more) =>
        gate.exportResult({ runId, resultId: result.resultId, ...picked, ...more })));
    },
  };
}

type ExportChoice = Pick<ExportParams, 'format' | 'path' | 'clear' | 'watermark'>;

async function pickExport(result: ResultSummary): Promise<ExportChoice | undefined> {
  const formats: readonly { readonly label: string; readonly description: string; readonly format: ExportParams['format'] }[] = [
    { label: 'CSV', description: l10n.t('for spreadsheets; formulas are made harmless'), format: 'csv' },
    { label: 'JSON', description: l10n.t('one array'), format: 'json' },
    { label: 'JSON Lines', description: l10n.t('one object a line'), format: 'jsonl' },
    { label: 'SQL INSERT', description: '', format: 'sql' },
    { label: 'Excel', description: '', format: 'xlsx' },
  ];
  const format = await window.showQuickPick(formats, { title: l10n.t('Export as'), ignoreFocusOut: true });
  if (format === undefined) return undefined;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: l10n.t('Export results'),
    filters: { [format.label]: [format.format] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, `result.${format.format}`) }),
  });
  if (target === undefined) return undefined;
  const masked = result.columns.filter((column) => column.masked && !column.revealed && column.revealable);
  type Item = QuickPickItem & { readonly index?: number };
  const columns: Item[] = masked.map(({ name, reasons, index }) => ({ label: name, description: reasons[0] ?? '', index }));
  const mark: Item = { label: `$(tag) ${l10n.t('Watermark')}`, description: l10n.t('a column that names you and the approval in every row') };
  const picked = await window.showQuickPick<Item>(
    [...columns, { label: '', kind: QuickPickItemKind.Separator }, mark],
    { title: l10n.t('Columns to export in clear'), placeHolder: l10n.t('None: masked columns are exported masked'), canPickMany: true, ignoreFocusOut: true },
  );
  if (picked === undefined) return undefined;
  const clear = picked.flatMap(({ index }) => index ?? []);
  return { format: format.format, path: target.fsPath, clear, ...(picked.includes(mark) ? { watermark: true } : {}) };
}

function names(result: ResultSummary, columns: readonly number[]): string {
  return columns.flatMap((index) => result.columns[index]?.name ?? []).join(', ');
}

/** The palette's entries act on the result that is shown. */
export function registerResultCommands(actions: ResultActions, active: () => { readonly progress: Progress; readonly result: ResultSummary } | undefined): Disposable[] {
  return [
    commands.registerCommand('piiGate.exportResults', async () => {
      const shown = active();
      if (shown !== undefined) await actions.exportResult(shown.progress, shown.result);
    }),
    commands.registerCommand('piiGate.revealColumns', async () => {
      const shown = active();
      if (shown === undefined) return;
      const masked = shown.result.columns.filter((column) => column.masked && !column.revealed && column.revealable);
      const picked = await window.showQuickPick(
        masked.map(({ name, reasons, index }) => ({ label: name, description: reasons[0] ?? '', index })),
        { title: l10n.t('Ask to reveal'), placeHolder: masked.length === 0 ? l10n.t('No masked column of this result may be revealed') : l10n.t('Columns'), canPickMany: true },
      );
      if (picked !== undefined && picked.length > 0) await actions.reveal(shown.progress, shown.result, picked.map(({ index }) => index));
    }),
  ];
}
