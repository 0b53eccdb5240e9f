/**
 * The inbox's sessions: a signed cookie (JWS, EdDSA) that names the person and the token it was opened with. No state here, so
 * any instance accepts it; and it dies with the token in the users file, because that is looked up each time.
 */
import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { SigningKey } from '../keys/key-files.ts';
import type { Authenticator, Subject } from './identity.ts';
import type { OidcSessions, Renewal, VouchedClaims } from './oidc-session.ts';
import { hashToken } from './tokens.ts';

export interface SessionMaker {
  /** Opens a session for a token of the users file that was just checked. Returns the cookie's value. */
  make(token: string, subject: Subject): Promise<string>;
  /** Opens a session for somebody whom a provider vouches for: the cookie carries what the provider said. */
  makeVouched(subject: Subject, renewal: Renewal | undefined): Promise<string>;
  open(cookie: string): Promise<OpenSession | undefined>;
}

/** `cookie`: the browser is to keep this one from now on. */
export interface OpenSession { readonly subject: Subject; readonly cookie?: { readonly value: string; /** Seconds. */ readonly maxAge: number } }

export interface SessionDeps {
  readonly key: SigningKey;
  readonly authenticator: Authenticator;
  /** Absent where no provider is configured: then nobody is vouched for. */
  readonly vouching: OidcSessions | undefined;
  readonly tokenStillHolds: (id: string, mark: string) => boolean;
  readonly issuer: string;
  readonly now: () => number;
  readonly lifetimeSeconds: number;
}

const typ = 'pii-gate-session+jwt';
const audience = 'pii-gate-inbox';

export function createSessions({ key, authenticator, vouching, tokenStillHolds, issuer, now, lifetimeSeconds }: SessionDeps): SessionMaker {
  const sign = (claims: object, id: string, expires?: number): Promise<string> => {
    const iat = Math.floor(now() / 1000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid })
      .setIssuer(issuer).setAudience(audience).setSubject(id).setIssuedAt(iat).setExpirationTime(expires ?? iat + lifetimeSeconds)
      .sign(key.privateKey);
  };
  async function openVouched(claims: VouchedClaims, id: string, expires: number): Promise<OpenSession | undefined> {
    const current = await vouching?.current(claims);
    if (!current || current.vouched.id !== id) return undefined;
    if (current === claims) return { subject: current.vouched };
    const { vouched, checked, sid, sealed } = current;
    // It ends when it would have ended: asking again makes it newer, not longer.
    const value = await sign({ vouched, checked, sid, ...(sealed === undefined ? {} : { sealed }) }, id, expires);
    return { subject: vouched, cookie: { value, maxAge: Math.max(1, expires - Math.floor(now() / 1000)) } };
  }

  return {
    make: (token, subject) => sign({ mark: markOf(hashToken(token)) }, subject.id),
    async makeVouched(subject, renewal) {
      if (!vouching) throw new Error('No identity provider is configured');
      return sign(await vouching.begin(subject, renewal), subject.id);
    },
    async open(cookie) {
      try {
        const { payload } = await jwtVerify(cookie, key.publicKey, { algorithms: ['EdDSA'], typ, issuer, audience, currentDate: new Date(now()) });
        const { sub, mark, vouched, exp } = payload;
        if (typeof sub !== 'string') return undefined;
        if (typeof vouched === 'object' && vouched !== null) return await openVouched(payload as unknown as VouchedClaims, sub, exp ?? 0);
        const subject = typeof mark === 'string' && tokenStillHolds(sub, mark) ? authenticator.find?.(sub) : undefined;
        return subject && { subject };
      } catch {
        return undefined;
      }
    },
  };
}

/** Says which token (by its hash) opened the session without being it. */
export function markOf(tokenHash: string): string {
  return createHash('sha256').update(`session:${tokenHash.toLowerCase()}`).digest('base64url').slice(0, 22);
}
