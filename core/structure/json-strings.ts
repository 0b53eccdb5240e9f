/** Strings of a JSON text with the path to each, in one pass, with offsets. Stops at the first thing that is no JSON (RFC 8259). */

export interface JsonString {
  /** UTF-16 offsets between the quotes. */
  readonly start: number;
  readonly end: number;
  /** Keys and indexes from the root; only valid during the visit. */
  readonly path: readonly (string | number)[];
}

const DEEPEST = 200;

/** @returns undefined when the whole text was read, else the offset where it stops being JSON */
export function eachJsonString(text: string, visit: (string: JsonString) => void): number | undefined {
  const path: (string | number)[] = [];
  /** Closing brackets that are awaited. */
  const closers: number[] = [];
  let expectsValue = true;
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const c = text.charCodeAt(at);
    const inside = closers[closers.length - 1];
    if (c === 34) {
      const end = closingQuote(text, at);
      if (end < 0) return at;
      if (!expectsValue && inside === 125) {
        const colon = skipBlank(text, end + 1);
        if (text.charCodeAt(colon) !== 58) return colon;
        path[path.length - 1] = text.slice(at + 1, end);
        expectsValue = true;
        at = skipBlank(text, colon + 1);
        continue;
      }
      if (!expectsValue) return at;
      visit({ start: at + 1, end, path });
      expectsValue = false;
      at = end + 1;
    } else if (c === 123 || c === 91) {
      if (!expectsValue || closers.length >= DEEPEST) return at;
      closers.push(c === 123 ? 125 : 93);
      path.push(c === 123 ? '' : 0);
      expectsValue = c === 91;
      at++;
    } else if (c === 125 || c === 93) {
      if (c !== inside) return at;
      closers.pop();
      path.pop();
      expectsValue = false;
      at++;
    } else if (c === 44) {
      if (inside === undefined || (expectsValue && inside === 125)) return at;
      const last = path[path.length - 1];
      if (typeof last === 'number') path[path.length - 1] = last + 1;
      expectsValue = inside === 93;
      at++;
    } else {
      const bare = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)/.exec(text.slice(at, at + 40));
      if (!bare || !expectsValue) return at;
      expectsValue = false;
      at += bare[0].length;
    }
    at = skipBlank(text, at);
  }
  return closers.length === 0 ? undefined : text.length;
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 92) at++;
    else if (c === 34) return at;
    else if (c === 10) return -1;
  }
  return -1;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (let c = text.charCodeAt(at); c === 32 || c === 10 || c === 13 || c === 9 || c === 0xfeff; c = text.charCodeAt(at)) at++;
  return at;
}
