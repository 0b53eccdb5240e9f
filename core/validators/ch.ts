/** Identifiers of Switzerland and Liechtenstein. */
import { weighted } from './checksum.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** AHV number: ZAS: 13 digits from 756, EAN-13 check digit. 756.9217.0769.85 is the published sample. */
export const ahv: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 13) || !digits.startsWith('756')) return invalid('an AHV number has 13 digits from 756');
  if (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 !== 0) return invalid('EAN-13 check digit is wrong');
  return ['7561234567897', '7569999999991'].includes(digits) ? reserved('published sample') : valid(0.0001, '756 and EAN-13 check digit fit');
};

/** Company id (UID), also VAT with MWST/TVA/IVA: CHE + 9 digits, weights 5 4 3 2 7 6 5 4, mod 11. */
export const uid: Validator = (value) => {
  const text = compact(value).replace(/(?:MWST|TVA|IVA|TPV|HR)$/, '');
  if (!/^(?:CHE)?\d{9}$/.test(text)) return invalid('not the form of a UID');
  const digits = text.slice(-9);
  const check = (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11;
  return check === digitAt(digits, 8) ? valid(text.length > 9 ? 0.001 : 0.09, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Liechtenstein person id (PEID): 1 to 12 digits without a check digit. */
export const peid: Validator = (value) => (/-/.test(value) ? invalid('a PEID has no hyphen') : PEID(value));
const PEID = digitValidator({ length: [4, 12], check: (digits) => digits.replace(/^0+/, '').length >= 4, chance: 1, note: 'four to twelve digits' });
