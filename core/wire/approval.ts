/**
 * The approval service's vocabulary, version 1 (`/v1`). The backend's OpenAPI document describes the same shapes;
 * a test holds the two together.
 */
import type { ColumnRef, Environment, StatementFacts, TableRef } from './statement.ts';

/** Three separate rights. An approval of one never covers another. */
export type Capability = 'run' | 'reveal' | 'export';

export type RequestState =
  | 'pending' | 'changes_requested' | 'approved' | 'denied' | 'cancelled' | 'expired' | 'consumed' | 'revoked';

/** Where approved data would go. */
export interface Destination {
  readonly kind: 'grid' | 'file' | 'clipboard' | 'agent';
  readonly format?: 'csv' | 'json' | 'jsonl' | 'sql' | 'xlsx';
}

export interface ConnectionIdentity {
  /** The connection's id in the editor's settings or, in broker mode, in the backend's. */
  readonly id: string;
  readonly environment: Environment;
  /** The user that the database knows; empty for SQLite. */
  readonly databaseUser: string;
}

/**
 * What an approval is bound to, to the byte. `digest` is
 * HMAC-SHA256(installation key, RFC 8785 JSON of {statement, parameters, connection, databaseUser}) in base64url:
 * a commitment, so that a digest in a log can't be searched for the literal it hides.
 */
export interface Binding {
  readonly digest: string;
  readonly connection: ConnectionIdentity;
  readonly capability: Capability;
}

/** What is asked for. `columns` are those to be shown or exported in clear; empty means masked. */
export interface Scope {
  readonly columns: readonly ColumnRef[];
  readonly maxRows?: number;
  readonly destination: Destination;
  /** `once`: a single use. `window`: any number of uses of the same digest until it expires. */
  readonly use: 'once' | 'window';
  /** Milliseconds the grant should live, counted from the approval. */
  readonly durationMs: number;
  /** Milliseconds since the epoch: the grant begins then, and its duration counts from then. Absent: at the approval. */
  readonly startsAt?: number;
}

/** Body of `POST /v1/evaluate`: facts in, prediction out. Nothing is stored. */
export interface EvaluateInput {
  readonly facts: StatementFacts;
  readonly connection: ConnectionIdentity;
  readonly capability: Capability;
  readonly scope: Scope;
  readonly agent?: AgentIdentity;
}

export interface AgentIdentity { readonly name: string; readonly model?: string }

export type Effect = 'allow' | 'mask' | 'review' | 'deny';

/** What the policy says. Advice in the editor, decision in the backend. */
export interface Verdict {
  readonly effect: Effect;
  /** Ids of the rules that fired, most restrictive first. */
  readonly rules: readonly string[];
  /** One short sentence in the user's terms: "reads customers.ssn in production". */
  readonly why: string;
  readonly approvers: readonly ApproverStep[];
  readonly reason: { readonly required: boolean; readonly prompt?: string; readonly pattern?: string };
  /** Columns that stay masked whatever is approved. */
  readonly maskColumns: readonly ColumnRef[];
  readonly maxRows?: number;
  readonly maxDurationMs?: number;
  /** Present when the policy lets this subject go ahead in an emergency: who looks at it afterwards, and how long it lasts at most. */
  readonly breakGlass?: { readonly reviewers: readonly string[]; readonly maxDurationMs: number };
  /** Present when the policy lets reviewers see a few masked rows of a result that the requester has already: at most so many. */
  readonly sample?: { readonly maxRows: number };
  readonly policyVersion: string;
}

/** `count` distinct people out of the roles or groups `anyOf`. Steps are taken in order. */
export interface ApproverStep { readonly anyOf: readonly string[]; readonly count: number }

/** Body of `POST /v1/requests`. */
export interface CreateRequest {
  readonly binding: Binding;
  readonly scope: Scope;
  readonly facts: StatementFacts;
  /** The statement with every personal literal masked. This is what people read. */
  readonly preview: string;
  /** Number of literals masked in `preview`. */
  readonly redactions: number;
  readonly reason: string;
  readonly ticket?: string;
  readonly plan?: string;
  /** A few rows, masked, where the verdict asks for one. The backend refuses it when anything in it is not masked. */
  readonly sample?: MaskedSample;
  readonly agent?: AgentIdentity;
  /** Go ahead without waiting, in an emergency, where the policy allows it: somebody looks at it afterwards. */
  readonly breakGlass?: boolean;
  /** Makes retries safe: the same key and subject gives the same request. */
  readonly idempotencyKey: string;
}

/** What a reviewer may narrow. */
export interface Constraints {
  readonly keepMasked?: readonly ColumnRef[];
  readonly maxRows?: number;
  readonly durationMs?: number;
}

export interface Person { readonly id: string; readonly name: string; readonly roles: readonly string[] }

/** A reviewer's remark on lines of `preview`. Lines count from 1; `end` is inclusive and `line` itself when absent. */
export interface LineComment { readonly line: number; readonly end?: number; readonly text: string }

/** Body of `POST /v1/requests/{id}/comments`: on lines of `preview`, as an answer to another comment, or on the request as a whole. */
export interface NewComment {
  readonly text: string;
  readonly line?: number;
  readonly end?: number;
  /** Id of the comment that it answers. */
  readonly replyTo?: string;
}

export interface RequestComment extends NewComment {
  readonly id: string;
  readonly by: Person;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many earlier revisions there were: its lines are those of that preview. */
  readonly revision: number;
}

/**
 * Body of `POST /v1/requests/{id}/resubmit`: the requester's answer to a wish for changes. With `revision` the statement
 * is another one: the request keeps its id, takes up the new binding, and the policy judges it anew.
 */
