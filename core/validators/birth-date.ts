/** Dates written out, for dates of birth: ISO 8601, day-first, month-first and with month names in the eight languages of the rules. */
import { isDate } from './date.ts';
import { invalid, unknown, type Validator, valid } from './validator.ts';

/** First letters that tell the months apart in EN, DE, FR, ES, IT, PT, NL, PL, without accents. */
const MONTHS: readonly (readonly [RegExp, number])[] = [
  [/^(?:jan|gen|ene|styc)/, 1], [/^(?:feb|fev|fevr|lut)/, 2], [/^(?:mar(?!t?as)|maerz|marz|mrt|maa|mrz)/, 3], [/^(?:apr|avr|abr|kwi)/, 4],
  [/^(?:may|mai|mag|mei|maj)/, 5], [/^(?:jun|juin|giu|cze)/, 6], [/^(?:jul|juil|lug|lip)/, 7], [/^(?:aug|aou|ago|sie)/, 8],
  [/^(?:sep|set|wrz)/, 9], [/^(?:oct|okt|ott|out|paz)/, 10], [/^(?:nov|lis)/, 11], [/^(?:dec|dez|dic|dici|gru)/, 12],
];

/** A date that a living or recently dead person can have been born on: 1880 to now + nothing later than 2100. */
export const birthDate: Validator = (value) => {
  const parts = value.trim().replace(/^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T ]\d{2}:\d{2}.*$/, '$1').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/[\s./,-]+|(?<=\d)(?:st|nd|rd|th)\b|(?:\bde\b|\bof\b)/u).filter((part) => part !== '');
  const numbers = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : (MONTHS.find(([pattern]) => pattern.test(part))?.[1] ?? Number.NaN)));
  const named = parts.findIndex((part) => !/^\d+$/.test(part));
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) return invalid('not a date');
  const [a = 0, b = 0, c = 0] = numbers;
  const yearFirst = (parts[0]?.length ?? 0) === 4;
  const year = yearFirst ? a : c;
  const fullYear = yearFirst || (parts[2]?.length ?? 0) === 4;
  if (fullYear && (year < 1880 || year > 2100)) return invalid('no living person was born in that year');
  const orders: readonly (readonly [number, number])[] = yearFirst ? [[b, c]] : named === 0 ? [[a, b]] : named === 1 ? [[b, a]] : [[b, a], [a, b]];
  const dated = orders.some(([month, day]) => (fullYear ? isDate(year, month, day) : isDate(1900 + year, month, day) || isDate(2000 + year, month, day)));
  if (!dated) return invalid('no such day');
  return fullYear ? valid(1, 'a day that exists') : unknown('the century is not written');
};
