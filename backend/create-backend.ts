/** The approval service, composed: store, keys, identity, policy, requests, grants, events, HTTP. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationKey } from '#query/grant/grant.ts';
import { createAnchor } from './audit/anchor.ts';
import { createExternalAnchors, parseAnchorTarget, type AnchorTarget } from './audit/external-anchors.ts';
import { createAuditLog } from './audit/log.ts';
import { openBroker, openShortLivedRoles, readBrokerConnections } from './broker/open-broker.ts';
import { parseChannels, type ChannelsConfig } from './channels/config.ts';
import { createChannels, type Channels } from './channels/create-channels.ts';
import type { OutboxPace } from './channels/outbox.ts';
import { createFeed } from './events/feed.ts';
import { createGrantService } from './grants/service.ts';
import { createGrantSigner } from './grants/signer.ts';
import { verifyOwnTrail } from './audit/own-trail.ts';
import { addAuditExplorer } from './http/audit-explorer-route.ts';
import { addAudit } from './http/audit-route.ts';
import { createApp } from './http/app.ts';
import { addAuthentication } from './http/authentication.ts';
import { addBroker } from './http/broker-route.ts';
import { addCredentials } from './http/credential-route.ts';
import { addDrift } from './http/drift-route.ts';
import { addEvents } from './http/events-route.ts';
import { addInbox } from './http/inbox.ts';
import { addInsights } from './http/insights-route.ts';
import { addRevocation } from './http/revoke-route.ts';
import { addOperations } from './http/operations-route.ts';
import { addRoutes } from './http/routes.ts';
import { addSession } from './http/session-route.ts';
import { addSignIn } from './http/sign-in-route.ts';
import { combineAuthenticators } from './identity/all-authenticators.ts';
import { createOidcProvider } from './identity/oidc.ts';
import { createOidcSessions } from './identity/oidc-session.ts';
import { parseOidcSettings, type OidcSettings } from './identity/oidc-settings.ts';
import { createSessions, markOf } from './identity/sessions.ts';
import { fileAuthenticator, type UserEntry } from './identity/users-file.ts';
import { openKey } from './keys/key-files.ts';
import { openPolicy, openUsers, type Source } from './configuration.ts';
import { surroundingsOf } from './policy/surroundings.ts';
import { builtinDetector, redactor } from './redaction.ts';
import { createDriftService } from './requests/drift.ts';
import { createLedger } from './requests/ledger.ts';
import { createRequestRetention } from './requests/retention.ts';
import { createRequestService } from './requests/service.ts';
import { createToWire } from './requests/wire.ts';
import { openPostgresStore, type PostgresStoreOptions } from './store/postgres.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

export interface BackendOptions {
  /** Folder of keys, store and audit anchor. Made when absent, for the owner only. */
  readonly dataDir: string;
  /** Path of the users file, or its text. */
  readonly users: string | { readonly text: string };
  /** Path of the policy file, or its text. Default: the shipped policy. */
  readonly policy?: string | { readonly text: string };
  /** Replaces personal values in free text (reasons, comments, previews). Default: by the shipped rules. */
  readonly redact?: (text: string) => string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Folder of the built inbox. */
  readonly inbox?: string;
  /** Default: SQLite in the data folder. `{url}`: PostgreSQL, for several instances; they share `keysDir` as well. */
  readonly store?: Store | PostgresStoreOptions;
  /** Where the audit head is anchored beside the data folder: `file:PATH`, `git:FOLDER`, `https://…`. */
  readonly anchors?: readonly string[];
  /** Databases that this backend speaks to itself (broker mode): path of their file, or its text. */
  readonly broker?: Source;
  /** OpenID Connect settings: path of their file, or its text. Tokens of the users file keep working beside. */
  readonly oidc?: Source;
  /** Where people reach this service, when it is behind a proxy: `https://gate.example`. */
  readonly publicUrl?: string;
  /** Folder of the signing keys. Default `<dataDir>/keys`. */
  readonly keysDir?: string;
  /** Path of the channels file, or its text. */
  readonly channels?: Source;
  /** How fast channels retry: tests make it short. */
  readonly channelPace?: OutboxPace;
  readonly trustedProxies?: readonly string[];
  /** Requests a minute of one client. Default 6000. */
  readonly rateLimit?: number;
  /** Milliseconds in which a request must have come in whole. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** Name in `iss` of grants and receipts. Default: made once, kept in the data folder. */
  readonly issuer?: string;
  /** True behind TLS: session cookies are `Secure`. */
  readonly secureCookies?: boolean;
  readonly version?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds between looks at the policy and users files. Default 1000. */
  readonly pollMs?: number;
  /** Milliseconds for which a provider's word on a signed-in person's roles is good. Default 300000. */
  readonly roleFreshMs?: number;
  /** Milliseconds between looks at who watches a live stream. Default 60000. */
  readonly recheckMs?: number;
  /** Milliseconds that the texts of requests which are over are kept. Default: for ever. */
  readonly keepRequestsMs?: number;
  /** Milliseconds between sweeps for what has run out. Default 5000. */
  readonly sweepMs?: number;
  readonly onError?: (where: string, error: unknown) => void;
}

