/** The HTTP server around the routes: limits, headers, errors as RFC 9457 problems, OpenAPI, rate limits. */
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyTypeProvider, type RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Static, TSchema } from 'typebox';
import type { Problem } from '#core/wire/approval.ts';
import type { Refusal } from '../requests/refusal.ts';
import { compileValidator } from './validation.ts';

/** Bodies get their schema's type; answers are checked against the document by tests (the wire types are readonly, schemas are not). */
interface TypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: unknown;
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeProvider>;

export interface AppOptions {
  readonly version: string;
  /** Requests a minute of one client (token or address). */
  readonly rateLimit: number;
  /** Proxies whose `X-Forwarded-For` is believed: addresses or CIDRs. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Milliseconds in which a request must have come in whole. */
  readonly requestTimeoutMs: number;
  /** Told of the unexpected, without values. */
  readonly onError: (where: string, error: unknown) => void;
}

/** Bytes of a request body. The largest honest one is a statement's facts and preview. */
const bodyLimit = 1_048_576;

export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

export async function createApp(options: AppOptions): Promise<App> {
  const app = Fastify({
    logger: false,
    bodyLimit,
    // A body or header that drips in is cut off: ms.
    requestTimeout: options.requestTimeoutMs,
    http: { headersTimeout: Math.min(15_000, options.requestTimeoutMs), connectionsCheckingInterval: Math.min(5_000, options.requestTimeoutMs) },
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  }).withTypeProvider<TypeProvider>();
  app.setValidatorCompiler(compileValidator);
  // Answers are written as they are, so that the tests compare them with the OpenAPI document, not with themselves.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  acceptEmptyBodies(app);
  app.addHook('onSend', async (request, reply, payload) => {
    reply.headers(securityHeaders);
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
    return payload;
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) options.onError(`${request.method} ${request.routeOptions.url ?? '(unknown route)'}`, error);
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('application/problem+json').send(JSON.stringify(makeProblem(404, 'not-found', 'There is nothing at this address. See /v1/openapi.json.'))),
  );
  await app.register(rateLimit, {
    max: options.rateLimit,
    timeWindow: 60_000,
    // By person once the sign-in holds (the hook runs after it), else by address: a new guess is not a new client.
    hook: 'preHandler',
    keyGenerator: (request) => (request.subject ? `subject ${request.subject.id}` : `address ${request.ip}`),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'PII Gate approval service', version: options.version, description: 'Requests, decisions, grants and audit. Errors are RFC 9457 problems.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'pii_gate_session' } } },
      security: [{ bearer: [] }, { session: [] }],
    },
  });
  return app;
}

/** Cancel and revoke need no body; a client that still says `content-type: application/json` means the same. */
function acceptEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request', 401: 'Not signed in', 403: 'Not allowed', 404: 'Not found', 405: 'Method not allowed', 409: 'Conflict', 410: 'Gone',
  413: 'Too large', 415: 'Unsupported media type', 422: 'Not acceptable as it stands', 429: 'Too many requests', 500: 'Internal error', 503: 'Not ready',
};

export function makeProblem(status: number, code: string, detail: string): Problem {
  return { type: `urn:pii-gate:problem:${code}`, title: titles[status] ?? 'Error', status, code, detail };
}

/** A refusal that leaves a handler as an exception, because hooks have no other way. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Nothing of the body gets into the answer: messages name the place, never the value. */
function problemOf(error: FastifyError): Problem {
  if (error instanceof RefusalError) return makeProblem(error.refusal.status, error.refusal.code, error.refusal.detail);
  if (error.validation) {
    const [first] = error.validation;
    const context = error.validationContext ?? 'body';
    const path = first?.instancePath ?? '';
    // A field that is not in the schema has a name of the client's choice: it may be a value in the wrong place.
    const unknown = first?.keyword === 'boolean';
    const where = unknown ? `${context}${path.slice(0, Math.max(0, path.lastIndexOf('/')))}: a field that is not known here` : `${context}${path}: ${first?.message ?? 'not as expected'}`;
    return makeProblem(400, 'invalid-body', `${where}. See /v1/openapi.json.`);
  }
  const status = error.statusCode ?? 500;
  if (status === 429) return makeProblem(429, 'rate-limited', 'Too many requests. Wait a minute and try again.');
  if (status === 413) return makeProblem(413, 'too-large', `The body is larger than ${bodyLimit} bytes.`);
  if (status === 415) return makeProblem(415, 'unsupported-media-type', 'Send application/json.');
  if (status >= 400 && status < 500) return makeProblem(status, 'invalid-body', 'The body is not valid JSON, or the request is not valid HTTP.');
  return makeProblem(500, 'internal', 'Something went wrong here. Nothing was approved. The operator finds it in the log.');
}
