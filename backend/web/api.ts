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

/** What `GET /v1/requests/{id}/context` answers. */
export interface RequestContext {
  readonly lastApproved?: { readonly id: string; readonly preview: string; readonly at: number; readonly by: string };
  readonly history: { readonly requests: number; readonly approved: number; readonly denied: number; readonly since: number };
  readonly trace: readonly { readonly id: string; readonly when: string; readonly effect: string; readonly fired: boolean; readonly error?: string }[];
  readonly identical: readonly string[];
}

/** What `GET /v1/insights` answers. Times and ages in milliseconds. */
export interface Overview {
  readonly pending: { readonly count: number; readonly oldestAge: number; readonly ages: readonly { readonly upTo: string; readonly count: number }[] };
  readonly days: readonly { readonly day: string; readonly approved: number; readonly denied: number; readonly other: number }[];
  readonly medianToDecision?: number;
  readonly byPolicy: number;
  readonly tables: readonly Tally[];
  readonly requesters: readonly Tally[];
  readonly denials: readonly { readonly id: string; readonly requester: string; readonly by: string; readonly comment: string; readonly at: number }[];
}
export interface Tally { readonly name: string; readonly requests: number; readonly denied: number }

export interface AuditRecord {
  readonly seq: number; readonly at: number; readonly type: string; readonly hash: string;
  readonly actor: { readonly id: string; readonly kind: string };
  readonly request?: string; readonly grant?: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface AuditFilter { readonly type?: string; readonly actor?: string; readonly request?: string; readonly from?: number; readonly to?: number; readonly before?: number }
export interface AuditFound { readonly records: readonly AuditRecord[]; readonly next?: number }

/** Ways to sign in beside a token. */
export interface SignInWays { readonly oidc?: { readonly issuer: string; readonly start: string } }

/** What a reviewer decides. */
export interface Deciding {
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
  decide(id: string, decision: Deciding): Promise<Answer<ApprovalRequest>>;
  cancel(id: string): Promise<Answer<ApprovalRequest>>;
  afterReview(id: string, justified: boolean, comment: string): Promise<Answer<ApprovalRequest>>;
  /** Takes an approval back. */
  revoke(id: string, comment: string): Promise<Answer<ApprovalRequest>>;
  /** The requester's answer to a wish for changes. */
  resubmit(id: string, reason: string): Promise<Answer<ApprovalRequest>>;
  context(id: string): Promise<Answer<RequestContext>>;
  overview(): Promise<Answer<Overview>>;
  audit(filter: AuditFilter): Promise<Answer<AuditFound>>;
  ways(): Promise<Answer<SignInWays>>;
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
    afterReview: (id, justified, comment) => call('POST', `${path(id)}/after-review`, { justified, comment }),
    revoke: (id, comment) => call('POST', `${path(id)}/revoke`, { comment }),
    resubmit: (id, reason) => call('POST', `${path(id)}/resubmit`, { reason }),
    context: (id) => call('GET', `${path(id)}/context`),
    overview: () => call('GET', '/v1/insights'),
    audit: (filter) => call('GET', `/v1/audit/search?${auditQuery(filter)}`),
    ways: () => call('GET', '/v1/sign-in'),
    events: (lastEventId, signal) => fetch('/v1/events', {
      redirect: 'error', cache: 'no-store', credentials: 'same-origin', signal,
      headers: { ...headers, accept: 'text/event-stream', ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }) },
    }),
  };
}

/** The filter as a query string, for the search and for the download of the same. */
export function auditQuery(filter: AuditFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, String(value));
  return query.toString();
}

function problem(status: number, body: unknown): Failure {
  const field = (name: 'code' | 'detail' | 'title'): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { status, code: field('code') ?? String(status), message: field('detail') ?? field('title') ?? `The backend refused (${status}).` };
}
