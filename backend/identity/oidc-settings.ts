/** How to trust an OpenID Connect provider, from a YAML file. */
import { isMap, isScalar, type YAMLMap } from 'yaml';
import type { PolicyProblem } from '../policy/policy.ts';
import { YamlReader } from '../policy/yaml-reader.ts';

export interface OidcSettings {
  /** Exactly as the provider says it in `iss`. */
  readonly issuer: string;
  /** `aud` of access tokens for this service. */
  readonly audience: string;
  /** For signing in at the inbox and in the editor: a public client with PKCE, or a confidential one. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scopes: readonly string[];
  /** Names of the claims. */
  readonly claims: { readonly id: string; readonly name: string; readonly groups: readonly string[] };
  /** Group or role at the provider → roles here. Groups that are not listed give nothing. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Machine clients, by client id: who answers for them. A machine that is not listed is refused. */
  readonly clients: ReadonlyMap<string, { readonly kind: 'agent' | 'service'; readonly owner: string; readonly roles: readonly string[] }>;
  /** Seconds that clocks may differ. */
  readonly clockSkew: number;
}

export type ParsedOidc = { readonly ok: true; readonly settings: OidcSettings } | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const keys = ['issuer', 'audience', 'client_id', 'client_secret_env', 'scopes', 'claims', 'roles', 'clients', 'clock_skew'];

/** @param environment where `client_secret_env` is looked up: the file holds no secret */
export function parseOidcSettings(text: string, environment: Readonly<Record<string, string | undefined>>): ParsedOidc {
  const reader = new YamlReader(text);
  const root = reader.problems.length > 0 ? undefined : reader.map(reader.root, 'OpenID Connect settings: issuer, audience, roles');
  if (!root) return { ok: false, problems: reader.problems };
  reader.onlyKeys(root, keys);
  const issuer = reader.text(root, 'issuer') ?? '';
  if (!isSafeUrl(issuer)) reader.complain(root.get('issuer', true) ?? root, '"issuer" must be an https URL (http only on this machine)');
  const audience = reader.text(root, 'audience') ?? '';
  if (audience === '') reader.complain(root, '"audience" is needed: tokens for other services must not work here');
  const clientId = reader.text(root, 'client_id');
  const secretName = reader.text(root, 'client_secret_env');
  const clientSecret = secretName === undefined ? undefined : environment[secretName];
  if (secretName !== undefined && clientSecret === undefined) reader.complain(root.get('client_secret_env', true), `the environment variable ${secretName} is not set`);
  const claimsNode = root.get('claims', true);
  const claims = isMap(claimsNode) ? claimsNode : undefined;
  if (claims) reader.onlyKeys(claims, ['id', 'name', 'groups']);
  const skew = reader.duration(root, 'clock_skew');
  const settings: OidcSettings = {
    issuer,
    audience,
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    scopes: root.has('scopes') ? reader.texts(root, 'scopes') : ['openid', 'profile'],
    claims: {
      id: (claims && reader.text(claims, 'id')) ?? 'sub',
      name: (claims && reader.text(claims, 'name')) ?? 'name',
      groups: claims?.has('groups') ? reader.texts(claims, 'groups') : ['groups', 'roles'],
    },
    roles: readRoles(reader, root),
    clients: readClients(reader, root),
    clockSkew: Math.round((skew ?? 60_000) / 1000),
  };
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, settings };
}

function entries(reader: YamlReader, root: YAMLMap, key: string): { readonly name: string; readonly map: YAMLMap; readonly node: unknown }[] {
  const node = root.get(key, true);
  const map = node === undefined ? undefined : reader.map(node, `"${key}" with names`);
  return map ? map.items.map((pair) => ({ name: isScalar(pair.key) ? String(pair.key.value) : '', map, node: pair.value })) : [];
}

function readRoles(reader: YamlReader, root: YAMLMap): OidcSettings['roles'] {
  return new Map(entries(reader, root, 'roles').map(({ name, map }) => [name, reader.texts(map, name)]));
}

function readClients(reader: YamlReader, root: YAMLMap): OidcSettings['clients'] {
  return new Map(entries(reader, root, 'clients').flatMap(({ name, node }) => {
    const map = reader.map(node, 'a client: {kind, owner, roles}');
    if (!map) return [];
    reader.onlyKeys(map, ['kind', 'owner', 'roles']);
    const kind = map.get('kind');
    const owner = reader.text(map, 'owner');
    if (kind !== 'agent' && kind !== 'service') reader.complain(map, '"kind" must be agent or service');
    if (owner === undefined) reader.complain(map, 'a machine needs an "owner": the person who answers for it');
    return [[name, { kind: kind === 'agent' ? 'agent' : 'service', owner: owner ?? '', roles: reader.texts(map, 'roles') }] as const];
  }));
}

/** https, or plain http on this machine. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'));
}
