/** The shield: a language status item with details, and a count in the status bar. Yellow when something was not scanned. */
import { type Disposable, l10n, languages, LanguageStatusSeverity, MarkdownString, StatusBarAlignment, type TextDocument, ThemeColor, window, workspace } from 'vscode';
import type { ScanLimit } from '#core/wire/finding.ts';
import type { DocumentStatus } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';

/** A scan slower than this is worth a word. Milliseconds. */
const slowMs = 2000;

export function createShield(gate: GateClient): Disposable {
  const statuses = new Map<string, DocumentStatus>();
  const language = languages.createLanguageStatusItem('piiGate.status', [{ scheme: '*' }]);
  language.name = 'PII Gate';
  language.command = { command: 'piiGate.showMenu', title: l10n.t('What can be done') };
  const bar = window.createStatusBarItem('piiGate.shield', StatusBarAlignment.Right, 101);
  bar.name = l10n.t('PII Gate findings');
  bar.command = 'piiGate.showMenu';

  const show = (): void => {
    const document = window.activeTextEditor?.document;
    const status = document === undefined ? undefined : statuses.get(document.uri.toString());
    if (document === undefined || status === undefined) {
      bar.hide();
      language.text = '$(shield) PII Gate';
      language.detail = l10n.t('not scanned');
      language.severity = LanguageStatusSeverity.Information;
      return;
    }
    const words = describe(status);
    language.text = `$(shield) ${words.count}`;
    language.detail = words.notes.join(' · ');
    language.severity = words.warn ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    bar.text = `$(shield) ${status.findings}`;
    bar.backgroundColor = words.warn ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    bar.tooltip = new MarkdownString([words.count, ...words.notes].join('\n\n'));
    bar.accessibilityInformation = { label: `PII Gate: ${[words.count, ...words.notes].join(', ')}` };
    bar.show();
  };
  const subscriptions = [
    gate.onDocumentStatus((status) => { statuses.set(status.uri, status); if (isActive(status.uri)) show(); }),
    window.onDidChangeActiveTextEditor(show),
    workspace.onDidCloseTextDocument((document: TextDocument) => { statuses.delete(document.uri.toString()); show(); }),
    language,
    bar,
  ];
  show();
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

const isActive = (uri: string): boolean => window.activeTextEditor?.document.uri.toString() === uri;

export interface StatusWords { readonly count: string; readonly notes: readonly string[]; readonly warn: boolean }

/** "clean" is never said of a document that was scanned in part. */
export function describe({ findings, limits, elapsedMs }: DocumentStatus): StatusWords {
  const notes = limits.map(limitText);
  if (elapsedMs > slowMs) notes.push(l10n.t('slow: {0} s', (elapsedMs / 1000).toFixed(1)));
  const partly = limits.some(({ kind }) => kind !== 'structure-fallback');
  const none = partly ? l10n.t('No personal data in what was scanned') : l10n.t('No personal data found');
  const count = findings === 0 ? none : findings === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', findings.toLocaleString());
  return { count, notes, warn: notes.length > 0 && (partly || elapsedMs > slowMs) };
}

function limitText(limit: ScanLimit): string {
  switch (limit.kind) {
    case 'truncated': return l10n.t('scanned {0} of {1}', size(limit.scanned), size(limit.total));
    case 'cancelled': return l10n.t('scan cancelled after {0} of {1}', size(limit.scanned), size(limit.total));
    case 'too-many-findings': return l10n.t('showing {0} of {1} findings, worst first', limit.kept.toLocaleString(), limit.total.toLocaleString());
    case 'rule-skipped': return l10n.t('rule {0} skipped: {1}', limit.ruleId, limit.why);
    case 'structure-fallback': return l10n.t('not valid {0}, scanned as text: {1}', limit.format, limit.why);
    case 'provider-down': return l10n.t('{0} is down: {1}', limit.provider, limit.why);
    case 'binary': return l10n.t('not scanned, binary: {0}', limit.why);
  }
}

/** UTF-16 units and bytes are told alike: the user wants the proportion. */
function size(units: number): string {
  if (units < 10_000) return units.toLocaleString();
  return units < 1_000_000 ? `${Math.round(units / 1000)} k` : `${(units / 1_000_000).toFixed(units < 10_000_000 ? 1 : 0)} M`;
}
