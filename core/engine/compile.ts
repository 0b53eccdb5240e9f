/** Turns rules into what a scan runs: patterns grouped by what finds their candidates, so that cost follows candidates, not rules. */
import type { LinearRegex, RegexEngine } from './detector.ts';
import { isWord } from './chars.ts';
import type { ScanLimit } from '../wire/finding.ts';
import type { Rule, RulePack, RulePattern } from '../rules/rule.ts';
import type { Validator } from '../validators/index.ts';
import { PhraseIndex } from '../context/phrase-index.ts';
import { type Gazetteer, readGazetteer } from '../names/gazetteer.ts';
import { valueMask } from '../masking/mask-value.ts';
import { labelTest } from '../names/label.ts';
import { NameIndex } from '../names/name-index.ts';
import { patternsThatNeedEvidence } from './calibrate.ts';
import { ReasonChains } from './reasons.ts';
import { charsBeforeDigit, charsOf, isDigits, leadingWord, maxLength, reachOf, requiredLiteral, type Span } from './linear/facts.ts';
import { GroupFinder, WholeMatcher } from './linear/match.ts';
import { PatternSet } from './linear/pattern-set.ts';
import { parseRegex, UnsupportedSyntax, type CharRanges, type Node } from './linear/syntax.ts';

export interface CompiledRule {
  readonly index: number;
  readonly rule: Rule;
  readonly validator: Validator | undefined;
  /** The rule's default mask. */
  readonly mask: (value: string) => string;
  /** Whether a whole value may be a value of a field whose name matches; absent when names alone say nothing. */
  readonly acceptsValue: ((value: string) => boolean) | undefined;
}

export interface CompiledPattern {
  readonly rule: CompiledRule;
  readonly pattern: RulePattern;
  readonly boundary: 'word' | 'digit' | 'none';
  readonly maxGain: number | undefined;
  /** The first reason: "looks like a US social security number (grouped)". */
  readonly looks: string;
  /** For a pattern with a capturing group: the group's offsets within a match, which are the value. */
  readonly group: ((text: string, from: number, to: number) => readonly [number, number] | undefined) | undefined;
  /** RE2, compiled at first use: only patterns beyond the automaton get that far. */
  readonly regex: () => LinearRegex | undefined;
}

/** Patterns that share a way of finding candidates. */
export interface PatternGroup {
  readonly set: PatternSet;
  readonly boundary: 'word' | 'digit' | 'none';
  /** How far before the anchor a match may start. */
  readonly reach: number;
  /** Longest match, at most `MAX_WALK`. */
  readonly length: number;
  /** For literal groups. */
  readonly literal: string;
  /** By unit: 1 when it may stand in a match before its first digit, or anywhere in a match that holds a literal. */
  readonly prefix: Uint8Array;
  /** For word groups: how long a word is that a match begins with. */
  readonly word: Span;
  /** Indexes of its patterns. */
  readonly patterns: number[];
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly patterns: readonly CompiledPattern[];
  /** Every match holds a digit near its start. */
  readonly digitGroups: readonly PatternGroup[];
  /** Every match holds the literal. */
  readonly literalGroups: readonly PatternGroup[];
  /** Neither: tried at the start of every word. */
  readonly wordGroups: readonly PatternGroup[];
  /** Beyond the automaton: RE2 runs them line by line. */
  readonly linePatterns: readonly CompiledPattern[];
  readonly names: NameIndex;
  readonly context: PhraseIndex;
  readonly limits: readonly ScanLimit[];
  /** By pattern index: 1 when only a word or a name can lift it to the default threshold. Worked out at first use. */
  readonly needsEvidence: () => Uint8Array;
  readonly gazetteer: () => Gazetteer;
  readonly reasons: ReasonChains;
  /** Reports a rule that can't run, once. */
  skip(ruleId: string, why: string): void;
}

/** Longest walk of an unbounded pattern: an e-mail address has at most 254 characters (RFC 5321 4.5.3.1.3, erratum 1690). */
export const MAX_WALK = 320;
/** Patterns whose first digit may stand further from their start are tried at words instead. */
const NEAR_REACH = 13;
const ANY: Span = [0, Infinity];
const NO_PREFIX = new Uint8Array(0);

