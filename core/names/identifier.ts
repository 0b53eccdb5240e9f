/** Splits identifiers and prose into lower-case words without accents. */

const PART = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|[\p{Lo}\p{Lm}\p{M}]+|\d+/gu;

/** `customerSSNNumber2` → customer, ssn, number, 2; `first_name`, `first-name`, `First Name` → first, name. */
export function splitIdentifier(name: string): string[] {
  const plain = name.normalize('NFD').replace(/\p{Mn}/gu, '');
  return (plain.match(PART) ?? []).map((part) => part.toLowerCase());
}

/** The joined form by which names are compared, so that `firstname`, `first_name` and `FirstName` are one. */
export const joinWords = (words: readonly string[]): string => words.join('');
