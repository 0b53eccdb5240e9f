/**
 * What the inbox shows, as a pure reducer. The rule behind it: nothing moves under the reader. New requests join at the
 * end (oldest first), and a decided one stays in its place, marked, until the reader goes to another.
 */
import type { ApprovalRequest, ApproverStep, Decision, LiveEvent } from '#core/wire/approval.ts';
import type { Me } from './api.ts';
import { firstThatCounts } from './conversation.ts';

/** `afterwards`: glass was broken and somebody has to look at it. */
export type Segment = 'for-you' | 'open' | 'decided' | 'afterwards';

export interface InboxState {
  readonly requests: ReadonlyMap<string, ApprovalRequest>;
  /** False until the first list came. */
  readonly loaded: boolean;
  readonly segment: Segment;
  /** Words that a request must hold to be shown: name, connection, table, environment, reason. */
  readonly filter: string;
  readonly selected: string | undefined;
  /** Requests that no longer belong to the segment but are kept in view until the reader moves on. */
  readonly lingering: ReadonlySet<string>;
}

export type InboxAction =
  | { readonly type: 'list'; readonly requests: readonly ApprovalRequest[]; readonly me: Me }
  | { readonly type: 'live'; readonly event: LiveEvent; readonly me: Me }
  | { readonly type: 'segment'; readonly segment: Segment; readonly me: Me }
  | { readonly type: 'filter'; readonly text: string }
  | { readonly type: 'select'; readonly id: string | undefined };

export const emptyInbox: InboxState = { requests: new Map(), loaded: false, segment: 'for-you', filter: '', selected: undefined, lingering: new Set() };

export function reduceInbox(state: InboxState, action: InboxAction): InboxState {
  switch (action.type) {
    case 'list': {
      // One map for all of them: a copy for each of three thousand would be felt.
      const requests = new Map(state.requests);
      const lingering = new Set(state.lingering);
      for (const request of action.requests) {
        if (isOlder(request, state)) continue;
        requests.set(request.id, request);
        if (leavesView(request, state, action.me)) lingering.add(request.id);
      }
      return { ...state, requests, lingering, loaded: true };
    }
    case 'live':
      return action.event.type === 'request' ? take(state, action.event.request, action.me) : state;
    case 'segment': {
      const next: InboxState = { ...state, segment: action.segment, lingering: new Set() };
      return { ...next, selected: queue(next, action.me)[0]?.id };
    }
    case 'filter':
      return { ...state, filter: action.text };
    case 'select':
      // A request opened by its link may belong to another segment: it is shown all the same.
      return { ...state, selected: action.id, lingering: new Set(action.id === undefined || state.selected !== action.id ? [] : state.lingering) };
  }
}

function take(state: InboxState, request: ApprovalRequest, me: Me): InboxState {
  if (isOlder(request, state)) return state;
  const requests = new Map(state.requests).set(request.id, request);
  const lingering = leavesView(request, state, me) ? new Set([...state.lingering, request.id]) : state.lingering;
  return { ...state, requests, lingering };
}

function isOlder({ id, updatedAt }: ApprovalRequest, { requests }: InboxState): boolean {
  return (requests.get(id)?.updatedAt ?? 0) > updatedAt;
}

/** It is being read and would vanish from the list by this change. */
function leavesView(request: ApprovalRequest, { requests, segment, selected }: InboxState, me: Me): boolean {
  const known = requests.get(request.id);
  return known !== undefined && selected === request.id && belongs(known, segment, me) && !belongs(request, segment, me);
}

