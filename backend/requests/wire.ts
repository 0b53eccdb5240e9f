/** Stored request → what a viewer gets: without the store's own fields, and with the grant for the requester alone. */
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { GrantSigner } from '../grants/signer.ts';
import type { Subject } from '../identity/identity.ts';
import type { Reads, StoredRequest } from '../store/store.ts';

export type ToWire = (request: StoredRequest, viewer: Subject) => Promise<ApprovalRequest>;

export function createToWire(reads: Reads, signer: GrantSigner): ToWire {
  return async (request, viewer) => {
    const {
      grantId, roundStart: _round, selves: _selves, pendingTtlMs: _ttl, unusedTtlMs: _unused, escalation: _escalation, bodyHash: _hash, trace: _trace, dueAt: _due, salt: _salt,
      ...wire
    } = request;
    if (grantId === undefined || request.state !== 'approved' || viewer.id !== request.requester.id) return wire;
    const grant = await reads.grant(grantId);
    return grant ? { ...wire, grant: signer.grant(grant.claims) } : wire;
  };
}
