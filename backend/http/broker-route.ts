/** `/v1/broker`: statements in, masked rows out, as JSON lines: `{columns}`, `{rows}` …, `{end}` or `{error}`. */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Broker, BrokerResult } from '../broker/broker.ts';
import type { ToWire } from '../requests/wire.ts';
import { makeProblem, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { answer, problems } from './routes.ts';
import * as schema from './schemas.ts';

const closed = { additionalProperties: false } as const;
const parameters = Type.Array(Type.Union([Type.String({ maxLength: 100_000 }), Type.Number(), Type.Boolean(), Type.Null()]), { maxItems: 1_000 });
const statement = Type.String({ minLength: 1, maxLength: 400_000 });
const ask = Type.Object({
  connection: Type.String({ minLength: 1, maxLength: 64 }), statement, parameters, capability: Type.Unsafe<'run' | 'export'>(Type.String({ enum: ['run', 'export'] })),
  columns: schema.scope.properties.columns, use: schema.scope.properties.use, durationMs: schema.scope.properties.durationMs, maxRows: schema.scope.properties.maxRows,
  reason: schema.createRequest.properties.reason, ticket: schema.createRequest.properties.ticket, agent: schema.createRequest.properties.agent,
  breakGlass: schema.createRequest.properties.breakGlass, idempotencyKey: schema.createRequest.properties.idempotencyKey,
}, closed);
const run = Type.Object({ statement, parameters }, closed);
const connections = Type.Object({
  connections: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), dialect: Type.String(), environment: schema.environment, readOnly: Type.Boolean() }, closed)),
}, closed);

export function addBroker(app: App, broker: Broker, toWire: ToWire): void {
  app.get('/v1/broker/connections', { schema: { summary: 'Databases that this backend runs statements on', response: { 200: connections, ...problems } } }, async (request) => {
    subjectOf(request);
    return { connections: broker.connections().map(({ id, name, dialect, environment, readOnly }) => ({ id, name, dialect, environment, readOnly: readOnly !== false })) };
  });

  app.post('/v1/broker/requests', { schema: { summary: 'Ask to run a statement here; the backend finds out what it does', body: ask, response: { 201: schema.approvalRequest, 200: schema.approvalRequest, ...problems } } }, async (request, reply) => {
    const subject = subjectOf(request);
    const result = await broker.ask(subject, request.body, request.ip);
    const wire = result.ok ? await toWire(result.value.request, subject) : undefined;
    return answer(reply, result, ({ fresh }) => (fresh ? 201 : 200), () => wire);
  });

  app.post('/v1/broker/requests/:id/run', { schema: { summary: 'Run the approved statement; masked rows as JSON lines', params: schema.idParams, body: run, response: { 200: { description: 'JSON lines', content: { 'application/x-ndjson': { schema: { type: 'string' } } } }, 410: schema.problem, ...problems } } }, async (request, reply) => {
    const subject = subjectOf(request);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('The client went away')));
    const result = await broker.run(subject, request.params.id, request.body, gone.signal);
    if (!result.ok) return answer(reply, result, () => 200, () => undefined);
    return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines(result.value)));
  });
}

async function* lines({ pages, cap, receipt }: BrokerResult): AsyncGenerator<string> {
  let set = -1;
  let rows = 0;
  try {
    for await (const page of pages) {
      if (page.set !== set) {
        set = page.set;
        yield `${JSON.stringify({ set, columns: page.verdicts.map(({ name, masked, reasons, entity }) => ({ name, masked, reasons, ...(entity === undefined ? {} : { entity }) })) })}\n`;
      }
      rows += page.rows.length;
      if (page.rows.length > 0) yield `${JSON.stringify({ rows: page.rows.map((row) => row.map(({ v, m }) => (m ? { v, m } : { v }))) })}\n`;
      if (page.end) yield `${JSON.stringify({ end: { ...page.end, rows, cap, receipt } })}\n`;
    }
  } catch (error) {
    // The answer has begun: the problem is its last line. The broker has cleaned the message.
    yield `${JSON.stringify({ error: makeProblem(422, 'database-refused', error instanceof Error ? error.message : 'The statement failed.') })}\n`;
  }
}
