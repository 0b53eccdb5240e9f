/** Identifiers of Latin America, Brazil apart. */
import { validate as arCuitValidate } from 'stdnum/lib/cjs/ar/cuit.js';
import { validate as boCiValidate } from 'stdnum/lib/cjs/bo/ci.js';
import { validate as clRutValidate } from 'stdnum/lib/cjs/cl/rut.js';
import { validate as coNitValidate } from 'stdnum/lib/cjs/co/nit.js';
import { validate as crCpfValidate } from 'stdnum/lib/cjs/cr/cpf.js';
import { validate as crCpjValidate } from 'stdnum/lib/cjs/cr/cpj.js';
import { validate as cuNiValidate } from 'stdnum/lib/cjs/cu/ni.js';
import { validate as gtCuiValidate } from 'stdnum/lib/cjs/gt/cui.js';
import { validate as gtNitValidate } from 'stdnum/lib/cjs/gt/nit.js';
import { validate as mxCurpValidate } from 'stdnum/lib/cjs/mx/curp.js';
import { validate as peRucValidate } from 'stdnum/lib/cjs/pe/ruc.js';
import { validate as uyCedulaValidate } from 'stdnum/lib/cjs/uy/cedula.js';
import { validate as veRifValidate } from 'stdnum/lib/cjs/ve/rif.js';
import { luhn, weighted } from './checksum.ts';
import { isDateOfSomeCentury } from './date.ts';
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { fromStdnum } from './stdnum.ts';
import { invalid, reserved, type Validator, unknown, valid } from './validator.ts';

export const arCuit: Validator = fromStdnum(arCuitValidate, { chance: 0.01, note: 'type and mod 11 check digit fit', prefix: /^CUI[TL]\s*/i });
/** Argentine DNI: 7 or 8 digits, no check digit; grouped by dots. */
export const arDni: Validator = digitValidator({ length: [7, 8], check: (digits) => !digits.startsWith('0') || digits.length === 8, chance: 1, note: 'seven or eight digits' });
/** Argentine bank key (CBU): BCRA A 2170: 22 digits in two blocks, weights 9713 from the right, mod 10. */
export const arCbu: Validator = digitValidator({
  length: 22,
  check: (digits) => {
    const block = (part: string): boolean => weighted(part, part.length === 8 ? [7, 1, 3, 9, 7, 1, 3, 1] : [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3, 1]) % 10 === 0;
    return block(digits.slice(0, 8)) && block(digits.slice(8));
  },
  chance: 0.01,
  note: 'both mod 10 check digits are right',
});

export const clRut: Validator = fromStdnum(clRutValidate, { chance: 1 / 11, note: 'mod 11 check character is right' });
export const coNit: Validator = fromStdnum(coNitValidate, { chance: 0.09, note: 'mod 11 check digit is right' });
/** Colombian cédula: 6–8 or 10 digits, no check digit. */
export const coCedula: Validator = digitValidator({ length: [6, 10], check: (digits) => digits.length !== 9 && !digits.startsWith('0') && (digits.length < 10 || digits.startsWith('1')), chance: 0.5, note: 'a cédula has 6 to 8 or 10 digits' });

export const mxCurp: Validator = fromStdnum(mxCurpValidate, { chance: 0.0001, note: 'birth date, state and check digit fit' });

const RFC_ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';
/** RFC: SAT Anexo 1: letters, YYMMDD, homoclave, check mod 11. Many real ones don't keep the check, so it only strengthens. XAXX/XEXX are generic. */
export const mxRfc: Validator = (value) => {
  const text = value.replace(/[\s\-_]/g, '').toUpperCase();
  const match = /^([A-Z&Ñ]{3,4})(\d{6})([0-9A-Z]{3})?$/u.exec(text);
  if (!match) return invalid('not the form of an RFC');
  if (text.startsWith('XAXX010101') || text.startsWith('XEXX010101')) return reserved('generic RFC of SAT');
  const [, letters = '', date = '', homoclave = ''] = match;
  if (letters.length === 3 && homoclave === '') return invalid('a company has a homoclave');
  if (letters.length === 4 && RFC_WORDS.has(letters)) return invalid('SAT never issues this word');
  if (!isDateOfSomeCentury(Number(date.slice(0, 2)), Number(date.slice(2, 4)), Number(date.slice(4, 6)))) return invalid('no such date');
  if (homoclave === '') return valid(0.037, 'the date fits');
  const padded = `   ${text.slice(0, -1)}`.slice(-12);
  let sum = 0;
  for (let index = 0; index < 12; index++) sum += RFC_ALPHABET.indexOf(padded[index] ?? '') * (13 - index);
  const check = '0123456789A'[(((11 - sum) % 11) + 11) % 11];
  return check === text.at(-1) ? valid(0.003, 'date and check character fit') : valid(0.037, 'the date fits; the check character does not, as in many real ones');
};
/** Words that SAT replaces (Anexo IV, "palabras inconvenientes"). */
const RFC_WORDS: ReadonlySet<string> = new Set(
  'BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COJA COJE COJI COJO CULO FETO GUEY JOTO KACA KACO KAGA KAGO KAKA KOGE KOJO KULO MAME MAMO MEAR MEAS MEON MION MOCO MULA PEDA PEDO PENE PUTA PUTO QULO RATA RUIN'.split(' '),
);

