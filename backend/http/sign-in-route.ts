/**
 * Signing in at the inbox through a provider: authorization code with PKCE (RFC 7636), state and nonce kept in a short-lived
 * signed cookie of this browser, so that a code that was planted by somebody else is refused.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { Type } from 'typebox';
import type { OidcProvider } from '../identity/oidc.ts';
import type { OidcSettings } from '../identity/oidc-settings.ts';
import type { SessionMaker } from '../identity/sessions.ts';
import type { SigningKey } from '../keys/key-files.ts';
import { refuse } from '../requests/refusal.ts';
import { RefusalError, type App } from './app.ts';
import { sessionCookie } from './authentication.ts';
import { problems } from './routes.ts';

export interface SignInDeps {
  readonly provider: OidcProvider;
  readonly settings: OidcSettings;
  readonly key: SigningKey;
  readonly sessions: SessionMaker;
  readonly secure: boolean;
  readonly lifetimeSeconds: number;
  /** Where the browser reaches this service. */
  readonly baseUrl: () => string;
  readonly now: () => number;
}

const flowCookie = 'pii_gate_sign_in';
const typ = 'pii-gate-sign-in+jwt';
const flowSeconds = 600;

const ways = Type.Object({
  token: Type.Boolean({ description: 'Tokens of the users file work' }),
  oidc: Type.Optional(Type.Object({ issuer: Type.String(), clientId: Type.String(), scopes: Type.Array(Type.String()), audience: Type.String(), start: Type.String() })),
});
const callbackQuery = Type.Object({ code: Type.Optional(Type.String({ maxLength: 4_096 })), state: Type.Optional(Type.String({ maxLength: 256 })), error: Type.Optional(Type.String({ maxLength: 256 })) });

export function addSignIn(app: App, deps: SignInDeps | undefined): void {
  const open = { config: { public: true } } as const;
  const clientId = deps?.settings.clientId;
  app.get('/v1/sign-in', { ...open, schema: { summary: 'How one can sign in here', security: [], response: { 200: ways } } }, async () => ({
    token: true,
    ...(deps && clientId !== undefined ? { oidc: { issuer: deps.settings.issuer, clientId, scopes: [...deps.settings.scopes], audience: deps.settings.audience, start: '/v1/sign-in/oidc' } } : {}),
  }));
  if (!deps || clientId === undefined) return;
  const { provider, settings, key, sessions, secure, lifetimeSeconds, now } = deps;
  const redirectUri = (): string => `${deps.baseUrl()}/v1/sign-in/callback`;
  // Lax: the provider's redirect is a cross-site navigation, and must bring it back.
  const flowAttributes = { path: '/v1/sign-in', httpOnly: true, sameSite: 'lax', secure, maxAge: flowSeconds } as const;

  app.get('/v1/sign-in/oidc', { ...open, schema: { summary: 'Sends the browser to the provider', security: [], response: { 302: Type.Null(), ...problems } } }, async (_request, reply) => {
    const [state, nonce, verifier] = [randomBytes(24), randomBytes(24), randomBytes(48)].map((bytes) => bytes.toString('base64url'));
    const { authorizationEndpoint } = await reachable(provider);
    const iat = Math.floor(now() / 1000);
    const flow = await new SignJWT({ state, nonce, verifier }).setProtectedHeader({ alg: 'EdDSA', typ }).setIssuedAt(iat).setExpirationTime(iat + flowSeconds).sign(key.privateKey);
    const url = new URL(authorizationEndpoint);
    const parameters = {
      response_type: 'code', client_id: clientId, redirect_uri: redirectUri(), scope: settings.scopes.join(' '), state: state ?? '', nonce: nonce ?? '',
      code_challenge: createHash('sha256').update(verifier ?? '').digest('base64url'), code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return reply.setCookie(flowCookie, flow, flowAttributes).redirect(url.href, 302);
  });

  app.get('/v1/sign-in/callback', { ...open, schema: { summary: 'Where the provider sends the browser back', security: [], querystring: callbackQuery, response: { 302: Type.Null(), ...problems } } }, async (request, reply) => {
    const { code, state, error } = request.query;
    if (error !== undefined || code === undefined) throw refused('The provider did not sign you in. Start again.');
    const flow = await openFlow(request.cookies[flowCookie] ?? '');
    if (!flow || !sameText(flow.state, state ?? '')) throw refused('This sign-in was not started in this browser, or took too long. Start again.');
    const person = await redeemed(code, flow);
    if (!person) throw refused('The answer of the provider does not verify. Start again.');
    return reply
      .clearCookie(flowCookie, flowAttributes)
      .setCookie(sessionCookie, await sessions.makeVouched(person.subject, person.renewal), { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: lifetimeSeconds })
      .redirect('/', 302);
  });

  async function openFlow(cookie: string): Promise<{ state: string; nonce: string; verifier: string } | undefined> {
    try {
      const { payload } = await jwtVerify(cookie, key.publicKey, { algorithms: ['EdDSA'], typ, currentDate: new Date(now()) });
      const { state, nonce, verifier } = payload;
      return typeof state === 'string' && typeof nonce === 'string' && typeof verifier === 'string' ? { state, nonce, verifier } : undefined;
    } catch {
      return undefined;
    }
  }

  async function redeemed(code: string, { verifier, nonce }: { readonly verifier: string; readonly nonce: string }): ReturnType<OidcProvider['redeem']> {
    await reachable(provider);
    return provider.redeem(code, verifier, redirectUri(), nonce);
  }
}

async function reachable(provider: OidcProvider): ReturnType<OidcProvider['metadata']> {
  try {
    return await provider.metadata();
  } catch {
    throw new RefusalError(refuse(503, 'identity-provider-down', 'The identity provider can not be reached. Try again, or sign in with a token.'));
  }
}

function refused(detail: string): RefusalError {
  return new RefusalError(refuse(401, 'unauthorized', detail));
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
