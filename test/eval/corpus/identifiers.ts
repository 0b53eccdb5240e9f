/**
 * Values that are valid by their published algorithms, made from nothing. Written apart from `core/validators` on purpose:
 * a generator that borrowed the validator under test could only agree with it.
 */
import type { Random } from './random.ts';

const weighted = (digits: string, weights: readonly number[]) => weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** ISO/IEC 7812-1 annex B. */
function luhnDigit(body: string): string {
  let sum = 0;
  [...body].reverse().forEach((digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return String((10 - (sum % 10)) % 10);
}

/** ISO 7064 MOD 97-10 over a text in which letters count 10–35. */
function mod97(text: string): number {
  let rest = 0;
  for (const char of text) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Birth date between 1935 and 2005. */
function birth(random: Random): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: random.int(1935, 2005), month: random.int(1, 12), day: random.int(1, 28) };
}

export function card(random: Random): string {
  const [prefix, length] = random.pick([['4539', 16], ['4716', 16], ['5234', 16], ['2231', 16], ['5573', 16], ['3714', 15], ['6011', 16], ['3569', 16]] as const);
  const body = prefix + random.digits(length - prefix.length - 1);
  const digits = body + luhnDigit(body);
  if (length === 15) return random.chance(0.5) ? digits : `${digits.slice(0, 4)} ${digits.slice(4, 10)} ${digits.slice(10)}`;
  return random.pick([digits, digits.replace(/(\d{4})(?=\d)/g, '$1 '), digits.replace(/(\d{4})(?=\d)/g, '$1-')]);
}

/** Structures of the SWIFT IBAN registry: `n` digits, `a` letters. */
const ibanStructures: Readonly<Record<string, string>> = { DE: 'n18', FR: 'n10n11n2', NL: 'a4n10', ES: 'n20', IT: 'a1n10n12', GB: 'a4n14', PL: 'n24', BE: 'n12', AT: 'n16', CH: 'n5n12', PT: 'n21', SE: 'n20' };
export function iban(random: Random): string {
  const country = random.pick(Object.keys(ibanStructures));
  let bban = '';
  for (const [, kind, length] of (ibanStructures[country] ?? '').matchAll(/([na])(\d+)/g)) bban += kind === 'n' ? random.digits(Number(length)) : random.letters(Number(length));
  const check = pad(98 - mod97(`${bban}${country}00`), 2);
  const compact = `${country}${check}${bban}`;
  return random.chance(0.5) ? compact : compact.replace(/(.{4})(?=.)/g, '$1 ');
}

/** SSA: areas 000, 666 and 900–999, group 00 and serial 0000 are never issued. */
export function usSsn(random: Random): string {
  const area = random.int(1, 899);
  return `${pad(area === 666 ? 667 : area, 3)}-${pad(random.int(1, 99), 2)}-${pad(random.int(1, 9999), 4)}`;
}

/** IRS: 9xx with group 50–65, 70–88, 90–92 or 94–99. */
export function usItin(random: Random): string {
  return `9${random.digits(2)}-${random.pick([50, 58, 65, 70, 77, 88, 90, 92, 94, 99])}-${pad(random.int(1, 9999), 4)}`;
}

/** HMRC NIM39110: prefixes without D F I Q U V, no BG GB KN NK NT TN ZZ, second letter not O, suffix A–D. */
export function ukNino(random: Random): string {
  const prefix = random.pick(['AB', 'CE', 'JG', 'HT', 'LP', 'NR', 'PW', 'SX', 'WK', 'YZ']);
  const body = random.digits(6);
  return random.chance(0.5) ? `${prefix}${body}${random.pick(['A', 'B', 'C', 'D'])}` : `${prefix} ${body.slice(0, 2)} ${body.slice(2, 4)} ${body.slice(4)} ${random.pick(['A', 'B', 'C', 'D'])}`;
}

/** NHS number: mod 11, weights 10–2; a check digit of 10 is not used. */
export function ukNhs(random: Random): string {
  for (;;) {
    const body = `4${random.digits(8)}`;
    const check = 11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
    if (check === 10) continue;
    const digits = body + (check === 11 ? '0' : String(check));
    return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
  }
}

export function caSin(random: Random): string {
  const body = `${random.int(1, 7)}${random.digits(7)}`;
  const digits = body + luhnDigit(body);
  const separator = random.pick([' ', '-']);
  return [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].join(separator);
}

/** INSEE: key = 97 − (number mod 97). */
export function frNir(random: Random): string {
  const { year, month } = birth(random);
  const body = `${random.int(1, 2)}${pad(year % 100, 2)}${pad(month, 2)}${random.pick(['75', '13', '69', '31', '33', '59'])}${pad(random.int(1, 500), 3)}${pad(random.int(1, 990), 3)}`;
  const key = pad(97 - Number(BigInt(body) % 97n), 2);
  return random.chance(0.6) ? body + key : `${body[0]} ${body.slice(1, 3)} ${body.slice(3, 5)} ${body.slice(5, 7)} ${body.slice(7, 10)} ${body.slice(10)} ${key}`;
}

/** BZSt: ten digits of which exactly one stands twice, ISO 7064 MOD 11,10. */
export function deTaxId(random: Random): string {
  for (;;) {
    const nine = random.sample([...'0123456789'], 9);
    const twice = random.pick(nine);
    const digits = random.sample([...nine, twice], 10);
    if (digits[0] === '0') continue;
    let product = 10;
    for (const digit of digits) {
      const sum = (Number(digit) + product) % 10 || 10;
      product = (sum * 2) % 11;
    }
    const check = (11 - product) % 10;
    const compact = digits.join('') + check;
    return random.chance(0.5) ? compact : `${compact.slice(0, 2)} ${compact.slice(2, 5)} ${compact.slice(5, 8)} ${compact.slice(8)}`;
  }
}

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
export function esNif(random: Random): string {
  const digits = random.digits(8);
  return `${digits}${dniLetters[Number(digits) % 23]}`;
}
export function esNie(random: Random): string {
  const prefix = random.int(0, 2);
  const digits = pad(random.int(1_000_000, 9_999_999), 7);
  return `${'XYZ'[prefix]}${digits}${dniLetters[Number(`${prefix}${digits}`) % 23]}`;
}

/** DM 12/03/1974: odd and even position values, check letter mod 26. */
export function itFiscalCode(random: Random): string {
  const consonants = 'BCDFGLMNPRSTVZ';
  const { year, month, day } = birth(random);
  const place = random.pick(['H501', 'F205', 'L219', 'F839', 'A944', 'D612']);
  const body = `${random.letters(6, consonants)}${pad(year % 100, 2)}${'ABCDEHLMPRST'[month - 1]}${pad(day + (random.chance(0.5) ? 40 : 0), 2)}${place}`;
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  let sum = 0;
  [...body].forEach((char, index) => {
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? (odd[value] as number) : value;
  });
  return body + String.fromCharCode(65 + (sum % 26));
}

/** Elfproef: weights 9 … 2, −1. */
export function nlBsn(random: Random): string {
  for (;;) {
    const body = random.digits(8);
    const check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    if (check < 10) return body + check;
  }
}

/** PESEL: century in the month, weights 1 3 7 9. */
export function plPesel(random: Random): string {
  const { year, month, day } = birth(random);
  const body = `${pad(year % 100, 2)}${pad(month + (year >= 2000 ? 20 : 0), 2)}${pad(day, 2)}${pad(random.int(0, 9999), 4)}`;
  return body + ((10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
}

const verhoeffD = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]];
const verhoeffP = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2], [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1], [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8]];
const verhoeffInverse = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];
/** UIDAI: twelve digits, first 2–9, Verhoeff. */
export function inAadhaar(random: Random): string {
  const body = `${random.int(2, 9)}${random.digits(10)}`;
  let check = 0;
  [...body].reverse().forEach((digit, index) => { check = verhoeffD[check]?.[verhoeffP[(index + 1) % 8]?.[Number(digit)] as number] as number; });
  const digits = body + verhoeffInverse[check];
  return random.chance(0.5) ? `${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}` : digits;
}
/** Income Tax Department: fourth letter P is a person. */
export function inPan(random: Random): string { return `${random.letters(3)}P${random.letters(1)}${random.digits(4)}${random.letters(1)}`; }

