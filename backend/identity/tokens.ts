/**
 * Bearer tokens of the embedded default: 256 random bits, so a plain SHA-256 is enough to store (there is nothing to guess;
 * a slow hash protects only what people choose).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const prefix = 'pgt_';

export interface NewToken {
  /** Shown once. */
  readonly token: string;
  /** What the users file keeps: `sha256:` and 64 hex digits. */
  readonly hash: string;
}

export function newToken(): NewToken {
  const token = prefix + randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/**
 * Constant-time: hashes of equal length are compared whole.
 *
 * @param tokenHash `hashToken` of what was sent: made once, however many hashes it is compared with
 */
export function hashMatches(tokenHash: string, hash: string): boolean {
  const have = Buffer.from(tokenHash);
  const want = Buffer.from(hash.toLowerCase());
  return have.length === want.length && timingSafeEqual(have, want);
}
