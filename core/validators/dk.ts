/** Identifiers of Denmark and the Faroes. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** CPR number: DDMMYY, 4 digits whose first gives the century. Since 2007 mod 11 isn't kept any more, so it only strengthens. */
export const cpr: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 10) || isRepeated(digits)) return invalid('a CPR number has 10 digits');
  const short = Number(digits.slice(4, 6));
  const seventh = digitAt(digits, 6);
  const century = seventh <= 3 ? 1900 : seventh === 4 || seventh === 9 ? (short <= 36 ? 2000 : 1900) : short <= 57 ? 2000 : 1800;
  if (!isBirthDate(century + short, Number(digits.slice(2, 4)), Number(digits.slice(0, 2)))) return invalid('no such birth date');
  const mod11 = weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  return mod11 ? valid(0.0033, 'birth date and mod 11 fit') : valid(0.0366, 'birth date fits; mod 11 is not kept since 2007');
};

/** CVR / VAT number: weights 2 7 6 5 4 3 2 1, mod 11, first not 0. */
export const cvr: Validator = (value) => CVR(value.replace(/^\s*DK/i, ''));
const CVR = digitValidator({
  length: 8,
  check: (digits) => !digits.startsWith('0') && weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  chance: 0.082,
  note: 'mod 11 check is right',
});
