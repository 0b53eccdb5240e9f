/** Evidence in a table: only the value's own cell and its column speak. */
import { otherThing } from '../context/other-things.ts';
import { keyBefore } from '../structure/field.ts';
import type { ColumnPlan } from './column-plan.ts';
import type { CompiledRules } from './compile.ts';
import { type Evidence, isCompound, joined, type KnownEvidence, lowerBound, NO_WORDS, upperBound, type Words } from './evidence.ts';

export class CellEvidence implements Evidence {
  private readonly compiled: CompiledRules;
  private readonly text: string;
  private readonly machine: boolean;
  private column: ColumnPlan;
  private start = 0;
  private end = 0;
  private isBare = false;
  /** The key inside the cell that was asked for last. */
  private keyFrom = -1;
  private key: string | undefined;
  private beforeStart = -1;
  private before: Words = NO_WORDS;
  private afterEnd = -1;
  private after: Words = NO_WORDS;

  /** @param machine the whole file was written by a machine */
  constructor(compiled: CompiledRules, text: string, machine: boolean, column: ColumnPlan) {
    this.compiled = compiled;
    this.text = text;
    this.machine = machine;
    this.column = column;
  }

  /**
   * The cell [start, end) is asked about next.
   * @param isBare it holds no letter and no key
   */
  enter(column: ColumnPlan, start: number, end: number, isBare: boolean): void {
    this.column = column;
    this.isBare = isBare;
    this.start = start;
    this.end = end;
    this.keyFrom = -1;
    this.beforeStart = -1;
    this.afterEnd = -1;
  }

  planFor(start: number, end: number): KnownEvidence | undefined {
    return this.isBare || (start === this.start && end === this.end) ? this.column : undefined;
  }

  any(start: number, end: number): boolean {
    const key = this.keyAt(start);
    if (key === undefined ? this.column.speaks : this.names(key)) return true;
    return this.wordsBefore(start).size > 0 || this.wordsAfter(end).size > 0;
  }

  isNamed(rule: number, start: number): boolean {
    const key = this.keyAt(start);
    return key === undefined ? this.column.isNamed(rule) : this.nameFor(rule, start) !== undefined;
  }

  supports(rule: number, start: number, end: number): boolean {
    if (this.planFor(start, end)) return this.column.supports(rule);
    return this.any(start, end) && (this.wordFor(rule, start, end) !== undefined || this.isNamed(rule, start));
  }

  nameFor(rule: number, start: number): string | undefined {
    const key = this.keyAt(start);
    if (key === undefined) return this.column.nameFor(rule);
    if (this.compiled.names.means(key, rule)) return `the key “${key}” names it`;
    const { name, speaksAsHeader } = this.column;
    return speaksAsHeader && name !== undefined && this.otherAt(start) === undefined && this.compiled.names.means(name, rule) ? `“${name}” in its path names it` : undefined;
  }

  wordFor(rule: number, start: number, end: number): string | undefined {
    const key = this.keyAt(start);
    if (key === undefined ? this.column.onlyOwnWords : isCompound(key) && this.otherAt(start) !== undefined) return key === undefined ? this.column.ownWords.get(rule) : this.compiled.context.findInName(key).get(rule);
    return this.wordsBefore(start).get(rule) ?? this.wordsAfter(end).get(rule);
  }

  otherAt(start: number): string | undefined {
    const key = this.keyAt(start);
    if (key !== undefined) return otherThing(this.text, start, key);
    return this.column.name === undefined ? otherThing(this.text, start, undefined) : this.column.other;
  }

  isMachineText(): boolean {
    return this.machine;
  }

  private names(key: string): boolean {
    return this.compiled.names.match(key).length > 0 || (this.column.speaksAsHeader && this.column.name !== undefined && this.compiled.names.match(this.column.name).length > 0);
  }

  /** A cell may itself hold `key: value` text; its own key says more than the column. */
  private keyAt(offset: number): string | undefined {
    if (this.isBare || offset <= this.start + 2) return undefined;
    if (this.keyFrom !== offset) {
      this.keyFrom = offset;
      this.key = keyBefore(this.text, offset, this.start)?.name;
    }
    return this.key;
  }

  private wordsBefore(start: number): Words {
    if (this.isBare || start === this.start) return this.column.words;
    if (this.beforeStart !== start) {
      this.beforeStart = start;
      const key = this.keyAt(start);
      const inCell = this.compiled.context.find(this.text, Math.max(this.start, lowerBound(this.text, start)), start);
      this.before = joined(key === undefined || !this.column.speaksAsHeader ? this.column.words : this.compiled.context.findInName(key), inCell);
    }
    return this.before;
  }

  private wordsAfter(end: number): Words {
    if (this.isBare || end >= this.end) return NO_WORDS;
    if (this.afterEnd !== end) {
      this.afterEnd = end;
      this.after = this.compiled.context.find(this.text, end, Math.min(this.end, upperBound(this.text, end)));
    }
    return this.after;
  }
}

/** Digits and the separators of numbers: no letter, and nothing that a key could stand before. */
export function isBare(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isBareUnit(text.charCodeAt(at))) return false;
  return true;
}

/** Space, `(`, `)`, `+`, `-`, `.`, `/` and digits. */
export const isBareUnit = (unit: number): boolean => (unit >= 45 && unit <= 57) || unit === 32 || unit === 43 || unit === 40 || unit === 41;
