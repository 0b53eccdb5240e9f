/** Identifiers of France. */
import { luhn, modulo } from './checksum.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/**
 * Social security number (NIR): INSEE: sex, YY, month, department, commune, order, key = 97 − (number mod 97).
 * Corsica's 2A and 2B count as 19 and 18. Months 20 and above mark incomplete civil records.
 */
export const nir: Validator = (value) => {
  const text = compact(value);
  if (!/^[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})$/.test(text)) return invalid('not the form of a NIR');
  const month = Number(text.slice(3, 5));
  if ((month > 12 && month < 20) || (month > 42 && month < 50)) return invalid('no such month code');
  const department = text.slice(5, 7);
  if (department === '00') return invalid('no such department');
  if (text.slice(10, 13) === '000') return invalid('order number starts at 001');
  const digits = text.replace('2A', '19').replace('2B', '18');
  const key = 97 - modulo(digits.slice(0, 13), 97);
  return key === Number(digits.slice(13)) ? valid(0.003, 'birth month, place and key fit') : invalid('key is wrong (mod 97)');
};

/** Company number (SIREN): INSEE: 9 digits, Luhn. */
export const siren: Validator = digitValidator({ length: 9, check: luhn, chance: 0.1, note: 'Luhn check digit is right' });

/** Establishment number (SIRET): SIREN + 5, Luhn; La Poste's own (356 000 000) by the sum of digits mod 5. */
export const siret: Validator = digitValidator({
  length: 14,
  check: (digits) => {
    if (digits.startsWith('356000000') && digits !== '35600000000048') {
      let sum = 0;
      for (let index = 0; index < 14; index++) sum += digitAt(digits, index);
      return sum % 5 === 0;
    }
    return luhn(digits) && luhn(digits.slice(0, 9));
  },
  chance: 0.01,
  note: 'Luhn check digits of company and establishment are right',
});

/** Tax number of a person (SPI): DGFiP: 13 digits from 0–3, last three = first ten mod 511. */
export const spi: Validator = digitValidator({
  length: 13,
  check: (digits) => digits < '4' && modulo(digits.slice(0, 10), 511) === Number(digits.slice(10)),
  chance: 0.0004,
  note: 'the last three digits are the rest of 511',
});

/** VAT number: key of two characters before the SIREN; numeric keys = (12 + 3 × (SIREN mod 97)) mod 97. */
export const tva: Validator = (value) => {
  const text = compact(value).replace(/^FR/, '');
  if (!/^[0-9A-HJ-NP-Z]{2}\d{9}$/.test(text)) return invalid('not the form of a French VAT number');
  const siren = text.slice(2);
  if (isRepeated(siren)) return invalid('one digit repeated is never issued');
  const key = text.slice(0, 2);
  if (isDigits(key, 2)) {
    // 000… is Monaco, which has its own validator.
    if (siren.startsWith('000') || !luhn(siren)) return invalid('the SIREN is wrong');
    return (12 + 3 * modulo(siren, 97)) % 97 === Number(key) ? valid(0.002, 'key and SIREN fit') : invalid('key is wrong');
  }
  const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const first = alphabet.indexOf(key[0] ?? '');
  const second = alphabet.indexOf(key[1] ?? '');
  // New-style keys: (first × 24 + second − 10) when the first is a digit, else (first × 34 + second − 100).
  const number = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  const ok = (modulo(siren, 11) + 1 + Math.floor(number / 11)) % 11 === number % 11;
  return ok && luhn(siren) ? valid(0.01, 'key and SIREN fit') : invalid('key is wrong');
};

/** Identity card: 12 digits (1995–2021: year, month, department…) or 9 characters of [0-9A-Z] (since 2021). */
export const cni: Validator = textValidator({
  form: /^\d{12}$|^[0-9A-Z]{9}$/,
  check: (text) => (text.length === 12 ? Number(text.slice(2, 4)) >= 1 && Number(text.slice(2, 4)) <= 12 : /[A-Z]/.test(text) && /\d/.test(text)),
  chance: 0.3,
  note: 'the form of an identity card number',
});
