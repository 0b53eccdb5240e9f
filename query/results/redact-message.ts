/**
 * Makes a database's error message fit to be shown. Databases quote values in their errors, and a statement can be
 * written so that the error is the answer: `cast(ssn as int)` → `invalid input syntax for type integer: "123-45-6789"`.
 */
import type { Detector } from '#core/engine/detector.ts';
import { DatabaseError } from '#query/drivers/driver.ts';

/** Longer messages are cut: nobody reads them, and length is room to hide in. UTF-16 units. */
const MAX_LENGTH = 600;

/**
 * Keeps a quoted part only where the statement itself says it, hides runs of four digits and more that it does not say,
 * and masks what the detector finds in the rest.
 */
export function redactMessage(message: string, statement: string, detector: Detector): string {
  return redactText(message, statement, detector, MAX_LENGTH);
}

/** The same for texts of another length, UTF-16 units. */
export function redactText(message: string, statement: string, detector: Detector, maxLength: number): string {
  const own = ` ${statement.toLowerCase()} `;
  const said = (text: string): boolean => text.trim() === '' || standsIn(own, text.toLowerCase());
  const shown = hideQuoted(message.slice(0, maxLength), said)
    .replace(/\(([^()]*)\)=\([\s\S]*\)/g, '($1)=(…)')
    .replace(/\d[\d\s.-]{2,}\d/g, (digits) => (said(digits) ? digits : '…'));
  const findings = [...detector.scan(shown, { inlineIgnores: false }).findings].sort((a, b) => b.start - a.start);
  return findings.reduce((text, f) => (f.confidence < 0.4 && said(text.slice(f.start, f.end)) ? text : `${text.slice(0, f.start)}…${text.slice(f.end)}`), shown);
}

/** As a whole word: an `o` within another word does not make `'O'Neil'` the statement's own. */
function standsIn(own: string, text: string): boolean {
  for (let at = own.indexOf(text); at !== -1; at = own.indexOf(text, at + 1)) {
    if (!/[\p{L}\p{N}_]/u.test(`${own[at - 1] ?? ''}${own[at + text.length] ?? ''}`)) return true;
  }
  return false;
}

const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '«': '»' };

/** A value may hold the quote itself, so what is not the statement's own is hidden up to the last quote of its kind. */
function hideQuoted(message: string, said: (text: string) => boolean): string {
  let out = '';
  for (let at = 0; at < message.length; at++) {
    const open = message[at] ?? '';
    const close = closing[open];
    if (close === undefined) { out += open; continue; }
    const next = message.indexOf(close, at + 1);
    if (next !== -1 && said(message.slice(at + 1, next))) { out += message.slice(at, next + 1); at = next; continue; }
    const last = message.lastIndexOf(close);
    out += `${open}…`;
    if (last <= at) return out;
    out += close;
    at = last;
  }
  return out;
}

/** What to tell the user of any failure while a statement runs. Unexpected ones are not quoted at all. */
export function failureMessage(error: unknown, statement: string, detector: Detector): string {
  if (error instanceof DatabaseError) return redactMessage(error.message, statement, detector);
  return `The statement failed unexpectedly (${error instanceof Error ? error.name : typeof error}). The server log says where.`;
}
