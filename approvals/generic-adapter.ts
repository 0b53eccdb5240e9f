/**
 * The `ApprovalPort` over a minimal HTTP approval service: four calls, for organisations that have a workflow of their own.
 * The service may be as simple as it likes, but it signs: what it approves is a grant like ours, so that nothing weaker
 * opens the gate. Its public key is configured, never fetched.
 *
 *   POST {url}/requests            CreateRequest            → {id, state, expiresAt?}
 *   GET  {url}/requests/{id}                                → {id, state, decidedBy?, comment?, updatedAt?, expiresAt?, grant?}
 *   POST {url}/requests/{id}/cancel                         → the same
 *   POST {url}/grants/{jti}/consume  {nonce, digest, capability} → {receipt}
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApprovalRequest, CreateRequest, Decision, Person, RequestState, Verdict } from '#core/wire/approval.ts';
import { readReceiptAnswer } from './answers.ts';
import { addressProblem, blocked, callJson, type HttpSettings, type JsonCall } from './http.ts';
import type { ApprovalPort, IssuerKeys, Outcome } from './port.ts';

export interface GenericSettings {
  /** Base address of the service. */
  readonly url: string;
  readonly token: string | (() => Promise<string>);
  /** Who is signed in: the `sub` that grants must carry. */
  readonly me: Person;
  /** The service's name (`iss`) and public keys. */
  readonly keys: IssuerKeys;
  readonly reasonPrompt?: string;
  readonly pace?: GenericPace;
  readonly now?: () => number;
}

/** Milliseconds. */
export interface GenericPace { readonly poll: number; readonly call: number; /** Where the service names no expiry. */ readonly pending: number }
export const defaultGenericPace: GenericPace = { poll: 3_000, call: 10_000, pending: 3_600_000 };

interface Answer { readonly id: string; readonly state: RequestState; readonly decidedBy?: string; readonly comment?: string; readonly updatedAt?: number; readonly expiresAt?: number; readonly grant?: string }

