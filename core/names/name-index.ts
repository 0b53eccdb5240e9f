/** What a name alone says: the phrases of all rules, found at the end of a split identifier. */
import { joinWords, splitIdentifier } from './identifier.ts';

/** Words that may follow the phrase and change nothing: `ssn_number`, `phone2`, `email_address_raw`. */
const NEUTRAL_TAIL = new Set(['number', 'num', 'no', 'nr', 'value', 'val', 'text', 'txt', 'str', 'string', 'raw', 'plain', 'field', 'column', 'col', 'input', 'data', 'primary', 'secondary', 'main', 'old', 'new']);
const LONGEST_IDENTIFIER = 80;

export interface NameMatch {
  /** Index of the rule in the detector's order. */
  readonly rule: number;
  /** The words that matched, for the reason. */
  readonly phrase: string;
  /** How many words of the identifier the phrase covers. */
  readonly words: number;
}

export class NameIndex {
  private readonly phrases = new Map<string, { readonly phrase: string; readonly rules: number[] }>();
  private readonly cache = new Map<string, readonly NameMatch[]>();

  add(rule: number, phrases: readonly string[]): void {
    for (const phrase of phrases) {
      const joined = joinWords(splitIdentifier(phrase));
      if (!joined) continue;
      const entry = this.phrases.get(joined);
      if (!entry) this.phrases.set(joined, { phrase, rules: [rule] });
      else if (!entry.rules.includes(rule)) entry.rules.push(rule);
    }
  }

  /** Whether the name means the rule's entity. */
  means(name: string, rule: number): boolean {
    const found = this.match(name);
    for (let i = 0; i < found.length; i++) if (found[i]!.rule === rule) return true;
    return false;
  }

  /** Whether the name means something that it can say of any value: a rule that accepts values by name alone. */
  speaks(name: string, rules: readonly { readonly acceptsValue: unknown }[]): boolean {
    const found = this.match(name);
    for (let i = 0; i < found.length; i++) if (rules[found[i]!.rule]?.acceptsValue !== undefined) return true;
    return false;
  }

  /** Rules whose phrase ends the identifier, longest phrase first. */
  match(name: string): readonly NameMatch[] {
    if (name.length === 0 || name.length > LONGEST_IDENTIFIER) return [];
    let found = this.cache.get(name);
    if (!found) {
      found = this.lookUp(splitIdentifier(name));
      // A file has few distinct keys; a hostile one must not grow the cache without end.
      if (this.cache.size > 5000) this.cache.clear();
      this.cache.set(name, found);
    }
    return found;
  }

  private lookUp(words: string[]): readonly NameMatch[] {
    let end = words.length;
    for (let trimmed = 0; trimmed <= 3 && end > 0; trimmed++) {
      const found = this.endingAt(words, end);
      if (found.length > 0) return found;
      const last = words[end - 1]!;
      if (!NEUTRAL_TAIL.has(last) && !/^\d{1,2}$/.test(last)) return [];
      end--;
    }
    return [];
  }

  private endingAt(words: string[], end: number): readonly NameMatch[] {
    for (let start = Math.max(0, end - 6); start < end; start++) {
      const joined = joinWords(words.slice(start, end));
      const entry = this.phrases.get(joined) ?? (joined.length > 3 && joined.endsWith('s') ? this.phrases.get(joined.slice(0, -1)) : undefined);
      if (entry) return entry.rules.map((rule) => ({ rule, phrase: entry.phrase, words: end - start }));
    }
    return [];
  }
}
