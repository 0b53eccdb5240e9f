/** Judges candidates: filters, validator, context, tempering. Explains only what is asked for. */
import type { Finding, Reason, Severity } from '../wire/finding.ts';
import type { CompiledPattern, CompiledRule, CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import { continuesByColon, insideToken, partOfSomething } from '../filters/neighbourhood.ts';
import { isDigit } from './chars.ts';
import type { DocumentText } from './document.ts';
import { type Evidence, TextEvidence } from './evidence.ts';
import type { PatternFilter } from './linear/pattern-filter.ts';
import { CERTAIN, CONTEXT_WORD, FIELD_NAME, MACHINE_TEXT, OTHER_NAME, rounded, withOdds } from './odds.ts';
import type { ReasonTrail } from './reasons.ts';
import type { Verdict } from '../validators/validator.ts';
import { DOUBTFUL, severityFor } from './severity.ts';

/** Reserved values are shown as hints with this confidence. */
const RESERVED = 0.3;
/** A name alone is good evidence: `first_name: Alice`. */
export const NAME_ONLY = 0.85;
/** What is left of a pattern that needs a word or a name and has none. */
const UNSUPPORTED = 0.1;
/** However strong its check: small countries' numbers would otherwise claim every number of their length. */
const UNSUPPORTED_AT_MOST = 0.35;

/** Not this, and no shorter reading of it either. */
export const REJECTED = -1;
/** Not this; a shorter reading of the same start may still pass. */
export const RETRY = -2;

/** A word that binds to the nearest value stands within this many units of it. */
const NEAREST = 40;

/** The text that is judged. */
export interface Subject {
  readonly text: string;
  /** A comma ends a value here instead of being a decimal sign. */
  readonly commaSeparates: boolean;
}

export class Judge {
  private readonly compiled: CompiledRules;
  private readonly subject: Subject;
  /** Confidence below which nothing is reported. */
  readonly lowest: number;
  /** What the text around candidates says, or, in a table, the cell and its column. */
  private evidence: Evidence;
  private explains = false;
  private reserved = false;
  private verdict: Verdict | undefined;
  private start = 0;
  private end = 0;
  private freeStart = -1;
  private freeEnd = -1;
  private free = 0;

  /** A judge of candidates in running text. */
  static of(compiled: CompiledRules, document: DocumentText, lowest: number): Judge {
    return new Judge(compiled, document, lowest, new TextEvidence(compiled, document));
  }

  /** @param lowest confidence below which nothing is reported, 0..1 */
  constructor(compiled: CompiledRules, subject: Subject, lowest: number, evidence: Evidence) {
    this.compiled = compiled;
    this.subject = subject;
    this.lowest = lowest;
    this.evidence = evidence;
  }

  /**
   * From now on candidates are judged by other evidence.
   * @param explains the evidence won't be at hand later: hits say at once why they were made
   */
  judgeBy(evidence: Evidence, explains: boolean): void {
    this.evidence = evidence;
    this.explains = explains;
  }

  /**
   * Judges a match of `pattern` over [from, to), UTF-16 offsets.
   * @returns a hit, or `REJECTED`, or `RETRY`
   */
  judge(pattern: CompiledPattern, from: number, to: number): Hit | typeof REJECTED | typeof RETRY {
    const score = this.evaluate(pattern, from, to, undefined);
    if (score < 0) return score === RETRY ? RETRY : REJECTED;
    const { start, end, reserved, verdict } = this;
    const reasons = this.explains ? this.knownReasons(pattern, start, end, verdict) : undefined;
    return { rule: pattern.rule, pattern, start, end, confidence: score, reserved, spoken: undefined, verdict, reasons };
  }

  /** Whether the span is part of a hash, an identifier or encoded text; then nothing of it is read. */
  isPieceOfToken(start: number, end: number): boolean {
    return this.freedom(start, end) === REJECTED;
  }

  /** Whether a word near or a name speaks for the rule at [start, end). */
  supports(rule: CompiledRule, start: number, end: number): boolean {
    return this.evidence.supports(rule.index, start, end);
  }

  /** Whether the value's name or the word before it names another thing. */
  isSomethingElse(start: number): boolean {
    return this.evidence.otherAt(start) !== undefined;
  }

  /** The patterns worth judging over [start, end), where that is known beforehand. */
  filterFor(start: number, end: number): PatternFilter | undefined {
    return this.evidence.planFor(start, end)?.filter;
  }

  /** Whether any word near or any name says anything about a value at [start, end). */
  anyEvidence(start: number, end: number): boolean {
    return this.evidence.any(start, end);
  }

  /** A value of a field whose name says what it is, whatever its shape within the rule's value pattern. */
  judgeNamed(rule: CompiledRule, start: number, end: number, phrase: string, name: string): Hit | undefined {
    const verdict = rule.validator?.(this.subject.text.slice(start, end)).verdict;
    if (verdict === 'invalid') return undefined;
    const reserved = verdict === 'reserved';
    if (!reserved && this.lowest > NAME_ONLY) return undefined;
    const text = `the name “${name}” means ${phrase}`;
    return { rule, pattern: undefined, start, end, confidence: reserved ? RESERVED : NAME_ONLY, reserved, spoken: { kind: 'structure', text }, verdict: undefined, reasons: undefined };
  }

  /** Like values of a column are explained alike. */
  private knownReasons(pattern: CompiledPattern, start: number, end: number, verdict: Verdict | undefined): readonly Reason[] {
    const known = this.evidence.planFor(start, end)?.explained;
    const last = known?.get(pattern);
    if (last && last.verdict?.verdict === verdict?.verdict && last.verdict?.note === verdict?.note && last.verdict?.chance === verdict?.chance) return last.reasons;
    const reasons = this.reasonsOf(pattern, start, end, verdict);
    known?.set(pattern, { verdict, reasons });
    return reasons;
  }

  /** Why a pattern's match is a hit: judges it once more, this time saying so. */
  private reasonsOf(pattern: CompiledPattern, start: number, end: number, verdict: Verdict | undefined): readonly Reason[] {
    const trail = this.compiled.reasons.start();
    this.verdict = verdict;
    this.evaluate(pattern, start, end, trail);
    return trail.reasons;
  }

  /** Why a value without a pattern is a hit: its name or its sentence says so. */
  private spokenReasons({ spoken, reserved, confidence }: Hit): readonly Reason[] {
    const trail = this.compiled.reasons.start();
    if (spoken) trail.add(spoken.kind, spoken.text, reserved ? NAME_ONLY : confidence);
    if (spoken && reserved) trail.add('reserved', 'reserved for tests and documentation', RESERVED);
    return trail.reasons;
  }

  /** The finding for a hit. */
  explain(hit: Hit, severityOf?: (entity: string, proposed: Severity) => Severity): Finding {
    if (hit.inner) return innerFinding(hit, hit.inner, severityOf);
    const { rule } = hit.rule;
    const proposed = hit.reserved ? 'hint' : severityFor(hit.confidence, rule.severity);
    const finding = {
      ruleId: rule.id, entity: rule.entity, category: rule.category, start: hit.start, end: hit.end, confidence: hit.confidence,
      severity: severityOf ? severityOf(rule.entity, proposed) : proposed,
      reasons: hit.reasons ?? (hit.pattern ? this.reasonsOf(hit.pattern, hit.start, hit.end, hit.verdict) : this.spokenReasons(hit)), masked: hit.rule.mask(this.subject.text.slice(hit.start, hit.end)),
    };
    return hit.reserved ? { ...finding, reserved: true } : finding;
  }

  /**
   * One path for judging and explaining, so that they can't disagree. Sets `start`, `end`, `reserved` and `verdict`; when
   * explaining, `verdict` is what the validator said when the match was judged.
   */
  private evaluate(pattern: CompiledPattern, from: number, to: number, why: ReasonTrail | undefined): number {
    const { text } = this.subject;
    const { rule } = pattern;
    let start = from, end = to;
    this.reserved = false;
    if (!why) this.verdict = undefined;
    // When explaining, [from, to) is the group already.
    if (pattern.group && !why) {
      const group = pattern.group(text, from, to);
      if (!group || group[1] <= group[0]) return RETRY;
      [start, end] = group;
    }
    this.start = start;
    this.end = end;
    if (!why) {
      const free = this.standsFree(rule, start, end);
      if (free !== 0) return free;
    }
    let score = pattern.pattern.score;
    let unsupported = false;
    why?.add('pattern', pattern.looks, rounded(score));
    if (rule.rule.context?.required === true && !pattern.group && !this.isNamed(rule, start) && this.wordEvidence(rule, start, end) === undefined) {
      if (this.lowest >= DOUBTFUL) return REJECTED;
      score = Math.min(score, UNSUPPORTED);
      unsupported = true;
    }
    // No evidence could lift it: spare the validator.
    if (pattern.maxGain !== undefined && !why && withOdds(score, pattern.maxGain * CONTEXT_WORD) < this.lowest && !this.isNamed(rule, start)) return REJECTED;
    if (pattern.maxGain !== undefined && !why && withOdds(score, pattern.maxGain) < this.lowest && !this.isNamed(rule, start) && this.wordEvidence(rule, start, end) === undefined) return REJECTED;
    if (rule.validator) {
      if (!why || this.verdict === undefined) this.verdict = rule.validator(text.slice(start, end));
      const { verdict, note, chance } = this.verdict;
      if (verdict === 'invalid') return RETRY;
      if (verdict === 'reserved') {
        this.reserved = true;
        why?.add('reserved', note ?? 'reserved for tests and documentation', RESERVED);
        return RESERVED;
      }
      if (verdict === 'valid') {
        score = withOdds(score, 1 / Math.max(chance ?? 0.5, 1e-6));
        why?.add('validator', note ?? (chance !== undefined && chance < 1 ? `passes its check (${oneIn(chance)} random values would)` : 'passes its check'), rounded(score));
      }
    }
    score = this.temper(rule, start, end, score, why);
    if (unsupported && score >= DOUBTFUL) {
      score = UNSUPPORTED_AT_MOST;
      why?.add('context', 'nothing near says so, which this rule asks for', score);
    }
    const confidence = rounded(score);
    return confidence < this.lowest ? REJECTED : confidence;
  }

  private temper(rule: CompiledRule, start: number, end: number, before: number, why: ReasonTrail | undefined): number {
    let score = before;
    if (this.isNamed(rule, start)) {
      score = withOdds(score, FIELD_NAME);
      why?.add('structure', this.evidence.nameFor(rule.index, start) ?? '', rounded(score));
      return score;
    }
    if (withOdds(score, CONTEXT_WORD) < this.lowest) return score;
    const word = score >= CERTAIN ? undefined : this.wordEvidence(rule, start, end);
    if (word !== undefined) {
      score = withOdds(score, CONTEXT_WORD);
      why?.add('context', word, rounded(score), standsNear);
      return score;
    }
    const other = this.evidence.otherAt(start);
    if (other !== undefined) {
      score = withOdds(score, OTHER_NAME);
      why?.add('filter', other, rounded(score), somethingElse);
    }
    if (this.evidence.isMachineText(start, end)) {
      score = withOdds(score, MACHINE_TEXT);
      why?.add('filter', 'a bare number in code or generated text', rounded(score));
    }
    return score;
  }

  /** 0 when the span is a value of its own. */
  private standsFree(rule: CompiledRule, start: number, end: number): number {
    const free = this.freedom(start, end);
    if (continuesByColon(this.subject.text, start, end)) return RETRY;
    // An address of the network is made of dotted numbers.
    if (free !== RETRY || rule.rule.entity !== 'IP_ADDRESS') return free;
    // But a fifth number makes it an object identifier or a longer version.
    const { text } = this.subject;
    const longer = (text.charCodeAt(start - 1) === 46 && isDigit(text.charCodeAt(start - 2))) || (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1)));
    return longer ? REJECTED : 0;
  }

  private freedom(start: number, end: number): number {
    const { text } = this.subject;
    if (!isDigit(text.charCodeAt(start)) && !isDigit(text.charCodeAt(end - 1))) return 0;
    if (this.freeStart !== start || this.freeEnd !== end) {
      this.freeStart = start;
      this.freeEnd = end;
      this.free = partOfSomething(text, start, end, this.subject.commaSeparates) !== undefined ? RETRY : insideToken(text, start, end) !== undefined ? REJECTED : 0;
    }
    return this.free;
  }

  private isNamed(rule: CompiledRule, start: number): boolean {
    return rule.rule.names !== undefined && this.evidence.isNamed(rule.index, start);
  }

  private wordEvidence(rule: CompiledRule, start: number, end: number): string | undefined {
    const { context } = rule.rule;
    const word = context === undefined ? undefined : this.evidence.wordFor(rule.index, start, end);
    if (word === undefined || context?.binds !== 'nearest' || !(this.evidence instanceof TextEvidence)) return word;
    return nearestWord(this.compiled, this.subject.text, rule.index, start, end);
  }
}

