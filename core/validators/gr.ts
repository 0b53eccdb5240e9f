/** Identifiers of Greece and Cyprus. */
import { luhn } from './checksum.ts';
import { isDateOfSomeCentury } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** ΑΜΚΑ: DDMMYY, 4 digits, Luhn. */
export const amka: Validator = digitValidator({
  length: 11,
  check: (digits) => isDateOfSomeCentury(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2))) && luhn(digits),
  chance: 0.0037,
  note: 'birth date and Luhn check digit fit',
});

/** ΑΦΜ, also the VAT number with EL: 9 digits (older 8), weights 256..2, mod 11 mod 10. */
export const afm: Validator = (value) => {
  const written = compact(value).replace(/^(?:EL|GR)/, '');
  if (!isDigits(written, 8, 9) || isRepeated(written)) return invalid('an AFM has 9 digits');
  const digits = written.padStart(9, '0');
  let sum = 0;
  for (let index = 0; index < 8; index++) sum = (sum + digitAt(digits, index)) * 2;
  return (sum % 11) % 10 === digitAt(digits, 8) ? valid(0.1, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Cypriot VAT number: 8 digits and a letter; odd places mapped 1 0 5 7 9 13 15 17 19 21, mod 26; never starts with 12. */
export const cyVat: Validator = (value) => {
  const text = compact(value).replace(/^CY/, '');
  if (!/^\d{8}[A-Z]$/.test(text) || text.startsWith('12')) return invalid('not the form of a Cypriot VAT number');
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
  let sum = 0;
  for (let index = 0; index < 8; index++) sum += index % 2 === 0 ? (odd[digitAt(text, index)] ?? 0) : digitAt(text, index);
  return sum % 26 === text.charCodeAt(8) - 65 ? valid(1 / 26, 'check letter is right') : invalid('check letter is wrong');
};
