/**
 * The wire types as TypeBox schemas: they validate every body and make the OpenAPI document.
 * The assertions at the end hold them to `core/wire/*`: a difference is a compile error.
 */
import { Type, type Static, type TSchema } from 'typebox';

const closed = { additionalProperties: false } as const;
const short = (maxLength = 256) => Type.String({ maxLength });
/** A key of the store: U+0000 is what PostgreSQL has no place for. */
const key = (maxLength: number, minLength = 1) => Type.String({ minLength, maxLength, pattern: '^[^\\u0000]*$' });
const name = () => Type.String({ minLength: 1, maxLength: 512 });
const union = <const T extends readonly string[]>(...names: T) => Type.Unsafe<T[number]>(Type.String({ enum: [...names] }));
const count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const time = () => Type.Integer({ minimum: 0, maximum: 100_000_000_000_000, description: 'Milliseconds since the epoch' });

export const capability = union('run', 'reveal', 'export');
export const environment = union('development', 'staging', 'production', 'critical');
export const requestState = union('pending', 'changes_requested', 'approved', 'denied', 'cancelled', 'expired', 'consumed', 'revoked');

const columnRef = Type.Object({ schema: Type.Optional(short()), table: name(), column: name(), access: union('read', 'write') }, closed);

const tableRef = Type.Object({ schema: Type.Optional(short()), name: name(), access: union('read', 'write') }, closed);

export const statementFacts = Type.Object({
  dialect: union('sqlite', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino'),
  kind: union('select', 'insert', 'update', 'delete', 'merge', 'ddl', 'transaction', 'set', 'explain', 'show', 'call', 'copy', 'pragma', 'other', 'unparsable'),
  readOnly: Type.Boolean(),
  statements: count(),
  tables: Type.Array(tableRef, { maxItems: 2_000 }),
  columns: Type.Array(columnRef, { maxItems: 5_000 }),
  star: Type.Boolean(),
  functions: Type.Array(short(), { maxItems: 2_000 }),
  exports: Type.Boolean(),
  opaque: Type.Array(Type.Object({
    what: union('unparsable', 'function', 'table-function', 'procedure', 'dynamic-sql', 'unknown-table', 'file-access', 'too-large', 'parser-failed', 'nul-byte', 'ambiguous'),
    detail: short(2_000),
  }, closed), { maxItems: 1_000 }),
  parameters: Type.Array(short(), { maxItems: 5_000 }),
  limit: Type.Optional(count()),
  sensitive: Type.Array(Type.Object({
    schema: Type.Optional(short()), table: name(), column: name(), entity: name(), category: short(), use: union('output', 'filter', 'write'),
  }, closed), { maxItems: 5_000 }),
  estimatedRows: Type.Optional(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
}, closed);

const connectionIdentity = Type.Object({ id: name(), environment, databaseUser: short() }, closed);
const agentIdentity = Type.Object({ name: name(), model: Type.Optional(short()) }, closed);

export const scope = Type.Object({
  columns: Type.Array(columnRef, { maxItems: 2_000 }),
  maxRows: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  destination: Type.Object({ kind: union('grid', 'file', 'clipboard', 'agent'), format: Type.Optional(union('csv', 'json', 'jsonl', 'sql', 'xlsx')) }, closed),
  use: union('once', 'window'),
  durationMs: Type.Integer({ minimum: 1_000, maximum: 366 * 86_400_000, description: 'Milliseconds from the approval' }),
  startsAt: Type.Optional(time()),
}, closed);

export const binding = Type.Object({ digest: key(256), connection: connectionIdentity, capability }, closed);

export const evaluateInput = Type.Object({ facts: statementFacts, connection: connectionIdentity, capability, scope, agent: Type.Optional(agentIdentity) }, closed);

const maskedSample = Type.Object({
  columns: Type.Array(short(), { maxItems: 40 }),
  rows: Type.Array(Type.Array(Type.Union([short(), Type.Null()]), { maxItems: 40 }), { maxItems: 100 }),
}, { ...closed, description: 'Masked rows; a cell in which anything is found is not kept' });

const createFields = {
  binding,
  scope,
  facts: statementFacts,
  preview: Type.String({ maxLength: 400_000 }),
  redactions: count(),
  reason: Type.String({ maxLength: 4_000 }),
  ticket: Type.Optional(short()),
  plan: Type.Optional(Type.String({ maxLength: 100_000 })),
  sample: Type.Optional(maskedSample),
  agent: Type.Optional(agentIdentity),
  breakGlass: Type.Optional(Type.Boolean()),
  idempotencyKey: key(128),
};
export const createRequest = Type.Object(createFields, closed);

export const constraints = Type.Object({
  keepMasked: Type.Optional(Type.Array(columnRef, { maxItems: 2_000 })),
  maxRows: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  durationMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 366 * 86_400_000 })),
}, closed);

export const person = Type.Object({ id: name(), name: Type.String(), roles: Type.Array(Type.String()) }, closed);

const commentText = () => Type.String({ minLength: 1, maxLength: 4_000 });
const lineNumber = () => Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Line of the preview, counted from 1' });
const lineComment = Type.Object({ line: lineNumber(), end: Type.Optional(lineNumber()), text: commentText() }, closed);
const commentFields = { text: commentText(), line: Type.Optional(lineNumber()), end: Type.Optional(lineNumber()), replyTo: Type.Optional(short(64)) };
export const newComment = Type.Object(commentFields, closed);
export const requestComment = Type.Object({
  ...commentFields, text: Type.String(), id: name(), by: person, at: time(), revision: Type.Integer({ minimum: 0, description: 'How many earlier revisions there were: the lines are those of that preview' }),
}, closed);

