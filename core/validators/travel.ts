/** Machine-readable travel documents: ICAO 9303. */
import { isCountry } from './bank.ts';
import { alnumValue } from './checksum.ts';
import { isDateOfSomeCentury } from './date.ts';
import { compact, isSequence } from './digits.ts';
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** Check digit of ICAO 9303 part 3, 4.9: weights 7 3 1, letters 10..35, filler 0. */
export function icaoCheck(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += (text[index] === '<' ? 0 : alnumValue(text, index)) * ([7, 3, 1][index % 3] ?? 0);
  return sum % 10;
}

/** Document number, nationality, birth, sex and expiry, as the second lines of TD3 (44), TD2 (36) and both visas hold them. */
const NUMBER_LINE = /^[A-Z0-9<]{9}\d[A-Z<]{3}\d{6}\d[MFX<]\d{6}\d[A-Z0-9<]{8,16}$/;
/** First line of a card (TD1): document number and optional data. */
const CARD_LINE = /^[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}[\d<][A-Z0-9<]{15}$/;
/** Second line of a card: birth, sex, expiry, nationality, composite check digit. */
const CARD_DATES = /^\d{6}\d[MFX<]\d{6}\d[A-Z<]{3}[A-Z0-9<]{11}\d$/;
/** Names between fillers: the double filler parts surname and given names. */
const NAME_LINE = /^[PV][A-Z<](?:[A-Z]{3}|[A-Z]{1,2}<{1,2})[A-Z]+(?:<[A-Z]+)*<<(?:[A-Z]+(?:<[A-Z]+)*)?<*$/;

/**
 * One line of a machine-readable zone: ICAO 9303 part 4 (TD3 passports, 44 characters), part 5 (TD1 cards, 30), part 6 (TD2,
 * 36) and part 7 (visas, 44 and 36). Every check digit that the line carries has to be right; lines of names carry none.
 */
export const mrz: Validator = (value) => {
  const line = value.replace(/\s/g, '').toUpperCase();
  if ((line.length === 44 || line.length === 36) && NUMBER_LINE.test(line)) {
    const right = checked(line, 0, 9) && checked(line, 13, 19) && checked(line, 21, 27) && areDates(line, 13, 21);
    return right ? valid(0.00001, 'ICAO check digits are right') : invalid('ICAO check digits are wrong');
  }
  if (line.length === 30 && CARD_DATES.test(line)) {
    return checked(line, 0, 6) && checked(line, 8, 14) && areDates(line, 0, 8) ? valid(0.0003, 'ICAO check digits are right') : invalid('ICAO check digits are wrong');
  }
  if (line.length === 30 && CARD_LINE.test(line)) {
    // A number longer than nine characters goes on in the optional data, behind a filler.
    return line[14] === '<' || checked(line, 5, 14) ? valid(0.01, 'ICAO check digit is right') : invalid('ICAO check digit is wrong');
  }
  if ((line.length === 44 || line.length === 36) && NAME_LINE.test(line)) return valid(0.0001, 'names parted by fillers');
  return invalid('not a line of a machine-readable zone');
};

/** Whether the character after [from, to) is the check digit of it. */
function checked(line: string, from: number, to: number): boolean {
  return icaoCheck(line.slice(from, to)) === Number(line[to]);
}

/** Birth and expiry as YYMMDD; month and day of birth may be unknown (`<<`, here read as digits only). */
function areDates(line: string, birth: number, expiry: number): boolean {
  return [birth, expiry].every((at) => isDateOfSomeCentury(Number(line.slice(at, at + 2)), Number(line.slice(at + 2, at + 4)), Number(line.slice(at + 4, at + 6))));
}

/** Passport numbers in general: 6–9 letters and digits, at least four digits. Form only. */
export const passportNumber: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z0-9]{6,9}$/.test(text) || (text.match(/\d/g) ?? []).length < 4) return invalid('not the form of a passport number');
  if (isSequence(text)) return invalid('a run of digits');
  return /^(.)\1+$/.test(text) ? invalid('one character repeated') : unknown('passport numbers carry no check digit');
};

/** ISO 3166-1 alpha-2 code, for fields that hold a nationality. */
export const countryCode: Validator = (value) => (isCountry(value.trim().toUpperCase()) ? valid(0.37, 'ISO 3166-1') : invalid('no such country'));
