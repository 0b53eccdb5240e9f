/** Looks through the audit trail backwards, a bounded stretch at a time. */
import type { AuditRecord } from '../audit/record.ts';
import type { Reads } from '../store/store.ts';

export interface AuditQuery {
  /** Beginnings of types: `request.` finds all about requests. */
  readonly type?: string;
  readonly actor?: string;
  readonly request?: string;
  /** Milliseconds since the epoch, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Only older than this sequence number. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditFound {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Go on before this sequence number; absent when the beginning was reached. */
  readonly next?: number;
}

const STEP = 500;
/** Records that one call looks at: a rare record is found by calling on, not by one call that takes minutes. */
const SCAN = 20_000;

export async function searchAudit(reads: Pick<Reads, 'audit' | 'auditHead'>, query: AuditQuery): Promise<AuditFound> {
  let end = query.before ?? (await reads.auditHead()).seq + 1;
  const floor = Math.max(1, end - SCAN);
  const records: AuditRecord[] = [];
  while (end > floor) {
    const start = Math.max(floor, end - STEP);
    const stretch = (await reads.audit(start - 1, end - start)).filter((r) => r.seq < end);
    for (const record of stretch.toReversed()) {
      if (query.from !== undefined && record.at < query.from) return { records };
      if (!matches(record, query)) continue;
      records.push(record);
      if (records.length === query.limit) return record.seq > 1 ? { records, next: record.seq } : { records };
    }
    end = start;
  }
  return end > 1 ? { records, next: end } : { records };
}

/** The same filter forwards, for exports: every matching record, in order, as it is. */
export async function* exportAudit(reads: Pick<Reads, 'audit'>, query: Omit<AuditQuery, 'limit' | 'before'>): AsyncGenerator<AuditRecord> {
  for (let after = 0; ; ) {
    const stretch = await reads.audit(after, STEP);
    const last = stretch.at(-1);
    if (last === undefined) return;
    after = last.seq;
    for (const record of stretch) {
      if (query.to !== undefined && record.at > query.to) return;
      if ((query.from === undefined || record.at >= query.from) && matches(record, query)) yield record;
    }
  }
}

function matches(record: AuditRecord, { type, actor, request, to }: Omit<AuditQuery, 'limit'>): boolean {
  return (type === undefined || record.type.startsWith(type))
    && (actor === undefined || record.actor.id === actor)
    && (request === undefined || record.request === request)
    && (to === undefined || record.at <= to);
}