export interface Backend {
  /** `http://host:port`, no slash at the end. */
  readonly url: string;
  readonly issuer: string;
  readonly store: Store;
  readonly channels: Channels | undefined;
  /** Settles now what has run out or escalates. Returns how many requests changed. */
  sweep(): Promise<number>;
  /** Reads policy and users again now, instead of at the next look. True when one was replaced. */
  reload(): Promise<boolean>;
  close(): Promise<void>;
}

const sessionSeconds = 8 * 3600;
const anchorEveryMs = 60_000;

/** Starts it. Throws with every problem named when users, policy or keys are not good: it never starts half-protected. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { dataDir } = options;
  const brokered = options.broker === undefined ? [] : readBrokerConnections(options.broker);
  const detector = options.redact && brokered.length === 0 ? undefined : await builtinDetector();
  const redact = options.redact ?? redactor(detector ?? (await builtinDetector()));
  const now = options.now ?? Date.now;
  const version = options.version ?? '0.0.0';
  const onError = options.onError ?? (() => undefined);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const keysDir = options.keysDir ?? join(dataDir, 'keys');
  const grantKey = await openKey(join(keysDir, 'grants.jwk'));
  const auditKey = await openKey(join(keysDir, 'audit.jwk'));
  const issuer = options.issuer ?? ownName(keysDir);
  const audit = createAuditLog(auditKey, now);
  const users = openUsers(options.users, options.pollMs ?? 1_000, onError);
  const channelsConfig = options.channels === undefined ? undefined : readChannels(options.channels);
  const given = options.store !== undefined && 'read' in options.store ? options.store : undefined;
  const store = given ?? (await openStore(options.store as PostgresStoreOptions | undefined, dataDir, onError));
  await refuseForeignTrail(store, auditKey.kid);
  const policy = openPolicy(options.policy ?? defaultPolicyPath(), options.pollMs ?? 1_000, onError, async (data) => {
    await store.write((transaction) => audit.append(transaction, { ...data, actor: { id: 'system', kind: 'system' } }));
  });
  const anchor = createAnchor(join(dataDir, 'audit.head.json'), auditKey, now, (error) => onError('audit anchor', error));
  const external = createExternalAnchors((options.anchors ?? []).map(anchorTarget), auditKey, now, anchorEveryMs, (target, error) => onError(`audit anchor ${target.kind}`, error));
  const stopAnchor = store.onCommit((head) => {
    anchor.write(head);
    external.write(head);
  });
  await store.write((transaction) =>
    audit.append(transaction, {
      type: 'backend.started', actor: { id: 'system', kind: 'system' },
      data: { version, auditKey: auditKey.kid, grantKey: grantKey.kid, policyVersion: policy.current().version },
    }),
  );
  const feed = await createFeed(store);
  const signer = createGrantSigner(grantKey);
  const toWire = createToWire(store.read, signer);
  const fileUsers = fileAuthenticator(users.current, now);
  const oidcSettings = options.oidc === undefined ? undefined : readOidc(options.oidc);
  const oidc = oidcSettings && createOidcProvider(oidcSettings, (id) => fileUsers.find?.(id), now);
  const authenticator = combineAuthenticators(fileUsers, oidc);
  const run = brokered.filter(({ roles }) => roles === undefined);
  const isBrokered = (id: string): boolean => run.some(({ settings }) => settings.id === id);
  const ledger = createLedger({ audit, issuer, now, audienceOf: (id) => (isBrokered(id) ? 'pii-gate-broker' : 'pii-gate-editor') });
  const requests = createRequestService({
    store, ledger, now, redact, policy: policy.current,
    surroundings: (subject, address) => surroundingsOf(policy.current(), subject, address, now(), store.read),
  });
  const grants = createGrantService({ store, audit, signer, issuer, now, redact });
  const vouching = oidc && createOidcSessions({ key: grantKey, renew: oidc.renew, now, freshMs: options.roleFreshMs ?? 300_000 });
  const sessions = createSessions({
    key: grantKey, authenticator, vouching, issuer, now, lifetimeSeconds: sessionSeconds, tokenStillHolds: (id, mark) => tokenHolds(users.current(), id, mark, now()),
  });

  const broker = detector && run.length > 0
    ? await openBroker({ connections: run, keysDir, detector, here: import.meta.dirname, requests, grants, signer, keys: [grantKey.publicJwk as VerificationKey], issuer, store, audit, feed, now, onError })
    : undefined;
  const roles = await openShortLivedRoles({ connections: brokered, keys: [grantKey.publicJwk as VerificationKey], store, audit, feed, now, onError });
  let url = '';
  const channels = channelsConfig && (await createChannels({
    config: channelsConfig, dataDir, feed, reads: store.read, now, onError, find: (id) => authenticator.find?.(id), decide: requests.decide, inboxUrl: () => url,
    ...(options.store !== undefined && 'url' in options.store ? { shared: options.store } : {}),
    ...(options.channelPace ? { pace: options.channelPace } : {}),
  }));
  const app = await createApp({
    version,
    rateLimit: options.rateLimit ?? 6_000,
    trustedProxies: options.trustedProxies ?? [],
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    onError,
  });
  await addAuthentication(app, authenticator, sessions, options.secureCookies ?? false, Math.min(120, options.rateLimit ?? 120));
  addOperations(app, { store, feed, files: [policy, users] });
  addRoutes(app, { isBrokered, requests, grants, toWire, keys: [grantKey, auditKey], issuer, version, policyVersion: () => policy.current().version, configurationProblems: () => [...policy.problems(), ...users.problems()] });
  addSession(app, authenticator, sessions, options.secureCookies ?? false, sessionSeconds);
  addSignIn(app, oidc && oidcSettings ? { provider: oidc, settings: oidcSettings, key: grantKey, sessions, secure: options.secureCookies ?? false, lifetimeSeconds: sessionSeconds, baseUrl: () => options.publicUrl ?? url, now } : undefined);
  addEvents(app, { feed, reads: store.read, toWire, heartbeatMs: 10_000, recheckMs: options.recheckMs ?? 60_000 });
  addDrift(app, createDriftService({ store, ledger, audit, redact }), toWire);
  addAudit(app, store.read);
  addAuditExplorer(app, store.read, () => verifyOwnTrail({ reads: store.read, dataDir, keysDir }));
  addInsights(app, store.read, now);
  addRevocation(app, grants, store.read, toWire);
  if (broker) addBroker(app, broker, toWire);
  if (roles) addCredentials(app, roles);
  channels?.addRoutes(app);
  await addInbox(app, options.inbox);
  url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0, backlog: 2_048 });
  await channels?.start();

  const retention = options.keepRequestsMs === undefined ? undefined : createRequestRetention({ store, audit, now, keepMs: options.keepRequestsMs });
  const sweep = setInterval(() => {
    Promise.all([requests.settleDue(), retention?.sweep()]).catch((error: unknown) => onError('sweep', error));
  }, options.sweepMs ?? 5_000);
  sweep.unref();
  let closed: Promise<void> | undefined;
  async function shutDown(): Promise<void> {
    clearInterval(sweep);
    await app.close();
    await channels?.close();
    await roles?.close();
    feed.close();
    policy.close();
    users.close();
    if (!given) await store.close();
    stopAnchor();
    await anchor.close();
    await external.close();
  }
  return {
    url,
    issuer,
    store,
    channels,
    async sweep() {
      const settled = (await requests.settleDue()) + ((await retention?.sweep()) ?? 0);
      await roles?.sweep();
      return settled;
    },
    async reload() {
      const replaced = [await policy.reload(), await users.reload()];
      return replaced.includes(true);
    },
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}

function anchorTarget(text: string): AnchorTarget {
  const target = parseAnchorTarget(text);
  if (!target) throw new Error(`"${text}" is no place for the audit head: file:PATH, git:FOLDER or https://…`);
  return target;
}

async function openStore(options: PostgresStoreOptions | undefined, dataDir: string, onError: (where: string, error: unknown) => void): Promise<Store> {
  return options ? openPostgresStore({ onError, ...options }) : openSqliteStore(join(dataDir, 'gate.db'));
}

/** A trail that another key continues would verify no more: the key is lost, or was not rotated in the trail. */
async function refuseForeignTrail(store: Store, kid: string): Promise<void> {
  const { seq } = await store.read.auditHead();
  const [last] = seq === 0 ? [] : await store.read.audit(seq - 1, 1);
  if (!last || last.kid === kid || (last.type === 'key.rotated' && last.data.kid === kid)) return;
  await store.close();
  throw new Error(`The audit trail was signed with the key ${last.kid}, but the key here is ${kid}. Put the old key back, or rotate it with: pii-gate audit rotate-key`);
}

