/** The check-digit schemes that national numbers share. All take strings that were checked to be digits (or [0-9A-Z] where said). */
import { digitAt } from './digits.ts';

/** ISO/IEC 7812-1 annex B ("Luhn"), check digit last. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    let digit = digitAt(digits, digits.length - 1 - fromRight);
    if (fromRight % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Σ digit × weight over the weights' length. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += digitAt(digits, index) * (weights[index] ?? 0);
  return sum;
}

/** The number mod `modulus` for strings too long for a double. */
export function modulo(digits: string, modulus: number): number {
  let rest = 0;
  for (let index = 0; index < digits.length; index++) rest = (rest * 10 + digitAt(digits, index)) % modulus;
  return rest;
}

/** ISO/IEC 7064 MOD 97-10 over [0-9A-Z] (letters are 10..35): the value must leave 1. */
export function mod97(text: string): number {
  let rest = 0;
  for (let index = 0; index < text.length; index++) {
    const value = alnumValue(text, index);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** 0..9 for digits, 10..35 for A..Z, NaN otherwise. */
export function alnumValue(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 90) return code - 55;
  return Number.NaN;
}

/** ISO/IEC 7064 hybrid MOD 11,10 (German tax ids, Croatian OIB), check digit last. */
export function mod11x10(digits: string): boolean {
  let product = 10;
  for (let index = 0; index < digits.length - 1; index++) {
    let sum = (digitAt(digits, index) + product) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** ISO/IEC 7064 hybrid MOD 37,36 over [0-9A-Z], check character last. */
export function mod37x36(text: string): boolean {
  let product = 36;
  for (let index = 0; index < text.length - 1; index++) {
    let sum = (alnumValue(text, index) + product) % 36;
    if (sum === 0) sum = 36;
    product = (sum * 2) % 37;
  }
  return (37 - product) % 36 === alnumValue(text, text.length - 1);
}

/** ISO/IEC 7064 MOD 11-2, check character (0..9, X) last. */
export function mod11x2(text: string): boolean {
  let rest = 0;
  for (let index = 0; index < text.length - 1; index++) rest = ((rest + digitAt(text, index)) * 2) % 11;
  const check = (12 - rest) % 11;
  return text[text.length - 1] === (check === 10 ? 'X' : String(check));
}

const VERHOEFF_D = [
  '0123456789', '1234067895', '2340178956', '3401289567', '4012395678',
  '5987604321', '6598710432', '7659821043', '8765932104', '9876543210',
] as const;
const VERHOEFF_P = [
  '0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258',
] as const;

/** Verhoeff, Error Detecting Decimal Codes (1969): the dihedral group of order 10, check digit last. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = digitAt(digits, digits.length - 1 - fromRight);
    const permuted = digitAt(VERHOEFF_P[fromRight % 8] ?? '', digit);
    check = digitAt(VERHOEFF_D[check] ?? '', permuted);
  }
  return check === 0;
}
