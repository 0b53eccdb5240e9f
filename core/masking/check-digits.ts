/** Check digits that a format-preserving pseudonym can keep right, so that programs which verify them still take the value. */

/** Which characters of a value are its check digits, and what they have to be. */
export interface CheckDigits {
  /** UTF-16 offsets of characters that are computed or, like a country code, stay as they are. Undefined: the value is not of this kind. */
  fixed(value: string): ReadonlySet<number> | undefined;
  /** The value with its check digits made right. */
  corrected(value: string): string;
}

export type CheckDigitsName = 'luhn' | 'mod97';

export const checkDigits: Readonly<Record<CheckDigitsName, CheckDigits>> = {
  /** ISO/IEC 7812-1, annex B: the last digit of a card number. */
  luhn: {
    fixed: (value) => {
      const at = lastDigit(value);
      return at < 0 ? undefined : new Set([at]);
    },
    corrected: (value) => {
      const at = lastDigit(value);
      let sum = 0;
      let doubled = true;
      for (let i = at - 1; i >= 0; i--) {
        const digit = value.charCodeAt(i) - 48;
        if (digit < 0 || digit > 9) continue;
        const weighed = doubled ? digit * 2 : digit;
        sum += weighed > 9 ? weighed - 9 : weighed;
        doubled = !doubled;
      }
      return `${value.slice(0, at)}${(10 - (sum % 10)) % 10}${value.slice(at + 1)}`;
    },
  },
  /** ISO 13616-1 and ISO/IEC 7064 MOD 97-10: the two digits after an IBAN's country code, which stays. */
  mod97: {
    fixed: (value) => {
      const head = /^\s*[A-Za-z]{2}\d\d/.exec(value)?.[0].length;
      return head === undefined ? undefined : new Set([head - 4, head - 3, head - 2, head - 1]);
    },
    corrected: (value) => {
      const head = /^\s*[A-Za-z]{2}\d\d/.exec(value)?.[0].length ?? 4;
      let remainder = 0;
      for (const c of `${value.slice(head)}${value.slice(head - 4, head - 2)}00`.toUpperCase()) {
        const code = c.charCodeAt(0);
        if (code >= 48 && code <= 57) remainder = (remainder * 10 + code - 48) % 97;
        else if (code >= 65 && code <= 90) remainder = (remainder * 100 + code - 55) % 97;
      }
      return `${value.slice(0, head - 2)}${String(98 - remainder).padStart(2, '0')}${value.slice(head)}`;
    },
  },
};

function lastDigit(value: string): number {
  for (let i = value.length - 1; i >= 0; i--) {
    const code = value.charCodeAt(i);
    if (code >= 48 && code <= 57) return i;
  }
  return -1;
}
