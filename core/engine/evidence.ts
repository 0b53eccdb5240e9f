/** What stands around a candidate and speaks for or against it. */
import type { CompiledPattern, CompiledRules } from './compile.ts';
import type { PatternFilter } from './linear/pattern-filter.ts';
import type { Verdict } from '../validators/validator.ts';
import type { Reason } from '../wire/finding.ts';
import type { DocumentText } from './document.ts';
import type { Field } from '../structure/field.ts';
import { otherThing } from '../context/other-things.ts';
import { isDigit, lineEndWithin, lineStartWithin } from './chars.ts';

/** Context words count this many units before and after a value (Macie: 30 characters; Presidio: 5 words before). */
export const WORDS_BEFORE = 60;
const WORDS_AFTER = 30;

/** Rules by index, each with the context word that was found for it. */
export type Words = ReadonlyMap<number, string>;
export const NO_WORDS: Words = new Map();

/** What is known of all values for which nothing but their column speaks. */
export interface KnownEvidence {
  /** The patterns worth judging. */
  readonly filter: PatternFilter;
  /** By pattern: the last verdict of its validator, and the reasons that came of it. */
  readonly explained: Map<CompiledPattern, { readonly verdict: Verdict | undefined; readonly reasons: readonly Reason[] }>;
}

/** Offsets are UTF-16 offsets of the text. */
export interface Evidence {
  /** Defined where nothing but a column can speak for a value at [start, end). */
  planFor(start: number, end: number): KnownEvidence | undefined;
  /** Whether any name or any word says anything about a value at [start, end). */
  any(start: number, end: number): boolean;
  /** Whether a word near or a name speaks for the rule. */
  supports(rule: number, start: number, end: number): boolean;
  /** Whether the value's own name, or a name in its path, means the rule's entity. */
  isNamed(rule: number, start: number): boolean;
  /** Says why, for people, when `isNamed`. */
  nameFor(rule: number, start: number): string | undefined;
  /** The context word of the rule that stands near. */
  wordFor(rule: number, start: number, end: number): string | undefined;
  /** The value's name, or the word before it, when that names another thing. */
  otherAt(start: number): string | undefined;
  /** A bare number in code or generated text. */
  isMachineText(start: number, end: number): boolean;
}

/** Words of the value's own name speak when it says something else: `order_number=…`; words beside it speak for its neighbours. */
export const isCompound = (name: string): boolean => /[a-z][_A-Z-]/.test(name);

/** Evidence out of the text itself. Many candidates share a start: the last answers are kept. */
export class TextEvidence implements Evidence {
  private readonly compiled: CompiledRules;
  private readonly document: DocumentText;
  private anyStart = -1;
  private anyEnd = -1;
  private anyFound = false;
  private fieldFrom = -1;
  private field: Field | undefined;
  private beforeStart = -1;
  private before: Words = NO_WORDS;
  private afterEnd = -1;
  private after: Words = NO_WORDS;
  private otherFrom = -1;
  private other: string | undefined;

  constructor(compiled: CompiledRules, document: DocumentText) {
    this.compiled = compiled;
    this.document = document;
  }

  planFor(): undefined {}

  any(start: number, end: number): boolean {
    if (this.anyStart === start && this.anyEnd === end) return this.anyFound;
    this.anyStart = start;
    this.anyEnd = end;
    const field = this.fieldAt(start);
    const { names } = this.compiled;
    this.anyFound = (field !== undefined && (names.match(field.name).length > 0 || field.path.some((element) => names.match(element).length > 0))) || this.wordsBefore(start).size > 0 || this.wordsAfter(end).size > 0;
    return this.anyFound;
  }

  supports(rule: number, start: number, end: number): boolean {
    return this.any(start, end) && (this.wordFor(rule, start, end) !== undefined || this.isNamed(rule, start));
  }

  isNamed(rule: number, start: number): boolean {
    const field = this.fieldAt(start);
    return field !== undefined && (this.compiled.names.means(field.name, rule) || this.elementFor(field, rule, start) !== undefined);
  }

