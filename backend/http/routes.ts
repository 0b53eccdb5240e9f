/** `/v1`: what an editor, an inbox or a script asks. Each handler is: who, what, the service's answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RequestState } from '#core/wire/approval.ts';
import type { GrantService } from '../grants/service.ts';
import type { SigningKey } from '../keys/key-files.ts';
import type { RequestService } from '../requests/service.ts';
import type { ToWire } from '../requests/wire.ts';
import { refuse, type Result } from '../requests/refusal.ts';
import type { StoredRequest } from '../store/store.ts';
import { makeProblem, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import * as schema from './schemas.ts';

export interface RouteDeps {
  readonly requests: RequestService;
  readonly grants: GrantService;
  readonly toWire: ToWire;
  readonly keys: readonly SigningKey[];
  readonly issuer: string;
  readonly version: string;
  readonly policyVersion: () => string;
  /** Connections of the broker: only it may say what is run there. */
  readonly isBrokered: (connectionId: string) => boolean;
  /** What is wrong with configuration on disk while an older version is in use. */
  readonly configurationProblems: () => readonly string[];
}

/** Problems that any route may answer with. */
export const problems = { 400: schema.problem, 401: schema.problem, 403: schema.problem, 404: schema.problem, 409: schema.problem, 422: schema.problem, 429: schema.problem, 500: schema.problem };

export function answer<T>(reply: FastifyReply, result: Result<T>, status: (value: T) => number, body: (value: T) => unknown): FastifyReply {
  if (result.ok) return reply.code(status(result.value)).send(body(result.value));
  return reply.code(result.status).type('application/problem+json').send(makeProblem(result.status, result.code, result.detail));
}

/** For bodies whose every field is optional. */
async function noBodyIsEmpty(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}

const listQuery = Type.Object({
  state: Type.Optional(schema.requestState),
  mine: Type.Optional(Type.Boolean()),
  before: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000_000_000_000, description: 'Milliseconds since the epoch: older than this' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
}, { additionalProperties: false });

