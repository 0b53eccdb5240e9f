/** What stands around a match and shows that it is part of something else: a float, a version, a hash, a path, an amount. */
import { isAsciiLetter, isDigit, isWord } from '../engine/chars.ts';

/** Longest run that is read around a match. */
const RUN_REACH = 120;

/**
 * @param commaSeparates in comma-separated text a comma is no decimal sign
 * @returns why the match is no value of its own; undefined when it stands free. Only for matches that begin or end with a digit.
 */
export function partOfSomething(text: string, start: number, end: number, commaSeparates = false): string | undefined {
  const first = text.charCodeAt(start), last = text.charCodeAt(end - 1);
  const before = start > 0 ? text.charCodeAt(start - 1) : 0;
  const after = end < text.length ? text.charCodeAt(end) : 0;
  const before2 = start > 1 ? text.charCodeAt(start - 2) : 0;
  const after2 = end + 1 < text.length ? text.charCodeAt(end + 1) : 0;
  if (isDigit(first)) {
    if ((before === 46 || (before === 44 && !commaSeparates && digitsOnly(text, start, end))) && isDigit(before2)) return 'it is the fraction of a number';
    if (before === 46 && (isWord(before2) || before2 === 41)) return 'it follows a dot';
    if (before === 64) return 'it is a version after @';
    if (before === 36 || before === 0x20ac || before === 0xa3 || before === 0xa5) return 'it is an amount of money';
    if ((before === 45 || before === 43) && (before2 === 101 || before2 === 69) && start > 2 && isDigit(text.charCodeAt(start - 3))) return 'it is an exponent';
    if (before === 45 && (isDigit(before2) || isHexLetter(before2, text, start - 2))) return 'it continues a longer number';
    if (before === 35 && end - start <= 8) return 'it is a colour or an issue number';
  }
  if (isDigit(last)) {
    if ((after === 46 || (after === 44 && !commaSeparates)) && isDigit(after2) && isDigit(first) && digitsOnly(text, start, end)) return 'a fraction follows';
    if (after === 46 && isDigit(after2) && dotted(text, start, end)) return 'it begins a longer dotted number';
    if (after === 45 && isDigit(after2)) return 'it begins a longer number';
    if (after === 37) return 'it is a percentage';
  }
  return undefined;
}

/** `2001:db8::1` is no value inside `2001:db8::1::2`: groups between colons belong together. */
export function continuesByColon(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end), before = start > 0 ? text.charCodeAt(start - 1) : 0;
  const goesOn = after === 58 && (isHexDigit(text.charCodeAt(end + 1)) || text.charCodeAt(end + 1) === 58);
  const wentBefore = before === 58 && start > 1 && (isHexDigit(text.charCodeAt(start - 2)) || text.charCodeAt(start - 2) === 58) && text.charCodeAt(start) !== 58;
  if (!goesOn && !wentBefore) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 58) return true;
  return false;
}

const isHexDigit = (code: number): boolean => isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

function digitsOnly(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

/** Digits in at least three groups parted by dots: an object identifier or a version goes on. */
function dotted(text: string, start: number, end: number): boolean {
  let dots = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) dots++;
    else if (!isDigit(code)) return false;
  }
  return dots >= 2;
}

/** A letter that ends a group of hexadecimal digits (`…-9f3a-`), not a word (`tel-`). */
function isHexLetter(code: number, text: string, at: number): boolean {
  if (!((code >= 97 && code <= 102) || (code >= 65 && code <= 70))) return false;
  for (let i = at; i > at - 4 && i >= 0; i--) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}

/**
 * The match is a piece of a UUID, hash, base64 text, data URI or long identifier: it is glued to more of the same
 * alphabet by characters that such tokens use.
 */
export function insideToken(text: string, start: number, end: number): string | undefined {
  let from = start, to = end;
  const low = Math.max(0, start - RUN_REACH), high = Math.min(text.length, end + RUN_REACH);
  // `=` pads the end of base64 and separates a key from its value at the front.
  while (from > low && text.charCodeAt(from - 1) !== 61 && isTokenChar(text.charCodeAt(from - 1))) from--;
  while (to < high && isTokenChar(text.charCodeAt(to))) to++;
  if (from === start && to === end) return isUuid(text, start, end) ? 'it is a UUID' : undefined;
  const run = text.slice(from, to);
  if (/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/.test(run)) return 'it is inside a UUID';
  const glued = run.replace(/^[-/+=]+|[-/+=]+$/g, '');
  if (glued.length >= 24 && !/^[\w-]+@/.test(glued) && (mixes(glued) || (glued.length >= 32 && /^[0-9a-fA-F]*[a-fA-F][0-9a-fA-F]*$/.test(glued)))) return 'it is inside a hash, key or encoded text';
  return undefined;
}

const isTokenChar = (code: number): boolean => isDigit(code) || isAsciiLetter(code) || code === 43 || code === 47 || code === 61 || code === 45 || code === 95;

/** Digits and letters change often, as in hashes; a path of words and one number does not. */
function mixes(run: string): boolean {
  let changes = 0;
  for (let i = 1; i < run.length; i++) if (isDigit(run.charCodeAt(i)) !== isDigit(run.charCodeAt(i - 1)) && (isAsciiLetter(run.charCodeAt(i)) || isAsciiLetter(run.charCodeAt(i - 1)))) changes++;
  return changes >= 4 && changes * 8 >= run.length;
}

const isUuid = (text: string, start: number, end: number): boolean => end - start === 36 && /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text.slice(start, end));
