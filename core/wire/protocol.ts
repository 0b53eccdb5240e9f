/**
 * Messages between the extension and the language server beyond LSP itself.
 * Each message is a namespace-like constant with its method name, and a params and a result type.
 */
import type { AgentIdentity, ApprovalRequest, Constraints, LineComment, NewComment, Scope, Verdict } from './approval.ts';
import type { Finding, ScanLimit } from './finding.ts';
import type { ResultColumn, ResultPage, ResultSummary } from './results.ts';
import type { Dialect, Environment, StatementFacts } from './statement.ts';

/** Names of all custom methods. The client and the server use these constants, never literals. */
export const method = {
  /** client → server request: state that a bare LSP client does not need: keys, backend, stored grants. */
  configureGate: 'piiGate/gate/configure',
  connections: 'piiGate/connections/list',
  testConnection: 'piiGate/connections/test',
  /** facts + prediction for every statement of a document: code lenses, diagnostics */
  statements: 'piiGate/statements',
  run: 'piiGate/run',
  cancelRun: 'piiGate/run/cancel',
  page: 'piiGate/result/page',
  view: 'piiGate/result/view',
  closeResult: 'piiGate/result/close',
  reveal: 'piiGate/result/reveal',
  exportResult: 'piiGate/result/export',
  /** statements that were run, literals masked, newest first */
  history: 'piiGate/history/list',
  clearHistory: 'piiGate/history/clear',
  /** connections that `.env` files of the workspace name: offered, never used unasked */
  discover: 'piiGate/connections/discover',
  /** the password of one of them, when the user has taken the offer: for SecretStorage */
  adopt: 'piiGate/connections/adopt',
  /** what the database holds: tables, columns and what is known against them */
  inventory: 'piiGate/inventory/list',
  /** looks through the catalogue, with values only if asked to; gives the text of the inventory file */
  scanInventory: 'piiGate/inventory/scan',
  /** says what a column holds, or that it holds nothing personal; kept in the workspace's inventory file */
  correctInventory: 'piiGate/inventory/correct',
  /** manual transactions, where the connection is writable and not production */
  transaction: 'piiGate/transaction',
  /** approvals, as requester and as reviewer */
  requests: 'piiGate/approvals/list',
  decide: 'piiGate/approvals/decide',
  cancelRequest: 'piiGate/approvals/cancel',
  /** what helps to judge a request: history, policy trace, last approved statement */
  requestContext: 'piiGate/approvals/context',
  /** says something on a request, or on lines of its statement */
  commentRequest: 'piiGate/approvals/comment',
  /** a look at broken glass afterwards */
  afterReview: 'piiGate/approvals/after-review',
  /** takes an approval back */
  revokeRequest: 'piiGate/approvals/revoke',
  /** server → client notifications */
  runChanged: 'piiGate/run/changed',
  requestChanged: 'piiGate/approvals/changed',
  /** personal data turned up in a result, perhaps long after its last row came, that its request had not declared */
  resultDrift: 'piiGate/result/drift',
  gateStatus: 'piiGate/gate/status',
  documentStatus: 'piiGate/document/status',
  /** client → server request: all files of folders. Cancelling it gives what was found so far. */
  scanWorkspace: 'piiGate/workspace/scan',
  /** server → client notification while a workspace scan runs */
  scanProgress: 'piiGate/workspace/scan/progress',
} as const;

export interface ConnectionSettings {
  readonly id: string;
  readonly name: string;
  readonly dialect: Dialect;
  readonly environment: Environment;
  /** SQLite: absolute path. */
  readonly file?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly tls?: 'verify' | 'no-verify' | 'off';
  readonly readOnly?: boolean;
  readonly statementTimeoutMs?: number;
  readonly maxRows?: number;
  readonly agents?: boolean;
  /**
   * PostgreSQL: `user` may not read what is sensitive; an approved statement runs as a role that the approval backend makes
   * for it (`short_lived_roles` of its connection of the same id).
   */
  readonly shortLivedRole?: boolean;
}

