/**
 * A value's fingerprint for the baseline: HMAC-SHA-256 under a key that does not lie in the repository, because a plain hash
 * of a nine-digit number is found by trying them all. 96 bits: chance collisions stay below 10⁻⁹ for a billion values.
 */
import { createHmac } from 'node:crypto';

export function fingerprint(key: Uint8Array, entity: string, value: string): string {
  return createHmac('sha256', key).update(entity).update('\0').update(value.normalize('NFC')).digest('base64url').slice(0, 16);
}

/** Tells a wrong key from changed values without telling the key. */
export function keyId(key: Uint8Array): string {
  return createHmac('sha256', key).update('pii-gate baseline key id').digest('base64url').slice(0, 8);
}
