/** Identifiers of Romania and Moldova. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Centuries by the first digit; 7 to 9 are residents and foreigners of any age. */
const CENTURIES: readonly (readonly number[])[] = [[], [1900], [1900], [1800], [1800], [2000], [2000], [1900, 2000], [1900, 2000], [1900, 2000]];

/** CNP: OUG 97/2005: sex and century, YYMMDD, county, serial, weights 2 7 9 1 4 6 3 5 8 2 7 9, mod 11 (10 → 1). */
export const cnp: Validator = digitValidator({
  length: 13,
  check: (digits) => {
    const first = digitAt(digits, 0);
    const yy = Number(digits.slice(1, 3));
    const dated = (CENTURIES[first] ?? []).some((century) => isBirthDate(century + yy, Number(digits.slice(3, 5)), Number(digits.slice(5, 7))));
    const county = Number(digits.slice(7, 9));
    if (!dated || !((county >= 1 && county <= 48) || county === 51 || county === 52 || county === 70 || (county >= 80 && county <= 83))) return false;
    const check = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return (check === 10 ? 1 : check) === digitAt(digits, 12);
  },
  chance: 0.0014,
  note: 'birth date, county and mod 11 check digit fit',
});

/** CUI, also the VAT number with RO: 2–10 digits, weights 7 5 3 2 1 7 5 3 2 from the right, × 10 mod 11 mod 10. */
export const cui: Validator = (value) => {
  const digits = compact(value).replace(/^RO/, '');
  if (!isDigits(digits, 2, 10) || digits.startsWith('0') || (digits.length > 2 && isRepeated(digits))) return invalid('a CUI has 2 to 10 digits');
  const padded = digits.padStart(10, '0');
  return ((weighted(padded, [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 === digitAt(padded, 9) ? valid(0.1, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Moldovan IDNP and IDNO: 13 digits, weights 7 3 1, mod 10; IDNP starts with 09 or 2, IDNO with 1. */
export const mdIdnp: Validator = digitValidator({
  length: 13,
  check: (digits) => weighted(digits, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === digitAt(digits, 12) && /^[0129]/.test(digits),
  chance: 0.04,
  note: 'mod 10 check digit is right',
});
