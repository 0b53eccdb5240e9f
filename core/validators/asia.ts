/** Identifiers of Asian countries whose schemes are too small for a file of their own. */
import { validate as jpCnValidate } from 'stdnum/lib/cjs/jp/cn.js';
import { validate as myNricValidate } from 'stdnum/lib/cjs/my/nric.js';
import { validate as pkCnicValidate } from 'stdnum/lib/cjs/pk/cnic.js';
import { validate as sgUenValidate } from 'stdnum/lib/cjs/sg/uen.js';
import { validate as trVknValidate } from 'stdnum/lib/cjs/tr/vkn.js';
import { validate as twNatidValidate } from 'stdnum/lib/cjs/tw/natid.js';
import { validate as vnMstValidate } from 'stdnum/lib/cjs/vn/mst.js';
import { luhn, weighted } from './checksum.ts';
import { isBirthDate, isDateOfSomeCentury } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** Chinese resident id: GB 11643-1999: region, YYYYMMDD, sequence, ISO 7064 mod 11-2; or the 15 digits before 1999. */
export const cnRic: Validator = (value) => {
  const text = compact(value);
  if (!/^\d{17}[0-9X]$/.test(text)) return invalid('not the form of a resident id');
  if (!CN_PROVINCES.has(text.slice(0, 2))) return invalid('no such province');
  if (!isBirthDate(Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))) || !/^.{6}(?:18|19|20)/.test(text)) return invalid('no such birth date');
  const sum = weighted(text, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'[sum % 11] === text[17] ? valid(0.00002, 'region, birth date and check character fit') : invalid('check character is wrong (mod 11-2)');
};
/** GB/T 2260. */
const CN_PROVINCES: ReadonlySet<string> = new Set('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '));

/** Unified social credit code: GB 32100-2015: base 31 without I O S V Z, weights 3^i mod 31. */
export const cnUscc: Validator = textValidator({
  form: /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/,
  check: (text) => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum = 0;
    for (let index = 0; index < 17; index++) sum += alphabet.indexOf(text[index] ?? '') * (weights[index] ?? 0);
    return alphabet[(31 - (sum % 31)) % 31] === text[17];
  },
  chance: 1 / 31,
  note: 'check character is right (GB 32100)',
});

/** Hong Kong identity card: 1 or 2 letters, 6 digits, check mod 11 (A for 10); a space counts 36. */
export const hkId: Validator = (value) => {
  const text = value.replace(/[()\s]/g, '').toUpperCase();
  if (!/^[A-Z]{1,2}\d{6}[0-9A]$/.test(text)) return invalid('not the form of an identity card');
  const padded = text.padStart(9, ' ');
  let sum = 0;
  for (let index = 0; index < 9; index++) {
    const char = padded[index] ?? '';
    const worth = char === ' ' ? 36 : /[A-Z]/.test(char) ? (index === 8 ? 10 : char.charCodeAt(0) - 55) : Number(char);
    sum += worth * (9 - index);
  }
  return sum % 11 === 0 ? valid(1 / 11, 'mod 11 check character is right') : invalid('check character is wrong');
};

/** Macau identity card: 1, 5 or 7, 6 digits, check digit in brackets; the algorithm isn't published. */
export const moId: Validator = (value) => (/^[157]\d{6}\(\d\)$|^[157]\d{7}$|^[157]\/\d{6}\/\d$/.test(value.trim()) ? unknown('the check digit is not published') : invalid('not the form of an identity card'));

export const twId: Validator = fromStdnum(twNatidValidate, { chance: 0.1, note: 'place, sex and check digit fit' });
/** Taiwanese business number: MOF: weights 1 2 1 2 1 2 4 1, digit sums, divisible by 5 (or one more with a seventh digit 7). */
export const twUbn: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 8) || isRepeated(digits)) return invalid('a business number has 8 digits');
  let sum = 0;
  for (let index = 0; index < 8; index++) {
    const product = digitAt(digits, index) * ([1, 2, 1, 2, 1, 2, 4, 1][index] ?? 0);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 5 === 0 || (digits[6] === '7' && (sum + 1) % 5 === 0) ? valid(0.21, 'check is right') : invalid('check is wrong');
};

