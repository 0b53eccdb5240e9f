/**
 * Short-lived PostgreSQL roles: the alternative to broker mode where rows should not pass through the backend. Against a
 * consumed grant the backend makes a role that may read exactly the columns of the approved statement, and hands its
 * password over once. The database itself then refuses everything else; masking and the row cap stay with the editor.
 */
import { randomBytes } from 'node:crypto';
import type { ShortLivedCredential } from '#core/wire/approval.ts';
import { DatabaseError, type Session } from '#query/drivers/driver.ts';
import type { Drivers } from '#query/drivers/registry.ts';
import { readReceipt } from '#query/grant/claims.ts';
import { verifyCompact } from '#query/grant/compact-jws.ts';
import type { VerificationKey } from '#query/grant/grant.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Feed } from '../events/feed.ts';
import type { Subject } from '../identity/identity.ts';
import { done, refuse, type Refusal, type Result } from '../requests/refusal.ts';
import type { Store, StoredGrant, StoredRequest } from '../store/store.ts';
import { passwordOf, SecretError, type BrokerConnection, type RoleSettings } from './connections.ts';
import { createRole, dropRole, livingRoles, ROLE_PREFIX, shutOut } from './postgres-roles.ts';
import { scramVerifier } from './scram.ts';

export interface ShortLivedRoles {
  /** @param receipt the signed receipt (compact JWS) of a use of the grant, not older than two minutes */
  issue(subject: Subject, jti: string, receipt: string): Promise<Result<ShortLivedCredential>>;
  /** The use is over: its sessions end, and the role can't be used again. */
  release(subject: Subject, jti: string, receipt: string): Promise<Result<undefined>>;
  /** Drops every role whose time is up or whose grant was revoked, whoever made it. Returns how many. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

export interface ShortLivedRolesDeps {
  readonly connections: readonly (BrokerConnection & { readonly roles: RoleSettings })[];
  readonly drivers: Drivers;
  readonly keys: readonly VerificationKey[];
  readonly store: Store;
  readonly audit: AuditLog;
  readonly feed: Feed;
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onError: (where: string, error: unknown) => void;
}

/** A receipt is used at once or not at all. Seconds. */
const RECEIPT_GOOD_FOR_S = 120;
/** Between two looks for roles whose time is up, milliseconds. Their passwords have expired before; this ends their sessions. */
const SWEEP_EVERY_MS = 30_000;
const CONNECT_TIMEOUT_MS = 15_000;

type RoleConnection = ShortLivedRolesDeps['connections'][number];

export function createShortLivedRoles(deps: ShortLivedRolesDeps): ShortLivedRoles {
  const { connections, keys, store, audit, feed, now, onError } = deps;
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<unknown>>();

  async function within<T>({ settings, secret }: RoleConnection, work: (session: Session) => Promise<T>): Promise<T> {
    const driver = await deps.drivers('postgresql');
    const session = await driver.connect({ ...settings, readOnly: false }, await passwordOf(secret, deps.environment), AbortSignal.timeout(CONNECT_TIMEOUT_MS));
    try { return await work(session); } finally { await session.close(); }
  }

  /** What runs by itself is waited for on close, and its failure is told. */
  function apart(where: string, work: () => Promise<unknown>): void {
    const started = work().catch((error: unknown) => onError(where, error)).finally(() => running.delete(started));
    running.add(started);
  }

  /** The use of a grant that a receipt proves, when it is the subject's own and fresh. */
  async function useOf(subject: Subject, jti: string, receiptJws: string): Promise<Refusal | { readonly ok: true; readonly grant: StoredGrant; readonly request: StoredRequest; readonly connection: RoleConnection; readonly role: string }> {
    const grant = await store.read.grant(jti);
    const request = grant && await store.read.request(grant.request);
    const connection = connections.find(({ settings }) => settings.id === grant?.claims.binding.connection.id);
    if (!grant || !request || grant.subject !== subject.id || !connection) return refuse(404, 'not-found', 'There is no such grant of yours on a connection with short-lived roles.');
    const signed = await verifyCompact(receiptJws, 'pii-gate-receipt+jwt', keys);
    const receipt = signed.ok ? readReceipt(signed.payload) : undefined;
    const stored = receipt && receipt.grant === jti ? await store.read.receipt(jti, receipt.nonce) : undefined;
    if (!stored || stored.jti !== receipt?.jti) return refuse(409, 'grant-invalid', 'The receipt is not one of a use of this grant.');
    return { ok: true, grant, request, connection, role: `${ROLE_PREFIX}${stored.jti.replaceAll(/[^0-9a-zA-Z]/g, '').toLowerCase()}` };
  }

  function ended(grant: StoredGrant): Refusal | undefined {
    if (grant.state === 'revoked') return refuse(409, 'revoked', 'The approval was revoked.');
    return grant.claims.exp * 1000 <= now() ? refuse(410, 'expired', 'The approval has expired. Ask again.') : undefined;
  }

  const stop = feed.subscribe((notices) => {
    const revoked = new Set(notices.flatMap((notice) => (notice.type === 'grant-revoked' ? [notice.grant] : [])));
    if (revoked.size === 0) return;
    apart('short-lived roles', () => Promise.all(connections.map((connection) => within(connection, async (session) => {
      for (const living of await livingRoles(session)) if (revoked.has(living.grant)) await dropRole(session, living.role);
    }))));
  });

  async function sweep(): Promise<number> {
    let dropped = 0;
    for (const connection of connections) {
      await within(connection, async (session) => {
        for (const { role, grant, until } of await livingRoles(session)) {
          if (until > now() && (await store.read.grant(grant))?.state !== 'revoked') continue;
          await dropRole(session, role);
          dropped++;
        }
      });
    }
    return dropped;
  }
  const sweeping = setInterval(() => apart('short-lived roles', sweep), SWEEP_EVERY_MS);
  sweeping.unref();

  return {
    sweep,

    async issue(subject, jti, receiptJws) {
      const use = await useOf(subject, jti, receiptJws);
      if (!use.ok) return use;
      const { grant, request, connection, role } = use;
      const refusal = ended(grant) ?? unfit(request, grant);
      if (refusal) return refusal;
      const signed = await verifyCompact(receiptJws, 'pii-gate-receipt+jwt', keys);
      const receipt = signed.ok ? readReceipt(signed.payload) : undefined;
      if (receipt === undefined || receipt.iat + RECEIPT_GOOD_FOR_S < now() / 1000) return refuse(409, 'grant-used', 'The receipt is too old: a role is made right after the use was counted.');
      const until = Math.min(grant.claims.exp * 1000, now() + connection.roles.maxMs);
      const password = randomBytes(32).toString('base64url');
      const { facts } = request;
      try {
        await within(connection, (session) => createRole(session, {
          role, verifier: scramVerifier(password), grant: jti, until, connections: connection.roles.connections,
          tables: facts.tables.filter((t) => t.access === 'read'), columns: facts.columns.filter((c) => c.access === 'read'),
          ...(connection.settings.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: connection.settings.statementTimeoutMs }),
        }));
      } catch (error) {
        return failure(error);
      }
      const timer = setTimeout(() => { timers.delete(timer); apart('short-lived roles', sweep); }, Math.max(0, until - now()) + 100);
      timer.unref();
      timers.add(timer);
      try {
        await store.write((transaction) => audit.append(transaction, {
          type: 'credential.issued', actor: { id: subject.id, kind: subject.kind }, request: request.id, grant: jti,
          data: { connection: connection.settings.id, role, columns: facts.columns.length, until: new Date(until).toISOString() },
        }));
        // Revoked while it was made: the notice may have come before the role was there.
        if ((await store.read.grant(jti))?.state !== 'revoked') return done({ user: role, password, validUntil: until });
      } catch (error) {
        // What is not on record must not be used.
        await within(connection, (session) => dropRole(session, role));
        throw error;
      }
      await within(connection, (session) => dropRole(session, role));
      return refuse(409, 'revoked', 'The approval was revoked.');
    },

    async release(subject, jti, receiptJws) {
      const use = await useOf(subject, jti, receiptJws);
      if (!use.ok) return use;
      try {
        await within(use.connection, (session) => shutOut(session, use.role));
        return done(undefined);
      } catch (error) {
        return failure(error);
      }
    },

    async close() {
      clearInterval(sweeping);
      for (const timer of timers) clearTimeout(timer);
      stop();
      await Promise.all(running);
    },
  };

