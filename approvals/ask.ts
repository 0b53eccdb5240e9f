/**
 * The one client state machine over any approval backend:
 * (reuse | create | resume) → pending → approved → consume → verify → `Grant`; or blocked, with the way out.
 * One instance a backend connection: it keeps one live line and shares it between all who wait.
 */
import { randomBytes } from 'node:crypto';
import type { ApprovalRequest, LiveEvent, Person } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import { type Grant, verifyGrant } from '#query/grant/grant.ts';
import { type Settled, settle } from './outcome-of-request.ts';
import type { ApprovalPort, IssuerKeys, LinkStatus, Outcome, RemoteOutput, Submission } from './port.ts';
import { grantId, reusable } from './reuse.ts';

/** What the one who asked sees meanwhile. */
export type AskProgress =
  /** Waiting for people. Told again whenever the request changes. */
  | { readonly step: 'pending'; readonly request: ApprovalRequest }
  /** Approved; the use is being counted and verified, or the gateway runs the statement. */
  | { readonly step: 'approved'; readonly request: ApprovalRequest; readonly reused: boolean };

export type Obtained =
  | { readonly kind: 'grant'; readonly grant: Grant; readonly request: ApprovalRequest; readonly reused: boolean }
  | { readonly kind: 'output'; readonly output: RemoteOutput; readonly request: ApprovalRequest }
  | { readonly kind: 'blocked'; readonly blocked: Blocked; readonly request?: ApprovalRequest };

export interface AskOptions {
  /** Stops waiting and leaves the request open, to be resumed after a reload. */
  readonly signal: AbortSignal;
  /** The requester changed their mind: the request is withdrawn at the backend too. */
  readonly withdraw?: AbortSignal;
  readonly onProgress?: (progress: AskProgress) => void;
  /** False: ask anew even where a live grant would do. Default true. */
  readonly reuse?: boolean;
}

export interface ApprovalClient {
  readonly port: ApprovalPort;
  /** Asks and waits. Repeating it with the same `idempotencyKey` (after a reload) takes up the same request. Never rejects. */
  obtain(submission: Submission, options: AskOptions): Promise<Obtained>;
  /** Takes up a request by its id. The submission is what would run now: if it is not what was asked, it is blocked. */
  resume(requestId: string, submission: Submission, options: AskOptions): Promise<Obtained>;
  /**
   * Answers a reviewer's wish for changes with what is submitted now, and waits for the next decision. A request that is
   * pending or approved already (after a reload) is taken up instead. Where the backend can't resubmit, it asks anew.
   */
  resubmit(requestId: string, submission: Submission, options: AskOptions): Promise<Obtained>;
  /** Requests as they change, for views. Gives a function that stops it. The live line is open while anybody listens. */
  onEvent(listener: (event: LiveEvent) => void): () => void;
  onLink(listener: (status: LinkStatus) => void): () => void;
  /** Closes the live line. Whoever still waits is told `cancelled`. */
  dispose(): void;
}

export interface Clock { /** Milliseconds since the epoch. */ now(): number }

