/**
 * Network addresses, classified by the IANA special-purpose registries (RFC 6890 and its updates): only globally
 * reachable unicast addresses can be personal; everything else is reserved.
 */
import { invalid, reserved, type Validator, type Verdict, valid } from './validator.ts';

/** Public resolvers and anycast services: they name a service, never a person. */
const PUBLIC_SERVICES: ReadonlySet<string> = new Set([
  '8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '1.1.1.2', '1.0.0.2', '1.1.1.3', '1.0.0.3', '9.9.9.9', '149.112.112.112', '9.9.9.10', '208.67.222.222', '208.67.220.220',
  '208.67.222.123', '208.67.220.123', '4.2.2.1', '4.2.2.2', '4.2.2.3', '4.2.2.4', '64.6.64.6', '64.6.65.6', '94.140.14.14', '94.140.15.15',
  '76.76.2.0', '76.76.10.0', '77.88.8.8', '77.88.8.1', '114.114.114.114', '223.5.5.5', '223.6.6.6', '119.29.29.29', '180.76.76.76',
  '1.2.3.4', '4.3.2.1', '1.1.1.0', '168.63.129.16',
  '2001:4860:4860::8888', '2001:4860:4860::8844', '2606:4700:4700::1111', '2606:4700:4700::1001', '2620:fe::fe', '2620:fe::9',
]);

const DOT = 46;

/** [network, prefix length, what it is] */
const SPECIAL_NETWORKS: readonly (readonly [string, number, string])[] = [
  ['0.0.0.0', 8, 'this network (RFC 791)'],
  ['10.0.0.0', 8, 'private (RFC 1918)'],
  ['100.64.0.0', 10, 'carrier-grade NAT (RFC 6598)'],
  ['127.0.0.0', 8, 'loopback (RFC 1122)'],
  ['169.254.0.0', 16, 'link-local (RFC 3927)'],
  ['172.16.0.0', 12, 'private (RFC 1918)'],
  ['192.0.0.0', 24, 'protocol assignments (RFC 6890)'],
  ['192.0.2.0', 24, 'documentation (RFC 5737)'],
  ['192.31.196.0', 24, 'AS112 (RFC 7535)'],
  ['192.52.193.0', 24, 'AMT (RFC 7450)'],
  ['192.88.99.0', 24, '6to4 relay (RFC 7526)'],
  ['192.168.0.0', 16, 'private (RFC 1918)'],
  ['192.175.48.0', 24, 'AS112 (RFC 7534)'],
  ['198.18.0.0', 15, 'benchmarking (RFC 2544)'],
  ['198.51.100.0', 24, 'documentation (RFC 5737)'],
  ['203.0.113.0', 24, 'documentation (RFC 5737)'],
  ['224.0.0.0', 4, 'multicast (RFC 5771)'],
  ['240.0.0.0', 4, 'reserved or netmask (RFC 1112)'],
];

/** The same with the network's leading bits as a number, and by how much an address is divided to have as many. */
const SPECIAL_V4 = SPECIAL_NETWORKS.map(([network, length, name]) => ({ prefix: Math.floor((parseV4(network) ?? 0) / 2 ** (32 - length)), divisor: 2 ** (32 - length), name }));

const SPECIAL_V6: readonly (readonly [readonly number[], number, string])[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0], 128, 'unspecified (RFC 4291)'],
  [[0, 0, 0, 0, 0, 0, 0, 1], 128, 'loopback (RFC 4291)'],
  [[0x64, 0xff9b, 1], 48, 'local translation (RFC 8215)'],
  [[0x100, 0, 0, 0], 64, 'discard (RFC 6666)'],
  [[0x2001, 0xdb8], 32, 'documentation (RFC 3849)'],
  [[0x3fff], 20, 'documentation (RFC 9637)'],
  [[0x2001, 0x2, 0], 48, 'benchmarking (RFC 5180)'],
  [[0xfc00], 7, 'unique local (RFC 4193)'],
  [[0xfe80], 10, 'link-local (RFC 4291)'],
  [[0xfec0], 10, 'site-local (RFC 3879)'],
  [[0xff00], 8, 'multicast (RFC 4291)'],
];

/** IPv4 or IPv6, with an optional zone (`%eth0`) and prefix length (`/64`). */
export const ip: Validator = (value) => {
  const slash = value.indexOf('/');
  const address = slash < 0 ? value : value.slice(0, slash);
  const v6 = address.includes(':');
  if (slash >= 0) {
    const length = value.slice(slash + 1);
    if (!/^\d{1,3}$/.test(length) || Number(length) > (v6 ? 128 : 32)) return invalid('no such prefix length');
  }
  return v6 ? judgeV6(address.replace(/%.*$/, '')) : judgeV4(address);
};

