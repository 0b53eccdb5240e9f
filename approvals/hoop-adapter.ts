/**
 * The `ApprovalPort` over a hoop gateway. hoop holds the credential and runs the statement that it stored, so there is no
 * grant: "approved" leads to `execute`. What hoop does not have (send back, limits, reveal, export) is refused, not
 * imitated.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApprovalRequest, CreateRequest, Person } from '#core/wire/approval.ts';
import { blankRequest, gatewayVerdict, ranAtOnce, reviewed, stateOf, toRequest } from './hoop-request.ts';
import { type HoopExecution, type HoopReview, isInWindow, readConnection, readExecution, readReview, readSession } from './hoop-wire.ts';
import { addressProblem, blocked, callJson, type HttpSettings, type JsonCall } from './http.ts';
import type { ApprovalPort, Outcome, RemoteOutput, Submission } from './port.ts';

export interface HoopSettings {
  /** The gateway, for example `https://hoop.example.com`. */
  readonly url: string;
  /** A person's token (JWT) or an API key (`hpk_…`). */
  readonly token: string;
  /** The gateway rotates the token while it is used: keep the new one. */
  readonly onNewToken?: (token: string) => void;
  /** Name of the connection at the gateway. Default: the connection's id. */
  readonly connectionName?: (connectionId: string) => string;
  /** Answers to the gateway's mandatory metadata fields. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly pace?: HoopPace;
  readonly now?: () => number;
}

/** All in milliseconds. */
export interface HoopPace {
  /** Between two looks at a review or a running session; hoop's own client takes 2 s. */
  readonly poll: number;
  readonly call: number;
  /** For calls that run a statement: the gateway answers "still running" after 50 s. */
  readonly run: number;
  /** How long a request is waited for; hoop's reviews do not expire by themselves. */
  readonly pending: number;
}
export const defaultHoopPace: HoopPace = { poll: 2_000, call: 10_000, run: 75_000, pending: 24 * 3_600_000 };

/** What the gateway was told beside the script, so that a session is recognised after a reload. */
const DIGEST_FIELD = 'pii_gate_digest';
const REASON_FIELD = 'pii_gate_reason';

interface Known { readonly request: CreateRequest; readonly createdAt: number; withdrawn: boolean; /** Ran at once, without a review. */ ran?: HoopExecution }

