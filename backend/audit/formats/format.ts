/** Audit records in the shapes that SIEMs read. Each keeps the chain fields: an export without them can't be verified. */
import type { AuditRecord } from '../record.ts';
import { toCef } from './cef.ts';
import { toEcs } from './ecs.ts';
import { toOcsf } from './ocsf.ts';
import { toOtel } from './otel.ts';

export const auditFormats = ['jsonl', 'ocsf', 'cef', 'ecs', 'otel'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** One line without its line end. `jsonl` is the trail itself: `audit verify --file` reads it. */
export function formatRecord(record: AuditRecord, format: AuditFormat, host: string): string {
  switch (format) {
    case 'jsonl': return JSON.stringify(record);
    case 'ocsf': return JSON.stringify(toOcsf(record));
    case 'ecs': return JSON.stringify(toEcs(record));
    case 'otel': return JSON.stringify(toOtel(record, host));
    case 'cef': return toCef(record, host);
  }
}

/** What happened, in few words, for people who read logs. */
export function titleOf(record: AuditRecord): string {
  return record.type.replace(/[._]/g, ' ');
}

/** 0 (nothing) to 10 (alarm). */
export function severityOf(record: AuditRecord): number {
  if (record.type === 'break_glass.used') return 9;
  if (record.type === 'grant.refused' || record.type === 'policy.rejected') return 6;
  if (record.type === 'request.denied' || record.type === 'grant.revoked' || record.type === 'key.rotated' || record.type === 'retention.pruned') return 5;
  if (record.type === 'request.drift' || record.type === 'drift.unasked') return 5;
  return record.type === 'grant.consumed' || record.type === 'broker.ran' ? 4 : 2;
}

/** Failure for what was refused, success for the rest. */
export function outcomeOf(record: AuditRecord): 'success' | 'failure' {
  return record.type === 'grant.refused' || record.type === 'request.denied' || record.type === 'policy.rejected' ? 'failure' : 'success';
}