/** Which approval backend, and how to speak to it. */
export interface BackendSettings {
  readonly url: string;
  readonly token: string;
  /** RFC 7638 thumbprint of the only signing key to trust. Ours only. */
  readonly pinnedKey?: string;
  /** `pii-gate` (default): our backend. `hoop`: a hoop gateway. `service`: a minimal HTTP service that signs (approvals/generic-adapter.ts). */
  readonly kind?: 'pii-gate' | 'hoop' | 'service';
  readonly hoop?: {
    /** Connection id → name at the gateway, where they differ. */
    readonly connections?: Readonly<Record<string, string>>;
    /** Answers to the gateway's mandatory metadata fields. */
    readonly metadata?: Readonly<Record<string, string>>;
  };
  /** Required for `service`: who signs, and who is signed in. */
  readonly service?: {
    readonly issuer: string;
    readonly keys: readonly { readonly kty: string; readonly crv?: string; readonly x?: string; readonly kid?: string }[];
    readonly user: { readonly id: string; readonly name: string };
    readonly reasonPrompt?: string;
  };
}

export interface ConfigureGateParams {
  readonly trusted: boolean;
  readonly backend?: BackendSettings;
  /** 32 random bytes, base64url, kept in the client's SecretStorage. Keys the binding digest and the tokens. */
  readonly installationKey: string;
  readonly connections: readonly ConnectionSettings[];
  /** A folder of this user's own for the history of statements. Absent: kept until the server ends. */
  readonly storage?: string;
  /** Passwords by connection id, from SecretStorage. Held in memory only. */
  readonly passwords: Readonly<Record<string, string>>;
}

export interface GateStatus {
  readonly backend: 'none' | 'connected' | 'unreachable' | 'unauthorized' | 'untrusted-key';
  readonly detail?: string;
  readonly user?: { readonly id: string; readonly name: string; readonly roles: readonly string[] };
}

export interface StatementsParams { readonly uri: string; readonly connectionId?: string }
export interface StatementInfo {
  /** UTF-16 offsets of the statement without its trailing semicolon. */
  readonly start: number;
  readonly end: number;
  readonly facts: StatementFacts;
  readonly sensitive: boolean;
  /** What the backend predicts. Absent while it is asked or when it can't be reached. */
  readonly verdict?: Verdict;
  /** One line for the code lens. */
  readonly summary: string;
}

export interface RunParams {
  readonly runId: string;
  readonly connectionId: string;
  readonly statement: string;
  readonly parameters?: readonly (string | number | boolean | null)[];
  /** Where the statement stands, for the diagnostic on denial. */
  readonly uri?: string;
  readonly range?: { readonly start: number; readonly end: number };
  /** Present when the user has been asked: the request to make if approval is needed. */
  readonly ask?: AskDetails;
  /** Present when an AI agent runs it for the user: only on connections that agents may use. */
  readonly agent?: AgentIdentity;
  /** The request, sent back by a reviewer, that this is the answer to: it is resubmitted instead of a new one made. */
  readonly resubmits?: string;
}
export interface AskDetails {
  readonly reason: string;
  readonly ticket?: string;
  readonly use: Scope['use'];
  readonly durationMs: number;
  /** Go ahead without waiting, in an emergency: somebody looks at it afterwards. Only where the verdict offers it. */
  readonly breakGlass?: true;
}

/** Why something did not go ahead, and the way out. */
export interface Blocked {
  readonly code:
    | 'needs-reason' | 'denied' | 'expired' | 'cancelled' | 'backend-unreachable' | 'no-backend' | 'unauthorized' | 'untrusted-key'
    | 'grant-invalid' | 'grant-used' | 'statement-changed' | 'untrusted-workspace' | 'read-only' | 'policy-denies' | 'changes-requested' | 'revoked';
  /** What and why, in the user's words; no raw value. */
  readonly message: string;
  readonly requestId?: string;
}

