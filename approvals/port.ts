/**
 * What the editor needs of an approval backend, whichever it is: ours, a hoop gateway or a generic HTTP service.
 * Every answer is a value: a refusal and an unreachable server are `Blocked`, never exceptions. Every call ends when its
 * signal is aborted (`cancelled`) or its time is up (`backend-unreachable`).
 */
import type {
  ApprovalRequest, ConsumeGrant, CreateRequest, DriftReport, EvaluateInput, LiveEvent, NewComment, Person, RequestContext, RequestState, ShortLivedCredential, UnaskedDriftReport, Verdict,
} from '#core/wire/approval.ts';
import type { AfterReviewParams, Blocked, DecideParams, RevokeParams } from '#core/wire/protocol.ts';
import type { BoundParameter } from '#query/grant/binding.ts';
import type { VerificationKey } from '#query/grant/grant.ts';

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly blocked: Blocked };

/** The keys that grants and receipts of this backend are signed with, and the issuer's name that they carry. */
export interface IssuerKeys { readonly issuer: string; readonly keys: readonly VerificationKey[] }

/**
 * What is sent for approval. `request` is all that people and logs see. `statement` and `parameters` are raw: only a
 * gateway that runs the statement itself (hoop, broker mode) is sent them.
 */
export interface Submission {
  readonly request: CreateRequest;
  readonly statement: string;
  readonly parameters: readonly BoundParameter[];
}

export interface ListFilter {
  readonly state?: RequestState;
  /** True: those that I made. False: those that others made. Absent: both. */
  readonly mine?: boolean;
}

/** How the line to the backend is doing, for the status item. */
export type LinkStatus =
  | { readonly link: 'live' }
  /** Updates come by polling: the stream could not be held open. */
  | { readonly link: 'polling'; readonly why: string }
  | { readonly link: 'down'; readonly blocked: Blocked };

/** What a gateway that ran the statement itself gave back. Raw until masked: it belongs into the result store only. */
export interface RemoteOutput {
  readonly output: string;
  readonly truncated: boolean;
  readonly exitCode: number;
  /** Milliseconds. */
  readonly elapsedMs: number;
  /** What the gateway says it masked, by its own entity names. */
  readonly maskedBy?: { readonly infoTypes: readonly string[]; readonly redactions: number };
}

export interface ApprovalPort {
  /** Shown to the user: "PII Gate at https://…". Never holds a secret. */
  readonly name: string;
  /**
   * Where an approved statement runs. `editor`: here, with a verified grant. `gateway`: at the backend, which never lets
   * the statement out of its hands; `execute` is there then, and there is no grant.
   */
  readonly runs: 'editor' | 'gateway';

  me(signal: AbortSignal): Promise<Outcome<Person>>;
  keys(signal: AbortSignal): Promise<Outcome<IssuerKeys>>;
  /** The prediction: advice, nothing is stored. */
  evaluate(input: EvaluateInput, signal: AbortSignal): Promise<Outcome<Verdict>>;
  /** Safe to repeat: the same `idempotencyKey` gives the same request. */
  create(submission: Submission, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  get(requestId: string, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  list(filter: ListFilter, signal: AbortSignal): Promise<Outcome<readonly ApprovalRequest[]>>;
  decide(decision: DecideParams, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  cancel(requestId: string, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  /**
   * Answers a reviewer's wish for changes: the request keeps its id and takes up what is submitted now.
   * Absent where the backend has no such thing: a new request is made then.
   */
  resubmit?(requestId: string, submission: Submission, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  /** Says something on the request, or on lines of its statement. */
  comment?(requestId: string, comment: NewComment, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  /** What helps a reviewer to judge. Absent where the backend knows no more than the request. */
  context?(requestId: string, signal: AbortSignal): Promise<Outcome<RequestContext>>;
  /** A look at broken glass afterwards. */
  afterReview?(review: AfterReviewParams, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  /** Takes an approval back by its request. */
  revokeRequest?(revocation: RevokeParams, signal: AbortSignal): Promise<Outcome<ApprovalRequest>>;
  /** Counts one use of a grant at the backend, by compare-and-set, and gives the signed receipt. */
  consume(grantId: string, use: ConsumeGrant, signal: AbortSignal): Promise<Outcome<{ readonly receipt: string }>>;
  /** Absent where the backend has no such thing. */
  revoke?(grantId: string, signal: AbortSignal): Promise<Outcome<undefined>>;
  /** Present when `runs` is `gateway`: runs the stored statement of an approved request, once. */
  execute?(requestId: string, signal: AbortSignal): Promise<Outcome<RemoteOutput>>;
  /**
   * A database role for the use of a grant that the receipt proves: for connections whose own user may not read what is
   * sensitive. Absent where the backend has no such thing.
   */
  credential?(grantId: string, receipt: string, signal: AbortSignal): Promise<Outcome<ShortLivedCredential>>;
  /** The use is over: the role ends. */
  releaseCredential?(grantId: string, receipt: string, signal: AbortSignal): Promise<Outcome<undefined>>;
  /** Tells the backend of personal data in a result that its request had not declared. Absent where the backend has no such thing. */
  reportDrift?(requestId: string, report: DriftReport, signal: AbortSignal): Promise<Outcome<undefined>>;
  /** The same for a statement that ran without a request, since nothing was known against it. */
  reportUnaskedDrift?(report: UnaskedDriftReport, signal: AbortSignal): Promise<Outcome<undefined>>;
  /**
   * Live updates until the signal is aborted. Reconnects by itself and loses nothing in between; an event may come
   * twice, and the newest state of a request wins.
   */
  watch(signal: AbortSignal, onEvent: (event: LiveEvent) => void, onLink?: (status: LinkStatus) => void): Promise<void>;
}