  nameFor(rule: number, start: number): string | undefined {
    const field = this.fieldAt(start);
    if (!field) return undefined;
    if (this.compiled.names.means(field.name, rule)) return `the ${field.source} “${field.name}” names it`;
    const element = this.elementFor(field, rule, start);
    return element && `“${element}” in its path names it`;
  }

  /** An enclosing key speaks for a value unless the value's own key says something else; a notebook's `cells` are no phones. */
  private elementFor({ path }: Field, rule: number, start: number): string | undefined {
    for (const element of path) if (element !== 'cells' && this.otherAt(start) === undefined && this.compiled.names.means(element, rule)) return element;
    return undefined;
  }

  wordFor(rule: number, start: number, end: number): string | undefined {
    const name = this.fieldAt(start)?.name;
    if (name !== undefined && isCompound(name) && this.otherAt(start) !== undefined) return this.compiled.context.findInName(name).get(rule);
    return this.wordsBefore(start).get(rule) ?? this.wordsAfter(end).get(rule);
  }

  otherAt(start: number): string | undefined {
    if (this.otherFrom !== start) {
      this.otherFrom = start;
      this.other = otherThing(this.document.text, start, this.fieldAt(start)?.name);
    }
    return this.other;
  }

  isMachineText(start: number, end: number): boolean {
    if (this.document.machine) return true;
    if (this.document.format !== 'code') return false;
    const { text } = this.document;
    for (let at = start; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
    const before = text.slice(lineStartWithin(text, start, Math.max(0, start - 200)), start);
    return !/["'`]/.test(before.slice(-40)) && !/(?:\/\/|#|\*|--)\s/.test(before);
  }

  private fieldAt(start: number): Field | undefined {
    if (this.fieldFrom !== start) {
      this.fieldFrom = start;
      this.field = this.document.fieldAt(start);
    }
    return this.field;
  }

  /** In a table only the value's own cell and its column speak. */
  private wordsBefore(start: number): Words {
    if (this.beforeStart === start) return this.before;
    this.beforeStart = start;
    const { text } = this.document;
    const { context } = this.compiled;
    const cell = this.document.tables.length > 0 ? this.document.cellAt(start) : undefined;
    if (!cell) this.before = context.find(text, lowerBound(text, start), start);
    else {
      const column = this.fieldAt(start)?.name;
      const inCell = cell.start < start ? context.find(text, Math.max(cell.start, start - WORDS_BEFORE), start) : NO_WORDS;
      this.before = joined(column === undefined ? NO_WORDS : context.findInName(column), inCell);
    }
    return this.before;
  }

  private wordsAfter(end: number): Words {
    if (this.afterEnd === end) return this.after;
    this.afterEnd = end;
    const { text } = this.document;
    const cell = this.document.tables.length > 0 ? this.document.cellAt(end - 1) : undefined;
    this.after = this.compiled.context.find(text, end, cell ? Math.min(cell.end, end + WORDS_AFTER) : upperBound(text, end));
    return this.after;
  }
}

/** What a column's name says, and over it what stands in the cell. */
export function joined(ofColumn: Words, inCell: Words): Words {
  return inCell.size === 0 ? ofColumn : ofColumn.size === 0 ? inCell : new Map([...ofColumn, ...inCell]);
}

/** A word boundary at most `WORDS_BEFORE` units back, on the same line, or the line above when the value begins its line. */
export function lowerBound(text: string, start: number): number {
  const low = Math.max(0, start - WORDS_BEFORE);
  const line = lineStartWithin(text, start, low);
  if (line === low || text.slice(line, start).trim() !== '') return line;
  return lineStartWithin(text, line - 1, low);
}

/** The line's end, at most `WORDS_AFTER` units on. */
export function upperBound(text: string, end: number): number {
  return lineEndWithin(text, end, Math.min(text.length, end + WORDS_AFTER));
}
