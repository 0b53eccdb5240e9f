/** Identifiers of India. */
import { alnumValue, luhn, verhoeff } from './checksum.ts';
import { isDigits, isSequence } from './digits.ts';
import { invalid, reserved, type Validator, unknown, valid } from './validator.ts';

/** Aadhaar: UIDAI: 12 digits, first 2–9, Verhoeff, never a palindrome. */
export const aadhaar: Validator = (value) => {
  const digits = value.replace(/[\s:.-]/g, '');
  if (!isDigits(digits, 12)) return invalid('an Aadhaar has 12 digits');
  if (digits < '2') return invalid('an Aadhaar never starts with 0 or 1');
  if (digits === [...digits].reverse().join('')) return invalid('an Aadhaar is never a palindrome');
  return verhoeff(digits) ? valid(0.08, 'Verhoeff check digit is right') : invalid('Verhoeff check digit is wrong');
};

/** Virtual id: UIDAI: 16 digits, first 2–9, Verhoeff. */
export const vid: Validator = (value) => {
  const digits = value.replace(/[\s:.-]/g, '');
  if (!isDigits(digits, 16) || digits < '2') return invalid('a virtual id has 16 digits, the first 2–9');
  if (digits === [...digits].reverse().join('')) return invalid('never a palindrome');
  return verhoeff(digits) ? valid(0.08, 'Verhoeff check digit is right') : invalid('Verhoeff check digit is wrong');
};

/** ABCDE1234F and its like: letters and digits that both run on. */
function isSample(pan: string): boolean {
  return isSequence(pan.slice(0, 5)) && isSequence(pan.slice(5, 9));
}

/** PAN: Income Tax Department: 3 letters, holder type, initial, 4 digits (never 0000), letter. */
export const pan: Validator = (value) => {
  const text = value.trim().toUpperCase();
  if (!/^[A-Z]{5}\d{4}[A-Z]$/.test(text)) return invalid('not the form of a PAN');
  if (isSample(text)) return reserved('published sample');
  if (!/^.{3}[ABCEFGHJKLPT]/.test(text)) return invalid('the fourth letter is no holder type');
  if (text.slice(5, 9) === '0000') return invalid('the serial never is 0000');
  return valid(0.4, text[3] === 'P' ? 'PAN of a person' : 'PAN of an organisation');
};

/** State codes of the GST system: 01–38 without gaps that matter, 97 other territory, 99 centre. */
function isState(code: string): boolean {
  const state = Number(code);
  return (state >= 1 && state <= 37) || state === 97 || state === 99;
}

/** GSTIN: GSTN: state, PAN, entity number, Z, check character over base 36 with alternating factors 1 and 2. */
export const gstin: Validator = (value) => {
  const text = value.trim().toUpperCase();
  if (!/^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/.test(text)) return invalid('not the form of a GSTIN');
  if (!isState(text.slice(0, 2))) return invalid('no such state');
  if (isSample(text.slice(2, 12))) return reserved('published sample PAN inside');
  if (pan(text.slice(2, 12)).verdict === 'invalid') return invalid('the PAN inside is impossible');
  let sum = 0;
  for (let index = 0; index < 14; index++) {
    const product = alnumValue(text, index) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return (36 - (sum % 36)) % 36 === alnumValue(text, 14) ? valid(0.01, 'state, PAN and check character fit') : invalid('check character is wrong');
};

/** Voter id (EPIC): 3 letters, 7 digits; Luhn over the digits where the number was computed, so a failure does not decide. */
export const epic: Validator = (value) => {
  const text = value.trim().toUpperCase();
  if (!/^[A-Z]{3}\d{7}$/.test(text)) return invalid('not the form of a voter id');
  return luhn(text.slice(3)) ? valid(0.1, 'Luhn check digit is right') : unknown('Luhn check digit is wrong, as in cards of some states');
};
