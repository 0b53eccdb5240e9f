/** The engine's findings and a provider's spans as one result. The engine's word stands where both speak. */
import type { EntityInfo, ScanOptions } from '../engine/detector.ts';
import { inlineIgnores } from '../policy/inline-ignores.ts';
import type { Finding, ScanLimit, ScanResult, Severity } from '../wire/finding.ts';
import type { ProviderAnswer, ProviderSpan } from './provider.ts';

export interface MergeInput {
  readonly text: string;
  readonly result: ScanResult;
  readonly provider: string;
  readonly answer: ProviderAnswer;
  readonly options: ScanOptions;
  readonly entities: ReadonlyMap<string, EntityInfo>;
  /** What the default mask makes of a value. */
  readonly mask: (value: string, entity: string) => string;
}

/** As in the engine: below this confidence nothing is louder than information. */
const loudFrom = 0.7;

export function mergeProvider({ text, result, provider, answer, options, entities, mask }: MergeInput): ScanResult {
  if (answer.kind === 'cancelled') return result;
  if (answer.kind === 'down') return { findings: result.findings, limits: [...result.limits, { kind: 'provider-down', provider, why: answer.why }] };
  const down = (answer.down ?? []).map(({ provider: name, why }): ScanLimit => ({ kind: 'provider-down', provider: name, why }));
  const ignores = options.inlineIgnores === false ? undefined : inlineIgnores(text);
  const wanted = answer.spans.filter(({ entity, score, start, end }) =>
    score >= (options.minConfidence ?? 0.4)
    && options.disabledEntities?.has(entity) !== true
    && options.allowed?.(text.slice(start, end), entity) !== true
    && ignores?.covers(start, entity) !== true);
  const added = freeSpans(wanted, result.findings).map((span): Finding => {
    const info = entities.get(span.entity);
    const proposed: Severity = info === undefined || span.score < loudFrom ? 'information' : info.severity;
    return {
      ruleId: `provider/${span.entity.toLowerCase()}`,
      entity: span.entity,
      category: info?.category ?? 'user',
      start: span.start,
      end: span.end,
      confidence: span.score,
      severity: options.severityOf?.(span.entity, proposed) ?? proposed,
      reasons: [{ kind: 'provider', text: span.why, score: span.score }],
      masked: mask(text.slice(span.start, span.end), span.entity),
    };
  });
  return { findings: [...result.findings, ...added].sort((left, right) => left.start - right.start || left.end - right.end), limits: [...result.limits, ...down] };
}

/** Spans that overlap no finding and no better span. Linear after sorting. */
function freeSpans(spans: readonly ProviderSpan[], findings: readonly Finding[]): readonly ProviderSpan[] {
  const taken = findings.map(({ start, end }) => ({ start, end })).sort((left, right) => left.start - right.start);
  const free: ProviderSpan[] = [];
  let at = 0;
  for (const span of [...spans].sort((left, right) => left.start - right.start || right.score - left.score)) {
    while (at < taken.length && taken[at]!.end <= span.start) at++;
    if (at < taken.length && taken[at]!.start < span.end) continue;
    const last = free.at(-1);
    if (last !== undefined && last.end > span.start) {
      if (span.score > last.score) free[free.length - 1] = span;
    } else {
      free.push(span);
    }
  }
  return free;
}
