/** Elastic Common Schema 8 (https://www.elastic.co/guide/en/ecs/current): the shape only, none of its code. */
import type { AuditRecord } from '../record.ts';
import { outcomeOf, severityOf, titleOf } from './format.ts';

/** `event.type`, of those that ECS expects with the category `api`. */
const types: Readonly<Partial<Record<AuditRecord['type'], 'allowed' | 'denied' | 'creation' | 'change' | 'deletion' | 'admin'>>> = {
  'request.created': 'creation', 'request.approved': 'allowed', 'grant.reused': 'allowed', 'break_glass.used': 'allowed', 'request.denied': 'denied', 'grant.refused': 'denied',
  'request.resubmitted': 'change', 'request.changes_requested': 'change', 'grant.revoked': 'deletion', 'request.cancelled': 'deletion', 'retention.erased': 'deletion', 'retention.pruned': 'deletion',
  'policy.loaded': 'admin', 'key.rotated': 'admin',
};

function isUse({ type }: AuditRecord): boolean {
  return type === 'grant.consumed' || type === 'broker.ran';
}

export function toEcs(record: AuditRecord): object {
  const { data } = record;
  return {
    '@timestamp': new Date(record.at).toISOString(),
    message: titleOf(record),
    ecs: { version: '8.11.0' },
    event: {
      kind: record.type === 'break_glass.used' ? 'alert' : 'event',
      category: isUse(record) ? ['database'] : ['api'],
      type: [isUse(record) ? 'access' : (types[record.type] ?? 'info')],
      action: record.type, outcome: outcomeOf(record), severity: severityOf(record), sequence: record.seq, id: record.hash, hash: record.hash, dataset: 'pii_gate.audit', module: 'pii_gate',
    },
    user: { id: record.actor.id },
    ...(typeof data.connection === 'string' ? { service: { name: data.connection, ...(typeof data.environment === 'string' ? { environment: data.environment } : {}) } } : {}),
    labels: {
      actor_kind: record.actor.kind,
      ...(record.request === undefined ? {} : { request: record.request }),
      ...(record.grant === undefined ? {} : { grant: record.grant }),
      prev: record.prev, sig: record.sig, kid: record.kid,
    },
    pii_gate: { data },
  };
}
