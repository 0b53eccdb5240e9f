/** Credentials: whether a token of the right shape can be a live one. */
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** What people write where a key belongs. */
const STAND_IN = /x{6}|X{6}|\.{4}|\*{4}|your|placeholder|dummy|sample|changeme|redacted|replace|insert|_here\b|-here\b|fake|notreal|1234567890|0123456789|abcdefgh/i;
/** Bits per character below which a body is typed, not drawn: 32 random hexadecimal digits seldom have less than 3. */
const DRAWN = 2.5;

/** Prefixed keys: documentation keys, stand-ins and repeated characters are nobody's. */
export const cloudKey: Validator = (value) => {
  if (/EXAMPLE/.test(value)) return reserved('a documentation key');
  if (/(.)\1{7}/.test(value) || STAND_IN.test(value)) return invalid('a placeholder');
  if (entropy(value.slice(4)) < DRAWN) return invalid('too regular to be drawn at random');
  return valid(0.5, 'prefix and length of a key');
};

/** The value of a field that is called a secret: drawn at random, with letters and digits, and neither a path, a name nor a stand-in. */
export const secret: Validator = (value) => {
  const text = value.trim();
  if (STAND_IN.test(text) || /EXAMPLE|(.)\1{4}/.test(text)) return invalid('a placeholder');
  if (/^[a-z][a-z0-9]*(?:[-_.:/][a-z0-9]+)*$/.test(text) && !/\d.*[a-z].*\d.*[a-z]/.test(text)) return invalid('words, not a drawn secret');
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(text) || /^(?:\.{0,2}\/|[a-z]+:\/\/)/i.test(text)) return invalid('a path or a name');
  const digits = text.replace(/\D/g, '').length, letters = text.replace(/[^A-Za-z]/g, '').length;
  if (digits < 3 || letters < 3) return invalid('a drawn secret has digits and letters');
  return entropy(text) >= (/^[0-9a-f]+$/i.test(text) ? 3 : 3.5) ? valid(0.2, 'looks drawn at random') : invalid('too regular to be drawn at random');
};

/** Shannon's entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** RFC 7519: the first part is a JSON object with `alg`; Base64url of `{"` is `eyJ`. */
export const jwt: Validator = (value) => {
  const header = value.slice(0, value.indexOf('.'));
  // `"alg"` in Base64url at each of its three alignments.
  return /ImFsZyI|JhbGci|iYWxnI/.test(header) ? valid(0.01, 'the header names its algorithm') : invalid('the header names no algorithm');
};
