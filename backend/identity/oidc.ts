/**
 * Tokens of an OpenID Connect provider: discovery (OpenID Connect Discovery 1.0), keys from its JWKS (fetched again when an
 * unknown key shows up), and the checks of RFC 9068: issuer, audience, expiry, an asymmetric algorithm.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Authentication, Authenticator, Subject } from './identity.ts';
import { isSafeUrl, type OidcSettings } from './oidc-settings.ts';

/** Never `none`, never a shared secret: a public key must not become one (RFC 8725, 3.1). */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

export interface ProviderMetadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

export interface OidcProvider extends Authenticator {
  metadata(): Promise<ProviderMetadata>;
  /** Checks an ID token of the sign-in flow. Undefined when it does not hold. */
  idToken(token: string, nonce: string): Promise<Subject | undefined>;
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
    async idToken(token, nonce) {
      try {
        const payload = await verified(token, settings.clientId ?? '');
        return payload.nonce === nonce ? subjectOf(payload, settings, known) : undefined;
      } catch {
        return undefined;
      }
    },
  };
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
  if (typeof claim !== 'string' || claim === '' || claim.length > 256) return undefined;
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
