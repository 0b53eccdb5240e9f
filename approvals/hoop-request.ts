/** A hoop review or session, as a request of ours. */
import type { ApprovalRequest, CreateRequest, Decision, Person, RequestState, Verdict } from '#core/wire/approval.ts';
import { type HoopExecution, type HoopReview, isInWindow } from './hoop-wire.ts';

export interface Standing { readonly state: RequestState; readonly decisions: readonly Decision[]; readonly effect: Verdict['effect']; readonly why: string; readonly approvers: Verdict['approvers'] }

export function ranAtOnce({ status }: HoopExecution): Standing {
  return { state: 'approved', decisions: [], effect: 'mask', why: status === 'running' ? 'the gateway is running it' : 'the gateway ran it at once', approvers: [] };
}

export function reviewed(review: HoopReview, state: RequestState): Standing {
  const decisions = review.groups.flatMap(({ status, by, at }): Decision[] => (by === undefined || (status !== 'APPROVED' && status !== 'REJECTED') ? [] : [{
    by: { ...by, roles: [] }, decision: status === 'APPROVED' ? 'approve' : 'deny', comment: status === 'REJECTED' ? review.rejectionReason : '', at: at ?? 0,
  }]));
  const groups = review.groups.map((g) => g.group);
  return { state, decisions, effect: 'review', why: 'the gateway asks for a review on this connection', approvers: groups.length === 0 ? [] : review.minApprovals > 0 ? [{ anyOf: groups, count: review.minApprovals }] : groups.map((g) => ({ anyOf: [g], count: 1 })) };
}

/** An approval outside its window still waits: running it now would be refused. */
export function stateOf(review: HoopReview, now: number, pendingMs: number): RequestState {
  switch (review.status) {
    case 'APPROVED': return isInWindow(review.window, now) ? 'approved' : 'pending';
    case 'REJECTED': return 'denied';
    case 'REVOKED': return 'revoked';
    case 'EXECUTED': case 'PROCESSING': return 'consumed';
    case 'PENDING': case 'UNKNOWN': return review.createdAt > 0 && now > review.createdAt + pendingMs ? 'expired' : 'pending';
  }
}

export function toRequest(id: string, request: CreateRequest, requester: Person, createdAt: number, { state, decisions, effect, why, approvers }: Standing, pendingMs: number): ApprovalRequest {
  // hoop keeps no date of change; the newest decision's stands for it.
  const updatedAt = Math.max(createdAt, ...decisions.map((d) => d.at));
  return { ...request, id, state, requester, decisions, verdict: { ...gatewayVerdict, effect, why, approvers }, createdAt, updatedAt, expiresAt: createdAt + pendingMs };
}

export const gatewayVerdict: Verdict = { effect: 'review', rules: ['hoop'], why: '', approvers: [], reason: { required: false }, maskColumns: [], policyVersion: 'hoop' };

/** What is shown of a request that another program or another window made: the gateway keeps no facts. */
export const blankRequest: CreateRequest = {
  binding: { digest: '', connection: { id: '', environment: 'production', databaseUser: '' }, capability: 'run' },
  scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 0 },
  facts: {
    dialect: 'postgresql', kind: 'unparsable', readOnly: false, statements: 0, tables: [], columns: [], star: false, functions: [], exports: false, parameters: [], sensitive: [],
    opaque: [{ what: 'unparsable', detail: 'The statement is at the gateway; it is shown there.' }],
  },
  preview: '', redactions: 0, reason: '', idempotencyKey: '',
};
