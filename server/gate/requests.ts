/** The requests that concern the signed-in user: their own, and those they may decide. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Blocked, DecideParams, RequestsResult } from '#core/wire/protocol.ts';
import type { Outcome } from '#approvals/port.ts';
import { type Backend, withoutGrant } from './backend.ts';

const TIMEOUT_MS = 15_000;
const noBackend: Blocked = { code: 'no-backend', message: 'No approval backend is configured.' };

export async function listRequests(backend: Backend): Promise<RequestsResult> {
  const { client } = backend;
  if (!client) return { mine: [], toReview: [] };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const [mine, others] = await Promise.all([client.port.list({ mine: true }, signal), client.port.list({ mine: false }, signal)]);
  return {
    mine: mine.ok ? mine.value.map(withoutGrant) : [],
    toReview: others.ok ? others.value.filter((r) => r.state === 'pending').map(withoutGrant) : [],
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

async function answer(outcome: Promise<Outcome<ApprovalRequest>> | undefined): Promise<ApprovalRequest> {
  const done: Outcome<ApprovalRequest> = await outcome ?? { ok: false, blocked: noBackend };
  if (!done.ok) throw new ResponseError(LSPErrorCodes.RequestFailed, done.blocked.message, done.blocked);
  return withoutGrant(done.value);
}
