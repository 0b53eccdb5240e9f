/**
 * Telephone numbers: ITU-T E.164 through Google's metadata (`libphonenumber-js`). Numbers without `+` are tried in the
 * numbering plans whose written form they have.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import { digitsOf, isRepeated, isSequence } from './digits.ts';
import { internationalCountry, nationalIn, unassignedIn } from './numbering-plans.ts';
import { invalid, reserved, unknown, type Validator, type Verdict, valid } from './validator.ts';

/** Plans with the trunk prefix 0 (or none), by how many people they serve. Only used for numbers with a phone-like context. */
const TRUNK_ZERO: readonly CountryCode[] = ['GB', 'DE', 'FR', 'IT', 'NL', 'BE', 'AT', 'CH', 'SE', 'AU', 'IN', 'JP', 'KR', 'TR', 'PH', 'ID', 'NG', 'ZA', 'IE', 'FI', 'NZ', 'IL', 'EG', 'TH', 'VN', 'MY', 'UA', 'RO', 'BG', 'HR', 'RS', 'SK', 'CN', 'TW', 'PK', 'BD', 'LK', 'KE', 'GH', 'MA', 'DZ', 'AR', 'SI', 'VE', 'PE'];
const TRUNK_EIGHT: readonly CountryCode[] = ['RU', 'KZ', 'BY', 'LT'];
const NO_TRUNK: readonly CountryCode[] = ['US', 'ES', 'PL', 'PT', 'IT', 'NO', 'DK', 'CZ', 'GR', 'BR', 'MX', 'CO', 'CL', 'SG', 'HK', 'LU', 'LV', 'EE', 'CR', 'UY', 'AE', 'SA', 'IN', 'TR'];

export const phone: Validator = (value) => {
  const text = value.trim();
  const digits = digitsOf(text);
  if (digits.length < 7 || digits.length > 17) return invalid('not the length of a phone number');
  if (/^(?:19|20)\d\d[ -](?:19|20)\d\d$/.test(text)) return invalid('a range of years');
  const subscriber = digits.slice(-7);
  if (isRepeated(subscriber) || isRepeated(digits)) return reserved('one digit repeated');
  if (isSequence(digits) || isSequence(digits.replace(/^(?:\+?1|0)/, ''))) return reserved('a run of digits');
  if (isFictional(digits)) return reserved('set aside for fiction (NANPA 555-01xx, Ofcom and ACMA drama numbers)');
  if (/^\+|^00/.test(text)) return international(text.replace(/^00/, '+'));
  return national(text, digits);
};

/** `+44 (0)20 …`: the bracketed trunk prefix is written for callers at home. */
function international(text: string): Verdict {
  const digits = digitsOf(text.includes('(0)') ? text.replace('(0)', '') : text);
  const found = internationalCountry(digits);
  if (found) return valid(0.05, `in the numbering plan of ${found.country}`);
  const country = unassignedIn(digits);
  return country === undefined ? invalid('not in any numbering plan (E.164)') : unknown(`the form of a number of ${country}, in no range that is known to be in use`);
}

function national(text: string, digits: string): Verdict {
  const nanp = /^(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]?\d{4}(?:\s*(?:x|ext\.?)\s*\d{1,6})?$/i.test(text);
  if (nanp) {
    const main = digits.slice(0, digits.startsWith('1') ? 11 : 10);
    const found = internationalCountry(main.length === 11 ? main : `1${main}`);
    if (found) return valid(0.06, `in the numbering plan of ${found.country}`);
  }
  const trunk = digits.startsWith('0');
  const plans = trunk ? TRUNK_ZERO : digits.startsWith('8') ? TRUNK_EIGHT : NO_TRUNK;
  const plan = plans.find((country) => nationalIn(country, digits) !== undefined);
  // The written form of North America is distinctive; a bare digit run that fits some plan is nearly chance.
  if (plan !== undefined) return valid(trunk || /[ ().-]/.test(text) ? 0.3 : 0.5, `in the numbering plan of ${plan}, if written there`);
  // 91-415-555-0132: a country code without its plus.
  if (!/^\d{1,3}[ -]/.test(text)) return invalid('not in a numbering plan of its form');
  const bare = internationalCountry(digits);
  return bare ? valid(0.3, `in the numbering plan of ${bare.country}, plus missing`) : unknown('possible, but not assigned');
}

function isFictional(digits: string): boolean {
  // Most numbers have no 555, and begin with no code of these plans.
  if (digits.includes('555') && /^1?\d{3}55501\d\d$|^1?555\d{7}$|^1?555\d{4}$|^1?\d{3}5551212$/.test(digits)) return true; // NANPA; 555 is no area code
  switch (digits.charCodeAt(0)) {
    case 48: return OFCOM.test(digits) || ACMA.test(digits) || ARCEP.test(digits);
    case 51: return ARCEP.test(digits);
    case 52: return OFCOM.test(digits);
    case 54: return ACMA.test(digits);
    default: return false;
  }
}

const OFCOM = /^(?:44|0)(?:7700900\d{3}|(?:1632960|20794600|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|1914980|2079460|2890180|2920180)\d{2,3}|8081570\d{3}|9098790\d{3}|3069990\d{3})$/;
const ACMA = /^(?:61|0)(?:491570\d{3}|(?:2|3|7|8)(?:5550|7010)\d{4}|1800160401)$/;
const ARCEP = /^(?:33|0)(?:199|261|353|465|536)(?:00|91|01|71|49)\d{4}$/;
