/** Applies a mask specification to one value. The result's length does not depend on the value's, format characters aside. */
import type { MaskSpec } from '../rules/rule.ts';

/** Masked runs of free length are this long, whatever they hide. */
const FIXED = 4;
const DEFAULT_CHAR = '*';

/**
 * Masks one value. Separators of the format (spaces, dashes, dots, slashes, brackets) stay where they are when the format
 * itself is fixed; `entity` is used for redaction. Never returns the value.
 */
export function maskValue(value: string, entity: string, spec: MaskSpec): string { return valueMask(entity, spec)(value); }

/** The same for many values: the specification is read once. */
export function valueMask(entity: string, spec: MaskSpec): (value: string) => string {
  const redacted = redaction(entity);
  const mask = applied(entity, spec);
  return (value) => {
    const masked = mask(value);
    return masked === value ? redacted : masked;
  };
}

/** `<EMAIL_ADDRESS>`, Presidio's replace operator. */
export const redaction = (entity: string): string => `<${entity}>`;

function applied(entity: string, spec: MaskSpec): (value: string) => string {
  switch (spec.kind) {
    case 'redact':
    // These need a key: the masker makes them.
    case 'token':
    case 'fake':
    case 'format': {
      const redacted = redaction(entity);
      return () => redacted;
    }
    case 'email': return (value) => maskEmail(value, entity);
    case 'generalise': return (value) => generalise(value, entity, spec.to);
    case 'partial': return partialMask(entity, spec);
  }
}

function maskEmail(value: string, entity: string): string {
  const at = value.lastIndexOf('@');
  if (at < 1) return redaction(entity);
  const domain = value.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  return `${firstCharacter(value)}****@${firstCharacter(domain)}****${dot > 0 ? domain.slice(dot) : ''}`;
}

const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 42);

function generalise(value: string, entity: string, to: 'year' | 'postcode3' | 'age10'): string {
  if (to === 'year') {
    const year = /(?:19|20)\d\d/.exec(value);
    return year ? `${year[0]}-**-**` : redaction(entity);
  }
  if (to === 'postcode3') {
    const characters = Array.from(value.trim());
    return characters.length > 3 ? `${characters.slice(0, 3).join('')}**` : redaction(entity);
  }
  const age = Number.parseInt(value, 10);
  return Number.isInteger(age) && age >= 0 && age < 150 ? `${Math.floor(age / 10) * 10}-${Math.floor(age / 10) * 10 + 9}` : redaction(entity);
}

/** A value needs this many hidden characters, or nothing of it is kept. */
const LEAST_HIDDEN = 4;

function partialMask(entity: string, spec: Extract<MaskSpec, { kind: 'partial' }>): (value: string) => string {
  const char = spec.char ?? DEFAULT_CHAR;
  const start = Math.max(0, spec.keepStart ?? 0), end = Math.max(0, spec.keepEnd ?? 0);
  const hidden = char.repeat(FIXED);
  const shape = spec.shape === undefined ? undefined : { kept: shapeOf(spec.shape, start, end, char), none: shapeOf(spec.shape, 0, 0, char).join('') };
  return (value) => {
    const count = significantCount(value);
    const kept = count - start - end >= LEAST_HIDDEN;
    if (shape && !kept) return shape.none;
    const head = kept && start > 0 ? significantFrom(value, start, 1) : '';
    const tail = kept && end > 0 ? significantFrom(value, end, -1) : '';
    if (shape) return filled(shape.kept, Array.from(head), Array.from(tail));
    const grouping = separatorOf(value);
    if (grouping === undefined) return `${head}${hidden}${tail}` || redaction(entity);
    // A fixed skeleton: hidden groups are four characters each, whatever their own length.
    return `${head === '' ? '' : head + grouping}${hidden}${grouping}${hidden}${tail === '' ? '' : grouping + tail}`;
  };
}

/**
 * `###-##-####`: each `#` takes one character of the value, kept or masked; other characters stand as they are. Texts to be
 * put out, and the places of kept characters: counted from 0 at the start, from −1 at the end.
 */
function shapeOf(shape: string, keepStart: number, keepEnd: number, char: string): readonly (string | number)[] {
  const slots = Array.from(shape).filter((c) => c === '#').length;
  let slot = 0;
  const pieces: (string | number)[] = [];
  const text = (c: string): void => {
    const last = pieces.at(-1);
    if (typeof last === 'string') pieces[pieces.length - 1] = last + c; else pieces.push(c);
  };
  for (const c of shape) {
    if (c !== '#') { text(c); continue; }
    const index = slot++;
    const fromEnd = slots - index;
    if (index < keepStart) pieces.push(index); else if (fromEnd <= keepEnd) pieces.push(-fromEnd); else text(char);
  }
  return pieces;
}

function filled(pieces: readonly (string | number)[], head: readonly string[], tail: readonly string[]): string {
  let out = '';
  for (const piece of pieces) out += typeof piece === 'string' ? piece : piece >= 0 ? head[piece] ?? '' : tail[tail.length + piece] ?? '';
  return out;
}

const SIGNIFICANT = /[\p{L}\p{N}]/u;

/** Letters and digits, one code point each. */
function significantCount(value: string): number {
  let count = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 128) return Array.from(value).filter((c) => SIGNIFICANT.test(c)).length;
    if (isSignificant(code)) count++;
  }
  return count;
}

/** The first (`step` 1) or last (−1) letters and digits, in the order of the text. */
function significantFrom(value: string, wanted: number, step: 1 | -1): string {
  let found = '';
  let count = 0;
  for (let i = step === 1 ? 0 : value.length - 1; i >= 0 && i < value.length && count < wanted; i += step) {
    const code = value.charCodeAt(i);
    if (code >= 128) {
      const all = Array.from(value).filter((c) => SIGNIFICANT.test(c));
      return (step === 1 ? all.slice(0, wanted) : all.slice(-wanted)).join('');
    }
    if (!isSignificant(code)) continue;
    found = step === 1 ? found + value.charAt(i) : value.charAt(i) + found;
    count++;
  }
  return found;
}

function isSignificant(code: number): boolean { return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122); }

/** The first space, dash, point or slash between two letters or digits. */
function separatorOf(value: string): string | undefined {
  for (let i = 1; i < value.length - 1; i++) {
    const code = value.charCodeAt(i);
    if (code !== 32 && (code < 45 || code > 47)) continue;
    const before = value.charCodeAt(i - 1), after = value.charCodeAt(i + 1);
    if (before >= 128 || after >= 128) return /[\p{L}\p{N}]([ \-./])[\p{L}\p{N}]/u.exec(value)?.[1];
    if (isSignificant(before) && isSignificant(after)) return value.charAt(i);
  }
  return undefined;
}
