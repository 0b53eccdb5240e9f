/** The context words of all rules, found as whole words in a short window: by word, not by substring. */
import { splitIdentifier } from '../names/identifier.ts';

/** Scripts written without spaces between words: their context words are found as substrings. */
const SPACELESS = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/u;
/** Names whose words are remembered; a hostile file must not grow the cache without end. */
const CACHED_NAMES = 2_000;

interface Phrase { readonly words: readonly string[]; readonly text: string; readonly rules: number[] }

const NOTHING: ReadonlyMap<number, string> = new Map();

export class PhraseIndex {
  /** By the hash of the first word. */
  private readonly byHash = new Map<number, Phrase[]>();
  /** By the hash's low bits: 1 when some phrase may begin so. Most words of a text begin none, and a table says so sooner than a map. */
  private readonly mayBegin = new Uint8Array(1 << 14);
  private readonly spaceless: Phrase[] = [];
  private readonly names = new Map<string, ReadonlyMap<number, string>>();

  add(rule: number, phrases: readonly string[]): void {
    for (const text of phrases) {
      if (SPACELESS.test(text)) {
        addTo(this.spaceless, { words: [text], text, rules: [rule] });
        continue;
      }
      const words = splitIdentifier(text);
      const first = words[0];
      if (first === undefined) continue;
      const hash = hashOf(first);
      const list = this.byHash.get(hash) ?? [];
      addTo(list, { words, text, rules: [rule] });
      this.byHash.set(hash, list);
      this.mayBegin[hash & LOW_BITS] = 1;
    }
  }

  /** Rules that have a phrase in text[from, to), with the phrase. */
  find(text: string, from: number, to: number): ReadonlyMap<number, string> {
    return this.findIn(text, from, to, undefined) ?? NOTHING;
  }

  /** Rules that have a phrase in a column's or key's name. */
  findInName(name: string): ReadonlyMap<number, string> {
    let found = this.names.get(name);
    if (!found) {
      found = this.findIn(name, 0, name.length, undefined) ?? NOTHING;
      if (this.names.size > CACHED_NAMES) this.names.clear();
      this.names.set(name, found);
    }
    return found;
  }

  /** ASCII is walked by a rolling hash of each word (camel humps split); other text is split properly. */
  private findIn(text: string, from: number, to: number, into: Map<number, string> | undefined): Map<number, string> | undefined {
    let found = into;
    let hash = HASH_START, beforeLast = HASH_START, last = 0, length = 0, wasLower = false;
    for (let at = from; at <= to; at++) {
      let code = at < to ? text.charCodeAt(at) : 32;
      if (code >= 128) return this.findInUnicode(text.slice(from, to), into);
      const upper = code >= 65 && code <= 90;
      const letter = upper || (code >= 97 && code <= 122);
      if (length > 0 && (!letter || (upper && wasLower))) {
        found = this.collect(hash, text, at - length, at, to, found);
        // A plural counts as its singular.
        if (last === 115 && length > 3) found = this.collect(beforeLast, text, at - length, at - 1, to, found);
        hash = HASH_START;
        length = 0;
      }
      wasLower = letter && !upper;
      if (!letter) continue;
      if (upper) {
        // `SSNNumber`: the last capital of a run begins the next word.
        const next = at + 1 < to ? text.charCodeAt(at + 1) : 0;
        if (length > 0 && next >= 97 && next <= 122) {
          found = this.collect(hash, text, at - length, at, to, found);
          hash = HASH_START;
          length = 0;
        }
        code += 32;
      }
      beforeLast = hash;
      hash = mixIn(hash, code);
      last = code;
      length++;
    }
    return found;
  }

  /** Phrases that begin with the word text[start, end) of this hash. */
  private collect(hash: number, text: string, start: number, end: number, to: number, into: Map<number, string> | undefined): Map<number, string> | undefined {
    if (this.mayBegin[hash & LOW_BITS] === 0) return into;
    const phrases = this.byHash.get(hash);
    if (!phrases) return into;
    let found = into, words: readonly string[] | undefined;
    for (const phrase of phrases) {
      if (phrase.words.length === 1) {
        if (phrase.words[0]!.length === end - start) found = addRules(phrase, found);
        continue;
      }
      if (!nextWordBegins(text, end, to, phrase.words[1]!.charCodeAt(0))) continue;
      words ??= splitIdentifier(text.slice(start, Math.min(to, start + 60)));
      if (follows(words, 0, phrase.words)) found = addRules(phrase, found);
    }
    return found;
  }

  private findInUnicode(window: string, into: Map<number, string> | undefined): Map<number, string> | undefined {
    let found = into;
    const words = splitIdentifier(window);
    for (let i = 0; i < words.length; i++) {
      const phrases = this.byHash.get(hashOf(words[i]!)) ?? this.byHash.get(hashOf(singular(words[i]!)));
      if (phrases) found = addFollowing(phrases, words, i, found);
    }
    for (const phrase of this.spaceless) if (window.includes(phrase.text)) found = addRules(phrase, found);
    return found;
  }
}

/** FNV-1a, 32 bits. That two words of one length collide is one in four billion; it would cost a wrong word in an explanation. */
const LOW_BITS = (1 << 14) - 1;
const HASH_START = 0x811c9dc5;
const mixIn = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193) | 0;

/** Most first words are not followed by the second: one letter tells, before anything is split. */
function nextWordBegins(text: string, from: number, to: number, letter: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at) | 32;
    if (code >= 97 && code <= 122) return code === letter;
    if (code >= 128) return true;
  }
  return false;
}

function hashOf(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = mixIn(hash, word.charCodeAt(i));
  return hash;
}

const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word);

function addTo(list: Phrase[], phrase: Phrase): void {
  const same = list.find((known) => known.words.join(' ') === phrase.words.join(' '));
  if (!same) list.push(phrase);
  else if (!same.rules.includes(phrase.rules[0]!)) same.rules.push(phrase.rules[0]!);
}

function addFollowing(phrases: readonly Phrase[], words: readonly string[], at: number, into: Map<number, string> | undefined): Map<number, string> | undefined {
  let found = into;
  for (const phrase of phrases) if (follows(words, at, phrase.words)) found = addRules(phrase, found);
  return found;
}

function addRules(phrase: Phrase, into: Map<number, string> | undefined): Map<number, string> {
  const found = into ?? new Map<number, string>();
  for (const rule of phrase.rules) if (!found.has(rule)) found.set(rule, phrase.text);
  return found;
}

function follows(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  for (let k = 0; k < phrase.length; k++) {
    const word = words[at + k];
    if (word !== phrase[k] && (word === undefined || singular(word) !== phrase[k])) return false;
  }
  return true;
}
