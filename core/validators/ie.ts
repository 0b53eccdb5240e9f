/** Identifiers of Ireland. */
import { digitAt, compact } from './digits.ts';
import { alnumValue } from './checksum.ts';
import { invalid, type Validator, valid } from './validator.ts';

const LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

/** Check letter of seven digits and an optional second letter (weight 9). */
function checkLetter(digits: string, second: string): string | undefined {
  let sum = 0;
  for (let index = 0; index < 7; index++) sum += digitAt(digits, index) * (8 - index);
  if (second !== '' && second !== 'W') sum += (alnumValue(second, 0) - 9) * 9;
  return LETTERS[sum % 23];
}

/** PPS number: DEASP: 7 digits, check letter mod 23, optional second letter A–I, T, W (weight 9, T and W not counted before 2013). */
export const pps: Validator = (value) => {
  const text = compact(value);
  const match = /^(\d{7})([A-W])([A-IWTX]?)$/.exec(text);
  if (!match) return invalid('not the form of a PPS number');
  const [, digits = '', letter = '', second = ''] = match;
  // W, T and X marked wives and trusts and were never weighted.
  const weightedSecond = /[A-I]/.test(second) ? second : '';
  return checkLetter(digits, weightedSecond) === letter ? valid(1 / 23, 'check letter is right') : invalid('check letter is wrong');
};

/** VAT number: as the PPS number, or the older form 1X23456L with a letter or sign second. */
export const vat: Validator = (value) => {
  const text = compact(value).replace(/^IE/, '');
  if (/^\d{7}[A-W][A-I]?$/.test(text)) return checkLetter(text.slice(0, 7), text.slice(8)) === text[7] ? valid(1 / 23, 'check letter is right') : invalid('check letter is wrong');
  if (!/^\d[A-Z+*]\d{5}[A-W]$/.test(text)) return invalid('not the form of an Irish VAT number');
  return checkLetter(`0${text.slice(2, 7)}${text[0]}`, '') === text[7] ? valid(1 / 23, 'check letter is right') : invalid('check letter is wrong');
};
