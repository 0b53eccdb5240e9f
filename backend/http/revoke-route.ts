/** `POST /v1/requests/{id}/revoke`: a reviewer takes back what was approved, by the request they see. */
import type { GrantService } from '../grants/service.ts';
import { refuse } from '../requests/refusal.ts';
import { mayView } from '../requests/visibility.ts';
import type { ToWire } from '../requests/wire.ts';
import type { Reads } from '../store/store.ts';
import { RefusalError, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { problems } from './routes.ts';
import * as schema from './schemas.ts';

/** The grant's id is the requester's secret handle, so reviewers name the request; who may revoke is the grant service's rule. */
export function addRevocation(app: App, grants: GrantService, reads: Reads, toWire: ToWire): void {
  app.post('/v1/requests/:id/revoke', { schema: { summary: 'Take an approval back at once', params: schema.idParams, body: schema.revocation, response: { 200: schema.approvalRequest, ...problems } } }, async (request) => {
    const subject = subjectOf(request);
    const found = await reads.request(request.params.id);
    const unknown = refuse(404, 'not-found', 'There is no such request, or it is not yours to see.');
    if (!found || !mayView(subject, found)) throw new RefusalError(unknown);
    if (found.grantId === undefined) throw new RefusalError(refuse(409, 'illegal-state', 'Nothing was approved here, so there is nothing to revoke.'));
    const revoked = await grants.revoke(subject, found.grantId, request.body.comment ?? '');
    if (!revoked.ok) throw new RefusalError(revoked);
    return toWire((await reads.request(found.id)) ?? found, subject);
  });
}
