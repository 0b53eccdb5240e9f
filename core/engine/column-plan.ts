/** What is known of a column before its first value is read: what its name says for and against each rule. Worked out once. */
import type { CompiledRule, CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import { Repeats } from './repeats.ts';
import { NEEDS_EVIDENCE, NEEDS_NO_CONTRADICTION, NEEDS_NOTHING } from './calibrate.ts';
import { isCompound, type KnownEvidence, NO_WORDS, type Words } from './evidence.ts';
import { PatternFilter } from './linear/pattern-filter.ts';
import { otherThing } from '../context/other-things.ts';
import { isBareName, nameAmong } from '../names/people.ts';

/** A rule whose name speaks for any value of the column. */
export interface NamedRule { readonly rule: CompiledRule; readonly phrase: string }

export class ColumnPlan implements KnownEvidence {
  readonly filter: PatternFilter;
  readonly explained: KnownEvidence['explained'] = new Map();
  /** Undefined for cells beyond the header. */
  readonly name: string | undefined;
  /** The name as it is written, or what it means under people. */
  readonly means: string | undefined;
  /** The name when it says that its values are something else. */
  readonly other: string | undefined;
  /** Whether a name or a word of the column says anything. */
  readonly speaks: boolean;
  readonly speaksAsHeader: boolean;
  /** Words before every value. */
  readonly words: Words;
  /** Words in the name. */
  readonly ownWords: Words;
  /** Only the words in the name count, not those beside a value. */
  readonly onlyOwnWords: boolean;
  readonly named: readonly NamedRule[];
  private readonly reasons = new Map<number, string>();
  private readonly supported: ReadonlySet<number>;
  /** Hits of values, relative to the value's start. */
  readonly verdicts = new Repeats<readonly Hit[]>();

  /**
   * @param path what encloses the column: its table
   * @param speaksAsHeader words in the name count as if they stood before each value
   */
  constructor(compiled: CompiledRules, name: string | undefined, path: readonly string[], speaksAsHeader: boolean) {
    const { names, context } = compiled;
    this.name = name;
    this.speaksAsHeader = speaksAsHeader;
    this.other = name === undefined ? undefined : otherThing('', 0, name);
    this.ownWords = name === undefined ? NO_WORDS : context.findInName(name);
    this.words = speaksAsHeader ? this.ownWords : NO_WORDS;
    this.onlyOwnWords = name !== undefined && this.other !== undefined && isCompound(name);
    const found = name === undefined ? [] : names.match(name);
    for (const element of this.other === undefined && name !== undefined ? path : []) {
      if (element !== 'cells') for (const { rule } of names.match(element)) this.reasons.set(rule, `“${element}” in its path names it`);
    }
    for (const { rule } of found) this.reasons.set(rule, `the column “${name}” names it`);
    this.speaks = found.length > 0 || this.words.size > 0 || (name !== undefined && path.some((element) => names.match(element).length > 0));
    this.supported = new Set(this.speaks ? [...this.reasons.keys(), ...(this.onlyOwnWords ? this.ownWords : this.words).keys()] : []);
    const allowed = this.other === undefined ? NEEDS_NO_CONTRADICTION : NEEDS_NOTHING;
    this.filter = new PatternFilter((pattern) => {
      const needs = compiled.needsEvidence()[pattern]!;
      return this.speaks ? needs !== NEEDS_EVIDENCE || this.supported.has(compiled.patterns[pattern]!.rule.index) : needs <= allowed;
    });
    this.means = name !== undefined && isBareName(name) ? nameAmong(name, path) : name;
    const wanted = name !== undefined && (isBareName(name) || names.speaks(name, compiled.rules));
    this.named = wanted ? names.match(this.means!).flatMap(({ rule, phrase }) => (compiled.rules[rule]!.acceptsValue ? [{ rule: compiled.rules[rule]!, phrase }] : [])) : [];
  }

  /** Whether its name or a word of it speaks for the rule. */
  supports(rule: number): boolean {
    return this.supported.has(rule);
  }

  isNamed(rule: number): boolean {
    return this.reasons.has(rule);
  }

  /** Why the column's name means the rule's entity. */
  nameFor(rule: number): string | undefined {
    return this.reasons.get(rule);
  }
}

/** Whether two names of a column lead to the same verdicts, so that typing in a header re-judges rows only when it matters. */
export function saysTheSame(compiled: CompiledRules, a: string, b: string): boolean {
  if (a === b) return true;
  const said = (name: string): string => {
    const rules = compiled.names.match(name).map(({ rule }) => rule), words = [...compiled.context.findInName(name).keys()];
    const isOther = otherThing('', 0, name) !== undefined;
    return [rules.join(), words.join(), isBareName(name), isOther, isOther && isCompound(name)].join(' ');
  };
  return said(a) === said(b);
}
