/** Waits until a request is decided, and says what its state means for the one who asked. */
import type { ApprovalRequest, Decision, LiveEvent } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import type { ApprovalPort } from './port.ts';

export type Settled =
  | { readonly kind: 'approved'; readonly request: ApprovalRequest }
  | { readonly kind: 'blocked'; readonly blocked: Blocked; readonly request: ApprovalRequest };

export interface Waiting {
  readonly port: Pick<ApprovalPort, 'get'>;
  readonly request: ApprovalRequest;
  readonly clock: { now(): number };
  readonly signal: AbortSignal;
  /** Begins to listen for live events; gives the function that stops it. */
  readonly listen: (listener: (event: LiveEvent) => void) => () => void;
  readonly onPending: (request: ApprovalRequest) => void;
}

/** `setTimeout` takes at most 2^31 − 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;
/** How long after its expiry a request is looked at once more, so that the backend's clock has passed it as well. */
const AFTER_EXPIRY_MS = 1_000;
/** Between looks when the backend could not be asked about an expired request. */
const RETRY_MS = 5_000;

/** Resolves once the request is no longer pending, or with `cancelled` when the signal is aborted. Never rejects. */
export function settle(waiting: Waiting): Promise<Settled> {
  const { port, clock, signal, listen, onPending } = waiting;
  return new Promise((resolve) => {
    let newest = waiting.request;
    let stopListening = (): void => {};
    let timer: NodeJS.Timeout | undefined;
    let done = false;

    const end = (settled: Settled): void => {
      done = true;
      stopListening();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(settled);
    };
    const onAbort = (): void => end({ kind: 'blocked', blocked: { code: 'cancelled', message: 'Cancelled.', requestId: newest.id }, request: newest });
    const look = async (): Promise<void> => {
      const answer = await port.get(newest.id, signal);
      if (done) return;
      if (answer.ok) take(answer.value, true);
      // A backend that is away does not end the wait: the live line goes on trying. A refusal does end it.
      else if (answer.blocked.code !== 'backend-unreachable') end({ kind: 'blocked', blocked: { ...answer.blocked, requestId: newest.id }, request: newest });
      else watchExpiry(RETRY_MS);
    };
    const watchExpiry = (atLeastMs = 0): void => {
      clearTimeout(timer);
      const left = newest.expiresAt + AFTER_EXPIRY_MS - clock.now();
      timer = setTimeout(() => { void look(); }, Math.min(LONGEST_TIMER_MS, Math.max(atLeastMs, left)));
    };
    /** `own`: read by the requester, so a grant would be there. Events for everybody carry none. */
    const take = (request: ApprovalRequest, own: boolean): void => {
      if (done || request.updatedAt < newest.updatedAt) return;
      newest = request;
      const blocked = blockedBy(request);
      if (blocked !== undefined) end({ kind: 'blocked', blocked, request });
      else if (request.state === 'pending') {
        onPending(request);
        watchExpiry(own ? RETRY_MS : 0);
      } else if (own || request.grant !== undefined) end({ kind: 'approved', request });
      else void look();
    };

    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = listen((event) => {
      if (event.type === 'request' && event.request.id === newest.id) take(event.request, false);
    });
    take(newest, true);
    // One look after listening began: a decision made in between is not missed.
    if (!done) void look();
  });
}

/** Who "decided" where the policy did, without a person. */
const POLICY_ID = 'policy';

/** Why a request in this state does not go ahead, or `undefined` while it is pending or approved. */
export function blockedBy(request: ApprovalRequest): Blocked | undefined {
  const requestId = request.id;
  const last = request.decisions.at(-1);
  switch (request.state) {
    case 'pending':
    case 'approved':
      return undefined;
    case 'denied':
      return last === undefined || last.by.id === POLICY_ID
        ? { code: 'policy-denies', message: `Denied by policy: ${request.verdict.why}.`, requestId }
        : { code: 'denied', message: `Denied by ${said(last)}`, requestId };
    case 'changes_requested':
      return { code: 'changes-requested', message: last === undefined ? 'The reviewer asks for changes.' : `Changes asked for by ${said(last)}`, requestId };
    case 'cancelled':
      return { code: 'cancelled', message: 'The request was withdrawn.', requestId };
    case 'expired':
      return { code: 'expired', message: request.decisions.some((d) => d.decision === 'approve') ? 'The approval was not used in time. Ask again.' : 'Nobody decided in time. Ask again.', requestId };
    case 'consumed':
      return { code: 'grant-used', message: 'This approval was for one use, and it has been used. Ask again.', requestId };
    case 'revoked':
      return { code: 'revoked', message: last === undefined ? 'The approval was revoked.' : `The approval was revoked after it was given by ${last.by.name}. Ask again if you still need it.`, requestId };
  }
}

function said({ by, comment }: Decision): string {
  return comment === '' ? `${by.name}, without a comment.` : `${by.name}: “${comment}”`;
}
