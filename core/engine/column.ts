/** One verdict for a column: only when one entity explains it (Google DLP's column profile works so too). */
import type { NameVerdict, ValueContext } from './detector.ts';
import type { Finding } from '../wire/finding.ts';
import { DOUBTFUL } from './severity.ts';

/** Values that pass a check of at most one in this many, or that are likely by themselves, speak together for a column. */
const LEAST_GAIN = 5;
const LEAST_DISTINCT = 5;
const TOGETHER = 0.9;
/** This share of the values that aren't empty must hold the entity. */
const EXPLAINS = 0.6;
/** A name without a single matching value still counts, less. */
const NAME_AGAINST_VALUES = 0.5;

export function judgeColumn(
  values: readonly string[],
  context: ValueContext,
  scanValue: (value: string) => readonly Finding[],
  classifyName: (name: string, path?: readonly string[]) => readonly NameVerdict[],
): NameVerdict | undefined {
  const named = context.name === undefined ? undefined : classifyName(context.name, context.path)[0];
  const present = values.filter((value) => value.trim() !== '');
  if (present.length === 0) return named;
  const shares = new Map<string, { count: number; confidence: number; gain: number; finding: Finding }>();
  const distinct = new Set(present).size;
  for (const value of present) {
    const seen = new Set<string>();
    for (const finding of scanValue(value)) {
      // The value must be the entity, not merely mention it.
      if (finding.reserved || seen.has(finding.entity) || (finding.end - finding.start) * 2 < value.trim().length) continue;
      seen.add(finding.entity);
      const share = shares.get(finding.entity);
      if (share) {
        share.count++;
        share.confidence += finding.confidence;
        share.gain = Math.min(share.gain, checkGain(finding));
      } else shares.set(finding.entity, { count: 1, confidence: finding.confidence, gain: checkGain(finding), finding });
    }
  }
  const best = [...shares.values()].sort((a, b) => b.count - a.count || b.confidence - a.confidence)[0];
  if (best && best.count >= present.length * EXPLAINS) {
    const agreed = named?.entity === best.finding.entity;
    const explains = distinct >= LEAST_DISTINCT && best.count >= present.length * 0.9;
    const together = explains && (best.gain >= LEAST_GAIN || best.confidence / best.count >= DOUBTFUL) ? TOGETHER : 0;
    const confidence = Math.min(0.99, Math.max(together, best.confidence / best.count) + (agreed ? 0.1 : 0));
    if (confidence < DOUBTFUL) return undefined;
    return { entity: best.finding.entity, category: best.finding.category, confidence, reason: `${best.count} of ${present.length} values hold it${agreed ? ` and ${named.reason}` : ''}` };
  }
  return named && { ...named, confidence: Math.min(named.confidence, NAME_AGAINST_VALUES + 0.25), reason: `${named.reason}; its values alone don't show it` };
}

/** How much the validator's pass raised the odds; 1 without one. */
function checkGain(finding: Finding): number {
  const pattern = finding.reasons.find((reason) => reason.kind === 'pattern'), validator = finding.reasons.find((reason) => reason.kind === 'validator');
  if (!pattern || !validator) return 1;
  const odds = (score: number): number => Math.max(score, 0.001) / (1 - Math.min(score, 0.999));
  return odds(validator.score) / odds(pattern.score);
}