export interface Resubmission { readonly reason: string; readonly ticket?: string; readonly revision?: Revision }
export type Revision = Pick<CreateRequest, 'binding' | 'scope' | 'facts' | 'preview' | 'redactions' | 'plan'>;

/** What a resubmitted request said before. */
export interface PastRevision { readonly preview: string; readonly reason: string; /** Milliseconds since the epoch when it was replaced. */ readonly at: number }

export interface Decision {
  readonly by: Person;
  readonly decision: 'approve' | 'deny' | 'request_changes';
  readonly comment: string;
  readonly constraints?: Constraints;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ApprovalRequest extends CreateRequest {
  readonly id: string;
  readonly state: RequestState;
  readonly requester: Person;
  readonly verdict: Verdict;
  readonly decisions: readonly Decision[];
  /** Oldest first. Those of `lines` in a decision are here as well. */
  readonly comments?: readonly RequestComment[];
  /** Present when it was resubmitted with another statement: what it said before, oldest first. */
  readonly revisions?: readonly PastRevision[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  /** Present when glass was broken: who must look at it afterwards, and what they said. */
  readonly afterReview?: AfterReview;
  /** Personal data that turned up in the results of this request although it had not declared them. */
  readonly drift?: readonly DriftFinding[];
  /** Milliseconds since the epoch: statement, reasons and comments were erased then, by the retention that the operator set. */
  readonly erasedAt?: number;
  /** Present for the requester once approved: the signed grant, a compact JWS of `GrantClaims`. */
  readonly grant?: string;
}

/** One kind of personal data in one result column that the request had not declared. It was masked. Never a value. */
export interface DriftFinding {
  /** The result column's name as shown; personal data in a name is masked. At most 200 UTF-16 units. */
  readonly column: string;
  /** The base column behind it, where it is known. */
  readonly origin?: { readonly schema?: string; readonly table: string; readonly column: string };
  readonly entity: string;
  readonly category?: string;
  /** Rows in which it was seen so far, at least: 1 to 1,000,000. */
  readonly count: number;
}

/**
 * Body of `POST /v1/requests/{id}/drift`: what a result held beyond the facts that people approved. By the requester only.
 * Reports add up: the same column and entity is kept once, with the highest count. 1 to 200 findings.
 */
export interface DriftReport { readonly found: readonly DriftFinding[] }

/** Body of `POST /v1/drift`: a statement that was harmless by its facts, ran without a request, and yet gave personal data. */
export interface UnaskedDriftReport extends DriftReport {
  readonly connection: ConnectionIdentity;
  /** The statement with every personal literal masked. */
  readonly preview: string;
  readonly tables: readonly TableRef[];
}

/** What helps to judge a request: body of `GET /v1/requests/{id}/context`. */
export interface RequestContext {
  /** The newest approved statement of the same person on the same ground. */
  readonly lastApproved?: { readonly id: string; readonly preview: string; readonly at: number; readonly by: string };
  /** The requester's requests since `since`, this one not counted. */
  readonly history: { readonly requests: number; readonly approved: number; readonly denied: number; readonly since: number };
  /** What each rule of the policy said when it was asked. */
  readonly trace: readonly { readonly id: string; readonly line?: number; readonly when: string; readonly effect: string; readonly fired: boolean; readonly error?: string }[];
  /** Other waiting requests for the very same thing. */
  readonly identical: readonly string[];
  /** Personal data found in results of this request that it did not declare. */
  readonly drift?: readonly { readonly column: string; readonly entity: string }[];
}

/** Cells as text, masked by the choke point; null is NULL. */
export interface MaskedSample { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }

export interface AfterReview {
  readonly anyOf: readonly string[];
  readonly done?: { readonly by: Person; readonly at: number; readonly justified: boolean; readonly comment: string };
}

/** Claims of a grant: a compact JWS, alg EdDSA, typ `pii-gate-grant+jwt`. Times are seconds since the epoch (RFC 7519). */
export interface GrantClaims {
  readonly iss: string;
  readonly aud: 'pii-gate-editor' | 'pii-gate-broker';
  /** The requester's id. */
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  /** The request's id. */
  readonly req: string;
  readonly binding: Binding;
  readonly scope: Scope;
  readonly constraints: Constraints;
  readonly policyVersion: string;
}

/** Body of `POST /v1/grants/{jti}/consume`. The nonce makes the receipt fresh. */
export interface ConsumeGrant { readonly nonce: string; readonly digest: string; readonly capability: Capability }

/** Claims of the receipt that `consume` returns: a compact JWS, typ `pii-gate-receipt+jwt`. */
export interface ConsumptionReceipt {
  readonly iss: string;
  readonly jti: string;
  readonly grant: string;
  readonly req: string;
  readonly nonce: string;
  readonly digest: string;
  readonly capability: Capability;
  /** 1 for the first use. */
  readonly use: number;
  readonly iat: number;
  /** Chain position and hash of the audit record that holds this consumption. */
  readonly audit: { readonly seq: number; readonly hash: string };
}

/** One event of `GET /v1/events` (server-sent events; `event:` is `type`, `id:` is the audit sequence). */
export type LiveEvent =
  | { readonly type: 'request'; readonly request: ApprovalRequest }
  | { readonly type: 'grant-revoked'; readonly grant: string; readonly request: string }
  | { readonly type: 'policy'; readonly policyVersion: string };

/** RFC 9457 problem details: the body of every error answer. `code` is stable, `detail` says what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** A PostgreSQL role that the backend made for one use of a grant. The password is given once and kept nowhere. */
export interface ShortLivedCredential {
  readonly user: string;
  readonly password: string;
  /** Milliseconds since the epoch: no new session from then on, and those that run are ended. */
  readonly validUntil: number;
}
