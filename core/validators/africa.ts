/** Identifiers of African countries whose schemes are too small for a file of their own. */
import { validate as dzNifValidate } from 'stdnum/lib/cjs/dz/nif.js';
import { validate as egTnValidate } from 'stdnum/lib/cjs/eg/tn.js';
import { validate as ghTinValidate } from 'stdnum/lib/cjs/gh/tin.js';
import { validate as gnNifpValidate } from 'stdnum/lib/cjs/gn/nifp.js';
import { validate as kePinValidate } from 'stdnum/lib/cjs/ke/pin.js';
import { validate as maIceValidate } from 'stdnum/lib/cjs/ma/ice.js';
import { validate as mzBiValidate } from 'stdnum/lib/cjs/mz/bi.js';
import { validate as mzNuitValidate } from 'stdnum/lib/cjs/mz/nuit.js';
import { validate as tnMfValidate } from 'stdnum/lib/cjs/tn/mf.js';
import { alnumValue, luhn } from './checksum.ts';
import { isDate, isDateOfSomeCentury } from './date.ts';
import { compact, digitAt } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** South African identity number: Department of Home Affairs: YYMMDD, sequence, citizenship 0–2, 8 or 9, Luhn. */
export const zaId: Validator = digitValidator({
  length: 13,
  check: (digits) => isDateOfSomeCentury(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))) && '012'.includes(digits[10] ?? '') && luhn(digits),
  chance: 0.0011,
  note: 'birth date, citizenship and Luhn check digit fit',
});

/** South African income tax number: SARS: 10 digits from 0, 1, 2, 3 or 9, Luhn. */
export const zaTin: Validator = (value) => ZA_TIN(value.replace(/\//g, ''));
const ZA_TIN = digitValidator({ length: 10, check: (digits) => /^[01239]/.test(digits) && luhn(digits), chance: 0.04, note: 'first digit and Luhn check digit fit' });

/** South African VAT number: 10 digits from 4. */
export const zaVat: Validator = digitValidator({ length: 10, check: (digits) => digits.startsWith('4'), chance: 0.1, note: 'ten digits from 4' });

/** Nigerian national identity and bank verification numbers: 11 random digits; BVN starts with 22. */
export const ngNin: Validator = digitValidator({ length: 11, check: (digits) => !digits.startsWith('0'), chance: 0.9, note: 'eleven digits' });
export const ngBvn: Validator = digitValidator({ length: 11, check: (digits) => digits.startsWith('22'), chance: 0.01, note: 'eleven digits from 22' });

/** Egyptian national id: century (2 or 3), YYMMDD, governorate, serial, check: weights 2 7 6 5 4 3 2 7 6 5 4 3 2, mod 11. */
export const egNationalId: Validator = digitValidator({
  length: 14,
  check: (digits) => {
    const century = digits.startsWith('2') ? 1900 : digits.startsWith('3') ? 2000 : 0;
    const governorate = Number(digits.slice(7, 9));
    const region = (governorate >= 1 && governorate <= 4) || (governorate >= 11 && governorate <= 19) || (governorate >= 21 && governorate <= 29) || (governorate >= 31 && governorate <= 35) || governorate === 88;
    // The Ministry doesn't publish the check digit; what circulates fails real cards, so it isn't judged.
    return century > 0 && region && isDate(century + Number(digits.slice(1, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5, 7)));
  },
  chance: 0.0022,
  note: 'century, birth date and governorate fit',
});

export const egTn: Validator = fromStdnum(egTnValidate, { chance: 1, note: 'nine digits' });
export const kePin: Validator = fromStdnum(kePinValidate, { chance: 0.05, note: 'A or P, nine digits and a letter' });
export const ghTin: Validator = fromStdnum(ghTinValidate, { chance: 0.0005, note: 'prefix and mod 11 check character fit' });
/** Ghana Card: GHA-000000000-0. The check digit isn't published. */
export const ghCard: Validator = textValidator({ form: /^GHA\d{10}$/, check: () => true, chance: 0.0001, note: 'GHA and ten digits' });
export const maIce: Validator = fromStdnum(maIceValidate, { chance: 1 / 97, note: 'mod 97 check digits are right' });
/** Moroccan identity card (CNIE): one or two letters and 5 or 6 digits. */
export const maCnie: Validator = textValidator({ form: /^[A-Z]{1,2}\d{5,6}$/, check: () => true, chance: 1, note: 'the form of a CNIE' });
export const tnMf: Validator = fromStdnum(tnMfValidate, { chance: 0.3, note: 'key, VAT and category letters are allowed' });
/** Tunisian identity card: 8 digits, the first 0 or 1. */
export const tnCin: Validator = digitValidator({ length: 8, check: (digits) => /^[01]/.test(digits), chance: 0.2, note: 'eight digits from 0 or 1' });
export const dzNif: Validator = fromStdnum(dzNifValidate, { chance: 1, note: '15 or 20 digits' });
export const mzNuit: Validator = fromStdnum(mzNuitValidate, { chance: 0.1, note: 'mod 11 check digit is right' });
export const mzBi: Validator = fromStdnum(mzBiValidate, { chance: 0.04, note: 'twelve digits and a check letter' });
export const gnNifp: Validator = fromStdnum(gnNifpValidate, { chance: 0.1, note: 'Luhn check digit is right' });

/** Angolan identity card: 9 digits, province (2 letters), 3 digits. */
export const aoBi: Validator = textValidator({
  form: /^\d{9}(?:BO|BE|BA|CA|CC|CN|CS|CE|HO|HA|LA|LN|LS|ME|MO|NE|UE|ZE|KK|KN|KS)\d{3}$/,
  check: (text) => !/^0{9}/.test(text),
  chance: 0.03,
  note: 'the province exists',
});

/** Mauritian national id: surname initial, DDMMYY, 6 characters, check over base 36, weights 14..2, mod 17. */
export const muNid: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z]\d{12}[0-9A-G]$/.test(text)) return invalid('not the form of a national id');
  if (!isDateOfSomeCentury(Number(text.slice(5, 7)), Number(text.slice(3, 5)), Number(text.slice(1, 3)))) return invalid('no such birth date');
  let sum = 0;
  for (let index = 0; index < 13; index++) sum += alnumValue(text, index) * (14 - index);
  return (17 - (sum % 17)) % 17 === alnumValue(text, 13) ? valid(0.002, 'birth date and check character fit') : invalid('check character is wrong');
};

