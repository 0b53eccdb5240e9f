/**
 * Where requests, grants and the audit trail live. Two implementations, one suite of tests: node:sqlite and PostgreSQL.
 * Nothing that matters is held in a process: two instances on one store agree.
 */
import type { ApprovalRequest, ConsumptionReceipt, GrantClaims, RequestState } from '#core/wire/approval.ts';
import type { RuleTrace } from '../policy/evaluate.ts';
import type { AuditHead, AuditRecord } from '../audit/record.ts';

/** A request as stored: without the grant's signature, which is made when the requester reads it. */
export interface StoredRequest extends Omit<ApprovalRequest, 'grant'> {
  readonly grantId?: string;
  /** Index in `decisions` of the first decision that counts: a resubmission starts a new round. */
  readonly roundStart: number;
  /** Ids that are the same human as the requester: mapped accounts, an agent's responsible person. */
  readonly selves: readonly string[];
  /** How long an unanswered request waits, in ms: a resubmission waits as long again. */
  readonly pendingTtlMs: number;
  /** Milliseconds in which a one-time grant must be used. */
  readonly unusedTtlMs?: number;
  /** Others who may decide as well from `at` (ms) on; absent once it has happened. */
  readonly escalation?: { readonly at: number; readonly to: readonly string[] };
  /** What each rule of the policy said when the request was made. */
  readonly trace: readonly RuleTrace[];
  /** When the sweep has to look at it next, ms: its end, or its escalation if that comes first. 0: its texts are erased. */
  readonly dueAt: number;
  /** SHA-256 of the canonical body: the same idempotency key with another body is a mistake, not a retry. */
  readonly bodyHash: string;
  /** Random: ties the digests of free text in the trail to the text. Absent in old requests, and once the text is erased. */
  readonly salt?: string;
}

export interface StoredGrant {
  readonly jti: string;
  readonly request: string;
  readonly subject: string;
  readonly state: 'live' | 'consumed' | 'revoked';
  readonly uses: number;
  readonly claims: GrantClaims;
}

export interface RequestFilter {
  readonly states?: readonly RequestState[];
  readonly requester?: string;
  /** Made at or after this time (ms). */
  readonly since?: number;
  /** Newest first from before this creation time (ms), for paging. */
  readonly before?: number;
  /** 1..1000 */
  readonly limit: number;
}

export interface Reads {
  request(id: string): Promise<StoredRequest | undefined>;
  requestByKey(requester: string, idempotencyKey: string): Promise<StoredRequest | undefined>;
  requests(filter: RequestFilter): Promise<readonly StoredRequest[]>;
  /** Requests that still wait or hold an unused grant and whose `dueAt` has come. */
  due(now: number, limit: number): Promise<readonly StoredRequest[]>;
  /** Requests that are over, were last changed before `before` (ms) and still have their texts. Oldest first. */
  erasable(before: number, limit: number): Promise<readonly StoredRequest[]>;
  grant(jti: string): Promise<StoredGrant | undefined>;
  /** Grants for any number of uses of this statement by this subject that are live at `now` (seconds). */
  windowGrants(subject: string, digest: string, now: number): Promise<readonly StoredGrant[]>;
  /** The receipt that a use with this nonce got: a retry after a lost answer gets it again. */
  receipt(jti: string, nonce: string): Promise<ConsumptionReceipt | undefined>;
  auditHead(): Promise<AuditHead>;
  /** Records with `seq > after`, in order. */
  audit(after: number, limit: number): Promise<readonly AuditRecord[]>;
}

/** What a unit of work may do. All of it happens, or none. */
export interface Transaction extends Reads {
  insertRequest(request: StoredRequest): Promise<void>;
  /** Replaces the request if it is still as `seen`; false when somebody else changed it meanwhile. */
  replaceRequest(seen: StoredRequest, request: StoredRequest): Promise<boolean>;
  insertGrant(grant: StoredGrant): Promise<void>;
  /**
   * Compare-and-set: counts one use if the grant is live, unexpired (`now` in seconds), begun and bound to exactly this
   * subject, digest and capability. A one-time grant is consumed by it. Undefined when any of it doesn't hold.
   */
  useGrant(use: { readonly jti: string; readonly subject: string; readonly digest: string; readonly capability: string; readonly now: number }): Promise<StoredGrant | undefined>;
  /** True when the grant was live. */
  revokeGrant(jti: string): Promise<boolean>;
  insertReceipt(receipt: ConsumptionReceipt): Promise<void>;
  insertAudit(record: AuditRecord): Promise<void>;
  /** Retention: removes records up to and including `seq`. The caller has archived them and says so in the trail. */
  deleteAuditThrough(seq: number): Promise<void>;
}

/** What a unit of work will look at: a store may read it for many units at once. What is not named is read when it is asked for. */
export interface Needs {
  readonly requests?: readonly string[];
  readonly keys?: readonly { readonly requester: string; readonly key: string }[];
  /** Their requests come along. */
  readonly grants?: readonly string[];
  readonly windows?: readonly { readonly subject: string; readonly digest: string }[];
  readonly receipts?: readonly { readonly jti: string; readonly nonce: string }[];
}

export interface Store {
  readonly kind: 'sqlite' | 'postgresql';
  readonly read: Reads;
  /**
   * Runs one unit of work atomically and in isolation. Resolves when the result is on disk.
   * The unit must do nothing but talk to the transaction: others wait for it. What it throws undoes it alone.
   */
  write<T>(unit: (transaction: Transaction) => Promise<T>, needs?: Needs): Promise<T>;
  /** Called with the newest audit sequence after something was committed, here or by another instance. */
  onCommit(listener: (head: AuditHead) => void): () => void;
  /** How many instances of the service have the store open, where the store can tell. */
  instances?(): Promise<number>;
  close(): Promise<void>;
}
