/** `channels.yaml` → settings. Every mistake is named with its line; secrets come from the environment or from files. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { EmailSettings } from './email.ts';
import { addressProblem, type OutboundPolicy } from './outbound.ts';
import type { SlackSettings } from './slack/slack.ts';
import { type Risk, risks, type Summary } from './summary.ts';
import type { TeamsSettings } from './teams.ts';
import type { WebhookSettings } from './webhook.ts';

export type ChannelSettings =
  | ({ readonly kind: 'slack' } & SlackSettings)
  | ({ readonly kind: 'teams' } & TeamsSettings)
  | ({ readonly kind: 'email' } & EmailSettings)
  | ({ readonly kind: 'webhook' } & WebhookSettings);

export interface ChannelsConfig {
  /** Where people open the inbox, when it is not the backend's own address. */
  readonly inboxUrl?: string;
  readonly allowPrivateHosts: readonly string[];
  readonly channels: readonly ChannelSettings[];
}

export interface ConfigProblem { readonly line: number; readonly column: number; readonly message: string }
export type ParsedConfig = { readonly ok: true; readonly config: ChannelsConfig } | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of a file; throws when it can't be read. */
  readonly readFile: (path: string) => string;
}

const slackApi = 'https://slack.com/api';
const keys: Readonly<Record<ChannelSettings['kind'], readonly string[]>> = {
  slack: ['channel', 'bot_token', 'signing_secret', 'app_token', 'team', 'people', 'link_only_above', 'api'],
  teams: ['url'],
  email: ['host', 'port', 'tls', 'user', 'password', 'ca', 'from', 'to'],
  webhook: ['url', 'secrets'],
};
const common = ['id', 'kind', 'events', 'environments', 'min_risk'];
const events = ['pending', 'approved', 'denied', 'changes_requested', 'cancelled', 'expired', 'consumed', 'revoked'];

/** Never throws. */
export function parseChannels(text: string, sources: SecretSources): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const problems: ConfigProblem[] = [];
  const at = (offset: number | undefined, message: string): undefined => {
    const { line, col } = lines.linePos(offset ?? 0);
    problems.push({ line, column: col, message });
    return undefined;
  };
  for (const error of document.errors) at(error.pos[0], error.message.split('\n', 1)[0] ?? 'not YAML');
  const top = document.contents;
  if (!isMap(top)) return { ok: false, problems: problems.length > 0 ? problems : [{ line: 1, column: 1, message: 'expected `channels:` with a list' }] };
  const root = new Reader(top, at, sources);
  root.only(['inbox_url', 'allow_private_hosts', 'channels']);
  const inboxUrl = root.text('inbox_url');
  const allowPrivateHosts = root.texts('allow_private_hosts') ?? [];
  const list = top.get('channels', true);
  if (!isSeq(list)) at(top.range?.[0], 'expected `channels:` with a list');
  const channels: ChannelSettings[] = [];
  for (const item of isSeq(list) ? list.items : []) {
    if (!isMap(item)) {
      at(isScalar(item) ? item.range?.[0] : undefined, 'expected a channel: {id, kind, …}');
      continue;
    }
    const channel = readChannel(new Reader(item, at, sources), { allowPrivateHosts, timeoutMs: 0 });
    if (channel !== undefined && channels.some((other) => other.id === channel.id)) at(item.range?.[0], `the id "${channel.id}" is used twice`);
    else if (channel !== undefined) channels.push(channel);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, config: { allowPrivateHosts, channels, ...(inboxUrl === undefined ? {} : { inboxUrl }) } };
}

function readChannel(from: Reader, policy: OutboundPolicy): ChannelSettings | undefined {
  const kind = from.oneOf('kind', ['slack', 'teams', 'email', 'webhook'] as const);
  const id = from.text('id', /^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens');
  if (kind === undefined || id === undefined) return from.missing('id', 'kind');
  from.only([...common, ...keys[kind]]);
  const wants = readWants(from);
  switch (kind) {
    case 'slack': {
      const [channel, botToken] = [from.text('channel', /^[CGD][A-Z0-9]{2,}$/, 'a channel id such as C0123ABCD'), from.secret('bot_token')];
      if (channel === undefined || botToken === undefined) return from.missing('channel', 'bot_token');
      const signingSecret = from.secret('signing_secret');
      const appToken = from.secret('app_token');
      const team = from.text('team');
      return {
        kind, id, wants, channel, botToken, people: from.map('people'), linkOnlyAbove: from.oneOf('link_only_above', risks) ?? 'medium', api: from.address('api', policy) ?? slackApi,
        ...(signingSecret === undefined ? {} : { signingSecret }), ...(appToken === undefined ? {} : { appToken }), ...(team === undefined ? {} : { team }),
      };
    }
    case 'teams': {
      const url = from.address('url', policy);
      return url === undefined ? from.missing('url') : { kind, id, wants, url };
    }
    case 'webhook': {
      const url = from.address('url', policy);
      const secrets = from.secrets('secrets');
      if (url === undefined || secrets === undefined) return from.missing('url', 'secrets');
      return secrets.every((s) => /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(s)) ? { kind, id, wants, url, secrets } : from.wrong('secrets', 'a webhook secret is whsec_ and base64 of 24 to 64 random bytes');
    }
    case 'email': {
      const [host, sender, reviewers] = [from.text('host'), from.text('from'), from.texts('to')];
      if (host === undefined || sender === undefined || reviewers === undefined || reviewers.length === 0) return from.missing('host', 'from', 'to');
      const tls = from.oneOf('tls', ['implicit', 'starttls', 'off'] as const) ?? 'starttls';
      const [user, password, ca] = [from.text('user'), from.secret('password'), from.secret('ca')];
      return {
        kind, id, wants, host, port: from.number('port') ?? (tls === 'implicit' ? 465 : 587), tls, from: sender, reviewers, timeoutMs: 15_000,
        ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }), ...(ca === undefined ? {} : { ca }),
      };
    }
  }
}

