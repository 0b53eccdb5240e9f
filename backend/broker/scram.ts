/** What PostgreSQL keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): made here, so that the server's log never sees the password. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own default. The password is random, so more would protect nothing. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/** @param password ASCII: other texts would have to be prepared by RFC 4013 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(SALT_BYTES), iterations = ITERATIONS): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
