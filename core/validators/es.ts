/** Identifiers of Spain. */
import { luhn } from './checksum.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** DNI / NIF of a citizen: Ministerio del Interior: number mod 23 gives the letter. 00000000T, 99999999R… are placeholders. */
export const dni: Validator = (value) => {
  const text = compact(value);
  if (!/^\d{7,8}[A-Z]$/.test(text)) return invalid('not the form of a DNI');
  const digits = text.slice(0, -1);
  if (LETTERS[Number(digits) % 23] !== text.at(-1)) return invalid('control letter is wrong');
  if (['00000000T', '00000001R', '99999999R'].includes(text)) return reserved('placeholder');
  return valid(1 / 23, 'control letter is right');
};

/** NIE of a foreigner: X, Y, Z count as 0, 1, 2, then as the DNI. */
export const nie: Validator = textValidator({
  form: /^[XYZ]\d{7,8}[A-Z]$/,
  check: (text) => LETTERS[Number('XYZ'.indexOf(text[0] ?? '') + text.slice(1, -1)) % 23] === text.at(-1),
  chance: 1 / 23,
  note: 'control letter is right',
});

/** NIF with K, L, M (children, citizens abroad, foreigners without NIE): 7 digits mod 23. */
export const nifKlm: Validator = textValidator({
  form: /^[KLM]\d{7}[A-Z]$/,
  check: (text) => LETTERS[Number(text.slice(1, -1)) % 23] === text.at(-1),
  chance: 1 / 23,
  note: 'control letter is right',
});

/** CIF of a legal entity: Orden EHA/451/2008: letter, 7 digits, control by doubled odd positions; a letter for P Q R S N W. */
export const cif: Validator = (value) => {
  const text = compact(value);
  if (!/^[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]$/.test(text)) return invalid('not the form of a CIF');
  // As Luhn: find the digit that completes the seven.
  const digits = text.slice(1, 8);
  let control = 0;
  while (control < 10 && !luhn(digits + String(control))) control++;
  const letter = 'JABCDEFGHI'[control];
  const last = text[8];
  const kind = text[0] ?? '';
  if ('PQRSNW'.includes(kind)) return last === letter ? valid(0.1, 'control letter is right') : invalid('control letter is wrong');
  if ('ABEH'.includes(kind)) return last === String(control) ? valid(0.1, 'control digit is right') : invalid('control digit is wrong');
  return last === String(control) || last === letter ? valid(0.1, 'control character is right') : invalid('control character is wrong');
};

/** Any NIF: DNI, NIE, K/L/M or CIF; `ES` before it makes it a VAT number. */
export const nif: Validator = (value) => {
  const text = compact(value).replace(/^ES(?=[A-Z0-9]{9}$)/, '');
  if (/^\d/.test(text)) return dni(text);
  if (/^[XYZ]/.test(text)) return nie(text);
  if (/^[KLM]/.test(text)) return nifKlm(text);
  return cif(text);
};

/** Social security number: 12 digits: province, number, mod 97 of province + number (numbers below 10,000,000 are joined without zeros). */
export const nss: Validator = (value) => {
  const digits = value.replace(/[\s/.-]/g, '');
  if (!isDigits(digits, 12)) return invalid('a social security number has 12 digits');
  const province = Number(digits.slice(0, 2));
  if (!((province >= 1 && province <= 53) || province === 66)) return invalid('no such province');
  const number = Number(digits.slice(2, 10));
  const base = number < 10_000_000 ? province * 10_000_000 + number : Number(digits.slice(0, 10));
  return base % 97 === Number(digits.slice(10)) ? valid(0.006, 'province and mod 97 check digits fit') : invalid('mod 97 check digits are wrong');
};

/** Bank account (CCC): 20 digits with two control digits, weights 1 2 4 8 5 10 9 7 3 6. */
export const ccc: Validator = digitValidator({
  length: 20,
  check: (digits) => {
    const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    const control = (part: string): number => {
      let sum = 0;
      for (let index = 0; index < 10; index++) sum += digitAt(part, index) * (weights[index] ?? 0);
      const rest = 11 - (sum % 11);
      return rest === 11 ? 0 : rest === 10 ? 1 : rest;
    };
    return control(`00${digits.slice(0, 8)}`) === digitAt(digits, 8) && control(digits.slice(10)) === digitAt(digits, 9);
  },
  chance: 0.01,
  note: 'both control digits are right',
});

const CUPS_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** Supply point of a household's electricity or gas (CUPS): RD 1435/2002: ES, 16 digits, two letters of mod 529, perhaps a measuring point. */
export const cups: Validator = textValidator({
  form: /^ES\d{16}[A-Z]{2}(?:\d[FPCRXYZ])?$/,
  check: (text) => {
    const rest = Number(BigInt(text.slice(2, 18)) % 529n);
    return text.slice(18, 20) === `${CUPS_LETTERS[Math.floor(rest / 23)]}${CUPS_LETTERS[rest % 23]}`;
  },
  chance: 1 / 529,
  note: 'both check letters are right',
});

const CADASTRE_ALPHABET = 'ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
/** Cadastral reference of a property: Dirección General del Catastro: 20 characters, the last two check letters over the parcel and the unit. */
export const referenciaCatastral: Validator = (value) => {
  const text = compact(value);
  if (!/^[0-9A-ZÑ]{14}\d{4}[A-Z]{2}$/.test(text)) return invalid('not the form of a cadastral reference');
  const letter = (part: string): string => {
    let sum = 0;
    for (const [index, char] of [...part].entries()) sum += (/\d/.test(char) ? Number(char) : CADASTRE_ALPHABET.indexOf(char) + 1) * ([13, 15, 12, 5, 4, 17, 9, 21, 3, 7, 1][index] ?? 0);
    return 'MQWERTYUIOPASDFGHJKLBZX'[sum % 23] ?? '';
  };
  const unit = text.slice(14, 18);
  return text.slice(18) === letter(text.slice(0, 7) + unit) + letter(text.slice(7, 14) + unit) ? valid(1 / 529, 'both check letters are right') : invalid('a check letter is wrong');
};
