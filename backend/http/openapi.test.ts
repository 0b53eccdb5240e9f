/** The served OpenAPI document against what the server really answers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

interface Operation { readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>; readonly security?: readonly object[] }
interface Document { readonly openapi: string; readonly paths: Record<string, Record<string, Operation>> }

let gate: RunningBackend;
let document: Document;
before(async () => {
  gate = await startBackend();
  document = (await gate.call<Document>(undefined, 'GET', '/v1/openapi.json')).body;
});
after(() => gate.stop());

const ajv = new Ajv2020({ strict: false, allErrors: true });

/** Asserts that the answer has a described status and body. */
function conforms(path: string, method: string, status: number, body: unknown): void {
  const response = document.paths[path]?.[method]?.responses[String(status)];
  assert.ok(response, `${method} ${path} answered ${status}, which is not described`);
  const schema = Object.values(response.content ?? {})[0]?.schema;
  if (schema === undefined) return;
  const valid = ajv.validate(schema, body);
  assert.ok(valid, `${method} ${path} ${status}: ${ajv.errorsText()}`);
}

test('every operation is described, and answers as described', async () => {
  assert.equal(document.openapi, '3.1.0');
  const expected = [
    'get /v1/health', 'get /v1/keys', 'get /v1/me', 'post /v1/evaluate', 'post /v1/requests', 'get /v1/requests', 'get /v1/requests/{id}',
    'post /v1/requests/{id}/decisions', 'post /v1/requests/{id}/comments', 'get /v1/audit/search', 'get /v1/audit/export', 'get /v1/audit/verify', 'post /v1/requests/{id}/cancel', 'post /v1/requests/{id}/resubmit', 'post /v1/grants/{jti}/consume',
    'post /v1/grants/{jti}/revoke', 'get /v1/events', 'get /v1/audit', 'post /v1/session', 'delete /v1/session',
  ];
  const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  for (const operation of expected) assert.ok(described.includes(operation), operation);

  const ask = sampleRequest();
  const made = await gate.call('dana', 'POST', '/v1/requests', ask);
  conforms('/v1/requests', 'post', made.status, made.body);
  const { id } = made.body;
  const calls: readonly [who: string | undefined, method: string, path: string, template: string, body?: unknown][] = [
    [undefined, 'GET', '/v1/health', '/v1/health'],
    [undefined, 'GET', '/v1/keys', '/v1/keys'],
    ['dana', 'GET', '/v1/me', '/v1/me'],
    [undefined, 'GET', '/v1/me', '/v1/me'],
    ['dana', 'POST', '/v1/evaluate', '/v1/evaluate', { facts: ask.facts, connection: ask.binding.connection, capability: 'run', scope: ask.scope }],
    ['dana', 'POST', '/v1/evaluate', '/v1/evaluate', { nonsense: 1 }],
    ['dana', 'POST', '/v1/requests', '/v1/requests', ask],
    ['dana', 'POST', '/v1/requests', '/v1/requests', { ...ask, reason: 'other' }],
    ['dana', 'POST', '/v1/requests', '/v1/requests', { ...sampleRequest(), reason: '' }],
    ['sam', 'GET', '/v1/requests?state=pending&mine=false&limit=5', '/v1/requests'],
    ['sam', 'GET', '/v1/requests?state=nonsense', '/v1/requests'],
    ['dana', 'GET', `/v1/requests/${id}`, '/v1/requests/{id}'],
    ['devon', 'GET', `/v1/requests/${id}`, '/v1/requests/{id}'],
    ['dana', 'POST', `/v1/requests/${id}/decisions`, '/v1/requests/{id}/decisions', { decision: 'approve', comment: '' }],
    ['sam', 'POST', `/v1/requests/${id}/comments`, '/v1/requests/{id}/comments', { text: 'Which ticket?', line: 1 }],
    ['sam', 'POST', `/v1/requests/${id}/comments`, '/v1/requests/{id}/comments', { text: 'Which line?', line: 99 }],
    ['devon', 'POST', `/v1/requests/${id}/comments`, '/v1/requests/{id}/comments', { text: 'Not mine to see' }],
    ['sam', 'POST', `/v1/requests/${id}/decisions`, '/v1/requests/{id}/decisions', { decision: 'approve', comment: '', constraints: { maxRows: 10 } }],
    ['dana', 'GET', `/v1/requests/${id}`, '/v1/requests/{id}'],
    ['dana', 'POST', `/v1/requests/${id}/resubmit`, '/v1/requests/{id}/resubmit', { reason: 'again' }],
    ['dana', 'POST', '/v1/grants/unknown/consume', '/v1/grants/{jti}/consume', { nonce: 'nonce-0000', digest: 'd', capability: 'run' }],
    ['dana', 'POST', '/v1/grants/unknown/revoke', '/v1/grants/{jti}/revoke'],
    ['dana', 'POST', `/v1/requests/${id}/cancel`, '/v1/requests/{id}/cancel'],
    ['dana', 'POST', `/v1/requests/${id}/cancel`, '/v1/requests/{id}/cancel'],
    ['aria', 'GET', '/v1/audit?after=0&limit=50', '/v1/audit'],
    ['dana', 'GET', '/v1/audit', '/v1/audit'],
    ['aria', 'GET', '/v1/audit/search?type=request.', '/v1/audit/search'],
    ['aria', 'GET', '/v1/audit/verify', '/v1/audit/verify'],
    ['dana', 'GET', '/v1/audit/verify', '/v1/audit/verify'],
    [undefined, 'POST', '/v1/session', '/v1/session', { token: 'not-a-token' }],
  ];
  for (const [who, method, path, template, body] of calls) {
    const answer = await gate.call<unknown>(who, method, path, body);
    assert.ok(answer.status < 500, `${method} ${path}: ${answer.status}`);
    conforms(template, method.toLowerCase(), answer.status, answer.body);
  }
});

test('what is not there, not JSON, too large or of another type is a problem too', async () => {
  const cases: readonly [string, string, unknown, Record<string, string>, number, string][] = [
    ['GET', '/v1/nothing', undefined, {}, 404, 'not-found'],
    ['POST', '/v1/evaluate', '{', {}, 400, 'invalid-body'],
    ['POST', '/v1/evaluate', '{"__proto__": {"x": 1}}', {}, 400, 'invalid-body'],
    ['POST', '/v1/evaluate', `"${'x'.repeat(1_100_000)}"`, {}, 413, 'too-large'],
    ['POST', '/v1/evaluate', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['POST', '/v1/requests', { ...sampleRequest(), surprise: true }, {}, 400, 'invalid-body'],
  ];
  for (const [method, path, body, headers, status, code] of cases) {
    const answer = await gate.call('dana', method, path, body, headers);
    assert.deepEqual([answer.status, answer.body.code, answer.body.status], [status, code, status], path);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  }
});
