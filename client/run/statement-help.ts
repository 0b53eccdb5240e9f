/** "Make it not need approval…" and the facts behind a prediction. */
import { commands, type Disposable, l10n, Selection, TextEditorRevealType, Uri, window } from 'vscode';
import type { StatementInfo } from '#core/wire/protocol.ts';
import type { ConnectionChoice } from '../connections/connection-choice.ts';
import { isTarget } from './run-commands.ts';
import type { StatementSource } from './statement-source.ts';

export function registerStatementHelp(source: StatementSource, connections: ConnectionChoice): Disposable[] {
  return [
    commands.registerCommand('piiGate.avoidApproval', async (target?: unknown) => {
      const editor = isTarget(target) ? await window.showTextDocument(Uri.parse(target.uri)) : window.activeTextEditor;
      if (editor === undefined) return;
      const connection = connections.of(editor.document);
      const offset = isTarget(target) ? target.start : editor.document.offsetAt(editor.selection.active);
      const statement = await source.at(editor.document, connection?.id, offset);
      if (statement === undefined) return;
      // The server's quick fixes hang on the statement: they are shown by the editor's own menu, with its preview.
      const position = editor.document.positionAt(statement.start);
      editor.selection = new Selection(position, position);
      editor.revealRange(editor.selection, TextEditorRevealType.InCenterIfOutsideViewport);
      await commands.executeCommand('editor.action.quickFix');
    }),
    commands.registerCommand('piiGate.explainPrediction', async (target: unknown, statement: unknown) => {
      if (!isStatement(statement)) return;
      const lines = explain(statement);
      const run = { label: `$(play) ${l10n.t('Run')}`, command: 'piiGate.runStatement' };
      const avoid = { label: `$(lightbulb) ${l10n.t('Make it not need approval…')}`, command: 'piiGate.avoidApproval' };
      const picked = await window.showQuickPick<{ label: string; description?: string; command?: string }>(
        [...lines, run, ...(statement.sensitive ? [avoid] : [])],
        { title: statement.summary.replaceAll(/\$\([\w-]+\)\s*/g, ''), placeHolder: l10n.t('What PII Gate knows of this statement') },
      );
      if (picked?.command !== undefined) await commands.executeCommand(picked.command, target);
    }),
  ];
}

export function explain({ facts, verdict }: StatementInfo): readonly { readonly label: string; readonly description?: string }[] {
  const uses = { output: l10n.t('reaches the result'), filter: l10n.t('shapes the result'), write: l10n.t('is written') };
  return [
    ...facts.sensitive.map(({ table, column, category, use }) => ({ label: `$(lock) ${table}.${column}`, description: `${category} · ${uses[use]}` })),
    ...facts.opaque.map(({ detail }) => ({ label: `$(question) ${detail}`, description: l10n.t('not understood, so treated as sensitive') })),
    ...(facts.estimatedRows === undefined ? [] : [{ label: `$(list-ordered) ${l10n.t('about {0} rows', facts.estimatedRows.toLocaleString())}` }]),
    ...(verdict?.approvers ?? []).map(({ anyOf, count }) => ({ label: `$(person) ${l10n.t('needs {0} × {1}', count, anyOf.join(' / '))}` })),
    ...(verdict === undefined ? [] : [{ label: `$(law) ${verdict.why}`, description: verdict.rules.join(', ') }]),
  ];
}

function isStatement(value: unknown): value is StatementInfo {
  return typeof value === 'object' && value !== null && 'facts' in value && 'summary' in value;
}
