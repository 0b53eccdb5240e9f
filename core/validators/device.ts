/** Identifiers of things that belong to a person: phones, vehicles, SIM cards. */
import { luhn } from './checksum.ts';
import { compact, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** IMEI: 3GPP TS 23.003: 14 digits and Luhn check; type allocation codes start with 01, 3x, 45, 49, 5x, 86, 91, 98, 99. 16 digits: IMEISV without check. */
export const imei: Validator = (value) => {
  const digits = compact(value);
  if (isDigits(digits, 16)) return /^(?:35|86|01)/.test(digits) ? valid(0.03, 'reporting body fits; an IMEISV has no check digit') : invalid('no such reporting body');
  if (isDigits(digits, 14) && /^(?:01|3[0-9]|4[4-59]|5[0-4]|86|9[189])/.test(digits) && !isRepeated(digits)) return unknown('without its check digit');
  if (!isDigits(digits, 15) || isRepeated(digits)) return invalid('an IMEI has 15 digits');
  if (!/^(?:01|3[0-9]|4[4-59]|5[0-4]|86|9[189])/.test(digits)) return invalid('no such reporting body');
  return luhn(digits) ? valid(0.02, 'reporting body and Luhn check digit fit') : invalid('Luhn check digit is wrong');
};

/** IMSI: ITU-T E.212: country 2xx–7xx, network, subscriber: 14 or 15 digits, no check digit. */
export const imsi: Validator = digitValidator({ length: [14, 15], check: (digits) => COUNTRY_CODES.test(digits), chance: 0.24, note: 'an assigned mobile country code' });
/** Mobile country codes that ITU has assigned (annex to Operational Bulletin 1162). */
const COUNTRY_CODES =
  /^(?:2(?:0[2468]|1[2-4689]|2[0-2568]|3[0124-58]|4[0246-8]|5[0579]|6[0268]|7[02468]|8[02-468-9]|9[0-57])|3(?:0[28]|1[0-6]|3[048]|4[02468]|5[02468]|6[02-68]|7[0246])|4(?:0[0-24-6]|1[0-9]|2[0-24-9]|3[0-24678]|4[01]|5[0245-7]|6[0167]|7[02])|5(?:0[25]|1[045]|2[058]|3[06-9]|4[0-9]|5[0-5])|6(?:0[2-9]|1[0-9]|2[0-9]|3[0-9]|4[0-36-9]|5[0-579])|7(?:0[2468]|1[0246]|2[24]|3[02468]|4[02468]|50))/;

/** SIM card (ICCID): ITU-T E.118: 89, 18 or 19 more digits, Luhn. */
export const iccid: Validator = digitValidator({ length: [19, 20], check: (digits) => digits.startsWith('89') && luhn(digits), chance: 0.1, note: '89 and Luhn check digit fit' });

/**
 * Vehicle identification number: ISO 3779: 17 characters without I O Q. The check digit (49 CFR 565) is compulsory only in
 * North America (first 1–5) and China (L), so elsewhere a mismatch doesn't decide.
 */
export const vin: Validator = (value) => {
  const text = value.trim().toUpperCase();
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text) || !/\d{4}$/.test(text) || !/[A-Z]/.test(text.slice(0, 3))) return invalid('not the form of a VIN');
  if (isRepeated(text) || !/[A-Z].*\d|\d.*[A-Z]/.test(text)) return invalid('not the form of a VIN');
  const values: Readonly<Record<string, number>> = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 };
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  let sum = 0;
  for (let index = 0; index < 17; index++) {
    const char = text[index] ?? '';
    sum += (values[char] ?? Number(char)) * (weights[index] ?? 0);
  }
  const right = (sum % 11 === 10 ? 'X' : String(sum % 11)) === text[8];
  if (right) return valid(0.05, 'check digit is right');
  return /^[1-5L]/.test(text) ? invalid('check digit is wrong') : valid(0.5, 'the form of a VIN; no check digit is compulsory there');
};

/** Android advertising, Apple IDFA and the like are UUIDs. */
export const advertisingId: Validator = textValidator({ form: /^[0-9A-F]{32}$/, check: (text) => !/^0+$/.test(text), chance: 1, note: 'a UUID' });
