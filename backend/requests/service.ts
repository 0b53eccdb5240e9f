/** The life of requests: asked, decided, changed, withdrawn, run out. Every change and its audit record are one transaction. */
import { createHash, randomUUID } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CreateRequest, Decision, EvaluateInput, Person, Verdict } from '#core/wire/approval.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditEvent, AuditType } from '../audit/record.ts';
import { grantClaims } from '../grants/claims.ts';
import { isSameHuman, memberships, selvesOf, type Subject } from '../identity/identity.ts';
import type { Surroundings } from '../policy/context.ts';
import { judge, type Judgement } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import type { Reads, RequestFilter, Store, StoredRequest, Transaction } from '../store/store.ts';
import { mayFill, progress } from './quorum.ts';
import { done, refuse, type Refusal, type Result } from './refusal.ts';
import { next, type Move } from './states.ts';

/** Body of `POST /v1/requests/{id}/decisions`. */
export type DecisionBody = Pick<Decision, 'decision' | 'comment' | 'constraints'>;
/** Body of `POST /v1/requests/{id}/resubmit`. */
export interface Resubmission { readonly reason: string; readonly ticket?: string }

export interface RequestService {
  evaluate(subject: Subject, input: EvaluateInput, address: string): Promise<Verdict>;
  create(subject: Subject, body: CreateRequest, address: string): Promise<Result<{ readonly request: StoredRequest; readonly fresh: boolean }>>;
  get(subject: Subject, id: string): Promise<Result<StoredRequest>>;
  list(subject: Subject, filter: RequestFilter): Promise<readonly StoredRequest[]>;
  decide(subject: Subject, id: string, body: DecisionBody): Promise<Result<StoredRequest>>;
  resubmit(subject: Subject, id: string, body: Resubmission): Promise<Result<StoredRequest>>;
  cancel(subject: Subject, id: string): Promise<Result<StoredRequest>>;
  /** Writes down what has run out. Returns how many. */
  expireOverdue(): Promise<number>;
}

export interface RequestServiceDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly policy: () => Policy;
  readonly surroundings: (subject: Subject, address: string) => Promise<Surroundings>;
  readonly issuer: string;
  readonly now: () => number;
  /** Replaces personal values in free text by their entity's name. */
  readonly redact: (text: string) => string;
}

const policyActor: Person = { id: 'policy', name: 'Policy', roles: [] };

/** Who may see a request: its requester, those who may decide on it, auditors and admins. */
export function mayView(subject: Subject, request: StoredRequest): boolean {
  return (
    subject.id === request.requester.id || isSameHuman(request.selves, subject) ||
    subject.roles.includes('auditor') || subject.roles.includes('admin') ||
    request.verdict.approvers.some((step) => mayFill(step, subject.id, memberships(subject)))
  );
}

