/** A line above each statement: Run · what will happen · how to avoid asking. */
import { CodeLens, type CodeLensProvider, type Disposable, EventEmitter, l10n, languages, Range, type TextDocument, workspace } from 'vscode';
import type { StatementInfo } from '#core/wire/protocol.ts';
import type { ConnectionChoice } from '../connections/connection-choice.ts';
import type { StatementSource } from '../run/statement-source.ts';
import { lensesEnabled } from '../settings/settings.ts';

export function registerStatementLenses(source: StatementSource, connections: ConnectionChoice): Disposable {
  const changed = new EventEmitter<void>();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      if (!workspace.isTrusted || !lensesEnabled(document)) return [];
      const connection = connections.of(document);
      const statements = await source.statements(document, connection?.id, token);
      return (statements ?? []).flatMap((statement) => lensesOf(document, statement, connection !== undefined));
    },
  };
  const fire = (): void => changed.fire();
  const subscriptions = [
    languages.registerCodeLensProvider({ language: 'sql' }, provider),
    source.onDidInvalidate(fire),
    connections.onDidChange(fire),
    workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('piiGate.codeLens')) fire(); }),
    changed,
  ];
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

function lensesOf(document: TextDocument, statement: StatementInfo, connected: boolean): readonly CodeLens[] {
  const position = document.positionAt(statement.start);
  const range = new Range(position, position);
  const target = { uri: document.uri.toString(), start: statement.start, end: statement.end };
  const run = new CodeLens(range, {
    title: `$(play) ${l10n.t('Run')}`, command: 'piiGate.runStatement', arguments: [target],
    tooltip: l10n.t('Run this statement (Ctrl+Enter)'),
  });
  if (!connected) {
    return [run, new CodeLens(range, { title: l10n.t('Choose a connection'), command: 'piiGate.pickConnection' })];
  }
  const prediction = new CodeLens(range, {
    title: predictionTitle(statement), command: 'piiGate.explainPrediction', arguments: [target, statement],
    tooltip: l10n.t('Why? Click for the facts'),
  });
  if (!statement.sensitive) return [run, prediction];
  return [run, prediction, new CodeLens(range, {
    title: l10n.t('Make it not need approval…'), command: 'piiGate.avoidApproval', arguments: [target],
  })];
}

/** The server words the summary; the icon comes from what the policy says. */
export function predictionTitle({ summary, sensitive, verdict }: StatementInfo): string {
  if (/^\$\(/.test(summary)) return summary;
  const icon = verdict?.effect === 'deny' ? '$(circle-slash) ' : sensitive && verdict?.effect !== 'allow' ? '$(lock) ' : '';
  return `${icon}${summary}`;
}
