/** Identifiers of Hungary. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Personal tax id (adóazonosító jel): 1996. évi XX. tv.: 10 digits from 8, weights 1..9, mod 11. */
export const adoazonosito: Validator = digitValidator({
  length: 10,
  check: (digits) => digits.startsWith('8') && weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(digits, 9),
  chance: 0.0091,
  note: 'first digit 8 and mod 11 check digit fit',
});

/** Social insurance number (TAJ): 9 digits, weights 3 7 alternating, mod 10. */
export const taj: Validator = digitValidator({
  length: 9,
  check: (digits) => weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digitAt(digits, 8),
  chance: 0.1,
  note: 'mod 10 check digit is right',
});

/** Personal identifier (személyi szám): sex/century, YYMMDD, serial, check: weights 1..10 (10..1 before 1997), mod 11. */
export const szemelyi: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    const first = digitAt(digits, 0);
    const yy = Number(digits.slice(1, 3));
    const years = first <= 2 ? [1900 + yy] : first <= 4 ? [2000 + yy, 1800 + yy] : first <= 6 ? [1900 + yy] : [1800 + yy, 2000 + yy];
    if (first < 1 || first > 8 || !years.some((year) => isBirthDate(year, Number(digits.slice(3, 5)), Number(digits.slice(5, 7))))) return false;
    const rising = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11;
    const falling = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
    return rising === digitAt(digits, 10) || falling === digitAt(digits, 10);
  },
  chance: 0.0055,
  note: 'birth date and mod 11 check digit fit',
});

/** VAT number: 8 digits (weights 9 7 3 1, mod 10), domestic form adds VAT code and county: 12345676-2-41. */
export const adoszam: Validator = (value) => {
  const digits = compact(value).replace(/^HU/, '');
  if (!isDigits(digits, 8) && !(isDigits(digits, 11) && /^.{8}[1-5]/.test(digits))) return invalid('a Hungarian VAT number has 8 or 11 digits');
  if (digits.startsWith('0000000')) return invalid('never issued');
  return weighted(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0 ? valid(0.1, 'mod 10 check digit is right') : invalid('check digit is wrong');
};
