/** Identifiers of Malta. */
import { weighted } from './checksum.ts';
import { compact } from './digits.ts';
import { textValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** VAT number: 8 digits, weights 3 4 6 7 8 9 10 1, mod 37; from 100000. */
export const vat: Validator = (value) => {
  const digits = compact(value).replace(/^MT/, '');
  if (!/^[1-9]\d{7}$/.test(digits)) return invalid('a Maltese VAT number has 8 digits');
  return weighted(digits, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0 ? valid(1 / 37, 'mod 37 check is right') : invalid('check is wrong');
};

/** Identity card: up to 7 digits (padded) and a letter of M G A P L H B Z. */
export const identityCard: Validator = textValidator({ form: /^\d{3,7}[MGAPLHBZ]$/, check: (text) => !/^0+[A-Z]/.test(text), chance: 0.3, note: 'the form of a Maltese identity card' });
