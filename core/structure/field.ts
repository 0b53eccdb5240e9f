/**
 * The key, variable, attribute or element that a place in the text is the value of. Found by looking back a short way, so
 * that it works in broken files and costs the same in large ones.
 */
import { isWord, isLineBreak, lineStartWithin } from '../engine/chars.ts';

export interface Field {
  readonly name: string;
  /** Enclosing keys, outermost first, as far as they were found. */
  readonly path: readonly string[];
  readonly source: 'column' | 'key';
}

/** How far back a key may stand from its value. */
const KEY_REACH = 200;
/** How far back enclosing keys are looked for. */
export const PATH_REACH = 1500;
export const MAX_DEPTH = 4;

/** The key of the value that holds `offset`; undefined in running text. Never looks before `floor`. */
export function keyBefore(text: string, offset: number, floor: number): { readonly name: string; readonly start: number } | undefined {
  const low = Math.max(floor, offset - KEY_REACH);
  let at = offset - 1;
  // Inside a string literal: go to its opening quote. Otherwise to the separator, over a bare value's characters.
  let quote = -1;
  for (let i = at; i >= low; i--) {
    const c = text.charCodeAt(i);
    if (isLineBreak(c)) break;
    if (c === 34 || c === 39 || c === 96) {
      // A quote with a separator before it opens a value; any other one closes something.
      const before = skipSpacesBack(text, i - 1, low);
      const b = before >= low ? text.charCodeAt(before) : 0;
      if (b === 58 || b === 61 || b === 62 || b === 40) quote = i;
      break;
    }
  }
  if (quote >= 0) at = quote - 1;
  else {
    let spaces = 0;
    for (; at >= low; at--) {
      const c = text.charCodeAt(at);
      if (c === 58 || c === 61) break;
      if (c === 62) return elementBefore(text, at, low);
      if (c === 32 || c === 9) {
        // A bare value holds at most a few spaces: `phone: +44 20 7946 0000`.
        if (++spaces > 6) return undefined;
      } else if (isLineBreak(c) || c === 44 || c === 59 || c === 38 || c === 63 || c === 123 || c === 34 || c === 39) return undefined;
    }
    if (at < low) return undefined;
  }
  at = skipSpacesBack(text, at, low);
  if (at < low) return undefined;
  let c = text.charCodeAt(at);
  // `setTaxId("…")`: the called function names its argument.
  if (c === 40) return quote >= 0 ? identifierEndingAt(text, at - 1, low) : undefined;
  if (c === 62) {
    if (text.charCodeAt(at - 1) !== 61) return elementBefore(text, at, low);
    at--; // =>
    c = 61;
  }
  if (c !== 58 && c !== 61) return undefined;
  at--;
  if (text.charCodeAt(at) === 58 || text.charCodeAt(at) === 61 || text.charCodeAt(at) === 33) at--; // := == !=
  return identifierEndingAt(text, skipSpacesBack(text, at, low), low);
}

/** The identifier or quoted key whose last character stands at `at`. Type annotations (`name: string =`) are skipped. */
export function identifierEndingAt(text: string, at: number, low: number): { readonly name: string; readonly start: number } | undefined {
  let end = at + 1;
  if (text.charCodeAt(at) === 93) { end--; at--; } // ["key"]
  const q = text.charCodeAt(at);
  if (q === 34 || q === 39 || q === 96) {
    const bound = Math.max(low, at - 81, 0);
    let open = at - 1;
    while (open >= bound && text.charCodeAt(open) !== q) open--;
    if (open < bound) return undefined;
    return { name: text.slice(open + 1, at), start: open };
  }
  let start = end;
  while (start > low) {
    const c = text.charCodeAt(start - 1);
    if (!isWord(c) && c !== 45 && c !== 46 && c !== 36 && c < 0x2e80) break;
    start--;
    if (end - start > 80) return undefined;
  }
  if (start === end) return undefined;
  const name = text.slice(start, end);
  // `user: string = "…"`: the identifier before the colon is the name.
  if (/^(?:string|str|String|number|any|Optional|&str|text)$/.test(name)) {
    const colon = skipSpacesBack(text, start - 1, low);
    if (text.charCodeAt(colon) === 58) return identifierEndingAt(text, skipSpacesBack(text, colon - 1, low), low);
  }
  return { name, start };
}

/** The element whose start tag ends with the `>` at `close`; namespace prefixes are dropped. */
export function elementBefore(text: string, close: number, low: number): { readonly name: string; readonly start: number } | undefined {
  let open = close - 1;
  while (open >= low && text.charCodeAt(open) !== 60) open--;
  if (open < low) return undefined;
  const tag = /^<([\p{L}_][\p{L}\p{N}_.:-]{0,60})(?:\s[^<>]*)?$/u.exec(text.slice(open, close));
  if (!tag?.[1]) return undefined;
  return { name: tag[1].slice(tag[1].indexOf(':') + 1), start: open };
}

function skipSpacesBack(text: string, at: number, low: number): number {
  while (at >= low && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--;
  return at;
}

/** Keys that enclose the key at `keyStart`: by brackets for JSON and code, by indentation for YAML. Nearest last. */
export function enclosingKeys(text: string, keyStart: number, floor: number, byIndent: boolean): readonly string[] {
  const low = Math.max(floor, keyStart - PATH_REACH);
  return byIndent ? keysByIndent(text, keyStart, low) : keysByBracket(text, keyStart, low);
}

function keysByBracket(text: string, from: number, low: number): readonly string[] {
  const path: string[] = [];
  let depth = 0;
  for (let i = from - 1; i >= low && path.length < MAX_DEPTH; i--) {
    const c = text.charCodeAt(i);
    if (c === 125 || c === 93) depth++;
    else if (c === 123 || c === 91) {
      if (depth > 0) {
        depth--;
        continue;
      }
      const key = keyOfBracket(text, i, low);
      if (key !== undefined) path.unshift(key);
    }
  }
  return path;
}

/** The key whose value begins with the bracket at `bracket`. */
export function keyOfBracket(text: string, bracket: number, low: number): string | undefined {
  const at = skipBlankBack(text, bracket - 1, low);
  if (at < low || (text.charCodeAt(at) !== 58 && text.charCodeAt(at) !== 61)) return undefined;
  return identifierEndingAt(text, skipBlankBack(text, at - 1, low), low)?.name;
}

function skipBlankBack(text: string, at: number, low: number): number {
  while (at >= low && text.charCodeAt(at) <= 32) at--;
  return at;
}

function keysByIndent(text: string, from: number, low: number): readonly string[] {
  const path: string[] = [];
  let lineStart = lineStartWithin(text, from, low);
  let indent = from - lineStart;
  while (lineStart > low && indent > 0 && path.length < MAX_DEPTH) {
    const previous = lineStartWithin(text, lineStart - 1, low);
    const line = /^( *)(?:- +)?["']?([\p{L}_][\p{L}\p{N}_. -]{0,60}?)["']? *:\s*$/u.exec(text.slice(previous, lineStart - 1));
    if (line && line[1]!.length < indent) {
      path.unshift(line[2]!);
      indent = line[1]!.length;
    }
    if (previous === lineStart) break;
    lineStart = previous;
  }
  return path;
}
