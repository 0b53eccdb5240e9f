/** OpenTelemetry logs data model in OTLP/JSON (https://opentelemetry.io/docs/specs/otel/logs/data-model): one ResourceLogs a line. */
import type { AuditRecord, AuditValue } from '../record.ts';
import { severityOf, titleOf } from './format.ts';

type AnyValue = { stringValue: string } | { boolValue: boolean } | { intValue: string } | { doubleValue: number } | { arrayValue: { values: AnyValue[] } } | { kvlistValue: { values: { key: string; value: AnyValue }[] } };

export function toOtel(record: AuditRecord, host: string): object {
  const attributes: Record<string, AuditValue> = {
    'event.name': `pii_gate.${record.type}`, 'enduser.id': record.actor.id, 'pii_gate.actor.kind': record.actor.kind,
    ...(record.request === undefined ? {} : { 'pii_gate.request': record.request }),
    ...(record.grant === undefined ? {} : { 'pii_gate.grant': record.grant }),
    'pii_gate.data': record.data, 'pii_gate.chain.seq': record.seq, 'pii_gate.chain.prev': record.prev, 'pii_gate.chain.hash': record.hash, 'pii_gate.chain.sig': record.sig, 'pii_gate.chain.kid': record.kid,
  };
  const severity = severityOf(record);
  return {
    resourceLogs: [{
      resource: { attributes: pairs({ 'service.name': 'pii-gate', 'host.name': host }) },
      scopeLogs: [{
        scope: { name: 'pii-gate.audit' },
        logRecords: [{
          timeUnixNano: `${BigInt(record.at) * 1_000_000n}`, observedTimeUnixNano: `${BigInt(record.at) * 1_000_000n}`,
          // 9 INFO, 13 WARN, 17 ERROR (data model, SeverityNumber).
          severityNumber: severity >= 9 ? 17 : severity >= 5 ? 13 : 9, severityText: severity >= 9 ? 'ERROR' : severity >= 5 ? 'WARN' : 'INFO',
          body: { stringValue: titleOf(record) }, attributes: pairs(attributes),
        }],
      }],
    }],
  };
}

function pairs(values: Readonly<Record<string, AuditValue>>): { key: string; value: AnyValue }[] {
  return Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ key, value: anyValue(value) }]));
}

function anyValue(value: Exclude<AuditValue, null>): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.filter((item) => item !== null).map((item) => anyValue(item)) } };
  return { kvlistValue: { values: pairs(value as Readonly<Record<string, AuditValue>>) } };
}
