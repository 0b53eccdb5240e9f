/** The audit trail for people: search, export in the shapes that others read, and whether it is intact. For auditors and admins. */
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { csvHeader, toCsv } from '../audit/formats/csv.ts';
import { auditFormats, formatRecord } from '../audit/formats/format.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { AuditReport } from '../audit/verify.ts';
import type { Subject } from '../identity/identity.ts';
import { exportAudit, searchAudit } from '../insights/audit-search.ts';
import { refuse } from '../requests/refusal.ts';
import type { Reads } from '../store/store.ts';
import { RefusalError, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { problems } from './routes.ts';
import * as schema from './schemas.ts';

const time = Type.Integer({ description: 'Milliseconds since the epoch' });
const filters = {
  type: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z_.]*$', description: 'A type or its beginning: `request.`' })),
  actor: Type.Optional(Type.String({ maxLength: 256 })),
  request: Type.Optional(Type.String({ maxLength: 64 })),
  from: Type.Optional(time),
  to: Type.Optional(time),
};
const formats = [...auditFormats, 'csv'] as const;
type Format = (typeof formats)[number];
const searchQuery = Type.Object({ ...filters, before: Type.Optional(Type.Integer({ minimum: 1 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, { additionalProperties: false });
const exportQuery = Type.Object({ ...filters, format: Type.Optional(Type.Unsafe<Format>(Type.String({ enum: [...formats], description: 'Default: jsonl, the trail itself' }))) }, { additionalProperties: false });
const searchAnswer = Type.Object({ records: schema.auditPage.properties.records, next: Type.Optional(Type.Integer()) });
const verifyAnswer = Type.Object({
  ok: Type.Boolean(), records: Type.Integer(), signatures: Type.Integer(), head: Type.Object({ seq: Type.Integer(), hash: Type.String() }), keys: Type.Array(Type.String()),
  failure: Type.Optional(Type.Object({ fault: Type.String(), seq: Type.Integer(), message: Type.String() })),
});

const mediaTypes: Readonly<Record<Format, readonly [type: string, extension: string]>> = {
  jsonl: ['application/jsonl', 'jsonl'], ocsf: ['application/jsonl', 'ocsf.jsonl'], ecs: ['application/jsonl', 'ecs.jsonl'], otel: ['application/jsonl', 'otel.jsonl'],
  cef: ['text/plain; charset=utf-8', 'cef.log'], csv: ['text/csv; charset=utf-8', 'csv'],
};

/** @param verify checks the whole trail; it is run once at a time, whoever asks meanwhile gets the same answer */
export function addAuditExplorer(app: App, reads: Reads, verify: () => Promise<AuditReport>): void {
  app.get('/v1/audit/search', { schema: { summary: 'Audit records by filter, newest first', querystring: searchQuery, response: { 200: searchAnswer, ...problems } } }, async (request) => {
    mustAudit(subjectOf(request));
    return searchAudit(reads, { limit: 50, ...request.query });
  });
  const anyFormat = Object.fromEntries([...new Set(Object.values(mediaTypes).map(([type]) => type))].map((type) => [type, { schema: { type: 'string' } }]));
  app.get('/v1/audit/export', { schema: { summary: 'Audit records by filter, chain fields and all', querystring: exportQuery, response: { 200: { description: 'One record a line', content: anyFormat }, ...problems } } }, async (request, reply) => {
    mustAudit(subjectOf(request));
    const { format = 'jsonl', ...filter } = request.query;
    const [type, extension] = mediaTypes[format];
    return reply.header('content-disposition', `attachment; filename="pii-gate-audit.${extension}"`).type(type).send(Readable.from(lines(exportAudit(reads, filter), format)));
  });
  let running: Promise<AuditReport> | undefined;
  app.get('/v1/audit/verify', { schema: { summary: 'Is the trail intact: every hash, every link, signatures, the anchored head', response: { 200: verifyAnswer, ...problems } } }, async (request) => {
    mustAudit(subjectOf(request));
    running ??= verify().finally(() => { running = undefined; });
    const { ok, records, signatures, head, keys, failure } = await running;
    return { ok, records, signatures, head: { seq: head.seq, hash: head.hash }, keys: [...keys], ...(failure ? { failure } : {}) };
  });
}

async function* lines(records: AsyncIterable<AuditRecord>, format: Format): AsyncGenerator<string> {
  if (format === 'csv') yield `${csvHeader}\r\n`;
  for await (const record of records) yield format === 'csv' ? `${toCsv(record)}\r\n` : `${formatRecord(record, format, hostname())}\n`;
}

function mustAudit({ roles }: Subject): void {
  if (!roles.includes('auditor') && !roles.includes('admin')) throw new RefusalError(refuse(403, 'forbidden', 'The audit trail is for the roles auditor and admin.'));
}
