/** The key of tokens and fakes on the command line. */
import { randomBytes } from 'node:crypto';
import { UserError } from '../exit.ts';

/** Without a key every run makes its own tokens. */
export function maskingKey(text: string | undefined): Uint8Array {
  if (text === undefined || text === '') return randomBytes(32);
  const key = Buffer.from(text, 'base64url');
  if (key.length !== 32) throw new UserError(`PII_GATE_KEY must be 32 bytes in base64url, it has ${key.length}. Make one: openssl rand 32 | basenc --base64url`);
  return key;
}
