/**
 * Retention without breaking the chain: old records go to an archive (the trail's own JSON lines, verifiable by itself), the
 * store keeps the rest, and a signed head says where the rest begins. The pruning is itself a record of the trail.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { SigningKey } from '../keys/key-files.ts';
import type { Store } from '../store/store.ts';
import { anchorOf } from './anchor.ts';
import type { AuditLog } from './log.ts';
import { trailOfStore } from './read-trail.ts';
import type { AuditHead } from './record.ts';

export interface Pruned { readonly records: number; readonly through: AuditHead }

export interface PruneOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly key: SigningKey;
  /** Records made before this (ms since the epoch) go; the newest record always stays. */
  readonly before: number;
  /** File to write; must not be there yet. */
  readonly archive: string;
  /** Where the signed head of what went is kept: `<dataDir>/audit.start.json`. */
  readonly startFile: string;
  readonly now: number;
}

/** Archive first, durable, then delete: a crash in between leaves both. Undefined when nothing is old enough. */
export async function pruneAudit(options: PruneOptions): Promise<Pruned | undefined> {
  const { store, audit, key, before, archive, startFile, now } = options;
  const newest = await store.read.auditHead();
  const hash = createHash('sha256');
  let through: AuditHead | undefined;
  let records = 0;
  let file: number | undefined;
  try {
    for await (const record of trailOfStore(store.read)) {
      if (record.at >= before || record.seq >= newest.seq) break;
      file ??= openSync(archive, 'wx', 0o600);
      const line = `${JSON.stringify(record)}\n`;
      hash.update(line);
      writeSync(file, line);
      through = { seq: record.seq, hash: record.hash };
      records += 1;
    }
    if (file !== undefined) fsyncSync(file);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (!through) return undefined;
  const { seq } = through;
  writeFileSync(`${startFile}.new`, `${JSON.stringify(anchorOf(through, key, now))}\n`, { mode: 0o600 });
  await store.write(async (transaction) => {
    await audit.append(transaction, {
      type: 'retention.pruned', actor: { id: 'system', kind: 'system' },
      data: { through: seq, hash: through.hash, records, archiveSha256: hash.digest('hex') },
    });
    await transaction.deleteAuditThrough(seq);
  });
  renameSync(`${startFile}.new`, startFile);
  return { records, through };
}
