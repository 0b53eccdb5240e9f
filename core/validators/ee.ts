/** Identifiers of Estonia, Latvia and Lithuania. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** The two-round mod 11 of the Estonian and Lithuanian personal codes. */
function balticCheck(digits: string): boolean {
  let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  if (check === 10) check = (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === digitAt(digits, 10);
}

const centuryOf = (first: number): number => 1800 + Math.floor((first - 1) / 2) * 100;

/** Isikukood: EVS 585: sex and century, YYMMDD, serial, two-round mod 11. */
export const isikukood: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    const first = digitAt(digits, 0);
    return first >= 1 && first <= 8 && isBirthDate(centuryOf(first) + Number(digits.slice(1, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5, 7))) && balticCheck(digits);
  },
  chance: 0.0027,
  note: 'birth date and mod 11 check digit fit',
});

/** Asmens kodas: as the Estonian; 9 starts the codes of those without a full birth date. */
export const asmensKodas: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    const first = digitAt(digits, 0);
    if (!balticCheck(digits)) return false;
    return first === 9 || (first >= 3 && first <= 6 && isBirthDate(centuryOf(first) + Number(digits.slice(1, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5, 7))));
  },
  chance: 0.0023,
  note: 'birth date and mod 11 check digit fit',
});

/** Estonian VAT number: weights 3 7 1 3 7 1 3 7 1, mod 10. */
export const kmkr: Validator = (value) => KMKR(value.replace(/^\s*EE/i, ''));
const KMKR = digitValidator({ length: 9, check: (digits) => weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0, chance: 0.1, note: 'mod 10 check digit is right' });

/** Estonian register code: 8 digits from 1, 7, 8 or 9 with the two-round mod 11. */
export const registrikood: Validator = digitValidator({
  length: 8,
  check: (digits) => {
    let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7]) % 11;
    if (check === 10) check = (weighted(digits, [3, 4, 5, 6, 7, 8, 9]) % 11) % 10;
    return '1789'.includes(digits[0] ?? '') && check === digitAt(digits, 7);
  },
  chance: 0.04,
  note: 'mod 11 check digit is right',
});

/** Latvian personal code: DDMMYY-CXXXX with check (1101 − Σ) mod 11 mod 10; since 2017 from 32 without a date or check that is published. */
export const personasKods: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 11)) return invalid('a personal code has 11 digits');
  const check = (1101 - weighted(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11;
  if (check % 10 !== digitAt(digits, 10) || check === 10) return invalid('check digit is wrong');
  if (digits.startsWith('32')) return valid(0.001, 'a code without birth date (since 2017), check digit is right');
  const century = 1800 + digitAt(digits, 6) * 100;
  if (century > 2000 || !isBirthDate(century + Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2)))) return invalid('no such birth date');
  return valid(0.001, 'birth date and check digit fit');
};

/** Latvian VAT number: company 11 digits from 4 or more, weights 9 1 4 8 3 10 2 5 7 6 1, rest 3; or a personal code. */
export const pvn: Validator = (value) => {
  const digits = compact(value).replace(/^LV/, '');
  if (!isDigits(digits, 11)) return invalid('a Latvian VAT number has 11 digits');
  if (digits > '4') return weighted(digits, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3 ? valid(0.055, 'mod 11 check is right') : invalid('check is wrong');
  return personasKods(digits);
};

/** Lithuanian VAT number: 9 digits (eighth is 1) or 12 (eleventh is 1), two-round mod 11. */
export const pvm: Validator = (value) => {
  const digits = compact(value).replace(/^LT/, '');
  if (!(isDigits(digits, 9) && digits[7] === '1') && !(isDigits(digits, 12) && digits[10] === '1')) return invalid('not the form of a Lithuanian VAT number');
  const round = (offset: number): number => {
    let sum = 0;
    for (let index = 0; index < digits.length - 1; index++) sum += digitAt(digits, index) * (1 + ((index + offset) % 9));
    return sum % 11;
  };
  let check = round(0);
  if (check === 10) check = round(2) % 10;
  return check === digitAt(digits, digits.length - 1) ? valid(0.01, 'mod 11 check digit is right') : invalid('check digit is wrong');
};
