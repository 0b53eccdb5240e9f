/** The context words of all rules, found as whole words in a short window: by word, not by substring. */
import { splitIdentifier } from '../names/identifier.ts';

/** Scripts written without spaces between words: their context words are found as substrings. */
const SPACELESS = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/u;

interface Phrase { readonly words: readonly string[]; readonly text: string; readonly rules: number[] }

export class PhraseIndex {
  private readonly byFirstWord = new Map<string, Phrase[]>();
  private readonly spaceless: Phrase[] = [];

  add(rule: number, phrases: readonly string[]): void {
    for (const text of phrases) {
      if (SPACELESS.test(text)) {
        const known = this.spaceless.find((phrase) => phrase.text === text);
        if (known) known.rules.push(rule);
        else this.spaceless.push({ words: [text], text, rules: [rule] });
        continue;
      }
      const words = splitIdentifier(text);
      const first = words[0];
      if (first === undefined) continue;
      const list = this.byFirstWord.get(first) ?? [];
      const same = list.find((phrase) => phrase.words.join(' ') === words.join(' '));
      if (same) {
        if (!same.rules.includes(rule)) same.rules.push(rule);
      } else list.push({ words, text, rules: [rule] });
      this.byFirstWord.set(first, list);
    }
  }

  /** Rules that have a phrase in the window, with the phrase. */
  find(window: string): ReadonlyMap<number, string> {
    const found = new Map<number, string>();
    const words = splitIdentifier(window);
    for (let i = 0; i < words.length; i++) {
      const phrases = this.byFirstWord.get(words[i]!) ?? this.byFirstWord.get(singular(words[i]!));
      if (!phrases) continue;
      for (const phrase of phrases) {
        if (!follows(words, i, phrase.words)) continue;
        for (const rule of phrase.rules) if (!found.has(rule)) found.set(rule, phrase.text);
      }
    }
    for (const phrase of this.spaceless) {
      if (window.includes(phrase.text)) for (const rule of phrase.rules) if (!found.has(rule)) found.set(rule, phrase.text);
    }
    return found;
  }
}

const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word);

function follows(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  for (let k = 1; k < phrase.length; k++) if (words[at + k] !== phrase[k]) return false;
  return true;
}
