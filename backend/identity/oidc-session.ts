/**
 * Sessions of people whom a provider vouches for. The cookie carries what the provider said and when; after a few minutes the
 * provider is asked again, so that a role that was taken away there stops working here. No state that matters is held: another
 * instance asks for itself.
 */
import { createHash, hkdfSync, randomUUID } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { SigningKey } from '../keys/key-files.ts';
import type { Subject } from './identity.ts';

/** What the provider takes to say again who somebody is. */
export interface Renewal { readonly kind: 'refresh' | 'access'; readonly token: string }

export type Renewed =
  | { readonly kind: 'holds'; readonly subject: Subject; readonly renewal: Renewal }
  /** The provider no longer vouches for them. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'unreachable' };

/** The claims of such a session's cookie beside the registered ones. */
export interface VouchedClaims {
  readonly vouched: Subject;
  /** Milliseconds since the epoch: when the provider last said so. */
  readonly checked: number;
  /** Names the session, for those who renew it at the same time. */
  readonly sid: string;
  /** The renewal, encrypted: the browser keeps it and can't read it. */
  readonly sealed?: string;
}

export interface OidcSessions {
  begin(subject: Subject, renewal: Renewal | undefined): Promise<VouchedClaims>;
  /** The claims that hold now: the same object while they are fresh, new ones after a renewal, undefined when it has ended. */
  current(claims: VouchedClaims): Promise<VouchedClaims | undefined>;
}

export interface OidcSessionsDeps {
  readonly key: SigningKey;
  readonly renew: (renewal: Renewal, id: string) => Promise<Renewed>;
  readonly now: () => number;
  /** Milliseconds for which the provider's word is good. */
  readonly freshMs: number;
}

/** A provider that can't be reached is waited for so many times `freshMs`; then the session has ended. */
const patience = 3;
/** Renewed sessions that are remembered, so that a browser's requests of one moment need one renewal. */
const remembered = 2_000;
/** Browsers drop cookies above 4096 bytes. */
const largestRenewal = 1_800;

export function createOidcSessions({ key, renew, now, freshMs }: OidcSessionsDeps): OidcSessions {
  const secret = sealingKey(key);
  /** The newest claims of a session, or their renewal under way. */
  const recent = new Map<string, Promise<VouchedClaims | undefined>>();

  const isFresh = ({ checked }: VouchedClaims): boolean => now() - checked < freshMs;

  async function renewed(claims: VouchedClaims): Promise<VouchedClaims | undefined> {
    const renewal = claims.sealed === undefined ? undefined : await unseal(secret, claims.sealed);
    if (!renewal) return undefined;
    const answer = await renew(renewal, claims.vouched.id);
    if (answer.kind === 'unreachable') return now() - claims.checked < freshMs * patience ? claims : undefined;
    if (answer.kind === 'ended') return undefined;
    return { ...claims, vouched: answer.subject, checked: now(), sealed: await seal(secret, answer.renewal) };
  }

  async function current(claims: VouchedClaims): Promise<VouchedClaims | undefined> {
    const { sid } = claims;
    if (isFresh(claims)) return claims;
    const under = recent.get(sid);
    const known = under ? await under : claims;
    if (!known || isFresh(known)) return known;
    // Somebody else was quicker: a refresh token is often good for one use.
    if (recent.get(sid) !== under) return current(claims);
    const next = renewed(known).catch(() => undefined);
    recent.delete(sid);
    recent.set(sid, next);
    for (const [oldest] of recent) {
      if (recent.size <= remembered) break;
      recent.delete(oldest);
    }
    return next;
  }

  return {
    async begin(subject, renewal) {
      const sealed = renewal && renewal.token.length <= largestRenewal ? await seal(secret, renewal) : undefined;
      return { vouched: subject, checked: now(), sid: randomUUID(), ...(sealed === undefined ? {} : { sealed }) };
    },
    current,
  };
}

/** Of the signing key, for another purpose (RFC 5869): every instance that shares the key can open it. */
function sealingKey(key: SigningKey): Uint8Array {
  const { d } = key.privateKey.export({ format: 'jwk' });
  return new Uint8Array(hkdfSync('sha256', Buffer.from(d ?? '', 'base64url'), createHash('sha256').update(key.kid).digest(), 'pii-gate session renewal', 32));
}

function seal(secret: Uint8Array, { kind, token }: Renewal): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify([kind, token]))).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(secret);
}

async function unseal(secret: Uint8Array, sealed: string): Promise<Renewal | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, secret, { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] });
    const [kind, token] = JSON.parse(new TextDecoder().decode(plaintext)) as readonly [Renewal['kind'], string];
    return { kind, token };
  } catch {
    return undefined;
  }
}