export function compileRules(packs: readonly RulePack[], regex: RegexEngine, validators: ReadonlyMap<string, Validator>): CompiledRules {
  const rules: CompiledRule[] = [];
  const patterns: CompiledPattern[] = [];
  const linePatterns: CompiledPattern[] = [];
  const limits: ScanLimit[] = [];
  const skipRule = (ruleId: string, why: string): void => {
    if (!limits.some((limit) => limit.kind === 'rule-skipped' && limit.ruleId === ruleId)) limits.push({ kind: 'rule-skipped', ruleId, why });
  };
  const names = new NameIndex();
  const context = new PhraseIndex();
  const groups = new Map<string, { kind: 'digit' | 'literal' | 'word'; group: PatternGroup }>();

  for (const rule of packs.flatMap((pack) => pack.rules)) {
    const validator = rule.validator === undefined ? undefined : validators.get(rule.validator);
    if (rule.validator !== undefined && !validator) {
      limits.push({ kind: 'rule-skipped', ruleId: rule.id, why: `validator \`${rule.validator}\` does not exist` });
      continue;
    }
    const skip = (why: string): void => skipRule(rule.id, why);
    const { nameOnly } = rule;
    const compiled: CompiledRule = {
      index: rules.length, rule, validator, mask: valueMask(rule.entity, rule.mask),
      // Where a name speaks, people group digits as they like (`1123456789 0`, en dashes): the validator is asked, whatever the patterns know.
      acceptsValue: nameOnly ? filledIn(valueTest(nameOnly.valuePattern, regex, skip), labelTest(rule.names ?? [])) : validator && rule.names ? isGroupedNumber : undefined,
    };
    rules.push(compiled);
    if (rule.names) names.add(compiled.index, rule.names);
    if (rule.context) context.add(compiled.index, rule.context.words);
    for (const pattern of rule.patterns) {
      const ignoreCase = pattern.ignoreCase ?? false;
      const re2 = once(() => tryCompile(regex, pattern.regex, ignoreCase, skip));
      const boundary = pattern.boundary ?? 'word';
      const looks = `looks like ${article(rule.title)} (${pattern.name})`;
      const index = patterns.length;
      try {
        const node = parseRegex(pattern.regex, ignoreCase);
        const finder = hasGroup(node) ? GroupFinder.of(node) : undefined;
        const group = finder ? finder.find.bind(finder) : hasGroup(node) ? groupByRe2(re2) : undefined;
        patterns.push({ rule: compiled, pattern, boundary, maxGain: pattern.maxGain, looks, group, regex: re2 });
        const place = placeOf(node, boundary);
        let found = groups.get(place.key);
        if (!found) {
          found = { kind: place.kind, group: { set: new PatternSet(), boundary, reach: place.reach, length: 0, literal: place.literal, word: place.word, prefix: NO_PREFIX, patterns: [] } };
          groups.set(place.key, found);
        }
        found.group.set.add(index, node);
        found.group.patterns.push(index);
        if (place.kind === 'digit' || (place.kind === 'literal' && place.reach > 0)) {
          if (found.group.prefix === NO_PREFIX) found.group = Object.assign(found.group, { prefix: new Uint8Array(0x10000) });
          addPrefix(place.kind === 'digit' ? charsBeforeDigit(node) : charsOf(node), found.group.prefix);
        }
        const length = Math.max(found.group.length, Math.min(maxLength(node), MAX_WALK));
        found.group = Object.assign(found.group, { length, reach: Math.max(found.group.reach, place.reach) });
      } catch (error) {
        if (!(error instanceof UnsupportedSyntax)) throw error;
        patterns.length = index;
        const entry: CompiledPattern = { rule: compiled, pattern, boundary, maxGain: pattern.maxGain, looks, group: /\((?!\?)/.test(pattern.regex) ? groupByRe2(re2) : undefined, regex: re2 };
        patterns.push(entry);
        // RE2 has the last word on what is wrong with it; a pattern it refuses is reported, not dropped in silence.
        if (re2()) linePatterns.push(entry);
      }
    }
  }
  const of = (kind: 'digit' | 'literal' | 'word'): PatternGroup[] => [...groups.values()].filter((found) => found.kind === kind).map((found) => found.group);
  const compiled: CompiledRules = {
    rules, patterns, digitGroups: of('digit'), literalGroups: of('literal'), wordGroups: of('word'), linePatterns, names, context, limits, skip: skipRule, reasons: new ReasonChains(), gazetteer: once(readGazetteer),
    needsEvidence: once(() => patternsThatNeedEvidence(compiled)),
  };
  return compiled;
}

function placeOf(node: Node, boundary: string): { kind: 'digit' | 'literal' | 'word'; key: string; reach: number; literal: string; word: Span } {
  const word = boundary === 'word' ? leadingWord(node) : ANY;
  const literal = requiredLiteral(node);
  const strong = literal && (literal.text.length >= 3 || /[@]/.test(literal.text)) && literal.reach <= 128 ? literal : undefined;
  const digits = reachOf(node, isDigits);
  if (strong && (strong.text.includes('@') || digits > NEAR_REACH)) return { kind: 'literal', key: `literal ${boundary} ${strong.text}`, reach: strong.reach, literal: strong.text, word };
  if (digits <= NEAR_REACH) return { kind: 'digit', key: `digit ${boundary}`, reach: digits, literal: '', word };
  if (literal && literal.reach <= 128 && /[^\s.,\-_/]/.test(literal.text)) return { kind: 'literal', key: `literal ${boundary} ${literal.text}`, reach: literal.reach, literal: literal.text, word };
  // Patterns that begin with words of like lengths share an automaton; most words of a text have none of them.
  return { kind: 'word', key: `word ${boundary} ${word.join('-')}`, reach: 0, literal: '', word };
}

function addPrefix(chars: readonly CharRanges[], prefix: Uint8Array): void {
  for (const ranges of chars) for (let i = 0; i < ranges.length; i += 2) prefix.fill(1, ranges[i]!, ranges[i + 1]! + 1);
}

function hasGroup(node: Node): boolean {
  switch (node.kind) {
    case 'empty': case 'chars': return false;
    case 'group': return true;
    case 'concat': return node.items.some(hasGroup);
    case 'either': return node.branches.some(hasGroup);
    case 'repeat': return hasGroup(node.item);
  }
}

function groupByRe2(re2: () => LinearRegex | undefined): NonNullable<CompiledPattern['group']> {
  return (text, from, to) => {
    const group = re2()?.exec(text.slice(from, to), 0)?.groups.find(([start]) => start >= 0);
    return group && [from + group[0], from + group[1]];
  };
}

const filledIn = (fits: (value: string) => boolean, isLabel: (value: string) => boolean) => (value: string): boolean => fits(value) && !isLabel(value);

/** Digits in groups, perhaps with letters: `1123456789 0`, `75692170769 85`, `D-059888 –N`. Plain numbers are the patterns' own. */
function isGroupedNumber(value: string): boolean {
  if (value.length < 6 || value.length > 48) return false;
  let digits = 0, separators = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 48 && code <= 57) digits++;
    else if (code === 32 || code === 45 || code === 46 || code === 47 || code === 0xa0 || code === 0x202f || (code >= 0x2010 && code <= 0x2015) || code === 0x2212) separators++;
    else if (!((code | 32) >= 97 && (code | 32) <= 122)) return false;
  }
  return separators > 0 && digits >= 4 && isWord(value.charCodeAt(0)) && isWord(value.charCodeAt(value.length - 1));
}

function valueTest(pattern: string, engine: RegexEngine, skip: (why: string) => void): (value: string) => boolean {
  try {
    const matcher = new WholeMatcher(pattern);
    return (value) => matcher.test(value);
  } catch (error) {
    if (!(error instanceof UnsupportedSyntax)) throw error;
    const regex = once(() => tryCompile(engine, `^(?:${pattern})$`, false, skip));
    return (value) => regex()?.exec(value, 0) !== undefined;
  }
}

function tryCompile(engine: RegexEngine, regex: string, ignoreCase: boolean, skip: (why: string) => void): LinearRegex | undefined {
  try {
    return engine.compile(regex, { ignoreCase });
  } catch (error) {
    skip(`pattern is not RE2 syntax: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const article = (title: string): string => (/^[aeiou]/i.test(title) && !/^(?:UK|US|UT|EU|uni)/.test(title) ? `an ${title}` : `a ${title}`);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