/** Korean resident registration number: YYMMDD, century and sex, check: weights 2..9 2..5, mod 11; random since October 2020. */
export const krRrn: Validator = (value) => krRegistration(value, '12349 0', true);
/** Korean foreigner number: as the RRN, with 5–8 and the check 2 higher. */
export const krFrn: Validator = (value) => krRegistration(value, '5678', false);

function krRegistration(value: string, kinds: string, citizen: boolean): ReturnType<Validator> {
  const digits = compact(value);
  if (!isDigits(digits, 13)) return invalid('a registration number has 13 digits');
  const kind = digits[6] ?? '';
  if (!kinds.includes(kind)) return invalid('no such century and sex');
  const century = '90'.includes(kind) ? 1800 : '1256'.includes(kind) ? 1900 : 2000;
  const [year, month, day] = [century + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  if (!isBirthDate(year, month, day)) return invalid('no such birth date');
  if (year < 1870) return invalid('nobody of that age was alive when registration began in 1962');
  const place = Number(digits.slice(7, 9));
  const base = 11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11);
  const check = (citizen ? base : base + 2) % 10;
  if (check === digitAt(digits, 12) && (!citizen || place <= 96)) return valid(0.0015, 'birth date and check digit fit');
  // Since October 2020 the last six digits are random, for births of any year that are registered or changed after it.
  if (place > 96 && citizen) return invalid('no such place of registration');
  if (year < 1900) return invalid('check digit is wrong');
  return unknown('the check digit is not kept since October 2020');
}

/** Korean business number: NTS: weights 1 3 7 1 3 7 1 3 5, plus the tens of the last product, mod 10. */
export const krBrn: Validator = digitValidator({
  length: 10,
  check: (digits) => {
    if (digits.slice(0, 3) < '101' || digits.slice(3, 5) === '00' || digits.slice(5, 9) === '0000') return false;
    const sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digitAt(digits, 8) * 5) / 10);
    return (10 - (sum % 10)) % 10 === digitAt(digits, 9);
  },
  chance: 0.09,
  note: 'office and check digit fit',
});
/** Korean driving licence: region 11–26 or 28, year, serial, check, issue. */
export const krDriver: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 12)) return invalid('a driving licence has 12 digits');
  const region = Number(digits.slice(0, 2));
  return (region >= 11 && region <= 26) || region === 28 ? valid(0.17, 'the region exists') : invalid('no such region');
};

/** Japanese individual number (My Number): 総務省令 85/2014: 12 digits, weights 6 5 4 3 2 7 6 5 4 3 2, mod 11. */
export const jpMyNumber: Validator = digitValidator({
  length: 12,
  check: (digits) => {
    const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    return (rest <= 1 ? 0 : 11 - rest) === digitAt(digits, 11);
  },
  chance: 0.1,
  note: 'mod 11 check digit is right',
});
export const jpCorporate: Validator = fromStdnum(jpCnValidate, { chance: 0.1, note: 'mod 9 check digit is right' });

/** Singapore NRIC and FIN: letter S T F G M, 7 digits, check letter mod 11. */
export const sgNric: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z]\d{7}[A-Z]$/.test(text)) return invalid('not the form of an NRIC');
  const series = text[0] ?? '';
  const letters = 'ST'.includes(series) ? 'JZIHGFEDCBA' : 'FG'.includes(series) ? 'XWUTRQPNMLK' : series === 'M' ? 'XWUTRQPNJLK' : '';
  if (letters === '') return unknown('a series that ICA has not used');
  const offset = 'TG'.includes(series) ? 4 : series === 'M' ? 3 : 0;
  const sum = weighted(text.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset;
  return letters[sum % 11] === text[8] ? valid(0.04, 'check letter is right') : invalid('check letter is wrong');
};
export const sgUen: Validator = fromStdnum(sgUenValidate, { chance: 0.04, note: 'form and check letter fit' });

