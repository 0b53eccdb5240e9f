/** `POST /v1/requests/{id}/drift` and `POST /v1/drift`: personal data in results that nobody had declared. */
import { Type } from 'typebox';
import type { DriftService } from '../requests/drift.ts';
import type { ToWire } from '../requests/wire.ts';
import type { App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { answer, problems } from './routes.ts';
import * as schema from './schemas.ts';

/** Reports a minute of one person about statements without a request: each is a record in the trail. */
const unaskedPerMinute = 60;

export function addDrift(app: App, drift: DriftService, toWire: ToWire): void {
  app.post('/v1/requests/:id/drift', { schema: { summary: 'Report personal data in my result that the request had not declared', params: schema.idParams, body: schema.driftReport, response: { 200: schema.approvalRequest, ...problems } } }, async (request, reply) => {
    const subject = subjectOf(request);
    const result = await drift.report(subject, request.params.id, request.body);
    const wire = result.ok ? await toWire(result.value, subject) : undefined;
    return answer(reply, result, () => 200, () => wire);
  });
  app.post('/v1/drift', { config: { rateLimit: { max: unaskedPerMinute, timeWindow: 60_000 } }, schema: { summary: 'Report personal data in the result of a statement that needed no request', body: schema.unaskedDriftReport, response: { 204: Type.Null(), ...problems } } }, async (request, reply) => {
    await drift.reportUnasked(subjectOf(request), request.body);
    return reply.code(204).send();
  });
}
