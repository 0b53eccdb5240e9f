/** The inbox's calls to the approval API. Failures are values with a sentence for the reviewer. */
import type { ApprovalRequest, Constraints, Decision, Person } from '#core/wire/approval.ts';

export interface Failure {
  /** 0 when the backend was not reached. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
}
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Who is signed in. Groups count like roles when it is about who may decide. */
export interface Me extends Person { readonly groups?: readonly string[] }

export interface Verdictless {
  readonly decision: Decision['decision'];
  readonly comment: string;
  readonly constraints?: Constraints;
}

export interface Api {
  /** Trades the token for a session cookie that no script can read. */
  signIn(token: string): Promise<Answer<undefined>>;
  signOut(): Promise<Answer<undefined>>;
  me(): Promise<Answer<Me>>;
  requests(): Promise<Answer<readonly ApprovalRequest[]>>;
  decide(id: string, decision: Verdictless): Promise<Answer<ApprovalRequest>>;
  cancel(id: string): Promise<Answer<ApprovalRequest>>;
  /** Opens the event stream; the caller reads its body. Rejects like `fetch`. */
  events(lastEventId: string, signal: AbortSignal): Promise<Response>;
}

/** Milliseconds until a call counts as lost. */
const TIMEOUT_MS = 15_000;

/**
 * Same origin only: the page's policy allows no other address, and redirects are refused. The session is a cookie; the
 * extra header on every change shows the backend that this page made it, since another site's page can't add one.
 */
export function createApi(): Api {
  const headers = { 'x-pii-gate': '1' };

  async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> {
    try {
      const response = await fetch(path, {
        method, redirect: 'error', cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { ...headers, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const value: unknown = await response.json().catch(() => undefined);
      if (response.ok) return { ok: true, value: value as T };
      return { ok: false, failure: problem(response.status, value) };
    } catch {
      return { ok: false, failure: { status: 0, code: 'unreachable', message: 'The approval backend does not answer. Nothing was decided.' } };
    }
  }
  const path = (id: string): string => `/v1/requests/${encodeURIComponent(id)}`;

  return {
    signIn: (token) => call('POST', '/v1/session', { token }),
    signOut: () => call('DELETE', '/v1/session'),
    me: () => call('GET', '/v1/me'),
    async requests() {
      const answer = await call<{ requests: readonly ApprovalRequest[] }>('GET', '/v1/requests');
      return answer.ok ? { ok: true, value: answer.value.requests } : answer;
    },
    decide: (id, decision) => call('POST', `${path(id)}/decisions`, decision),
    cancel: (id) => call('POST', `${path(id)}/cancel`, {}),
    events: (lastEventId, signal) => fetch('/v1/events', {
      redirect: 'error', cache: 'no-store', credentials: 'same-origin', signal,
      headers: { ...headers, accept: 'text/event-stream', ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }) },
    }),
  };
}

function problem(status: number, body: unknown): Failure {
  const field = (name: 'code' | 'detail' | 'title'): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { status, code: field('code') ?? String(status), message: field('detail') ?? field('title') ?? `The backend refused (${status}).` };
}
