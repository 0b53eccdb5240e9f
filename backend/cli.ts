/**
 * What `pii-gate serve`, `pii-gate audit verify` and `pii-gate policy check` do. Exit codes: 0 good, 1 found something wrong
 * (a broken trail, a bad policy), 2 could not do it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { anchorHolds, readAnchor } from './audit/anchor.ts';
import { trailOfFile, trailOfStore } from './audit/read-trail.ts';
import { ownAuditKeys, readStart } from './audit/own-trail.ts';
import { publicKeyOf, verifyAudit } from './audit/verify.ts';
import { createBackend, defaultPolicyPath, type Backend } from './create-backend.ts';
import { newUsers } from './identity/new-users.ts';
import { newToken } from './identity/tokens.ts';
import * as commands from './policy/commands.ts';
import type { Io } from './policy/commands.ts';
import { keysFolder, openChosenStore, type StoreChoice } from './store/open-store.ts';
import { backupSqlite } from './store/sqlite.ts';

export type { Io };

export interface ServeOptions {
  readonly dataDir: string;
  /** Default `<dataDir>/users.yaml`; made with one administrator when absent, whose token is printed once. */
  readonly users?: string;
  readonly policy?: string;
  readonly host?: string;
  readonly port?: number;
  readonly inbox?: string;
  readonly trustedProxies?: readonly string[];
  readonly secureCookies?: boolean;
  readonly channels?: string;
  /** Requests a minute of one client. */
  readonly rateLimit?: number;
  /** Where the audit head is anchored as well: `file:PATH`, `git:FOLDER`, `https://…`. */
  readonly anchors?: readonly string[];
  /** Connections file of the broker. */
  readonly broker?: string;
  /** OpenID Connect settings file. */
  readonly oidc?: string;
  /** Where people reach this service behind a proxy. */
  readonly publicUrl?: string;
  /** Folder of the signing keys: shared by instances on one PostgreSQL. */
  readonly keysDir?: string;
  /** `{url}` of a PostgreSQL. Take it from the environment: it holds a password. */
  readonly store?: { readonly url: string };
  /** Milliseconds that the texts of requests which are over are kept. Default: for ever. */
  readonly keepRequestsMs?: number;
  readonly version?: string;
}

export interface Serving { readonly backend: Backend; /** Token of the user that the first start made. */ readonly firstToken?: string }

/** Starts the service and says where it answers. Throws when it can't; the caller keeps the process alive and closes it. */
export async function serve(options: ServeOptions, io: Io): Promise<Serving> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const usersFile = options.users ?? join(dataDir, 'users.yaml');
  let firstToken: string | undefined;
  if (!existsSync(usersFile) && options.users === undefined) {
    const made = newUsers([{ id: 'local', name: 'Local user', roles: ['developer'] }]);
    writeFileSync(usersFile, made.yaml, { mode: 0o600, flag: 'wx' });
    firstToken = made.tokens.local;
    io.err(`Made ${usersFile} with the user "local". Add reviewers there; make tokens with: pii-gate serve --new-token`);
  }
  const { users: _users, dataDir: _dataDir, ...rest } = options;
  const backend = await createBackend({
    ...rest,
    dataDir,
    users: usersFile,
    // Where, and the error's own words: never a body or a value.
    onError: (where, error) => io.err(`${new Date().toISOString()} ${where}: ${error instanceof Error ? `${error.name}: ${error.message}` : 'failed'}`),
  });
  io.out(`PII Gate approval service: ${backend.url}`);
  if (firstToken !== undefined) io.out(`Token of "local" (shown once): ${firstToken}`);
  if (!isLoopback(options.host ?? '127.0.0.1')) io.err('Listening beyond this machine: put TLS in front of it (and pass --secure-cookies).');
  return { backend, ...(firstToken === undefined ? {} : { firstToken }) };
}

/** Prints a new token and the hash that goes into the users file. */
export function printNewToken(io: Io): number {
  const { token, hash } = newToken();
  io.out(`token (give it to the person, once):  ${token}`);
  io.out(`hash  (goes into the users file):     ${hash}`);
  return 0;
}

/** `pii-gate backup FILE`: a consistent copy of the live store, made while the service runs. Never over an existing file. */
export async function backupStore(options: { readonly dataDir: string; readonly target: string }, io: Io): Promise<number> {
  const source = join(options.dataDir, 'gate.db');
  if (!existsSync(source) || existsSync(options.target)) {
    io.err(existsSync(options.target) ? `${options.target}: is there already` : `${source}: there is no store; name the data folder with --data`);
    return 2;
  }
  const pages = await backupSqlite(source, options.target);
  io.out(`${options.target}: ${pages} pages. Keep ${join(options.dataDir, 'keys')} with it: without the keys nothing in it can be verified or continued.`);
  return 0;
}