export function createApprovalClient(port: ApprovalPort, clock: Clock = { now: () => Date.now() }): ApprovalClient {
  const disposed = new AbortController();
  const events = new Set<(event: LiveEvent) => void>();
  const links = new Set<(status: LinkStatus) => void>();
  let line: AbortController | undefined;
  let identity: { readonly me: Person; readonly keys: IssuerKeys } | undefined;

  function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
    listeners.add(listener);
    if (line === undefined && !disposed.signal.aborted) {
      line = new AbortController();
      void port.watch(AbortSignal.any([line.signal, disposed.signal]), (event) => { tell(events, event); }, (status) => { tell(links, status); });
    }
    return () => {
      listeners.delete(listener);
      if (events.size + links.size > 0) return;
      line?.abort();
      line = undefined;
    };
  }

  async function identify(signal: AbortSignal, fresh = false): Promise<Outcome<{ me: Person; keys: IssuerKeys }>> {
    if (identity !== undefined && !fresh) return { ok: true, value: identity };
    const [me, keys] = await Promise.all([port.me(signal), port.keys(signal)]);
    if (!me.ok) return me;
    if (!keys.ok) return keys;
    identity = { me: me.value, keys: keys.value };
    return { ok: true, value: identity };
  }

  /** Counts one use and verifies what came back. */
  async function use(request: ApprovalRequest, submission: Submission, reused: boolean, signal: AbortSignal): Promise<Obtained> {
    const jws = request.grant;
    const id = jws === undefined ? undefined : grantId(jws);
    if (jws === undefined || id === undefined) return stop({ code: 'grant-invalid', message: 'The backend says approved but gives no approval that can be checked. Nothing was run.', requestId: request.id }, request);
    const nonce = randomBytes(24).toString('base64url');
    const { binding, scope } = submission.request;
    const receipt = await port.consume(id, { nonce, digest: binding.digest, capability: binding.capability }, signal);
    if (!receipt.ok) return stop({ ...receipt.blocked, requestId: request.id }, request);
    // The second look is with fresh keys: the backend may have taken a new one since.
    for (const fresh of [false, true]) {
      const who = await identify(signal, fresh);
      if (!who.ok) return stop(who.blocked, request);
      const { me, keys } = who.value;
      const verdict = await verifyGrant({
        grantJws: jws, receiptJws: receipt.value.receipt, nonce, keys: keys.keys,
        expected: { issuer: keys.issuer, subject: me.id, binding, scope, now: clock.now() },
      });
      if (verdict.ok) return { kind: 'grant', grant: verdict.grant, request, reused };
      if (fresh || verdict.code !== 'grant-invalid') return stop({ code: verdict.code, message: verdict.message, requestId: request.id }, request);
    }
    return stop({ code: 'grant-invalid', message: 'The approval could not be verified.', requestId: request.id }, request);
  }

  async function finish(settled: Settled, submission: Submission, { signal, onProgress }: AskOptions): Promise<Obtained> {
    if (settled.kind === 'blocked') return stop(settled.blocked, settled.request);
    const { request } = settled;
    onProgress?.({ step: 'approved', request, reused: false });
    if (port.runs === 'editor') return use(request, submission, false, signal);
    const output = await port.execute?.(request.id, signal);
    if (output === undefined) return stop({ code: 'grant-invalid', message: `${port.name} can't run statements.`, requestId: request.id }, request);
    return output.ok ? { kind: 'output', output: output.value, request } : stop({ ...output.blocked, requestId: request.id }, request);
  }

  /** A live grant for the very same thing, if there is one. A grant that turns out used up is passed over silently. */
  async function reuseLive(submission: Submission, { signal, onProgress }: AskOptions): Promise<Obtained | undefined> {
    const approved = await port.list({ state: 'approved', mine: true }, signal);
    if (!approved.ok) return undefined;
    for (const request of reusable(approved.value, submission.request, clock.now())) {
      const used = await use(request, submission, true, signal);
      if (used.kind === 'grant') {
        onProgress?.({ step: 'approved', request, reused: true });
        return used;
      }
      if (signal.aborted) return used;
    }
    return undefined;
  }

  async function ask(submission: Submission, options: AskOptions, begin: (signal: AbortSignal) => Promise<Outcome<ApprovalRequest>>, mayReuse: boolean): Promise<Obtained> {
    const { withdraw, onProgress } = options;
    const signal = AbortSignal.any([options.signal, disposed.signal, ...(withdraw === undefined ? [] : [withdraw])]);
    const within = { ...options, signal };
    if (signal.aborted) return stop({ code: 'cancelled', message: 'Cancelled.' });
    if (port.runs === 'editor') {
      const who = await identify(signal);
      if (!who.ok) return stop(who.blocked);
      const reused = mayReuse ? await reuseLive(submission, within) : undefined;
      if (reused !== undefined) return reused;
    }
    const begun = await begin(signal);
    if (!begun.ok) return stop(begun.blocked);
    const request = begun.value;
    if (request.binding.digest !== submission.request.binding.digest || request.binding.capability !== submission.request.binding.capability) {
      return stop({ code: 'statement-changed', message: 'The approval was for another statement. Ask again or restore it.', requestId: request.id }, request);
    }
    const settled = await settle({
      port, request, clock, signal, listen: (listener) => listen(events, listener),
      onPending: (pending) => onProgress?.({ step: 'pending', request: pending }),
    });
    if (withdraw?.aborted === true && settled.kind === 'blocked' && settled.blocked.code === 'cancelled') {
      // Withdrawn for good even though the caller has left: its own signal is aborted, so this one call has its own.
      await port.cancel(request.id, AbortSignal.timeout(WITHDRAW_MS));
    }
    return finish(settled, submission, within);
  }

  return {
    port,
    obtain: (submission, options) => ask(submission, options, (signal) => port.create(submission, signal), options.reuse ?? true),
    resume: (requestId, submission, options) => ask(submission, options, (signal) => port.get(requestId, signal), false),
    resubmit: (requestId, submission, options) => ask(submission, options, async (signal) => {
      const { resubmit } = port;
      if (resubmit === undefined) return port.create(submission, signal);
      const before = await port.get(requestId, signal);
      return !before.ok || before.value.state === 'pending' || before.value.state === 'approved' ? before : resubmit.call(port, requestId, submission, signal);
    }, false),
    onEvent: (listener) => listen(events, listener),
    onLink: (listener) => listen(links, listener),
    dispose() {
      disposed.abort();
      events.clear();
      links.clear();
    },
  };
}

/** Milliseconds to try to withdraw a request after the requester cancelled. */
const WITHDRAW_MS = 5_000;

function stop(blocked: Blocked, request?: ApprovalRequest): Obtained {
  if (request === undefined) return { kind: 'blocked', blocked };
  // A request that is still alive must not end as "blocked" without its id: the way back to it.
  return { kind: 'blocked', blocked: blocked.requestId === undefined ? { ...blocked, requestId: request.id } : blocked, request };
}

function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) listener(value);
}
