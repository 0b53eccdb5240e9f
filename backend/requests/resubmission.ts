/**
 * The answer to a reviewer's wish for changes: a better reason, or another statement. A revision is a new question under the same
 * id: the policy judges it anew, and what was approved of the old one counts for nothing.
 */
import canonicalize from 'canonicalize';
import type { Resubmission, Revision } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import type { Subject } from '../identity/identity.ts';
import { judge } from '../policy/evaluate.ts';
import type { Surroundings } from '../policy/context.ts';
import type { StoredRequest, Transaction } from '../store/store.ts';
import { askedData, cleaned, inputOf, type CreationDeps } from './creation.ts';
import { illegal, notFound } from './moves.ts';
import { done, refuse, type Result } from './refusal.ts';
import { reasonProblem, settleByPolicy, termsOf } from './settlement.ts';
import { next } from './states.ts';

export type Resubmit = (subject: Subject, id: string, body: Resubmission, address: string) => Promise<Result<StoredRequest>>;

/** Statements that one request may have had: a conversation longer than this is to start again. */
const mostRevisions = 50;

export function createResubmission({ store, ledger, policy, surroundings, now, redact }: CreationDeps): Resubmit {
  /** The same statement, better explained: its terms stay, its waiting begins again. */
  async function again(transaction: Transaction, subject: Subject, request: StoredRequest, { reason, ticket }: Resubmission): Promise<Result<StoredRequest>> {
    if (request.verdict.reason.required && reason.trim() === '') return refuse(422, 'needs-reason', 'Say what you need it for.');
    const at = ledger.later(request);
    const expiresAt = at + request.pendingTtlMs;
    const changed: StoredRequest = {
      ...request,
      state: 'pending',
      reason: redact(reason),
      ...(ticket === undefined ? {} : { ticket: redact(ticket) }),
      roundStart: request.decisions.length,
      updatedAt: at,
      expiresAt,
      dueAt: Math.min(expiresAt, request.escalation?.at ?? expiresAt),
    };
    await transaction.replaceRequest(request, changed);
    await ledger.record(transaction, 'request.resubmitted', changed, { id: subject.id, kind: subject.kind }, { reason: commitTo(changed, changed.reason) });
    return done(changed);
  }

  async function revise(transaction: Transaction, subject: Subject, request: StoredRequest, body: Resubmission, revision: Revision, around: Surroundings): Promise<Result<StoredRequest>> {
    const { binding } = request;
    if (canonicalize(revision.binding.connection) !== canonicalize(binding.connection) || revision.binding.capability !== binding.capability) {
      return refuse(422, 'other-request', 'A revision stays on its connection and its capability. Make a new request for the other one.');
    }
    const earlier = request.revisions ?? [];
    if (earlier.length >= mostRevisions) return refuse(409, 'too-many-revisions', `The statement was changed ${mostRevisions} times already. Make a new request.`);
    const judgement = judge(policy(), subject, inputOf(revision, request.agent), around);
    const wrong = reasonProblem(judgement, body);
    if (wrong) return wrong;
    const at = ledger.later(request);
    const { unusedTtlMs: _unused, escalation: _escalation, plan: _plan, sample: _sample, ...kept } = request;
    const asked: StoredRequest = {
      ...kept,
      ...revision,
      ...cleaned({ ...revision, ...body }, redact),
      state: 'pending',
      requester: { id: subject.id, name: subject.name, roles: subject.roles },
      revisions: [...earlier, { preview: request.preview, reason: request.reason, at }],
      roundStart: request.decisions.length,
      updatedAt: at,
      ...termsOf(judgement, at),
    };
    await ledger.record(transaction, 'request.resubmitted', asked, { id: subject.id, kind: request.agent ? 'agent' : subject.kind }, { revision: earlier.length + 1, ...askedData(asked) });
    const settled = await settleByPolicy(transaction, ledger, asked, judgement, now());
    await transaction.replaceRequest(request, settled);
    return done(settled);
  }

  return async (subject, id, body, address) => {
    const { revision } = body;
    // Before the transaction: others wait for it.
    const around = revision && (await surroundings(subject, address));
    return store.write<Result<StoredRequest>>(async (transaction) => {
      const request = await ledger.current(transaction, id);
      if (!request || request.requester.id !== subject.id) return notFound;
      if (!next(request.state, 'resubmit')) return illegal(request, 'resubmit');
      return revision && around ? revise(transaction, subject, request, body, revision, around) : again(transaction, subject, request, body);
    }, { requests: [id] });
  };
}
