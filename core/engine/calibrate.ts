/**
 * Which patterns can't be shown without a word or a name: even a pass of their validator leaves them below the threshold.
 * How much a pass is worth is read off the rules' own examples, so nobody has to write it down twice.
 */
import { isWord } from './chars.ts';
import type { CompiledPattern, CompiledRules, PatternGroup } from './compile.ts';
import { newEnds } from './linear/pattern-set.ts';
import { TextWindow } from '../text/text-window.ts';
import { OTHER_NAME, withOdds } from './odds.ts';
import { DOUBTFUL } from './severity.ts';

/** A validator may know stronger kinds of values than the examples show. */
const MARGIN = 1.2;
/** More than any check is worth. */
const UNTOLD = 1e9;

/** What a pattern needs before its validator is worth asking. */
export const NEEDS_NOTHING = 0, NEEDS_NO_CONTRADICTION = 1, NEEDS_EVIDENCE = 2;

/** By pattern index: one of the above, for the default threshold. */
export function patternsThatNeedEvidence(compiled: CompiledRules): Uint8Array {
  // The build writes gains into the packs: they ship without examples.
  const measured = compiled.patterns.every(({ pattern }) => pattern.gain !== undefined) ? undefined : gainsOfExamples(compiled);
  const needs = new Uint8Array(compiled.patterns.length);
  for (const [index, pattern] of compiled.patterns.entries()) {
    const { rule } = pattern.rule;
    if (rule.context === undefined && rule.names === undefined) continue;
    const gain = pattern.maxGain ?? (pattern.rule.validator === undefined ? 1 : (pattern.pattern.gain ?? measured![index]!) * MARGIN);
    // Captured groups carry their keyword with them.
    if (pattern.group) continue;
    if (rule.context?.required === true || withOdds(pattern.pattern.score, gain) < DOUBTFUL) needs[index] = NEEDS_EVIDENCE;
    else if (withOdds(pattern.pattern.score, gain * OTHER_NAME) < DOUBTFUL) needs[index] = NEEDS_NO_CONTRADICTION;
  }
  return needs;
}

/** By pattern index: the most that a pass multiplied the odds by; `UNTOLD` when no example tells. */
export function gainsOfExamples(compiled: CompiledRules): Float64Array {
  const gains = new Float64Array(compiled.patterns.length);
  for (const group of [...compiled.digitGroups, ...compiled.literalGroups, ...compiled.wordGroups]) addGains(compiled, group, gains);
  // A pattern without an example of its own takes the rule's best.
  const byRule = new Map<number, number>();
  for (const [index, pattern] of compiled.patterns.entries()) byRule.set(pattern.rule.index, Math.max(byRule.get(pattern.rule.index) ?? 0, gains[index]!));
  for (const [index, pattern] of compiled.patterns.entries()) if (gains[index] === 0) gains[index] = byRule.get(pattern.rule.index) || UNTOLD;
  return gains;
}

function addGains(compiled: CompiledRules, group: PatternGroup, gains: Float64Array): void {
  const ends = newEnds();
  const window = new TextWindow(512);
  const ofRule = new Map<number, CompiledPattern[]>();
  for (const index of group.patterns) {
    const pattern = compiled.patterns[index]!;
    if (pattern.rule.validator && !pattern.group) ofRule.set(pattern.rule.index, [...(ofRule.get(pattern.rule.index) ?? []), pattern]);
  }
  for (const [ruleIndex, patterns] of ofRule) {
    const { rule, validator } = compiled.rules[ruleIndex]!;
    for (const example of rule.examples.ok) {
      const text = typeof example === 'string' ? example : example.text;
      window.load(text, 0, text.length);
      for (let start = 0; start < text.length; start++) {
        if (group.boundary === 'word' && start > 0 && isWord(text.charCodeAt(start - 1))) continue;
        group.set.walk(window.units, start, Math.min(text.length, start + group.length), ends, group.boundary);
        for (let i = 0; i < ends.count; i++) {
          const accepted = [...group.set.patternsAt(ends.states[i]!)].filter((index) => patterns.includes(compiled.patterns[index]!));
          if (accepted.length === 0) continue;
          const { verdict, chance } = validator!(text.slice(start, ends.ends[i]));
          if (verdict === 'valid') for (const index of accepted) gains[index] = Math.max(gains[index]!, 1 / Math.max(chance ?? 0.5, 1e-6));
        }
      }
    }
  }
}
