/** Words that say what a number is, when it is nobody's: `order 4010232137`, `isbn`, `build`. */
import { splitIdentifier } from '../names/identifier.ts';

const OTHER = new Set(('order orders invoice isbn issn ean gtin upc asin sku product item build version revision rev commit sha sha1 sha256 sha512 md5 crc crc32 checksum hash digest etag nonce salt '
  + 'timestamp ts epoch time date created updated expires expiry duration elapsed latency ms ns us seconds millis port pid ppid tid thread offset length size bytes count total sum amount price cost qty quantity width height '
  + 'tracking shipment parcel ticket issue pr bug case job task batch run trace span request correlation transaction txn session seq sequence index idx row line col column page chunk block frame seed random id uid uuid guid ref '
  + 'ord inv po rma lot batch asset tkt req gtm ua wo barcode case docket voucher coupon shelf bin rack flight '
  + 'lat lon lng latitude longitude coord coords x y z float score ratio weight confidence probability temperature color colour max min limit mask flags magic bitmask serial model part').split(' '));

/** `order_number` is about the order. */
const NEUTRAL = new Set(['number', 'no', 'nr', 'num', 'code', 'value', 'key', 'ref', 'reference']);

const BACK = 24;

/** The word that stands right before the value, or the value's own name, when it names another thing. */
export function otherThing(text: string, start: number, name: string | undefined): string | undefined {
  if (name !== undefined) {
    const words = splitIdentifier(name);
    while (words.length > 1 && NEUTRAL.has(words[words.length - 1]!)) words.pop();
    const last = words[words.length - 1];
    if (last !== undefined && OTHER.has(last)) return name;
    // `failed: sku 12345678`: inside the value the word beside the number is nearer than the key.
    const beside = /(?:^|[\s([{])([\p{L}][\p{L}\p{N}_]*)[ -]{1,2}$/u.exec(text.slice(Math.max(0, start - BACK), start))?.[1];
    const nearest = beside === undefined ? undefined : splitIdentifier(beside).at(-1);
    return nearest !== undefined && OTHER.has(nearest) ? beside : undefined;
  }
  const before = /([\p{L}][\p{L}\p{N}_]*)[\s:=#"'().-]{1,4}(?:(?:no|nr|num|number)[\s:=#."'-]{1,4})?$/iu.exec(text.slice(Math.max(0, start - BACK), start));
  const words = before?.[1] === undefined ? [] : splitIdentifier(before[1]);
  const last = words[words.length - 1];
  return last !== undefined && OTHER.has(last) ? before?.[1] : undefined;
}
