/** Hits of values whose column, key or variable name speaks for them. */
import { isPlaceholder } from '../filters/placeholder.ts';
import { codeFences } from '../structure/code-fences.ts';
import { eachColumnValue, valueAfter } from '../structure/named-values.ts';
import { isBareName, nameAmong } from '../names/people.ts';
import { proseAddresses } from '../names/prose-addresses.ts';
import { looksLikePerson, prosePeople, type ProsePerson } from '../names/prose-people.ts';
import { smallLetterPeople } from '../names/small-letters.ts';
import type { CompiledRule, CompiledRules } from './compile.ts';
import type { DocumentText } from './document.ts';
import type { Hit } from './hit.ts';
import type { Judge } from './judge.ts';

/** Finds values that a name speaks for; made once a scan. */
export class NamedValues {
  private readonly compiled: CompiledRules;
  private readonly document: DocumentText;
  private readonly judge: Judge;
  private readonly hits: Hit[] = [];

  constructor(compiled: CompiledRules, document: DocumentText, judge: Judge) {
    this.compiled = compiled;
    this.document = document;
    this.judge = judge;
  }

  /** Characters after which a named value may begin in this document. */
  get separators(): string {
    switch (this.document.format) {
      case 'csv': return '';
      case 'xml': return '=>:';
      default: return ':=(';
    }
  }

  /** Looks at the value after the separator at `at`. */
  readonly after = (at: number): void => valueAfter(this.document, at, this.wanted, this.sink);

  /** People and postal addresses in the sentences of text[from, to): only where people write sentences. */
  people(from: number, to: number): readonly Hit[] {
    const { format, text } = this.document;
    if (format !== 'text' && format !== 'markdown' && format !== 'mail') return [];
    const names = this.compiled.gazetteer();
    const fences = format === 'markdown' ? codeFences(text) : [];
    const addresses = proseAddresses(text, from, to);
    const people = [...prosePeople(text, from, to, names), ...smallLetterPeople(text, from, to, names)];
    // Streets are called after people.
    const living = people.filter((person) => !addresses.some((address) => address.start < person.end && person.start < address.end));
    const hitsOf = (found: readonly ProsePerson[], rule: CompiledRule | undefined): Hit[] => (rule === undefined ? [] : found.flatMap(({ start, end, confidence, reason }) =>
      start < from || confidence < this.judge.lowest || fences.some((fence) => fence.start <= start && start < fence.end) ? [] : [{ rule, pattern: undefined, start, end, confidence, reserved: false, spoken: { kind: 'context' as const, text: reason } }]));
    return [...hitsOf(living, this.ruleFor('PERSON', 'user.name')), ...hitsOf(addresses, this.ruleFor('ADDRESS', undefined))];
  }

  private ruleFor(entity: string, category: string | undefined): CompiledRule | undefined {
    const rules = this.compiled.rules.filter(({ rule }) => rule.entity === entity && rule.nameOnly !== undefined);
    return rules.find(({ rule }) => rule.category === category) ?? rules[0];
  }

  /** Hits so far, and those of the tables' rows that begin in [from, to). */
  take(from: number, to: number): readonly Hit[] {
    for (const table of this.document.tables) eachColumnValue(table, from, to, this.wanted, this.sink);
    return this.hits.splice(0);
  }

  private readonly wanted = (name: string): boolean => isBareName(name) || this.compiled.names.speaks(name, this.compiled.rules);

  private readonly sink = (written: string, start: number, end: number, path: () => readonly string[]): void => {
    const name = isBareName(written) ? nameAmong(written, path()) : written;
    const value = this.document.text.slice(start, end);
    let placeholder: boolean | undefined;
    if (name !== written && !looksLikePerson(value, this.compiled.gazetteer())) return;
    for (const match of this.compiled.names.match(name)) {
      const rule = this.compiled.rules[match.rule]!;
      if (!rule.acceptsValue?.(value)) continue;
      placeholder ??= isPlaceholder(value);
      if (placeholder) return;
      const hit = this.judge.judgeNamed(rule, start, end, match.phrase, written);
      if (hit) this.hits.push(hit);
    }
  };
}
