/** Values that stand encoded: decoded before they are masked, encoded again where the mask goes. */
import { DecodedText } from '../structure/decoded.ts';
import { unescaped } from '../structure/escaped-strings.ts';
import type { Writing } from '../wire/finding.ts';

/** What the text at a finding means. A text that can't be decoded is taken as it stands. */
export function readValue(text: string, written: readonly Writing[] | undefined): string {
  let value = text;
  for (const writing of written ?? []) value = decode(value, writing);
  return value;
}

/**
 * The replacement as it has to be written there. In a query it is percent-encoded; inside other texts within texts it is
 * reduced to characters that mean nothing in any of them, because several grammars have to stay intact at once.
 */
export function writeValue(by: string, written: readonly Writing[] | undefined): string {
  if (!written || written.length === 0) return by;
  if (written[written.length - 1] === 'form') return encodeURIComponent(by).replace(/['()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return by.replace(/[^\p{L}\p{M}\p{N} .@*_+•●-]/gu, ' ');
}

function decode(value: string, writing: Writing): string {
  switch (writing) {
    case 'form': return percentDecoded(value);
    case 'escaped': return unescaped(value);
    case 'entity': return new DecodedText(value).copy(0, value.length).text;
    case 'embedded': return value;
  }
}

function percentDecoded(value: string): string {
  try {
    // A plus sign at the front is a country's code.
    return decodeURIComponent(value.replace(/(?<!^)\+/g, ' '));
  } catch {
    return value;
  }
}
