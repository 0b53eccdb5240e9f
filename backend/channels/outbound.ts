/**
 * Posts to an address that somebody configured, without becoming a way into the inner network (SSRF): the name is resolved
 * once, the address is judged, and the connection goes to exactly that address, so a second DNS answer can't change it.
 * Redirects are never followed.
 */
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface OutboundPolicy {
  /** Hosts (exact names or addresses) that may be private or plain http: the operator said so. */
  readonly allowPrivateHosts: readonly string[];
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export class OutboundError extends Error {
  /** False when trying again can't help: the address is forbidden. */
  readonly retry: boolean;
  constructor(message: string, retry: boolean) {
    super(message);
    this.retry = retry;
  }
}

/** Bytes of an answer that are read; more is cut off. */
const MAX_ANSWER = 256 * 1024;

/** Special-purpose ranges of the IANA registries (RFC 6890 and its updates): nothing there is a public service. */
function specialRanges(): BlockList {
  const list = new BlockList();
  for (const [net, bits] of [
    ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
    ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
  ] as const) list.addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of [
    ['::', 128], ['::1', 128], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20],
    ['5f00::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8],
  ] as const) list.addSubnet(net, bits, 'ipv6');
  return list;
}
const special = specialRanges();

/** True for loopback, private, link-local (cloud metadata), documentation, multicast and mapped forms of them. */
export function isSpecialAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  if (family === 4) return special.check(address, 'ipv4');
  // ::ffff:a.b.c.d reaches the IPv4 address. BlockList matches mapped forms against IPv4 rules itself.
  return special.check(address, 'ipv6') || /^::(?:ffff:)?(?:0+:)?\d+\.\d+\.\d+\.\d+$/i.test(address);
}

/** Why this address may not be posted to, or `undefined`. What needs DNS is judged at connection time. */
export function addressProblem(address: string, policy: OutboundPolicy): string | undefined {
  if (!URL.canParse(address)) return 'not an address';
  const url = new URL(address);
  const host = bare(url.hostname);
  const allowed = policy.allowPrivateHosts.includes(host);
  if (url.username !== '' || url.password !== '') return 'a user name or password does not belong into the address';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed)) return 'only https is allowed';
  if (isIP(host) !== 0 && !allowed && isSpecialAddress(host)) return `${host} is not a public address; list it under allow_private_hosts if that is what you want`;
  return undefined;
}

/** Sends one request. Resolves with whatever status came; rejects with OutboundError when there was none. */
export function post(address: string, body: string, headers: Readonly<Record<string, string>>, policy: OutboundPolicy, signal?: AbortSignal): Promise<OutboundAnswer> {
  const problem = addressProblem(address, policy);
  if (problem !== undefined) return Promise.reject(new OutboundError(problem, false));
  const url = new URL(address);
  const allowed = policy.allowPrivateHosts.includes(bare(url.hostname));
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const time = AbortSignal.timeout(policy.timeoutMs);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method: 'POST', agent: false, lookup: guardedLookup(allowed), signal: signal === undefined ? time : AbortSignal.any([signal, time]),
      headers: { 'content-type': 'application/json', 'user-agent': 'pii-gate', ...headers, 'content-length': Buffer.byteLength(body) },
    }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER) chunks.push(chunk);
        else answer.destroy();
      });
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), headers: answer.headers }));
    });
    outgoing.on('error', (error) => {
      if (error instanceof OutboundError) reject(error);
      else if (time.aborted) reject(new OutboundError(`no answer within ${policy.timeoutMs} ms`, true));
      // The error's code only: its text may hold the address, and a webhook's address is a secret.
      else reject(new OutboundError('code' in error && typeof error.code === 'string' ? error.code : 'connection failed', true));
    });
    outgoing.end(body);
  });
}

/**
 * Resolves a name and judges every address that it leads to. The connection asks once and goes to what it got, so an answer that
 * changes afterwards (DNS rebinding) changes nothing.
 */
export function guardedLookup(allowed: boolean, resolve: typeof lookup = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const bad = allowed ? undefined : addresses.find(({ address }) => isSpecialAddress(address));
      const [first] = addresses;
      if (bad !== undefined || first === undefined) return callback(new OutboundError('the name leads to an address that is not public', false), '', 0);
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
