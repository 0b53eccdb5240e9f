/**
 * The API fuzzed from its own OpenAPI document: bodies that fit each schema and bodies that nearly do, odd paths and queries.
 * Never a 5xx, never a status or body that the document does not describe, never a raw grant for the wrong person.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

interface Schema {
  readonly type?: string; readonly enum?: readonly unknown[]; readonly properties?: Record<string, Schema>; readonly required?: readonly string[]; readonly items?: Schema;
  readonly minimum?: number; readonly maximum?: number; readonly minLength?: number; readonly maxLength?: number; readonly maxItems?: number;
}
interface Parameter { readonly name: string; readonly in: string; readonly schema: Schema }
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}
interface Document { readonly paths: Record<string, Record<string, Operation>> }

let gate: RunningBackend;
let document: Document;
let ids: readonly string[];
const errors: string[] = [];
before(async () => {
  gate = await startBackend({ onError: (where, error) => errors.push(`${where}: ${String(error)}`) });
  document = (await gate.call<Document>(undefined, 'GET', '/v1/openapi.json')).body;
  const pending = (await gate.call('dana', 'POST', '/v1/requests', sampleRequest())).body;
  const approved = (await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment: 'staging' }))).body;
  ids = [pending.id, approved.id, JSON.parse(Buffer.from(approved.grant?.split('.')[1] ?? '', 'base64url').toString()).jti as string];
});
after(() => gate.stop());

/** Values that fit the schema; texts of any characters. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      return fc.record(Object.fromEntries(properties.map(([name, each]) => [name, fitting(each)])), { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array': return fc.array(fitting(schema.items ?? {}), { maxLength: Math.min(3, schema.maxItems ?? 3) });
    case 'string': return fc.string({ unit: 'binary', minLength: schema.minLength ?? 0, maxLength: Math.min(40, schema.maxLength ?? 40) });
    case 'integer': return fc.oneof(
      fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000_000, 2_147_483_647) }),
      // The very ends: what a store's integer column can't hold must not get that far.
      fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 1e300, 1e300, 2 ** 63),
    );
    case 'number': return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean': return fc.boolean();
    default: return fc.jsonValue({ maxDepth: 2 });
  }
}

/** The value with one thing in it replaced by something else. */
function broken(value: unknown, path: readonly number[], other: unknown): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) return other;
  const keys = Object.keys(value);
  const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = broken((value as Record<string, unknown>)[key], path.slice(1), other);
  return copy;
}

const people = fc.constantFrom('dana', 'sam', 'stella', 'devon', 'aria', undefined);
const ajv = new Ajv2020({ strict: false });

/** Streams do not end, so they are not fuzzed here. */
const streams = new Set(['/v1/events']);

test('every operation, with whatever fits and whatever nearly fits', async () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => (streams.has(path) ? [] : Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))));
  assert.ok(operations.length >= 15);
  for (const { path, method, operation } of operations) {
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    const queries = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const body = schema ? fitting(schema) : fc.constant(undefined);
    const query = fc.record(Object.fromEntries(queries.map(({ name, schema: each }) => [name, fc.oneof(fitting(each), fc.string())])), { requiredKeys: [] });
    const place = fc.oneof(fc.constantFrom(...ids), fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }));
    await fc.assert(fc.asyncProperty(people, body, fc.boolean(), fc.array(fc.nat(20), { maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), query, place, async (who, fit, breaks, where, other, search, id) => {
      const sent = schema && breaks ? broken(fit, where, other) : fit;
      const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(id));
      const text = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)] as [string, string])).toString();
      const response = await fetch(`${gate.url}${filled}${text === '' ? '' : `?${text}`}`, {
        method: method.toUpperCase(), redirect: 'manual',
        headers: { ...(who === undefined ? {} : { authorization: `Bearer ${gate.tokens[who]}` }), ...(schema ? { 'content-type': 'application/json' } : {}) },
        ...(schema ? { body: JSON.stringify(sent) } : {}),
      });
      const answer = await response.text();
      assert.ok(response.status < 500, `${method} ${filled}: ${response.status} ${answer}`);
      const described = operation.responses[String(response.status)];
      // 404 and 414 are the router's own: an id that is no path segment, or too long a one.
      if (!described) assert.ok([404, 414].includes(response.status), `${method} ${filled}: ${response.status} is not described: ${answer}`);
      const expected = Object.values(described?.content ?? {})[0]?.schema;
      const type = response.headers.get('content-type') ?? '';
      if (expected && /^application\/(?:problem\+)?json\b/.test(type)) assert.ok(ajv.validate(expected, JSON.parse(answer)), `${method} ${filled} ${response.status}: ${ajv.errorsText()} in ${answer.slice(0, 300)}`);
    }), { numRuns: 40, seed: 20_260_105 });
  }
  assert.deepEqual(errors, []);
});

test('after all of it the trail is whole and the service answers', async () => {
  assert.equal((await gate.call<{ status: string }>(undefined, 'GET', '/v1/health')).body.status, 'ok');
  const { body } = await gate.call<{ records: { seq: number; prev: string; hash: string }[] }>('aria', 'GET', '/v1/audit?limit=1000');
  for (const [index, record] of body.records.entries()) if (index > 0) assert.equal(record.prev, body.records[index - 1]?.hash);
});
