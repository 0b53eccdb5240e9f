/** Identifiers of Belgium. */
import { modulo } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, isDigits, isRepeated } from './digits.ts';
import { invalid, type Validator, valid } from './validator.ts';

/**
 * National number and bis number: IBZ IT 000: YYMMDD, order, 97 − (first nine mod 97), with a 2 before them for those
 * born from 2000. Bis numbers add 20 or 40 to the month; unknown months and days are 00.
 */
export const nationalNumber: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 11) || isRepeated(digits)) return invalid('a national number has 11 digits');
  const check = Number(digits.slice(9));
  const born1900 = 97 - modulo(digits.slice(0, 9), 97) === check;
  const born2000 = 97 - modulo(`2${digits.slice(0, 9)}`, 97) === check;
  if (!born1900 && !born2000) return invalid('check digits are wrong (mod 97)');
  const month = Number(digits.slice(2, 4)) % 20;
  if (Number(digits.slice(2, 4)) >= 60 || month > 12) return invalid('no such month');
  const year = (born2000 ? 2000 : 1900) + Number(digits.slice(0, 2));
  const day = Number(digits.slice(4, 6));
  // Known only in part: 00 stands for an unknown month or day; then order numbers run over into the day.
  if (month !== 0 && day !== 0 && !isBirthDate(year, month, day)) return invalid('no such day');
  const order = Number(digits.slice(6, 9));
  if (order < 1) return invalid('order numbers start at 001');
  if (month === 0 && day > 31) return invalid('no such day');
  if (!born1900 && !isBirthDate(year, Math.max(1, month), Math.max(1, day))) return invalid('a year that has not begun');
  return valid(0.001, 'birth date and mod 97 check digits fit');
};

/** Enterprise and VAT number: KBO: 10 digits from 0 or 1, 97 − (first eight mod 97). */
export const btw: Validator = (value) => {
  const written = compact(value).replace(/^BE/, '').replace(/[()]/g, '');
  const digits = isDigits(written, 9) ? `0${written}` : written;
  if (!isDigits(digits, 10) || !/^[01]/.test(digits) || isRepeated(digits)) return invalid('a Belgian VAT number has 10 digits from 0 or 1');
  if (/^0+$/.test(digits.slice(0, 8))) return invalid('never issued');
  return 97 - modulo(digits.slice(0, 8), 97) === Number(digits.slice(8)) ? valid(1 / 97, 'mod 97 check digits are right') : invalid('check digits are wrong');
};

/** Identity card number: 12 digits, last two are the rest of 97 (97 for 0). */
export const identityCard: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 12) || isRepeated(digits)) return invalid('a Belgian identity card number has 12 digits');
  const rest = modulo(digits.slice(0, 10), 97);
  return (rest === 0 ? 97 : rest) === Number(digits.slice(10)) ? valid(1 / 97, 'mod 97 check digits are right') : invalid('check digits are wrong');
};