/** Senegalese NINEA: 7 or 9 digits, weights 1 2 alternating, mod 10, optional COFI (status, tax centre, legal form). */
export const snNinea: Validator = (value) => {
  const text = value.replace(/[\s\-/,.]/g, '').toUpperCase();
  const match = /^(\d{7}|\d{9})(?:[012][A-HJ-NP-WZ]\d)?$/.exec(text);
  if (!match) return invalid('not the form of a NINEA');
  const digits = (match[1] ?? '').padStart(9, '0');
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += digitAt(digits, index) * (index % 2 === 0 ? 1 : 2);
  return sum % 10 === 0 ? valid(text.length > 9 ? 0.001 : 0.1, 'check digit is right') : invalid('check digit is wrong');
};

/** Ethiopian, Ugandan and Kenyan ids without a public check digit keep to their form. */
export const ugNin: Validator = textValidator({ form: /^C[MF]\d{5}[0-9A-Z]{7}$/, check: () => true, chance: 0.001, note: 'C, sex, year and serial' });
/** Rwandan national id: status 1–3, birth year, sex 7 or 8, serial, issue, check. */
export const rwNid: Validator = digitValidator({ length: 16, check: (digits) => /^[1-3](?:19|20)\d{2}[78]/.test(digits), chance: 0.0012, note: 'status, birth year and sex fit' });

/** Tanzanian national id: NIDA: birth date, 5 digits of place, 5 of order, 2 more. */
export const tzNida: Validator = digitValidator({ length: 20, check: (digits) => /^(?:19|20)/.test(digits) && isDate(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8))), chance: 0.0007, note: 'birth date fits' });
/** Zimbabwean national registration: district (2 digits), 6 or 7 digits, check letter, district of origin. */
export const zwId: Validator = textValidator({ form: /^(?:0[1-9]|[1-8]\d)\d{6,7}[A-HJ-NP-TV-Z](?:0\d|[1-8]\d)$/, check: () => true, chance: 0.5, note: 'districts and letter are of the form' });
/** Zambian national registration card: 6 digits, district (2), 1 for citizens. */
export const zmNrc: Validator = (value) => (/^\d{6}\/(?:[1-9]\d)\/[123]$/.test(value.trim()) ? valid(0.2, 'district and kind of holder fit') : invalid('not the form of an NRC'));
