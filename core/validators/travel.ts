/** Machine-readable travel documents: ICAO 9303. */
import { isCountry } from './bank.ts';
import { alnumValue } from './checksum.ts';
import { compact, isSequence } from './digits.ts';
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** Check digit of ICAO 9303 part 3, 4.9: weights 7 3 1, letters 10..35, filler 0. */
export function icaoCheck(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += (text[index] === '<' ? 0 : alnumValue(text, index)) * ([7, 3, 1][index % 3] ?? 0);
  return sum % 10;
}

/** Second line of a passport's zone (TD3, 44 characters) or the first of a card (TD1, 30): number, birth and expiry digits are checked. */
export const mrz: Validator = (value) => {
  const line = value.replace(/\s/g, '').toUpperCase();
  if (/^[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}[\d<]\d$/.test(line)) {
    const right = icaoCheck(line.slice(0, 9)) === Number(line[9]) && icaoCheck(line.slice(13, 19)) === Number(line[19]) && icaoCheck(line.slice(21, 27)) === Number(line[27]);
    return right ? valid(0.00001, 'ICAO check digits are right') : invalid('ICAO check digits are wrong');
  }
  if (/^P[A-Z<][A-Z<]{3}[A-Z<]{39}$/.test(line)) return valid(0.0001, 'first line of a passport');
  if (/^[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}\d[A-Z0-9<]{15}$/.test(line)) return icaoCheck(line.slice(5, 14)) === Number(line[14]) ? valid(0.0001, 'ICAO check digit is right') : invalid('ICAO check digit is wrong');
  return invalid('not a line of a machine-readable zone');
};

/** Passport numbers in general: 6–9 letters and digits, at least four digits. Form only. */
export const passportNumber: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z0-9]{6,9}$/.test(text) || (text.match(/\d/g) ?? []).length < 4) return invalid('not the form of a passport number');
  if (isSequence(text)) return invalid('a run of digits');
  return /^(.)\1+$/.test(text) ? invalid('one character repeated') : unknown('passport numbers carry no check digit');
};

/** ISO 3166-1 alpha-2 code, for fields that hold a nationality. */
export const countryCode: Validator = (value) => (isCountry(value.trim().toUpperCase()) ? valid(0.37, 'ISO 3166-1') : invalid('no such country'));
