/**
 * People are not asked twice: whoever may still use a window grant for exactly this gets it again instead of a new request.
 * Exactly this: the same person, statement, connection, capability and agent, and nothing beyond the scope that was approved,
 * under the same version of the policy. A policy that would deny now is asked, not passed by.
 */
import canonicalize from 'canonicalize';
import type { CreateRequest, Scope } from '#core/wire/approval.ts';
import type { Subject } from '../identity/identity.ts';
import { columnName } from '../policy/context.ts';
import type { Judgement } from '../policy/evaluate.ts';
import type { StoredRequest, Transaction } from '../store/store.ts';

/** @param now milliseconds since the epoch */
export async function coveredBy(transaction: Transaction, subject: Subject, body: CreateRequest, { verdict }: Judgement, now: number): Promise<StoredRequest | undefined> {
  if (verdict.effect === 'deny' || body.breakGlass || body.scope.startsAt !== undefined) return undefined;
  const { binding, scope, agent } = body;
  for (const { claims, request: id } of await transaction.windowGrants(subject.id, binding.digest, Math.floor(now / 1000))) {
    if (claims.policyVersion !== verdict.policyVersion || canonicalize(claims.binding) !== canonicalize(binding) || !isWithin(scope, claims.scope)) continue;
    const request = await transaction.request(id);
    if (request?.state === 'approved' && canonicalize(request.agent ?? null) === canonicalize(agent ?? null)) return request;
  }
  return undefined;
}

/** Rows and time need no look: the grant carries its own limits, and they hold at each use. */
function isWithin(asked: Scope, granted: Scope): boolean {
  const shown = new Set(granted.columns.map(columnName));
  return asked.columns.every((column) => shown.has(columnName(column))) && canonicalize(asked.destination) === canonicalize(granted.destination);
}
