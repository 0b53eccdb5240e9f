/**
 * Every kind of record in every shape, against what the shape's own specification says. OCSF: requirements, types and enums of
 * version 1.5.0 (the subset in `testing/`). ECS: categories with the event types expected in them. OpenTelemetry: the JSON mapping of
 * OTLP's `LogsData`, nothing unknown. CEF and syslog: the grammars of the CEF white paper and of RFC 5424.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AuditRecord, AuditType } from '../record.ts';
import { type auditFormats, formatRecord } from './format.ts';

const data: AuditRecord['data'] = {
  capability: 'run', connection: 'shop|=\\x', environment: 'production', columns: ['customers.ssn'], estimatedRows: null, rows: 12, share: 0.5, sensitive: true, nested: { a: ['b', 1] }, reason: 'sha256:x\r\ny',
};
const types: readonly AuditType[] = [
  'backend.started', 'policy.loaded', 'policy.rejected', 'key.rotated', 'retention.pruned', 'retention.erased', 'request.created', 'request.step_approved', 'request.approved', 'request.denied',
  'request.changes_requested', 'request.resubmitted', 'request.cancelled', 'request.expired', 'request.commented', 'request.escalated', 'request.drift', 'grant.consumed', 'grant.reused', 'grant.refused',
  'grant.revoked', 'break_glass.used', 'break_glass.reviewed', 'drift.unasked', 'broker.ran', 'audit.read',
];
const kinds = ['person', 'agent', 'service', 'policy', 'system'] as const;
const records: readonly AuditRecord[] = types.flatMap((type, index) => (['run', 'reveal', 'export'] as const).map((capability): AuditRecord => ({
  v: 1, seq: index + 1, prev: 'p'.repeat(43), kid: 'k'.repeat(43), hash: 'h'.repeat(43), sig: 's'.repeat(86), at: Date.UTC(2026, 0, 5, 9, 0, 0, index),
  type, actor: { id: 'dana|o\'neil\n', kind: kinds[index % kinds.length] ?? 'person' }, ...(index % 2 === 0 ? { request: 'r-1', grant: 'g-1' } : {}), data: type === 'backend.started' ? {} : { ...data, capability },
})));
const each = (format: (typeof auditFormats)[number], check: (line: string, record: AuditRecord) => void): void => {
  for (const record of records) check(formatRecord(record, format, 'gate.example'), record);
};

interface Attribute { readonly requirement: string; readonly type: string; readonly enum?: readonly number[]; readonly array?: boolean }
interface Shape { readonly attributes: Readonly<Record<string, Attribute>>; readonly constraints?: { readonly at_least_one?: readonly string[] } }
interface Ocsf { readonly version: string; readonly classes: Readonly<Record<string, Shape & { readonly uid: number }>>; readonly objects: Readonly<Record<string, Shape>> }
const ocsf = JSON.parse(readFileSync(join(import.meta.dirname, 'testing/ocsf-1.5.0.json'), 'utf8')) as Ocsf;

/** The first thing in which the value is not of the shape; undefined when it is. */
function misfit(value: Readonly<Record<string, unknown>>, shape: Shape, at: string): string | undefined {
  const anyOf = shape.constraints?.at_least_one;
  if (anyOf && !anyOf.some((name) => value[name] !== undefined)) return `${at} has none of ${anyOf.join(', ')}`;
  for (const [name, { requirement }] of Object.entries(shape.attributes)) if (requirement === 'required' && value[name] === undefined) return `${at}.${name} is missing`;
  for (const [name, item] of Object.entries(value)) {
    const attribute = shape.attributes[name];
    if (!attribute) return `${at}.${name} is no attribute`;
    if (attribute.enum && !attribute.enum.includes(Number(item))) return `${at}.${name} is ${String(item)}, not one of ${attribute.enum.join(', ')}`;
    const object = ocsf.objects[attribute.type];
    const inner = object && misfit(item as Readonly<Record<string, unknown>>, object, `${at}.${name}`);
    if (inner) return inner;
    const whole = ['integer_t', 'long_t', 'timestamp_t'].includes(attribute.type);
    if (whole && !Number.isSafeInteger(item)) return `${at}.${name} is no integer`;
    if (!object && !whole && attribute.type !== 'object' && typeof item !== 'string') return `${at}.${name} is no ${attribute.type}`;
  }
  return undefined;
}

