/**
 * Tokens of an OpenID Connect provider: discovery (OpenID Connect Discovery 1.0), keys from its JWKS (fetched again when an
 * unknown key shows up), and the checks of RFC 9068: issuer, audience, expiry, an asymmetric algorithm.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Authentication, Authenticator, Subject } from './identity.ts';
import type { Renewal, Renewed } from './oidc-session.ts';
import { isSafeUrl, type OidcSettings } from './oidc-settings.ts';

/** Never `none`, never a shared secret: a public key must not become one (RFC 8725, 3.1). */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

export interface ProviderMetadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userinfoEndpoint?: string;
}

export interface OidcProvider extends Authenticator {
  metadata(): Promise<ProviderMetadata>;
  /** Trades the code of a sign-in for who it is. Undefined when the provider refuses or what it says does not hold. */
  redeem(code: string, verifier: string, redirectUri: string, nonce: string): Promise<{ readonly subject: Subject; readonly renewal?: Renewal } | undefined>;
  /** Asks again who the person with this id is: the same person, with the roles of today. */
  renew(renewal: Renewal, id: string): Promise<Renewed>;
}

interface Discovered extends ProviderMetadata { readonly keys: ReturnType<typeof createRemoteJWKSet> }

/**
 * @param known finds a person of the users file by an id or alias: `oidc:<id>` as an alias there makes both one person
 * @param now milliseconds since the epoch
 */
export function createOidcProvider(settings: OidcSettings, known: (id: string) => Subject | undefined, now: () => number): OidcProvider {
  let discovery: Promise<Discovered> | undefined;

  async function discover(): Promise<Discovered> {
    const url = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'error' });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const document = (await response.json()) as Record<string, unknown>;
    // Mix-up defence: the document must be of the issuer that was asked.
    if (document.issuer !== settings.issuer) throw new Error(`${url} is of another issuer`);
    const endpoint = (name: string): string => {
      const value = document[name];
      if (typeof value !== 'string' || !isSafeUrl(value)) throw new Error(`${url}: "${name}" is not an https URL`);
      return value;
    };
    return {
      keys: createRemoteJWKSet(new URL(endpoint('jwks_uri')), { timeoutDuration: 5_000, cooldownDuration: 2_000, cacheMaxAge: 600_000 }),
      authorizationEndpoint: endpoint('authorization_endpoint'),
      tokenEndpoint: endpoint('token_endpoint'),
      ...(document.userinfo_endpoint === undefined ? {} : { userinfoEndpoint: endpoint('userinfo_endpoint') }),
    };
  }

  /** A failed discovery is tried again with the next token. */
  function discovered(): Promise<Discovered> {
    discovery ??= discover().catch((error: unknown) => {
      discovery = undefined;
      throw error;
    });
    return discovery;
  }

  async function verified(token: string, audience: string): Promise<JWTPayload> {
    const { keys } = await discovered();
    const { payload } = await jwtVerify(token, keys, {
      issuer: settings.issuer, audience, algorithms, clockTolerance: settings.clockSkew, requiredClaims: ['sub', 'exp', 'iat'], currentDate: new Date(now()),
    });
    return payload;
  }

  /** Undefined when the provider refuses; throws when it can't be reached. */
  async function askForTokens(parameters: Readonly<Record<string, string>>): Promise<Tokens | undefined> {
    const { tokenEndpoint } = await discovered();
    const body = new URLSearchParams({ ...parameters, client_id: settings.clientId ?? '' });
    if (settings.clientSecret !== undefined) body.set('client_secret', settings.clientSecret);
    const response = await fetch(tokenEndpoint, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(10_000) });
    if (response.status >= 500 || response.status === 429) throw new Error(`The token endpoint answered ${response.status}`);
    if (!response.ok) return undefined;
    const answer = (await response.json()) as Record<string, unknown>;
    const text = (name: string): string | undefined => (typeof answer[name] === 'string' ? answer[name] : undefined);
    const [idToken, accessToken, refreshToken] = [text('id_token'), text('access_token'), text('refresh_token')];
    return { ...(idToken === undefined ? {} : { idToken }), ...(accessToken === undefined ? {} : { accessToken }), ...(refreshToken === undefined ? {} : { refreshToken }) };
  }

  /** Undefined when the token is good for nothing any more; throws when the provider can't be reached. */
  async function userinfo(accessToken: string | undefined): Promise<JWTPayload | undefined> {
    const { userinfoEndpoint } = await discovered();
    if (userinfoEndpoint === undefined || accessToken === undefined) return undefined;
    const response = await fetch(userinfoEndpoint, { headers: { authorization: `Bearer ${accessToken}` }, redirect: 'error', signal: AbortSignal.timeout(10_000) });
    if (response.status >= 500 || response.status === 429) throw new Error(`The userinfo endpoint answered ${response.status}`);
    return response.ok && /^application\/json\b/.test(response.headers.get('content-type') ?? '') ? ((await response.json()) as JWTPayload) : undefined;
  }

  return {
    metadata: discovered,
    async authenticate(token): Promise<Authentication> {
      try {
        const subject = subjectOf(await verified(token, settings.audience), settings, known);
        return subject ? { ok: true, subject } : { ok: false, why: 'This client is not known here' };
      } catch (error) {
        return { ok: false, why: whyNot(error) };
      }
    },
    async redeem(code, verifier, redirectUri, nonce) {
      const tokens = await askForTokens({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });
      if (tokens?.idToken === undefined) return undefined;
      try {
        const payload = await verified(tokens.idToken, settings.clientId ?? '');
        const subject = payload.nonce === nonce ? subjectOf(payload, settings, known) : undefined;
        const renewal = renewalOf(tokens);
        return subject && { subject, ...(renewal ? { renewal } : {}) };
      } catch {
        return undefined;
      }
    },
    async renew(renewal, id) {
      try {
        const tokens = renewal.kind === 'refresh' ? await askForTokens({ grant_type: 'refresh_token', refresh_token: renewal.token }) : { accessToken: renewal.token };
        if (!tokens) return { kind: 'ended' };
        const payload = tokens.idToken === undefined ? await userinfo(tokens.accessToken) : await verified(tokens.idToken, settings.clientId ?? '');
        const subject = payload && subjectOf(payload, settings, known);
        // Another account's answer is no answer (OpenID Connect Core, 5.3.2 and 12.2).
        return subject?.id === id ? { kind: 'holds', subject, renewal: renewalOf(tokens) ?? renewal } : { kind: 'ended' };
      } catch (error) {
        return { kind: error instanceof errors.JOSEError ? 'ended' : 'unreachable' };
      }
    },
  };
}

