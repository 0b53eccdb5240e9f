/** Keyed, deterministic tokens: the same value gives the same token under one key, and nothing gives the value back. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^12 > 2^71: no collision among 10^9 values in practice. */
const TOKEN_LENGTH = 12;

/** HMAC-SHA256 of the entity and the value. Separated by NUL, which no value of a text format holds. */
export function keyedDigest(key: Uint8Array, entity: string, value: string): Uint8Array {
  return hmac(sha256, key, new TextEncoder().encode(`${entity}\u0000${value}`));
}

/** `email_address_7QkX…`: letters, digits and underscores only, so it fits any quoting. */
export function tokenFor(key: Uint8Array, entity: string, value: string): string {
  const digest = keyedDigest(key, entity, value);
  let token = '';
  for (let i = 0; i < TOKEN_LENGTH; i++) token += ALPHABET[((digest[i * 2]! << 8) | digest[i * 2 + 1]!) % ALPHABET.length];
  return `${entity.toLowerCase()}_${token}`;
}
