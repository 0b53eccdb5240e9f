/** Identifiers of Austria. */
import { weighted } from './checksum.ts';
import { isDateOfSomeCentury } from './date.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Social insurance number: SV: serial (from 100), check, DDMMYY; weights 3 7 9 – 5 8 4 2 1 6, mod 11. Months 13–15 extend full days. */
export const svnr: Validator = digitValidator({
  length: 10,
  check: (digits) => {
    const month = Number(digits.slice(6, 8));
    const date = month > 12 && month <= 15 ? true : isDateOfSomeCentury(Number(digits.slice(8, 10)), month, Number(digits.slice(4, 6)));
    return digits[0] !== '0' && date && weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(digits, 3);
  },
  chance: 0.0033,
  note: 'birth date and mod 11 check digit fit',
});

/** Tax number: BMF: office (2), number (6), check: doubled second digits as Luhn, subtracted from a multiple of 10. */
export const steuernummer: Validator = (value) => {
  const digits = value.replace(/[\s/.-]/g, '');
  if (!isDigits(digits, 9)) return invalid('an Austrian tax number has 9 digits');
  if (!OFFICES.has(digits.slice(0, 2))) return invalid('no such tax office');
  let sum = 0;
  for (let index = 0; index < 8; index++) {
    const digit = digitAt(digits, index);
    sum += index % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10);
  }
  return (10 - (sum % 10)) % 10 === digitAt(digits, 8) ? valid(0.04, 'office and check digit fit') : invalid('check digit is wrong');
};
/** Tax offices as BMF numbers them. */
const OFFICES: ReadonlySet<string> = new Set('03 04 06 07 08 09 10 12 15 16 18 22 23 29 33 38 41 46 51 52 53 54 57 59 61 65 67 68 69 71 72 81 82 83 84 90 91 93 97 98'.split(' '));

/** VAT number: ATU + 8 digits; doubled even places, 10 − (sum + 4) mod 10. */
export const uid: Validator = (value) => {
  const text = compact(value).replace(/^AT/, '');
  if (!/^U\d{8}$/.test(text)) return invalid('not the form of an Austrian VAT number');
  const digits = text.slice(1);
  let sum = 4;
  for (let index = 0; index < 7; index++) {
    const digit = digitAt(digits, index);
    sum += index % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10);
  }
  return (10 - (sum % 10)) % 10 === digitAt(digits, 7) ? valid(0.1, 'check digit is right') : invalid('check digit is wrong');
};

/** Company register number: FN, up to 6 digits, letter. */
export const firmenbuch: Validator = textValidator({ form: /^(?:FN)?\d{1,6}[A-Z]$/, check: () => true, chance: 1, note: 'the form of a Firmenbuch number' });
