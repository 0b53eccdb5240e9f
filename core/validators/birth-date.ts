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
  const { numbers, lengths, named } = inDigits(value) ?? inWords(value);
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) return invalid('not a date');
  const [a = 0, b = 0, c = 0] = numbers;
  const yearFirst = lengths[0] === 4;
  const year = yearFirst ? a : c;
  const fullYear = yearFirst || lengths[2] === 4;
  if (fullYear && (year < 1880 || year > 2100)) return invalid('no living person was born in that year');
  const isDay = (month: number, day: number): boolean => (fullYear ? isDate(year, month, day) : isDate(1900 + year, month, day) || isDate(2000 + year, month, day));
  const dated = yearFirst ? isDay(b, c) : (named !== 0 && isDay(b, a)) || (named !== 1 && isDay(a, b));
  if (!dated) return invalid('no such day');
  return fullYear ? valid(1, 'a day that exists') : unknown('the century is not written');
};

/** The parts of a date; `named` is which of them is the name of a month, -1 when none is. */
interface Parts { readonly numbers: readonly number[]; readonly lengths: readonly number[]; readonly named: number }

/** Only digits between the usual separators: most dates. Undefined when anything else stands there. */
function inDigits(value: string): Parts | undefined {
  const numbers: number[] = [], lengths: number[] = [];
  let length = 0, number = 0;
  for (let at = 0; at <= value.length; at++) {
    const code = at < value.length ? value.charCodeAt(at) : 32;
    if (code >= 48 && code <= 57) {
      number = number * 10 + code - 48;
      length++;
    } else if (code === 32 || code === 44 || code === 45 || code === 46 || code === 47) {
      if (length > 0) {
        numbers.push(number);
        lengths.push(length);
      }
      number = length = 0;
    } else return undefined;
  }
  return { numbers, lengths, named: -1 };
}

function inWords(value: string): Parts {
  const parts = value.trim().replace(/^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T ]\d{2}:\d{2}.*$/, '$1').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/[\s./,-]+|(?<=\d)(?:st|nd|rd|th)\b|(?:\bde\b|\bof\b)/u).filter((part) => part !== '');
  return {
    numbers: parts.map((part) => (/^\d+$/.test(part) ? Number(part) : (MONTHS.find(([pattern]) => pattern.test(part))?.[1] ?? Number.NaN))),
    lengths: parts.map((part) => part.length),
    named: parts.findIndex((part) => !/^\d+$/.test(part)),
  };
}
