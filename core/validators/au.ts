/** Identifiers of Australia. */
import { weighted } from './checksum.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** Tax file number: ATO: 9 digits, weights 1 4 3 7 5 8 6 9 10; older 8 digits, weights 10 7 8 4 6 3 5 1; mod 11. */
export const tfn: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 8, 9)) return invalid('a TFN has 8 or 9 digits');
  if (/^0+$/.test(digits)) return invalid('never issued');
  const weights = digits.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1];
  if (weighted(digits, weights) % 11 !== 0) return invalid('mod 11 check is wrong');
  if (['111111111', '333333333', '444444444', '987654321', '123456782'].includes(digits)) return reserved('ATO test or placeholder number');
  return valid(0.09, 'mod 11 check is right');
};

/** Business number: ABR: 11 digits; subtract 1 from the first, weights 10 1 3 5 …, mod 89. */
export const abn: Validator = digitValidator({
  length: 11,
  check: (digits) => !digits.startsWith('0') && (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
  chance: 1 / 89,
  note: 'mod 89 check is right',
});

/** Company number: ASIC: 9 digits, weights 8..1, mod 10. */
export const acn: Validator = digitValidator({
  length: 9,
  check: (digits) => (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(digits, 8),
  chance: 0.1,
  note: 'mod 10 check digit is right',
});

/** Medicare card: Services Australia: 2–6, weights 1 3 7 9 1 3 7 9, mod 10, issue number 1–9, optional reference 1–9. */
export const medicare: Validator = (value) => {
  const digits = value.replace(/[\s/-]/g, '');
  if (!isDigits(digits, 10, 11) || !/^[2-6]/.test(digits)) return invalid('a Medicare number has 10 or 11 digits, the first 2–6');
  if (!/^.{9}[1-9][1-9]?$/.test(digits)) return invalid('the issue number is 1–9');
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8) ? valid(0.045, 'mod 10 check digit is right') : invalid('check digit is wrong');
};
