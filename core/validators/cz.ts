/** Identifiers of Czechia and Slovakia. */
import { modulo, weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Birth number: zákon 133/2000 Sb. §13: YYMMDD (month +50 women, +20/+70 since 2004), 3 digits until 1953, then 4 and divisible by 11. */
export const rodneCislo: Validator = (value) => {
  const digits = value.replace(/[\s/-]/g, '');
  if (!isDigits(digits, 9, 10)) return invalid('a birth number has 9 or 10 digits');
  const short = digits.length === 9;
  let year = 1900 + Number(digits.slice(0, 2));
  if (short) {
    if (year >= 1980) year -= 100;
    if (year > 1953) return invalid('numbers given since 1954 have 10 digits');
  } else if (year < 1954) year += 100;
  let month = Number(digits.slice(2, 4)) % 50;
  if (month > 20 && year >= 2004) month -= 20;
  if (!isBirthDate(year, month, Number(digits.slice(4, 6)))) return invalid('no such birth date');
  if (short) return digits.endsWith('000') ? invalid('never issued') : valid(0.04, 'birth date fits (before 1954 there is no check digit)');
  // A rest of 10 was written as 0, by rule until 1985 and in some registries later.
  const check = modulo(digits.slice(0, 9), 11) % 10;
  const right = modulo(digits, 11) === 0 || check === digitAt(digits, 9);
  return right ? valid(0.006, 'birth date fits and 11 divides it') : invalid('11 does not divide it');
};

/** Company number (IČO, both countries): weights 8..2, mod 11. */
export const ico: Validator = digitValidator({
  length: 8,
  check: (digits) => (11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 7),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** VAT number (DIČ): company 8 digits not from 9, person: birth number, or 6 + 8 digits. */
export const dic: Validator = (value) => {
  const digits = value.replace(/[\s/-]/g, '').replace(/^CZ/i, '');
  if (isDigits(digits, 8)) return digits.startsWith('9') ? invalid('never starts with 9') : ico(digits);
  if (isDigits(digits, 9) && digits.startsWith('6')) {
    // Persons without a birth number: weights 8..2 over the middle seven.
    const rest = weighted(digits.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11;
    if ((8 - ((10 - rest) % 11) + 10) % 10 === digitAt(digits, 8)) return valid(0.1, 'check digit is right');
  }
  return rodneCislo(digits);
};

/** Slovak VAT number: 10 digits, not from 0, third digit 2 3 4 7 8 9, divisible by 11. */
export const skDph: Validator = (value) => {
  const digits = compact(value).replace(/^SK/, '');
  if (!isDigits(digits, 10)) return invalid('a Slovak VAT number has 10 digits');
  if (rodneCislo(digits).verdict === 'valid') return valid(0.006, 'a birth number');
  if (digits.startsWith('0') || !'234789'.includes(digits[2] ?? '')) return invalid('outside what is allocated');
  return modulo(digits, 11) === 0 ? valid(0.05, '11 divides it') : invalid('11 does not divide it');
};

/** Czech and Slovak bank account: ČNB decree 169/2011: prefix (6) and number (10) of weights …10 5 8 4 2 1, each mod 11, and the bank's code. */
export const bankAccount: Validator = (value) => {
  const parts = /^(?:(\d{2,6})-)?(\d{2,10})\/(\d{4})$/.exec(value.replace(/\s/g, ''));
  if (!parts) return invalid('not the form of an account: prefix-number/bank');
  const [, prefix = '', number = '', code = ''] = parts;
  if (code < '0100' || /^0*$/.test(number)) return invalid('no such bank or account');
  const right = (digits: string): boolean => weighted(digits.padStart(10, '0'), [6, 3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
  return right(prefix) && right(number) ? valid(prefix === '' ? 0.09 : 0.01, 'mod 11 checks are right') : invalid('a mod 11 check is wrong');
};
