/** How a raw value reads as text, before masking. The same text is shown, sorted, filtered, copied and exported. */
import type { RawValue } from '#query/drivers/driver.ts';

/** `null` stays null. Dates are ISO 8601 in UTC; binary is upper-case hexadecimal with `0x`; nested values are JSON. */
export function cellText(value: RawValue): string | null {
  switch (typeof value) {
    case 'string': return value;
    case 'number': case 'bigint': case 'boolean': return String(value);
    default:
      if (value === null || value === undefined) return null;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid date' : value.toISOString();
      if (value instanceof Uint8Array) return `0x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex').toUpperCase()}`;
      return JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
  }
}

/** What is shown of binary that may not be seen: bytes of text hide in it, so not even a part is shown. */
export function binaryPlaceholder(value: Uint8Array): string {
  return `‹binary, ${value.byteLength.toLocaleString('en')} bytes›`;
}