/** Which requests a channel tells about; default: all, from waiting to decided. */
function readWants(from: Reader): (type: string, summary: Summary) => boolean {
  const types = new Set((from.texts('events', events) ?? ['pending', 'approved', 'denied', 'changes_requested', 'cancelled', 'expired', 'revoked']).map((e) => `request.${e}`));
  const environments = from.texts('environments', ['development', 'staging', 'production', 'critical']);
  const least: Risk = from.oneOf('min_risk', risks) ?? 'low';
  return (type, summary) => types.has(type)
    && risks.indexOf(summary.risk) >= risks.indexOf(least)
    && (environments === undefined || environments.includes(summary.environment));
}

type At = (offset: number | undefined, message: string) => undefined;

/** Typed access to one YAML map that says where something is wrong. */
class Reader {
  readonly #map: YAMLMap;
  readonly #at: At;
  readonly #sources: SecretSources;
  constructor(map: YAMLMap, at: At, sources: SecretSources) {
    this.#map = map;
    this.#at = at;
    this.#sources = sources;
  }
  #offset(key?: string): number | undefined {
    const node: unknown = key === undefined ? undefined : this.#map.get(key, true);
    const ranged = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : this.#map.range;
    return typeof ranged?.[0] === 'number' ? ranged[0] : undefined;
  }
  wrong(key: string | undefined, message: string): undefined {
    return this.#at(this.#offset(key), message);
  }
  /** Names the first of these that is absent; says nothing when all are there (something else was wrong and was said). */
  missing(...required: readonly string[]): undefined {
    const absent = required.find((key) => !this.#map.has(key));
    return absent === undefined ? undefined : this.wrong(undefined, `"${absent}" is missing`);
  }
  only(known: readonly string[]): void {
    for (const { key } of this.#map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!known.includes(name)) this.#at(isScalar(key) ? key.range?.[0] : undefined, `unknown key "${name}"; expected ${known.join(', ')}`);
    }
  }
  text(key: string, pattern?: RegExp, expected?: string): string | undefined {
    const value: unknown = this.#map.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '' && (pattern === undefined || pattern.test(value))) return value;
    return this.wrong(key, `"${key}" must be ${expected ?? 'a text'}`);
  }
  number(key: string): number | undefined {
    const value: unknown = this.#map.get(key);
    if (value === undefined) return undefined;
    return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536 ? value : this.wrong(key, `"${key}" must be a port number`);
  }
  oneOf<const T extends readonly string[]>(key: string, allowed: T): T[number] | undefined {
    const value: unknown = this.#map.get(key);
    if (value === undefined) return undefined;
    return typeof value === 'string' && allowed.includes(value) ? value : this.wrong(key, `"${key}" must be one of ${allowed.join(', ')}`);
  }
  texts(key: string, allowed?: readonly string[]): readonly string[] | undefined {
    const node: unknown = this.#map.get(key, true);
    if (node === undefined) return undefined;
    const values = isSeq(node) ? node.items.map((i) => (isScalar(i) ? i.value : undefined)) : isScalar(node) ? [node.value] : [];
    const texts = values.filter((v): v is string => typeof v === 'string' && (allowed === undefined || allowed.includes(v)));
    return texts.length === values.length && values.length > 0 ? texts : this.wrong(key, `"${key}" must be a list of ${allowed === undefined ? 'texts' : allowed.join(', ')}`);
  }
  map(key: string): Readonly<Record<string, string>> {
    const node: unknown = this.#map.get(key, true);
    if (node === undefined) return {};
    const entries = isMap(node) ? node.items.map((i): readonly [unknown, unknown] => [isScalar(i.key) ? i.key.value : undefined, isScalar(i.value) ? i.value.value : undefined]) : [[undefined, undefined] as const];
    if (entries.every((e): e is readonly [string, string] => typeof e[0] === 'string' && typeof e[1] === 'string')) return Object.fromEntries(entries);
    this.wrong(key, `"${key}" must map texts to texts`);
    return {};
  }
  address(key: string, policy: OutboundPolicy): string | undefined {
    const value = this.#map.get(key) === undefined ? undefined : isMap(this.#map.get(key, true)) ? this.secret(key) : this.text(key);
    const problem = value === undefined ? undefined : addressProblem(value, policy);
    return problem === undefined ? value : this.wrong(key, `"${key}": ${problem}`);
  }
  /** `{env: NAME}` or `{file: path}`; never the secret itself, which would end up in a repository. */
  secret(key: string): string | undefined {
    const node: unknown = this.#map.get(key, true);
    return node === undefined ? undefined : this.#resolve(node, key);
  }
  secrets(key: string): readonly string[] | undefined {
    const node: unknown = this.#map.get(key, true);
    if (node === undefined) return undefined;
    const found = (isSeq(node) ? node.items : [node]).map((item) => this.#resolve(item, key));
    return found.every((s) => s !== undefined) ? found : undefined;
  }
  #resolve(node: unknown, key: string): string | undefined {
    const env: unknown = isMap(node) ? node.get('env') : undefined;
    const file: unknown = isMap(node) ? node.get('file') : undefined;
    if (typeof env === 'string') {
      const value = this.#sources.environment[env];
      return value === undefined || value === '' ? this.wrong(key, `the environment variable ${env} is not set`) : value;
    }
    if (typeof file !== 'string') return this.wrong(key, `"${key}" is a secret: write {env: NAME} or {file: path}`);
    try {
      return this.#sources.readFile(file).trim();
    } catch {
      return this.wrong(key, `the file ${file} can't be read`);
    }
  }
}
