/** The inbox's calls to the approval API. Failures are values with a sentence for the reviewer. */
import type { ApprovalRequest, Constraints, Decision, NewComment, Person, RequestContext, RequestState } from '#core/wire/approval.ts';
import { t } from './text/text.ts';

export interface Failure {
  /** 0 when the backend was not reached. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
}
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Who is signed in. Groups count like roles when it is about who may decide. */
export interface Me extends Person { readonly groups?: readonly string[] }

/** What `GET /v1/insights` answers. Times and ages in milliseconds. */
export interface Overview {
  readonly pending: { readonly count: number; readonly oldestAge: number; readonly ages: readonly { readonly upTo: string; readonly count: number }[] };
  readonly days: readonly { readonly day: string; readonly approved: number; readonly denied: number; readonly other: number }[];
  readonly medianToDecision?: number;
  readonly byPolicy: number;
  readonly tables: readonly Tally[];
  readonly requesters: readonly Tally[];
  readonly drift?: { readonly requests: number; readonly columns: readonly { readonly name: string; readonly entity: string; readonly requests: number }[] };
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
/** What `GET /v1/audit/verify` answers. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly records: number;
  readonly signatures: number;
  readonly head: { readonly seq: number; readonly hash: string };
  /** The first thing that is wrong; after it nothing can be trusted. */
  readonly failure?: { readonly fault: string; readonly seq: number; readonly message: string };
}
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
  comment(id: string, comment: NewComment): Promise<Answer<ApprovalRequest>>;
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
  verifyAudit(): Promise<Answer<AuditVerdict>>;
  ways(): Promise<Answer<SignInWays>>;
  /** Opens the event stream; the caller reads its body. Rejects like `fetch`. */
  events(lastEventId: string, signal: AbortSignal): Promise<Response>;
}

/** Milliseconds until a call counts as lost. */
const TIMEOUT_MS = 15_000;
/** A million records take half a minute to verify. */
const VERIFY_MS = 180_000;
/** Requests of one answer, and answers that are asked for: what is older than the newest 3,000 open ones waits for those to be decided. */
const PAGE = 500;
const MOST_PAGES = 6;

/**
 * Same origin only: the page's policy allows no other address, and redirects are refused. The session is a cookie; the
 * extra header on every change shows the backend that this page made it, since another site's page can't add one.
 */
export function createApi(): Api {
  const headers = { 'x-pii-gate': '1' };

  async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs = TIMEOUT_MS): Promise<Answer<T>> {
    try {
      const response = await fetch(path, {
        method, redirect: 'error', cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(timeoutMs),
        headers: { ...headers, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const value: unknown = await response.json().catch(() => undefined);
      if (response.ok) return { ok: true, value: value as T };
      return { ok: false, failure: problem(response.status, value) };
    } catch {
      return { ok: false, failure: { status: 0, code: 'unreachable', message: t.shell.unreachable } };
    }
  }
  async function page(query: string): Promise<Answer<readonly ApprovalRequest[]>> {
    const answer = await call<{ requests: readonly ApprovalRequest[] }>('GET', `/v1/requests?${query}`);
    return answer.ok ? { ok: true, value: answer.value.requests } : answer;
  }
  async function all(state: RequestState): Promise<Answer<readonly ApprovalRequest[]>> {
    const found = new Map<string, ApprovalRequest>();
    for (let i = 0, before = ''; i < MOST_PAGES; i += 1) {
      const answer = await page(`state=${state}&limit=${PAGE}${before}`);
      if (!answer.ok) return answer;
      const known = found.size;
      for (const request of answer.value) found.set(request.id, request);
      const oldest = answer.value.at(-1);
      if (oldest === undefined || answer.value.length < PAGE || found.size === known) break;
      // One more millisecond: others may have been made in the same one.
      before = `&before=${oldest.createdAt + 1}`;
    }
    return { ok: true, value: [...found.values()] };
  }
  const path = (id: string): string => `/v1/requests/${encodeURIComponent(id)}`;

  return {
    signIn: (token) => call('POST', '/v1/session', { token }),
    signOut: () => call('DELETE', '/v1/session'),
    me: () => call('GET', '/v1/me'),
    async requests() {
      // The newest, whatever became of them, and every open one however old: the oldest is the next to be decided.
      const answers = await Promise.all([page('limit=200'), all('pending'), all('changes_requested')]);
      const refused = answers.find((answer) => !answer.ok);
      if (refused !== undefined) return refused;
      return { ok: true, value: [...new Map(answers.flatMap((answer) => (answer.ok ? answer.value : [])).map((r) => [r.id, r])).values()] };
    },
    comment: (id, comment) => call('POST', `${path(id)}/comments`, comment),
    decide: (id, decision) => call('POST', `${path(id)}/decisions`, decision),
    cancel: (id) => call('POST', `${path(id)}/cancel`, {}),
    afterReview: (id, justified, comment) => call('POST', `${path(id)}/after-review`, { justified, comment }),
    revoke: (id, comment) => call('POST', `${path(id)}/revoke`, { comment }),
    resubmit: (id, reason) => call('POST', `${path(id)}/resubmit`, { reason }),
    context: (id) => call('GET', `${path(id)}/context`),
    overview: () => call('GET', '/v1/insights'),
    audit: (filter) => call('GET', `/v1/audit/search?${auditQuery(filter)}`),
    verifyAudit: () => call('GET', '/v1/audit/verify', undefined, VERIFY_MS),
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
  return { status, code: field('code') ?? String(status), message: field('detail') ?? field('title') ?? t.shell.refused(status) };
}
