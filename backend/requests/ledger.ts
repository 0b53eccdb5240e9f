/** What every change of a request has in common: the record in the trail, the new time stamp, the grant, the end of its time. */
import { randomUUID } from 'node:crypto';
import type { GrantClaims } from '#core/wire/approval.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditEvent, AuditRecord, AuditType } from '../audit/record.ts';
import { grantClaims } from '../grants/claims.ts';
import type { StoredRequest, Transaction } from '../store/store.ts';
import { next } from './states.ts';

export interface Ledger {
  record(transaction: Transaction, type: AuditType, request: StoredRequest, actor: AuditEvent['actor'], data?: AuditEvent['data']): Promise<AuditRecord>;
  /** Makes the grant of a request whose approvals are complete. The caller stores the request that comes back. */
  approve(transaction: Transaction, request: StoredRequest, actor: AuditEvent['actor']): Promise<StoredRequest>;
  expire(transaction: Transaction, request: StoredRequest): Promise<StoredRequest>;
  /** The request as it stands at this moment: one whose time is over is written down as expired first. */
  current(transaction: Transaction, id: string): Promise<StoredRequest | undefined>;
  /** The same for a reader, who writes nothing. */
  asOfNow(request: StoredRequest): StoredRequest;
  /** A time stamp after the request's last one, so that every change has its own. */
  later(request: StoredRequest): number;
}

export interface LedgerDeps {
  readonly audit: AuditLog;
  readonly issuer: string;
  readonly now: () => number;
  /** Whether the connection is one whose statements this backend runs itself. */
  readonly audienceOf: (connectionId: string) => GrantClaims['aud'];
}

export function createLedger({ audit, issuer, now, audienceOf }: LedgerDeps): Ledger {
  const over = (request: StoredRequest): boolean => request.expiresAt <= now() && next(request.state, 'expire') !== undefined;
  const ledger: Ledger = {
    record: (transaction, type, request, actor, data = {}) =>
      audit.append(transaction, { type, actor, request: request.id, ...(request.grantId === undefined ? {} : { grant: request.grantId }), data }),
    async approve(transaction, request, actor) {
      const claims = grantClaims(request, randomUUID(), issuer, audienceOf(request.binding.connection.id), now());
      const approved: StoredRequest = { ...request, state: 'approved', grantId: claims.jti, expiresAt: claims.exp * 1000, dueAt: claims.exp * 1000 };
      await transaction.insertGrant({ jti: claims.jti, request: request.id, subject: claims.sub, state: 'live', uses: 0, claims });
      await ledger.record(transaction, 'request.approved', approved, actor, {
        exp: claims.exp, maxRows: claims.constraints.maxRows ?? null, keepMasked: claims.constraints.keepMasked?.length ?? 0,
      });
      return approved;
    },
    async expire(transaction, request) {
      const expired: StoredRequest = { ...request, state: 'expired', updatedAt: ledger.later(request) };
      await transaction.replaceRequest(request, expired);
      await ledger.record(transaction, 'request.expired', expired, { id: 'system', kind: 'system' }, { was: request.state });
      return expired;
    },
    async current(transaction, id) {
      const request = await transaction.request(id);
      return request && over(request) ? ledger.expire(transaction, request) : request;
    },
    asOfNow: (request) => (over(request) ? { ...request, state: 'expired' } : request),
    later: (request) => Math.max(now(), request.updatedAt + 1),
  };
  return ledger;
}
