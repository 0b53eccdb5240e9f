/**
 * Signing in at an OpenID Connect provider as a public client: authorization code with PKCE (RFC 7636) and a redirect to this
 * machine (RFC 8252), or a device code (RFC 8628); tokens renewed with a refresh token. No `vscode` here.
 */
import { createHash, randomBytes } from 'node:crypto';

/** What the backend says of its provider: `GET /v1/sign-in`. */
export interface OidcWay {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `aud` that access tokens must have. */
  readonly audience: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** `transient`: worth another try later (network, 5xx); else the user has to sign in again. */
export class OidcError extends Error {
  readonly transient: boolean;
  constructor(message: string, transient: boolean) {
    super(message);
    this.transient = transient;
  }
}

interface Metadata { readonly authorization: string; readonly token: string; readonly device?: string }

/** A browser that comes back: where it is sent to, and the address that it came back with. */
export interface Redirect {
  readonly redirectUri: string;
  /** Opens the address and resolves with the one that the provider redirected to. */
  visit(address: string): Promise<URL>;
}

export interface DeviceCode { readonly userCode: string; readonly verificationUri: string; readonly completeUri?: string }

/** Each request ends after this many milliseconds. */
const timeoutMs = 15_000;
/** A token without `expires_in` is taken to live this long (RFC 6749 leaves it open). */
const defaultLifetimeSeconds = 300;

/** Undefined when the backend knows no provider. Throws `OidcError` when it can't be asked. */
export async function wayOf(backend: string): Promise<OidcWay | undefined> {
  const answer = await json(`${backend}/v1/sign-in`);
  const oidc = answer.oidc;
  if (typeof oidc !== 'object' || oidc === null) return undefined;
  const { issuer, clientId, scopes, audience } = oidc as Partial<OidcWay>;
  return typeof issuer === 'string' && typeof clientId === 'string' && typeof audience === 'string' && Array.isArray(scopes) ? { issuer, clientId, scopes, audience } : undefined;
}

export async function signInByBrowser(way: OidcWay, redirect: Redirect, now: () => number): Promise<Tokens> {
  const metadata = await discover(way.issuer);
  const [state, verifier, nonce] = [random(24), random(48), random(24)];
  const address = new URL(metadata.authorization);
  const parameters = {
    response_type: 'code', client_id: way.clientId, redirect_uri: redirect.redirectUri, scope: scopeOf(way), state, nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', prompt: 'consent', ...target(way),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  const back = (await redirect.visit(address.href)).searchParams;
  if (back.get('state') !== state) throw new OidcError('The answer belongs to another sign-in. Start again.', false);
  // Mix-up defence (RFC 9207): a provider that names itself must be the one that was asked.
  if ((back.get('iss') ?? way.issuer) !== way.issuer) throw new OidcError('The answer is of another provider. Start again.', false);
  const code = back.get('code');
  if (code === null) throw new OidcError(`The provider did not sign you in: ${back.get('error_description') ?? back.get('error') ?? 'no reason given'}`, false);
  return redeem(metadata, { grant_type: 'authorization_code', code, redirect_uri: redirect.redirectUri, code_verifier: verifier, client_id: way.clientId, ...target(way) }, now);
}

/** `show` tells the user where to type which code; `wait` lets tests and cancellation replace the clock (milliseconds). */
export async function signInByDevice(way: OidcWay, show: (code: DeviceCode) => void, wait: (ms: number) => Promise<void>, now: () => number): Promise<Tokens> {
  const metadata = await discover(way.issuer);
  if (metadata.device === undefined) throw new OidcError('This provider has no device sign-in.', false);
  const answer = await json(metadata.device, new URLSearchParams({ client_id: way.clientId, scope: scopeOf(way), ...target(way) }));
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri, verification_uri_complete: completeUri } = answer;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof verificationUri !== 'string') throw new OidcError('The provider gave no device code.', false);
  show({ userCode, verificationUri, ...(typeof completeUri === 'string' ? { completeUri } : {}) });
  let interval = (typeof answer.interval === 'number' ? answer.interval : 5) * 1000;
  const end = now() + (typeof answer.expires_in === 'number' ? answer.expires_in : 600) * 1000;
  while (now() < end) {
    await wait(interval);
    const response = await post(metadata.token, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode, client_id: way.clientId });
    const body = await bodyOf(response);
    if (response.ok) return tokensOf(body, now);
    if (body.error === 'slow_down') interval += 5000;
    else if (body.error !== 'authorization_pending') throw refusal(response, body);
  }
  throw new OidcError('The code expired before it was used. Start again.', false);
}

export async function refresh(way: OidcWay, refreshToken: string, now: () => number): Promise<Tokens> {
  const tokens = await redeem(await discover(way.issuer), { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: way.clientId, ...target(way) }, now);
  // A provider that does not rotate sends none: the old one goes on.
  return { refreshToken, ...tokens };
}

async function discover(issuer: string): Promise<Metadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await json(url);
  if (document.issuer !== issuer) throw new OidcError(`${url} is of another issuer`, false);
  const endpoint = (name: string): string | undefined => typeof document[name] === 'string' && isSafe(document[name]) ? document[name] : undefined;
  const [authorization, token, device] = [endpoint('authorization_endpoint'), endpoint('token_endpoint'), endpoint('device_authorization_endpoint')];
  if (authorization === undefined || token === undefined) throw new OidcError(`${url} names no safe endpoints`, false);
  return { authorization, token, ...(device === undefined ? {} : { device }) };
}

async function redeem(metadata: Metadata, parameters: Readonly<Record<string, string>>, now: () => number): Promise<Tokens> {
  const response = await post(metadata.token, parameters);
  const body = await bodyOf(response);
  if (!response.ok) throw refusal(response, body);
  return tokensOf(body, now);
}

function tokensOf(body: Readonly<Record<string, unknown>>, now: () => number): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lifetime } = body;
  if (typeof accessToken !== 'string') throw new OidcError('The provider gave no access token.', false);
  return {
    accessToken, expiresAt: now() + (typeof lifetime === 'number' ? lifetime : defaultLifetimeSeconds) * 1000,
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
  };
}

/** RFC 8707 names the service by `resource`; some providers know only `audience`. `resource` must be an absolute URI. */
function target({ audience }: OidcWay): Readonly<Record<string, string>> {
  return URL.canParse(audience) ? { audience, resource: audience } : { audience };
}

/** `offline_access` asks for a refresh token (OpenID Connect Core, 11). */
const scopeOf = ({ scopes }: OidcWay): string => [...new Set([...scopes, 'offline_access'])].join(' ');
const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

async function json(url: string, body?: URLSearchParams): Promise<Readonly<Record<string, unknown>>> {
  const response = await send(url, body);
  const answer = await bodyOf(response);
  if (!response.ok) throw refusal(response, answer);
  return answer;
}

const post = (url: string, parameters: Readonly<Record<string, string>>): Promise<Response> => send(url, new URLSearchParams(parameters));

async function send(url: string, body?: URLSearchParams): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), ...(body === undefined ? {} : { method: 'POST', body }) });
  } catch {
    throw new OidcError(`${new URL(url).origin} can't be reached`, true);
  }
}

async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null ? body as Readonly<Record<string, unknown>> : {};
}

function refusal(response: Response, { error, error_description: description }: Readonly<Record<string, unknown>>): OidcError {
  const why = typeof description === 'string' ? description : typeof error === 'string' ? error : `status ${response.status}`;
  return new OidcError(`The provider refused: ${why}`, response.status >= 500 || response.status === 429);
}
