/** What is known of a column before its first value is read: what its name says for and against each rule. Worked out once. */
import type { CompiledRule, CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import { isCompound, NO_WORDS, type Words } from './evidence.ts';
import { otherThing } from '../context/other-things.ts';
import { isBareName, nameAmong } from '../names/people.ts';

/** Values whose verdict is remembered, a column; of longer ones none. */
const REMEMBERED = 1_000, LONGEST_REMEMBERED = 64;
/** After so many values, a column that seldom repeats one is no longer remembered. */
const TRIAL = 128, LEAST_SHARE = 0.25;

/** A rule whose name speaks for any value of the column. */
export interface NamedRule { readonly rule: CompiledRule; readonly phrase: string }

export class ColumnPlan {
  /** Undefined for cells beyond the header. */
  readonly name: string | undefined;
  /** The name as it is written, or what it means under people. */
  readonly means: string | undefined;
  /** The name when it says that its values are something else. */
  readonly other: string | undefined;
  /** Whether a name or a word of the column says anything. */
  readonly speaks: boolean;
  readonly words: Words;
  /** Only the words in the name count, not those beside a value. */
  readonly onlyOwnWords: boolean;
  readonly named: readonly NamedRule[];
  private readonly reasons = new Map<number, string>();
  private verdicts: Map<string, readonly Hit[]> | undefined = new Map();
  private asked = 0;
  private repeated = 0;

  /** @param path what encloses the column: its table */
  constructor(compiled: CompiledRules, name: string | undefined, path: readonly string[]) {
    const { names, context } = compiled;
    this.name = name;
    this.other = name === undefined ? undefined : otherThing('', 0, name);
    this.words = name === undefined ? NO_WORDS : context.findInName(name);
    this.onlyOwnWords = name !== undefined && this.other !== undefined && isCompound(name);
    const found = name === undefined ? [] : names.match(name);
    for (const element of this.other === undefined && name !== undefined ? path : []) {
      if (element !== 'cells') for (const { rule } of names.match(element)) this.reasons.set(rule, `“${element}” in its path names it`);
    }
    for (const { rule } of found) this.reasons.set(rule, `the column “${name}” names it`);
    this.speaks = found.length > 0 || this.words.size > 0 || (name !== undefined && path.some((element) => names.match(element).length > 0));
    this.means = name !== undefined && isBareName(name) ? nameAmong(name, path) : name;
    const wanted = name !== undefined && (isBareName(name) || names.speaks(name, compiled.rules));
    this.named = wanted ? names.match(this.means!).flatMap(({ rule, phrase }) => (compiled.rules[rule]!.acceptsValue ? [{ rule: compiled.rules[rule]!, phrase }] : [])) : [];
  }

  isNamed(rule: number): boolean {
    return this.reasons.has(rule);
  }

  /** Why the column's name means the rule's entity. */
  nameFor(rule: number): string | undefined {
    return this.reasons.get(rule);
  }

  /** Hits of an equal value, relative to its start. */
  remembered(value: string): readonly Hit[] | undefined {
    this.asked++;
    const found = this.verdicts!.get(value);
    if (found) this.repeated++;
    else if (this.asked >= TRIAL && this.repeated < this.asked * LEAST_SHARE) this.verdicts = undefined;
    return found;
  }

  /** Whether verdicts of values of that length are worth keeping. */
  remembers(length: number): boolean {
    return this.verdicts !== undefined && length <= LONGEST_REMEMBERED;
  }

  remember(value: string, hits: readonly Hit[]): void {
    if (this.verdicts === undefined) return;
    if (this.verdicts.size >= REMEMBERED) this.verdicts.clear();
    this.verdicts.set(value, hits);
  }
}
