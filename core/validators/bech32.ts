/** Checksums over the 32 characters of BIP 173: Bech32, Bech32m (BIP 350) and Bitcoin Cash's CashAddr. */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CASH_GENERATOR = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n] as const;

export interface Bech32 {
  readonly prefix: string;
  /** Five bits each, the six of the checksum excluded. */
  readonly data: readonly number[];
  readonly variant: 'bech32' | 'bech32m';
}

/** The parts of a Bech32 string whose checksum is right; undefined for anything else, mixed case included. */
export function readBech32(text: string): Bech32 | undefined {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return undefined;
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf('1');
  const values = valuesOf(lower.slice(separator + 1));
  if (separator < 1 || values === undefined || values.length < 6) return undefined;
  const prefix = lower.slice(0, separator);
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  let check = 1;
  for (const part of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ part;
    for (const [index, generator] of GENERATOR.entries()) if ((top >> index) & 1) check ^= generator;
  }
  const variant = check === 1 ? 'bech32' : check === 0x2bc830a3 ? 'bech32m' : undefined;
  return variant && { prefix, data: values.slice(0, -6), variant };
}

/** CashAddr (Bitcoin Cash specification): the prefix may be left out. */
export function isCashAddress(text: string): boolean {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return false;
  const [prefix, body] = lower.includes(':') ? lower.split(':') : ['bitcoincash', lower];
  const values = valuesOf(body ?? '');
  if (values === undefined || values.length !== 42 || prefix === undefined) return false;
  let check = 1n;
  for (const part of [...[...prefix].map((char) => char.charCodeAt(0) & 31), 0, ...values]) {
    const top = check >> 35n;
    check = ((check & 0x07ffffffffn) << 5n) ^ BigInt(part);
    for (const [index, generator] of CASH_GENERATOR.entries()) if ((top >> BigInt(index)) & 1n) check ^= generator;
  }
  return check === 1n;
}

function valuesOf(body: string): readonly number[] | undefined {
  const values = [...body].map((char) => CHARSET.indexOf(char));
  return values.includes(-1) ? undefined : values;
}
