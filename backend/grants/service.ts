/** Use and revocation of grants. The store's compare-and-set decides who wins; everything else here explains the answer. */
import { randomUUID } from 'node:crypto';
import type { ConsumeGrant, ConsumptionReceipt, RequestComment } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import type { AuditLog } from '../audit/log.ts';
import { answersFor, votingMemberships, type Subject } from '../identity/identity.ts';
import { asComment } from '../requests/commenting.ts';
import { mayFill } from '../requests/quorum.ts';
import { done, refuse, type Refusal, type Result } from '../requests/refusal.ts';
import { next } from '../requests/states.ts';
import type { Store, StoredGrant, Transaction } from '../store/store.ts';
import type { GrantSigner } from './signer.ts';

export interface GrantService {
  /** Counts one use and returns the signed receipt (compact JWS). The same nonce again is a retry and gets the same receipt. */
  consume(subject: Subject, jti: string, use: ConsumeGrant): Promise<Result<{ readonly receipt: string; readonly claims: ConsumptionReceipt }>>;
  /** By the requester, by anybody who could have approved, or by an admin. Stops running queries through the live event. */
  revoke(subject: Subject, jti: string, comment: string): Promise<Result<{ readonly request: string }>>;
}

export interface GrantServiceDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly signer: GrantSigner;
  readonly issuer: string;
  readonly now: () => number;
  readonly redact: (text: string) => string;
}

export function createGrantService({ store, audit, signer, issuer, now, redact }: GrantServiceDeps): GrantService {
  async function settleRequest(transaction: Transaction, id: string, move: 'consume' | 'revoke', remark?: RequestComment): Promise<void> {
    const request = await transaction.request(id);
    const state = request && next(request.state, move);
    if (request && state) await transaction.replaceRequest(request, {
      ...request, state, updatedAt: Math.max(now(), request.updatedAt + 1), ...(remark ? { comments: [...(request.comments ?? []), remark] } : {}),
    });
  }

  return {
    async consume(subject, jti, use) {
      const result = await store.write<Result<ConsumptionReceipt>>(async (transaction) => {
        const seconds = Math.floor(now() / 1000);
        const repeated = await transaction.receipt(jti, use.nonce);
        if (repeated) {
          const grant = await transaction.grant(jti);
          const same = grant?.subject === subject.id && grant.state !== 'revoked' && grant.claims.exp > seconds && repeated.digest === use.digest && repeated.capability === use.capability;
          return same ? done(repeated) : whyNot(grant, subject, use, seconds);
        }
        const used = await transaction.useGrant({ jti, subject: subject.id, digest: use.digest, capability: use.capability, now: seconds });
        if (!used) {
          const refusal = whyNot(await transaction.grant(jti), subject, use, seconds);
          await audit.append(transaction, { type: 'grant.refused', actor: { id: subject.id, kind: subject.kind }, grant: jti.slice(0, 64), data: { code: refusal.code } });
          return refusal;
        }
        const record = await audit.append(transaction, {
          type: 'grant.consumed',
          actor: { id: subject.id, kind: subject.kind },
          request: used.request,
          grant: jti,
          data: { digest: use.digest, capability: use.capability, use: used.uses, connection: used.claims.binding.connection.id, environment: used.claims.binding.connection.environment },
        });
        if (used.state === 'consumed') await settleRequest(transaction, used.request, 'consume');
        const receipt: ConsumptionReceipt = {
          iss: issuer,
          jti: randomUUID(),
          grant: jti,
          req: used.request,
          nonce: use.nonce,
          digest: use.digest,
          capability: use.capability,
          use: used.uses,
          iat: seconds,
          audit: { seq: record.seq, hash: record.hash },
        };
        await transaction.insertReceipt(receipt);
        return done(receipt);
      }, { grants: [jti], receipts: [{ jti, nonce: use.nonce }] });
      // Signed after the commit: a receipt never speaks of a use that was rolled back.
      return result.ok ? done({ receipt: signer.receipt(result.value), claims: result.value }) : result;
    },

    revoke(subject, jti, comment) {
      return store.write<Result<{ readonly request: string }>>(async (transaction) => {
        const grant = await transaction.grant(jti);
        const request = grant && (await transaction.request(grant.request));
        if (!grant || !request) return unknownGrant;
        const own = answersFor(subject, request.selves);
        const roles = votingMemberships(subject, request.selves);
        const reviewer = request.verdict.approvers.some((step) => mayFill(step, subject.id, roles));
        if (!own && !reviewer && !subject.roles.includes('admin')) return refuse(403, 'not-an-approver', 'Only the requester, its reviewers or an admin can revoke this grant.');
        if (!(await transaction.revokeGrant(jti))) return refuse(409, grant.state === 'revoked' ? 'revoked' : 'grant-used', `The grant is already ${grant.state}.`);
        // What the reviewer says stays with the request, where the requester reads it.
        const remark = comment.trim() === '' ? undefined : asComment(request, { id: subject.id, name: subject.name, roles: [...subject.roles] }, { text: comment }, now(), redact);
        await settleRequest(transaction, request.id, 'revoke', remark);
        await audit.append(transaction, {
          type: 'grant.revoked',
          actor: { id: subject.id, kind: subject.kind },
          request: request.id,
          grant: jti,
          data: { comment: commitTo(request, remark?.text ?? '') },
        });
        return done({ request: request.id });
      }, { grants: [jti] });
    },
  };
}

const unknownGrant = refuse(404, 'grant-invalid', 'There is no such grant. Ask for approval again.');

function whyNot(grant: StoredGrant | undefined, subject: Subject, use: ConsumeGrant, seconds: number): Refusal {
  // Somebody else's grant is answered like one that does not exist.
  if (!grant || grant.subject !== subject.id) return unknownGrant;
  if (grant.claims.binding.capability !== use.capability) return refuse(409, 'grant-invalid', `The approval was to ${grant.claims.binding.capability}, not to ${use.capability}. Ask for that.`);
  if (grant.claims.binding.digest !== use.digest) return refuse(409, 'statement-changed', 'The approval was for another statement, parameters, connection or database user. Ask again, or restore it.');
  if (grant.state === 'revoked') return refuse(409, 'revoked', 'The approval was revoked.');
  if (grant.state === 'consumed') return refuse(409, 'grant-used', 'The approval was for one use and has been used. Ask again.');
  if (grant.claims.exp <= seconds) return refuse(410, 'expired', 'The approval has expired. Ask again.');
  if (grant.claims.nbf > seconds) return refuse(409, 'not-begun', 'The approval is for a later time.');
  return refuse(409, 'grant-used', 'The approval can no longer be used.');
}