/** A run as it goes. `needs-approval` comes back when `ask` was missing and the policy wants a reason. */
export type RunState =
  | { readonly state: 'needs-approval'; readonly verdict: Verdict; readonly facts: StatementFacts }
  | { readonly state: 'pending'; readonly requestId: string; readonly request: ApprovalRequest }
  | { readonly state: 'running' }
  | { readonly state: 'rows'; readonly result: ResultSummary }
  /** `more`: further result sets of the same statement. `exported`: what an export wrote. */
  | { readonly state: 'done'; readonly result: ResultSummary; readonly more?: readonly ResultSummary[]; readonly exported?: Exported }
  | { readonly state: 'cancelled' }
  | { readonly state: 'blocked'; readonly blocked: Blocked }
  | { readonly state: 'failed'; readonly message: string };
/** What an export wrote. `git`: the file lies in this work tree and is not ignored there; offer to ignore it. */
export interface Exported {
  readonly path: string;
  readonly manifestPath: string;
  readonly rows: number;
  /** More rows were there than the approval, or the cap, allows. */
  readonly truncated: boolean;
  readonly git?: { readonly root: string; /** The line to add to `.gitignore` at the root. */ readonly pattern: string };
  /** Columns generalised so that fewer than five rows share a value: they may still identify somebody. */
  readonly smallGroups?: readonly { readonly column: string; readonly groups: number }[];
}
export interface RunChanged { readonly runId: string; readonly run: RunState }

export interface PageParams {
  readonly resultId: string;
  readonly offset: number;
  readonly count: number;
  /** Masked even where a person has revealed: what an agent reads. A reveal is for the person who asked for it. */
  readonly masked?: true;
}
export type PageResult = ResultPage;
/** All drift of a result so far; it takes the place of its summary's. */
export interface ResultDrift { readonly resultId: string; readonly drift: ResultSummary['drift'] }
/** Sort and filter work on what is shown (masked text), in the server. */
export interface ViewParams {
  readonly resultId: string;
  readonly sort?: { readonly column: number; readonly direction: 'asc' | 'desc' };
  readonly filter?: string;
}
export interface ViewResult { readonly rows: number }

/** Reveal and export follow the same states as a run, under their own `runId`. */
export interface RevealParams { readonly runId: string; readonly resultId: string; readonly columns: readonly number[]; readonly ask?: AskDetails; readonly agent?: AgentIdentity; readonly resubmits?: string }
export interface RevealResult { readonly columns: readonly ResultColumn[] }
export interface ExportParams {
  readonly runId: string;
  readonly resultId: string;
  readonly format: 'csv' | 'json' | 'jsonl' | 'sql' | 'xlsx';
  /** Absolute path of the file to write. */
  readonly path: string;
  /** Columns to write in clear; the others go out masked. */
  readonly clear: readonly number[];
  /** Adds a column that names the requester and the approval in every row. */
  readonly watermark?: boolean;
  readonly ask?: AskDetails;
  readonly agent?: AgentIdentity;
  readonly resubmits?: string;
}

export interface HistoryParams { readonly limit?: number; readonly filter?: string }
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly connectionId: string;
  /** The statement with every literal that is, or could be, personal masked. */
  readonly statement: string;
  readonly redactions: number;
  readonly outcome: 'done' | 'blocked' | 'failed' | 'cancelled';
  readonly rows?: number;
  readonly elapsedMs?: number;
}

export interface DiscoverParams { /** URIs of workspace folders. */ readonly folders: readonly string[] }
export interface DiscoveredConnection {
  /** Where it was found: `.env:3`. */
  readonly source: string;
  readonly uri: string;
  /** Name of the variable, e.g. `DATABASE_URL`. */
  readonly variable: string;
  /** Ready to be added, but for its environment: `production` until the user says what it is. */
  readonly settings: ConnectionSettings;
  readonly hasPassword: boolean;
}
export interface AdoptParams { readonly uri: string; readonly variable: string }
export interface AdoptResult { readonly settings: ConnectionSettings; readonly password: string }

