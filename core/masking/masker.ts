/** Masking is one post-processor, so that every output masks alike. */
import type { MaskSpec } from '../rules/rule.ts';

/** How a value is replaced. `mask` follows the entity's own default. */
export type Replacement =
  | { readonly kind: 'mask'; readonly spec?: MaskSpec }
  | { readonly kind: 'redact' }
  /** Keyed, deterministic, joinable: `email_7Qk…`. */
  | { readonly kind: 'token' }
  /** A realistic value, seeded from the keyed hash: the same value gives the same fake. */
  | { readonly kind: 'fake' };

export interface Masker {
  /** Replaces one value. The result never contains the value and its length does not depend on the value's length, format characters aside. */
  replace(value: string, entity: string, how: Replacement): string;
}