test('OCSF 1.5.0: Datastore Activity and API Activity with everything they require', () => {
  each('ocsf', (line, { type }) => {
    const event = JSON.parse(line) as Readonly<Record<string, number>>;
    const shape = Object.values(ocsf.classes).find(({ uid }) => uid === event.class_uid);
    assert.ok(shape, `${type}: class ${event.class_uid}`);
    assert.equal(misfit(event as never, shape, type), undefined);
    assert.equal(event.type_uid, (event.class_uid ?? 0) * 100 + (event.activity_id ?? 0));
    assert.equal((event.metadata as unknown as { version: string }).version, ocsf.version);
  });
});

test('the OCSF check itself finds what is missing, unknown, or not in an enum', () => {
  const shape = ocsf.classes.datastore_activity;
  assert.ok(shape);
  const record = records.find(({ type }) => type === 'grant.consumed');
  const good = JSON.parse(formatRecord(record as AuditRecord, 'ocsf', 'h')) as Readonly<Record<string, unknown>>;
  const { database: _database, ...without } = good;
  const wrong = [without, { ...good, activity_id: 77 }, { ...good, surprise: 1 }, { ...good, time: 'now' }, { ...good, actor: {} }, { ...good, metadata: { product: {} } }];
  for (const event of wrong) assert.notEqual(misfit(event, shape, 'event'), undefined, JSON.stringify(event));
});

/** elastic.co/guide/en/ecs/8.11: event.category, and the types expected in it. */
const expected: Readonly<Record<string, readonly string[]>> = {
  api: ['access', 'admin', 'allowed', 'change', 'creation', 'deletion', 'denied', 'end', 'info', 'start', 'user'],
  database: ['access', 'change', 'info', 'error'],
};
const ecsFields = new Set([
  '@timestamp', 'message', 'ecs.version', 'event.kind', 'event.category', 'event.type', 'event.action', 'event.outcome', 'event.severity', 'event.sequence', 'event.id', 'event.hash', 'event.dataset',
  'event.module', 'user.id', 'service.name', 'service.environment',
]);

test('ECS 8.11: its fields and no others outside labels and our own, types that belong to their category', () => {
  const paths = (value: object, at: string): readonly string[] => Object.entries(value).flatMap(([key, item]) => (typeof item === 'object' && !Array.isArray(item) ? paths(item, `${at}${key}.`) : [`${at}${key}`]));
  each('ecs', (line, { type }) => {
    const event = JSON.parse(line) as { event: { category: string[]; type: string[]; kind: string; outcome: string; severity: number } };
    const { pii_gate: _own, labels, ...rest } = event as typeof event & { pii_gate: object; labels: Record<string, unknown> };
    assert.deepEqual(paths(rest, '').filter((path) => !ecsFields.has(path)), [], type);
    assert.ok(Object.values(labels).every((label) => typeof label === 'string'), 'labels are keywords');
    for (const category of event.event.category) for (const kind of event.event.type) assert.ok(expected[category]?.includes(kind), `${type}: ${category}/${kind}`);
    assert.ok(['alert', 'event'].includes(event.event.kind) && ['success', 'failure'].includes(event.event.outcome) && Number.isInteger(event.event.severity));
  });
});

