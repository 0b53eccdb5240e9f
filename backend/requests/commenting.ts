/** Remarks on a request and on lines of its statement: from whoever may see it, in any state, redacted like reasons. */
import { randomUUID } from 'node:crypto';
import type { LineComment, NewComment, Person, RequestComment } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import { isSameHuman, type Subject } from '../identity/identity.ts';
import type { Store, StoredRequest } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { notFound } from './moves.ts';
import { done, refuse, type Refusal, type Result } from './refusal.ts';
import { mayView } from './visibility.ts';

export interface Commenting {
  comment(subject: Subject, id: string, body: NewComment): Promise<Result<StoredRequest>>;
}

/** Comments that one request holds. Who needs more should talk. */
export const MOST_COMMENTS = 300;

export function createCommenting(store: Store, ledger: Ledger, now: () => number, redact: (text: string) => string): Commenting {
  return {
    comment(subject, id, body) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await ledger.current(transaction, id);
        if (!request || !mayView(subject, request)) return notFound;
        // An agent may answer on its own request; other machines have no opinion.
        if (subject.kind !== 'person' && !isSameHuman(request.selves, subject)) return refuse(403, 'not-a-person', 'Only people comment on requests of others.');
        const wrong = commentProblem(request, body);
        if (wrong) return wrong;
        const added = asComment(request, { id: subject.id, name: subject.name, roles: [...subject.roles] }, body, now(), redact);
        const commented: StoredRequest = { ...request, comments: [...(request.comments ?? []), added], updatedAt: ledger.later(request) };
        if (!(await transaction.replaceRequest(request, commented))) throw new Error('The request changed under its own transaction');
        await ledger.record(transaction, 'request.commented', commented, { id: subject.id, kind: subject.kind }, {
          comment: commitTo(request, added.text), ...(added.line === undefined ? {} : { line: added.line }), ...(added.replyTo === undefined ? {} : { replyTo: added.replyTo }),
        });
        return done(commented);
      }, { requests: [id] });
    },
  };
}

/** The first reason why these lines can't be commented on, or there is no more room. */
export function commentProblem(request: StoredRequest, body: NewComment, more = 1): Refusal | undefined {
  const { comments = [], preview } = request;
  if (body.text.trim() === '') return refuse(422, 'needs-comment', 'Say something, or leave it.');
  if (comments.length + more > MOST_COMMENTS) return refuse(409, 'too-many-comments', `A request holds ${MOST_COMMENTS} comments. Talk to each other.`);
  if (body.replyTo !== undefined && !comments.some((comment) => comment.id === body.replyTo)) return refuse(422, 'unknown-comment', 'The comment that this answers is not on the request.');
  const lines = preview.split(/\r\n|\r|\n/).length;
  const { line, end = line } = body;
  if (line === undefined ? body.end !== undefined : line > lines || end === undefined || end > lines || end < line) return refuse(422, 'unknown-line', `The statement has ${lines} lines.`);
  return undefined;
}

/** An answer joins the thread that it answers, at the lines of its first comment. */
export function asComment(request: StoredRequest, by: Person, body: NewComment | LineComment, at: number, redact: (text: string) => string): RequestComment {
  const answered = 'replyTo' in body ? request.comments?.find((comment) => comment.id === body.replyTo) : undefined;
  const base = { id: randomUUID(), by, at, text: redact(body.text.trim()) };
  if (answered) {
    return {
      ...base, replyTo: answered.replyTo ?? answered.id, revision: answered.revision,
      ...(answered.line === undefined ? {} : { line: answered.line }), ...(answered.end === undefined ? {} : { end: answered.end }),
    };
  }
  return { ...base, revision: request.revisions?.length ?? 0, ...(body.line === undefined ? {} : { line: body.line }), ...(body.end === undefined || body.end === body.line ? {} : { end: body.end }) };
}
