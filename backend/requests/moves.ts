/** Refusals that every move shares. */
import type { StoredRequest } from '../store/store.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Move } from './states.ts';

const names: Readonly<Record<Move, string>> = {
  approve: 'approving', deny: 'denying', request_changes: 'asking for changes', resubmit: 'resubmitting',
  cancel: 'cancelling', expire: 'expiring', consume: 'using', revoke: 'revoking',
};

export const notFound = refuse(404, 'not-found', 'There is no such request, or it is not yours to see.');

export function illegal(request: StoredRequest, move: Move): Refusal {
  return refuse(409, 'illegal-state', `The request is ${request.state.replace('_', ' ')}: ${names[move]} is not possible.`);
}
