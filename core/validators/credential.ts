/** Credentials: whether a token of the right shape can be a live one. */
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** Prefixed keys: documentation keys and repeated characters are nobody's. */
export const cloudKey: Validator = (value) => {
  if (/EXAMPLE/.test(value)) return reserved('a documentation key');
  if (/(.)\1{7}/.test(value)) return invalid('a placeholder');
  return valid(0.5, 'prefix and length of a key');
};

/** RFC 7519: the first part is a JSON object with `alg`; Base64url of `{"` is `eyJ`. */
export const jwt: Validator = (value) => {
  const header = value.slice(0, value.indexOf('.'));
  // `"alg"` in Base64url at each of its three alignments.
  return /ImFsZyI|JhbGci|iYWxnI/.test(header) ? valid(0.01, 'the header names its algorithm') : invalid('the header names no algorithm');
};