export interface InventoryParams { readonly connectionId: string }
export interface InventoryColumn {
  readonly name: string;
  readonly type?: string;
  readonly entity?: string;
  readonly category?: string;
  readonly confidence?: number;
  /** Who says so: its name, a sample of values, a label in the database, the inventory file, the policy, a user. */
  readonly source?: string;
}
export interface InventoryTable { readonly schema?: string; readonly name: string; readonly kind: string; readonly columns: readonly InventoryColumn[] }
export interface InventoryResult { readonly tables: readonly InventoryTable[] }
/** `sample` reads a bounded number of values, which are judged and dropped in the server; on production only with `production`. */
export interface ScanInventoryParams {
  readonly connectionId: string;
  readonly sample?: boolean;
  readonly production?: boolean;
  /** URI of the workspace folder whose inventory file the findings are brought into: what people wrote there stays. Absent: a file of its own. */
  readonly folder?: string;
}
export interface ScanInventoryResult {
  /** Name of the file at the workspace's root, and its whole new text. Holds no values. */
  readonly fileName: string;
  readonly text: string;
  readonly tables: number;
  readonly sampled: number;
  readonly found: number;
  readonly skipped: readonly { readonly table: string; readonly why: string }[];
}

/** A person's word on one column. It wins over names, samples, labels and the inventory file's other entries; the policy stays above it. */
export interface CorrectInventoryParams {
  readonly connectionId: string;
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
  /** Null: the column holds nothing personal. `category` absent: the entity's own. */
  readonly verdict: { readonly entity: string; readonly category?: string } | null;
  /** For whoever reads the file later. One line; personal data in it is masked. */
  readonly why?: string;
  /** URI of the workspace folder whose inventory file is to hold it. */
  readonly folder: string;
}
export interface CorrectInventoryResult {
  /** URI of the inventory file that was written. */
  readonly uri: string;
  /** True when the file was not there before. */
  readonly created: boolean;
  /** Present when the policy says otherwise and keeps the last word. */
  readonly overruledBy?: { readonly entity: string; readonly source: string };
}

export interface TransactionParams { readonly connectionId: string; readonly action: 'begin' | 'commit' | 'rollback' | 'state' }
export type TransactionResult = { readonly ok: true; readonly open: boolean } | { readonly ok: false; readonly message: string };

export interface DecideParams {
  readonly requestId: string;
  readonly decision: 'approve' | 'deny' | 'request_changes';
  readonly comment: string;
  readonly constraints?: Constraints;
  readonly lines?: readonly LineComment[];
}
export interface CommentParams extends NewComment { readonly requestId: string }
export interface AfterReviewParams { readonly requestId: string; readonly justified: boolean; readonly comment: string }
export interface RevokeParams { readonly requestId: string; readonly comment: string }
/** `others`: those of other people that the user may see and that are decided, sent back or to be looked at afterwards. */
export interface RequestsResult { readonly mine: readonly ApprovalRequest[]; readonly toReview: readonly ApprovalRequest[]; readonly others?: readonly ApprovalRequest[] }

/** Sent after each scan: feeds the status item. */
export interface DocumentStatus {
  readonly uri: string;
  readonly findings: number;
  readonly limits: readonly ScanLimit[];
  /** Milliseconds. */
  readonly elapsedMs: number;
}

/** URIs; only `file:` folders can be scanned. */
export interface ScanWorkspaceParams { readonly folders: readonly string[] }
/** A finding with its place: zero-based lines, characters in UTF-16 units, as in LSP. */
export interface PlacedFinding extends Finding {
  readonly line: number;
  readonly character: number;
  readonly endLine: number;
  readonly endCharacter: number;
  /** The entity in people's words. */
  readonly title?: string;
}
export interface FileFindings { readonly uri: string; readonly findings: readonly PlacedFinding[]; readonly limits: readonly ScanLimit[] }
export interface ScanWorkspaceResult {
  /** Files with findings or limits. */
  readonly files: readonly FileFindings[];
  readonly scanned: number;
  /** Files left out: binary or unreadable. */
  readonly skipped: number;
  readonly cancelled: boolean;
}
export interface ScanProgress { readonly scanned: number; readonly findings: number }
