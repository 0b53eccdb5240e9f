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
  /** Opens a session for a token that was just checked. Returns the cookie's value. */
  make(token: string, subject: Subject): Promise<string>;
  open(cookie: string): Promise<Subject | undefined>;
}

const typ = 'pii-gate-session+jwt';

/** @param lifetimeSeconds how long a session lasts at most */
export function createSessions(
  key: SigningKey, authenticator: Authenticator, tokenStillHolds: (id: string, mark: string) => boolean, issuer: string, now: () => number, lifetimeSeconds: number,
): SessionMaker {
  return {
    make(token, subject) {
      const iat = Math.floor(now() / 1000);
      return new SignJWT({ mark: markOf(hashToken(token)) })
        .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid })
        .setIssuer(issuer).setAudience('pii-gate-inbox').setSubject(subject.id).setIssuedAt(iat).setExpirationTime(iat + lifetimeSeconds)
        .sign(key.privateKey);
    },
    async open(cookie) {
      try {
        const { payload } = await jwtVerify(cookie, key.publicKey, { algorithms: ['EdDSA'], typ, issuer, audience: 'pii-gate-inbox', currentDate: new Date(now()) });
        if (typeof payload.sub !== 'string' || typeof payload.mark !== 'string' || !tokenStillHolds(payload.sub, payload.mark)) return undefined;
        return authenticator.find?.(payload.sub);
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
