/** What the inbox shows beside requests: context of one, the overview. Read only. */
import { Type } from 'typebox';
import { OVERVIEW_DAYS, overviewOf } from '../insights/overview.ts';
import { contextOf } from '../insights/request-context.ts';
import { refuse } from '../requests/refusal.ts';
import { mayView } from '../requests/visibility.ts';
import type { Reads } from '../store/store.ts';
import { RefusalError, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { problems } from './routes.ts';
import * as schema from './schemas.ts';

const count = Type.Integer({ minimum: 0 });
const time = Type.Integer({ description: 'Milliseconds since the epoch' });
const contextAnswer = Type.Object({
  lastApproved: Type.Optional(Type.Object({ id: Type.String(), preview: Type.String(), at: time, by: Type.String() })),
  history: Type.Object({ requests: count, approved: count, denied: count, since: time }),
  trace: Type.Array(Type.Object({ id: Type.String(), line: count, when: Type.String(), effect: Type.String(), fired: Type.Boolean(), error: Type.Optional(Type.String()) })),
  identical: Type.Array(Type.String()),
});
const overviewAnswer = Type.Object({
  since: time,
  pending: Type.Object({ count, oldestAge: count, ages: Type.Array(Type.Object({ upTo: Type.String(), count })) }),
  days: Type.Array(Type.Object({ day: Type.String(), approved: count, denied: count, other: count })),
  medianToDecision: Type.Optional(Type.Number()),
  byPolicy: count,
  tables: Type.Array(Type.Object({ name: Type.String(), requests: count, denied: count })),
  requesters: Type.Array(Type.Object({ name: Type.String(), requests: count, denied: count })),
  drift: Type.Object({ requests: count, columns: Type.Array(Type.Object({ name: Type.String(), entity: Type.String(), requests: count })) }),
  denials: Type.Array(Type.Object({ id: Type.String(), requester: Type.String(), by: Type.String(), comment: Type.String(), at: time })),
});
/** Requests that the overview looks through. */
const OVERVIEW_REQUESTS = 1_000;

export function addInsights(app: App, reads: Reads, now: () => number): void {
  app.get('/v1/requests/:id/context', { schema: { summary: 'What helps to judge a request', params: schema.idParams, response: { 200: contextAnswer, ...problems } } }, async (request) => {
    const subject = subjectOf(request);
    const found = await reads.request(request.params.id);
    if (!found || !mayView(subject, found)) throw new RefusalError(refuse(404, 'not-found', 'There is no such request, or it is not yours to see.'));
    return contextOf(reads, found, subject, now());
  });
  app.get('/v1/insights', { schema: { summary: `The last ${OVERVIEW_DAYS} days of the requests that I may see`, response: { 200: overviewAnswer, ...problems } } }, async (request) => {
    const subject = subjectOf(request);
    const seen = (await reads.requests({ since: now() - (OVERVIEW_DAYS + 1) * 86_400_000, limit: OVERVIEW_REQUESTS })).filter((r) => mayView(subject, r));
    return overviewOf(seen, now());
  });
}
