/**
 * OCSF 1.5 (https://schema.ocsf.io/1.5.0): uses of data are Datastore Activity (6005), everything else API Activity (6003).
 * Fields that OCSF has no place for, and the chain, go to `unmapped`.
 */
import type { AuditRecord } from '../record.ts';
import { outcomeOf, severityOf, titleOf } from './format.ts';

const dataTypes = new Set(['grant.consumed', 'broker.ran']);
/** `activity_id` of API Activity: 1 create, 2 read, 3 update, 4 delete, 99 other. */
const apiActivity: Readonly<Record<string, number>> = { 'request.created': 1, 'audit.read': 2, 'grant.revoked': 4, 'request.cancelled': 4, 'retention.pruned': 4 };

export function toOcsf(record: AuditRecord): object {
  const data = dataTypes.has(record.type);
  const classUid = data ? 6005 : 6003;
  // Datastore Activity: 4 query (run), 1 read (shown in clear, taken out).
  const activity = data ? (record.data.capability === 'reveal' || record.data.capability === 'export' ? 1 : 4) : (apiActivity[record.type] ?? (record.type.startsWith('request.') ? 3 : 99));
  return {
    category_uid: 6,
    category_name: 'Application Activity',
    class_uid: classUid,
    class_name: data ? 'Datastore Activity' : 'API Activity',
    activity_id: activity,
    type_uid: classUid * 100 + activity,
    time: record.at,
    severity_id: Math.min(5, 1 + Math.floor(severityOf(record) / 2)),
    status_id: outcomeOf(record) === 'success' ? 1 : 2,
    message: titleOf(record),
    metadata: { version: '1.5.0', product: { name: 'PII Gate', vendor_name: 'PII Gate' }, uid: record.hash, sequence: record.seq, log_name: 'audit' },
    actor: { user: { uid: record.actor.id, type_id: record.actor.kind === 'person' ? 1 : record.actor.kind === 'system' || record.actor.kind === 'policy' ? 3 : 99 } },
    // `database.type_id` 1: relational. Records of the first version did not name the connection.
    ...(data ? { type_id: 1, type: 'Database', database: { name: typeof record.data.connection === 'string' ? record.data.connection : 'unknown', type_id: 1 } } : { api: { operation: record.type, ...(record.request === undefined ? {} : { request: { uid: record.request } }) } }),
    src_endpoint: { name: 'pii-gate' },
    unmapped: { type: record.type, actor_kind: record.actor.kind, request: record.request, grant: record.grant, data: record.data, chain: { prev: record.prev, hash: record.hash, sig: record.sig, kid: record.kid } },
  };
}
