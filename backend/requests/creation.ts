/** Asking: judged by the policy, then denied, approved at once, let through in an emergency, or put before reviewers. */
import { createHash, randomUUID } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CreateRequest, EvaluateInput, Person, Verdict } from '#core/wire/approval.ts';
import type { AuditEvent } from '../audit/record.ts';
import { selvesOf, type Subject } from '../identity/identity.ts';
import { judge, type Judgement } from '../policy/evaluate.ts';
import type { Surroundings } from '../policy/context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Store, StoredRequest, Transaction } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { done, refuse, type Refusal, type Result } from './refusal.ts';

export interface Created { readonly request: StoredRequest; /** False when the idempotency key was known. */ readonly fresh: boolean }

export interface CreationDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly policy: () => Policy;
  readonly surroundings: (subject: Subject, address: string) => Promise<Surroundings>;
  readonly now: () => number;
  readonly redact: (text: string) => string;
}

export interface Creation {
  evaluate(subject: Subject, input: EvaluateInput, address: string): Promise<Verdict>;
  create(subject: Subject, body: CreateRequest, address: string): Promise<Result<Created>>;
}

const policyPerson: Person = { id: 'policy', name: 'Policy', roles: [] };
const policyActor = { id: 'policy', kind: 'policy' } as const;

export function createCreation({ store, ledger, policy, surroundings, now, redact }: CreationDeps): Creation {
  const judgeFor = async (subject: Subject, input: EvaluateInput, address: string): Promise<Judgement> => judge(policy(), subject, input, await surroundings(subject, address));

  function draft(subject: Subject, body: CreateRequest, bodyHash: string, judgement: Judgement): StoredRequest {
    const at = now();
    const preview = redact(body.preview);
    const escalateAt = judgement.escalation && at + judgement.escalation.afterMs;
    const expiresAt = at + judgement.pendingTtlMs;
    return {
      ...body,
      reason: redact(body.reason),
      preview,
      redactions: body.redactions + (preview === body.preview ? 0 : 1),
      ...(body.ticket === undefined ? {} : { ticket: redact(body.ticket) }),
      ...(body.plan === undefined ? {} : { plan: redact(body.plan) }),
      id: randomUUID(),
      state: 'pending',
      requester: { id: subject.id, name: subject.name, roles: subject.roles },
      verdict: judgement.verdict,
      decisions: [],
      createdAt: at,
      updatedAt: at,
      expiresAt,
      dueAt: Math.min(expiresAt, escalateAt ?? expiresAt),
      roundStart: 0,
      selves: selvesOf(subject),
      pendingTtlMs: judgement.pendingTtlMs,
      ...(judgement.unusedTtlMs === undefined ? {} : { unusedTtlMs: judgement.unusedTtlMs }),
      ...(judgement.escalation && escalateAt !== undefined ? { escalation: { at: escalateAt, to: judgement.escalation.to } } : {}),
      trace: judgement.trace,
      bodyHash,
    };
  }

  const byPolicy = (request: StoredRequest, decision: 'approve' | 'deny', comment: string): StoredRequest => ({
    ...request, decisions: [{ by: policyPerson, decision, comment, at: now() }],
  });

  /** What the policy decides at once; a review stays as it is. */
  async function settle(transaction: Transaction, request: StoredRequest, judgement: Judgement): Promise<StoredRequest> {
    const { verdict } = request;
    if (verdict.effect === 'deny') {
      await ledger.record(transaction, 'request.denied', request, policyActor, { rules: [...verdict.rules] });
      return { ...byPolicy(request, 'deny', verdict.why), state: 'denied' };
    }
    if (verdict.effect !== 'review') return ledger.approve(transaction, byPolicy(request, 'approve', verdict.why), policyActor);
    if (!request.breakGlass || !judgement.breakGlass) return request;
    const { reviewers, maxDurationMs } = judgement.breakGlass;
    const broken: StoredRequest = {
      ...byPolicy(request, 'approve', `Glass broken: ${reviewers.join(' or ')} must look at it afterwards.`),
      verdict: { ...verdict, maxDurationMs: Math.min(verdict.maxDurationMs ?? maxDurationMs, maxDurationMs) },
      afterReview: { anyOf: reviewers },
    };
    await ledger.record(transaction, 'break_glass.used', broken, { id: request.requester.id, kind: 'person' }, { reviewers: [...reviewers], reason: broken.reason });
    return ledger.approve(transaction, broken, policyActor);
  }

  return {
    evaluate: async (subject, input, address) => (await judgeFor(subject, input, address)).verdict,
    async create(subject, body, address) {
      const bodyHash = createHash('sha256').update(canonicalize(body) ?? '').digest('base64url');
      const { facts, scope, agent } = body;
      const { connection, capability } = body.binding;
      const judgement = await judgeFor(subject, { facts, connection, capability, scope, ...(agent ? { agent } : {}) }, address);
      return store.write<Result<Created>>(async (transaction) => {
        const known = await transaction.requestByKey(subject.id, body.idempotencyKey);
        if (known) {
          if (known.bodyHash !== bodyHash) return refuse(409, 'idempotency-mismatch', 'This idempotency key was used for another request. Use a new key.');
          return done({ request: ledger.asOfNow(known), fresh: false });
        }
        const wrong = judgement.verdict.effect === 'deny' ? undefined : (reasonProblem(judgement, body) ?? (await glassProblem(transaction, subject, judgement, body)));
        if (wrong) return wrong;
        const asked = draft(subject, body, bodyHash, judgement);
        // The request's row must be there before the grant that refers to it.
        await transaction.insertRequest(asked);
        await ledger.record(transaction, 'request.created', asked, { id: subject.id, kind: agent ? 'agent' : subject.kind }, createdData(asked));
        const request = await settle(transaction, asked, judgement);
        if (request !== asked) await transaction.replaceRequest(asked, request);
        return done({ request, fresh: true });
      });
    },
  };
}

function reasonProblem({ verdict, reasonPatterns, ticketPatterns, ticketRequired }: Judgement, body: CreateRequest): Refusal | undefined {
  const { reason } = verdict;
  if ((reason.required || body.breakGlass) && body.reason.trim() === '') return refuse(422, 'needs-reason', reason.prompt ?? 'Say what you need it for.');
  const misfit = reasonPatterns.find((pattern) => !new RegExp(pattern, 'u').test(body.reason));
  if (misfit !== undefined) return refuse(422, 'needs-reason', reason.prompt ?? `The reason must match ${misfit}.`);
  const ticket = (body.ticket ?? '').trim();
  if (ticketRequired && ticket === '') return refuse(422, 'needs-ticket', 'Name the ticket that this is for.');
  const wrong = ticketPatterns.find((pattern) => !new RegExp(pattern, 'u').test(ticket));
  return wrong === undefined ? undefined : refuse(422, 'needs-ticket', `The ticket must match ${wrong}.`);
}

/** Glass is broken once: the last time must have been looked at. */
async function glassProblem(transaction: Transaction, subject: Subject, judgement: Judgement, body: CreateRequest): Promise<Refusal | undefined> {
  if (!body.breakGlass || judgement.verdict.effect !== 'review') return undefined;
  if (!judgement.breakGlass) return refuse(403, 'no-break-glass', 'The policy does not let you go ahead without approval here. Ask for it.');
  const earlier = await transaction.requests({ requester: subject.id, limit: 1_000 });
  const open = earlier.find(({ afterReview }) => afterReview && !afterReview.done);
  return open && refuse(409, 'after-review-open', 'Your last emergency access has not been looked at yet. Ask its reviewers, or ask for approval.');
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
