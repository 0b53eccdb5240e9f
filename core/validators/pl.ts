/** Identifiers of Poland. */
import { alnumValue, weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { digitAt } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import type { Validator } from './validator.ts';

/** PESEL: Dz.U. 1979/2006: YYMMDD with the century in the month (+80 1800s, +20 2000s, +40, +60), weights 1 3 7 9, mod 10. */
export const pesel: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    const month = Number(digits.slice(2, 4));
    const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 0;
    const date = isBirthDate(century + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)));
    return date && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
  },
  chance: 0.018,
  note: 'birth date and check digit fit',
});

/** NIP (tax id, VAT): weights 6 5 7 2 3 4 5 6 7, mod 11; a rest of 10 is never issued; the office code has no 0 in its first three digits. */
export const nip: Validator = (value) => NIP(value.replace(/^\s*PL[\s-]*/i, ''));
const NIP = digitValidator({
  length: 10,
  check: (digits) => /^[1-9]((\d[1-9])|([1-9]\d))/.test(digits) && weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(digits, 9),
  chance: 0.08,
  note: 'mod 11 check digit is right',
});

/** REGON: 9 digits (weights 8 9 2 3 4 5 6 7) or 14 (weights 2 4 8 5 0 9 7 3 6 1 2 4 8), mod 11, 10 → 0. */
export const regon: Validator = digitValidator({
  length: [9, 14],
  check: (digits) => {
    const nine = (weighted(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === digitAt(digits, 8);
    if (digits.length === 9) return nine;
    return digits.length === 14 && nine && (weighted(digits, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === digitAt(digits, 13);
  },
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** Identity card: 3 letters, check digit, 5 digits; weights 7 3 1 – 7 3 1 7 3 over letters 10..35. */
export const dowod: Validator = textValidator({
  form: /^[A-Z]{3}\d{6}$/,
  check: (text) => {
    const weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
    let sum = 0;
    for (let index = 0; index < 9; index++) sum += alnumValue(text, index) * (weights[index] ?? 0);
    return sum % 10 === 0;
  },
  chance: 0.1,
  note: 'check digit is right',
});

/** Passport: 2 letters, check digit, 6 digits; weights 7 3 – 1 7 3 1 7 3 with the check digit at 9. */
export const paszport: Validator = textValidator({
  form: /^[A-Z]{2}\d{7}$/,
  check: (text) => {
    const weights = [7, 3, 9, 1, 7, 3, 1, 7, 3];
    let sum = 0;
    for (let index = 0; index < 9; index++) sum += alnumValue(text, index) * (weights[index] ?? 0);
    return sum % 10 === 0;
  },
  chance: 0.1,
  note: 'check digit is right',
});
