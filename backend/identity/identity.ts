/** Who is asking. Every way to sign in (token file, OIDC, session cookie) ends in one of these. */
import type { Person } from '#core/wire/approval.ts';

export interface Subject extends Person {
  readonly groups: readonly string[];
  readonly kind: 'person' | 'agent' | 'service';
  /** For agents and services: the id of the human who answers for them, and so can't approve for them. */
  readonly owner?: string;
  /** Other ids that are the same human. */
  readonly aliases: readonly string[];
  /** People who are away and whose place the subject takes in deciding. */
  readonly delegations?: readonly Delegation[];
}

export interface Delegation {
  /** Every id of the person who is away. */
  readonly from: readonly string[];
  readonly memberships: readonly string[];
}

/** Roles and groups, which is what approver sets name. */
export function memberships(subject: Subject): readonly string[] {
  return [...subject.roles, ...subject.groups];
}

/**
 * What the subject may decide as: its own memberships and those of people it stands in for, except of people who are the
 * requester themselves: nobody gets their own request approved by naming a delegate.
 */
export function votingMemberships(subject: Subject, requesterSelves: readonly string[]): readonly string[] {
  const lent = (subject.delegations ?? []).filter(({ from }) => !from.some((id) => requesterSelves.includes(id)));
  return [...new Set([...memberships(subject), ...lent.flatMap((delegation) => delegation.memberships)])];
}

/** Every id that is, or answers for, the subject: none of them may decide on the subject's request. */
export function selvesOf(subject: Subject): readonly string[] {
  return [...new Set([subject.id, ...subject.aliases, ...(subject.owner === undefined ? [] : [subject.owner])])];
}

/** True when `other` is the same human as the one behind `selves`, or answers for it. */
export function isSameHuman(selves: readonly string[], other: Subject): boolean {
  return selvesOf(other).some((id) => selves.includes(id));
}

/**
 * True when the request (by its `selves`) is the subject's own, made by another account of theirs, or made by a machine that they
 * answer for. Not the other way round: a machine sees nothing of the person who answers for it.
 */
export function answersFor(subject: Subject, selves: readonly string[]): boolean {
  return [subject.id, ...subject.aliases].some((id) => selves.includes(id));
}

export type Authentication =
  | { readonly ok: true; readonly subject: Subject }
  | { readonly ok: false; readonly why: string };

export interface Authenticator {
  /** @param token what stood after `Bearer ` */
  authenticate(token: string): Promise<Authentication>;
  /** Anybody known, for names and for mapping identities of channels. */
  find?(id: string): Subject | undefined;
}
