/** Identifiers of the successor states of Yugoslavia. */
import { mod11x10, weighted } from './checksum.ts';
import { isBirthDate } from './date.ts';
import { compact, digitAt, isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** OIB (Croatia): 11 digits, ISO 7064 mod 11,10. */
export const oib: Validator = (value) => OIB(value.replace(/^\s*HR/i, ''));
const OIB = digitValidator({ length: 11, check: mod11x10, chance: 0.1, note: 'check digit is right (ISO 7064 mod 11,10)' });

/**
 * JMBG / EMŠO: DDMMYYY (millennium dropped), region, serial, check: weights 7 6 5 4 3 2 twice, mod 11.
 * @param regions first digit(s) of the political region, e.g. 50–59 for Slovenia
 */
export function jmbg(regions: readonly [number, number]): Validator {
  return (value) => {
    const digits = compact(value);
    if (!isDigits(digits, 13)) return invalid('a JMBG has 13 digits');
    const short = Number(digits.slice(4, 7));
    if (!isBirthDate(short + (short < 800 ? 2000 : 1000), Number(digits.slice(2, 4)), Number(digits.slice(0, 2)))) return invalid('no such birth date');
    const sum = weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    if ((sum === 0 ? 0 : 11 - sum) !== digitAt(digits, 12)) return invalid('mod 11 check digit is wrong');
    const region = Number(digits.slice(7, 9));
    if (region >= regions[0] && region <= regions[1]) return valid(0.0001, 'birth date, region and mod 11 check digit fit');
    // 01–09 were given to foreigners; others keep the number of the republic that registered them.
    return region < 10 ? valid(0.0001, 'birth date and mod 11 check digit fit; registered as a foreigner') : unknown('registered in another republic');
  };
}

/** Slovenian tax number: 8 digits from 1, weights 8..2, mod 11. */
export const siDavcna: Validator = (value) => {
  const digits = compact(value).replace(/^SI/, '');
  if (!isDigits(digits, 8) || digits.startsWith('0')) return invalid('a Slovenian tax number has 8 digits');
  const check = 11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === digitAt(digits, 7) ? valid(0.09, 'mod 11 check digit is right') : invalid('check digit is wrong');
};

/** Serbian PIB: 9 digits from 1, ISO 7064 mod 11,10. */
export const rsPib: Validator = digitValidator({ length: 9, check: (digits) => digits >= '100000001' && mod11x10(digits), chance: 0.09, note: 'check digit is right (ISO 7064 mod 11,10)' });

/** Montenegrin PIB: 8 digits, weights 8..2, mod 11 mod 10. */
export const mePib: Validator = digitValidator({
  length: 8,
  check: (digits) => ((11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digitAt(digits, 7),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** North Macedonian EDB: 13 digits, weights 7 6 5 4 3 2 twice, mod 11 mod 10. */
export const mkEdb: Validator = (value) => MK_EDB(value.replace(/^\s*[MМ][KК]/iu, ''));
const MK_EDB = digitValidator({
  length: 13,
  check: (digits) => ((11 - (weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digitAt(digits, 12),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});
