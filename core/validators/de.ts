/** Identifiers of Germany. */
import { mod11x10 } from './checksum.ts';
import { isDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { icaoCheck } from './travel.ts';
import { invalid, unknown, type Validator, valid } from './validator.ts';

/**
 * Tax id (IdNr): BZSt: 11 digits, first not 0, ISO 7064 mod 11,10; of the first ten digits exactly one occurs
 * twice or three times and never three in a row.
 */
export const steuerId: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 11)) return invalid('a tax id has 11 digits');
  if (digits.startsWith('0')) return invalid('a tax id never starts with 0');
  if (!mod11x10(digits)) return invalid('check digit is wrong (ISO 7064 mod 11,10)');
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  if (repeated.length > 1 || (repeated[0] ?? 0) > 3) return invalid('more digits repeat than a tax id allows');
  if (/(\d)\1\1/.test(digits.slice(0, 10))) return unknown('check digit is right, but three equal digits stand in a row');
  if (repeated.length === 0) return unknown('check digit is right, but no digit repeats as BZSt demands');
  return valid(0.01, 'check digit is right and digits repeat as BZSt demands');
};

const SERIAL = /^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?$/;
/**
 * Identity card: PAuswV: 9 characters without vowels and look-alikes, optionally followed by the ICAO check digit.
 * Since 2010 the ninth character is itself part of the serial; older cards: T + 8 digits.
 */
export const personalausweis: Validator = (value) => {
  const text = compact(value).replace(/D$/, '');
  if (!SERIAL.test(text) && !/^\d{10}$/.test(text)) return invalid('not the form of an identity card number');
  if (text.length === 10) {
    return icaoCheck(text.slice(0, 9)) === digitAt(text, 9) ? valid(0.05, 'ICAO check digit is right') : invalid('ICAO check digit is wrong');
  }
  return unknown('the serial number carries no check digit');
};

/** Passport: PassG: the same serial form, first letter C F G H J K; a tenth digit is the ICAO check digit, which Presidio also looks for in ninth place. */
export const reisepass: Validator = (value) => {
  const text = compact(value);
  if (!/^[CFGHJK]/.test(text)) return invalid('a passport starts with C, F, G, H, J or K');
  if (text.length === 9 && icaoCheck(text.slice(0, 8)) === digitAt(text, 8)) return valid(0.1, 'ICAO check digit is right');
  return personalausweis(text);
};

/** Pension insurance number: §147 SGB VI: area, DDMMYY, initial, serial, check: digits weighted 2 1 2 5 7 1 2 1 2 1 2 1, digit sums, mod 10. */
export const sozialversicherung: Validator = textValidator({
  form: /^\d{8}[A-Z]\d{3}$/,
  check: (text) => {
    const area = Number(text.slice(0, 2));
    if (area < 2 || area > 89) return false;
    const day = Number(text.slice(2, 4));
    const month = Number(text.slice(4, 6));
    const year = Number(text.slice(6, 8));
    // Replacement numbers add 30 to the day.
    const realDay = day > 31 ? day - 30 : day;
    if (!isDate(2000 + year, month, realDay) && !isDate(1900 + year, month, realDay)) return false;
    const letter = String(text.charCodeAt(8) - 64).padStart(2, '0');
    const digits = text.slice(0, 8) + letter + text.slice(9, 11);
    const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let sum = 0;
    for (let index = 0; index < 12; index++) {
      const product = digitAt(digits, index) * (weights[index] ?? 0);
      sum += Math.floor(product / 10) + (product % 10);
    }
    return sum % 10 === digitAt(text, 11);
  },
  chance: 0.0033,
  note: 'area, birth date and check digit fit',
});

/** Health insurance number (KVNR): letter + 9 digits; letter as two digits, weights 1 2 1 2 …, digit sums, mod 10. */
export const krankenversicherung: Validator = textValidator({
  form: /^[A-Z]\d{9}$/,
  check: (text) => {
    const digits = String(text.charCodeAt(0) - 64).padStart(2, '0') + text.slice(1, 9);
    let sum = 0;
    for (let index = 0; index < 10; index++) {
      const product = digitAt(digits, index) * (index % 2 === 0 ? 1 : 2);
      sum += Math.floor(product / 10) + (product % 10);
    }
    return sum % 10 === digitAt(text, 9);
  },
  chance: 0.1,
  note: 'check digit is right (GKV, letter counted as two digits)',
});

/** VAT number: DE + 9 digits, first not 0, ISO 7064 mod 11,10. */
export const ust: Validator = (value) => {
  const digits = compact(value).replace(/^DE/, '');
  if (!isDigits(digits, 9) || digits.startsWith('0')) return invalid('a German VAT number has 9 digits, the first not 0');
  return mod11x10(digits) ? valid(0.1, 'check digit is right (ISO 7064 mod 11,10)') : invalid('check digit is wrong');
};

/** Doctor number (LANR): KBV: 6 digits, check by weights 4 9 4 9 4 9 (mod 10), 2 digits of the speciality. */
export const lanr: Validator = digitValidator({
  length: 9,
  check: (digits) => {
    let sum = 0;
    for (let index = 0; index < 6; index++) sum += digitAt(digits, index) * (index % 2 === 0 ? 4 : 9);
    return (10 - (sum % 10)) % 10 === digitAt(digits, 6) && !isRepeated(digits);
  },
  chance: 0.1,
  note: 'KBV check digit is right',
});

/** Tax number (Steuernummer): 10–11 digits by state with slashes, or 13 digits of the federal scheme (state code first, 0 fifth). */
export const steuernummer: Validator = (value) => {
  const digits = value.replace(/[\s/.-]/g, '');
  if (!isDigits(digits, 10, 13) || isRepeated(digits)) return invalid('a Steuernummer has 10 to 13 digits');
  if (digits.length === 12) return invalid('a Steuernummer never has 12 digits');
  if (digits.length === 13) {
    // ELSTER's state codes; 01–16 are the states' own keys, which Presidio and some forms put there.
    const states = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '12', '13', '14', '15', '16', '10', '11', '21', '22', '23', '24', '26', '27', '28', '30', '31', '32', '40', '41', '5', '9'];
    if (!states.some((state) => digits.startsWith(state))) return invalid('no such state code');
    if (digits < '17' && digits[4] !== '0' && !/^1[01]/.test(digits)) return unknown('a state key before a number of the state');
    if (digits[4] !== '0') return invalid('the fifth digit is 0 in the federal scheme');
    return valid(0.03, 'state code and fifth digit fit');
  }
  return unknown('the state schemes have no common check');
};

/** Practice number (BSNR): KBV: 9 digits, region of the association first, which is never 00. */
export const bsnr: Validator = digitValidator({ length: 9, check: (digits) => !digits.startsWith('00'), chance: 0.99, note: 'a region of a medical association' });

/** Postcode: Deutsche Post: 01001 to 99998. */
export const plz: Validator = digitValidator({ length: 5, check: (digits) => digits >= '01001' && digits <= '99998', chance: 0.99, note: 'in the range of postcodes', refuseRepeated: false });
