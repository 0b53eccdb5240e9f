/** The readings of one start: every end of every pattern, the longest first. */
import { NEEDS_EVIDENCE, NEEDS_NO_CONTRADICTION, NEEDS_NOTHING } from './calibrate.ts';
import type { CompiledRules, PatternGroup } from './compile.ts';
import type { Hit } from './hit.ts';
import { type Judge, REJECTED, RETRY } from './judge.ts';
import { PatternFilter } from './linear/pattern-filter.ts';
import type { Ends } from './linear/pattern-set.ts';
import { DOUBTFUL } from './severity.ts';

/** Shorter readings that are tried when a validator refuses the longest one. */
const MOST_READINGS = 4;
/** From here a value claims its span before its parts are looked at. */
const SURE_ENOUGH = 0.85;

export class Readings {
  /** Where the last sure value ends. */
  coveredUntil = 0;
  hits: Hit[] = [];
  private readonly compiled: CompiledRules;
  /** By pattern: the start at which it was decided, or (negative) the one at which it was refused so many times. */
  private readonly settled: Int32Array;
  private readonly refusals: Int32Array;
  private generation = 0;
  private readonly unaided: PatternFilter;
  private readonly undisputed: PatternFilter;

  constructor(compiled: CompiledRules) {
    this.compiled = compiled;
    this.settled = new Int32Array(compiled.patterns.length);
    this.refusals = new Int32Array(compiled.patterns.length);
    const needs = (most: number): PatternFilter => new PatternFilter((pattern) => compiled.needsEvidence()[pattern]! <= most);
    this.unaided = needs(NEEDS_NO_CONTRADICTION);
    this.undisputed = needs(NEEDS_NOTHING);
  }

  /**
   * Judges what ends behind `start`; adds to `hits`.
   * @param base offset in the text of the window that `ends` are counted in
   * @returns the end of the longest hit, or -1
   */
  judge(group: PatternGroup, ends: Ends, base: number, start: number, judge: Judge): number {
    this.generation++;
    let furthest = -1;
    for (let i = ends.count - 1; i >= 0; i--) {
      const end = base + ends.ends[i]!;
      if (judge.isPieceOfToken(start, end)) continue;
      const made = this.judgeAll(group, ends.states[i]!, start, end, judge);
      if (made > furthest) furthest = made;
      if (this.coveredUntil >= end) break;
    }
    return furthest;
  }

  /** Judges the patterns over one span whose validator can matter, given what stands around. */
  private judgeAll(group: PatternGroup, state: number, start: number, end: number, judge: Judge): number {
    // Asked for everything, everything is judged.
    if (judge.lowest < DOUBTFUL) return this.judgeEach(group.set.patternsAt(state), false, start, end, judge);
    const known = judge.filterFor(start, end);
    if (known) return this.judgeEach(known.at(group.set, state), false, start, end, judge);
    const all = group.set.patternsAt(state), unaided = this.unaided.at(group.set, state);
    // Evidence is only looked for where it would change which patterns are judged.
    if (unaided.length === all.length && !judge.isSomethingElse(start)) return this.judgeEach(all, false, start, end, judge);
    if (judge.anyEvidence(start, end)) return this.judgeEach(all, true, start, end, judge);
    return this.judgeEach(judge.isSomethingElse(start) ? this.undisputed.at(group.set, state) : unaided, false, start, end, judge);
  }

  /** @param asks patterns that need evidence are only judged when something speaks for them */
  private judgeEach(patterns: Int32Array, asks: boolean, start: number, end: number, judge: Judge): number {
    const { settled, refusals, generation } = this;
    let furthest = -1;
    for (let k = 0; k < patterns.length; k++) {
      const index = patterns[k]!;
      if (settled[index] === generation) continue;
      const pattern = this.compiled.patterns[index]!;
      if (asks && this.compiled.needsEvidence()[index] === NEEDS_EVIDENCE && !judge.supports(pattern.rule, start, end)) continue;
      const outcome = judge.judge(pattern, start, end);
      if (outcome === RETRY) {
        refusals[index] = settled[index] === -generation ? refusals[index]! + 1 : 1;
        settled[index] = refusals[index]! >= MOST_READINGS ? generation : -generation;
        continue;
      }
      settled[index] = generation;
      if (outcome === REJECTED) continue;
      this.hits.push(outcome);
      furthest = end;
      // Nothing inside a sure value is a value of its own, unless every reading is asked for.
      if (outcome.confidence >= SURE_ENOUGH && judge.lowest >= DOUBTFUL) this.coveredUntil = Math.max(this.coveredUntil, end);
    }
    return furthest;
  }
}