/** The data folder's store, keys and anchor are used where nothing else is named. */
export interface AuditVerifyOptions extends StoreChoice {
  /** A trail exported as JSON lines, instead of the store. */
  readonly file?: string;
  /** Anchored head kept elsewhere. */
  readonly anchor?: string;
  /** JWKS or public JWK of the audit key kept elsewhere: without it a key that was swapped with everything else can't be seen. */
  readonly key?: string;
  readonly json?: boolean;
  /** Verify every signature also beyond 20,000 records. */
  readonly everySignature?: boolean;
}

export async function auditVerify(options: AuditVerifyOptions, io: Io): Promise<number> {
  try {
    const trusted = new Map((await trustedKeys(options)).map((entry) => [entry.kid, entry.key]));
    const anchorPath = options.anchor ?? join(options.dataDir, 'audit.head.json');
    const anchor = readAnchor(anchorPath);
    if (!anchor) io.err(`${anchorPath}: no anchored head there`);
    const store = options.file === undefined ? await openChosenStore(options) : undefined;
    try {
      const trail = () => (store ? trailOfStore(store.read) : trailOfFile(options.file ?? ''));
      const begin = readStart({ dataDir: options.dataDir, keysDir: keysFolder(options) });
      const beginKey = begin && trusted.get(begin.kid);
      if (begin && !(beginKey && anchorHolds(begin, beginKey))) throw new Error('audit.start.json: the signature of the pruned head does not hold');
      const signatures = options.everySignature ? {} : { everySignatureUpTo: 20_000 };
      const start = store && begin ? { start: begin } : {};
      let report = await verifyAudit(trail(), { trusted, ...(anchor ? { anchor } : {}), ...start, ...signatures, allowMissingAnchor: !store });
      // An archive of pruned records ends where the store begins.
      if (!store && begin && report.failure?.fault === 'truncated') report = await verifyAudit(trail(), { trusted, anchor: begin, ...signatures });
      if (options.json) io.out(JSON.stringify(report));
      else if (report.failure) io.err(`Audit trail NOT intact at record ${report.failure.seq}: ${report.failure.message} (${report.failure.fault})`);
      else io.out(`Audit trail intact: ${report.records} records, head ${report.head.seq} ${report.head.hash}, ${report.signatures} signatures verified, signed by ${report.keys.join(', ')}`);
      return report.ok ? 0 : 1;
    } finally {
      await store?.close();
    }
  } catch (error) {
    io.err(error instanceof Error ? error.message : 'The trail could not be read');
    return 2;
  }
}

async function trustedKeys(options: AuditVerifyOptions): Promise<{ kid: string; key: NonNullable<Awaited<ReturnType<typeof publicKeyOf>>> }[]> {
  if (options.key === undefined) {
    const folder = keysFolder(options);
    const keys = await ownAuditKeys(folder);
    if (keys.length === 0) throw new Error(`${join(folder, 'audit.jwk')}: no audit key there; name the public key with --key`);
    return [...keys];
  }
  const value: unknown = JSON.parse(readFileSync(options.key, 'utf8'));
  const list = (value as { keys?: unknown }).keys;
  const keys = await Promise.all((Array.isArray(list) ? list : [value]).map(async (jwk: { kid?: string }) => ({ kid: jwk.kid ?? '', key: await publicKeyOf(jwk) })));
  const good = keys.flatMap(({ kid, key }) => (key ? [{ kid, key }] : []));
  if (good.length === 0) throw new Error(`${options.key}: no Ed25519 public JWK whose kid is its thumbprint`);
  return good;
}

export { auditExport, auditPrune, auditRotateKey, type AuditExportOptions } from './audit/commands.ts';
export { receiptVerify } from './grants/receipt-command.ts';

/** `pii-gate policy check [FILE]`: line-exact problems, exit 1; or how many rules are good. */
export function policyCheck(path: string | undefined, io: Io): number {
  return commands.policyCheck(path ?? defaultPolicyPath(), io);
}

/** `pii-gate policy test CASES [--policy FILE]`. */
export function policyTest(policy: string | undefined, cases: string, io: Io): number {
  return commands.policyTest(policy ?? defaultPolicyPath(), cases, io);
}

/** `pii-gate policy explain CASES [--policy FILE] [--case NAME]`. */
export function policyExplain(policy: string | undefined, cases: string, only: string | undefined, io: Io): number {
  return commands.policyExplain(policy ?? defaultPolicyPath(), cases, only, io);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
