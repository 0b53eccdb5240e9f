/** Identifiers of New Zealand. */
import { validate as irdValidate } from 'stdnum/lib/cjs/nz/ird.js';
import { weighted } from './checksum.ts';
import { compact, isDigits } from './digits.ts';
import { textValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import { invalid, type Validator, valid } from './validator.ts';

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

type Scheme = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'X';

/** Bank → its branches, and the scheme of its check: Inland Revenue, RWT and NRWT certificate filing specification, appendix. */
const BANKS: Readonly<Record<string, { readonly branches: readonly (readonly [number, number])[]; readonly scheme?: Scheme }>> = {
  '01': { branches: [[1, 999], [1100, 1199], [1800, 1899]] }, '02': { branches: [[1, 999], [1200, 1299]] },
  '03': { branches: [[1, 999], [1300, 1399], [1500, 1599], [1700, 1799], [1900, 1999], [7350, 7399]] }, '04': { branches: [[2020, 2024]] },
  '06': { branches: [[1, 999], [1400, 1499]] }, '08': { branches: [[6500, 6599]], scheme: 'D' }, '09': { branches: [[0, 0]], scheme: 'E' }, '10': { branches: [[5165, 5169]] },
  '11': { branches: [[5000, 6499], [6600, 8999]] }, '12': { branches: [[3000, 3299], [3400, 3499], [3600, 3699]] }, '13': { branches: [[4900, 4999]] }, '14': { branches: [[4700, 4799]] },
  '15': { branches: [[3900, 3999]] }, '16': { branches: [[4400, 4499]] }, '17': { branches: [[3300, 3399]] }, '18': { branches: [[3500, 3599]] }, '19': { branches: [[4600, 4649]] },
  '20': { branches: [[4100, 4199]] }, '21': { branches: [[4800, 4899]] }, '22': { branches: [[4000, 4049]] }, '23': { branches: [[3700, 3799]] }, '24': { branches: [[4300, 4349]] },
  '25': { branches: [[2500, 2599]], scheme: 'F' }, '26': { branches: [[2600, 2699]], scheme: 'G' }, '27': { branches: [[3800, 3849]] }, '28': { branches: [[2100, 2149]], scheme: 'G' },
  '29': { branches: [[2150, 2299]], scheme: 'G' }, '30': { branches: [[2900, 2949]] }, '31': { branches: [[2800, 2849]], scheme: 'X' }, '33': { branches: [[6700, 6799]], scheme: 'F' },
  '35': { branches: [[2400, 2499]] }, '38': { branches: [[9000, 9499]] },
};
/** Weights over bank (2), branch (4), account (8) and suffix (4). */
const SCHEMES: Readonly<Record<Scheme, { readonly weights: readonly number[]; readonly modulus: number }>> = {
  A: { weights: [0, 0, 6, 3, 7, 9, 0, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0, 0], modulus: 11 },
  B: { weights: [0, 0, 0, 0, 0, 0, 0, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0, 0], modulus: 11 },
  D: { weights: [0, 0, 0, 0, 0, 0, 0, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0], modulus: 11 },
  E: { weights: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 4, 3, 2, 0, 0, 0, 1], modulus: 11 },
  F: { weights: [0, 0, 0, 0, 0, 0, 0, 1, 7, 3, 1, 7, 3, 1, 0, 0, 0, 0], modulus: 10 },
  G: { weights: [0, 0, 0, 0, 0, 0, 0, 1, 3, 7, 1, 3, 7, 1, 0, 3, 7, 1], modulus: 10 },
  X: { weights: [], modulus: 1 },
};

/** Bank account: bank, branch, account of 7 or 8 digits, suffix of 2 to 4; A below account 990,000 and B above, where the bank has no scheme of its own. */
export const bank: Validator = (value) => {
  const parts = value.trim().split(/\D+/);
  // Branches are also written without their leading zero.
  const digits = parts.length === 4 && parts[1]?.length === 3 ? `${parts[0]}0${parts.slice(1).join('')}` : compact(value);
  if (!isDigits(digits, 14, 18)) return invalid('a bank account has 15 or 16 digits');
  const rest = digits.slice(6);
  const account = rest.length >= 12 ? rest.slice(0, 8) : rest.slice(0, 7);
  const found = BANKS[digits.slice(0, 2)];
  const branch = Number(digits.slice(2, 6));
  if (found?.branches.some(([low, high]) => branch >= low && branch <= high) !== true) return invalid('no such bank and branch');
  const whole = digits.slice(0, 6) + account.padStart(8, '0') + rest.slice(account.length).padStart(4, '0');
  const name = found.scheme ?? (Number(account) < 990_000 ? 'A' : 'B');
  const { weights, modulus } = SCHEMES[name];
  // E and G add the digits of each product up.
  const sum = name === 'E' || name === 'G' ? weights.reduce((total, weight, index) => total + folded(Number(whole[index]) * weight), 0) : weighted(whole, weights);
  return sum % modulus === 0 ? valid(0.02, 'bank, branch and check fit') : invalid('the check is wrong');
};

const folded = (product: number): number => (product > 9 ? folded(Math.floor(product / 10) + (product % 10)) : product);
