/** Identifiers of Canada. */
import { luhn, weighted } from './checksum.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** Social insurance number: Luhn; 0 and 8 never start one (Service Canada). 046 454 286 is the published sample. */
export const sin: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 9)) return invalid('a SIN has 9 digits');
  if (isRepeated(digits) || !luhn(digits)) return invalid('Luhn check digit is wrong');
  if (digits === '046454286') return reserved('published sample number');
  if (digits.startsWith('0') || digits.startsWith('8')) return invalid('a SIN never starts with 0 or 8');
  return valid(0.08, 'Luhn check digit is right');
};

/** Business number: CRA: 9 digits, Luhn, with an optional program account (RC0001). */
export const bn: Validator = (value) => {
  const text = compact(value);
  if (!/^\d{9}(?:R[CMPTZR]\d{4})?$/.test(text) || isRepeated(text.slice(0, 9))) return invalid('not the form of a business number');
  return luhn(text.slice(0, 9)) ? valid(text.length > 9 ? 0.01 : 0.1, 'Luhn check digit is right') : invalid('Luhn check digit is wrong');
};

/** Ontario health card: 10 digits, first not 0, Luhn (version letters apart). */
export const ontarioHealth: Validator = (value) => {
  const text = compact(value);
  if (!/^[1-9]\d{9}[A-Z]{0,2}$/.test(text) || isRepeated(text.slice(0, 10))) return invalid('not the form of an Ontario health number');
  return luhn(text.slice(0, 10)) ? valid(0.09, 'Luhn check digit is right') : invalid('Luhn check digit is wrong');
};

/** British Columbia personal health number: 10 digits from 9, weights 2 4 8 5 10 9 7 3, mod 11. */
export const bcHealth: Validator = digitValidator({
  length: 10,
  check: (digits) => digits.startsWith('9') && (11 - (weighted(digits.slice(1), [2, 4, 8, 5, 10, 9, 7, 3]) % 11)) === digitAt(digits, 9),
  chance: 0.009,
  note: 'first digit 9 and mod 11 check digit fit',
});

/** Québec health insurance number: RAMQ: 3 letters of the surname, 1 of the first name, YYMMDD (month +50 for women), 2 digits. */
export const quebecHealth: Validator = textValidator({
  form: /^[A-Z]{4}\d{8}$/,
  check: (text) => {
    const month = Number(text.slice(6, 8)) % 50;
    const day = Number(text.slice(8, 10));
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  },
  chance: 0.08,
  note: 'name letters and birth date are where RAMQ puts them',
});