function judgeV4(address: string): Verdict {
  const bits = parseV4(address);
  if (bits === undefined) return invalid('not four octets of 0–255');
  if (PUBLIC_SERVICES.has(address)) return reserved('a public resolver or a placeholder');
  for (const { prefix, divisor, name } of SPECIAL_V4) if (Math.floor(bits / divisor) === prefix) return reserved(name);
  if (bits % 256 === 0) return reserved('a network, not a host');
  return valid(0.86, 'a public IPv4 address');
}

/** 32 bits as a number; undefined when it isn't dotted decimal (leading zeros are octal to some, so refused). */
function parseV4(address: string): number | undefined {
  let bits = 0, octet = 0, digits = 0, octets = 0;
  for (let at = 0; at <= address.length; at++) {
    const code = at < address.length ? address.charCodeAt(at) : DOT;
    if (code === DOT) {
      if (digits === 0 || octet > 255) return undefined;
      bits = bits * 256 + octet;
      octets++;
      octet = digits = 0;
    } else {
      if (code < 48 || code > 57 || digits === 3 || (digits === 1 && octet === 0)) return undefined;
      octet = octet * 10 + code - 48;
      digits++;
    }
  }
  return octets === 4 ? bits : undefined;
}

function judgeV6(address: string): Verdict {
  const groups = parseV6(address);
  if (groups === undefined) return invalid('not an IPv6 address (RFC 4291)');
  if (PUBLIC_SERVICES.has(address.toLowerCase())) return reserved('a public resolver');
  for (const [network, length, name] of SPECIAL_V6) if (within(groups, network, length)) return reserved(name);
  const embedded = embeddedV4(groups);
  if (embedded !== undefined) return judgeV4(embedded);
  // C++ scopes and times have few, short groups; IANA has so far only given out 2000::/3.
  if (((groups[0] ?? 0) & 0xe000) !== 0x2000) return reserved('not in a range that IANA has allocated (2000::/3)');
  return valid(0.1, 'a public IPv6 address');
}

/** IPv4-mapped, -compatible and -translated addresses carry an IPv4 address in their last 32 bits. */
function embeddedV4(groups: readonly number[]): string | undefined {
  const head = groups.slice(0, 6).join(',');
  if (!['0,0,0,0,0,65535', '0,0,0,0,65535,0', '0,0,0,0,0,0', '100,65435,0,0,0,0'].includes(head)) return undefined;
  const [high = 0, low = 0] = groups.slice(6);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function within(groups: readonly number[], network: readonly number[], length: number): boolean {
  for (let index = 0, rest = length; rest > 0; index++, rest -= 16) {
    const mask = rest >= 16 ? 0xffff : (0xffff << (16 - rest)) & 0xffff;
    if (((groups[index] ?? 0) & mask) !== ((network[index] ?? 0) & mask)) return false;
  }
  return true;
}

function parseV6(address: string): readonly number[] | undefined {
  let text = address;
  const tail = /(?:^|:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)?.[1];
  if (tail !== undefined) {
    const bits = parseV4(tail);
    if (bits === undefined) return undefined;
    text = `${text.slice(0, -tail.length)}${Math.floor(bits / 65536).toString(16)}:${(bits % 65536).toString(16)}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = [...(left ?? []), ...(right ?? [])];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  if (right === undefined ? all.length !== 8 : all.length > 7) return undefined;
  const fill = new Array<number>(8 - all.length).fill(0);
  return [...(left ?? []).map((group) => Number.parseInt(group, 16)), ...fill, ...(right ?? []).map((group) => Number.parseInt(group, 16))];
}

/** IEEE 802 MAC-48 with one kind of separator. Broadcast, null and group-protocol addresses are no device. */
export const mac: Validator = (value) => {
  const form = /^(?:[0-9A-F]{2}([:-]))(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}$|^[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4}$|^(?=.*[A-F])[0-9A-F]{12}$/i;
  if (!form.test(value)) return invalid('not six octets with one separator');
  const hex = value.replace(/[^0-9A-F]/gi, '').toLowerCase();
  if (/^(?:0{12}|f{12})$/.test(hex)) return invalid('null or broadcast');
  if (/^(?:01005e|3333|0180c2|01000ccc)/.test(hex)) return invalid('a multicast group');
  if (/^00005e0053|^01005e90/.test(hex)) return reserved('documentation (RFC 7042)');
  if (['001122334455', '112233445566', 'aabbccddeeff', '0123456789ab', '123456789abc', 'deadbeefcafe', 'deadbeef0000'].includes(hex)) return reserved('a placeholder');
  return valid(0.9, 'six octets');
};
