/** Identifiers of the United States. */
import { compact, isDigits, isRepeated, isSequence } from './digits.ts';
import { invalid, reserved, valid, type Verdict } from './validator.ts';

/** Numbers that stood on sample cards and in advertisements (SSA, "Social Security Cards Issued by Woolworth"). */
const PUBLISHED_SSNS: ReadonlySet<string> = new Set(['078051120', '219099999', '457555462', '123456789', '987654321']);

/**
 * Social security number: SSA POMS RM 10201.035: area 001–665, 667–899; group 01–99; serial 0001–9999.
 * 987-65-4320..4329 are reserved for advertisements. There is no check digit.
 */
export function ssn(value: string): Verdict {
  const digits = compact(value);
  if (!isDigits(digits, 9)) return invalid('an SSN has 9 digits');
  if (PUBLISHED_SSNS.has(digits) || digits.startsWith('98765432')) return reserved('published sample number');
  if (isRepeated(digits) || isSequence(digits)) return reserved('obvious placeholder');
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area >= '900') return invalid('area number is never assigned');
  if (digits.slice(3, 5) === '00' || digits.slice(5) === '0000') return invalid('group or serial number is never assigned');
  return valid(0.88, 'area, group and serial number are assignable');
}
