/** Base58 with its checksums (Bitcoin's alphabet unless said): bytes without the check, or undefined. */
import { sha256 } from './sha256.ts';

const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** XRP Ledger, "Base58 Encodings". */
export const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/** The `length` bytes that the text stands for, big endian; undefined when it is not Base58 or too long for them. */
export function base58(text: string, length: number, alphabet: string = BITCOIN): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  for (const char of text) {
    let carry = alphabet.indexOf(char);
    if (carry < 0) return undefined;
    for (let index = length - 1; index >= 0; index--) {
      carry += bytes[index]! * 58;
      bytes[index] = carry & 255;
      carry >>= 8;
    }
    if (carry !== 0) return undefined;
  }
  return bytes;
}

/** Base58Check: the last four of `length` bytes begin the double SHA-256 of the others. */
export function base58Check(text: string, length: number, alphabet: string = BITCOIN): Uint8Array | undefined {
  const bytes = base58(text, length, alphabet);
  if (bytes === undefined) return undefined;
  const payload = bytes.slice(0, length - 4);
  const digest = sha256(sha256(payload));
  for (let index = 0; index < 4; index++) if (digest[index] !== bytes[length - 4 + index]) return undefined;
  return payload;
}

/** Monero's Base58: blocks of 8 bytes as 11 characters, the last of fewer. 95 characters are 69 bytes, 106 are 77. */
export function base58Blocks(text: string): Uint8Array | undefined {
  const lastBytes = [0, -1, 1, 2, -1, 3, 4, 5, -1, 6, 7][text.length % 11]!;
  if (lastBytes < 0) return undefined;
  const out: number[] = [];
  for (let at = 0; at < text.length; at += 11) {
    const block = text.slice(at, at + 11);
    const bytes = base58(block, block.length === 11 ? 8 : lastBytes);
    if (bytes === undefined) return undefined;
    out.push(...bytes);
  }
  return Uint8Array.from(out);
}
