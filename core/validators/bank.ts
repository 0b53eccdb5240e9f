/** Bank identifiers that several countries share. */
import { invalid, type Validator, unknown, valid } from './validator.ts';

/** ISO 3166-1 alpha-2 codes, and XK (Kosovo), as BICs use them. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';
const COUNTRY_SET: ReadonlySet<string> = new Set(COUNTRIES.split(' '));

/** True for an ISO 3166-1 alpha-2 code in upper case. */
export function isCountry(code: string): boolean {
  return COUNTRY_SET.has(code);
}

/** Business identifier code: ISO 9362: 4 letters, country, 2 location characters (second never O), optional branch. */
export const bic: Validator = (value) => {
  const text = value.replace(/\s/g, '');
  if (!/^[A-Z]{4}[A-Z]{2}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/.test(text)) return invalid('not the form of a BIC');
  if (!isCountry(text.slice(4, 6))) return invalid('no such country');
  // Upper-case words such as CUSTOMER have the form too; a digit or a branch makes it likelier.
  return /\d/.test(text) ? valid(0.2, 'country and form fit') : unknown('also the form of an upper-case word');
};
