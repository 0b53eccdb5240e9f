/**
 * The life of a request as a table of legal moves. Pure: the service asks it before it writes, the model-based test walks it.
 *
 * `resubmit` answers a reviewer's "please change this"; `approve` is the *last* needed approval (earlier ones leave the
 * request pending); `consume` is the use of a one-time grant (a window grant's uses leave the request approved).
 */
import type { RequestState } from '#core/wire/approval.ts';

export type Move = 'approve' | 'deny' | 'request_changes' | 'resubmit' | 'cancel' | 'expire' | 'consume' | 'revoke';

/** What each state allows. A state that is absent here, or a move that is absent from its row, is illegal. */
export const legalMoves: Readonly<Record<RequestState, Readonly<Partial<Record<Move, RequestState>>>>> = {
  pending: { approve: 'approved', deny: 'denied', request_changes: 'changes_requested', cancel: 'cancelled', expire: 'expired' },
  changes_requested: { resubmit: 'pending', cancel: 'cancelled', expire: 'expired', deny: 'denied' },
  approved: { consume: 'consumed', revoke: 'revoked', expire: 'expired', cancel: 'cancelled' },
  consumed: { revoke: 'revoked' },
  denied: {},
  cancelled: {},
  expired: {},
  revoked: {},
};

/** The state after `move`, or undefined when the move is illegal from `state`. */
export function next(state: RequestState, move: Move): RequestState | undefined {
  return legalMoves[state][move];
}

/** True when nothing more can happen to the request but a look. */
export function isFinal(state: RequestState): boolean {
  return Object.keys(legalMoves[state]).length === 0;
}
