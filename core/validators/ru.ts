/** Identifiers of Russia, Belarus, Ukraine and Kazakhstan. */
import { weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** ИНН: приказ ФНС ММВ-7-6/435: 12 digits (person, two check digits) or 10 (company), mod 11 mod 10. */
export const inn: Validator = (value) => {
  const digits = compact(value);
  if (isRepeated(digits)) return invalid('one digit repeated is never issued');
  if (isDigits(digits, 10)) {
    return (weighted(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(digits, 9) ? valid(0.1, 'mod 11 check digit is right') : invalid('check digit is wrong');
  }
  if (!isDigits(digits, 12)) return invalid('an INN has 10 or 12 digits');
  const one = (weighted(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  const two = (weighted(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  return one === digitAt(digits, 10) && two === digitAt(digits, 11) ? valid(0.01, 'both mod 11 check digits are right') : invalid('check digits are wrong');
};

/** СНИЛС: ПФР: 9 digits weighted 9..1, mod 101; 100 → 00; checked above 001-001-998. */
export const snils: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    if (digits.slice(0, 9) <= '001001998') return false;
    return (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(digits.slice(9));
  },
  chance: 0.01,
  note: 'mod 101 check digits are right',
});

/** ОГРН (13) and ОГРНИП (15): last digit of the rest of 11 (13). */
export const ogrn: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 13) && !isDigits(digits, 15)) return invalid('an OGRN has 13 or 15 digits');
  if (digits.length === 15 ? !/^[34]/.test(digits) : !/^[1-9]/.test(digits)) return invalid('no such kind of entry');
  let rest = 0;
  const modulus = digits.length === 13 ? 11 : 13;
  for (let index = 0; index < digits.length - 1; index++) rest = (rest * 10 + digitAt(digits, index)) % modulus;
  return rest % 10 === digitAt(digits, digits.length - 1) ? valid(0.1, 'check digit is right') : invalid('check digit is wrong');
};

/** Passport of a citizen: series (region code 2, year of issue 2) and 6 digits; no check digit. */
export const passport: Validator = digitValidator({ length: 10, check: (digits) => !digits.startsWith('00') && Number(digits.slice(4)) > 100, chance: 0.9, note: 'series and number' });

/** Ukrainian РНОКПП: days since 1899-12-31, serial, weights −1 5 7 9 4 6 10 5 7, mod 11 mod 10. */
export const uaRntrc: Validator = digitValidator({
  length: 10,
  check: (digits) => (((weighted(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10 === digitAt(digits, 9),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** Ukrainian ЄДРПОУ: 8 digits; weights depend on the range, with a second round (+2). */
export const uaEdrpou: Validator = digitValidator({
  length: 8,
  check: (digits) => {
    const weights = /^[345]/.test(digits) ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
    let check = weighted(digits, weights) % 11;
    if (check === 10) check = weighted(digits, weights.map((weight) => weight + 2)) % 11;
    return check % 10 === digitAt(digits, 7);
  },
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** Kazakh ИИН: YYMMDD, sex and century 0–6, serial, two-round mod 11. */
export const kzIin: Validator = digitValidator({
  length: 12,
  check: (digits) => {
    const kind = digitAt(digits, 6);
    const century = [0, 1800, 1800, 1900, 1900, 2000, 2000][kind];
    if (century === undefined) return false;
    if (kind > 0 && !isBirthDate(century + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)))) return false;
    if (kind === 0 && !(Number(digits.slice(2, 4)) >= 1 && Number(digits.slice(2, 4)) <= 12)) return false;
    let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    if (check === 10) check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    return check === digitAt(digits, 11);
  },
  chance: 0.0025,
  note: 'birth date and mod 11 check digit fit',
});

const BY_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Belarusian УНП: 9 characters: region 1–7 (companies) or two letters (persons), weights 29 23 19 17 13 7 5 3, mod 11. */
export const byUnp: Validator = (value) => {
  const cyrillic = 'АВЕКМНОРСТ';
  const text = compact(value).replace(/^(?:УНП|UNP)/u, '').replace(/[АВЕКМНОРСТ]/gu, (letter) => 'ABEKMHOPCT'[cyrillic.indexOf(letter)] ?? letter);
  if (!/^(?:[1-7]\d|[ABCEHKM][ABCEHKMOPT])\d{7}$/.test(text)) return invalid('not the form of a UNP');
  let number = text;
  if (!isDigits(text, 9)) number = (text[0] ?? '') + String('ABCEHKMOPT'.indexOf(text[1] ?? '')) + text.slice(2);
  let sum = 0;
  const weights = [29, 23, 19, 17, 13, 7, 5, 3];
  for (let index = 0; index < 8; index++) sum += BY_ALPHABET.indexOf(number[index] ?? '') * (weights[index] ?? 0);
  const check = sum % 11;
  return check < 10 && check === digitAt(number, 8) ? valid(0.06, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Belarusian personal number: 3456789A001PB5: sex/century digit, DDMMYY, letter, 3 digits, two letters, check over base 36, weights 7 3 1. */
export const byPersonal: Validator = (value) => {
  const text = compact(value);
  if (!/^[1-6]\d{6}[ABCHKEM]\d{3}(?:PB|BA|BI)\d$/.test(text)) return invalid('not the form of a personal number');
  const first = digitAt(text, 0);
  const century = first <= 2 ? 1800 : first <= 4 ? 1900 : 2000;
  if (!isBirthDate(century + Number(text.slice(5, 7)), Number(text.slice(3, 5)), Number(text.slice(1, 3)))) return invalid('no such birth date');
  let sum = 0;
  for (let index = 0; index < 13; index++) sum += BY_ALPHABET.indexOf(text[index] ?? '') * ([7, 3, 1][index % 3] ?? 0);
  return sum % 10 === digitAt(text, 13) ? valid(0.0001, 'birth date and check digit fit') : invalid('check digit is wrong');
};
