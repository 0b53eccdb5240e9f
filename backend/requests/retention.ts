/**
 * How long what people wrote is kept. After so many days a request that is over keeps who, when, which columns, what was decided;
 * its statement, reasons, comments, plan and sample are erased, with the salt that tied the trail's digests to them.
 */
import type { AuditLog } from '../audit/log.ts';
import type { Store, StoredRequest } from '../store/store.ts';

export interface RequestRetention {
  /** Erases what has become too old. Returns how many requests. */
  sweep(): Promise<number>;
}

/** Requests erased in one transaction. */
const batchSize = 200;

/** @param keepMs milliseconds after its last change that a request's texts are kept */
export function createRequestRetention({ store, audit, now, keepMs }: { readonly store: Store; readonly audit: AuditLog; readonly now: () => number; readonly keepMs: number }): RequestRetention {
  return {
    async sweep() {
      const before = now() - keepMs;
      if ((await store.read.erasable(before, 1)).length === 0) return 0;
      return store.write(async (transaction) => {
        const old = (await transaction.erasable(before, batchSize)).filter(({ afterReview }) => !afterReview || afterReview.done);
        for (const request of old) await transaction.replaceRequest(request, erased(request, now()));
        if (old.length > 0) {
          await audit.append(transaction, { type: 'retention.erased', actor: { id: 'system', kind: 'system' }, data: { requests: old.map(({ id }) => id), before } });
        }
        return old.length;
      });
    },
  };
}

export function erased(request: StoredRequest, at: number): StoredRequest {
  const { salt: _salt, ticket: _ticket, plan: _plan, sample: _sample, revisions: _revisions, comments: _comments, ...kept } = request;
  const { afterReview } = request;
  return {
    ...kept,
    preview: '',
    reason: '',
    // Names of things stay; what could quote a literal goes.
    facts: { ...request.facts, opaque: request.facts.opaque.map(({ what }) => ({ what, detail: '' })) },
    decisions: request.decisions.map((decision) => ({ ...decision, comment: '' })),
    ...(afterReview?.done ? { afterReview: { ...afterReview, done: { ...afterReview.done, comment: '' } } } : {}),
    // A key that comes again is not matched any more, only refused.
    bodyHash: '',
    erasedAt: at,
    // The stores look for old requests by this: nothing of it is left to do.
    dueAt: 0,
  };
}