export function addRoutes(app: App, deps: RouteDeps): void {
  const { requests, grants, toWire } = deps;
  const open = { config: { public: true } } as const;

  app.get('/v1/health', { ...open, schema: { summary: 'Is it up', security: [], response: { 200: schema.health } } }, async () => ({
    status: deps.configurationProblems().length === 0 ? ('ok' as const) : ('degraded' as const), version: deps.version, policyVersion: deps.policyVersion(),
  }));
  app.get('/v1/openapi.json', { ...open, schema: { hide: true } }, async () => app.swagger());
  app.get('/v1/keys', { ...open, schema: { summary: 'Public keys of grants, receipts and the audit trail (JWKS)', security: [], response: { 200: schema.jwks } } }, async () => ({
    issuer: deps.issuer,
    keys: deps.keys.map((key) => ({ ...key.publicJwk, kid: key.kid, kty: 'OKP' })),
  }));
  app.get('/v1/me', { schema: { summary: 'Who am I', response: { 200: schema.person, ...problems } } }, async (request) => {
    const { id, name, roles } = subjectOf(request);
    return { id, name, roles: [...roles] };
  });

  app.post('/v1/evaluate', { schema: { summary: 'What would the policy say; stores nothing', body: schema.evaluateInput, response: { 200: schema.verdict, ...problems } } }, async (request, reply) =>
    reply.send(await requests.evaluate(subjectOf(request), request.body, request.ip)),
  );

  const send = async (reply: FastifyReply, subject: ReturnType<typeof subjectOf>, result: Result<StoredRequest>, status = 200): Promise<FastifyReply> => {
    const wire = result.ok ? await toWire(result.value, subject) : undefined;
    return answer(reply, result, () => status, () => wire);
  };
  const one = { 200: schema.approvalRequest, ...problems };

  app.post('/v1/requests', { schema: { summary: 'Ask. 201 for a new request, 200 when the idempotency key is known', body: schema.createRequest, response: { 201: schema.approvalRequest, ...one } } }, async (request, reply) => {
    const subject = subjectOf(request);
    // Facts of a brokered statement come from the broker alone: a client could name a known digest and harmless facts.
    if (deps.isBrokered(request.body.binding.connection.id)) {
      return send(reply, subject, refuse(403, 'broker-only', 'This connection belongs to the broker. Ask at /v1/broker/requests.'));
    }
    const result = await requests.create(subject, request.body, request.ip);
    return result.ok ? send(reply, subject, { ok: true, value: result.value.request }, result.value.fresh ? 201 : 200) : send(reply, subject, result);
  });

  app.get('/v1/requests', { schema: { summary: 'Requests that I may see, newest first', querystring: listQuery, response: { 200: schema.requestList, ...problems } } }, async (request, reply) => {
    const subject = subjectOf(request);
    const { state, mine, before, limit } = request.query;
    const found = await requests.list(subject, {
      limit: limit ?? 200,
      ...(state === undefined ? {} : { states: [state as RequestState] }),
      ...(mine === true ? { requester: subject.id } : {}),
      ...(before === undefined ? {} : { before }),
    });
    const shown = mine === false ? found.filter((each) => each.requester.id !== subject.id) : found;
    return reply.send({ requests: await Promise.all(shown.map((each) => toWire(each, subject))) });
  });

  app.get('/v1/requests/:id', { schema: { summary: 'One request', params: schema.idParams, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    return send(reply, subject, await requests.get(subject, request.params.id));
  });
  app.post('/v1/requests/:id/decisions', { schema: { summary: 'Approve, deny or ask for changes', params: schema.idParams, body: schema.decisionBody, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    return send(reply, subject, await requests.decide(subject, request.params.id, request.body));
  });
  app.post('/v1/requests/:id/comments', { schema: { summary: 'Remark on the request or on lines of its statement', params: schema.idParams, body: schema.newComment, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    return send(reply, subject, await requests.comment(subject, request.params.id, request.body));
  });
  app.post('/v1/requests/:id/after-review', { schema: { summary: 'Look at broken glass afterwards', params: schema.idParams, body: schema.afterReviewBody, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    return send(reply, subject, await requests.afterReview(subject, request.params.id, request.body));
  });
  app.post('/v1/requests/:id/resubmit', { schema: { summary: 'Answer a request for changes', params: schema.idParams, body: schema.resubmission, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    // As above: only the broker says what a statement on its connections does.
    if (request.body.revision && deps.isBrokered(request.body.revision.binding.connection.id)) {
      return send(reply, subject, refuse(403, 'broker-only', 'This connection belongs to the broker. Make a new request at /v1/broker/requests.'));
    }
    return send(reply, subject, await requests.resubmit(subject, request.params.id, request.body, request.ip));
  });
  app.post('/v1/requests/:id/cancel', { schema: { summary: 'Withdraw my request', params: schema.idParams, response: one } }, async (request, reply) => {
    const subject = subjectOf(request);
    return send(reply, subject, await requests.cancel(subject, request.params.id));
  });

  app.post('/v1/grants/:jti/consume', { schema: { summary: 'Use a grant; answers a signed receipt', params: schema.jtiParams, body: schema.consumeGrant, response: { 200: schema.consumed, 410: schema.problem, ...problems } } }, async (request, reply) =>
    answer(reply, await grants.consume(subjectOf(request), request.params.jti, request.body), () => 200, ({ receipt }) => ({ receipt })),
  );
  app.post('/v1/grants/:jti/revoke', { preValidation: noBodyIsEmpty, schema: { summary: 'End a grant at once', params: schema.jtiParams, body: schema.revocation, response: { 204: Type.Null(), ...problems } } }, async (request, reply) =>
    answer(reply, await grants.revoke(subjectOf(request), request.params.jti, request.body.comment ?? ''), () => 204, () => undefined),
  );
}
