/** Identifiers of Italy. */
import { alnumValue, luhn } from './checksum.ts';
import { isDateOfSomeCentury } from './date.ts';
import { digitValidator, textValidator } from './shape.ts';
import type { Validator } from './validator.ts';

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const MONTHS = 'ABCDEHLMPRST';
/** Letters that stand for digits when two people would share a code (omocodia): L=0 … V=9. */
const OMOCODE = 'LMNPQRSTUV';

/** Codice fiscale of a person: DM 345/1976: surname, name, birth date (day +40 for women), place, control letter. */
export const codiceFiscale: Validator = (value) => (/^\s*\d{11}\s*$/.test(value) ? partitaIva(value) : PERSON(value));
const PERSON = textValidator({
  form: /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/,
  check: (text) => {
    const plain = (part: string): number => Number(part.replace(/[A-Z]/g, (letter) => String(OMOCODE.indexOf(letter))));
    const day = plain(text.slice(9, 11));
    if (!isDateOfSomeCentury(plain(text.slice(6, 8)), MONTHS.indexOf(text[8] ?? '') + 1, day > 40 ? day - 40 : day)) return false;
    let sum = 0;
    for (let index = 0; index < 15; index++) {
      const value = alnumValue(text, index);
      const ordinal = value > 9 ? value - 10 : value;
      sum += index % 2 === 0 ? (ODD[ordinal] ?? 0) : ordinal;
    }
    return sum % 26 === text.charCodeAt(15) - 65;
  },
  chance: 0.002,
  note: 'birth date and control letter fit',
});

/** Partita IVA: 11 digits, Luhn, office 001–100, 120, 121, 888, 999; never all zeros. */
export const partitaIva: Validator = (value) => IVA(value.replace(/^\s*IT/i, ''));
const IVA = digitValidator({
  length: 11,
  check: (digits) => {
    const office = Number(digits.slice(7, 10));
    return luhn(digits) && !digits.startsWith('0000000') && ((office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office));
  },
  chance: 0.0104,
  note: 'office code and Luhn check digit fit',
});
