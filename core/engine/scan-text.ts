/** A full scan: candidates, named values, ignores, allow-list, overlaps, caps. */
import type { ScanOptions } from './detector.ts';
import type { ScanLimit, ScanResult } from '../wire/finding.ts';
import type { Collector } from './collect.ts';
import type { CompiledRules } from './compile.ts';
import { DocumentText, shapeOf } from './document.ts';
import type { Hit } from './hit.ts';
import { asReading, loneValue, otherReadings, writtenReadings } from './lone-value.ts';
import { Judge } from './judge.ts';
import { resolveOverlaps } from './overlap.ts';
import { addRegionHits } from './regions.ts';
import { DOUBTFUL } from './severity.ts';
import { inlineIgnores } from '../policy/inline-ignores.ts';

export const DEFAULT_MAX_FINDINGS = 10_000;

export function scanText(compiled: CompiledRules, collector: Collector, text: string, options: ScanOptions, signal?: AbortSignal): ScanResult {
  if (signal?.aborted) return { findings: [], limits: [...compiled.limits, { kind: 'cancelled', scanned: 0, total: text.length, unit: 'utf16' }] };
  const shape = shapeOf(text, options);
  const document = new DocumentText(text, shape);
  const lowest = options.minConfidence ?? DOUBTFUL;
  const lone = options.loneReadings === true && lowest <= DOUBTFUL ? loneValue(text) : undefined;
  const judge = Judge.of(compiled, document, lone ? 0 : lowest);
  const { hits: direct, scanned } = collector.collect(document, judge, 0, text.length, signal);
  const fallbacks: ScanLimit[] = [];
  const hits = addRegionHits(direct, document, shape, 0, scanned, { compiled, scanner: collector.scanner, lowest: judge.lowest, signal }, fallbacks);
  const ignores = options.inlineIgnores === false ? undefined : inlineIgnores(text);
  if (lone) hits.push(...writtenReadings(compiled, text, lone, hits));
  const allowed = permitted(hits, text, options);
  const all = resolveOverlaps(lone ? [...allowed] : allowed);
  const resolved = lone ? all.filter((hit) => hit.confidence >= lowest || hit.reserved) : all;
  const kept = ignores ? resolved.filter((hit) => !ignores.covers(hit.start, hit.rule.rule.entity)) : resolved;
  // Read last: a rule may have turned out not to run.
  const limits: ScanLimit[] = [...compiled.limits, ...fallbacks];
  if (scanned < text.length) limits.push({ kind: 'cancelled', scanned, total: text.length, unit: 'utf16' });
  const findings = surest(kept, options.maxFindings ?? DEFAULT_MAX_FINDINGS, limits).map((hit) => judge.explain(hit, options.severityOf));
  if (!lone) return { findings, limits };
  const quiet = findings.filter((finding) => finding.confidence >= DOUBTFUL || finding.reserved === true || finding.start !== lone.start || finding.end !== lone.end);
  return { findings: [...quiet, ...otherReadings(allowed, kept, lone).map((hit) => asReading(judge.explain(hit, options.severityOf)))], limits };
}

/** Hits that the options let through. */
export function permitted(hits: Hit[], text: string, options: ScanOptions): Hit[] {
  if (options.reserved !== false && !options.onlyEntities && !options.disabledRules && !options.disabledEntities && !options.allowed) return hits;
  return hits.filter((hit) => {
    const { id, entity } = hit.rule.rule;
    if (hit.reserved && options.reserved === false) return false;
    if (options.onlyEntities && !options.onlyEntities.has(entity)) return false;
    if (options.disabledRules?.has(id) || options.disabledEntities?.has(entity)) return false;
    return !options.allowed?.(hit.inner?.value ?? text.slice(hit.start, hit.end), entity);
  });
}

/** At most `max`, the surest, in text order. */
export function surest(hits: Hit[], max: number, limits: ScanLimit[]): readonly Hit[] {
  if (hits.length <= max) return hits;
  limits.push({ kind: 'too-many-findings', kept: max, total: hits.length });
  // By hundredths of confidence: no sort of everything for a cut.
  const counts = new Uint32Array(101);
  for (const hit of hits) counts[Math.round(hit.confidence * 100)]!++;
  let least = 100, room = max;
  while (least > 0 && counts[least]! < room) room -= counts[least--]!;
  return hits.filter((hit) => {
    const hundredths = Math.round(hit.confidence * 100);
    return hundredths > least || (hundredths === least && room-- > 0);
  });
}
