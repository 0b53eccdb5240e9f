/** Identifiers of Bulgaria. */
import { weighted } from './checksum.ts';
import { isDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

const EGN_WEIGHTS = [2, 4, 8, 5, 10, 9, 7, 3, 6] as const;

function isEgn(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const year = Number(digits.slice(0, 2)) + (month > 40 ? 2000 : month > 20 ? 1800 : 1900);
  return isDate(year, month % 20, Number(digits.slice(4, 6))) && (weighted(digits, EGN_WEIGHTS) % 11) % 10 === digitAt(digits, 9);
}

/** ЕГН: GRAO: YYMMDD (month +20 for the 1800s, +40 for the 2000s), 3 digits, weights 2 4 8 5 10 9 7 3 6, mod 11, 10 → 0. */
export const egn: Validator = digitValidator({ length: 10, check: isEgn, chance: 0.0055, note: 'birth date and mod 11 check digit fit' });

const isPnf = (digits: string): boolean => weighted(digits, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === digitAt(digits, 9);

/** ЛНЧ of a foreigner: weights 21 19 17 13 11 9 7 3 1, mod 10. */
export const lnch: Validator = digitValidator({ length: 10, check: isPnf, chance: 0.1, note: 'mod 10 check digit is right' });

/** VAT number: 9 digits (ЕИК: mod 11 with a second round of weights) or 10 (ЕГН, ЛНЧ or weights 4 3 2 7 6 5 4 3 2). */
export const vat: Validator = (value) => {
  const digits = compact(value).replace(/^BG/, '');
  if (isRepeated(digits)) return invalid('one digit repeated is never issued');
  if (isDigits(digits, 9)) {
    let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    if (check === 10) check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10]) % 11;
    return check % 10 === digitAt(digits, 8) ? valid(0.1, 'mod 11 check digit is right') : invalid('check digit is wrong');
  }
  if (!isDigits(digits, 10)) return invalid('a Bulgarian VAT number has 9 or 10 digits');
  const other = 11 - (weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return isEgn(digits) || isPnf(digits) || (other === 11 ? 0 : other) === digitAt(digits, 9) ? valid(0.2, 'a check digit is right') : invalid('check digit is wrong');
};
