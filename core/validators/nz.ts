/** Identifiers of New Zealand. */
import { validate as irdValidate } from 'stdnum/lib/cjs/nz/ird.js';
import { validate as bankValidate } from 'stdnum/lib/cjs/nz/bank.js';
import { textValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import type { Validator } from './validator.ts';

/** IRD number: Inland Revenue RWT/NRWT specification: 8 or 9 digits from 10,000,000 to 150,000,000, mod 11 with a second round of weights. */
export const ird: Validator = fromStdnum(irdValidate, { chance: 0.09, note: 'mod 11 check digit is right', prefix: /^NZ\s*/i });

const NHI = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const nhiValue = (char: string): number => (/\d/.test(char) ? Number(char) : NHI.indexOf(char) + 1);

/** NHI number: HISO 10046: AAANNNC (mod 11) or, since 2022, AAANNAX (mod 23). Test numbers start with Z. */
export const nhi: Validator = textValidator({
  form: /^[A-HJ-NP-Z]{3}(?:\d{4}|\d{2}[A-HJ-NP-Z]{2})$/,
  check: (text) => {
    let sum = 0;
    for (let index = 0; index < 6; index++) sum += nhiValue(text[index] ?? '') * (7 - index);
    if (/\d$/.test(text)) return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === Number(text[6]);
    return NHI[(23 - (sum % 23)) - 1] === text[6];
  },
  chance: 0.09,
  note: 'check character is right',
});

export const bank: Validator = fromStdnum(bankValidate, { chance: 0.05, note: 'bank, branch and check fit' });
