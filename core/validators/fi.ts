/** Identifiers of Finland. */
import { weighted } from './checksum.ts';
import { isDate } from './date.ts';
import { compact, digitAt } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

const CENTURIES: Readonly<Record<string, number>> = { '+': 1800, '-': 1900, Y: 1900, X: 1900, W: 1900, V: 1900, U: 1900, A: 2000, B: 2000, C: 2000, D: 2000, E: 2000, F: 2000 };

/** HETU: DVV: DDMMYY, century sign (new signs since 2023), 002–899, check character mod 31. 900–999 are for tests. */
export const hetu: Validator = (value) => {
  const text = value.trim().toUpperCase();
  if (!/^\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]$/.test(text)) return invalid('not the form of a HETU');
  const century = CENTURIES[text[6] ?? ''];
  if (century === undefined || !isDate(century + Number(text.slice(4, 6)), Number(text.slice(2, 4)), Number(text.slice(0, 2)))) return invalid('no such birth date');
  const number = Number(text.slice(0, 6) + text.slice(7, 10));
  if ('0123456789ABCDEFHJKLMNPRSTUVWXY'[number % 31] !== text[10]) return invalid('check character is wrong (mod 31)');
  const serial = Number(text.slice(7, 10));
  if (serial < 2) return invalid('serials start at 002');
  return serial >= 900 ? reserved('serials from 900 are for tests') : valid(0.0012, 'birth date and check character fit');
};

/** Business id (Y-tunnus): 7 digits and a check: weights 7 9 10 5 8 4 2, mod 11, a rest of 1 is never issued. */
export const ytunnus: Validator = digitValidator({
  length: [7, 8],
  check: (written) => {
    const digits = written.padStart(8, '0');
    return weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
  },
  chance: 0.09,
  note: 'mod 11 check digit is right',
});

/** VAT number (ALV): FI + business id. */
export const alv: Validator = (value) => {
  const digits = compact(value).replace(/^FI/, '');
  return /^\d{8}$/.test(digits) ? ytunnus(digits) : invalid('a Finnish VAT number has 8 digits');
};

/** Tax number of a building worker (veronumero): 12 digits from 1; the algorithm isn't published. */
export const veronumero: Validator = digitValidator({ length: 12, check: (digits) => digitAt(digits, 0) >= 1, chance: 0.9, note: 'twelve digits' });
