/**
 * Shapes that identify nobody by themselves and are most of what databases hold. By character codes and in place, since
 * they are asked for every cell.
 */

/** Numbers with fewer digits than this identify nobody by themselves (the shortest national numbers have eight or more). */
export const MIN_DIGITS = 8;
const LONGEST_WORD = 24;
const UUID_LENGTH = 36;
const DATE_LENGTH = 10;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * One plain word of ASCII letters, a timestamp, a UUID: the characters of `text` in [start, end), UTF-16 offsets.
 * (A date of birth or a name is known by its column, never by its shape.)
 */
export function harmlessShape(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length > 40 || length === 0) return false;
  if (isLetter(text.charCodeAt(start))) {
    let i = start + 1;
    while (i < end && isLetter(text.charCodeAt(i))) i++;
    if (i === end) return length <= LONGEST_WORD;
  }
  if (length >= DATE_LENGTH && text.charCodeAt(start + 4) === HYPHEN && text.charCodeAt(start + 7) === HYPHEN) return isTimestamp(text, start, end);
  return length === UUID_LENGTH && text.charCodeAt(start + 8) === HYPHEN && text.charCodeAt(start + 13) === HYPHEN && UUID.test(text.substring(start, end));
}

/** A whole or decimal number with fewer than `MIN_DIGITS` digits before the point. */
export function isShortNumber(text: string, start: number, end: number): boolean {
  const from = text.charCodeAt(start) === HYPHEN ? start + 1 : start;
  let at = from;
  while (at < end && isDigit(text.charCodeAt(at))) at++;
  if (at === from || at - from >= MIN_DIGITS) return false;
  if (at === end) return true;
  if (text.charCodeAt(at++) !== POINT) return false;
  // Decimals are digits too: 0.536228726 may be a number that somebody divided.
  if (end - at >= MIN_DIGITS) return false;
  while (at < end && isDigit(text.charCodeAt(at))) at++;
  return at === end;
}

function isLetter(code: number): boolean { return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95; }
function isDigit(code: number): boolean { return code >= 48 && code <= 57; }

/** `YYYY-MM-DD` with a month and a day that exist, alone or with a time after it. */
function isTimestamp(text: string, start: number, end: number): boolean {
  for (const i of DATE_DIGITS) if (!isDigit(text.charCodeAt(start + i))) return false;
  const month = (text.charCodeAt(start + 5) - 48) * 10 + text.charCodeAt(start + 6) - 48;
  const day = (text.charCodeAt(start + 8) - 48) * 10 + text.charCodeAt(start + 9) - 48;
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return end - start === DATE_LENGTH || TIME.test(text.substring(start + DATE_LENGTH, end));
}
const DATE_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9] as const;
const TIME = /^[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?$/;
