/**
 * Makes a database's error message fit to be shown. Databases quote values in their errors, and a statement can be
 * written so that the error is the answer: `cast(ssn as int)` → `invalid input syntax for type integer: "123-45-6789"`.
 */
import type { Detector } from '#core/engine/detector.ts';
import { DatabaseError } from '#query/drivers/driver.ts';

/** Longer messages are cut: nobody reads them, and length is room to hide in. UTF-16 units. */
const MAX_LENGTH = 600;

/**
 * Keeps of every quoted part only what the statement itself says, hides runs of four digits that it does not say,
 * and masks what the detector finds in the rest.
 */
export function redactMessage(message: string, statement: string, detector: Detector): string {
  const own = statement.toLowerCase();
  const said = (text: string): boolean => text.trim() === '' || own.includes(text.toLowerCase());
  const shown = message.slice(0, MAX_LENGTH)
    .replace(/"([^"]*)"|'((?:[^']|'')*)'|`([^`]*)`|“([^”]*)”|«([^»]*)»/g, (quoted: string, ...groups: (string | undefined)[]) =>
      (said(groups.slice(0, 5).find((g) => g !== undefined) ?? '') ? quoted : `${quoted[0]}…${quoted.at(-1)}`))
    // A quote that is never closed: a value with a quote in it, or one cut off.
    .replace(/(["'])([^"'…]{0,}…?)$/, (rest: string, quote: string, tail: string) => (said(tail) || /^[.\s:)]*$/.test(tail) ? rest : `${quote}…`))
    .replace(/\(([^()]*)\)=\(([^()]*)\)/g, '($1)=(…)')
    .replace(/\d[\d\s.-]{2,}\d/g, (digits) => (own.includes(digits) ? digits : '…'));
  const findings = [...detector.scan(shown, { inlineIgnores: false }).findings].sort((a, b) => b.start - a.start);
  return findings.reduce((text, f) => (own.includes(text.slice(f.start, f.end).toLowerCase()) && f.confidence < 0.4 ? text : `${text.slice(0, f.start)}…${text.slice(f.end)}`), shown);
}

/** What to tell the user of any failure while a statement runs. Unexpected ones are not quoted at all. */
export function failureMessage(error: unknown, statement: string, detector: Detector): string {
  if (error instanceof DatabaseError) return redactMessage(error.message, statement, detector);
  return `The statement failed unexpectedly (${error instanceof Error ? error.name : typeof error}). The server log says where.`;
}
