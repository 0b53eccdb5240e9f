/** Masking is one post-processor, so that every output masks alike. */
import type { MaskSpec } from '../rules/rule.ts';

/** How a value is replaced. `mask` follows the entity's own default. */
export type Replacement =
  | { readonly kind: 'mask'; readonly spec?: MaskSpec }
  | { readonly kind: 'redact' }
  /** Keyed, deterministic, joinable: `email_7Qk…`. */
  | { readonly kind: 'token' }
  /** A realistic value, seeded from the keyed hash: the same value gives the same fake. */
  | { readonly kind: 'fake' }
  /**
   * FF1 (NIST SP 800-38G): another value of the same format. `tweak` keeps columns apart: `customers.ssn`. `keepCheckDigits`:
   * the result passes the check that the value passes (cards: Luhn, IBANs: modulo 97), where the entity has one of these.
   */
  | { readonly kind: 'format'; readonly tweak?: string; readonly keepCheckDigits?: boolean };

export interface Masker {
  /** Replaces one value. The result never contains the value and its length does not depend on the value's length, format characters aside. */
  replace(value: string, entity: string, how: Replacement): string;
  /** The same for many values of one entity. */
  replacer(entity: string, how: Replacement): (value: string) => string;
}
