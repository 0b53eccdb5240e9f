/**
 * What each UTF-16 unit may begin, as tables: the first pass over a text reads one class a unit and one action for a pair of
 * neighbouring classes, and stops only where something could begin.
 */
import { isDigit, isWord } from './chars.ts';
import type { PatternGroup } from './compile.ts';

/** Classes of units. Plain units, marks and separators stand between words; the others are part of one. */
export const PLAIN = 0, WORD = 1, START = 2, DIGIT = 3, MARK = 4, WORD_MARK = 5, SEPARATOR = 6;
/** By class: 1 for parts of words. */
export const IN_WORDS = Uint8Array.of(0, 1, 1, 1, 0, 1, 0, 0);
/** By class: 1 for letters at which, inside of a word, nothing begins. */
export const LETTERS = Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0);
/** Actions at a unit, given the unit before it: a word (or a pattern that needs no word) begins; digits begin; a literal or separator stands here. */
export const BEGINS = 1, DIGITS = 2, MARKS = 4;

/** Actions by class before << 3 | class. */
export const ACTIONS: Uint8Array = actions();

/** Words are measured up to here. */
export const LONGEST_WORD = 40;
/** Groups beyond so many share the last bit. */
export const LAST_BIT = 31;
const bitOf = (index: number): number => 1 << Math.min(index, LAST_BIT);

/** A group of patterns with what can begin it. */
export interface Runner {
  readonly group: PatternGroup;
  /** By unit: 1 when a match may begin with it. */
  readonly starts: Uint8Array;
  /** By two ASCII units (first << 7 | second). */
  readonly pairs: Uint8Array;
  /** No start before this offset is tried again. */
  tried: number;
}

export class Anchors {
  readonly digits: readonly Runner[];
  readonly words: readonly Runner[];
  readonly literals: readonly Runner[];
  /** By two ASCII units, and by one unit: which of `words` may begin, a bit each. */
  readonly wordPairs = new Uint32Array(1 << 14);
  readonly wordStarts = new Uint32Array(0x10000);
  /** By length of the word, the last for all that are longer: which of `words` may begin with it. */
  readonly wordLengths = new Uint32Array(LONGEST_WORD + 1);
  /** By two ASCII units: which literals may stand here, however many there are. */
  readonly literalPairs: (readonly Runner[] | undefined)[] = new Array<undefined>(1 << 14).fill(undefined);
  /** Those of an `@`. */
  readonly at: readonly Runner[];
  private readonly classesFor = new Map<string, Uint8Array>();

  constructor(digits: readonly PatternGroup[], words: readonly PatternGroup[], literals: readonly PatternGroup[]) {
    this.digits = digits.map(runnerOf);
    this.words = words.map(runnerOf);
    this.literals = literals.map(literalRunner);
    for (const [index, runner] of this.words.entries()) this.addWord(runner, bitOf(index));
    for (const runner of this.literals) this.addLiteral(runner);
    this.at = this.literals.filter(({ group }) => group.literal === '@');
  }

  private addWord({ starts, pairs, group: { word: [least, most] } }: Runner, bit: number): void {
    for (let unit = 0; unit < 0x10000; unit++) if (starts[unit] === 1) this.wordStarts[unit]! |= bit;
    for (let pair = 0; pair < pairs.length; pair++) if (pairs[pair] === 1) this.wordPairs[pair]! |= bit;
    for (let length = Math.min(least, LONGEST_WORD); length <= Math.min(most, LONGEST_WORD); length++) this.wordLengths[length]! |= bit;
  }

  private addLiteral(runner: Runner): void {
    const { group: { literal, reach }, pairs } = runner;
    const first = literal.charCodeAt(0), second = literal.charCodeAt(1);
    if (first >= 128) return;
    for (let next = 0; next < 128; next++) {
      const pair = (first << 7) | next;
      // A match that begins with a single character also tells what may follow it.
      const fits = literal.length > 1 ? second >= 128 || second === next : reach > 0 || pairs[pair] === 1;
      if (fits) this.literalPairs[pair] = [...(this.literalPairs[pair] ?? []), runner];
    }
  }

  /** By unit: its class, when each character of `separators` is to be seen. */
  classes(separators: string): Uint8Array {
    let table = this.classesFor.get(separators);
    if (!table) {
      table = this.makeClasses(separators);
      this.classesFor.set(separators, table);
    }
    return table;
  }

  private makeClasses(separators: string): Uint8Array {
    const table = new Uint8Array(0x10000);
    const marks = new Set<number>(), firsts = new Set(this.literals.map(({ group }) => group.literal.charCodeAt(0)));
    // A word's first letters are seen anyway: a literal that must begin a word needs no look at the inside of words.
    for (const { group } of this.literals) if (!beginsWord(group)) marks.add(group.literal.charCodeAt(0));
    for (let unit = 0; unit < table.length; unit++) {
      const starts = this.wordStarts[unit] !== 0 || isHexLetter(unit) || firsts.has(unit);
      if (isDigit(unit)) table[unit] = DIGIT;
      else if (isWord(unit)) table[unit] = marks.has(unit) ? WORD_MARK : starts ? START : WORD;
      else table[unit] = marks.has(unit) || starts ? MARK : PLAIN;
    }
    for (const separator of separators) table[separator.charCodeAt(0)] = SEPARATOR;
    return table;
  }
}

/** Every match begins with the literal, and the literal with a word. */
function beginsWord({ reach, boundary, literal }: PatternGroup): boolean {
  return reach === 0 && boundary === 'word' && isWord(literal.charCodeAt(0));
}

const runnerOf = (group: PatternGroup): Runner => ({ group, starts: group.set.startTable(), pairs: group.set.pairTable(), tried: 0 });

/** A match that begins with its literal of two characters or more needs no table to tell where it begins. */
function literalRunner(group: PatternGroup): Runner {
  return group.reach > 0 || group.literal.length === 1 ? runnerOf(group) : { group, starts: NO_TABLE, pairs: NO_TABLE, tried: 0 };
}

const NO_TABLE = new Uint8Array(0);

const isHexLetter = (unit: number): boolean => (unit >= 97 && unit <= 102) || (unit >= 65 && unit <= 70);

function actions(): Uint8Array {
  const table = new Uint8Array(64);
  for (const before of [PLAIN, WORD, START, DIGIT, MARK, WORD_MARK, SEPARATOR]) {
    const begins = before === PLAIN || before === MARK || before === SEPARATOR ? BEGINS : 0;
    const at = before << 3;
    table[at | START] = begins;
    table[at | DIGIT] = before === DIGIT ? 0 : begins | DIGITS;
    table[at | MARK] = begins | MARKS;
    table[at | WORD_MARK] = begins | MARKS;
    table[at | SEPARATOR] = begins | MARKS;
  }
  return table;
}
