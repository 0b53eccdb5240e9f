/**
 * Ed25519 keys kept as JWK files (RFC 8037) that only the owner may read.
 * One key signs grants and receipts, another the audit trail: whoever may read one need not read the other.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';

export interface SigningKey {
  /** RFC 7638 SHA-256 thumbprint of the public key: the key's name is the key. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Public JWK with `kid`, `alg` and `use`, as the JWKS shows it. */
  readonly publicJwk: JWK;
}

/** Reads the key at `path`, or makes it (mode 0600) when there is none. Throws when others may read the file. */
export async function openKey(path: string): Promise<SigningKey> {
  if (!existsSync(path)) createKeyFile(path);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`${path}: others may read this private key. Run: chmod 600 ${path}`);
  }
  const privateKey = createPrivateKey({ key: parseJwk(path), format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${path}: expected an Ed25519 private key`);
  return signingKey(privateKey);
}

/** The same around a key that never touches a disk: tests, external key stores. */
export async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const bare = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(bare);
  return { kid, privateKey, publicKey, publicJwk: { ...bare, kid, alg: 'EdDSA', use: 'sig' } };
}

export function signBytes(key: SigningKey, bytes: Uint8Array): string {
  return sign(null, bytes, key.privateKey).toString('base64url');
}

/** Written whole under another name and linked into place, so that two starters at once agree on one key. */
function createKeyFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

function parseJwk(path: string): JWK & { kty: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message may quote the file: it must not reach a log.
    throw new Error(`${path}: not a JSON Web Key`);
  }
}
