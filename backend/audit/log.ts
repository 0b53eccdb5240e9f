/** Appends to the trail inside the caller's transaction: a change and its record are committed together or not at all. */
import type { SigningKey } from '../keys/key-files.ts';
import type { Transaction } from '../store/store.ts';
import { chain, type AuditEvent, type AuditRecord } from './record.ts';

export interface AuditLog {
  append(transaction: Transaction, event: Omit<AuditEvent, 'at'>): Promise<AuditRecord>;
}

export function createAuditLog(key: SigningKey, now: () => number): AuditLog {
  return {
    async append(transaction, event) {
      const record = chain(await transaction.auditHead(), { at: now(), ...event }, key);
      await transaction.insertAudit(record);
      return record;
    },
  };
}
