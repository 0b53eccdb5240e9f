/** Identifiers of European countries whose schemes are too small for a file of their own. */
import { validate as alNiptValidate } from 'stdnum/lib/cjs/al/nipt.js';
import { modulo } from './checksum.ts';
import { compact } from './digits.ts';
import { digitValidator, textValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Andorran tax number: letter of the kind, 6 digits, control letter; A and L run from 700000 to 799999, F below 700000. */
export const adNrt: Validator = textValidator({
  form: /^[ACDEFGLOPU]\d{6}[A-Z]$/,
  check: (text) => {
    const number = text.slice(1, 7);
    if (text.startsWith('F')) return number <= '699999';
    return !/^[AL]/.test(text) || (number > '699999' && number < '800000');
  },
  chance: 0.3,
  note: 'kind and range fit',
});
export const alNipt: Validator = fromStdnum(alNiptValidate, { chance: 0.2, note: 'birth decade, number and letter fit', prefix: /^(?:\(?AL\)?)\s*/i });
/** Albanian personal number: decade letter, year digit, month (+50 women), day, 3 digits, letter. */
export const alNid: Validator = textValidator({
  form: /^[A-T]\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[A-W]$/,
  check: () => true,
  chance: 0.05,
  note: 'birth decade, month and day fit',
});
/** Faroese VAT number: 6 digits. */
export const foVn: Validator = (value) => (/^(?:FO)?\d{6}$/.test(compact(value)) ? valid(1, 'six digits') : invalid('not the form'));
/** Monaco's VAT number: a French one with a SIREN of 000. */
export const mcTva: Validator = (value) => {
  const text = compact(value).replace(/^(?:FR|MC)/, '');
  if (!/^\d{2}000\d{6}$/.test(text)) return invalid('not the form of a Monegasque VAT number');
  return (12 + 3 * modulo(text.slice(2), 97)) % 97 === Number(text.slice(0, 2)) ? valid(0.00001, 'key fits') : invalid('key is wrong');
};
/** Georgian personal number: 11 digits, no public check digit. */
export const gePersonal: Validator = digitValidator({ length: 11, check: (digits) => /^[0-6]/.test(digits), chance: 0.7, note: 'eleven digits' });
/** Armenian public services number: day (+50 for women), month, year, 4 digits. */
export const amPsn: Validator = digitValidator({ length: 10, check: (digits) => /^(?:[1-3]\d|[6-8]\d)(?:0[1-9]|1[0-2])/.test(digits), chance: 0.07, note: 'birth date fits' });