  function failure(error: unknown): Refusal {
    if (error instanceof SecretError || error instanceof DatabaseError) {
      onError('short-lived roles', error);
      // 42710: the role exists.
      if (error instanceof DatabaseError && /already exists/.test(error.message)) return refuse(409, 'grant-used', 'This use of the approval has had its role. Ask again.');
      return refuse(422, 'database-refused', error instanceof DatabaseError && (error.code === 'unauthorized' || error.code === 'query') ? error.message : 'The backend could not make the role. Its log says why.');
    }
    throw error;
  }
}

/** Why no role can stand for this approval: it could read more than was approved, or what was approved can't be kept by a role. */
function unfit({ facts }: StoredRequest, { claims }: StoredGrant): Refusal | undefined {
  const because = (why: string): Refusal => refuse(409, 'grant-invalid', `A short-lived role can't stand for this approval: ${why}. Use a connection that the broker runs.`);
  if (facts.dialect !== 'postgresql') return because('it is for another kind of database');
  if (claims.binding.capability === 'reveal') return because('it is to reveal a result that is here already');
  if (!facts.readOnly || facts.exports || facts.kind !== 'select') return because('only reads have one');
  if (facts.statements !== 1 || facts.opaque.length > 0) return because('not every column that the statement reads is known');
  const kept = claims.constraints.keepMasked ?? [];
  if (kept.length > 0) return because(`the reviewer or the policy keeps ${kept.map((c) => `${c.table}.${c.column}`).join(', ')} masked`);
  return undefined;
}