export const decisionBody = Type.Object({
  decision: union('approve', 'deny', 'request_changes'),
  comment: Type.String({ maxLength: 4_000 }),
  constraints: Type.Optional(constraints),
  lines: Type.Optional(Type.Array(lineComment, { maxItems: 50 })),
}, closed);

export const decision = Type.Object({
  by: person, decision: union('approve', 'deny', 'request_changes'), comment: Type.String(), constraints: Type.Optional(constraints), at: time(),
}, closed);

const revision = Type.Object({ binding, scope, facts: statementFacts, preview: createFields.preview, redactions: count(), plan: createFields.plan }, closed);
export const resubmission = Type.Object({ reason: Type.String({ maxLength: 4_000 }), ticket: Type.Optional(short()), revision: Type.Optional(revision) }, closed);

export const verdict = Type.Object({
  effect: union('allow', 'mask', 'review', 'deny'),
  rules: Type.Array(Type.String()),
  why: Type.String(),
  approvers: Type.Array(Type.Object({ anyOf: Type.Array(Type.String()), count: Type.Integer({ minimum: 1 }) }, closed)),
  reason: Type.Object({ required: Type.Boolean(), prompt: Type.Optional(Type.String()), pattern: Type.Optional(Type.String()) }, closed),
  maskColumns: Type.Array(columnRef),
  maxRows: Type.Optional(Type.Integer({ minimum: 1 })),
  maxDurationMs: Type.Optional(Type.Integer({ minimum: 1 })),
  sample: Type.Optional(Type.Object({ maxRows: Type.Integer({ minimum: 1 }) }, closed)),
  breakGlass: Type.Optional(Type.Object({ reviewers: Type.Array(Type.String()), maxDurationMs: Type.Integer({ minimum: 1 }) }, closed)),
  policyVersion: Type.String(),
}, closed);

const afterReview = Type.Object({
  anyOf: Type.Array(Type.String()),
  done: Type.Optional(Type.Object({ by: person, at: time(), justified: Type.Boolean(), comment: Type.String() }, closed)),
}, closed);
export const afterReviewBody = Type.Object({ justified: Type.Boolean(), comment: Type.String({ minLength: 1, maxLength: 4_000 }) }, closed);

const driftFinding = Type.Object({
  column: Type.String({ minLength: 1, maxLength: 200 }),
  origin: Type.Optional(Type.Object({ schema: Type.Optional(short()), table: name(), column: name() }, closed)),
  entity: name(),
  category: Type.Optional(short()),
  count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
}, closed);
const found = Type.Array(driftFinding, { minItems: 1, maxItems: 200 });
export const driftReport = Type.Object({ found }, closed);
export const unaskedDriftReport = Type.Object({
  found, connection: connectionIdentity, preview: Type.String({ maxLength: 400_000 }), tables: Type.Array(tableRef, { maxItems: 2_000 }),
}, closed);

export const approvalRequest = Type.Object({
  ...createFields,
  id: name(),
  state: requestState,
  requester: person,
  verdict,
  decisions: Type.Array(decision),
  comments: Type.Optional(Type.Array(requestComment)),
  revisions: Type.Optional(Type.Array(Type.Object({ preview: Type.String(), reason: Type.String(), at: time() }, closed))),
  createdAt: time(),
  updatedAt: time(),
  expiresAt: time(),
  afterReview: Type.Optional(afterReview),
  drift: Type.Optional(Type.Array(driftFinding)),
  erasedAt: Type.Optional(time()),
  grant: Type.Optional(Type.String({ description: 'Compact JWS of the grant; for the requester, once approved' })),
}, closed);

export const consumeGrant = Type.Object({ nonce: key(256, 8), digest: key(256), capability }, closed);
export const consumed = Type.Object({ receipt: Type.String({ description: 'Compact JWS of the consumption receipt' }) }, closed);
export const revocation = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 4_000 })) }, closed);

export const problem = Type.Object({
  type: Type.String(), title: Type.String(), status: Type.Integer(), code: Type.String(), detail: Type.String(),
}, { ...closed, description: 'RFC 9457 problem details' });

export const jwks = Type.Object({ issuer: Type.String(), keys: Type.Array(Type.Object({ kid: Type.String(), kty: Type.String() }, { additionalProperties: true })) }, closed);
export const requestList = Type.Object({ requests: Type.Array(approvalRequest) }, closed);
export const health = Type.Object({ status: union('ok', 'degraded'), version: Type.String(), policyVersion: Type.String() }, closed);
export const ready = Type.Object({ ready: Type.Boolean(), store: union('sqlite', 'postgresql'), auditSeq: Type.Integer(), configuration: Type.String() }, closed);
export const auditPage = Type.Object({
  records: Type.Array(Type.Object({ seq: Type.Integer(), at: time(), type: Type.String(), hash: Type.String(), prev: Type.String(), sig: Type.String(), kid: Type.String() }, { additionalProperties: true })),
  head: Type.Object({ seq: Type.Integer(), hash: Type.String() }, closed),
}, closed);
export const idParams = Type.Object({ id: key(64) }, closed);
export const jtiParams = Type.Object({ jti: key(64) }, closed);

export type Of<T extends TSchema> = Static<T>;
