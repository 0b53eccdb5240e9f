/** The life of requests: asked, decided, changed, withdrawn, run out. Every change and its audit record are one transaction. */
import type { Subject } from '../identity/identity.ts';
import type { RequestFilter, StoredRequest, Transaction } from '../store/store.ts';
import { createCommenting, type Commenting } from './commenting.ts';
import { createCreation, type Creation, type CreationDeps } from './creation.ts';
import { createDeciding, type Deciding } from './deciding.ts';
import { createResubmission, type Resubmit } from './resubmission.ts';
import { illegal, notFound } from './moves.ts';
import { done, type Result } from './refusal.ts';
import { next } from './states.ts';
import { mayView } from './visibility.ts';

export type { AfterReviewBody, DecisionBody } from './deciding.ts';

export interface RequestService extends Creation, Deciding, Commenting {
  get(subject: Subject, id: string): Promise<Result<StoredRequest>>;
  list(subject: Subject, filter: RequestFilter): Promise<readonly StoredRequest[]>;
  readonly resubmit: Resubmit;
  cancel(subject: Subject, id: string): Promise<Result<StoredRequest>>;
  /** Writes down what has run out and lets in further approvers where nobody decided in time. Returns how many changed. */
  settleDue(): Promise<number>;
}

/** Requests that a list reads at once at least, and how many times at most: what lies further back is not for a list. */
const fewestRead = 200;
const mostReads = 20;
/** Requests settled in one transaction. */
const dueBatch = 200;

export function createRequestService(deps: CreationDeps): RequestService {
  const { store, ledger, now, redact } = deps;

  /** Everybody in `to` may take any step from now on; the steps stay what they are. */
  async function escalate(transaction: Transaction, request: StoredRequest, to: readonly string[]): Promise<void> {
    const { escalation: _done, ...rest } = request;
    const approvers = request.verdict.approvers.map((step) => ({ ...step, anyOf: [...new Set([...step.anyOf, ...to])] }));
    const escalated: StoredRequest = { ...rest, verdict: { ...request.verdict, approvers }, dueAt: request.expiresAt, updatedAt: ledger.later(request) };
    await transaction.replaceRequest(request, escalated);
    await ledger.record(transaction, 'request.escalated', escalated, { id: 'system', kind: 'system' }, { to: [...to] });
  }

  async function settle(transaction: Transaction, request: StoredRequest): Promise<void> {
    if (request.expiresAt <= now()) await ledger.expire(transaction, request);
    else if (request.state === 'pending' && request.escalation) await escalate(transaction, request, request.escalation.to);
    else await transaction.replaceRequest(request, { ...request, dueAt: request.expiresAt });
  }

  return {
    ...createCreation(deps),
    ...createDeciding(store, ledger, now, redact),
    ...createCommenting(store, ledger, now, redact),

    async get(subject, id) {
      const request = await store.read.request(id);
      return request && mayView(subject, request) ? done(ledger.asOfNow(request)) : notFound;
    },

    async list(subject, filter) {
      const { states, limit } = filter;
      const readAtOnce = Math.max(limit, fewestRead);
      const found = new Map<string, StoredRequest>();
      // Few of many may be this person's to see: read on until the page is full.
      for (let i = 0, before = filter.before; i < mostReads && found.size < limit; i += 1) {
        const read = await store.read.requests({ ...filter, limit: readAtOnce, ...(before === undefined ? {} : { before }) });
        for (const request of read) {
          const now = ledger.asOfNow(request);
          if (mayView(subject, request) && (states === undefined || states.includes(now.state))) found.set(now.id, now);
        }
        const last = read.at(-1);
        if (last === undefined || read.length < readAtOnce) break;
        // One more millisecond, since others may have been made in the same one; unless a whole page was.
        before = last.createdAt + 1 === before ? last.createdAt : last.createdAt + 1;
      }
      return [...found.values()].slice(0, limit);
    },

    resubmit: createResubmission(deps),

    cancel(subject, id) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await ledger.current(transaction, id);
        if (!request || request.requester.id !== subject.id) return notFound;
        const state = next(request.state, 'cancel');
        if (!state) return illegal(request, 'cancel');
        if (request.grantId !== undefined) await transaction.revokeGrant(request.grantId);
        const cancelled: StoredRequest = { ...request, state, updatedAt: ledger.later(request) };
        await transaction.replaceRequest(request, cancelled);
        await ledger.record(transaction, 'request.cancelled', cancelled, { id: subject.id, kind: subject.kind });
        return done(cancelled);
      }, { requests: [id] });
    },

    async settleDue() {
      if ((await store.read.due(now(), 1)).length === 0) return 0;
      return store.write(async (transaction) => {
        const due = await transaction.due(now(), dueBatch);
        for (const request of due) await settle(transaction, request);
        return due.length;
      });
    },
  };
}
