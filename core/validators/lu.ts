/** Identifiers of Luxembourg. */
import { luhn, verhoeff } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** National number (matricule): loi du 19 juin 2013: YYYYMMDD, 3 digits, Luhn digit and Verhoeff digit over the first eleven. */
export const matricule: Validator = digitValidator({
  length: 13,
  check: (digits) =>
    isBirthDate(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8))) &&
    digits >= '18' && digits < '21' && luhn(digits.slice(0, 12)) && verhoeff(digits.slice(0, 11) + digits[12]),
  chance: 0.00001,
  note: 'birth date, Luhn and Verhoeff digits fit',
});

/** VAT number: 8 digits, last two = first six mod 89. */
export const tva: Validator = (value) => {
  const digits = compact(value).replace(/^LU/, '');
  if (!isDigits(digits, 8) || digits.startsWith('000000')) return invalid('a Luxembourg VAT number has 8 digits');
  return Number(digits.slice(0, 6)) % 89 === Number(digits.slice(6)) ? valid(0.01, 'mod 89 check digits are right') : invalid('check digits are wrong');
};
