/** Turns rules into what a scan runs: patterns grouped by what finds their candidates, so that cost follows candidates, not rules. */
import type { LinearRegex, RegexEngine } from './detector.ts';
import type { ScanLimit } from '../wire/finding.ts';
import type { Rule, RulePack, RulePattern } from '../rules/rule.ts';
import type { Validator } from '../validators/index.ts';
import { PhraseIndex } from '../context/phrase-index.ts';
import { NameIndex } from '../names/name-index.ts';
import { isDigits, maxLength, reachOf, requiredLiteral } from './linear/facts.ts';
import { PatternSet } from './linear/pattern-set.ts';
import { parseRegex, UnsupportedSyntax, type Node } from './linear/syntax.ts';

export interface CompiledRule {
  readonly index: number;
  readonly rule: Rule;
  readonly validator: Validator | undefined;
  /** Full-match pattern for values of a field whose name matches; compiled at first use. */
  readonly valuePattern: (() => LinearRegex | undefined) | undefined;
}

export interface CompiledPattern {
  readonly rule: CompiledRule;
  readonly pattern: RulePattern;
  readonly boundary: 'word' | 'digit' | 'none';
  /** The pattern has a capturing group: group 1 is the value and RE2 must find it. */
  readonly captures: boolean;
  /** Compiled at first use: most rules never get that far. */
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
}

/** Longest walk of an unbounded pattern: an e-mail address has at most 254 characters (RFC 5321 4.5.3.1.3, erratum 1690). */
export const MAX_WALK = 320;
/** Digit-anchored patterns that may start further before the digit get a group of their own. */
const NEAR_REACH = 12;
const FAR_REACH = 64;

export function compileRules(packs: readonly RulePack[], regex: RegexEngine, validators: ReadonlyMap<string, Validator>): CompiledRules {
  const rules: CompiledRule[] = [];
  const patterns: CompiledPattern[] = [];
  const linePatterns: CompiledPattern[] = [];
  const limits: ScanLimit[] = [];
  const names = new NameIndex();
  const context = new PhraseIndex();
  const groups = new Map<string, { kind: 'digit' | 'literal' | 'word'; group: PatternGroup }>();

  for (const rule of packs.flatMap((pack) => pack.rules)) {
    const validator = rule.validator === undefined ? undefined : validators.get(rule.validator);
    if (rule.validator !== undefined && !validator) {
      limits.push({ kind: 'rule-skipped', ruleId: rule.id, why: `validator \`${rule.validator}\` does not exist` });
      continue;
    }
    const skip = (why: string): void => { limits.push({ kind: 'rule-skipped', ruleId: rule.id, why }); };
    const { nameOnly } = rule;
    const compiled: CompiledRule = {
      index: rules.length, rule, validator,
      valuePattern: nameOnly && once(() => tryCompile(regex, `^(?:${nameOnly.valuePattern})$`, false, skip)),
    };
    rules.push(compiled);
    if (rule.names) names.add(compiled.index, rule.names);
    if (rule.context) context.add(compiled.index, rule.context.words);
    for (const pattern of rule.patterns) {
      const ignoreCase = pattern.ignoreCase ?? false;
      const entry: CompiledPattern = {
        rule: compiled, pattern, boundary: pattern.boundary ?? 'word', captures: hasCapture(pattern.regex),
        regex: once(() => tryCompile(regex, pattern.regex, ignoreCase, skip)),
      };
      const index = patterns.length;
      patterns.push(entry);
      try {
        const node = parseRegex(pattern.regex, ignoreCase);
        const place = placeOf(node, entry.boundary);
        let found = groups.get(place.key);
        if (!found) {
          found = { kind: place.kind, group: { set: new PatternSet(), boundary: entry.boundary, reach: place.reach, length: 0, literal: place.literal } };
          groups.set(place.key, found);
        }
        found.group.set.add(index, node);
        const length = Math.max(found.group.length, Math.min(maxLength(node), MAX_WALK));
        found.group = Object.assign(found.group, { length, reach: Math.max(found.group.reach, place.reach) });
      } catch (error) {
        if (!(error instanceof UnsupportedSyntax)) throw error;
        // RE2 has the last word on what is wrong with it; a pattern it refuses is reported, not dropped in silence.
        if (entry.regex()) linePatterns.push(entry);
      }
    }
  }
  const of = (kind: 'digit' | 'literal' | 'word'): PatternGroup[] => [...groups.values()].filter((found) => found.kind === kind).map((found) => found.group);
  return { rules, patterns, digitGroups: of('digit'), literalGroups: of('literal'), wordGroups: of('word'), linePatterns, names, context, limits };
}

function placeOf(node: Node, boundary: string): { kind: 'digit' | 'literal' | 'word'; key: string; reach: number; literal: string } {
  const literal = requiredLiteral(node);
  const strong = literal && (literal.text.length >= 3 || /[@]/.test(literal.text)) && literal.reach <= 128 ? literal : undefined;
  const digits = reachOf(node, isDigits);
  if (strong && (strong.text.includes('@') || digits > NEAR_REACH)) return { kind: 'literal', key: `literal ${boundary} ${strong.text}`, reach: strong.reach, literal: strong.text };
  if (digits <= NEAR_REACH) return { kind: 'digit', key: `digit near ${boundary}`, reach: digits, literal: '' };
  if (digits <= FAR_REACH) return { kind: 'digit', key: `digit far ${boundary}`, reach: digits, literal: '' };
  if (literal && literal.reach <= 128 && /[^\s.,\-_/]/.test(literal.text)) return { kind: 'literal', key: `literal ${boundary} ${literal.text}`, reach: literal.reach, literal: literal.text };
  return { kind: 'word', key: `word ${boundary}`, reach: 0, literal: '' };
}

/** An unescaped group that captures. Good enough: a `(` inside a class only costs an RE2 call. */
const hasCapture = (regex: string): boolean => /(^|[^\\])\((?!\?)|\(\?P?</.test(regex);

function tryCompile(engine: RegexEngine, regex: string, ignoreCase: boolean, skip: (why: string) => void): LinearRegex | undefined {
  try {
    return engine.compile(regex, { ignoreCase });
  } catch (error) {
    skip(`pattern is not RE2 syntax: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
