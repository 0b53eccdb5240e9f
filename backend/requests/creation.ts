/** Asking: judged by the policy, then denied, approved at once, let through in an emergency, or put before reviewers. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CreateRequest, EvaluateInput, Verdict } from '#core/wire/approval.ts';
import { commitTo } from '../audit/commitment.ts';
import type { AuditEvent } from '../audit/record.ts';
import { selvesOf, type Subject } from '../identity/identity.ts';
import { judge, type Judgement } from '../policy/evaluate.ts';
import type { Surroundings } from '../policy/context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Store, StoredRequest, Transaction } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { done, refuse, type Refusal, type Result } from './refusal.ts';
import { cleanSample } from './sample.ts';
import { coveredBy } from './reuse.ts';
import { reasonProblem, settleByPolicy, termsOf } from './settlement.ts';

export interface Created { readonly request: StoredRequest; /** False when the idempotency key was known, or a live grant covers it. */ readonly fresh: boolean }

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

export function createCreation({ store, ledger, policy, surroundings, now, redact }: CreationDeps): Creation {
  const judgeFor = async (subject: Subject, input: EvaluateInput, address: string): Promise<Judgement> => judge(policy(), subject, input, await surroundings(subject, address));

  function draft(subject: Subject, { sample: _raw, ...body }: CreateRequest, sample: CreateRequest['sample'], bodyHash: string, judgement: Judgement): StoredRequest {
    const at = now();
    return {
      ...body,
      ...cleaned(body, redact),
      ...(sample === undefined ? {} : { sample }),
      id: randomUUID(),
      state: 'pending',
      requester: { id: subject.id, name: subject.name, roles: subject.roles },
      decisions: [],
      createdAt: at,
      updatedAt: at,
      roundStart: 0,
      selves: selvesOf(subject),
      ...termsOf(judgement, at),
      bodyHash,
      salt: randomBytes(16).toString('base64url'),
    };
  }

  return {
    evaluate: async (subject, input, address) => (await judgeFor(subject, input, address)).verdict,
    async create(subject, body, address) {
      // The sample is what was on the screen at that moment: a retry after a reload may have none, and is the same request.
      const { sample: _shown, ...same } = body;
      const bodyHash = createHash('sha256').update(canonicalize(same) ?? '').digest('base64url');
      const judgement = await judgeFor(subject, inputOf(body, body.agent), address);
      return store.write<Result<Created>>(async (transaction) => {
        const known = await transaction.requestByKey(subject.id, body.idempotencyKey);
        if (known) {
          if (known.bodyHash !== bodyHash) return refuse(409, 'idempotency-mismatch', 'This idempotency key was used for another request. Use a new key.');
          return done({ request: ledger.asOfNow(known), fresh: false });
        }
        const covered = await coveredBy(transaction, subject, body, judgement, now());
        if (covered) {
          await ledger.record(transaction, 'grant.reused', covered, { id: subject.id, kind: body.agent ? 'agent' : subject.kind }, { digest: body.binding.digest, capability: body.binding.capability });
          return done({ request: covered, fresh: false });
        }
        const wrong = reasonProblem(judgement, body) ?? (await glassProblem(transaction, subject, judgement, body));
        if (wrong) return wrong;
        const { sample, refused } = cleanSample(body, judgement.verdict, redact);
        const asked = draft(subject, body, sample, bodyHash, judgement);
        // The request's row must be there before the grant that refers to it.
        await transaction.insertRequest(asked);
        await ledger.record(transaction, 'request.created', asked, { id: subject.id, kind: body.agent ? 'agent' : subject.kind }, {
          ...askedData(asked), ...(sample ? { sampleRows: sample.rows.length } : {}), ...(refused > 0 ? { sampleRefused: refused } : {}),
        });
        const request = await settleByPolicy(transaction, ledger, asked, judgement, now());
        if (request !== asked) await transaction.replaceRequest(asked, request);
        return done({ request, fresh: true });
      }, { keys: [{ requester: subject.id, key: body.idempotencyKey }], windows: [{ subject: subject.id, digest: body.binding.digest }] });
    },
  };
}

/** What the policy looks at. */
export function inputOf({ facts, scope, binding }: Pick<CreateRequest, 'facts' | 'scope' | 'binding'>, agent: CreateRequest['agent']): EvaluateInput {
  const { connection, capability } = binding;
  return { facts, connection, capability, scope, ...(agent ? { agent } : {}) };
}

/** The free text of a body, without personal values. */
export function cleaned(body: Pick<CreateRequest, 'preview' | 'redactions' | 'reason' | 'ticket' | 'plan'>, redact: (text: string) => string): Pick<CreateRequest, 'preview' | 'redactions' | 'reason' | 'ticket' | 'plan'> {
  const preview = redact(body.preview);
  return {
    preview,
    redactions: body.redactions + (preview === body.preview ? 0 : 1),
    reason: redact(body.reason),
    ...(body.ticket === undefined ? {} : { ticket: redact(body.ticket) }),
    ...(body.plan === undefined ? {} : { plan: redact(body.plan) }),
  };
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
export function askedData(request: StoredRequest): AuditEvent['data'] {
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
    reason: commitTo(request, request.reason),
    effect: verdict.effect,
    rules: [...verdict.rules],
    policyVersion: verdict.policyVersion,
    ...(request.agent ? { agent: request.agent.name } : {}),
  };
}
