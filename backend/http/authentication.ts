/** Bearer tokens and the inbox's session cookie → subject. Cookies alone never authorise a change: see `crossSite`. */
import cookie from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { Authenticator, Subject } from '../identity/identity.ts';
import type { OpenSession } from '../identity/sessions.ts';
import { refuse } from '../requests/refusal.ts';
import { RefusalError, type App } from './app.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication hook on every route that is not public. */
    subject: Subject | undefined;
    /** Signs in again by the same means, for what goes on for long: undefined when they hold no more. */
    subjectNow: () => Promise<Subject | undefined>;
  }
  interface FastifyContextConfig {
    /** True for the few routes that need no sign-in. */
    public?: boolean;
  }
}

export const sessionCookie = 'pii_gate_session';

export interface Sessions {
  /** Who is behind a session cookie, if it still holds. */
  open(cookie: string): Promise<OpenSession | undefined>;
}

/**
 * @param secure the session cookie travels over TLS only
 * @param guessesPerMinute failed sign-ins of one address, whatever token each tries, before it has to wait
 */
export async function addAuthentication(app: App, authenticator: Authenticator, sessions: Sessions, secure: boolean, guessesPerMinute: number): Promise<void> {
  await app.register(cookie);
  const failed = app.createRateLimit({ max: guessesPerMinute, timeWindow: 60_000, keyGenerator: (request) => `failed ${request.ip}` });
  app.decorateRequest('subject', undefined);
  app.decorateRequest('subjectNow', nobody);
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.public || !request.url.startsWith('/v1/')) return;
    try {
      const { subject, cookie: renewed } = await signedIn(request, authenticator, sessions);
      request.subject = subject;
      request.subjectNow = () => signedIn(request, authenticator, sessions).then((again) => again.subject, () => undefined);
      if (renewed) reply.setCookie(sessionCookie, renewed.value, { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: renewed.maxAge });
    } catch (error) {
      const limit = await failed(request);
      if (!limit.isAllowed && limit.isExceeded) throw new RefusalError(refuse(429, 'rate-limited', 'Too many failed sign-ins from this address. Wait a minute and try again.'));
      throw error;
    }
  });
}

async function nobody(): Promise<undefined> {
  return undefined;
}

async function signedIn(request: FastifyRequest, authenticator: Authenticator, sessions: Sessions): Promise<OpenSession> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const token = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(header)?.[1];
    if (token === undefined) throw unauthorized('Send "Authorization: Bearer <token>".');
    const answer = await authenticator.authenticate(token);
    if (!answer.ok) throw unauthorized(`${answer.why}. Sign in again.`);
    return { subject: answer.subject };
  }
  const value = request.cookies[sessionCookie];
  if (value === undefined) throw unauthorized('Send "Authorization: Bearer <token>".');
  if (crossSite(request)) throw new RefusalError(refuse(403, 'cross-site', 'A change by session cookie needs the header "x-pii-gate: 1" from this site.'));
  const session = await sessions.open(value);
  if (!session) throw unauthorized('The session has ended. Sign in again.');
  return session;
}

/**
 * A page of another site can make the browser send the cookie, but not a custom header (that needs a CORS preflight, which
 * is never granted). Fetch metadata and Origin are checked as well where the browser sends them.
 */
export function crossSite(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = request.headers.origin;
  if (origin !== undefined && !sameHost(origin, request.headers.host)) return true;
  return request.headers['x-pii-gate'] !== '1';
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function unauthorized(detail: string): RefusalError {
  return new RefusalError(refuse(401, 'unauthorized', detail));
}

/** The signed-in subject of a route that is not public. */
export function subjectOf(request: FastifyRequest): Subject {
  if (!request.subject) throw unauthorized('Sign in first.');
  return request.subject;
}
