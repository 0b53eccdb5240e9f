/** Identifiers of the United Kingdom. */
import { weighted } from './checksum.ts';
import { isDate } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** National insurance number: HMRC NIM39110: two letters, six digits, suffix A–D; some letters and prefixes are never used. */
export const nino: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z]{2}\d{6}[A-D]$/.test(text)) return invalid('not the form of a NINO');
  const prefix = text.slice(0, 2);
  if (prefix === 'QQ') return reserved('QQ is the prefix of published examples');
  if (!/^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/.test(text) || ['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'].includes(prefix)) {
    return invalid('the prefix is never allocated');
  }
  return valid(0.03, 'an allocated prefix');
};

/** NHS number: NHS Data Dictionary: mod 11 over weights 10..2; a check of 10 is never issued. 999 is for tests. */
export const nhs: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 10)) return invalid('an NHS number has 10 digits');
  if (isRepeated(digits)) return invalid('one digit repeated is never issued');
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  if (check !== digitAt(digits, 9)) return invalid('mod 11 check digit is wrong');
  if (digits.startsWith('999')) return reserved('999 numbers are synthetic (NHS Digital)');
  return valid(0.091, 'mod 11 check digit is right');
};

/** Unique taxpayer reference: HMRC: 10 digits, the first is the check: weights 6 7 8 9 10 5 4 3 2, mod 11. */
export const utr: Validator = (value) => {
  const digits = compact(value).replace(/K$/, '');
  if (!isDigits(digits, 10) || isRepeated(digits)) return invalid('a UTR has 10 digits');
  const rest = weighted(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
  return '21987654321'[rest] === digits[0] ? valid(0.1, 'mod 11 check digit is right') : invalid('mod 11 check digit is wrong');
};

/** Driver number: DVLA INF45/1: surname, decade, month (+5 for women), day, year, initials, 9-padded, check part. */
export const drivingLicence: Validator = textValidator({
  form: /^[A-Z][A-Z9]{4}\d{6}[A-Z9]{2}[A-Z0-9][A-Z]{2}$/,
  check: (text) => {
    if (!/^[A-Z]+9*$/.test(text.slice(0, 5)) || /^9[A-Z]/.test(text.slice(11, 13))) return false;
    const month = Number(text.slice(6, 8));
    const realMonth = month > 50 ? month - 50 : month;
    const day = Number(text.slice(8, 10));
    const year = digitAt(text, 5) * 10 + digitAt(text, 10);
    return isDate(1900 + year, realMonth, day) || isDate(2000 + year, realMonth, day);
  },
  chance: 0.01,
  note: 'surname, birth date and initials are where DVLA puts them',
});

/** Postcode: Royal Mail PAF / BS 7666: area letters and the inward code's letters exclude CIKMOV. */
export const postcode: Validator = textValidator({
  form: /^(?:GIR0AA|(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]))\d[ABD-HJLNP-UW-Z]{2})$/,
  check: (text) => text === 'GIR0AA' || POSTCODE_AREAS.has(/^[A-Z]+/.exec(text)?.[0] ?? ''),
  chance: 0.1,
  note: 'a postcode area of the Royal Mail',
});
const POSTCODE_AREAS: ReadonlySet<string> = new Set(
  ('AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY ' +
    'HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR ' +
    'RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE').split(' '),
);

/** VAT number: HMRC VATREG: 9 digits mod 97 (or 97–55 after 2009), 12 with a branch; GD/HA for departments. */
export const vat: Validator = (value) => {
  const text = compact(value).replace(/^(?:GB|XI)/, '');
  if (/^GD[0-4]\d\d$|^HA[5-9]\d\d$/.test(text)) return valid(0.5, 'government department or health authority');
  const body = /^(?:GD8888([0-4]\d\d)|HA8888([5-9]\d\d))(\d\d)$/.exec(text);
  if (body) return Number(body[1] ?? body[2]) % 97 === Number(body[3]) ? valid(0.01, 'mod 97 check digits are right') : invalid('mod 97 check digits are wrong');
  if (!isDigits(text, 9) && !isDigits(text, 12)) return invalid('a UK VAT number has 9 or 12 digits');
  if (isRepeated(text.slice(0, 9))) return invalid('one digit repeated is never issued');
  const rest = weighted(text, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
  return rest === 0 || rest === 42 ? valid(2 / 97, 'mod 97 check digits are right') : invalid('mod 97 check digits are wrong');
};

/** Scottish community health index: NHS Scotland: DDMMYY + 4, mod 11 as the NHS number. */
export const chi: Validator = digitValidator({
  length: 10,
  check: (digits) => {
    const year = Number(digits.slice(4, 6));
    const [day, month] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4))];
    return (isDate(1900 + year, month, day) || isDate(2000 + year, month, day)) && (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 9);
  },
  chance: 0.0034,
  note: 'birth date and mod 11 check digit fit',
});

/** Company number: Companies House: 8 digits, or a two-letter prefix and 6 digits. */
export const companyNumber: Validator = textValidator({
  form: /^(?:\d{8}|(?:SC|NI|OC|SO|NC|R0|AC|FC|GE|GN|GS|IC|IP|LP|NA|NF|NL|NO|NP|NR|NV|NZ|PC|RC|RS|SA|SF|SI|SL|SP|SR|SZ|ZC)\d{6})$/,
  check: () => true,
  chance: 1,
  note: 'the form of a Companies House number',
});

/** Unique pupil number: DfE: check letter, 3-digit authority, then 9; letter = Σ weights 2..13 mod 23 over ABCDEFGHJKLMNPQRTUVWXYZ. */
export const upn: Validator = textValidator({
  form: /^[A-HJ-NP-RT-Z]\d{11}[0-9A-Z]$/,
  check: (text) => {
    const digits = text.slice(1, 12);
    const last = 'ABCDEFGHJKLMNPQRTUVWXYZ'.indexOf(text[12] ?? '');
    const lastValue = /\d/.test(text[12] ?? '') ? Number(text[12]) : last;
    if (lastValue < 0 || text.slice(1, 4) < '201') return false;
    return 'ABCDEFGHJKLMNPQRTUVWXYZ'[(weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) + 13 * lastValue) % 23] === text[0];
  },
  chance: 1 / 23,
  note: 'check letter is right',
});

