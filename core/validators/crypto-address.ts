/**
 * Cryptocurrency addresses by their own checksums: Base58Check (Bitcoin and its relatives, Tron, Tezos, Zcash, XRP), Bech32
 * and Bech32m (BIP 173, BIP 350, Cardano, Cosmos), CashAddr, EIP-55, Stellar's strkey (SEP-23) and Monero.
 */
import { base58Blocks, base58Check, RIPPLE } from './base58.ts';
import { isCashAddress, readBech32 } from './bech32.ts';
import { keccak256 } from './keccak256.ts';
import { invalid, reserved, type Validator, valid } from './validator.ts';

/** Addresses of nobody: the genesis coinbase and burn addresses. */
const KNOWN: ReadonlySet<string> = new Set(['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1111111111111111111114oLvT2', '1BitcoinEaterAddressDontSendf59kuE', '0x0000000000000000000000000000000000000000', '0x000000000000000000000000000000000000dead', 'rrrrrrrrrrrrrrrrrrrrrhoLvTp', 'rrrrrrrrrrrrrrrrrrrrBZbvji']);

export const cryptoAddress: Validator = (value) => {
  const text = value.trim();
  if (KNOWN.has(text) || KNOWN.has(text.toLowerCase())) return reserved('a well-known address');
  if (/^0x/i.test(text)) return ethereum(text);
  if (/^(?:bitcoincash:)?[qp][02-9ac-hj-np-z]{41}$/i.test(text)) return isCashAddress(text) ? valid(1e-9, 'CashAddr checksum is right') : invalid('CashAddr checksum is wrong');
  if (/^(?:bc|tb|ltc)1/i.test(text)) return segwit(text);
  if (/^[a-z]{3,10}1[02-9ac-hj-np-z]+$/.test(text)) return account(text);
  if (/^G[A-Z2-7]{55}$/.test(text)) return stellar(text);
  if (/^[48]/.test(text) && text.length >= 95) return monero(text);
  return base58Address(text);
};

function ethereum(text: string): ReturnType<Validator> {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return invalid('an Ethereum address has 40 hexadecimal digits');
  if (/^0x(.)\1{39}$/i.test(text)) return reserved('one digit repeated');
  const digits = text.slice(2), lower = digits.toLowerCase();
  // Addresses in one case carry no check.
  if (digits === lower || digits === digits.toUpperCase()) return valid(0.8, 'forty hexadecimal digits');
  const hash = keccak256(Uint8Array.from(lower, (char) => char.charCodeAt(0)));
  for (let index = 0; index < 40; index++) {
    const nibble = index % 2 === 0 ? hash[index >> 1]! >> 4 : hash[index >> 1]! & 15;
    const char = lower[index]!;
    if (char > '9' && (nibble >= 8) !== (digits[index] !== char)) return invalid('the capitals are not those of EIP-55');
  }
  return valid(0.0003, 'the capitals are those of EIP-55');
}

/** Version bytes of 25-byte addresses: Bitcoin, its test network, Litecoin, Dogecoin, Dash and Tron. */
const VERSIONS: ReadonlySet<number> = new Set([0x00, 0x05, 0x6f, 0xc4, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41]);
/** Versions of more than one byte: Zcash transparent, Tezos tz1–tz3 and KT1. */
const LONG_VERSIONS: readonly { readonly bytes: readonly number[]; readonly length: number }[] = [
  { bytes: [0x1c, 0xb8], length: 26 }, { bytes: [0x1c, 0xbd], length: 26 },
  { bytes: [6, 161, 159], length: 27 }, { bytes: [6, 161, 161], length: 27 }, { bytes: [6, 161, 164], length: 27 }, { bytes: [2, 90, 121], length: 26 },
];

function base58Address(text: string): ReturnType<Validator> {
  if (text.length < 25 || text.length > 36) return invalid('not the length of an address');
  const good = valid(2.3e-10, 'Base58Check checksum is right');
  const plain = base58Check(text, 25);
  if (plain !== undefined) return VERSIONS.has(plain[0]!) ? good : invalid('no known coin has this version byte');
  if (LONG_VERSIONS.some(({ bytes, length }) => bytes.every((byte, index) => base58Check(text, length)?.[index] === byte))) return good;
  if (text.startsWith('r') && base58Check(text, 25, RIPPLE)?.[0] === 0) return good;
  return invalid('Base58Check checksum is wrong');
}

/** Witness addresses of Bitcoin and Litecoin: BIP 141, BIP 173, BIP 350. */
function segwit(text: string): ReturnType<Validator> {
  const address = text.length <= 90 ? readBech32(text) : undefined;
  if (address === undefined) return invalid('Bech32 checksum is wrong');
  const version = address.data[0] ?? 0;
  // Addresses of later versions were written in Bech32 before BIP 350 changed their constant.
  if (version === 0 && address.variant !== 'bech32') return invalid('version 0 is written in Bech32');
  const bits = (address.data.length - 1) * 5;
  const bytes = Math.floor(bits / 8), padding = bits % 8;
  if (padding > 4 || ((address.data.at(-1) ?? 0) & ((1 << padding) - 1)) !== 0) return invalid('the padding is not zero (BIP 173)');
  if (version > 16 || bytes < 2 || bytes > 40 || (version === 0 && bytes !== 20 && bytes !== 32)) return invalid('not a witness program (BIP 141)');
  return valid(1e-9, 'Bech32 checksum is right');
}

/** Cardano (CIP-19) and the chains of the Cosmos SDK. */
const ACCOUNT_PREFIXES: ReadonlySet<string> = new Set(['addr', 'stake', 'cosmos', 'osmo', 'terra', 'juno', 'secret', 'kava', 'inj', 'bnb', 'thor', 'celestia', 'stars', 'akash', 'axelar', 'erd', 'one', 'zil', 'iota']);

function account(text: string): ReturnType<Validator> {
  const address = text.length <= 130 ? readBech32(text) : undefined;
  return address !== undefined && ACCOUNT_PREFIXES.has(address.prefix) && address.data.length >= 32 ? valid(1e-9, 'Bech32 checksum is right') : invalid('Bech32 checksum is wrong');
}

/** SEP-23: version byte 6 << 3, 32 bytes of key, CRC-16 (XModem), little endian, in Base32 (RFC 4648). */
function stellar(text: string): ReturnType<Validator> {
  const bytes: number[] = [];
  let buffer = 0, bits = 0;
  for (const char of text) {
    buffer = ((buffer << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((buffer >> bits) & 255);
  }
  let crc = 0;
  for (const byte of bytes.slice(0, 33)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return bytes[0] === 0x30 && bytes[33] === (crc & 255) && bytes[34] === crc >> 8 ? valid(1e-6, 'CRC-16 is right (SEP-23)') : invalid('CRC-16 is wrong (SEP-23)');
}

/** Main network (18), integrated (19) and sub-addresses (42); the last four bytes begin the Keccak-256 of the others. */
function monero(text: string): ReturnType<Validator> {
  const bytes = text.length === 95 || text.length === 106 ? base58Blocks(text) : undefined;
  if (bytes === undefined || ![18, 19, 42].includes(bytes[0]!)) return invalid('not the form of a Monero address');
  const digest = keccak256(bytes.slice(0, -4));
  for (let index = 0; index < 4; index++) if (digest[index] !== bytes[bytes.length - 4 + index]) return invalid('Keccak checksum is wrong');
  return valid(2.3e-10, 'Keccak checksum is right');
}
