/**
 * A text that is nothing but one value (`echo 21987654321 | pii-gate scan -`, a cell, a form field) has no surroundings that
 * could speak for or against anything, so every reading that its validators allow is offered, as a hint.
 */
import type { Finding } from '../wire/finding.ts';
import type { CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import { DOUBTFUL } from './severity.ts';

/** Longest value worth asking about: an IBAN with spaces has 42 characters. */
const LONGEST_VALUE = 64;

export interface LoneValue {
  /** UTF-16 offsets, surrounding white space excluded. */
  readonly start: number;
  readonly end: number;
}

/** The value's place when the text holds one line of at most `LONGEST_VALUE` characters and nothing that reads like a key or prose. */
export function loneValue(text: string): LoneValue | undefined {
  if (text.length > LONGEST_VALUE * 2) return undefined;
  const value = text.trim();
  if (value.length < 4 || value.length > LONGEST_VALUE || /[\r\n:="{}<]/.test(value) || !/\d|^[A-Z]{8}(?:[A-Z]{3})?$/.test(value)) return undefined;
  const start = text.indexOf(value);
  return { start, end: start + value.length };
}

/** Digits, perhaps with letters, in groups that no pattern knows: `46 0 0 2722 3 49`, `06 – 0177 – 0140 367 – 01`. */
const GROUPED = /^(?=(?:\P{Nd}*\p{Nd}){4})(?=.*[^\p{Nd}])[\p{L}\p{Nd}][\p{L}\p{Nd}\s./()\u2010-\u2015\u2212-]*$/u;
/** A check that more random values pass says nothing without the groups that people write. */
const TELLING = 0.2;
/** Below the default threshold: `otherReadings` offers it, nothing else does. */
const OFFERED = 0.3;

/** What the validators make of a value that no pattern reads: people group their numbers as they like. */
export function writtenReadings(compiled: CompiledRules, text: string, lone: LoneValue, hits: readonly Hit[]): Hit[] {
  const value = text.slice(lone.start, lone.end);
  if (!GROUPED.test(value) || hits.some((hit) => hit.confidence >= DOUBTFUL || hit.reserved)) return [];
  return compiled.rules.flatMap((rule) => {
    const verdict = rule.rule.patterns.length === 0 ? undefined : rule.validator?.(value);
    if (verdict?.verdict !== 'valid' || (verdict.chance ?? 1) > TELLING) return [];
    return { rule, pattern: undefined, start: lone.start, end: lone.end, confidence: OFFERED, reserved: false, spoken: { kind: 'structure' as const, text: `${verdict.note ?? 'its check is right'}, however it is grouped` } };
  });
}

/** Readings of exactly that value which lost to a surer one or are below the default threshold; one an entity, sorted by sureness. */
export function otherReadings(hits: readonly Hit[], kept: readonly Hit[], lone: LoneValue): Hit[] {
  const known = new Set(kept.filter((hit) => hit.confidence >= DOUBTFUL || hit.reserved).map((hit) => hit.rule.rule.entity));
  const out: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => b.confidence - a.confidence || a.rule.index - b.rule.index)) {
    const { entity } = hit.rule.rule;
    if (hit.start !== lone.start || hit.end !== lone.end || hit.reserved || known.has(entity)) continue;
    known.add(entity);
    out.push(hit);
  }
  return out;
}

/** A reading as it is shown: at the default threshold, never louder than a hint. */
export function asReading(finding: Finding): Finding {
  return {
    ...finding, confidence: DOUBTFUL, severity: 'hint',
    reasons: [...finding.reasons, { kind: 'structure', text: 'the text is nothing but this value, which could be one', score: DOUBTFUL }],
  };
}