export function createGenericPort(settings: GenericSettings): ApprovalPort {
  const pace = settings.pace ?? defaultGenericPace;
  const now = settings.now ?? (() => Date.now());
  const base = settings.url.replace(/\/+$/, '');
  const unusable = addressProblem(settings.url);
  const { token, me } = settings;
  const http: HttpSettings = { base, name: `The approval service at ${base}`, timeoutMs: pace.call, token: typeof token === 'string' ? () => token : token };
  /** What this window asked for; the service keeps only what it needs. */
  const asked = new Map<string, { readonly request: CreateRequest; readonly createdAt: number; readonly seen: ApprovalRequest | undefined }>();
  const verdict: Verdict = {
    effect: 'review', rules: ['approval-service'], why: 'the approval service decides', approvers: [], maskColumns: [], policyVersion: 'service',
    reason: { required: true, ...(settings.reasonPrompt === undefined ? {} : { prompt: settings.reasonPrompt }) },
  };

  async function call<T>(request: JsonCall, read: (body: unknown) => T | undefined): Promise<Outcome<T>> {
    if (unusable !== undefined) return blocked('no-backend', unusable);
    const answer = await callJson(http, request);
    if (!answer.ok) return answer;
    const value = read(answer.value.body);
    return value === undefined ? blocked('backend-unreachable', `${http.name} gave an answer that is not understood. Nothing is taken for approved.`) : { ok: true, value };
  }
  const path = (id: string): string => `/requests/${encodeURIComponent(id)}`;

  function remember(id: string, request: CreateRequest, answer: Answer): ApprovalRequest {
    const before = asked.get(id);
    const createdAt = before?.createdAt ?? now();
    const changed = before?.seen?.state !== answer.state;
    const updatedAt = answer.updatedAt ?? (changed ? now() : (before?.seen?.updatedAt ?? createdAt));
    const decision = decisionOf(answer, updatedAt);
    const seen: ApprovalRequest = {
      ...request, id, state: answer.state, requester: me, verdict, decisions: decision === undefined ? [] : [decision],
      createdAt, updatedAt, expiresAt: answer.expiresAt ?? createdAt + pace.pending, ...(answer.grant === undefined ? {} : { grant: answer.grant }),
    };
    asked.set(id, { request, createdAt, seen });
    return seen;
  }
  async function look(id: string, signal: AbortSignal): Promise<Outcome<ApprovalRequest>> {
    const own = asked.get(id);
    if (own === undefined) return blocked('expired', 'This request was made in another session. Ask again.');
    const answer = await call({ method: 'GET', path: path(id), signal }, readAnswer);
    return answer.ok ? { ok: true, value: remember(id, own.request, answer.value) } : answer;
  }
  const undecidable = <T>(): Outcome<T> => blocked('policy-denies', 'Requests are decided in the approval service, not here.');

  return {
    name: http.name,
    runs: 'editor',
    me: async () => (unusable === undefined ? { ok: true, value: me } : blocked('no-backend', unusable)),
    keys: async () => ({ ok: true, value: settings.keys }),
    evaluate: async () => (unusable === undefined ? { ok: true, value: verdict } : blocked('no-backend', unusable)),
    async create({ request }, signal) {
      const answer = await call({ method: 'POST', path: '/requests', body: request, signal }, readAnswer);
      return answer.ok ? { ok: true, value: remember(answer.value.id, request, answer.value) } : answer;
    },
    get: look,
    async list({ state, mine }, signal) {
      if (mine === false) return { ok: true, value: [] };
      const requests: ApprovalRequest[] = [];
      for (const id of asked.keys()) {
        const found = await look(id, signal);
        if (!found.ok) return found;
        if (state === undefined || found.value.state === state) requests.push(found.value);
      }
      return { ok: true, value: requests };
    },
    decide: async () => undecidable(),
    async cancel(id, signal) {
      const own = asked.get(id);
      if (own === undefined) return blocked('expired', 'This request was made in another session.');
      const answer = await call({ method: 'POST', path: `${path(id)}/cancel`, body: {}, signal }, readAnswer);
      return answer.ok ? { ok: true, value: remember(id, own.request, answer.value) } : answer;
    },
    consume: (id, use, signal) => call({ method: 'POST', path: `/grants/${encodeURIComponent(id)}/consume`, body: use, signal }, readReceiptAnswer),
    async watch(signal, onEvent, onLink) {
      const told = new Map<string, RequestState>();
      while (!signal.aborted) {
        for (const [id, { seen }] of asked) {
          if (seen !== undefined && seen.state !== 'pending' && told.get(id) === seen.state) continue;
          const found = await look(id, signal);
          if (signal.aborted) return;
          onLink?.(found.ok ? { link: 'polling', why: 'the approval service has no live updates' } : { link: 'down', blocked: found.blocked });
          if (!found.ok || told.get(id) === found.value.state) continue;
          told.set(id, found.value.state);
          onEvent({ type: 'request', request: found.value });
        }
        await delay(pace.poll, undefined, { signal }).catch(() => {});
      }
    },
  };
}

const states: readonly unknown[] = ['pending', 'changes_requested', 'approved', 'denied', 'cancelled', 'expired', 'consumed', 'revoked'] satisfies readonly RequestState[];

function readAnswer(value: unknown): Answer | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('state' in value)) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const ok = typeof fields.id === 'string' && fields.id !== '' && states.includes(fields.state)
    && ['decidedBy', 'comment', 'grant'].every((k) => fields[k] === undefined || typeof fields[k] === 'string')
    && ['updatedAt', 'expiresAt'].every((k) => fields[k] === undefined || typeof fields[k] === 'number');
  return ok ? fields as unknown as Answer : undefined;
}

function decisionOf({ state, decidedBy, comment }: Answer, at: number): Decision | undefined {
  const decision = ({ approved: 'approve', consumed: 'approve', denied: 'deny', changes_requested: 'request_changes' } as const)[state as 'approved'];
  if (decision === undefined || decidedBy === undefined) return undefined;
  return { by: { id: decidedBy, name: decidedBy, roles: [] }, decision, comment: comment ?? '', at };
}
