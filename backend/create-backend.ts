/** The approval service, composed: store, keys, identity, policy, requests, grants, events, HTTP. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnchor } from './audit/anchor.ts';
import { createAuditLog } from './audit/log.ts';
import { createFeed } from './events/feed.ts';
import { createGrantService } from './grants/service.ts';
import { createGrantSigner } from './grants/signer.ts';
import { addAudit } from './http/audit-route.ts';
import { createApp } from './http/app.ts';
import { addAuthentication } from './http/authentication.ts';
import { addEvents } from './http/events-route.ts';
import { addInbox } from './http/inbox.ts';
import { addRoutes } from './http/routes.ts';
import { addSession } from './http/session-route.ts';
import { createSessions, markOf } from './identity/sessions.ts';
import { fileAuthenticator, parseUsersFile, type UserEntry } from './identity/users-file.ts';
import { openKey } from './keys/key-files.ts';
import { builtinRedactor } from './redaction.ts';
import { parsePolicy } from './policy/parse.ts';
import type { Policy } from './policy/policy.ts';
import { createRequestService } from './requests/service.ts';
import { createToWire } from './requests/wire.ts';
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
  readonly store?: Store;
  readonly trustedProxies?: readonly string[];
  /** Requests a minute of one client. Default 6000. */
  readonly rateLimit?: number;
  /** Name in `iss` of grants and receipts. Default: made once, kept in the data folder. */
  readonly issuer?: string;
  /** True behind TLS: session cookies are `Secure`. */
  readonly secureCookies?: boolean;
  readonly version?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds between sweeps for what has run out. Default 5000. */
  readonly sweepMs?: number;
  readonly onError?: (where: string, error: unknown) => void;
}

export interface Backend {
  /** `http://host:port`, no slash at the end. */
  readonly url: string;
  readonly issuer: string;
  readonly store: Store;
  close(): Promise<void>;
}

const sessionSeconds = 8 * 3600;

/** Starts it. Throws with every problem named when users, policy or keys are not good: it never starts half-protected. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { dataDir } = options;
  const redact = options.redact ?? (await builtinRedactor());
  const now = options.now ?? Date.now;
  const version = options.version ?? '0.0.0';
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const users = readUsers(options.users);
  const policy = readPolicy(options.policy ?? defaultPolicyPath());
  const grantKey = await openKey(join(dataDir, 'keys', 'grants.jwk'));
  const auditKey = await openKey(join(dataDir, 'keys', 'audit.jwk'));
  const issuer = options.issuer ?? ownName(dataDir);
  const store = options.store ?? (await openSqliteStore(join(dataDir, 'gate.db')));
  const audit = createAuditLog(auditKey, now);
  const anchor = createAnchor(join(dataDir, 'audit.head.json'), auditKey, now);
  const stopAnchor = store.onCommit((head) => anchor.write(head));
  await store.write((transaction) =>
    audit.append(transaction, { type: 'backend.started', actor: { id: 'system', kind: 'system' }, data: { version, auditKey: auditKey.kid, grantKey: grantKey.kid, policyVersion: policy.version } }),
  );
  const feed = await createFeed(store);
  const signer = createGrantSigner(grantKey);
  const toWire = createToWire(store.read, signer);
  const authenticator = fileAuthenticator(() => users, now);
  const requests = createRequestService({
    store, audit, issuer, now, redact,
    policy: () => policy,
    surroundings: async (_subject, address) => ({
      now: now(), address, place: '', onCall: false, history: { rowsToday: 0, revealsToday: 0, requestsToday: 0, denialsToday: 0 },
    }),
  });
  const grants = createGrantService({ store, audit, signer, issuer, now, redact });
  const sessions = createSessions(grantKey, authenticator, (id, mark) => tokenHolds(users, id, mark, now()), issuer, now, sessionSeconds);

  const app = await createApp({
    version,
    rateLimit: options.rateLimit ?? 6_000,
    trustedProxies: options.trustedProxies ?? [],
    onError: options.onError ?? (() => undefined),
  });
  await addAuthentication(app, authenticator, sessions);
  addRoutes(app, { requests, grants, toWire, keys: [grantKey, auditKey], issuer, version, policyVersion: () => policy.version });
  addSession(app, authenticator, sessions, options.secureCookies ?? false, sessionSeconds);
  addEvents(app, { feed, reads: store.read, toWire, heartbeatMs: 10_000, maxAgeMs: 3_600_000 });
  addAudit(app, store.read);
  await addInbox(app, options.inbox);
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });

  const sweep = setInterval(() => {
    requests.expireOverdue().catch((error: unknown) => options.onError?.('sweep', error));
  }, options.sweepMs ?? 5_000);
  sweep.unref();
  return {
    url,
    issuer,
    store,
    async close() {
      clearInterval(sweep);
      await app.close();
      feed.close();
      stopAnchor();
      if (!options.store) await store.close();
    },
  };
}

function readText(source: string | { readonly text: string }): { readonly text: string; readonly name: string } {
  return typeof source === 'string' ? { text: readFileSync(source, 'utf8'), name: source } : { text: source.text, name: '(text)' };
}

function readUsers(source: BackendOptions['users']): readonly UserEntry[] {
  const { text, name } = readText(source);
  const parsed = parseUsersFile(text);
  if (parsed.ok) return parsed.users;
  throw new Error(parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'));
}

function readPolicy(source: string | { readonly text: string }): Policy {
  const { text, name } = readText(source);
  const parsed = parsePolicy(text, name);
  if (parsed.ok) return parsed.policy;
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
function ownName(dataDir: string): string {
  const path = join(dataDir, 'issuer');
  if (!existsSync(path)) writeFileSync(path, `urn:uuid:${randomUUID()}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(path, 'utf8').trim();
}
