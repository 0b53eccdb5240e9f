/** What an approval is bound to: a keyed commitment to the exact statement, where it runs and as whom. */
import { createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A value bound to a placeholder of the statement. Numbers are finite; larger integers travel as strings. */
export type BoundParameter = string | number | boolean | null;

export interface BoundStatement {
  /** To the byte: no trimming, no normalisation. One changed character is another statement. */
  readonly statement: string;
  readonly parameters: readonly BoundParameter[];
  /** The connection's id. */
  readonly connection: string;
  /** The user that the database knows; empty for SQLite. */
  readonly databaseUser: string;
}

/** Bytes in an installation key: as many as SHA-256 has, so that the key is never the weaker part (RFC 2104, section 3). */
const KEY_BYTES = 32;

/**
 * HMAC-SHA256(installation key, RFC 8785 JSON of the bound statement), base64url without padding: 43 characters.
 *
 * Keyed, because an unkeyed hash of `… where ssn = '…'` in a log could be searched for the literal by trying all of them.
 *
 * @param installationKey 32 bytes.
 * @throws RangeError when the key has another length, or when the statement cannot be committed to: RFC 8785 has no form
 *   for lone surrogates and for numbers that are not finite. The message holds nothing of the statement.
 */
export function bindingDigest(installationKey: Uint8Array, bound: BoundStatement): string {
  if (installationKey.byteLength !== KEY_BYTES) {
    throw new RangeError(`An installation key has ${KEY_BYTES} bytes, this one has ${installationKey.byteLength}.`);
  }
  return createHmac('sha256', installationKey).update(canonicalForm(bound), 'utf8').digest('base64url');
}

function canonicalForm({ statement, parameters, connection, databaseUser }: BoundStatement): string {
  let text: string | undefined;
  try {
    // Named one by one: a caller's extra property must not change the digest.
    text = canonicalize({ statement, parameters, connection, databaseUser });
  } catch {
    // The library's own message is dropped on purpose: it could quote what it failed on.
    text = undefined;
  }
  if (text === undefined) {
    throw new RangeError('The statement or a parameter has no canonical form (a lone surrogate, or a number that is not finite), so no approval can be bound to it.');
  }
  return text;
}
