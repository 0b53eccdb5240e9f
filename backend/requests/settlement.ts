/** What a judgement of the policy makes of a request: its terms, and what is decided without waiting for anybody. */
import type { CreateRequest, Person } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import type { Judgement } from '../policy/evaluate.ts';
import type { StoredRequest, Transaction } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { refuse, type Refusal } from './refusal.ts';

/** The fields of a request that come from the judgement. */
export type Terms = Pick<StoredRequest, 'verdict' | 'trace' | 'pendingTtlMs' | 'unusedTtlMs' | 'escalation' | 'expiresAt' | 'dueAt'>;

/** @param at when the waiting begins, milliseconds since the epoch */
export function termsOf({ verdict, trace, pendingTtlMs, unusedTtlMs, escalation }: Judgement, at: number): Terms {
  const expiresAt = at + pendingTtlMs;
  const escalateAt = escalation && at + escalation.afterMs;
  return {
    verdict,
    trace,
    pendingTtlMs,
    expiresAt,
    dueAt: Math.min(expiresAt, escalateAt ?? expiresAt),
    ...(unusedTtlMs === undefined ? {} : { unusedTtlMs }),
    ...(escalation && escalateAt !== undefined ? { escalation: { at: escalateAt, to: escalation.to } } : {}),
  };
}

/** What the policy wants said and is not. A denial needs no reason. */
export function reasonProblem({ verdict, reasonPatterns, ticketPatterns, ticketRequired }: Judgement, body: Pick<CreateRequest, 'reason' | 'ticket' | 'breakGlass'>): Refusal | undefined {
  const { reason, effect } = verdict;
  if (effect === 'deny') return undefined;
  if ((reason.required || body.breakGlass) && body.reason.trim() === '') return refuse(422, 'needs-reason', reason.prompt ?? 'Say what you need it for.');
  const misfit = reasonPatterns.find((pattern) => !new RegExp(pattern, 'u').test(body.reason));
  if (misfit !== undefined) return refuse(422, 'needs-reason', reason.prompt ?? `The reason must match ${misfit}.`);
  const ticket = (body.ticket ?? '').trim();
  if (ticketRequired && ticket === '') return refuse(422, 'needs-ticket', 'Name the ticket that this is for.');
  const wrong = ticketPatterns.find((pattern) => !new RegExp(pattern, 'u').test(ticket));
  return wrong === undefined ? undefined : refuse(422, 'needs-ticket', `The ticket must match ${wrong}.`);
}

const policyPerson: Person = { id: 'policy', name: 'Policy', roles: [] };
const policyActor = { id: 'policy', kind: 'policy' } as const;

/** Denies or approves what the policy decides at once, breaks the glass where that is asked for; a review comes back as it is. */
export async function settleByPolicy(transaction: Transaction, ledger: Ledger, request: StoredRequest, judgement: Judgement, now: number): Promise<StoredRequest> {
  const { verdict } = request;
  const byPolicy = (decision: 'approve' | 'deny', comment: string): StoredRequest => ({
    ...request, roundStart: request.decisions.length, decisions: [...request.decisions, { by: policyPerson, decision, comment, at: now }],
  });
  if (verdict.effect === 'deny') {
    await ledger.record(transaction, 'request.denied', request, policyActor, { rules: [...verdict.rules] });
    return { ...byPolicy('deny', verdict.why), state: 'denied' };
  }
  if (verdict.effect !== 'review') return ledger.approve(transaction, byPolicy('approve', verdict.why), policyActor);
  if (!request.breakGlass || !judgement.breakGlass) return request;
  const { reviewers, maxDurationMs } = judgement.breakGlass;
  const broken: StoredRequest = {
    ...byPolicy('approve', `Glass broken: ${reviewers.join(' or ')} must look at it afterwards.`),
    verdict: { ...verdict, maxDurationMs: Math.min(verdict.maxDurationMs ?? maxDurationMs, maxDurationMs) },
    afterReview: { anyOf: reviewers },
  };
  await ledger.record(transaction, 'break_glass.used', broken, { id: request.requester.id, kind: 'person' }, { reviewers: [...reviewers], reason: commitTo(broken, broken.reason) });
  return ledger.approve(transaction, broken, policyActor);
}
