/**
 * One pass over the text: a table says at each character whether something could begin near it; pattern automata walk only
 * from there. Rules cost nothing where none of their anchors stands.
 */
import { NEEDS_EVIDENCE, NEEDS_NO_CONTRADICTION, NEEDS_NOTHING } from './calibrate.ts';
import { isDigit, isWord } from './chars.ts';
import type { CompiledPattern, CompiledRules, PatternGroup } from './compile.ts';
import type { LinearRegex } from './detector.ts';
import type { DocumentText } from './document.ts';
import type { Hit } from './hit.ts';
import { type Judge, REJECTED, RETRY } from './judge.ts';
import { machineSpanEnd } from '../filters/machine-span.ts';
import { DOUBTFUL } from './severity.ts';
import { newEnds, type Ends } from './linear/pattern-set.ts';

/** How often a cancelled scan is noticed, in UTF-16 units. */
const CHECK_EVERY = 65_536;
/** Shorter readings that are tried when a validator refuses the longest one. */
const MAX_READINGS = 4;
/** A line longer than this is cut for patterns that run by line. */
const LINE_CAP = 4_000;

export interface ScanProgress {
  readonly hits: Hit[];
  /** UTF-16 units that were looked at; less than asked for when cancelled. */
  readonly scanned: number;
}

/** A group with its walking state in one scan. */
interface Runner { readonly group: PatternGroup; readonly starts: Uint8Array; readonly pairs: Uint8Array; tried: number }

/** Receives the offset of each character after which a named value may begin. */
export type SeparatorSink = (at: number) => void;

export class Scanner {
  private readonly compiled: CompiledRules;
  private readonly ends: Ends = newEnds();
  private readonly settled: Int32Array;
  private readonly readings: Int32Array;
  private generation = 0;
  private coveredUntil = 0;
  private readonly startTables = new Map<PatternGroup, { readonly starts: Uint8Array; readonly pairs: Uint8Array }>();

  constructor(compiled: CompiledRules) {
    this.compiled = compiled;
    this.settled = new Int32Array(compiled.patterns.length);
    this.readings = new Int32Array(compiled.patterns.length);
  }

