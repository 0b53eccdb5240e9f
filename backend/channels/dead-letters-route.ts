/** What could not be told, for admins: `GET /v1/channels/dead-letters`, and once more with `POST /v1/channels/{id}/revive`. */
import { Type } from 'typebox';
import { subjectOf } from '../http/authentication.ts';
import { type App, RefusalError } from '../http/app.ts';
import { problems } from '../http/routes.ts';
import { idParams } from '../http/schemas.ts';
import type { Subject } from '../identity/identity.ts';
import { refuse } from '../requests/refusal.ts';
import type { DeadLetter } from './outbox-store.ts';

const letters = Type.Object({ letters: Type.Array(Type.Object({
  id: Type.String(), channel: Type.String(), requestId: Type.String(), type: Type.String(), at: Type.Integer({ description: 'Milliseconds since the epoch' }), attempts: Type.Integer(), why: Type.String(),
})) });
const revived = Type.Object({ revived: Type.Integer() });

export function addDeadLetterRoutes(app: App, deadLetters: () => Promise<readonly DeadLetter[]>, revive: (channel: string) => Promise<number>): void {
  app.get('/v1/channels/dead-letters', { schema: { summary: 'Messages that no channel took', response: { 200: letters, ...problems } } }, async (request) => {
    mustAdminister(subjectOf(request));
    return { letters: [...(await deadLetters())] };
  });
  app.post('/v1/channels/:id/revive', { schema: { summary: 'Try a channel\'s dead letters again', params: idParams, response: { 200: revived, ...problems } } }, async (request) => {
    mustAdminister(subjectOf(request));
    return { revived: await revive(request.params.id) };
  });
}

function mustAdminister({ roles }: Subject): void {
  if (!roles.includes('admin')) throw new RefusalError(refuse(403, 'forbidden', 'Dead letters are for the role admin.'));
}
