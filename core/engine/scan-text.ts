/** A full scan: candidates, named values, ignores, allow-list, overlaps, caps. */
import type { ScanOptions } from './detector.ts';
import type { Finding, ScanLimit, ScanResult } from '../wire/finding.ts';
import type { CompiledRules } from './compile.ts';
import { DocumentText } from './document.ts';
import { Judge } from './judge.ts';
import { resolveOverlaps } from './overlap.ts';
import type { Scanner } from './scanner.ts';
import { DOUBTFUL } from './severity.ts';
import { inlineIgnores } from '../policy/inline-ignores.ts';
import { eachColumnValue, separates, valueAfter } from '../structure/named-values.ts';
import { isPlaceholder } from '../filters/placeholder.ts';

const DEFAULT_MAX_FINDINGS = 10_000;

export function scanText(compiled: CompiledRules, scanner: Scanner, text: string, options: ScanOptions, signal?: AbortSignal): ScanResult {
  const limits: ScanLimit[] = [...compiled.limits];
  if (signal?.aborted) return { findings: [], limits: [...limits, { kind: 'cancelled', scanned: 0, total: text.length, unit: 'utf16' }] };
  const document = new DocumentText(text, options);
  const judge = new Judge(compiled, document, options.minConfidence ?? DOUBTFUL);
  const progress = scanner.scan(document, judge, 0, text.length, signal);
  if (progress.scanned < text.length) limits.push({ kind: 'cancelled', scanned: progress.scanned, total: text.length, unit: 'utf16' });
  const { findings } = progress;
  scanNamedValues(compiled, document, judge, 0, progress.scanned, findings);
  const kept = resolveOverlaps(applyOptions(findings, text, options));
  return { findings: cap(kept, options.maxFindings ?? DEFAULT_MAX_FINDINGS, limits), limits };
}

/** Names that speak for their value: columns, keys, assignments. */
export function scanNamedValues(compiled: CompiledRules, document: DocumentText, judge: Judge, from: number, to: number, findings: Finding[]): void {
  const wanted = (name: string): boolean => compiled.names.match(name).some((match) => compiled.rules[match.rule]!.acceptsValue !== undefined);
  const sink = (name: string, start: number, end: number): void => {
    const value = document.text.slice(start, end);
    if (isPlaceholder(value)) return;
    for (const match of compiled.names.match(name)) {
      const rule = compiled.rules[match.rule]!;
      if (!rule.acceptsValue?.(value)) continue;
      const finding = judge.judgeNamed(rule, start, end, match.phrase, name);
      if (finding) findings.push(finding);
    }
  };
  for (const table of document.tables) eachColumnValue(table, from, to, wanted, sink);
  if (document.format === 'csv') return;
  const { text } = document;
  for (let at = from; at < to; at++) {
    if (separates(text.charCodeAt(at))) valueAfter(document, at, wanted, sink);
  }
}

export function applyOptions(findings: readonly Finding[], text: string, options: ScanOptions): Finding[] {
  const ignores = options.inlineIgnores === false ? undefined : inlineIgnores(text);
  const out: Finding[] = [];
  for (const finding of findings) {
    if (finding.reserved === true && options.reserved === false) continue;
    if (options.onlyEntities && !options.onlyEntities.has(finding.entity)) continue;
    if (options.disabledRules?.has(finding.ruleId)) continue;
    if (options.disabledEntities?.has(finding.entity)) continue;
    if (ignores?.covers(finding.start, finding.entity)) continue;
    if (options.allowed?.(text.slice(finding.start, finding.end), finding.entity)) continue;
    out.push(options.severityOf ? { ...finding, severity: options.severityOf(finding.entity, finding.severity) } : finding);
  }
  return out;
}

function cap(findings: Finding[], max: number, limits: ScanLimit[]): readonly Finding[] {
  if (findings.length <= max) return findings;
  limits.push({ kind: 'too-many-findings', kept: max, total: findings.length });
  return [...findings].sort((a, b) => b.confidence - a.confidence || a.start - b.start).slice(0, max).sort((a, b) => a.start - b.start);
}
