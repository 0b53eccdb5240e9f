/** What a UTF-16 unit is, by table: one lookup a character on the hot path. */

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

export const isAsciiLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/**
 * A letter, digit or underscore of a script that separates words by spaces. Chinese, Japanese, Thai and Korean letters are
 * not: an id written right behind 番号 stands free.
 */
export function isWord(code: number): boolean {
  if (code < 128) return isDigit(code) || isAsciiLetter(code) || code === 95;
  return isWordBeyondAscii(code);
}

function isWordBeyondAscii(code: number): boolean {
  return (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) || (code >= 0x370 && code <= 0x58f) || (code >= 0x5d0 && code <= 0x6ff) || (code >= 0x900 && code <= 0xdff) || (code >= 0x1e00 && code <= 0x1fff);
}

/**
 * Start of the line that holds `offset`, looked for down to `low` only: `low` when the line begins before it. A search without
 * a bound would make every candidate on a line of megabytes cost the line.
 */
export function lineStartWithin(text: string, offset: number, low: number): number {
  let at = offset;
  while (at > low && text.charCodeAt(at - 1) !== 10) at--;
  return at;
}

/** Offset of the next line break, looked for up to `high` only: `high` when there is none. */
export function lineEndWithin(text: string, offset: number, high: number): number {
  let at = offset;
  while (at < high && text.charCodeAt(at) !== 10) at++;
  return at;
}

export const isLineBreak = (code: number): boolean => code === 10 || code === 13;
