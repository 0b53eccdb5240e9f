/** The key of the list that a value stands in: `"ssns": ["…", "…"]`, `phones = ['…', '…']`. */
import { identifierEndingAt } from './field.ts';

const REACH = 1_500;

export interface ListKey { readonly name: string; readonly start: number }

/** Asked for values in ascending order mostly: what was found out for one holds for the next of the same list. */
export class ListKeys {
  private readonly text: string;
  private asked = -1;
  private key: ListKey | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Undefined when the value at `offset` is no element of a list with a key. */
  of(offset: number): ListKey | undefined {
    const { text } = this;
    let before = offset - 1;
    const c = text.charCodeAt(before);
    if (c === 34 || c === 39 || c === 96) before--;
    while (before >= 0 && text.charCodeAt(before) <= 32) before--;
    const b = text.charCodeAt(before);
    if (b !== 91 && b !== 44) return undefined;
    if (this.asked < 0 || offset < this.asked || offset - this.asked > REACH || this.bracketBetween(this.asked, offset)) this.key = this.lookBack(before);
    this.asked = offset;
    return this.key;
  }

  private bracketBetween(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (isBracket(this.text.charCodeAt(at))) return true;
    return false;
  }

  private lookBack(from: number): ListKey | undefined {
    const { text } = this;
    const low = Math.max(0, from - REACH);
    for (let at = from; at >= low; at--) {
      const c = text.charCodeAt(at);
      if (c === 91) return this.keyBefore(at, low);
      if (isBracket(c) || c === 59) return undefined;
    }
    return undefined;
  }

  private keyBefore(open: number, low: number): ListKey | undefined {
    const { text } = this;
    let at = skipBlankBack(text, open - 1, low);
    const c = text.charCodeAt(at);
    if (c !== 58 && c !== 61) return undefined;
    at = skipBlankBack(text, at - 1, low);
    if (text.charCodeAt(at) === 58) at--; // :=
    return identifierEndingAt(text, at, low);
  }
}

/** Elements of the list whose bracket opens at `open`, quotes excluded: strings, and in YAML bare words. */
export function eachElement(text: string, open: number, bare: boolean, visit: (start: number, end: number) => void): void {
  const limit = Math.min(text.length, open + 20_000);
  for (let at = open + 1; at < limit; at++) {
    const c = text.charCodeAt(at);
    if (c <= 32 || c === 44) continue;
    if (c === 93) return;
    if (c === 34 || c === 39) {
      let end = at + 1;
      while (end < limit && text.charCodeAt(end) !== c && text.charCodeAt(end) !== 10) end += text.charCodeAt(end) === 92 ? 2 : 1;
      if (text.charCodeAt(end) !== c) return;
      if (end > at + 1) visit(at + 1, end);
      at = end;
    } else {
      if (!bare || isBracket(c)) return;
      let end = at;
      while (end < limit && text.charCodeAt(end) !== 44 && text.charCodeAt(end) !== 93 && text.charCodeAt(end) !== 10) end++;
      let last = end;
      while (last > at && text.charCodeAt(last - 1) <= 32) last--;
      visit(at, last);
      at = end - 1;
      if (text.charCodeAt(end) === 10) return;
    }
  }
}

function skipBlankBack(text: string, from: number, low: number): number {
  let at = from;
  while (at > low && text.charCodeAt(at) <= 32) at--;
  return at;
}

const isBracket = (c: number): boolean => c === 91 || c === 93 || c === 123 || c === 125 || c === 40 || c === 41;
