/** Findings as LSP diagnostics. Carries entity, rule and reasons; never a value or its mask. */
import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity } from 'vscode-languageserver-types';
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Finding, ScanLimit, ScanResult, Severity } from '#core/wire/finding.ts';
import type { ClientSupport } from '../session/client-support.ts';
import type { LineIndex } from '#core/text/line-index.ts';
import { sameValue } from './related.ts';
import { select } from './select.ts';
import { aggregateMessage, entityPage, findingMessage, limitMessage, summaryMessage, titleOf } from './wording.ts';

export const source = 'PII Gate';

/** Codes of the diagnostics that are no entity. */
export const summaryCode = 'SUMMARY';
export const limitCode = 'SCAN_LIMIT';

const severityOf: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export interface DiagnosticsInput {
  readonly uri: string;
  /** Reads stretches of the text. */
  readonly text: { slice(start: number, end: number): string };
  readonly result: ScanResult;
  readonly lines: LineIndex;
  readonly entities: ReadonlyMap<string, EntityInfo>;
  /** At most this many diagnostics, aggregates and summary included. */
  readonly max: number;
  readonly support: ClientSupport;
}

export function toDiagnostics({ uri, text, result, lines, entities, max, support }: DiagnosticsInput): Diagnostic[] {
  const limits = result.limits.flatMap((limit) => limitDiagnostic(limit, lines));
  const total = Math.max(result.findings.length, ...result.limits.map((limit) => (limit.kind === 'too-many-findings' ? limit.total : 0)));
  const { shown, aggregates, summary } = select(result.findings, Math.max(1, max - limits.length), total);
  const title = (entity: string): string => titleOf(entity, entities.get(entity));
  const related = support.relatedInformation ? sameValue(text, shown) : undefined;
  const elsewhere = (finding: Finding): DiagnosticRelatedInformation[] | undefined =>
    related?.get(finding)?.map((other) => ({ location: { uri, range: lines.rangeOf(other.start, other.end) }, message: 'The same value stands here.' }));
  const make = (finding: Finding, message: string): Diagnostic => ({
    range: lines.rangeOf(finding.start, finding.end),
    severity: severityOf[finding.severity],
    source,
    code: finding.entity,
    message,
    ...(support.codeDescription ? { codeDescription: { href: entityPage(finding.entity) } } : {}),
    ...(support.diagnosticData ? { data: { ruleId: finding.ruleId } } : {}),
  });
  const diagnostics = shown.map((finding) => {
    const relatedInformation = elsewhere(finding);
    return { ...make(finding, findingMessage(finding, title(finding.entity))), ...(relatedInformation === undefined ? {} : { relatedInformation }) };
  });
  for (const { first, more } of aggregates) diagnostics.push(make(first, aggregateMessage(title(first.entity), more, total > result.findings.length)));
  if (summary !== undefined) {
    const message = summaryMessage(summary.total, shown.length, summary.groups.map(([entity, size]) => [title(entity), size]), summary.atLeast);
    diagnostics.unshift({ range: lines.rangeOf(0, 0), severity: DiagnosticSeverity.Information, source, code: summaryCode, message });
  }
  return [...limits, ...diagnostics];
}

function limitDiagnostic(limit: ScanLimit, lines: LineIndex): Diagnostic[] {
  const message = limitMessage(limit);
  if (message === undefined) return [];
  const at = limit.kind === 'truncated' || limit.kind === 'cancelled' ? limit.scanned : 0;
  return [{ range: lines.rangeOf(at, at), severity: DiagnosticSeverity.Information, source, code: limitCode, message }];
}
