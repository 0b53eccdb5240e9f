/** `GET /v1/audit`: the trail as it is, chain fields and all, for auditors. */
import { Type } from 'typebox';
import { refuse } from '../requests/refusal.ts';
import type { Reads } from '../store/store.ts';
import { RefusalError, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { problems } from './routes.ts';
import * as schema from './schemas.ts';

const query = Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) }, { additionalProperties: false });

export function addAudit(app: App, reads: Reads): void {
  app.get('/v1/audit', { schema: { summary: 'Audit records after a sequence number, in order', querystring: query, response: { 200: schema.auditPage, ...problems } } }, async (request, reply) => {
    const { roles } = subjectOf(request);
    if (!roles.includes('auditor') && !roles.includes('admin')) throw new RefusalError(refuse(403, 'forbidden', 'The audit trail is for the roles auditor and admin.'));
    const { after = 0, limit = 200 } = request.query;
    const head = await reads.auditHead();
    return reply.send({ records: await reads.audit(after, limit), head });
  });
}
