/** Bytes → text. UTF-8, UTF-16 by its byte order mark; anything with NUL bytes otherwise is binary. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; /** True when bytes were not valid UTF-8 and were read as U+FFFD. */ readonly lossy: boolean }
  | { readonly kind: 'binary'; readonly why: string };

/** Bytes looked at for NULs, as git does (buffer_is_binary: 8,000). */
const sniffed = 8000;

export function decode(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: 'text', text: new TextDecoder('utf-16le').decode(bytes), lossy: false };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'text', text: new TextDecoder('utf-16be').decode(bytes), lossy: false };
  if (isBinary(bytes)) return { kind: 'binary', why: 'holds NUL bytes' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), lossy: false };
  } catch {
    return { kind: 'text', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), lossy: true };
  }
}

export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, sniffed).includes(0);
}