export function createRequestService(deps: RequestServiceDeps): RequestService {
  const { store, audit, policy, surroundings, issuer, now, redact } = deps;

  const notFound = refuse(404, 'not-found', 'There is no such request, or it is not yours to see.');

  async function approve(transaction: Transaction, request: StoredRequest, actor: AuditEvent['actor']): Promise<StoredRequest> {
    const claims = grantClaims(request, randomUUID(), issuer, 'pii-gate-editor', now());
    const approved: StoredRequest = { ...request, state: 'approved', grantId: claims.jti, expiresAt: claims.exp * 1000 };
    await transaction.insertGrant({ jti: claims.jti, request: request.id, subject: claims.sub, state: 'live', uses: 0, claims });
    await record(transaction, 'request.approved', approved, actor, { exp: claims.exp, maxRows: claims.constraints.maxRows ?? null, keepMasked: claims.constraints.keepMasked?.length ?? 0 });
    return approved;
  }

  function record(transaction: Transaction, type: AuditType, request: StoredRequest, actor: AuditEvent['actor'], data: AuditEvent['data'] = {}) {
    return audit.append(transaction, { type, actor, request: request.id, ...(request.grantId === undefined ? {} : { grant: request.grantId }), data });
  }

  /** The request as it stands at this moment: one whose time is over is written down as expired first. */
  async function current(transaction: Transaction, id: string): Promise<StoredRequest | undefined> {
    const request = await transaction.request(id);
    if (!request || request.expiresAt > now() || next(request.state, 'expire') === undefined) return request;
    return expire(transaction, request);
  }

  async function expire(transaction: Transaction, request: StoredRequest): Promise<StoredRequest> {
    const expired: StoredRequest = { ...request, state: 'expired', updatedAt: later(request) };
    await transaction.replaceRequest(request, expired);
    await record(transaction, 'request.expired', expired, { id: 'system', kind: 'system' }, { was: request.state });
    return expired;
  }

  function later(request: StoredRequest): number {
    return Math.max(now(), request.updatedAt + 1);
  }

  function illegal(request: StoredRequest, move: Move): Refusal {
    return refuse(409, 'illegal-state', `The request is ${request.state.replace('_', ' ')}: ${moveNames[move]} is not possible any more.`);
  }

  async function judgeFor(subject: Subject, input: EvaluateInput, address: string): Promise<Judgement> {
    return judge(policy(), subject, input, await surroundings(subject, address));
  }

  /** A read that shows overdue requests as expired even before the sweep has written it down. */
  const asOfNow = (request: StoredRequest): StoredRequest =>
    request.expiresAt <= now() && next(request.state, 'expire') !== undefined ? { ...request, state: 'expired' } : request;

  async function visible(reads: Reads, subject: Subject, id: string): Promise<StoredRequest | undefined> {
    const request = await reads.request(id);
    return request && mayView(subject, request) ? request : undefined;
  }

  return {
    evaluate: async (subject, input, address) => (await judgeFor(subject, input, address)).verdict,

    async create(subject, body, address) {
      const bodyHash = createHash('sha256').update(canonicalize(body) ?? '').digest('base64url');
      const { facts, scope, agent } = body;
      const { connection, capability } = body.binding;
      const input: EvaluateInput = { facts, connection, capability, scope, ...(agent ? { agent } : {}) };
      const judgement = await judgeFor(subject, input, address);
      const { verdict } = judgement;
      return store.write<Result<{ request: StoredRequest; fresh: boolean }>>(async (transaction) => {
        const known = await transaction.requestByKey(subject.id, body.idempotencyKey);
        if (known) {
          if (known.bodyHash !== bodyHash) return refuse(409, 'idempotency-mismatch', 'This idempotency key was used for another request. Use a new key.');
          return done({ request: asOfNow(known), fresh: false });
        }
        const wrong = verdict.effect === 'deny' ? undefined : reasonProblem(judgement, body);
        if (wrong) return wrong;
        const at = now();
        const preview = redact(body.preview);
        let request: StoredRequest = {
          ...body,
          reason: redact(body.reason),
          preview,
          redactions: body.redactions + (preview === body.preview ? 0 : 1),
          ...(body.ticket === undefined ? {} : { ticket: redact(body.ticket) }),
          ...(body.plan === undefined ? {} : { plan: redact(body.plan) }),
          id: randomUUID(),
          state: 'pending',
          requester: { id: subject.id, name: subject.name, roles: subject.roles },
          verdict,
          decisions: [],
          createdAt: at,
          updatedAt: at,
          expiresAt: at + judgement.pendingTtlMs,
          roundStart: 0,
          selves: selvesOf(subject),
          pendingTtlMs: judgement.pendingTtlMs,
          bodyHash,
        };
        const actor = { id: subject.id, kind: agent ? ('agent' as const) : subject.kind };
        const byPolicy = { id: 'policy', kind: 'policy' as const };
        // The request row must be there before the grant that refers to it.
        await transaction.insertRequest(request);
        const inserted = request;
        await record(transaction, 'request.created', request, actor, createdData(request));
        if (verdict.effect === 'deny') {
          request = { ...request, state: 'denied', decisions: [{ by: policyActor, decision: 'deny', comment: verdict.why, at }] };
          await record(transaction, 'request.denied', request, byPolicy, { rules: [...verdict.rules] });
        } else if (verdict.effect !== 'review') {
          request = { ...request, decisions: [{ by: policyActor, decision: 'approve', comment: verdict.why, at }] };
          request = await approve(transaction, request, byPolicy);
        }
        if (request !== inserted) await transaction.replaceRequest(inserted, request);
        return done({ request, fresh: true });
      });
    },

    async get(subject, id) {
      const request = await visible(store.read, subject, id);
      return request ? done(asOfNow(request)) : notFound;
    },

    async list(subject, filter) {
      const requests = await store.read.requests(filter);
      return requests
        .filter((request) => mayView(subject, request))
        .map(asOfNow)
        .filter((request) => filter.states === undefined || filter.states.includes(request.state));
    },

    decide(subject, id, body) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        if (!(await visible(transaction, subject, id))) return notFound;
        const request = await current(transaction, id);
        if (!request) return notFound;
        const own = refuse(403, 'own-request', 'Nobody decides on their own request. Ask another reviewer.');
        if (isSameHuman(request.selves, subject)) return own;
        if (subject.kind !== 'person') return refuse(403, 'not-a-person', 'Only people decide.');
        const move = body.decision;
        const state = next(request.state, move);
        if (!state) return illegal(request, move);
        const counted = request.decisions.slice(request.roundStart);
        const roles = memberships(subject);
        const { step } = progress(request.verdict.approvers, counted);
        const waiting = request.verdict.approvers[step];
        const anyStep = request.verdict.approvers.some((approvers) => mayFill(approvers, subject.id, roles));
        if (!anyStep) return refuse(403, 'not-an-approver', `This needs ${describeStep(waiting)}.`);
        if (counted.some((decision) => decision.by.id === subject.id)) return refuse(409, 'already-decided', 'You have decided on this request already; another person must.');
        if (move === 'approve' && !(waiting && mayFill(waiting, subject.id, roles))) return refuse(409, 'not-your-turn', `This waits for ${describeStep(waiting)} first.`);
        if (move !== 'approve' && body.comment.trim() === '') return refuse(422, 'needs-comment', 'Say why, so that the requester knows what to do.');
        const decision: Decision = {
          by: { id: subject.id, name: subject.name, roles },
          decision: move,
          comment: redact(body.comment),
          at: now(),
          ...(move === 'approve' && body.constraints ? { constraints: body.constraints } : {}),
        };
        const actor = { id: subject.id, kind: subject.kind };
        let decided: StoredRequest = { ...request, decisions: [...request.decisions, decision], updatedAt: later(request) };
        if (move !== 'approve') {
          decided = { ...decided, state };
          await record(transaction, move === 'deny' ? 'request.denied' : 'request.changes_requested', decided, actor, { comment: decision.comment });
        } else if (progress(request.verdict.approvers, [...counted, decision]).complete) {
          decided = await approve(transaction, decided, actor);
        } else {
          await record(transaction, 'request.step_approved', decided, actor, { step });
        }
        if (!(await transaction.replaceRequest(request, decided))) throw new Error('The request changed under its own transaction');
        return done(decided);
      });
    },

    resubmit(subject, id, body) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await current(transaction, id);
        if (!request || request.requester.id !== subject.id) return notFound;
        const state = next(request.state, 'resubmit');
        if (!state) return illegal(request, 'resubmit');
        if (request.verdict.reason.required && body.reason.trim() === '') return refuse(422, 'needs-reason', 'Say what you need it for.');
        const at = later(request);
        const changed: StoredRequest = {
          ...request,
          state,
          reason: redact(body.reason),
          ...(body.ticket === undefined ? {} : { ticket: redact(body.ticket) }),
          roundStart: request.decisions.length,
          updatedAt: at,
          expiresAt: at + request.pendingTtlMs,
        };
        await transaction.replaceRequest(request, changed);
        await record(transaction, 'request.resubmitted', changed, { id: subject.id, kind: subject.kind }, { reason: changed.reason });
        return done(changed);
      });
    },

    cancel(subject, id) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await current(transaction, id);
        if (!request || request.requester.id !== subject.id) return notFound;
        const state = next(request.state, 'cancel');
        if (!state) return illegal(request, 'cancel');
        if (request.grantId !== undefined) await transaction.revokeGrant(request.grantId);
        const cancelled: StoredRequest = { ...request, state, updatedAt: later(request) };
        await transaction.replaceRequest(request, cancelled);
        await record(transaction, 'request.cancelled', cancelled, { id: subject.id, kind: subject.kind });
        return done(cancelled);
      });
    },

    async expireOverdue() {
      if ((await store.read.overdue(now(), 1)).length === 0) return 0;
      return store.write(async (transaction) => {
        const overdue = await transaction.overdue(now(), 200);
        for (const request of overdue) await expire(transaction, request);
        return overdue.length;
      });
    },
  };
}

