/** `/v1/grants/{jti}/credential`: a short-lived database role for one use of a grant. */
import { Type } from 'typebox';
import type { ShortLivedRoles } from '../broker/short-lived-roles.ts';
import type { App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { answer, problems } from './routes.ts';
import * as schema from './schemas.ts';

const closed = { additionalProperties: false } as const;
const body = Type.Object({ receipt: Type.String({ minLength: 1, maxLength: 20_000 }) }, closed);
const credential = Type.Object({ user: Type.String(), password: Type.String(), validUntil: Type.Integer() }, closed);

export function addCredentials(app: App, roles: ShortLivedRoles): void {
  app.post('/v1/grants/:jti/credential', { schema: { summary: 'A PostgreSQL role for the use that the receipt proves; its password is given once', params: schema.jtiParams, body, response: { 200: credential, 410: schema.problem, ...problems } } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return answer(reply, await roles.issue(subjectOf(request), request.params.jti, request.body.receipt), () => 200, (issued) => ({ ...issued }));
  });
  app.post('/v1/grants/:jti/credential/release', { schema: { summary: 'The use is over: the role ends', params: schema.jtiParams, body, response: { 204: Type.Null(), ...problems } } }, async (request, reply) =>
    answer(reply, await roles.release(subjectOf(request), request.params.jti, request.body.receipt), () => 204, () => undefined));
}
