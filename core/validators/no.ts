/** Identifiers of Norway and Iceland. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Fødselsnummer, D-number (day +40), H-number (month +40) and tests (month +80): two mod 11 digits; individual number gives the century. */
export const fodselsnummer: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    const first = (11 - (weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
    const second = (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    if (first !== digitAt(digits, 9) || second !== digitAt(digits, 10)) return false;
    const writtenDay = Number(digits.slice(0, 2));
    const day = writtenDay > 40 && writtenDay <= 71 ? writtenDay - 40 : writtenDay;
    const month = Number(digits.slice(2, 4)) % 40;
    const yy = Number(digits.slice(4, 6));
    const individual = Number(digits.slice(6, 9));
    const centuries = individual <= 499 ? [1900] : individual <= 749 ? (yy >= 54 ? [1800] : [2000]) : individual <= 899 ? [2000] : yy >= 40 ? [1900, 2000] : [2000];
    return writtenDay <= 71 && centuries.some((century) => isBirthDate(century + yy, month, day) && !(century === 2000 && yy > 39));
  },
  chance: 0.0005,
  note: 'birth date and both mod 11 check digits fit',
});

/** Organisation number, also the VAT number with NO and MVA: 9 digits, weights 3 2 7 6 5 4 3 2, mod 11. */
export const orgnr: Validator = (value) => {
  const digits = compact(value).replace(/^NO/, '').replace(/MVA$/, '');
  if (!isDigits(digits, 9) || isRepeated(digits)) return invalid('an organisation number has 9 digits');
  return (11 - (weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 8) ? valid(0.091, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Bank account: 11 digits, weights 5 4 3 2 7 6 5 4 3 2, mod 11; after 0000 the last seven alone with Luhn-like mod 11. */
export const kontonummer: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    if (digits.startsWith('0000')) return (11 - (weighted(digits.slice(4), [7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 10) || luhnTail(digits.slice(4));
    return (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 10);
  },
  chance: 0.091,
  note: 'mod 11 check digit is right',
});

function luhnTail(digits: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = digitAt(digits, digits.length - 1 - fromRight) * (fromRight % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Icelandic kennitala: DDMMYY (day +40 for companies), 2 digits, check (weights 3 2 7 6 5 4 3 2), century digit 8, 9 or 0. */
export const kennitala: Validator = digitValidator({
  length: 10,
  check: (digits) => {
    const written = Number(digits.slice(0, 2));
    const century = digits[9] === '9' ? 1900 : digits[9] === '0' ? 2000 : digits[9] === '8' ? 1800 : 0;
    return (
      century > 0 && isBirthDate(century + Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), written > 40 ? written - 40 : written) &&
      weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
    );
  },
  chance: 0.002,
  note: 'birth date, century and mod 11 check digit fit',
});

/** Icelandic VAT number: 5 or 6 digits, no check digit. */
export const isVsk: Validator = (value) => (/^(?:IS)?\d{5,6}$/.test(compact(value)) ? valid(1, 'five or six digits') : invalid('not the form'));
