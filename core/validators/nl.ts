/** Identifiers of the Netherlands. */
import { mod97, weighted } from './checksum.ts';
import { compact, isDigits, isRepeated } from './digits.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** Citizen service number (BSN): "11-test" over weights 9 8 7 6 5 4 3 2 −1; 8 digits are padded. */
export const bsn: Validator = (value) => {
  const written = compact(value);
  if (!isDigits(written, 8, 9)) return invalid('a BSN has 8 or 9 digits');
  const digits = written.padStart(9, '0');
  if (isRepeated(digits)) return invalid('never issued');
  if (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 !== 0) return invalid('11-test fails');
  // RvIG test range and the number that every manual prints.
  if (digits === '111222333' || digits === '123456782' || digits.startsWith('99999')) return reserved('published test number');
  return valid(0.091, '11-test passes');
};

/** VAT number: 9 digits, B, 2 digits; before 2020 the 11-test of the BSN, since 2020 ISO 7064 mod 97-10 over NL…. */
export const btw: Validator = (value) => {
  const text = compact(value).replace(/^NL/, '').padStart(12, '0');
  if (!/^\d{9}B\d{2}$/.test(text) || text.endsWith('B00') || /^0{9}/.test(text)) return invalid('not the form of a Dutch VAT number');
  const old = weighted(text, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
  return old || mod97(`NL${text}`) === 1 ? valid(0.1, 'check digits are right') : invalid('check digits are wrong');
};

/** Education number (onderwijsnummer), for pupils without a BSN: DUO: 9 digits from 10, the BSN's sum leaves 5 instead of 0. */
export const onderwijsnummer: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 9) || !digits.startsWith('10')) return invalid('an education number has 9 digits from 10');
  return (((weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11) + 11) % 11) === 5 ? valid(0.001, 'from 10, and the check leaves 5') : invalid('the check is wrong');
};
