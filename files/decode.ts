/** Bytes → text. UTF-8, UTF-16 by its byte order mark; anything with NUL bytes otherwise is binary. */
import { isUtf8 } from 'node:buffer';

export type Decoded =
  | { readonly kind: 'text'; readonly text: string; /** True when bytes were not valid UTF-8 and were read as U+FFFD. */ readonly lossy: boolean }
  | { readonly kind: 'binary'; readonly why: string };

/** Bytes looked at for NULs, as git does (buffer_is_binary: 8,000). */
const sniffed = 8000;

export function decode(bytes: Buffer): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: 'text', text: bytes.toString('utf16le'), lossy: false };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'text', text: new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes), lossy: false };
  if (isBinary(bytes)) return { kind: 'binary', why: 'holds NUL bytes' };
  return { kind: 'text', text: bytes.toString('utf8'), lossy: !isUtf8(bytes) };
}

export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, sniffed).includes(0);
}
