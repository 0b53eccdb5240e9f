/** Rows of either store → what the service works with. Documents are JSON text in both, so that both keep the same. */
import type { ConsumptionReceipt } from '#core/wire/approval.ts';
import type { AuditHead, AuditRecord } from '../audit/record.ts';
import { genesis } from '../audit/record.ts';
import type { StoredGrant, StoredRequest } from './store.ts';

export type Row = Record<string, unknown>;

/** States in which a request still has a time that runs out: the stores' partial index names the same. */
export const openStates = `('pending', 'changes_requested', 'approved')`;

/** A request that is over and whose texts are not erased. */
export const erasableRows = `due_at > 0 AND state NOT IN ${openStates}`;

/** Of a row with the column `doc`. */
export function requestOf(row: Row): StoredRequest {
  return JSON.parse(String(row.doc)) as StoredRequest;
}

/** Of a row with the columns `jti, request, subject, state, uses, claims`. */
export function grantOf(row: Row): StoredGrant {
  return {
    jti: String(row.jti),
    request: String(row.request),
    subject: String(row.subject),
    state: String(row.state) as StoredGrant['state'],
    uses: Number(row.uses),
    claims: JSON.parse(String(row.claims)) as StoredGrant['claims'],
  };
}

/** Of a row with the column `claims`. */
export function receiptOf(row: Row): ConsumptionReceipt {
  return JSON.parse(String(row.claims)) as ConsumptionReceipt;
}

/** Of a row with the column `record`. */
export function recordOf(row: Row): AuditRecord {
  return JSON.parse(String(row.record)) as AuditRecord;
}

/** Of the newest row's `seq` and `hash`; of no row, the head before the first record. */
export function headOf(row: Row | undefined): AuditHead {
  return row ? { seq: Number(row.seq), hash: String(row.hash) } : genesis;
}