export const myNric: Validator = fromStdnum(myNricValidate, { chance: 0.02, note: 'birth date and place fit' });

/** Thai citizen number: 13 digits, first 1–8, an existing province (ISO 3166-2:TH), weights 13..2, (11 − mod 11) mod 10. */
export const thTnin: Validator = digitValidator({
  length: 13,
  check: (digits) => /^[1-8](?:1\d|2[0-7]|[34]\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/.test(digits) && thCheck(digits),
  chance: 0.08,
  note: 'type and mod 11 check digit fit',
});
/** Thai tax number: the citizen number, or 0 for companies. */
export const thTin: Validator = digitValidator({ length: 13, check: (digits) => !digits.startsWith('9') && thCheck(digits), chance: 0.09, note: 'mod 11 check digit is right' });
function thCheck(digits: string): boolean {
  return (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 12);
}

/** Indonesian NIK: province, regency, district, DDMMYY (day +40 for women), serial from 0001. */
export const idNik: Validator = digitValidator({
  length: 16,
  check: (digits) => {
    const province = Number(digits.slice(0, 2));
    const day = Number(digits.slice(6, 8));
    return province >= 11 && province <= 97 && digits.slice(2, 4) !== '00' && digits.slice(4, 6) !== '00' && digits.slice(12) !== '0000' &&
      isDateOfSomeCentury(Number(digits.slice(10, 12)), Number(digits.slice(8, 10)), day > 40 ? day - 40 : day) && ID_PROVINCES.has(digits.slice(0, 2));
  },
  chance: 0.025,
  note: 'province and birth date fit',
});
/** Kemendagri codes of provinces. */
const ID_PROVINCES: ReadonlySet<string> = new Set('11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97'.split(' '));
/** Indonesian NPWP: 15 digits (Luhn over the first nine), 16 since 2024 (a NIK, or 0 before the old). */
export const idNpwp: Validator = (value) => {
  const digits = compact(value);
  if (isDigits(digits, 15)) return luhn(digits.slice(0, 9)) && !isRepeated(digits) ? valid(0.1, 'Luhn check digit is right') : invalid('check digit is wrong');
  if (!isDigits(digits, 16)) return invalid('an NPWP has 15 or 16 digits');
  if (digits.startsWith('0')) return luhn(digits.slice(1, 10)) && !isRepeated(digits) ? valid(0.01, 'Luhn check digit is right') : invalid('check digit is wrong');
  return idNik(digits);
};

/** Vietnamese citizen id: province 001–096, century and sex, YY, 6 digits. */
export const vnCccd: Validator = digitValidator({
  length: 12,
  check: (digits) => Number(digits.slice(0, 3)) >= 1 && Number(digits.slice(0, 3)) <= 96 && /^.{3}[0-3]/.test(digits),
  chance: 0.038,
  note: 'province, century and sex fit',
});
export const vnMst: Validator = fromStdnum(vnMstValidate, { chance: 0.1, note: 'mod 11 check digit is right' });

export const pkCnic: Validator = fromStdnum(pkCnicValidate, { chance: 0.5, note: 'the province exists' });
/** Sri Lankan NIC: 9 digits and V or X, or 12 digits: birth year, day of the year (+500 for women). */
export const lkNic: Validator = (value) => {
  const text = compact(value);
  const old = /^(\d{2})(\d{3})\d{4}[VX]$/.exec(text);
  const recent = /^((?:19|20)\d{2})(\d{3})\d{5}$/.exec(text);
  const day = Number((old ?? recent)?.[2] ?? 'x') % 500;
  if (!(day >= 1 && day <= 366)) return invalid('not the form of a NIC, or no such day');
  if (old) {
    const check = weighted(text, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    const digit = check === 0 ? 0 : 11 - check;
    return digit % 10 === digitAt(text, 8) ? valid(0.07, 'day of birth and check digit fit') : unknown('day of birth fits; the check digit does not');
  }
  return valid(0.07, 'year and day of birth fit');
};
/** Bangladeshi NID: 10 digits, 13, or 17 with the birth year before. No public check digit. */
export const bdNid: Validator = (value) => {
  const digits = compact(value);
  if (isRepeated(digits) || !(isDigits(digits, 10) || isDigits(digits, 13) || isDigits(digits, 17))) return invalid('an NID has 10, 13 or 17 digits');
  return digits.length === 17 ? (/^(?:19|20)/.test(digits) ? valid(0.02, 'birth year fits') : invalid('no such birth year')) : unknown('no public check digit');
};
/** Nepali citizenship, Myanmar NRC and the like have forms only. */
export const mmNrc: Validator = (value) => (/^(?:1[0-4]|[1-9])\/[A-Z]{3,9}\((?:N|E|P|T|R|S|C)\)\d{6}$/i.test(value.replace(/\s/g, '')) ? valid(0.001, 'state, township and serial') : invalid('not the form of an NRC'));

/** Philippine TIN: BIR: 9 digits, then a branch of 3 to 5. No public check digit. */
export const phTin: Validator = (value) => {
  const digits = compact(value);
  return isDigits(digits, 9) || isDigits(digits, 12, 14) ? (isRepeated(digits) ? invalid('never issued') : unknown('no public check digit')) : invalid('a TIN has 9 or 12 to 14 digits');
};
/** Philippine SSS number 00-0000000-0, UMID CRN 0000-0000000-0 and PhilSys 0000-0000-0000: forms only. */
export const phSss: Validator = digitValidator({ length: 10, check: (digits) => digits.slice(0, 2) <= '35' && digits.slice(0, 2) !== '00', chance: 0.35, note: 'office code fits' });

/** Turkish identity number: NVI: 11 digits, first not 0, two check digits. */
export const trTckn: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    if (digits.startsWith('0')) return false;
    const tenth = weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10;
    return (tenth + 10) % 10 === digitAt(digits, 9) && weighted(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === digitAt(digits, 10);
  },
  chance: 0.01,
  note: 'both check digits are right',
});
export const trVkn: Validator = fromStdnum(trVknValidate, { chance: 0.1, note: 'check digit is right' });

