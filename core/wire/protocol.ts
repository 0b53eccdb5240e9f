/**
 * Messages between the extension and the language server beyond LSP itself.
 * Each message is a namespace-like constant with its method name, and a params and a result type.
 */
import type { ApprovalRequest, Constraints, Scope, Verdict } from './approval.ts';
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
  /** approvals, as requester and as reviewer */
  requests: 'piiGate/approvals/list',
  decide: 'piiGate/approvals/decide',
  cancelRequest: 'piiGate/approvals/cancel',
  /** server → client notifications */
  runChanged: 'piiGate/run/changed',
  requestChanged: 'piiGate/approvals/changed',
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
}

export interface ConfigureGateParams {
  readonly trusted: boolean;
  readonly backend?: { readonly url: string; readonly token: string; readonly pinnedKey?: string };
  /** 32 random bytes, base64url, kept in the client's SecretStorage. Keys the binding digest and the tokens. */
  readonly installationKey: string;
  readonly connections: readonly ConnectionSettings[];
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
}
export interface AskDetails {
  readonly reason: string;
  readonly ticket?: string;
  readonly use: Scope['use'];
  readonly durationMs: number;
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
  | { readonly state: 'done'; readonly result: ResultSummary }
  | { readonly state: 'cancelled' }
  | { readonly state: 'blocked'; readonly blocked: Blocked }
  | { readonly state: 'failed'; readonly message: string };
export interface RunChanged { readonly runId: string; readonly run: RunState }

export interface PageParams { readonly resultId: string; readonly offset: number; readonly count: number }
export type PageResult = ResultPage;
/** Sort and filter work on what is shown (masked text), in the server. */
export interface ViewParams {
  readonly resultId: string;
  readonly sort?: { readonly column: number; readonly direction: 'asc' | 'desc' };
  readonly filter?: string;
}
export interface ViewResult { readonly rows: number }

/** Reveal and export follow the same states as a run, under their own `runId`. */
export interface RevealParams { readonly runId: string; readonly resultId: string; readonly columns: readonly number[]; readonly ask?: AskDetails }
export interface RevealResult { readonly columns: readonly ResultColumn[] }
export interface ExportParams {
  readonly runId: string;
  readonly resultId: string;
  readonly format: 'csv' | 'json' | 'jsonl' | 'sql' | 'xlsx';
  /** Absolute path of the file to write. */
  readonly path: string;
  /** Columns to write in clear; the others go out masked. */
  readonly clear: readonly number[];
  readonly ask?: AskDetails;
}

export interface DecideParams {
  readonly requestId: string;
  readonly decision: 'approve' | 'deny' | 'request_changes';
  readonly comment: string;
  readonly constraints?: Constraints;
}
export interface RequestsResult { readonly mine: readonly ApprovalRequest[]; readonly toReview: readonly ApprovalRequest[] }

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
