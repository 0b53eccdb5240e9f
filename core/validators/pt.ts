/** Identifiers of Portugal. */
import { alnumValue, weighted } from './checksum.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** NIF, also the VAT number with PT: Portaria 4/2009: 9 digits, first not 0 or 4 alone (45 is), weights 9..2, mod 11. */
export const nif: Validator = (value) => {
  const digits = compact(value).replace(/^PT/, '');
  if (!isDigits(digits, 9) || isRepeated(digits) || !/^(?:[1235689]|45|7[0-9])/.test(digits)) return invalid('not the form of a NIF');
  const check = 11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? 0 : check) === digitAt(digits, 8) ? valid(0.075, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Cartão de cidadão: 8 digits, check, 2 letters or digits, check; Luhn over base 36. */
export const cartaoCidadao: Validator = textValidator({
  form: /^\d{9}[A-Z0-9]{2}\d$/,
  check: (text) => {
    let sum = 0;
    for (let index = 0; index < 12; index++) {
      let value = alnumValue(text, index);
      if (index % 2 === 0) {
        value *= 2;
        if (value > 9) value -= 9;
      }
      sum += value;
    }
    return sum % 10 === 0;
  },
  chance: 0.1,
  note: 'check digit is right',
});

/** Social security number (NISS): 11 digits from 1 or 2, weights 29 23 19 17 13 11 7 5 3 2, 9 − mod 10. */
export const niss: Validator = digitValidator({
  length: 11,
  check: (digits) => /^[12]/.test(digits) && 9 - (weighted(digits, [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10) === digitAt(digits, 10),
  chance: 0.02,
  note: 'first digit and mod 10 check digit fit',
});
