/** Identifiers of the United States. */
import { luhn, weighted } from './checksum.ts';
import { compact, digitAt, isDigits, isRepeated, isSequence } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { invalid, reserved, type Validator, type Verdict, valid } from './validator.ts';

/** Numbers that stood on sample cards and in advertisements (SSA, "Social Security Cards Issued by Woolworth" and its list of pocketbook numbers). */
const PUBLISHED_SSNS: ReadonlySet<string> = new Set([
  '078051120', '219099999', '457555462', '123456789', '987654321', '042103580', '062360749', '095073645', '128036045', '135016629', '141186941', '165167999', '165187999', '165207999',
  '165227999', '165247999', '189092294', '212097694', '212099999', '306302348', '308125070', '468288779', '549241889',
]);

/** 111-22-3333, 123-45-6789 with other serials, 123-12-1234. */
const PLACEHOLDER = /^(\d)\1\1(\d)\2(\d)\3{3}$|^123451234$|^12345(?:0000|9999)$|^123121234$/;

/** Groups of 3, 2 and 4, with a separator or none at either place. */
const GROUPS = /^\d{3}[-\u2010-\u2015\s.]?\d{2}[-\u2010-\u2015\s.]?\d{4}$/;
/**
 * Social security number: SSA POMS RM 10201.035: area 001–665, 667–899; group 01–99; serial 0001–9999.
 * 987-65-4320..4329 are reserved for advertisements. There is no check digit.
 */
export const ssn: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 9) || !GROUPS.test(value.trim())) return invalid('an SSN has 9 digits in groups of 3, 2 and 4');
  if (PUBLISHED_SSNS.has(digits) || digits.startsWith('98765432')) return reserved('published sample number');
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area >= '900') return invalid('area number is never assigned');
  if (digits.slice(3, 5) === '00' || digits.slice(5) === '0000') return invalid('group or serial number is never assigned');
  if (isRepeated(digits) || isSequence(digits) || PLACEHOLDER.test(digits)) return reserved('obvious placeholder');
  return valid(0.88, 'area, group and serial number are assignable');
};

/** Individual taxpayer number: IRS Pub. 1915 / IRM 3.21.263: 9xx with group 50–65, 70–88, 90–92 or 94–99. */
export const itin: Validator = (value) => (GROUPS.test(value.trim()) ? ITIN(value) : invalid('an ITIN has 9 digits in groups of 3, 2 and 4'));
const ITIN = digitValidator({
  length: 9,
  check: (digits) => {
    const group = Number(digits.slice(3, 5));
    return digits.startsWith('9') && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || group >= 94);
  },
  chance: 0.044,
  note: 'an ITIN starts with 9 and has a group of 50–65, 70–88, 90–92 or 94–99',
});

/** Employer number prefixes by campus: IRS, "How EINs are assigned and valid EIN prefixes". */
const EIN_PREFIXES: ReadonlySet<string> = new Set(
  ('10 12 60 67 50 53 01 02 03 04 05 06 11 13 14 16 21 22 23 25 34 51 52 54 55 56 57 58 59 65 30 32 35 36 37 38 61 15 24 40 44 ' +
    '94 95 80 90 33 39 41 42 43 46 48 62 63 64 66 68 71 72 73 74 75 76 77 82 83 84 85 86 87 88 91 92 93 98 99 20 26 27 45 47 81 31').split(' '),
);
export const ein: Validator = (value) => (/^\d{2}[-\u2010-\u2015 ]?\d{7}$/.test(value.trim()) ? EIN(value) : invalid('an EIN has 9 digits in groups of 2 and 7'));
const EIN = digitValidator({
  length: 9,
  check: (digits) => EIN_PREFIXES.has(digits.slice(0, 2)),
  chance: 0.83,
  note: 'the prefix belongs to an IRS campus',
});

/** ABA routing transit number: ANSI X9.100; first two digits 00–12, 21–32, 61–72, 80; weights 3 7 1, mod 10. */
export const aba: Validator = digitValidator({
  length: 9,
  check: (digits) => {
    const district = Number(digits.slice(0, 2));
    const issued = (district >= 1 && district <= 12) || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
    return issued && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
  },
  chance: 0.037,
  note: 'Federal Reserve district and check digit fit',
});

/** National provider identifier: 45 CFR 162.406: 10 digits from 1 or 2, Luhn over 80840 + number. */
export const npi: Validator = digitValidator({
  length: 10,
  check: (digits) => (digits.startsWith('1') || digits.startsWith('2')) && luhn(`80840${digits}`),
  chance: 0.02,
  note: 'Luhn with the prefix 80840, first digit 1 or 2',
});

/** Medicare beneficiary identifier: CMS "Understanding the MBI": C A AN N A AN N A A N N without S L O I B Z. No check digit. */
export const mbi: Validator = textValidator({
  form: /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}$/,
  check: () => true,
  chance: 0.0001,
  note: 'the positions of letters and digits are those of CMS',
});

/** DEA registration: two letters (registrant type; surname initial or 9) and 7 digits: (d1+d3+d5) + 2(d2+d4+d6) ends in d7. */
export function dea(value: string): Verdict {
  const text = compact(value);
  if (!/^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/.test(text)) return invalid('not the form of a DEA number');
  const digits = text.slice(2);
  if (isRepeated(digits)) return invalid('one digit repeated is never issued');
  const sum = weighted(digits, [1, 2, 1, 2, 1, 2]);
  return sum % 10 === digitAt(digits, 6) ? valid(0.07, 'DEA check digit is right') : invalid('DEA check digit is wrong');
}

/** Adoption taxpayer number: IRS Pub. 1915: 9xx-93-xxxx. */
export const atin: Validator = (value) => (GROUPS.test(value.trim()) ? ATIN(value) : invalid('an ATIN has 9 digits in groups of 3, 2 and 4'));
const ATIN = digitValidator({ length: 9, check: (digits) => digits.startsWith('9') && digits.slice(3, 5) === '93', chance: 0.001, note: 'an ATIN starts with 9 and has the group 93' });