/** Mexican bank key (CLABE): 18 digits, weights 3 7 1, mod 10; bank code from 002. */
export const mxClabe: Validator = digitValidator({
  length: 18,
  check: (digits) => digits >= '002' && (10 - (CLABE_SUM(digits) % 10)) % 10 === digitAt(digits, 17),
  chance: 0.1,
  note: 'mod 10 check digit is right',
});
function CLABE_SUM(digits: string): number {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += (digitAt(digits, index) * ([3, 7, 1][index % 3] ?? 0)) % 10;
  return sum;
}
/** Mexican social security number (NSS): IMSS: 11 digits, Luhn. */
export const mxNss: Validator = digitValidator({ length: 11, check: luhn, chance: 0.1, note: 'Luhn check digit is right' });
/** Mexican voter key (clave de elector): 6 consonants, YYMMDD, state, sex, 3 digits. */
export const mxElector: Validator = (value) => {
  const text = compact(value);
  if (!/^[A-Z]{6}\d{6}(?:0[1-9]|[12]\d|3[0-2]|8[78])[HM]\d{3}$/.test(text)) return invalid('not the form of a voter key');
  return isDateOfSomeCentury(Number(text.slice(6, 8)), Number(text.slice(8, 10)), Number(text.slice(10, 12))) ? valid(0.001, 'birth date, state and sex fit') : invalid('no such birth date');
};

/** Peruvian DNI (8 digits) with its optional check digit or letter: weights 3 2 7 6 5 4 3 2, mod 11. */
export const peDni: Validator = (value) => {
  const text = compact(value);
  if (/^\d{8}$/.test(text)) return isRepeated(text) ? invalid('never issued') : unknown('without its check character nothing can be judged');
  if (!/^\d{8}[0-9A-K]$/.test(text)) return invalid('not the form of a DNI');
  const rest = weighted(text, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return '65432110987'[rest] === text[8] || 'KJIHGFEDCBA'[rest] === text[8] ? valid(0.09, 'mod 11 check character is right') : invalid('check character is wrong');
};
export const peRuc: Validator = fromStdnum(peRucValidate, { chance: 0.005, note: 'prefix and mod 11 check digit fit' });

export const uyCi: Validator = fromStdnum(uyCedulaValidate, { chance: 0.1, note: 'mod 10 check digit is right' });
/** Uruguayan RUT: DGI: registration 01–22, 6 digits, 001, check: weights 4 3 2 9 8 7 6 5 4 3 2, mod 11. */
export const uyRut: Validator = (value) => UY_RUT(value.replace(/^\s*UY/i, ''));
const UY_RUT = digitValidator({
  length: 12,
  check: (digits) => {
    const kind = Number(digits.slice(0, 2));
    const check = (11 - (weighted(digits, [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return kind >= 1 && kind <= 22 && digits.slice(2, 8) !== '000000' && digits.slice(8, 11) === '001' && check === digitAt(digits, 11);
  },
  chance: 0.00002,
  note: 'registration, branch and mod 11 check digit fit',
});

/** Paraguayan RUC: weights 2.. from the right, mod 11 mod 10. */
export const pyRuc: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 5, 9) || (digits.length > 5 && isRepeated(digits))) return invalid('a RUC has 5 to 9 digits');
  let sum = 0;
  for (let fromRight = 1; fromRight < digits.length; fromRight++) sum += digitAt(digits, digits.length - 1 - fromRight) * (fromRight + 1);
  return ((11 - (sum % 11)) % 11) % 10 === digitAt(digits, digits.length - 1) ? valid(0.1, 'mod 11 check digit is right') : invalid('check digit is wrong');
};
/** Paraguayan cédula: up to 7 digits grouped by dots, no check digit. */
export const pyCi: Validator = digitValidator({ length: [5, 7], check: (digits) => !digits.startsWith('0'), chance: 0.9, note: 'five to seven digits' });
export const boCi: Validator = fromStdnum(boCiValidate, { chance: 0.02, note: 'the department exists' });

/** Ecuadorian cédula: province 01–24, 30 or 50, third digit below 7, Luhn from the left. */
export const ecCi: Validator = digitValidator({ length: 10, check: isEcuadorian, chance: 0.018, note: 'province and check digit fit' });
function isEcuadorian(digits: string): boolean {
  const province = Number(digits.slice(0, 2));
  return ((province >= 1 && province <= 24) || province === 30 || province === 50) && digits.charCodeAt(2) <= 54 && luhn(digits);
}
/** Ecuadorian RUC: SRI: person (cédula + establishment), public body (third digit 6) or company (9); newer companies carry no check digit. */
export const ecRuc: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 13)) return invalid('a RUC has 13 digits');
  const province = Number(digits.slice(0, 2));
  if (!((province >= 1 && province <= 24) || province === 30 || province === 50)) return invalid('no such province');
  const natural = digits.slice(10) !== '000' && isEcuadorian(digits.slice(0, 10));
  const publicBody = digits.slice(9) !== '0000' && weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  const company = digits.slice(10) !== '000' && weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  const third = digits[2] ?? '';
  const right = third < '6' ? natural : third === '6' ? publicBody || natural : third === '9' ? company || publicBody : false;
  return right ? valid(0.02, 'province and check digit fit') : invalid('check digit is wrong');
};