/** Requests of the segment, oldest first; decided ones newest first, since there the last is what one looks for. */
export function queue(state: InboxState, me: Me): readonly ApprovalRequest[] {
  const shown = [...state.requests.values()].filter((r) => (belongs(r, state.segment, me) || state.lingering.has(r.id)) && holds(r, state.filter));
  return state.segment === 'decided'
    ? shown.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
    : shown.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

export function countOf(state: InboxState, segment: Segment, me: Me): number {
  let count = 0;
  for (const request of state.requests.values()) if (belongs(request, segment, me)) count += 1;
  return count;
}

export function belongs(request: ApprovalRequest, segment: Segment, me: Me): boolean {
  const open = request.state === 'pending' || request.state === 'changes_requested' || wantsAfterReview(request);
  if (segment === 'open') return open;
  if (segment === 'decided') return !open;
  if (segment === 'afterwards') return wantsAfterReview(request);
  const stands = standing(request, me);
  return stands === 'may-decide' || stands === 'after-review';
}

/** True when every word of the filter is somewhere in what the list or the request shows. */
export function holds(request: ApprovalRequest, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const { requester, binding, facts, reason, ticket, agent, state } = request;
  const text = [
    requester.name, requester.id, binding.connection.id, binding.connection.environment, binding.capability, state, reason, ticket ?? '', agent?.name ?? '',
    ...(request.drift ?? []).map(() => 'undeclared'), ...(wantsAfterReview(request) ? ['emergency'] : []),
    ...facts.tables.map((t) => t.name), ...facts.sensitive.map((c) => `${c.table}.${c.column} ${c.entity}`),
  ].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Glass was broken and nobody has looked at it yet. */
export function wantsAfterReview({ afterReview }: ApprovalRequest): boolean {
  return afterReview !== undefined && afterReview.done === undefined;
}

/** Milliseconds after broken glass until the look at it counts as overdue. */
const LOOK_WITHIN_MS = 86_400_000;

/** When the look at broken glass is due, milliseconds since the epoch. */
export function lookDueAt({ createdAt }: ApprovalRequest): number {
  return createdAt + LOOK_WITHIN_MS;
}

/** Why the reader may or may not decide. For display: the backend checks again, with what it alone knows. */
export type Standing = 'may-decide' | 'may-revoke' | 'after-review' | 'own' | 'already' | 'not-asked' | 'closed';

export function standing(request: ApprovalRequest, me: Me): Standing {
  if (request.requester.id === me.id) return 'own';
  if (wantsAfterReview(request)) {
    if (fits(request.afterReview?.anyOf ?? [], me)) return 'after-review';
    // As below: who sees it for no reason that the page knows may be asked by a group or a delegation.
    return onlyLooksOn(me) || request.verdict.approvers.some((step) => fits(step.anyOf, me)) ? 'closed' : 'after-review';
  }
  // A used grant for one run has nothing left to take back.
  if (request.state === 'approved') return onlyLooksOn(me) && !me.roles.includes('admin') ? 'closed' : 'may-revoke';
  if (request.state !== 'pending') return 'closed';
  if (thisRound(request).some((d) => d.by.id === me.id)) return 'already';
  const step = waitingStep(request);
  if (step === undefined || fits(step.anyOf, me)) return 'may-decide';
  // The page knows the reader's roles, not groups from elsewhere or delegations. Who sees a request without being its
  // requester or an auditor may decide on it by one of those, unless the reader's roles belong to another step.
  return onlyLooksOn(me) || request.verdict.approvers.some((other) => fits(other.anyOf, me)) ? 'not-asked' : 'may-decide';
}

function fits(anyOf: readonly string[], me: Me): boolean {
  return anyOf.some((name) => name === me.id || me.roles.includes(name) || (me.groups ?? []).includes(name));
}
function onlyLooksOn(me: Me): boolean {
  return me.roles.includes('auditor') || me.roles.includes('admin');
}

export interface StepProgress extends ApproverStep { readonly by: readonly string[] }

/** Approvals so far, step by step: distinct people, each counted once, in the order of the steps. */
export function progressOf(request: ApprovalRequest): readonly StepProgress[] {
  const steps = request.verdict.approvers.map((step) => ({ ...step, by: [] as string[] }));
  const counted = new Set<string>();
  for (const { by, decision } of thisRound(request)) {
    const step = steps.find((s) => s.by.length < s.count);
    if (step === undefined || decision !== 'approve' || counted.has(by.id)) continue;
    if (!step.anyOf.some((name) => name === by.id || by.roles.includes(name))) continue;
    counted.add(by.id);
    step.by.push(by.name);
  }
  return steps;
}

/** Decisions since the requester last answered a reviewer's wish: earlier approvals were for the request as it was before. */
function thisRound(request: ApprovalRequest): readonly Decision[] {
  return request.decisions.slice(firstThatCounts(request.decisions));
}

function waitingStep(request: ApprovalRequest): StepProgress | undefined {
  return progressOf(request).find((step) => step.by.length < step.count);
}

/** The neighbour in the queue, or the same when it is at the end. */
export function neighbour(state: InboxState, me: Me, step: 1 | -1): string | undefined {
  const list = queue(state, me);
  const at = list.findIndex((r) => r.id === state.selected);
  if (at < 0) return list[0]?.id;
  return list[Math.min(list.length - 1, Math.max(0, at + step))]?.id;
}
