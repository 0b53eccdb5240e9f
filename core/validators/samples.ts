/**
 * Numbers that are valid and nobody's: what authorities print on specimens, set aside for tests, or issue for "no number", and
 * the runs of digits that every form uses as its placeholder. They are reserved values: hints at most. A popular example that
 * could be somebody's real number is not one of them.
 */
import { compact } from './digits.ts';
import { reserved, type Validator } from './validator.ts';

/** By validator, without separators. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  'ar/cuit': ['20123456786', '20111111112'],
  'au/medicare': ['2123456701'],
  'au/tfn': ['123456782', '876543210'],
  'br/cnpj': ['12345678000195'],
  'br/cpf': ['12345678909'],
  'cl/rut': ['111111111', '123456785', '222222222'],
  'cn/ric': ['11010519491231002X', '440524188001010014'], // GB 11643-1999
  'es/dni': ['12345678Z'],
  'es/nie': ['X1234567L', 'Y1234567X', 'Z1234567R'],
  'es/nif': ['12345678Z', 'ES12345678Z', 'X1234567L'],
  'hk/id': ['A1234563'],
  imei: ['490154203237518'], // GSMA TS.06
  'in/aadhaar': ['999941057058', '999971658847', '999933119405', '999955183433', '999990501894'], // UIDAI, test data
  'jp/my-number': ['123456789018'],
  'mx/rfc': ['XAXX010101000', 'XEXX010101000'], // SAT: sales to the public and to foreigners
  'pt/nif': ['123456789', '999999990'], // AT: "consumidor final"
  'sg/nric': ['S1234567D'],
  'tr/tckn': ['11111111110'],
  'tw/id': ['A123456789'],
  'us/dea': ['AB1234563'],
  'us/ein': ['123456789'],
  'us/mbi': ['1EG4TE5MK72', '1EG4TE5MK73'], // CMS
  'us/npi': ['1234567893'], // CMS
  vin: ['11111111111111111'],
};

/** Ranges set aside. */
const RANGES: Readonly<Record<string, { readonly of: RegExp; readonly what: string }>> = {
  // NHS Data Dictionary: 999 000 0000 to 999 999 9999.
  'gb/nhs': { of: /^999/, what: 'in the range for tests (999)' },
  // Skatteetaten: synthetic people have 80 added to their month, NAV's 40.
  'no/fodselsnummer': { of: /^\d\d(?:[45]|[89])\d/, what: 'a synthetic person' },
  // Digital and Population Data Services Agency: individual numbers from 900 are never issued for good.
  'fi/hetu': { of: /^\d{6}[^\d]?9\d\d.$/, what: 'an individual number for temporary and test use' },
};

/** The validator, which calls specimens reserved. */
export function knowingSamples(name: string, validate: Validator): Validator {
  const samples = SAMPLES[name], range = RANGES[name];
  if (samples === undefined && range === undefined) return validate;
  const known = new Set(samples);
  return (value) => {
    const verdict = validate(value);
    if (verdict.verdict === 'invalid') return verdict;
    const text = compact(value).replace(/[()]/g, '');
    if (known.has(text)) return reserved('a specimen or placeholder');
    return range?.of.test(text) === true ? reserved(range.what) : verdict;
  };
}
