/** International bank account number: ISO 13616-1 (mod 97-10) with each country's length and structure from the SWIFT IBAN registry, release 99. */
import { mod97, modulo } from './checksum.ts';
import { compact } from './digits.ts';
import { ccc } from './es.ts';
import { invalid, reserved, valid, type Verdict } from './validator.ts';

/** Structure of the part after country and check digits, in the registry's notation: n digits, a letters, c either. */
const STRUCTURES: Readonly<Record<string, string>> = {
  AD: '8n12c', AE: '19n', AL: '8n16c', AT: '16n', AZ: '4a20c', BA: '16n', BE: '12n', BG: '4a6n8c', BH: '4a14c', BI: '23n',
  BR: '23n1a1c', BY: '4c4n16c', CH: '5n12c', CR: '18n', CY: '8n16c', CZ: '20n', DE: '18n', DJ: '23n', DK: '14n', DO: '4c20n',
  EE: '16n', EG: '25n', ES: '20n', FI: '14n', FK: '2a12n', FO: '14n', FR: '10n11c2n', GB: '4a14n', GE: '2a16n', GI: '4a15c',
  GL: '14n', GR: '7n16c', GT: '24c', HN: '4a20n', HR: '17n', HU: '24n', IE: '4a14n', IL: '19n', IQ: '4a15n', IS: '22n',
  IT: '1a10n12c', JO: '4a4n18c', KW: '4a22c', KZ: '3n13c', LB: '4n20c', LC: '4a24c', LI: '5n12c', LT: '16n', LU: '3n13c',
  LV: '4a13c', LY: '21n', MC: '10n11c2n', MD: '20c', ME: '18n', MK: '3n10c2n', MN: '16n', MR: '23n', MT: '4a5n18c',
  MU: '4a19n3a', NI: '4a20n', NL: '4a10n', NO: '11n', OM: '3n16c', PK: '4a16c', PL: '24n', PS: '4a21c', PT: '21n',
  QA: '4a21c', RO: '4a16c', RS: '18n', RU: '14n15c', SA: '2n18c', SC: '4a20n3a', SD: '14n', SE: '20n', SI: '15n', SK: '20n',
  SM: '1a10n12c', SO: '19n', ST: '21n', SV: '4a20n', TL: '19n', TN: '20n', TR: '5n1n16c', UA: '6n19c', VA: '18n', VG: '4a16n',
  XK: '16n', YE: '4a4n18c',
  // Not in the registry, but in use and published by the central banks ("partial" IBANs).
  AO: '21n', BF: '2c22n', BJ: '2c22n', CF: '23n', CG: '23n', CI: '2c22n', CM: '23n', CV: '21n', DZ: '22n', GA: '23n',
  GQ: '23n', GW: '2c19n', IR: '22n', KM: '23n', MA: '24n', MG: '23n', ML: '2c22n', MZ: '21n', NE: '2c22n', SN: '2c22n',
  TD: '23n', TG: '2c22n',
};

/** Account numbers of the registry's and the payment processors' samples, which stand in every manual. */
const SAMPLES: ReadonlySet<string> = new Set([
  'DE89370400440532013000', 'DE91100000000123456789', 'DE12500105170648489890', 'GB29NWBK60161331926819', 'GB82WEST12345698765432', 'GB33BUKB20201555555555', 'FR1420041010050500013M02606', 'FR7630006000011234567890189', 'ES9121000418450200051332', 'ES7921000813610123456789',
  'IT60X0542811101000000123456', 'NL91ABNA0417164300', 'NL02ABNA0123456789', 'NL39RABO0300065264', 'BE68539007547034', 'BE71096123456769', 'AT611904300234573201', 'AT483200000012345864', 'CH9300762011623852957', 'CH5604835012345678009', 'LU280019400644750000', 'IE29AIBK93115212345678', 'IE64IRCE92050112345678', 'PT50000201231234567890154',
  'PL61109010140000071219812874', 'PL10105000997603123456789123', 'SE4550000000058398257466', 'SE7280000810340009783242', 'NO9386011117947', 'NO8330001234567', 'DK5000400440116243', 'DK9520000123456789', 'FI2112345600000785', 'FI1410093000123458', 'CZ6508000000192000145399', 'CZ5508000000001234567899', 'SK3112000000198742637541',
  'HU42117730161111101800000000', 'RO49AAAA1B31007593840000', 'BG80BNBG96611020345678', 'HR1210010051863000160', 'SI56263300012039086', 'SI56191000000123438', 'EE382200221020145685', 'LV80BANK0000435195001', 'LT121000011101001000', 'GR1601101250000000012300695', 'CY17002001280000001200527600', 'MT84MALT011000012345MTLCAST001S',
]);

const MATCHERS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries(STRUCTURES).map(([country, structure]) => [country, matcher(structure)]),
);

/** Countries whose IBANs this knows, as ISO 3166 codes. */
export const ibanCountries: readonly string[] = Object.keys(STRUCTURES);

/** Total length of a country's IBAN in characters; undefined where the country has none. */
export function ibanLength(country: string): number | undefined {
  const structure = STRUCTURES[country];
  if (structure === undefined) return undefined;
  return [...structure.matchAll(/(\d+)[nac]/g)].reduce((sum, part) => sum + Number(part[1]), 4);
}

export function iban(value: string): Verdict {
  const text = compact(value);
  const matcherOfCountry = MATCHERS.get(text.slice(0, 2));
  if (matcherOfCountry === undefined) return invalid('no country with this IBAN prefix');
  if (!matcherOfCountry.test(text.slice(4))) return invalid(`not the structure of an IBAN of ${text.slice(0, 2)}`);
  const check = text.slice(2, 4);
  // Check digits are 98 - n, so 00, 01 and 99 never occur.
  if (!/^\d\d$/.test(check) || check < '02' || check > '98') return invalid('check digits out of range');
  if (mod97(text.slice(4) + text.slice(0, 4)) !== 1) return invalid('check digits are wrong (ISO 7064 mod 97-10)');
  if (SAMPLES.has(text)) return reserved('a published sample');
  // Made-up test data keeps the international check and not the national one; it still reads as an account.
  if (!nationalCheck(text)) return valid(0.1, `check digits are right, though not the national ones of ${text.slice(0, 2)}`);
  return valid(1 / 97, `${text.slice(0, 2)} structure and check digits are right`);
}

/** Some countries' own account numbers carry check digits of their own. */
function nationalCheck(text: string): boolean {
  const account = text.slice(4);
  switch (text.slice(0, 2)) {
    case 'BE': {
      const rest = modulo(account.slice(0, 10), 97);
      return (rest === 0 ? 97 : rest) === Number(account.slice(10));
    }
    case 'ES':
      return ccc(account).verdict !== 'invalid';
    default:
      return true;
  }
}

function matcher(structure: string): RegExp {
  const classes: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[A-Z0-9]' };
  const body = structure.replace(/(\d+)([nac])/g, (_, count: string, kind: string) => `${classes[kind]}{${count}}`);
  return new RegExp(`^${body}$`);
}
