/** Spans that machines write and that never hold a personal value: recognised by their skeleton before anything walks them. */
import { isDigit, isWord } from '../engine/chars.ts';

/**
 * The end of a UUID (RFC 9562), a hash in hexadecimal or an ISO 8601 date with time that begins at `at`; 0 when there is none. Costs two
 * comparisons where there is none. `units` are the text's, with at least 40 zeros behind them.
 */
export function machineSpanEnd(units: Uint16Array, at: number): number {
  if (units[at + 4]! === 45 && units[at + 7]! === 45) return dateTimeEnd(units, at);
  if (units[at + 8]! === 45 && units[at + 13]! === 45) return uuidEnd(units, at);
  return isHex(units[at + 31]!) && isHex(units[at + 15]!) ? hashEnd(units, at) : 0;
}

/** `2026-01-15T10:22:33`, also with a space; fraction and zone are left to the caller: they begin with a character that ends a value. */
function dateTimeEnd(units: Uint16Array, at: number): number {
  const divider = units[at + 10]!;
  if ((divider !== 84 && divider !== 32 && divider !== 116) || units[at + 13]! !== 58 || units[at + 16]! !== 58) return 0;
  for (let i = at; i < at + 19; i++) if (i !== at + 4 && i !== at + 7 && i !== at + 10 && i !== at + 13 && i !== at + 16 && !isDigit(units[i]!)) return 0;
  let end = at + 19;
  if (units[end]! === 46 || units[end]! === 44) while (isDigit(units[end + 1]!)) end++;
  return end > at + 19 ? end + 1 : end;
}

function uuidEnd(units: Uint16Array, at: number): number {
  if (units[at + 18]! !== 45 || units[at + 23]! !== 45) return 0;
  for (let i = at; i < at + 36; i++) if (i !== at + 8 && i !== at + 13 && i !== at + 18 && i !== at + 23 && !isHex(units[i]!)) return 0;
  return isHex(units[at + 36]!) ? 0 : at + 36;
}

/** 32 or more hexadecimal digits: MD5 and longer. Addresses of currencies begin with `0x` or use more letters. */
function hashEnd(units: Uint16Array, at: number): number {
  let end = at;
  while (isHex(units[end]!)) end++;
  return end - at >= 32 && !isWord(units[end]!) ? end : 0;
}

const isHex = (code: number): boolean => isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
