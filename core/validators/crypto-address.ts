/** Cryptocurrency addresses: Base58Check (Bitcoin, Litecoin, Dogecoin, Tron), Bech32/Bech32m (BIP 173, BIP 350) and Ethereum. */
import { sha256 } from './sha256.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Addresses of nobody: the genesis coinbase and burn addresses. */
const KNOWN: ReadonlySet<string> = new Set(['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1111111111111111111114oLvT2', '1BitcoinEaterAddressDontSendf59kuE', '0x0000000000000000000000000000000000000000', '0x000000000000000000000000000000000000dead']);

export const cryptoAddress: Validator = (value) => {
  const text = value.trim();
  if (KNOWN.has(text) || KNOWN.has(text.toLowerCase())) return reserved('a well-known address');
  if (/^0x/i.test(text)) return ethereum(text);
  if (/^(?:bc|tb|ltc)1/i.test(text)) return bech32(text);
  return base58Check(text);
};

/** Version bytes of Bitcoin, its test network, Litecoin, Dogecoin, Dash and Tron. */
const VERSIONS: ReadonlySet<number> = new Set([0x00, 0x05, 0x6f, 0xc4, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41]);

/** EIP-55 needs Keccak; addresses in one case carry no check at all, so only the form is judged. */
function ethereum(text: string): ReturnType<Validator> {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return invalid('an Ethereum address has 40 hexadecimal digits');
  return /^0x(.)\1{39}$/i.test(text) ? reserved('one digit repeated') : valid(0.8, 'forty hexadecimal digits');
}

function base58Check(text: string): ReturnType<Validator> {
  if (text.length < 26 || text.length > 35) return invalid('not the length of an address');
  const bytes = new Uint8Array(25);
  for (const char of text) {
    let carry = BASE58.indexOf(char);
    if (carry < 0) return invalid('not Base58');
    for (let index = 24; index >= 0; index--) {
      carry += (bytes[index] ?? 0) * 58;
      bytes[index] = carry & 255;
      carry >>= 8;
    }
    if (carry !== 0) return invalid('longer than 25 bytes');
  }
  if (!VERSIONS.has(bytes[0] ?? -1)) return invalid('no known coin has this version byte');
  const digest = sha256(sha256(bytes.slice(0, 21)));
  for (let index = 0; index < 4; index++) if (digest[index] !== bytes[21 + index]) return invalid('Base58Check checksum is wrong');
  return valid(2.3e-10, 'Base58Check checksum is right');
}

function bech32(text: string): ReturnType<Validator> {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return invalid('mixed case');
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf('1');
  const values = [...lower.slice(separator + 1)].map((char) => BECH32.indexOf(char));
  if (separator < 1 || values.length < 6 || lower.length > 90 || values.includes(-1)) return invalid('not Bech32');
  const prefix = [...lower.slice(0, separator)].map((char) => char.charCodeAt(0));
  let check = 1;
  for (const part of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ part;
    for (const [index, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) if ((top >> index) & 1) check ^= generator;
  }
  const version = values[0] ?? 0;
  const expected = version === 0 ? 1 : 0x2bc830a3;
  // BIP 173 addresses of later versions were written before BIP 350 changed their constant.
  if (check !== expected && !(version > 0 && check === 1)) return invalid('Bech32 checksum is wrong');
  const bytes = Math.floor(((values.length - 7) * 5) / 8);
  if (version > 16 || bytes < 2 || bytes > 40 || (version === 0 && bytes !== 20 && bytes !== 32)) return invalid('not a witness program (BIP 141)');
  return valid(1e-9, 'Bech32 checksum is right');
}