const moveNames: Readonly<Record<Move, string>> = {
  approve: 'approving', deny: 'denying', request_changes: 'asking for changes', resubmit: 'resubmitting',
  cancel: 'cancelling', expire: 'expiring', consume: 'using', revoke: 'revoking',
};

function describeStep(step: { readonly anyOf: readonly string[]; readonly count: number } | undefined): string {
  return step ? `${step.count} × ${step.anyOf.join(' or ')}` : 'nobody';
}

/** Names, counts and digests of a request: what the trail keeps of it. */
function createdData(request: StoredRequest): AuditEvent['data'] {
  const { binding, facts, verdict, scope } = request;
  return {
    capability: binding.capability,
    digest: binding.digest,
    connection: binding.connection.id,
    environment: binding.connection.environment,
    kind: facts.kind,
    columns: facts.sensitive.map((column) => `${column.table}.${column.column}`).slice(0, 100),
    entities: [...new Set(facts.sensitive.map((column) => column.entity))],
    opaque: facts.opaque.map((opaque) => opaque.what),
    estimatedRows: facts.estimatedRows ?? null,
    destination: scope.destination.kind,
    reason: request.reason,
    effect: verdict.effect,
    rules: [...verdict.rules],
    policyVersion: verdict.policyVersion,
    ...(request.agent ? { agent: request.agent.name } : {}),
  };
}

function reasonProblem(judgement: Judgement, body: CreateRequest): Refusal | undefined {
  const { reason } = judgement.verdict;
  if (reason.required && body.reason.trim() === '') return refuse(422, 'needs-reason', reason.prompt ?? 'Say what you need it for.');
  const misfit = judgement.reasonPatterns.find((pattern) => !new RegExp(pattern, 'u').test(body.reason));
  if (misfit !== undefined) return refuse(422, 'needs-reason', reason.prompt ?? `The reason must match ${misfit}.`);
  if (judgement.ticketRequired && (body.ticket ?? '').trim() === '') return refuse(422, 'needs-ticket', 'Name the ticket that this is for.');
  const ticket = judgement.ticketPatterns.find((pattern) => !new RegExp(pattern, 'u').test(body.ticket ?? ''));
  return ticket === undefined ? undefined : refuse(422, 'needs-ticket', `The ticket must match ${ticket}.`);
}