interface Tokens { readonly idToken?: string; readonly accessToken?: string; readonly refreshToken?: string }

/** A refresh token outlives access tokens, so it is preferred. */
function renewalOf({ refreshToken, accessToken }: Tokens): Renewal | undefined {
  if (refreshToken !== undefined) return { kind: 'refresh', token: refreshToken };
  return accessToken === undefined ? undefined : { kind: 'access', token: accessToken };
}

function subjectOf(payload: JWTPayload, settings: OidcSettings, known: (id: string) => Subject | undefined): Subject | undefined {
  const client = payload.client_id ?? payload.azp;
  // A machine's own token: it speaks for no person (RFC 9068, 2.2: `sub` is then the client).
  if (typeof client === 'string' && client === payload.sub) {
    const machine = settings.clients.get(client);
    if (!machine) return undefined;
    return { id: `oidc:${client}`, name: client, roles: machine.roles, groups: [], kind: machine.kind, owner: known(machine.owner)?.id ?? machine.owner, aliases: [] };
  }
  const claim = payload[settings.claims.id];
  if (typeof claim !== 'string' || claim === '' || claim.length > 256 || /\p{Cc}/u.test(claim)) return undefined;
  // An address that nobody checked is no identity.
  if (settings.claims.id === 'email' && payload.email_verified !== true) return undefined;
  // Prefixed, so that no account at the provider can take the name of somebody in the users file.
  const id = `oidc:${claim}`;
  const groups = [...new Set(settings.claims.groups.flatMap((name) => textsOf(payload[name])))];
  const mapped = groups.flatMap((group) => settings.roles.get(group) ?? []);
  const local = known(id);
  const name = payload[settings.claims.name];
  return {
    id: local?.id ?? id,
    name: local?.name ?? (typeof name === 'string' && name !== '' ? name.slice(0, 256) : claim),
    roles: [...new Set([...(local?.roles ?? []), ...mapped])],
    groups: [...new Set([...(local?.groups ?? []), ...groups])],
    kind: 'person',
    aliases: [...new Set([...(local?.aliases ?? []), ...(local ? [id] : [])])],
    ...(local?.delegations ? { delegations: local.delegations } : {}),
  };
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((text) => text !== '');
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function whyNot(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's "${error.claim}" is not for this service`;
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT') return 'The token does not verify';
  return 'The identity provider can not be reached';
}