export const veRif: Validator = fromStdnum(veRifValidate, { chance: 0.09, note: 'type and mod 11 check digit fit' });
export const crCedula: Validator = fromStdnum(crCpfValidate, { chance: 0.9, note: 'the form of a cédula física' });
export const crJuridica: Validator = fromStdnum(crCpjValidate, { chance: 0.01, note: 'an assigned class of legal person' });
/** Costa Rican DIMEX of a foreigner: 11 or 12 digits from 1. */
export const crDimex: Validator = digitValidator({ length: [11, 12], check: (digits) => digits.startsWith('1'), chance: 0.1, note: 'eleven or twelve digits from 1' });
export const gtCui: Validator = fromStdnum(gtCuiValidate, { chance: 0.02, note: 'department, municipality and mod 11 check digit fit' });
export const gtNit: Validator = fromStdnum(gtNitValidate, { chance: 0.09, note: 'mod 11 check character is right' });

/** Salvadoran DUI: 8 digits and a check: weights 9..2, mod 10. */
export const svDui: Validator = digitValidator({
  length: 9,
  check: (digits) => (10 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 10)) % 10 === digitAt(digits, 8),
  chance: 0.1,
  note: 'mod 10 check digit is right',
});
/** Salvadoran NIT: 14 digits, old and new weights by the serial. */
export const svNit: Validator = (value) => SV_NIT(value.replace(/^\s*SV/i, ''));
const SV_NIT = digitValidator({
  length: 14,
  check: (digits) => {
    if (!/^[019]/.test(digits)) return false;
    const old = digits.slice(10, 13) <= '100';
    const sum = weighted(digits, old ? [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2] : [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    return (old ? (sum % 11) % 10 : ((11 - (sum % 11)) % 11) % 10) === digitAt(digits, 13);
  },
  chance: 0.03,
  note: 'place and mod 11 check digit fit',
});

/** Dominican cédula: 11 digits, Luhn; a few hundred of the oldest don't keep it. */
export const doCedula: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 11) || isRepeated(digits)) return invalid('a cédula has 11 digits');
  return luhn(digits) ? valid(0.1, 'Luhn check digit is right') : unknown('Luhn check digit is wrong, as in some of the oldest');
};
/** Dominican RNC: 9 digits, weights 7 9 8 6 5 4 3 2. */
export const doRnc: Validator = digitValidator({
  length: 9,
  check: (digits) => ((10 - (weighted(digits, [7, 9, 8, 6, 5, 4, 3, 2]) % 11)) % 9 + 9) % 9 + 1 === digitAt(digits, 8),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});
export const cuNi: Validator = fromStdnum(cuNiValidate, { chance: 0.036, note: 'birth date fits' });
/** Honduran DNI: department 01–18, municipality, birth year, serial: 13 digits. */
export const hnDni: Validator = digitValidator({ length: 13, check: (digits) => /^(?:0[1-9]|1[0-8])(?:0[1-9]|[12]\d)(?:19|20)\d{2}/.test(digits), chance: 0.001, note: 'department and birth year fit' });
/** Nicaraguan cédula: municipality, DDMMYY, serial, letter of mod 23. */
export const niCedula: Validator = (value) => {
  const text = compact(value);
  if (!/^\d{13}[A-HJ-NP-Y]$/.test(text)) return invalid('not the form of a cédula');
  if (!isDateOfSomeCentury(Number(text.slice(7, 9)), Number(text.slice(5, 7)), Number(text.slice(3, 5)))) return invalid('no such birth date');
  return 'ABCDEFGHJKLMNPQRSTUVWXY'[Number(text.slice(0, 13)) % 23] === text[13] ? valid(0.0016, 'birth date and check letter fit') : invalid('check letter is wrong');
};
/** Panamanian cédula: province 1–13 or E, N, PE, PI, AV; book; entry. */
export const paCedula: Validator = (value) => (/^(?:1[0-3]|[1-9]|E|N|PE|[1-9]AV|[1-9]PI)-\d{1,4}-\d{1,6}$/i.test(value.trim()) ? valid(0.5, 'province, book and entry') : invalid('not the form of a cédula'));
