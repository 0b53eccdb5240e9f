/** Applies a mask specification to one value. The result's length does not depend on the value's, format characters aside. */
import type { MaskSpec } from '../rules/rule.ts';

/** Masked runs of free length are this long, whatever they hide. */
const FIXED = 4;
const DEFAULT_CHAR = '*';

/**
 * Masks one value. Separators of the format (spaces, dashes, dots, slashes, brackets) stay where they are when the format
 * itself is fixed; `entity` is used for redaction. Never returns the value.
 */
export function maskValue(value: string, entity: string, spec: MaskSpec): string {
  const masked = applySpec(value, entity, spec);
  return masked === value ? redaction(entity) : masked;
}

/** `<EMAIL_ADDRESS>`, Presidio's replace operator. */
export const redaction = (entity: string): string => `<${entity}>`;

function applySpec(value: string, entity: string, spec: MaskSpec): string {
  switch (spec.kind) {
    case 'redact':
    // These need a key: the masker makes them.
    case 'token':
    case 'fake':
    case 'format':
      return redaction(entity);
    case 'email': return maskEmail(value, entity);
    case 'generalise': return generalise(value, entity, spec.to);
    case 'partial': return maskPartial(value, entity, spec);
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

function maskPartial(value: string, entity: string, spec: Extract<MaskSpec, { kind: 'partial' }>): string {
  const char = spec.char ?? DEFAULT_CHAR;
  const significant = significantOf(value);
  let keepStart = Math.max(0, spec.keepStart ?? 0), keepEnd = Math.max(0, spec.keepEnd ?? 0);
  if (significant.length - keepStart - keepEnd < LEAST_HIDDEN) {
    keepStart = 0;
    keepEnd = 0;
  }
  const tail = keepEnd > 0 ? significant.slice(-keepEnd).join('') : '';
  if (spec.shape !== undefined) return fillShape(spec.shape, significant, keepStart, keepEnd, char);
  const grouping = separatorOf(value);
  if (grouping === undefined) return `${significant.slice(0, keepStart).join('')}${char.repeat(FIXED)}${tail}` || redaction(entity);
  // A fixed skeleton: hidden groups are four characters each, whatever their own length.
  const head = significant.slice(0, keepStart).join('');
  return [head, char.repeat(FIXED), char.repeat(FIXED), tail].filter((part) => part.length > 0).join(grouping);
}

/** `###-##-####`: each `#` takes one character of the value, kept or masked; other characters stand as they are. */
function fillShape(shape: string, significant: readonly string[], keepStart: number, keepEnd: number, char: string): string {
  const slots = Array.from(shape).filter((c) => c === '#').length;
  let slot = 0;
  return Array.from(shape).map((c) => {
    if (c !== '#') return c;
    const index = slot++;
    if (index < keepStart) return significant[index] ?? char;
    const fromEnd = slots - index;
    return fromEnd <= keepEnd ? (significant[significant.length - fromEnd] ?? char) : char;
  }).join('');
}

/** Letters and digits, one code point each. */
function significantOf(value: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 128) return Array.from(value).filter((c) => /[\p{L}\p{N}]/u.test(c));
    if ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)) found.push(value[i]!);
  }
  return found;
}

function separatorOf(value: string): string | undefined {
  const found = /[\p{L}\p{N}]([ \-./])[\p{L}\p{N}]/u.exec(value);
  return found?.[1];
}
