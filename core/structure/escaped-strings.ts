/** String literals whose value only shows when their escapes are undone: `ana\u0040corp.io`, `{\"ssn\":\"…\"}` inside JSON or code. */
import { DecodedText } from './decoded.ts';
import { keyBefore } from './field.ts';
import type { Region } from './region.ts';

/** Longer strings are read up to here. */
const LONGEST_STRING = 200_000;

const QUOTE = 34, APOSTROPHE = 39, BACKTICK = 96, BACKSLASH = 92;

/**
 * Strings with escapes whose first telling escape stands in [from, to). Linear.
 * @param any whether line breaks count too (`\n` in JSON and logs); in code they are everywhere
 * @param pathOf the keys that enclose a key, given where it starts
 */
export function escapedStrings(text: string, from: number, to: number, any: boolean, pathOf: (keyStart: number) => readonly string[]): readonly Region[] {
  const regions: Region[] = [];
  let floor = Math.max(0, from - 4_000);
  for (let at = text.indexOf('\\', from); at >= 0 && at < to; at = text.indexOf('\\', at)) {
    const c = text.charCodeAt(at + 1);
    const tells = c === QUOTE || c === 117 || c === 120 || c === APOSTROPHE || (any && (c === 110 || c === 116 || c === 47));
    if (!tells) {
      at += 2;
      continue;
    }
    const open = openingQuote(text, at, floor);
    floor = at;
    if (open < 0) {
      at += 2;
      continue;
    }
    const quote = text.charCodeAt(open);
    const content = new DecodedText(text);
    const end = decodeString(text, open + 1, quote, content);
    floor = end;
    at = end + 1;
    if (end > open + 4) {
      const key = keyBefore(text, open + 1, 0);
      regions.push({ start: open + 1, end, content, kind: {}, field: key && { name: key.name, path: pathOf(key.start), source: 'key' }, writing: 'escaped' });
    }
  }
  return regions;
}

/** The quote that opened the string which holds `at`; -1 when there is none in [floor, at). */
function openingQuote(text: string, at: number, floor: number): number {
  for (let i = at - 1; i >= floor; i--) {
    const c = text.charCodeAt(i);
    if (c === 10) return -1;
    if ((c !== QUOTE && c !== APOSTROPHE && c !== BACKTICK) || isEscaped(text, i, floor)) continue;
    let before = i - 1;
    while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
    const b = before < 0 ? 10 : text.charCodeAt(before);
    // = : ( [ { , + ? | a line's begin, `return "`
    if (b === 61 || b === 58 || b === 40 || b === 91 || b === 123 || b === 44 || b === 43 || b === 63 || b === 124 || b === 62 || b === 10 || b === 13 || (before < i - 1 && ((b >= 97 && b <= 122) || b === 93))) return i;
    if (c === QUOTE) return -1;
  }
  return -1;
}

function isEscaped(text: string, at: number, floor: number): boolean {
  let slashes = 0;
  for (let i = at - 1; i >= floor && text.charCodeAt(i) === BACKSLASH; i--) slashes++;
  return slashes % 2 === 1;
}

/** Writes what the string means; returns where its closing quote (or its line, or what is read of it) stands. */
function decodeString(text: string, from: number, quote: number, content: DecodedText): number {
  const limit = Math.min(text.length, from + LONGEST_STRING);
  let plain = from, at = from;
  while (at < limit) {
    const c = text.charCodeAt(at);
    if (c === quote || (c === 10 && quote !== BACKTICK)) break;
    if (c !== BACKSLASH) {
      at++;
      continue;
    }
    const { means, length } = readEscape(text, at);
    content.copy(plain, at).write(means, at, at + length);
    at += length;
    plain = at;
  }
  content.copy(plain, Math.min(at, limit));
  return Math.min(at, limit);
}

/** RFC 8259 section 7, and `\x40`, `\u{40}`, `\'` of programming languages. */
function readEscape(text: string, at: number): { readonly means: string; readonly length: number } {
  const code = text[at + 1];
  switch (code) {
    case 'n': return { means: '\n', length: 2 };
    case 'r': return { means: '\r', length: 2 };
    case 't': return { means: '\t', length: 2 };
    case 'b': case 'f': case '0': return { means: ' ', length: 2 };
    case 'u': {
      const braced = /^\{([0-9A-Fa-f]{1,6})\}/.exec(text.slice(at + 2, at + 10));
      if (braced) return { means: codePoint(parseInt(braced[1]!, 16)), length: 2 + braced[0].length };
      return /^[0-9A-Fa-f]{4}$/.test(text.slice(at + 2, at + 6)) ? { means: String.fromCharCode(parseInt(text.slice(at + 2, at + 6), 16)), length: 6 } : { means: 'u', length: 2 };
    }
    case 'x': return /^[0-9A-Fa-f]{2}$/.test(text.slice(at + 2, at + 4)) ? { means: String.fromCharCode(parseInt(text.slice(at + 2, at + 4), 16)), length: 4 } : { means: 'x', length: 2 };
    case undefined: return { means: '', length: 1 };
    default: return { means: code, length: 2 };
  }
}

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');

/** Writes what the JSON string between two quotes means. */
export function decodeJsonString(text: string, from: number, to: number, content: DecodedText): void {
  let plain = from;
  for (let at = text.indexOf('\\', from); at >= 0 && at < to; at = text.indexOf('\\', plain)) {
    const { means, length } = readEscape(text, at);
    content.copy(plain, at).write(means, at, at + length);
    plain = at + length;
  }
  content.copy(plain, to);
}

/** What a value written with escapes means; for values, not for whole literals. */
export function unescaped(value: string): string {
  const content = new DecodedText(value);
  decodeJsonString(value, 0, value.length, content);
  return content.text;
}
