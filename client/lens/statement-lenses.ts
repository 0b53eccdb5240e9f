/** A line above each statement: Run · what will happen · how to avoid asking. */
import { CodeLens, type CodeLensProvider, type Disposable, type Event, EventEmitter, l10n, languages, Range, type TextDocument, workspace } from 'vscode';
import type { StatementInfo } from '#core/wire/protocol.ts';
import type { ConnectionChoice } from '../connections/connection-choice.ts';
import type { StatementSource } from '../run/statement-source.ts';
import { lensesEnabled } from '../settings/settings.ts';

/** A request that a reviewer sent back, by where its statement stands. */
export interface SentBackStatements {
  in(uri: string): readonly { readonly requestId: string; readonly start: number; readonly by: string }[];
  readonly onDidChange: Event<void>;
}

export function registerStatementLenses(source: StatementSource, connections: ConnectionChoice, sentBack: SentBackStatements): Disposable {
  const changed = new EventEmitter<void>();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      if (!workspace.isTrusted || !lensesEnabled(document)) return [];
      const connection = connections.of(document);
      const back = sentBack.in(document.uri.toString());
      const statements = await source.statements(document, connection?.id, token);
      return (statements ?? []).flatMap((statement) => lensesOf(document, statement, connection !== undefined, back));
    },
  };
  const fire = (): void => changed.fire();
  const subscriptions = [
    languages.registerCodeLensProvider({ language: 'sql' }, provider),
    source.onDidInvalidate(fire),
    connections.onDidChange(fire),
    sentBack.onDidChange(fire),
    workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('piiGate.codeLens')) fire(); }),
    changed,
  ];
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

function lensesOf(document: TextDocument, statement: StatementInfo, connected: boolean, back: ReturnType<SentBackStatements['in']>): readonly CodeLens[] {
  const position = document.positionAt(statement.start);
  const range = new Range(position, position);
  const target = { uri: document.uri.toString(), start: statement.start, end: statement.end };
  const run = new CodeLens(range, {
    title: `$(play) ${l10n.t('Run')}`, command: 'piiGate.runStatement', arguments: [target],
    tooltip: l10n.t('Run this statement (Ctrl+Enter)'),
  });
  const request = back.find(({ start }) => statement.start <= start && start <= statement.end);
  if (request !== undefined) {
    return [run, new CodeLens(range, {
      title: `$(request-changes) ${l10n.t('{0} asks for changes: resubmit…', request.by)}`, command: 'piiGate.resubmitRequest', arguments: [request.requestId],
      tooltip: l10n.t('Edit the statement, then send it again under the same request'),
    })];
  }
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
