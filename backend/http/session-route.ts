/** `POST /v1/session`: the inbox trades a token for a cookie that scripts can't read. `DELETE` signs out. */
import { Type } from 'typebox';
import type { Authenticator } from '../identity/identity.ts';
import type { SessionMaker } from '../identity/sessions.ts';
import { refuse } from '../requests/refusal.ts';
import { RefusalError, type App } from './app.ts';
import { crossSite, sessionCookie } from './authentication.ts';
import { problems } from './routes.ts';

const body = Type.Object({ token: Type.String({ minLength: 8, maxLength: 8_192 }) }, { additionalProperties: false });

/** @param secure the cookie travels over TLS only: off on a loopback address, where there is none */
export function addSession(app: App, authenticator: Authenticator, sessions: SessionMaker, secure: boolean, lifetimeSeconds: number): void {
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  const open = { public: true };

  app.post('/v1/session', { config: { ...open, rateLimit: { max: 30, timeWindow: 60_000 } }, schema: { summary: 'Sign in with a token; sets a session cookie', security: [], body, response: { 204: Type.Null(), ...problems } } }, async (request, reply) => {
    if (request.headers.origin !== undefined && crossSite(request)) throw new RefusalError(refuse(403, 'cross-site', 'Sign in from this site, with the header "x-pii-gate: 1".'));
    const answer = await authenticator.authenticate(request.body.token);
    if (!answer.ok) throw new RefusalError(refuse(401, 'unauthorized', `${answer.why}.`));
    return reply
      .setCookie(sessionCookie, await sessions.make(request.body.token, answer.subject), { ...attributes, maxAge: lifetimeSeconds })
      .code(204)
      .send();
  });
  app.delete('/v1/session', { config: open, schema: { summary: 'Sign out', security: [], response: { 204: Type.Null() } } }, async (_request, reply) =>
    reply.clearCookie(sessionCookie, attributes).code(204).send(),
  );
}
