/**
 * The inbox's sessions: a signed cookie (JWS, EdDSA) that names the person and the token it was opened with. No state here, so
 * any instance accepts it; and it dies with the token in the users file, because that is looked up each time.
 */
import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { SigningKey } from '../keys/key-files.ts';
import type { Authenticator, Subject } from './identity.ts';
import { hashToken } from './tokens.ts';

export interface SessionMaker {
  /** Opens a session for a token of the users file that was just checked. Returns the cookie's value. */
  make(token: string, subject: Subject): Promise<string>;
  /** Opens a session for somebody whom a provider vouches for: the cookie carries what the provider said. */
  makeVouched(subject: Subject): Promise<string>;
  open(cookie: string): Promise<Subject | undefined>;
}

export interface SessionDeps {
  readonly key: SigningKey;
  readonly authenticator: Authenticator;
  readonly tokenStillHolds: (id: string, mark: string) => boolean;
  readonly issuer: string;
  readonly now: () => number;
  readonly lifetimeSeconds: number;
}

const typ = 'pii-gate-session+jwt';
const audience = 'pii-gate-inbox';

export function createSessions({ key, authenticator, tokenStillHolds, issuer, now, lifetimeSeconds }: SessionDeps): SessionMaker {
  const sign = (claims: Record<string, unknown>, id: string): Promise<string> => {
    const iat = Math.floor(now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid })
      .setIssuer(issuer).setAudience(audience).setSubject(id).setIssuedAt(iat).setExpirationTime(iat + lifetimeSeconds)
      .sign(key.privateKey);
  };
  return {
    make: (token, subject) => sign({ mark: markOf(hashToken(token)) }, subject.id),
    makeVouched: (subject) => sign({ vouched: subject }, subject.id),
    async open(cookie) {
      try {
        const { payload } = await jwtVerify(cookie, key.publicKey, { algorithms: ['EdDSA'], typ, issuer, audience, currentDate: new Date(now()) });
        const { sub, mark, vouched } = payload;
        if (typeof sub !== 'string') return undefined;
        if (typeof vouched === 'object' && vouched !== null) return vouched as Subject;
        return typeof mark === 'string' && tokenStillHolds(sub, mark) ? authenticator.find?.(sub) : undefined;
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