/** Never throws: an unusable address or token makes every call answer why. */
export function createHoopPort(settings: HoopSettings): ApprovalPort {
  const pace = settings.pace ?? defaultHoopPace;
  const now = settings.now ?? (() => Date.now());
  const base = `${settings.url.replace(/\/+$/, '')}/api`;
  const unusable = addressProblem(settings.url)
    ?? (settings.token.startsWith('xapi-') ? 'The token is an organisation key (xapi-…): with it, requests would be nobody\'s own. Use a personal token or an hpk_… key.' : undefined);
  let token = settings.token;
  const http: HttpSettings = {
    base, name: `The hoop gateway at ${base}`, timeoutMs: pace.call, token: () => token,
    onNewToken: (rotated) => {
      token = rotated;
      settings.onNewToken?.(rotated);
    },
  };
  const known = new Map<string, Known>();
  const byKey = new Map<string, string>();
  let whoAmI: Person | undefined;

  async function call<T>(request: JsonCall, read: (body: unknown) => T | undefined, timeoutMs = pace.call): Promise<Outcome<T>> {
    if (unusable !== undefined) return blocked('no-backend', unusable);
    const answer = await callJson({ ...http, timeoutMs }, request);
    if (!answer.ok) return answer;
    const value = read(answer.value.body);
    return value === undefined ? blocked('backend-unreachable', `${http.name} gave an answer that is not understood. Nothing is taken for approved.`) : { ok: true, value };
  }
  const nameOf = (connectionId: string): string => settings.connectionName?.(connectionId) ?? connectionId;
  const connection = (id: string, signal: AbortSignal) => call({ method: 'GET', path: `/connections/${encodeURIComponent(nameOf(id))}`, signal }, readConnection);
  const review = (id: string, signal: AbortSignal) => call({ method: 'GET', path: `/reviews/${encodeURIComponent(id)}`, signal }, readReview);
  const session = (id: string, signal: AbortSignal, expand = '') => call({ method: 'GET', path: `/sessions/${encodeURIComponent(id)}${expand}`, signal }, readSession);

  async function me(signal: AbortSignal): Promise<Outcome<Person>> {
    if (whoAmI !== undefined) return { ok: true, value: whoAmI };
    const answer = await call({ method: 'GET', path: '/userinfo', signal }, readUser);
    if (answer.ok) whoAmI = answer.value;
    return answer;
  }

  async function get(id: string, signal: AbortSignal): Promise<Outcome<ApprovalRequest>> {
    const who = await me(signal);
    if (!who.ok) return who;
    const own = known.get(id);
    if (own?.ran !== undefined) return { ok: true, value: toRequest(id, own.request, who.value, own.createdAt, ranAtOnce(own.ran), pace.pending) };
    const found = await review(id, signal);
    if (!found.ok) return found;
    if (found.value.status === 'UNKNOWN') return blocked('backend-unreachable', `${http.name} does not know the state of this review. Nothing is taken for approved.`);
    const request = own?.request ?? await requestOf(found.value, signal);
    const state = own?.withdrawn === true ? 'cancelled' : stateOf(found.value, now(), pace.pending);
    const owner = own === undefined ? { ...found.value.owner, roles: [] } : who.value;
    return { ok: true, value: toRequest(id, request, owner, found.value.createdAt || (own?.createdAt ?? 0), reviewed(found.value, state), pace.pending) };
  }

  /** After a reload only the gateway knows what was asked: the digest is in the session's metadata. */
  async function requestOf(found: HoopReview, signal: AbortSignal): Promise<CreateRequest> {
    const stored = await session(found.session, signal);
    const metadata = stored.ok ? stored.value.metadata : {};
    const text = (field: string): string => (typeof metadata[field] === 'string' ? metadata[field] : '');
    return { ...blankRequest, reason: text(REASON_FIELD), idempotencyKey: found.session, binding: { ...blankRequest.binding, digest: text(DIGEST_FIELD), connection: { ...blankRequest.binding.connection, id: found.connection } } };
  }

  async function create({ request, statement, parameters }: Submission, signal: AbortSignal): Promise<Outcome<ApprovalRequest>> {
    const before = byKey.get(request.idempotencyKey);
    if (before !== undefined) return get(before, signal);
    if (request.binding.capability !== 'run') return blocked('policy-denies', `hoop has no way to ${request.binding.capability}: it masks results itself, and what it shows is all there is.`);
    if (parameters.length > 0) return blocked('policy-denies', 'hoop runs the statement as text and takes no parameters. Write the values into the statement.');
    const target = await connection(request.binding.connection.id, signal);
    if (!target.ok) return target;
    if (!target.value.execAllowed) return blocked('policy-denies', 'The gateway does not allow ad-hoc statements on this connection.');
    const missing = target.value.mandatoryMetadata.filter((field) => (settings.metadata?.[field] ?? '') === '');
    if (missing.length > 0) return blocked('needs-reason', `The gateway wants ${missing.join(', ')} for this connection. Set it in the settings (hoop metadata).`);
    const metadata = { ...settings.metadata, [DIGEST_FIELD]: request.binding.digest, [REASON_FIELD]: request.reason };
    // Never repeated by itself: without a review this call runs the statement.
    const started = await call({ method: 'POST', path: '/sessions', body: { script: statement, connection: nameOf(request.binding.connection.id), env_vars: {}, metadata, client_args: [] }, signal }, readExecution, pace.run);
    if (!started.ok) return started;
    const id = started.value.sessionId;
    byKey.set(request.idempotencyKey, id);
    known.set(id, { request, createdAt: now(), withdrawn: false, ...(started.value.hasReview ? {} : { ran: started.value }) });
    return get(id, signal);
  }

  async function finish(execution: HoopExecution, signal: AbortSignal): Promise<Outcome<RemoteOutput>> {
    const id = execution.sessionId;
    let { output, exitCode, elapsedMs } = execution;
    let state = await session(id, signal);
    if (execution.status === 'running') {
      while (state.ok && !state.value.done) {
        await delay(pace.poll, undefined, { signal }).catch(() => {});
        state = await session(id, signal);
      }
      const full = state.ok ? await session(id, signal, '?expand=event_stream&event_stream=utf8') : state;
      if (!full.ok) return full;
      ({ output, exitCode, elapsedMs } = full.value);
    }
    const maskedBy = state.ok ? state.value.maskedBy : undefined;
    return { ok: true, value: { output, exitCode, elapsedMs, truncated: execution.truncated, ...(maskedBy === undefined ? {} : { maskedBy }) } };
  }

  const port: ApprovalPort = {
    name: http.name,
    runs: 'gateway',
    me,
    keys: async () => (unusable === undefined ? { ok: true, value: { issuer: base, keys: [] } } : blocked('no-backend', unusable)),
    async evaluate(input, signal) {
      const found = await connection(input.connection.id, signal);
      if (!found.ok) return found;
      const { reviewers, execAllowed, masks, minApprovals } = found.value;
      const refused = input.capability !== 'run' || !execAllowed;
      const effect = refused ? 'deny' : reviewers.length > 0 ? 'review' : masks ? 'mask' : 'allow';
      const why = refused ? 'the gateway does not allow this on this connection' : reviewers.length > 0 ? 'the gateway asks for a review on this connection' : 'the gateway runs it at once';
      return { ok: true, value: { ...gatewayVerdict, effect, why, approvers: reviewers.length === 0 ? [] : minApprovals > 0 ? [{ anyOf: reviewers, count: minApprovals }] : reviewers.map((group) => ({ anyOf: [group], count: 1 })) } };
    },
    create,
    get,
    async list({ state, mine }, signal) {
      const who = await me(signal);
      if (!who.ok) return who;
      const all = await call({ method: 'GET', path: '/reviews', signal }, readReviews);
      if (!all.ok) return all;
      const wanted = all.value.filter((r) => r.status !== 'UNKNOWN' && (mine === undefined || (r.owner.id === who.value.id) === mine));
      const requests: ApprovalRequest[] = [];
      for (const found of wanted) {
        const own = known.get(found.session);
        const current = own?.withdrawn === true ? 'cancelled' : stateOf(found, now(), pace.pending);
        if (state !== undefined && current !== state) continue;
        const blank = { ...blankRequest, binding: { ...blankRequest.binding, connection: { ...blankRequest.binding.connection, id: found.connection } } };
        requests.push(toRequest(found.session, own?.request ?? blank, { ...found.owner, roles: [] }, found.createdAt, reviewed(found, current), pace.pending));
      }
      return { ok: true, value: requests };
    },
    async decide({ requestId, decision, comment, constraints }, signal) {
      if (decision === 'request_changes') return blocked('policy-denies', 'hoop can\'t send a request back. Deny it and say what should change.');
      if (constraints !== undefined) return blocked('policy-denies', 'hoop has no limits on an approval. Approve it as asked or deny it.');
      const [who, found] = [await me(signal), await review(requestId, signal)];
      if (!who.ok) return who;
      if (!found.ok) return found;
      if (found.value.owner.id === who.value.id) return blocked('policy-denies', 'Nobody decides on their own request. Ask another reviewer.');
      const body = { status: decision === 'approve' ? 'APPROVED' : 'REJECTED', ...(decision === 'deny' ? { rejection_reason: comment } : {}) };
      const done = await call({ method: 'PUT', path: `/reviews/${encodeURIComponent(requestId)}`, body, signal }, () => true);
      return done.ok ? get(requestId, signal) : done;
    },
    async cancel(id, signal) {
      const own = known.get(id);
      if (own !== undefined) own.withdrawn = true;
      // Only this side can run the stored statement, and it never will; at the gateway the owner may not be allowed to reject.
      await call({ method: 'PUT', path: `/reviews/${encodeURIComponent(id)}`, body: { status: 'REJECTED', rejection_reason: 'Withdrawn by the requester' }, signal }, () => true);
      return get(id, signal);
    },
    consume: async () => blocked('grant-invalid', 'hoop runs the statement itself: there is no grant to use here.'),
    async execute(id, signal) {
      const own = known.get(id);
      if (own?.withdrawn === true) return blocked('cancelled', 'The request was withdrawn.');
      if (own?.ran !== undefined) {
        const { ran } = own;
        // One look only: the output of a run is not kept around.
        known.delete(id);
        return finish(ran, signal);
      }
      // The gateway burns a review that is executed while it waits, so everything is looked at right before.
      const found = await review(id, signal);
      if (!found.ok) return found;
      if (found.value.status === 'EXECUTED' || found.value.status === 'PROCESSING') return blocked('grant-used', 'This approval was for one run, and it has been used. Ask again.');
      if (found.value.status !== 'APPROVED') return blocked('grant-invalid', 'The review is not approved (any more). Nothing was run.');
      if (!isInWindow(found.value.window, now())) return blocked('grant-invalid', 'The approval is for another time of day. Run it in its window.');
      const ran = await call({ method: 'POST', path: `/sessions/${encodeURIComponent(id)}/exec`, body: {}, signal }, readExecution, pace.run);
      return ran.ok ? finish(ran.value, signal) : ran;
    },
    async watch(signal, onEvent, onLink) {
      const seen = new Map<string, string>();
      let link = '';
      const say = (status: 'polling' | 'down', then: () => void): void => {
        if (link !== status && !signal.aborted) then();
        link = status;
      };
      while (!signal.aborted) {
        const waiting = [...known].filter(([, own]) => own.ran === undefined).map(([id]) => id).filter((id) => !isSettled(seen.get(id)));
        if (waiting.length === 0) {
          const alive = await me(signal);
          if (alive.ok) say('polling', () => onLink?.({ link: 'polling', why: 'hoop has no live updates' }));
          else say('down', () => onLink?.({ link: 'down', blocked: alive.blocked }));
        }
        for (const id of waiting) {
          const found = await get(id, signal);
          if (signal.aborted) return;
          if (!found.ok) say('down', () => onLink?.({ link: 'down', blocked: found.blocked }));
          else {
            say('polling', () => onLink?.({ link: 'polling', why: 'hoop has no live updates' }));
            if (seen.get(id) !== found.value.state) onEvent({ type: 'request', request: found.value });
            seen.set(id, found.value.state);
          }
        }
        await delay(pace.poll, undefined, { signal }).catch(() => {});
      }
    },
  };
  return port;
}

function isSettled(state: string | undefined): boolean {
  return state !== undefined && state !== 'pending' && state !== 'approved';
}

function readUser(value: unknown): Person | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string' || value.id === '') return undefined;
  const name = 'name' in value && typeof value.name === 'string' && value.name !== '' ? value.name : 'email' in value && typeof value.email === 'string' ? value.email : value.id;
  const groups = 'groups' in value && Array.isArray(value.groups) ? value.groups.filter((g): g is string => typeof g === 'string') : [];
  return { id: value.id, name, roles: groups };
}

/** A list, or a page of one. */
function readReviews(value: unknown): readonly HoopReview[] | undefined {
  const items: unknown = Array.isArray(value) ? value : typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined;
  return Array.isArray(items) ? items.map(readReview).filter((r) => r !== undefined) : undefined;
}
