/** Parameters of URLs and of form bodies: `?email=ana%40corp.io&name=Ana+P%C3%A9rez` (WHATWG URL, application/x-www-form-urlencoded). */
import { DecodedText } from './decoded.ts';
import type { Region } from './region.ts';

/** Longer queries are read up to here. */
const LONGEST_QUERY = 8_000;
const LONGEST_NAME = 60;

/**
 * Parameters that begin in [from, to) and are encoded, or whose name means something. Linear: no query is read twice.
 * @param means whether any rule knows the parameter's name
 */
export function encodedQueries(text: string, from: number, to: number, means: (name: string) => boolean): readonly Region[] {
  const regions: Region[] = [];
  let percent = text.indexOf('%', from), question = text.indexOf('?', from), ampersand = text.indexOf('&', from);
  let done = from;
  for (;;) {
    if (percent >= 0 && percent < done) percent = text.indexOf('%', done);
    if (question >= 0 && question < done) question = text.indexOf('?', done);
    if (ampersand >= 0 && ampersand < done) ampersand = text.indexOf('&', done);
    const next = least(percent, question, ampersand);
    if (next < 0 || next >= to) return regions;
    const isCode = next === percent;
    if (isCode ? isHex(text.charCodeAt(next + 1)) && isHex(text.charCodeAt(next + 2)) : nameFollows(text, next + 1)) done = readQuery(text, next, done, means, regions);
    else done = next + 1;
  }
}

function readQuery(text: string, at: number, floor: number, means: (name: string) => boolean, regions: Region[]): number {
  let start = at;
  if (text.charCodeAt(at) !== 63) {
    const low = Math.max(floor, at - LONGEST_QUERY);
    while (start > low && isQueryChar(text.charCodeAt(start - 1)) && text.charCodeAt(start - 1) !== 63) start--;
  } else start++;
  const high = Math.min(text.length, start + LONGEST_QUERY);
  let end = Math.max(start, at);
  while (end < high && isQueryChar(text.charCodeAt(end))) end++;
  for (let parameter = start; parameter < end;) {
    let stop = parameter;
    while (stop < end && text.charCodeAt(stop) !== 38 && text.charCodeAt(stop) !== 59) stop++;
    const equals = text.indexOf('=', parameter);
    if (equals > parameter && equals < stop) addValue(text, parameter, equals, trimmed(text, equals + 1, stop), means, regions);
    // `&amp;` in HTML.
    parameter = text.startsWith('amp;', stop + 1) ? stop + 5 : stop + 1;
  }
  return Math.max(end, at + 1);
}

function addValue(text: string, nameStart: number, equals: number, end: number, means: (name: string) => boolean, regions: Region[]): void {
  const name = text.slice(nameStart, equals).replace(/^[^\w]+/, '');
  const value = text.slice(equals + 1, end);
  if (value.length < 2 || name.length === 0 || name.length > LONGEST_NAME || !/^[\w.[\]%-]+$/.test(name) || (!/[%+]/.test(value) && !means(name))) return;
  const content = decode(text, equals + 1, end);
  if (!content) return;
  regions.push({ start: equals + 1, end, content, kind: { languageId: 'plaintext' }, field: { name: name.replace(/%5B/gi, '[').replace(/%5D/gi, ']').replace(/\[\]$/, '').replace(/^.*\[([^[\]]+)\]$/, '$1'), path: [], source: 'key' }, writing: 'form' });
}

/** Undefined when a percent sign encodes nothing or the bytes are no UTF-8. */
function decode(text: string, from: number, to: number): DecodedText | undefined {
  const content = new DecodedText(text);
  let plain = from;
  for (let at = from; at < to; at++) {
    const c = text.charCodeAt(at);
    if (c === 43) {
      // A leading plus is a country's code that somebody forgot to encode.
      if (at === from) continue;
      content.copy(plain, at).write(' ', at, at + 1);
      plain = at + 1;
    } else if (c === 37) {
      let end = at;
      // One character's bytes: RFC 3629 says how many by the first.
      const first = parseInt(text.slice(at + 1, at + 3), 16);
      const bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      end = at + bytes * 3;
      const decoded = decoded1(text.slice(at, end));
      if (decoded === undefined || end > to) return undefined;
      content.copy(plain, at).write(decoded, at, end);
      plain = end;
      at = end - 1;
    }
  }
  return content.copy(plain, to);
}

function decoded1(code: string): string | undefined {
  try {
    return decodeURIComponent(code);
  } catch {
    return undefined;
  }
}

/** A full stop or bracket after the URL belongs to the sentence. */
function trimmed(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /[.,:;!)\]}]/.test(text[end - 1]!)) end--;
  return end;
}

const least = (a: number, b: number, c: number): number => {
  let found = a;
  if (b >= 0 && (found < 0 || b < found)) found = b;
  if (c >= 0 && (found < 0 || c < found)) found = c;
  return found;
};

function nameFollows(text: string, from: number): boolean {
  const limit = from + LONGEST_NAME;
  let at = from;
  while (at < limit && isNameChar(text.charCodeAt(at))) at++;
  return at > from && text.charCodeAt(at) === 61 && text.charCodeAt(at + 1) !== 61;
}

const isHex = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);
const isNameChar = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45 || c === 46 || c === 91 || c === 93;
/** Not white space, quotes, brackets of text, `#`, `<`, `>`, `|`, `\`, `^`, `{`, `}` or a line's end. */
const isQueryChar = (c: number): boolean => c > 32 && c < 127 && c !== 34 && c !== 35 && c !== 39 && c !== 60 && c !== 62 && c !== 92 && c !== 94 && c !== 96 && c !== 123 && c !== 124 && c !== 125;