  /**
   * Collects unresolved hits whose candidates begin in [from, to). Never throws on any text.
   * @param separators characters that `onSeparator` wants to see
   */
  scan(document: DocumentText, judge: Judge, from: number, to: number, signal?: AbortSignal, separators = '', onSeparator?: SeparatorSink): ScanProgress {
    const { text } = document;
    const hits: Hit[] = [];
    const digits = this.runners(this.compiled.digitGroups, from);
    const words = this.runners(this.compiled.wordGroups, from);
    const literals = new Map<number, Runner[]>();
    for (const runner of this.runners(this.compiled.literalGroups, from)) {
      const code = runner.group.literal.charCodeAt(0);
      literals.set(code, [...(literals.get(code) ?? []), runner]);
    }
    const kinds = characterKinds(literals, words, separators);
    const inner = innerLetters(kinds);
    const beyondAscii = words.length > 0 ? WORD_START : 0;
    let nextCheck = from + CHECK_EVERY;
    let lastDigit = from - 1;
    this.coveredUntil = from;
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? kinds[code]! : beyondAscii;
      if (kind === 0) continue;
      // Nothing begins inside a word but digits and literals.
      if (code < 128 && inner[code] === 1 && at > from && inner[text.charCodeAt(at - 1)] === 1) {
        while (at + 1 < to && inner[text.charCodeAt(at + 1)] === 1) at++;
        continue;
      }
      if (at >= nextCheck) {
        if (signal?.aborted) return { hits, scanned: at - from };
        nextCheck = at + CHECK_EVERY;
      }
      if ((kind & (DIGIT | WORD_START)) !== 0 && (at === 0 || !isWord(text.charCodeAt(at - 1)))) {
        const skip = machineSpanEnd(text, at);
        if (skip > at && skip <= to) {
          at = skip - 1;
          lastDigit = at;
          continue;
        }
      }
      if ((kind & WORD_START) !== 0 && (at === 0 || !isWord(text.charCodeAt(at - 1)))) {
        const next = at + 1 < to ? text.charCodeAt(at + 1) : 0xffff;
        const pair = (code | next) < 128 ? (code << 7) | next : -1;
        for (let i = 0; i < words.length; i++) {
          const runner = words[i]!;
          if (pair >= 0 ? runner.pairs[pair] === 1 : runner.starts[code] === 1) this.from(text, runner, at, judge, hits);
        }
      }
      if ((kind & DIGIT) !== 0) {
        for (let i = 0; i < digits.length; i++) this.beforeDigit(text, digits[i]!, at, lastDigit, judge, hits);
        while (at + 1 < to && isDigit(text.charCodeAt(at + 1))) at++;
        lastDigit = at;
        continue;
      }
      if ((kind & LITERAL) !== 0) {
        const candidates = literals.get(code);
        if (candidates) for (const runner of candidates) if (text.startsWith(runner.group.literal, at)) this.around(text, runner, at, judge, hits, from, to);
      }
      if ((kind & SEPARATOR) !== 0) onSeparator?.(at);
    }
    if (this.compiled.linePatterns.length > 0) this.scanLines(text, judge, from, to, hits);
    return { hits, scanned: to - from };
  }

  /** The match begins at most `reach` before the digit run at `digit`, and not before the run before it. */
  private beforeDigit(text: string, runner: Runner, digit: number, lastDigit: number, judge: Judge, hits: Hit[]): void {
    const { group, starts, pairs } = runner;
    const bound = Math.max(digit - group.reach, lastDigit + 1, runner.tried, 0);
    let low = digit;
    while (low > bound && group.prefix[text.charCodeAt(low - 1)] === 1) low--;
    const high = Math.min(text.length, digit + 2);
    let before = low > 0 ? text.charCodeAt(low - 1) : 32;
    let code = text.charCodeAt(low);
    for (let at = low; at <= digit; at++) {
      const next = at + 1 < high ? text.charCodeAt(at + 1) : 0xffff;
      if (at >= this.coveredUntil && starts[code] === 1 && ((code | next) >= 128 || pairs[(code << 7) | next] === 1) && cleanAfter(before, group.boundary)) {
        this.from(text, runner, at, judge, hits);
      }
      before = code;
      code = next;
    }
    runner.tried = digit + 1;
  }

  /** The match holds the literal at `at` and begins at most `reach` before it; the earliest start wins. */
  private around(text: string, runner: Runner, literal: number, judge: Judge, hits: Hit[], from: number, to: number): void {
    const { group, starts } = runner;
    const low = Math.max(literal - group.reach, runner.tried, from, 0);
    for (let at = low; at <= literal && at < to; at++) {
      if (starts[text.charCodeAt(at)] !== 1 || !startsClean(text, at, group.boundary)) continue;
      const end = this.from(text, runner, at, judge, hits);
      if (end > literal) {
        runner.tried = end;
        return;
      }
    }
    runner.tried = Math.max(runner.tried, literal + 1);
  }

  /** Walks from one start; returns the end of the longest finding that was made, or -1. */
  private from(text: string, runner: Runner, start: number, judge: Judge, hits: Hit[]): number {
    const { ends } = this;
    const { group } = runner;
    group.set.walk(text, start, Math.min(text.length, start + group.length), ends, group.boundary);
    if (ends.count === 0) return -1;
    this.generation++;
    let furthest = -1;
    for (let i = ends.count - 1; i >= 0; i--) {
      const end = ends.ends[i]!;
      if (judge.isPieceOfToken(start, end)) continue;
      const made = this.judgeAll(this.worthAsking(group, ends.states[i]!, start, end, judge), start, end, judge, hits);
      if (made > furthest) furthest = made;
    }
    return furthest;
  }

  /** Patterns that end here and whose validator can matter, given what stands around. */
  private worthAsking(group: PatternGroup, state: number, start: number, end: number, judge: Judge): Int32Array {
    // Asked for everything, everything is judged.
    if (judge.lowest < DOUBTFUL || judge.anyEvidence(start, end)) return group.set.patternsAt(state);
    return group.set.patternsMarked(state, this.compiled.needsEvidence(), judge.isSomethingElse(start) ? NEEDS_NOTHING : NEEDS_NO_CONTRADICTION);
  }

  /** Judges the patterns over one span; returns its end when a finding was made, or -1. */
  private judgeAll(patterns: Int32Array, start: number, end: number, judge: Judge, hits: Hit[]): number {
    const { settled, readings, generation } = this;
    const needs = this.compiled.needsEvidence();
    let furthest = -1;
    for (let k = 0; k < patterns.length; k++) {
      const index = patterns[k]!;
      if (settled[index] === generation) continue;
      const pattern = this.compiled.patterns[index]!;
      if (judge.lowest >= DOUBTFUL && needs[index] === NEEDS_EVIDENCE && !judge.supports(pattern.rule, start, end)) continue;
      const outcome = judge.judge(pattern, start, end);
      if (outcome === RETRY) {
        readings[index] = settled[index] === -generation ? readings[index]! + 1 : 1;
        settled[index] = readings[index]! >= MAX_READINGS ? generation : -generation;
        continue;
      }
      settled[index] = generation;
      if (outcome === REJECTED) continue;
      hits.push(outcome);
      furthest = end;
      // Nothing inside a sure value is a value of its own, unless every reading is asked for.
      if (outcome.confidence >= SURE_ENOUGH && judge.lowest >= DOUBTFUL) this.coveredUntil = Math.max(this.coveredUntil, end);
    }
    return furthest;
  }

  /** Patterns that only RE2 can read run over each line, capped, one pattern after the other: RE2 holds one at a time. */
  private scanLines(text: string, judge: Judge, from: number, to: number, hits: Hit[]): void {
    for (const pattern of this.compiled.linePatterns) {
      for (let lineStart = from; lineStart < to;) {
        const found = text.indexOf('\n', lineStart);
        const lineStop = found < 0 || found > to ? to : found;
        for (let piece = lineStart; piece < lineStop; piece += LINE_CAP) this.runLine(text, text.slice(piece, Math.min(lineStop, piece + LINE_CAP)), piece, pattern, judge, hits);
        lineStart = lineStop + 1;
      }
    }
  }

  private runLine(text: string, line: string, offset: number, pattern: CompiledPattern, judge: Judge, hits: Hit[]): void {
    const regex = pattern.regex();
    if (!regex) return;
    for (let at = 0; at <= line.length;) {
      const match = this.tryExec(regex, pattern, line, at);
      if (!match) return;
      const start = offset + match.start, end = offset + match.end;
      if (end > start && startsClean(text, start, pattern.boundary) && endsClean(text, end, pattern.boundary)) {
        const outcome = judge.judge(pattern, start, end);
        if (typeof outcome === 'object') hits.push(outcome);
      }
      at = match.end > at ? match.end : at + 1;
    }
  }

  /** RE2 may run out of its memory on a pattern; that is reported as a skipped rule, never as a clean text. */
  private tryExec(regex: LinearRegex, pattern: CompiledPattern, line: string, at: number): ReturnType<LinearRegex['exec']> {
    try {
      return regex.exec(line, at);
    } catch (error) {
      this.compiled.skip(pattern.rule.rule.id, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  private runners(groups: readonly PatternGroup[], from: number): Runner[] {
    return groups.map((group) => {
      const { starts, pairs } = this.tablesOf(group);
      return { group, starts, pairs, tried: from };
    });
  }

  private tablesOf(group: PatternGroup): { readonly starts: Uint8Array; readonly pairs: Uint8Array } {
    let tables = this.startTables.get(group);
    if (!tables) {
      tables = { starts: group.set.startTable(), pairs: group.set.pairTable() };
      this.startTables.set(group, tables);
    }
    return tables;
  }
}

const DIGIT = 1, LITERAL = 2, WORD_START = 4, SEPARATOR = 8;
/** From here a value claims its span before its parts are looked at. */
const SURE_ENOUGH = 0.85;

/** ASCII letters and underscores that matter only where a word begins. */
function innerLetters(kinds: Uint8Array): Uint8Array {
  return kinds.map((kind, code) => ((kind === 0 || kind === WORD_START) && !isDigit(code) && isWord(code) ? 1 : 0));
}

function characterKinds(literals: ReadonlyMap<number, readonly Runner[]>, words: readonly Runner[], separators: string): Uint8Array {
  const kinds = new Uint8Array(128);
  for (let code = 48; code <= 57; code++) kinds[code] = DIGIT;
  for (const code of literals.keys()) if (code < 128) kinds[code]! |= LITERAL;
  for (const runner of words) for (let code = 0; code < 128; code++) if (runner.starts[code] === 1) kinds[code]! |= WORD_START;
  for (const separator of separators) kinds[separator.charCodeAt(0)]! |= SEPARATOR;
  return kinds;
}

function cleanAfter(before: number, boundary: 'word' | 'digit' | 'none'): boolean {
  return boundary === 'word' ? !isWord(before) : boundary === 'none' || !isDigit(before);
}

function startsClean(text: string, at: number, boundary: 'word' | 'digit' | 'none'): boolean {
  if (at === 0 || boundary === 'none') return true;
  const before = text.charCodeAt(at - 1);
  return boundary === 'word' ? !isWord(before) : !isDigit(before);
}

function endsClean(text: string, at: number, boundary: 'word' | 'digit' | 'none'): boolean {
  if (at >= text.length || boundary === 'none') return true;
  const after = text.charCodeAt(at);
  return boundary === 'word' ? !isWord(after) : !isDigit(after);
}
