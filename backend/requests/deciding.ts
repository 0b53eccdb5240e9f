/** Deciding: who may, whose turn it is, and what it comes to. Also the look at broken glass afterwards. */
import type { Decision, LineComment, RequestComment } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import { isSameHuman, votingMemberships, type Subject } from '../identity/identity.ts';
import type { Store, StoredRequest } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { mayFill, progress } from './quorum.ts';
import { asComment, commentProblem } from './commenting.ts';
import { done, refuse, type Refusal, type Result } from './refusal.ts';
import { illegal, notFound } from './moves.ts';
import { next } from './states.ts';
import { mayView } from './visibility.ts';

/** Body of `POST /v1/requests/{id}/decisions`. */
export interface DecisionBody extends Pick<Decision, 'decision' | 'comment' | 'constraints'> {
  /** Remarks on lines of the statement: they become comments of the request. */
  readonly lines?: readonly LineComment[];
}
/** Body of `POST /v1/requests/{id}/after-review`. */
export interface AfterReviewBody { readonly justified: boolean; readonly comment: string }

export interface Deciding {
  decide(subject: Subject, id: string, body: DecisionBody): Promise<Result<StoredRequest>>;
  afterReview(subject: Subject, id: string, body: AfterReviewBody): Promise<Result<StoredRequest>>;
}

const ownRequest = refuse(403, 'own-request', 'Nobody decides on their own request. Ask another reviewer.');

export function createDeciding(store: Store, ledger: Ledger, now: () => number, redact: (text: string) => string): Deciding {
  /** The first reason why this person can't take this decision on this request. */
  function whyNot(subject: Subject, request: StoredRequest, body: DecisionBody, roles: readonly string[]): Refusal | undefined {
    if (isSameHuman(request.selves, subject)) return ownRequest;
    if (subject.kind !== 'person') return refuse(403, 'not-a-person', 'Only people decide.');
    if (!next(request.state, body.decision)) return illegal(request, body.decision);
    const steps = request.verdict.approvers;
    const counted = request.decisions.slice(request.roundStart);
    const waiting = steps[progress(steps, counted).step];
    const people = waiting ? `${waiting.count} × ${waiting.anyOf.join(' or ')}` : 'nobody';
    if (!steps.some((step) => mayFill(step, subject.id, roles))) return refuse(403, 'not-an-approver', `This needs ${people}.`);
    if (counted.some((decision) => isSameHuman([decision.by.id], subject))) return refuse(409, 'already-decided', 'You have decided on this request already; another person must.');
    if (body.decision !== 'approve') return body.comment.trim() === '' && (body.lines ?? []).length === 0 ? refuse(422, 'needs-comment', 'Say why, so that the requester knows what to do.') : undefined;
    return waiting && mayFill(waiting, subject.id, roles) ? undefined : refuse(409, 'not-your-turn', `This waits for ${people} first.`);
  }

  return {
    decide(subject, id, body) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await ledger.current(transaction, id);
        if (!request || !mayView(subject, request)) return notFound;
        const roles = votingMemberships(subject, request.selves);
        const refusal = whyNot(subject, request, body, roles);
        if (refusal) return refusal;
        const lines = body.lines ?? [];
        for (const line of lines) {
          const wrong = commentProblem(request, line, lines.length);
          if (wrong) return wrong;
        }
        const by = { id: subject.id, name: subject.name, roles };
        const remarks: readonly RequestComment[] = lines.map((line) => asComment(request, by, line, now(), redact));
        const decision: Decision = {
          by,
          decision: body.decision,
          comment: redact(body.comment),
          at: now(),
          ...(body.decision === 'approve' && body.constraints ? { constraints: body.constraints } : {}),
        };
        const actor = { id: subject.id, kind: subject.kind };
        let decided: StoredRequest = {
          ...request, decisions: [...request.decisions, decision], updatedAt: ledger.later(request),
          ...(remarks.length === 0 ? {} : { comments: [...(request.comments ?? []), ...remarks] }),
        };
        for (const remark of remarks) await ledger.record(transaction, 'request.commented', decided, actor, { comment: commitTo(request, remark.text), line: remark.line ?? 0 });
        const steps = request.verdict.approvers;
        if (body.decision !== 'approve') {
          decided = { ...decided, state: next(request.state, body.decision) ?? request.state };
          await ledger.record(transaction, body.decision === 'deny' ? 'request.denied' : 'request.changes_requested', decided, actor, { comment: commitTo(request, decision.comment) });
        } else if (progress(steps, decided.decisions.slice(request.roundStart)).complete) {
          decided = await ledger.approve(transaction, decided, actor);
        } else {
          await ledger.record(transaction, 'request.step_approved', decided, actor, { step: progress(steps, request.decisions.slice(request.roundStart)).step });
        }
        if (!(await transaction.replaceRequest(request, decided))) throw new Error('The request changed under its own transaction');
        return done(decided);
      }, { requests: [id] });
    },

    afterReview(subject, id, body) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await ledger.current(transaction, id);
        if (!request || !mayView(subject, request)) return notFound;
        const { afterReview } = request;
        if (!afterReview) return refuse(409, 'illegal-state', 'No glass was broken for this request.');
        if (isSameHuman(request.selves, subject)) return ownRequest;
        if (subject.kind !== 'person' || !mayFill({ anyOf: afterReview.anyOf, count: 1 }, subject.id, votingMemberships(subject, request.selves))) {
          return refuse(403, 'not-an-approver', `This is for ${afterReview.anyOf.join(' or ')}.`);
        }
        if (afterReview.done) return refuse(409, 'already-decided', 'Somebody has looked at it already.');
        const comment = redact(body.comment);
        const by = { id: subject.id, name: subject.name, roles: subject.roles };
        const reviewed: StoredRequest = {
          ...request, updatedAt: ledger.later(request), afterReview: { ...afterReview, done: { by, at: now(), justified: body.justified, comment } },
        };
        await transaction.replaceRequest(request, reviewed);
        await ledger.record(transaction, 'break_glass.reviewed', reviewed, { id: subject.id, kind: subject.kind }, { justified: body.justified, comment: commitTo(request, comment) });
        return done(reviewed);
      }, { requests: [id] });
    },
  };
}