/** The rule's word before or behind the value with no other number, and behind it no other part of the sentence, in between. */
function nearestWord(compiled: CompiledRules, text: string, rule: number, start: number, end: number): string | undefined {
  let low = start, high = end;
  while (low > 0 && start - low < NEAREST && !isDigit(text.charCodeAt(low - 1))) low--;
  while (high < text.length && high - end < NEAREST && !isDigit(text.charCodeAt(high)) && !/[.,;\n]/.test(text[high]!)) high++;
  return compiled.context.find(text, low, start).get(rule) ?? compiled.context.find(text, end, high).get(rule);
}

/** Told by the judge who knows the decoded text. */
function innerFinding(hit: Hit, inner: NonNullable<Hit['inner']>, severityOf?: (entity: string, proposed: Severity) => Severity): Finding {
  const finding = inner.judge.explain(inner.hit, severityOf);
  const written = [...(inner.written === undefined ? [] : [inner.written]), ...(finding.written ?? [])];
  return { ...finding, start: hit.start, end: hit.end, ...(written.length > 0 ? { written } : {}) };
}

const standsNear = (word: string): string => `“${word}” stands near`;
const somethingElse = (word: string): string => `“${word}” says that it is something else`;
const oneIn = (chance: number): string => `1 in ${Math.max(2, Math.round(1 / chance))}`;
