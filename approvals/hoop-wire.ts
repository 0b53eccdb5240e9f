/** What a hoop gateway answers, read from its API (`/api`). Anything of another shape is refused, never guessed at. */

/** One ad-hoc execution, as `POST /sessions` and `POST /sessions/{id}/exec` answer. */
export interface HoopExecution {
  /** Look at this first: with a rule-based review the rest reads like success. */
  readonly hasReview: boolean;
  readonly sessionId: string;
  readonly output: string;
  readonly status: 'success' | 'failed' | 'running';
  readonly truncated: boolean;
  /** Milliseconds. */
  readonly elapsedMs: number;
  readonly exitCode: number;
}

export type HoopReviewStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'REVOKED' | 'PROCESSING' | 'EXECUTED' | 'UNKNOWN';

export interface HoopReview {
  readonly session: string;
  readonly status: HoopReviewStatus;
  readonly createdAt: number;
  readonly owner: { readonly id: string; readonly name: string };
  readonly connection: string;
  readonly groups: readonly { readonly group: string; readonly status: string; readonly by?: { readonly id: string; readonly name: string }; readonly at?: number }[];
  readonly rejectionReason: string;
  readonly minApprovals: number;
  /** `undefined`: any time. */
  readonly window: HoopWindow | undefined;
}

/** Times of day in UTC, minutes since midnight; `unknown` is a window of a kind that is not understood. */
export type HoopWindow = { readonly from: number; readonly to: number } | 'unknown';

type Fields = Readonly<Record<string, unknown>>;

export function readExecution(value: unknown): HoopExecution | undefined {
  if (!isFields(value)) return undefined;
  const { has_review: hasReview, session_id: sessionId, output, output_status: status, truncated, execution_time: elapsed, exit_code: exitCode } = value;
  if (typeof hasReview !== 'boolean' || typeof sessionId !== 'string' || sessionId === '') return undefined;
  if (status !== 'success' && status !== 'failed' && status !== 'running') return undefined;
  return { hasReview, sessionId, status, output: typeof output === 'string' ? output : '', truncated: truncated === true, elapsedMs: number(elapsed) ?? 0, exitCode: number(exitCode) ?? -2 };
}

const statuses: readonly string[] = ['PENDING', 'APPROVED', 'REJECTED', 'REVOKED', 'PROCESSING', 'EXECUTED', 'UNKNOWN'] satisfies readonly HoopReviewStatus[];

export function readReview(value: unknown): HoopReview | undefined {
  if (!isFields(value) || typeof value.session !== 'string' || typeof value.status !== 'string') return undefined;
  const owner = isFields(value.review_owner) ? value.review_owner : {};
  const connection = isFields(value.review_connection) ? value.review_connection.name : undefined;
  return {
    session: value.session,
    status: statuses.includes(value.status) ? value.status as HoopReviewStatus : 'UNKNOWN',
    createdAt: time(value.created_at) ?? 0,
    owner: { id: text(owner.id), name: text(owner.name) || text(owner.email) },
    connection: text(connection),
    groups: Array.isArray(value.review_groups_data) ? value.review_groups_data.filter(isFields).map(readGroup) : [],
    rejectionReason: text(value.rejection_reason),
    minApprovals: number(value.min_approvals) ?? 0,
    window: readWindow(value.time_window),
  };
}

function readGroup(value: Fields): HoopReview['groups'][number] {
  const by = isFields(value.reviewed_by) ? { id: text(value.reviewed_by.id), name: text(value.reviewed_by.name) || text(value.reviewed_by.email) } : undefined;
  const at = time(value.review_date);
  return { group: text(value.group), status: text(value.status), ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
}

function readWindow(value: unknown): HoopWindow | undefined {
  if (value === undefined || value === null) return undefined;
  const settings = isFields(value) && isFields(value.configuration) ? value.configuration : value;
  const from = isFields(settings) ? minutes(settings.start_time) : undefined;
  const to = isFields(settings) ? minutes(settings.end_time) : undefined;
  return from === undefined || to === undefined ? 'unknown' : { from, to };
}

/** @param nowMs milliseconds since the epoch. A window over midnight (22:00–06:00) works; one not understood is never open. */
export function isInWindow(window: HoopWindow | undefined, nowMs: number): boolean {
  if (window === undefined) return true;
  if (window === 'unknown') return false;
  const now = Math.floor(nowMs / 60_000) % 1_440;
  return window.from <= window.to ? now >= window.from && now < window.to : now >= window.from || now < window.to;
}

export interface HoopSession {
  readonly done: boolean;
  readonly connection: string;
  readonly metadata: Fields;
  readonly output: string;
  readonly exitCode: number;
  readonly maskedBy: { readonly infoTypes: readonly string[]; readonly redactions: number } | undefined;
  readonly elapsedMs: number;
}

/** `GET /sessions/{id}`, with `?expand=event_stream&event_stream=utf8` for the output. */
export function readSession(value: unknown): HoopSession | undefined {
  if (!isFields(value) || typeof value.status !== 'string') return undefined;
  const stream = value.event_stream;
  const metrics = isFields(value.metrics) ? value.metrics : {};
  const masking = isFields(metrics.data_masking) ? metrics.data_masking : undefined;
  const [start, end] = [time(value.start_date), time(value.end_date)];
  return {
    done: value.status === 'done',
    connection: text(value.connection),
    metadata: isFields(value.metadata) ? value.metadata : {},
    output: Array.isArray(stream) ? stream.filter((part) => typeof part === 'string').join('') : text(stream),
    exitCode: number(value.exit_code) ?? 0,
    maskedBy: masking === undefined ? undefined : { infoTypes: infoTypes(masking.info_types), redactions: number(masking.total_redact_count) ?? 0 },
    elapsedMs: start === undefined || end === undefined ? 0 : end - start,
  };
}

export interface HoopConnection { readonly reviewers: readonly string[]; readonly minApprovals: number; readonly execAllowed: boolean; readonly mandatoryMetadata: readonly string[]; readonly masks: boolean }

export function readConnection(value: unknown): HoopConnection | undefined {
  if (!isFields(value) || typeof value.name !== 'string') return undefined;
  const { reviewers, access_mode_exec: exec, mandatory_metadata_fields: metadata, redact_enabled: redact, min_review_approvals: min } = value;
  return { reviewers: texts(reviewers), minApprovals: number(min) ?? 0, execAllowed: exec === 'enabled', mandatoryMetadata: texts(metadata), masks: redact === true };
}

/** Names in a list, or the keys of a map of counts. */
function infoTypes(value: unknown): readonly string[] {
  return isFields(value) ? Object.keys(value) : texts(value);
}
function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
}
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
function time(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
function minutes(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)/.exec(value) : null;
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