/** Israeli identity number: 9 digits (leading zeros often dropped), Luhn. */
export const ilId: Validator = (value) => {
  const written = compact(value);
  if (!isDigits(written, 8, 9) || isRepeated(written)) return invalid('an identity number has 8 or 9 digits');
  return luhn(written.padStart(9, '0')) ? valid(0.1, 'Luhn check digit is right') : invalid('Luhn check digit is wrong');
};
/** Israeli company number: 9 digits from 5, Luhn. */
export const ilHp: Validator = digitValidator({ length: 9, check: (digits) => digits.startsWith('5') && luhn(digits), chance: 0.01, note: 'first digit 5 and Luhn check digit fit' });

/** Iranian national code: 10 digits, weights 10..2, mod 11. */
export const irNational: Validator = digitValidator({
  length: 10,
  check: (digits) => {
    const rest = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return digitAt(digits, 9) === (rest < 2 ? rest : 11 - rest) && digits.slice(0, 3) !== '000';
  },
  chance: 0.09,
  note: 'mod 11 check digit is right',
});
/** Saudi national id (1) and iqama (2): 10 digits, Luhn. */
export const saId: Validator = digitValidator({ length: 10, check: (digits) => /^[12]/.test(digits) && luhn(digits), chance: 0.02, note: 'first digit and Luhn check digit fit' });
/** Emirates id: 784, birth year, 7 digits, Luhn. */
export const aeId: Validator = digitValidator({ length: 15, check: (digits) => /^784(?:19|20)\d{2}/.test(digits) && luhn(digits), chance: 0.000002, note: '784, birth year and Luhn check digit fit' });
/** Kuwaiti civil id: century 2 or 3, YYMMDD, serial, check: weights 2 1 6 3 7 9 10 5 8 4 2, 11 − mod 11. */
export const kwCivil: Validator = digitValidator({
  length: 12,
  check: (digits) => {
    const century = digits.startsWith('2') ? 1900 : digits.startsWith('3') ? 2000 : 0;
    return century > 0 && isBirthDate(century + Number(digits.slice(1, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5, 7))) &&
      11 - (weighted(digits, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === digitAt(digits, 11);
  },
  chance: 0.0006,
  note: 'birth date and mod 11 check digit fit',
});
/** Qatari id: century 2 or 3, YY, nationality (ISO 3166 numeric), 5 digits. */
export const qaId: Validator = digitValidator({ length: 11, check: (digits) => /^[23]\d{2}(?:0\d{2}|[1-8]\d{2})/.test(digits), chance: 0.18, note: 'century and nationality fit' });
/** Bahraini CPR: YYMM, 4 digits, check: weights 9..2, mod 11. */
export const bhCpr: Validator = digitValidator({ length: 9, check: (digits) => /^\d{2}(?:0[1-9]|1[0-2])/.test(digits), chance: 0.12, note: 'birth month fits' });
/** Omani VAT number: OM11 + 8 characters, check over the last five, mod 11. */
export const omVat: Validator = textValidator({
  form: /^OM1[0-9]\d{7}[0-9X]$/,
  check: (text) => {
    const check = (1 + weighted(text.slice(6), [1, 6, 3, 7, 9])) % 11;
    return (check === 10 ? 'X' : String(check)) === text.at(-1);
  },
  chance: 0.001,
  note: 'OM and mod 11 check character fit',
});
/** Azerbaijani tax number (VÖEN): 10 digits, ninth = weights 4 1 8 6 2 7 5 3 mod 11, tenth 1 (company) or 2 (person). */
export const azVoen: Validator = (value) => {
  const written = compact(value);
  const digits = written.length === 9 ? `0${written}` : written;
  if (!isDigits(digits, 10)) return invalid('a VÖEN has 10 digits');
  return /[12]$/.test(digits) && weighted(digits, [4, 1, 8, 6, 2, 7, 5, 3]) % 11 === digitAt(digits, 8) ? valid(0.02, 'check digit and status fit') : invalid('check digit or status is wrong');
};
/** Azerbaijani FIN of the identity card: 7 characters without I and O. */
export const azFin: Validator = textValidator({ form: /^[0-9A-HJ-NP-Z]{7}$/, check: (text) => /\d/.test(text) && /[A-Z]/.test(text), chance: 0.5, note: 'seven characters' });
/** Uzbek PINFL: kind 1–6, DDMMYY, region, serial, check: weights 7 3 1, mod 10. */
export const uzPinfl: Validator = digitValidator({
  length: 14,
  check: (digits) => /^[1-6]/.test(digits) && isDateOfSomeCentury(Number(digits.slice(5, 7)), Number(digits.slice(3, 5)), Number(digits.slice(1, 3))) &&
    weighted(digits, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]) % 10 === digitAt(digits, 13),
  chance: 0.0022,
  note: 'birth date and check digit fit',
});

/** Kyrgyz personal number (ПИН): sex 1 or 2, DDMMYYYY, 5 digits. */
export const kgPin: Validator = digitValidator({ length: 14, check: (digits) => /^[12]/.test(digits) && isBirthDate(Number(digits.slice(5, 9)), Number(digits.slice(3, 5)), Number(digits.slice(1, 3))) && Number(digits.slice(5, 9)) >= 1900, chance: 0.0008, note: 'sex and birth date fit' });
/** Mongolian register number: two Cyrillic letters, YYMMDD (20 is added to the month of those born from 2000), serial, check. */
export const mnRegister: Validator = textValidator({
  form: /^[А-ЯӨҮЁ]{2}\d{8}$/,
  check: (text) => isDateOfSomeCentury(Number(text.slice(2, 4)), Number(text.slice(4, 6)) % 20, Number(text.slice(6, 8))) && Number(text.slice(4, 6)) <= 32,
  chance: 0.04,
  note: 'birth date fits',
});
