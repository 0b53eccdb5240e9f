/** Who may see a request: its requester, those who may decide on it or look at it afterwards, auditors and admins. */
import { answersFor, votingMemberships, type Subject } from '../identity/identity.ts';
import type { StoredRequest } from '../store/store.ts';
import { mayFill } from './quorum.ts';

export function mayView(subject: Subject, request: StoredRequest): boolean {
  if (answersFor(subject, request.selves)) return true;
  if (subject.roles.includes('auditor') || subject.roles.includes('admin')) return true;
  const roles = votingMemberships(subject, request.selves);
  const after = request.afterReview;
  return request.verdict.approvers.some((step) => mayFill(step, subject.id, roles)) || (after !== undefined && mayFill({ anyOf: after.anyOf, count: 1 }, subject.id, roles));
}