/** opentelemetry-proto, logs.proto and common.proto in their JSON mapping: lowerCamelCase, 64-bit integers as strings, a oneof as one field. */
const keyValues = { type: 'array', items: { type: 'object', additionalProperties: false, required: ['key', 'value'], properties: { key: { type: 'string', minLength: 1 }, value: { $ref: '#/$defs/any' } } } };
const closed = (properties: object, required: readonly string[] = []): object => ({ type: 'object', additionalProperties: false, properties, required });
const nanos = { type: 'string', pattern: '^[1-9][0-9]{0,19}$' };
const otlp = {
  $defs: {
    any: {
      oneOf: [
        closed({ stringValue: { type: 'string' } }, ['stringValue']), closed({ boolValue: { type: 'boolean' } }, ['boolValue']), closed({ intValue: { type: 'string', pattern: '^-?[0-9]+$' } }, ['intValue']),
        closed({ doubleValue: { type: 'number' } }, ['doubleValue']), closed({ arrayValue: closed({ values: { type: 'array', items: { $ref: '#/$defs/any' } } }) }, ['arrayValue']),
        closed({ kvlistValue: closed({ values: keyValues }) }, ['kvlistValue']),
      ],
    },
  },
  ...closed({
    resourceLogs: { type: 'array', minItems: 1, items: closed({
      resource: closed({ attributes: keyValues }), schemaUrl: { type: 'string' },
      scopeLogs: { type: 'array', minItems: 1, items: closed({
        scope: closed({ name: { type: 'string' }, version: { type: 'string' }, attributes: keyValues }), schemaUrl: { type: 'string' },
        logRecords: { type: 'array', minItems: 1, items: closed({
          timeUnixNano: nanos, observedTimeUnixNano: nanos, severityNumber: { type: 'integer', minimum: 1, maximum: 24 }, severityText: { type: 'string' }, body: { $ref: '#/$defs/any' }, attributes: keyValues, eventName: { type: 'string' },
        }, ['timeUnixNano', 'severityNumber', 'body']) },
      }) },
    }) },
  }, ['resourceLogs']),
};

test('OpenTelemetry: OTLP/JSON LogsData, with nothing that a collector does not know', () => {
  const validate = new Ajv2020({ strict: false }).compile(otlp);
  each('otel', (line, { type }) => assert.ok(validate(JSON.parse(line)), `${type}: ${JSON.stringify(validate.errors?.[0])}`));
  assert.equal(validate({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: 1, severityNumber: 9, body: { stringValue: '' } }] }] }] }), false, 'a number loses nanoseconds');
});

/** RFC 5424, 6: HEADER SP STRUCTURED-DATA SP MSG, a UTF-8 message behind its mark. */
const syslog = /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) - \ufeff([^\r\n]*)$/;
/** CEF: seven header fields in which only `\\` and `\|` are escaped, then key=value pairs whose values escape `\\`, `\=`, `\n`, `\r`. */
const cef = /^CEF:0((?:\|(?:[^|\\\r\n]|\\[\\|])*){6})\|((?:[A-Za-z0-9]+=(?:[^=\\\r\n]|\\[\\=nr])*?(?:(?= [A-Za-z0-9]+=) |$))+)$/;
const cefKeys = new Set(['rt', 'externalId', 'suser', 'act', 'outcome', 'msg', ...[1, 2, 3, 4, 5, 6].flatMap((n) => [`cs${n}`, `cs${n}Label`])]);

test('CEF in RFC 5424 frames: both grammars hold, and only keys of the dictionary occur', () => {
  each('cef', (line, { type, at }) => {
    const frame = syslog.exec(line);
    assert.ok(frame, line);
    assert.ok(Number(frame[1]) <= 191);
    assert.equal(Date.parse(frame[2] ?? ''), at);
    const event = cef.exec(frame[7] ?? '');
    assert.ok(event, `${type}: ${frame[7]}`);
    const severity = Number(event[1]?.split('|').at(-1));
    assert.ok(Number.isInteger(severity) && severity >= 0 && severity <= 10);
    const keys = [...(event[2] ?? '').matchAll(/(?:^| )([A-Za-z0-9]+)=/g)].map(([, key]) => key ?? '');
    for (const key of keys) assert.ok(cefKeys.has(key), key);
    assert.equal(new Set(keys).size, keys.length, 'no key twice');
  });
});
