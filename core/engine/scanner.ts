/**
 * One pass over the text: tables say at each unit whether something could begin near it; pattern automata walk only from
 * there. Rules cost nothing where none of their anchors stands.
 */
import { ACTIONS, Anchors, BEGINS, DIGIT, DIGITS, IN_WORDS, LAST_BIT, LETTERS, LONGEST_WORD, MARK, MARKS, PLAIN, type Runner, SEPARATOR, START, WORD } from './anchors.ts';
import { isDigit, isWord } from './chars.ts';
import type { CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import type { Judge } from './judge.ts';
import { scanLines } from './line-patterns.ts';
import { machineSpanEnd } from '../filters/machine-span.ts';
import { Readings } from './readings.ts';
import { newEnds, type Ends } from './linear/pattern-set.ts';
import { TextWindow } from '../text/text-window.ts';

/** Units that are read at once, which is also how often a cancelled scan is noticed. */
const CHUNK = 65_536;
/** Units before and after a chunk that a match in it may need: more than the longest walk and the longest reach. */
const MARGIN = 512;

export interface ScanProgress {
  readonly hits: Hit[];
  /** UTF-16 units that were looked at; less than asked for when cancelled. */
  readonly scanned: number;
}

/** Receives the offset of each character after which a named value may begin. */
export type SeparatorSink = (at: number) => void;

export class Scanner {
  private readonly compiled: CompiledRules;
  /** What `cell` reads: the caller loads it. */
  readonly window = new TextWindow();
  private readonly ends: Ends = newEnds();
  private readonly readings: Readings;
  private anchors: Anchors | undefined;
  /** Of the scan that runs; offsets are the text's. */
  private lastDigit = -1;
  /** No match begins before the one or ends after the other. */
  private floor = 0;
  private limit = 0;

  constructor(compiled: CompiledRules) {
    this.compiled = compiled;
    this.readings = new Readings(compiled);
  }

  /**
   * Collects unresolved hits whose candidates begin in [from, to). Never throws on any text.
   * @param separators characters that `onSeparator` wants to see
   */
  scan(document: { readonly text: string }, judge: Judge, from: number, to: number, signal?: AbortSignal, separators = '', onSeparator?: SeparatorSink): ScanProgress {
    const { text } = document;
    const hits: Hit[] = [];
    const anchors = this.begin(from, hits);
    this.floor = from;
    this.limit = text.length;
    const classes = anchors.classes(separators);
    for (let at = from; at < to;) {
      if (at > from && signal?.aborted) return { hits, scanned: at - from };
      const stop = Math.min(to, at + CHUNK);
      this.window.load(text, Math.max(0, at - MARGIN), Math.min(text.length, stop + MARGIN));
      at = this.pass(anchors, classes, judge, at, stop, to, onSeparator);
    }
    scanLines(this.compiled, text, judge, from, to, hits);
    return { hits, scanned: to - from };
  }

  /** Adds the hits of a text that is one value. */
  value(text: string, judge: Judge, hits: Hit[]): void {
    const anchors = this.begin(0, hits);
    if (text.length > CHUNK) {
      for (const hit of this.scan({ text }, judge, 0, text.length).hits) hits.push(hit);
      return;
    }
    this.window.load(text, 0, text.length);
    this.cell(anchors, anchors.classes(''), judge, 0, text.length, text.length);
    scanLines(this.compiled, text, judge, 0, text.length, hits);
  }

  /** Starts a scan by cells, which come in ascending order from `from` on; what is found goes to `hits`. */
  begin(from: number, hits: Hit[]): Anchors {
    this.anchors ??= new Anchors(this.compiled.digitGroups, this.compiled.wordGroups, this.compiled.literalGroups);
    const { digits, words, literals } = this.anchors;
    for (const runner of digits) runner.tried = from;
    for (const runner of words) runner.tried = from;
    for (const runner of literals) runner.tried = from;
    this.readings.hits = hits;
    this.readings.coveredUntil = from;
    this.lastDigit = from - 1;
    return this.anchors;
  }

  /**
   * Scans the cell [start, end) of a text whose window holds it and what follows up to `limit`. Nothing found ends after `limit`.
   * @param at where the cell's only `@` stands, -1 for none
   */
  cell(anchors: Anchors, classes: Uint8Array, judge: Judge, start: number, end: number, limit: number, at = -1): void {
    this.floor = start;
    this.limit = limit;
    this.lastDigit = start - 1;
    if (at >= 0 && this.isWholly(anchors, judge, start, end, at)) return;
    this.pass(anchors, classes, judge, start, end, end, undefined);
  }

  /** Whether the cell is an address and nothing else; then nothing in it need be tried. */
  private isWholly(anchors: Anchors, judge: Judge, start: number, end: number, at: number): boolean {
    const { hits } = this.readings;
    const count = hits.length;
    this.atLiteral(anchors.at, at - this.window.base, end, judge);
    if (this.readings.coveredUntil === end && hits[count]?.start === start) return true;
    // Not so: what comes first is looked at first.
    hits.length = count;
    this.readings.coveredUntil = start;
    for (const runner of anchors.literals) runner.tried = start;
    return false;
  }

  /** Looks at the units of [at, stop), a chunk of what ends at `to`; returns where to go on: a run of digits may lead beyond `stop`. */
  private pass(anchors: Anchors, classes: Uint8Array, judge: Judge, at: number, stop: number, to: number, onSeparator: SeparatorSink | undefined): number {
    const { wordPairs, wordStarts, wordLengths, literalPairs } = anchors;
    const { units, base } = this.window;
    const end = stop - base;
    // Nothing inside a sure value is a value of its own.
    let i = Math.min(end, Math.max(at, this.readings.coveredUntil) - base);
    if (base + i > at) this.lastDigit = base + i - 1;
    let previous = i > 0 ? classes[units[i - 1]!]! : PLAIN;
    if (previous === DIGIT) while (i < end && isDigit(units[i]!)) this.lastDigit = base + i++;
    for (; i < end; i++) {
      const unit = units[i]!;
      const cls = classes[unit]!;
      const action = ACTIONS[(previous << 3) | cls]!;
      previous = cls;
      if (action === 0) continue;
      const next = units[i + 1]!;
      if ((action & BEGINS) !== 0) {
        if (cls !== MARK && cls !== SEPARATOR) {
          const skip = machineSpanEnd(units, i);
          if (skip > i && base + skip <= to) {
            i = skip - 1;
            this.lastDigit = base + i;
            previous = WORD;
            continue;
          }
        }
        let letters = i;
        if (cls === START) do letters++; while (LETTERS[classes[units[letters]!]!] === 1);
        let mask = (unit | next) < 128 ? wordPairs[(unit << 7) | next]! : wordStarts[unit]!;
        if (mask !== 0) mask &= wordLengths[wordLength(units, classes, i, letters)]!;
        if (mask !== 0) this.atWord(anchors.words, mask, i, judge);
        if (cls === START) {
          // A literal that must begin a word is only looked for where one begins.
          if ((unit | next) < 128 && literalPairs[(unit << 7) | next] !== undefined) this.atLiteral(literalPairs[(unit << 7) | next], i, to, judge);
          // Nothing begins at the letters inside of a word.
          i = Math.min(end, letters) - 1;
        }
      }
      if ((action & DIGITS) !== 0) {
        for (const runner of anchors.digits) this.beforeDigit(runner, i, judge);
        while (i + 1 < end && isDigit(units[i + 1]!)) i++;
        this.lastDigit = base + i;
      } else if ((action & MARKS) !== 0) {
        this.atLiteral((unit | next) < 128 ? literalPairs[(unit << 7) | next] : anchors.literals, i, to, judge);
        if (cls === SEPARATOR) onSeparator?.(base + i);
      }
      const covered = this.readings.coveredUntil - base;
      if (covered > i + 1) {
        i = Math.min(end, covered) - 1;
        this.lastDigit = base + i;
        previous = classes[units[i]!]!;
      }
    }
    return base + i;
  }

  /** A word begins at window offset `at`: walks the groups whose bits are set. */
  private atWord(words: readonly Runner[], mask: number, at: number, judge: Judge): void {
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const index = LAST_BIT - Math.clz32(rest & -rest);
      this.from(words[index]!, at, judge);
      if (index === LAST_BIT) for (let more = index + 1; more < words.length; more++) this.from(words[more]!, at, judge);
    }
  }

  /** One of the literals may stand at window offset `at`. */
  private atLiteral(literals: readonly Runner[] | undefined, at: number, to: number, judge: Judge): void {
    if (literals === undefined) return;
    for (let i = 0; i < literals.length; i++) if (standsAt(this.window.units, at, literals[i]!.group.literal)) this.around(literals[i]!, at, judge, to);
  }

  /** The match begins at most `reach` before the digit run at window offset `digit`, and not before the run before it. */
  private beforeDigit(runner: Runner, digit: number, judge: Judge): void {
    const { group: { prefix, reach, boundary }, starts, pairs } = runner;
    const { units, base } = this.window;
    const bound = Math.max(digit - reach, this.lastDigit + 1 - base, runner.tried - base, 0);
    let low = digit;
    while (low > bound && prefix[units[low - 1]!] === 1) low--;
    let before = low > 0 ? units[low - 1]! : SPACE;
    let unit = units[low]!;
    for (let at = low; at <= digit; at++) {
      const next = units[at + 1]!;
      if (starts[unit] === 1 && ((unit | next) >= 128 || pairs[(unit << 7) | next] === 1) && cleanAfter(before, boundary) && base + at >= this.readings.coveredUntil) {
        this.from(runner, at, judge);
      }
      before = unit;
      unit = next;
    }
    runner.tried = base + digit + 1;
  }

  /** The match holds the literal at window offset `literal` and begins at most `reach` before it; the earliest start wins. */
  private around(runner: Runner, literal: number, judge: Judge, to: number): void {
    const { group: { boundary, reach, prefix }, starts } = runner;
    const { units, base } = this.window;
    const bound = Math.max(literal - reach, runner.tried - base, this.floor - base, 0);
    let low = literal;
    while (low > bound && prefix[units[low - 1]!] === 1) low--;
    for (let at = low; at <= literal && base + at < to; at++) {
      if ((reach > 0 && starts[units[at]!] !== 1) || (at > 0 && !cleanAfter(units[at - 1]!, boundary))) continue;
      const end = this.from(runner, at, judge);
      if (end > base + literal) {
        runner.tried = end;
        return;
      }
    }
    runner.tried = Math.max(runner.tried, base + literal + 1);
  }

  /** Walks from one start, a window offset; returns the end (in the text) of the longest finding that was made, or -1. */
  private from({ group }: Runner, at: number, judge: Judge): number {
    const { ends, window: { units, base } } = this;
    group.set.walk(units, at, Math.min(this.limit - base, at + group.length), ends, group.boundary);
    return ends.count === 0 ? -1 : this.readings.judge(group, ends, base, base + at, judge);
  }
}

const SPACE = 32;

function cleanAfter(before: number, boundary: 'word' | 'digit' | 'none'): boolean {
  return boundary === 'word' ? !isWord(before) : boundary === 'none' || !isDigit(before);
}

/** Length of the word that begins at `at` and whose first letters end at `letters`, at most `LONGEST_WORD`. */
function wordLength(units: Uint16Array, classes: Uint8Array, at: number, letters: number): number {
  let end = letters;
  while (end < at + LONGEST_WORD && IN_WORDS[classes[units[end]!]!] === 1) end++;
  return Math.min(end - at, LONGEST_WORD);
}

function standsAt(units: Uint16Array, at: number, literal: string): boolean {
  for (let i = 0; i < literal.length; i++) if (units[at + i] !== literal.charCodeAt(i)) return false;
  return true;
}
