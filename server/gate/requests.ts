/** The requests that concern the signed-in user: their own, and those they may decide. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import type { AfterReviewParams, Blocked, CommentParams, DecideParams, RequestsResult, RevokeParams } from '#core/wire/protocol.ts';
import type { Outcome } from '#approvals/port.ts';
import { type Backend, withoutGrant } from './backend.ts';

const TIMEOUT_MS = 15_000;
const noBackend: Blocked = { code: 'no-backend', message: 'No approval backend is configured.' };
const unsupported: Outcome<ApprovalRequest> = { ok: false, blocked: { code: 'grant-invalid', message: 'This approval backend can\'t do that. Do it there.' } };

export async function listRequests(backend: Backend): Promise<RequestsResult> {
  const { client } = backend;
  if (!client) return { mine: [], toReview: [] };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const [mine, others] = await Promise.all([client.port.list({ mine: true }, signal), client.port.list({ mine: false }, signal)]);
  return {
    mine: mine.ok ? mine.value.map(withoutGrant) : [],
    toReview: others.ok ? others.value.filter((r) => r.state === 'pending').map(withoutGrant) : [],
    others: others.ok ? others.value.filter((r) => r.state !== 'pending').map(withoutGrant) : [],
  };
}

/** Throws a `ResponseError` with the refusal: whoever clicked must be told. */
export function decide(backend: Backend, params: DecideParams): Promise<ApprovalRequest> {
  return answer(backend.client?.port.decide(params, AbortSignal.timeout(TIMEOUT_MS)));
}

/** Throws a `ResponseError` with the refusal. */
export function withdraw(backend: Backend, requestId: string): Promise<ApprovalRequest> {
  return answer(backend.client?.port.cancel(requestId, AbortSignal.timeout(TIMEOUT_MS)));
}

/** Throws a `ResponseError` with the refusal. */
export function comment({ client }: Backend, { requestId, ...said }: CommentParams): Promise<ApprovalRequest> {
  return answer(client === undefined ? undefined : client.port.comment?.(requestId, said, AbortSignal.timeout(TIMEOUT_MS)) ?? Promise.resolve(unsupported));
}

/** Throws a `ResponseError` with the refusal. */
export function afterReview({ client }: Backend, params: AfterReviewParams): Promise<ApprovalRequest> {
  return answer(client === undefined ? undefined : client.port.afterReview?.(params, AbortSignal.timeout(TIMEOUT_MS)) ?? Promise.resolve(unsupported));
}

/** Throws a `ResponseError` with the refusal. */
export function revoke({ client }: Backend, params: RevokeParams): Promise<ApprovalRequest> {
  return answer(client === undefined ? undefined : client.port.revokeRequest?.(params, AbortSignal.timeout(TIMEOUT_MS)) ?? Promise.resolve(unsupported));
}

/** What helps to judge a request; null where the backend knows no more than the request itself. */
export async function contextOf({ client }: Backend, requestId: string): Promise<RequestContext | null> {
  const found = await client?.port.context?.(requestId, AbortSignal.timeout(TIMEOUT_MS));
  return found?.ok === true ? found.value : null;
}

async function answer(outcome: Promise<Outcome<ApprovalRequest>> | undefined): Promise<ApprovalRequest> {
  const done: Outcome<ApprovalRequest> = await outcome ?? { ok: false, blocked: noBackend };
  if (!done.ok) throw new ResponseError(LSPErrorCodes.RequestFailed, done.blocked.message, done.blocked);
  return withoutGrant(done.value);
}
