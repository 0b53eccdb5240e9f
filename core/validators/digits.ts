/** Reading the digits out of a written number. */

/** What people write between the groups of a number: spaces (plain, no-break, thin), hyphens and dashes, dots, slashes. */
const SEPARATORS = /[\s\u00a0\u2009\u202f.\-\u2010-\u2015\u2212/]/gu;

/** Removes group separators; letters become upper case. */
export function compact(value: string): string {
  return compactAscii(value) ?? value.replace(SEPARATORS, '').toUpperCase();
}

/** Undefined when the value holds more than ASCII: most don't, and a loop is cheaper than an expression over Unicode. */
function compactAscii(value: string): string | undefined {
  let out = '', from = 0, lower = false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 128) return undefined;
    lower ||= code >= 97 && code <= 122;
    if (code === 32 || code === 45 || code === 46 || code === 47 || (code >= 9 && code <= 13)) {
      out += value.slice(from, at);
      from = at + 1;
    }
  }
  const text = from === 0 ? value : out + value.slice(from);
  return lower ? text.toUpperCase() : text;
}

/** The ASCII digits of a text. */
export function digitsOf(text: string): string {
  let out = '', from = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (from < 0) from = at;
    } else if (from >= 0) {
      out += text.slice(from, at);
      from = -1;
    }
  }
  return from < 0 ? out : from === 0 ? text : out + text.slice(from);
}

/** True when `value` has `length` (or `min`..`max`) characters, all of them ASCII digits. */
export function isDigits(value: string, min: number, max: number = min): boolean {
  if (value.length < min || value.length > max) return false;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** The digit at `index`; NaN outside the string, which makes every comparison fail. */
export function digitAt(value: string, index: number): number {
  return value.charCodeAt(index) - 48;
}

/** True when one character fills the whole value: `0000000000`. */
export function isRepeated(value: string): boolean {
  for (let index = 1; index < value.length; index++) if (value[index] !== value[0]) return false;
  return value.length > 0;
}

/** True for runs such as 123456789 or 987654321 (each step the same, ±1). */
export function isSequence(value: string): boolean {
  if (value.length < 4) return false;
  const step = value.charCodeAt(1) - value.charCodeAt(0);
  if (step !== 1 && step !== -1) return false;
  for (let index = 2; index < value.length; index++) {
    const next = value.charCodeAt(index) - value.charCodeAt(index - 1);
    // 9 → 0 continues a rising run, 0 → 9 a falling one.
    if (next !== step && next !== -9 * step) return false;
  }
  return true;
}