function readOidc(source: Source): OidcSettings {
  const name = typeof source === 'string' ? source : '(text)';
  const parsed = parseOidcSettings(typeof source === 'string' ? readFileSync(source, 'utf8') : source.text, process.env);
  if (parsed.ok) return parsed.settings;
  throw new Error(parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'));
}

function readChannels(source: Source): ChannelsConfig {
  const name = typeof source === 'string' ? source : '(text)';
  const parsed = parseChannels(typeof source === 'string' ? readFileSync(source, 'utf8') : source.text, { environment: process.env, readFile: (path) => readFileSync(path, 'utf8') });
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'));
}

function tokenHolds(users: readonly UserEntry[], id: string, mark: string, now: number): boolean {
  const user = users.find((candidate) => candidate.id === id);
  return user?.tokens.some(({ hash, expiresAt }) => markOf(hash) === mark && (expiresAt === undefined || expiresAt > now)) ?? false;
}

/** Beside this file in the sources, beside the bundle in the package. */
export function defaultPolicyPath(): string {
  const fromSource = join(import.meta.dirname, 'policy', 'default.yaml');
  return existsSync(fromSource) ? fromSource : join(import.meta.dirname, 'default-policy.yaml');
}

/** The installation's name: random, so that a grant of one backend means nothing to another. */
function ownName(keysDir: string): string {
  const path = join(keysDir, 'issuer');
  if (!existsSync(path)) writeFileSync(path, `urn:uuid:${randomUUID()}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(path, 'utf8').trim();
}