function mod11Pair(body: string, first: readonly number[], second: readonly number[]): string {
  const digit = (text: string, weights: readonly number[]) => { const rest = weighted(text, weights) % 11; return rest < 2 ? 0 : 11 - rest; };
  const one = digit(body, first);
  return `${body}${one}${digit(`${body}${one}`, second)}`;
}
export function brCpf(random: Random): string {
  const digits = mod11Pair(random.digits(9), [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return random.chance(0.7) ? `${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6, 9)}-${digits.slice(9)}` : digits;
}
export function brCnpj(random: Random): string {
  const digits = mod11Pair(`${random.digits(8)}0001`, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  return `${digits.slice(0, 2)}.${digits.slice(2, 5)}.${digits.slice(5, 8)}/${digits.slice(8, 12)}-${digits.slice(12)}`;
}
/** ATO: weights 1 4 3 7 5 8 6 9 10, sum divisible by 11. */
export function auTfn(random: Random): string {
  for (;;) {
    const body = random.digits(8);
    const partial = weighted(body, [1, 4, 3, 7, 5, 8, 6, 9]);
    for (let check = 0; check < 10; check++) if ((partial + 10 * check) % 11 === 0) return `${body.slice(0, 3)} ${body.slice(3, 6)} ${body.slice(6)}${check}`;
  }
}
/** Skatteverket: Luhn over ten digits. */
export function sePersonnummer(random: Random): string {
  const { year, month, day } = birth(random);
  const body = `${pad(year % 100, 2)}${pad(month, 2)}${pad(day, 2)}${pad(random.int(100, 950), 3)}`;
  return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`;
}
/** DVV: control character out of 31. */
export function fiHetu(random: Random): string {
  const { year, month, day } = birth(random);
  const date = `${pad(day, 2)}${pad(month, 2)}${pad(year % 100, 2)}`;
  const serial = pad(random.int(2, 899), 3);
  return `${date}${year >= 2000 ? 'A' : '-'}${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(date + serial) % 31]}`;
}
/** NVI: tenth and eleventh digit from the first nine. */
export function trNationalId(random: Random): string {
  const body = random.digits(9);
  const at = (index: number) => Number(body[index]);
  const tenth = ((((at(0) + at(2) + at(4) + at(6) + at(8)) * 7 - (at(1) + at(3) + at(5) + at(7))) % 10) + 10) % 10;
  const eleventh = ([...body].reduce((sum, digit) => sum + Number(digit), 0) + tenth) % 10;
  return `${body}${tenth}${eleventh}`;
}
/** AHV: EAN-13 with 756. */
export function chAhv(random: Random): string {
  const body = `756${random.digits(9)}`;
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  const digits = `${body}${(10 - (sum % 10)) % 10}`;
  return `${digits.slice(0, 3)}.${digits.slice(3, 7)}.${digits.slice(7, 11)}.${digits.slice(11)}`;
}
/** GB 11643: ISO 7064 MOD 11-2, with a real division code. */
export function cnResidentId(random: Random): string {
  const { year, month, day } = birth(random);
  const body = `${random.pick(['110101', '310104', '440106', '510104', '320102'])}${year}${pad(month, 2)}${pad(day, 2)}${pad(random.int(1, 999), 3)}`;
  return body + '10X98765432'[weighted(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11];
}
/** ICA: letters S/T (citizens), weights 2 7 6 5 4 3 2. */
export function sgNric(random: Random): string {
  const prefix = random.pick(['S', 'T']);
  const digits = random.digits(7);
  const rest = (weighted(digits, [2, 7, 6, 5, 4, 3, 2]) + (prefix === 'T' ? 4 : 0)) % 11;
  return `${prefix}${digits}${'JZIHGFEDCBA'[rest]}`;
}
/** Home Affairs: YYMMDD SSSS C A Z, Luhn. */
export function zaId(random: Random): string {
  const { year, month, day } = birth(random);
  const body = `${pad(year % 100, 2)}${pad(month, 2)}${pad(day, 2)}${pad(random.int(0, 9999), 4)}08`;
  return body + luhnDigit(body);
}
export function mac(random: Random): string {
  // Bit 0 of the first octet is multicast: an interface's own address never has it.
  const first = (random.int(0, 127) * 2).toString(16).padStart(2, '0');
  return [first, ...Array.from({ length: 5 }, () => random.hex(2))].join(random.pick([':', '-']));
}
/** Public addresses only. */
export function ipv4(random: Random): string { return `${random.pick([81, 82, 93, 109, 151, 185, 188, 212, 217])}.${random.int(1, 254)}.${random.int(1, 254)}.${random.int(2, 254)}`; }
export function ipv6(random: Random): string { return `2a02:${random.hex(4).replace(/^0+/, '1')}:${random.hex(4).replace(/^0+/, '2')}:${random.int(1, 9)}::${random.hex(3).replace(/^0+/, '3')}`; }
