/** Turns a candidate into a finding: capture, filters, validator, context, tempering. */
import type { Finding, Reason } from '../wire/finding.ts';
import type { CompiledPattern, CompiledRule, CompiledRules } from './compile.ts';
import type { DocumentText } from './document.ts';
import type { Field } from '../structure/field.ts';
import { insideToken, partOfSomething } from '../filters/neighbourhood.ts';
import { otherThing } from '../context/other-things.ts';
import { maskValue } from '../masking/mask-value.ts';
import { isDigit, lineEndWithin, lineStartWithin } from './chars.ts';
import { CONTEXT_WORD, FIELD_NAME, MACHINE_TEXT, OTHER_NAME, rounded, withOdds } from './odds.ts';
import { DOUBTFUL, severityFor } from './severity.ts';

/** Context words count this many units before and after a value (Macie: 30 characters; Presidio: 5 words before). */
const WORDS_BEFORE = 60;
const WORDS_AFTER = 30;
/** Reserved values are shown as hints with this confidence. */
const RESERVED = 0.3;

/** `retry`: a shorter reading of the same start may still pass. */
export type Outcome = Finding | 'rejected' | 'retry';

export class Judge {
  private readonly compiled: CompiledRules;
  private readonly document: DocumentText;
  private readonly lowest: number;
  private wordsFrom = -1;
  private words: ReadonlyMap<number, string> = new Map();
  private fieldFrom = -1;
  private field: Field | undefined;

  constructor(compiled: CompiledRules, document: DocumentText, lowest: number) {
    this.compiled = compiled;
    this.document = document;
    this.lowest = lowest;
  }

  /** @param start UTF-16 offset. @param end UTF-16 offset, exclusive. */
  judge(pattern: CompiledPattern, from: number, to: number): Outcome {
    const { text } = this.document;
    const { rule } = pattern;
    let start = from, end = to;
    if (pattern.group) {
      const group = pattern.group(text, from, to);
      if (!group || group[1] <= group[0]) return 'retry';
      [start, end] = group;
    }
    if (isDigit(text.charCodeAt(start)) || isDigit(text.charCodeAt(end - 1))) {
      if (partOfSomething(text, start, end, this.document.commaSeparates) !== undefined && rule.rule.entity !== 'IP_ADDRESS') return 'retry';
      if (insideToken(text, start, end) !== undefined) return 'rejected';
    }
    const value = text.slice(start, end);
    const reasons: Reason[] = [];
    let score = pattern.pattern.score;
    reasons.push({ kind: 'pattern', text: `looks like ${article(rule.rule.title)} (${pattern.pattern.name})`, score: rounded(score) });

    const named = this.nameEvidence(rule, start);
    const word = named === undefined ? this.wordEvidence(rule, start, end) : undefined;
    if (rule.rule.context?.required === true && named === undefined && word === undefined && !pattern.group) {
      if (this.lowest >= DOUBTFUL) return 'rejected';
      score = Math.min(score, 0.1);
    }
    if (rule.validator) {
      const { verdict, note, chance } = rule.validator(value);
      if (verdict === 'invalid') return 'retry';
      if (verdict === 'reserved') {
        reasons.push({ kind: 'reserved', text: note ?? 'reserved for tests and documentation', score: RESERVED });
        return this.finding(rule, start, end, value, RESERVED, reasons, true);
      }
      if (verdict === 'valid') {
        score = withOdds(score, 1 / Math.max(chance ?? 0.5, 1e-6));
        reasons.push({ kind: 'validator', text: note ?? (chance !== undefined && chance < 1 ? `passes its check (${oneIn(chance)} random values would)` : 'passes its check'), score: rounded(score) });
      }
    }
    if (named !== undefined) {
      score = withOdds(score, FIELD_NAME);
      reasons.push({ kind: 'structure', text: named, score: rounded(score) });
    } else {
      if (word !== undefined) {
        score = withOdds(score, CONTEXT_WORD);
        reasons.push({ kind: 'context', text: `“${word}” stands near`, score: rounded(score) });
      }
      const other = word === undefined ? otherThing(text, start, this.fieldAt(start)?.name) : undefined;
      if (other !== undefined) {
        score = withOdds(score, OTHER_NAME);
        reasons.push({ kind: 'filter', text: `“${other}” says that it is something else`, score: rounded(score) });
      }
      if (word === undefined && this.isMachineText(start, end)) {
        score = withOdds(score, MACHINE_TEXT);
        reasons.push({ kind: 'filter', text: 'a bare number in code or generated text', score: rounded(score) });
      }
    }
    const confidence = rounded(score);
    if (confidence < this.lowest) return 'rejected';
    return this.finding(rule, start, end, value, confidence, reasons, false);
  }

  /** A value of a field whose name says what it is, whatever its shape within the rule's value pattern. */
  judgeNamed(rule: CompiledRule, start: number, end: number, phrase: string, name: string): Finding | undefined {
    const value = this.document.text.slice(start, end);
    const verdict = rule.validator?.(value);
    if (verdict?.verdict === 'invalid') return undefined;
    const score = NAME_ONLY;
    const reasons: Reason[] = [{ kind: 'structure', text: `the name “${name}” means ${phrase}`, score }];
    if (verdict?.verdict === 'reserved') return this.finding(rule, start, end, value, RESERVED, [...reasons, { kind: 'reserved', text: verdict.note ?? 'reserved', score: RESERVED }], true);
    return score < this.lowest ? undefined : this.finding(rule, start, end, value, score, reasons, false);
  }

  private finding(compiled: CompiledRule, start: number, end: number, value: string, confidence: number, reasons: readonly Reason[], reserved: boolean): Finding {
    const { rule } = compiled;
    return {
      ruleId: rule.id, entity: rule.entity, category: rule.category, start, end, confidence,
      severity: reserved ? 'hint' : severityFor(confidence, rule.severity),
      reasons, masked: maskValue(value, rule.entity, rule.mask),
      ...(reserved ? { reserved: true } : {}),
    };
  }

  private fieldAt(start: number): Field | undefined {
    if (this.fieldFrom !== start) {
      this.fieldFrom = start;
      this.field = this.document.fieldAt(start);
    }
    return this.field;
  }

  private nameEvidence(rule: CompiledRule, start: number): string | undefined {
    if (!rule.rule.names) return undefined;
    const field = this.fieldAt(start);
    if (!field) return undefined;
    const own = this.compiled.names.match(field.name).some((match) => match.rule === rule.index);
    if (own) return `the ${field.source} “${field.name}” names it`;
    for (const element of field.path) {
      if (this.compiled.names.match(element).some((match) => match.rule === rule.index)) return `“${element}” in its path names it`;
    }
    return undefined;
  }

  private wordEvidence(rule: CompiledRule, start: number, end: number): string | undefined {
    if (!rule.rule.context) return undefined;
    if (this.wordsFrom !== start) {
      this.wordsFrom = start;
      const { text } = this.document;
      const low = lowerBound(text, start), high = upperBound(text, end);
      const column = this.document.tables.length > 0 ? this.fieldAt(start)?.name : undefined;
      this.words = this.compiled.context.find(`${column ?? ''} ${text.slice(low, start)} \u0000 ${text.slice(end, high)}`);
    }
    return this.words.get(rule.index);
  }

  private isMachineText(start: number, end: number): boolean {
    if (this.document.machine) return true;
    if (this.document.format !== 'code') return false;
    const { text } = this.document;
    if (!isDigit(text.charCodeAt(start)) || !isDigit(text.charCodeAt(end - 1))) return false;
    return !/["'`]/.test(text.slice(lineStartWithin(text, start, Math.max(0, start - 40)), start)) && /^\d+$/.test(text.slice(start, end)) && !/(?:\/\/|#|\*|--)\s/.test(lineBefore(text, start));
  }
}

/** A name alone is good evidence: `first_name: Alice`. */
const NAME_ONLY = 0.85;

const article = (title: string): string => (/^[aeiou]/i.test(title) && !/^(?:UK|US|UT|EU|uni)/.test(title) ? `an ${title}` : `a ${title}`);
const oneIn = (chance: number): string => `1 in ${Math.max(2, Math.round(1 / chance))}`;
const lineBefore = (text: string, start: number): string => text.slice(lineStartWithin(text, start, Math.max(0, start - 200)), start);

/** A word boundary at most `WORDS_BEFORE` units back, on the same line, or the line above when the value begins its line. */
function lowerBound(text: string, start: number): number {
  const low = Math.max(0, start - WORDS_BEFORE);
  const line = lineStartWithin(text, start, low);
  if (line === low || text.slice(line, start).trim() !== '') return line;
  return lineStartWithin(text, line - 1, low);
}

function upperBound(text: string, end: number): number {
  return lineEndWithin(text, end, Math.min(text.length, end + WORDS_AFTER));
}
