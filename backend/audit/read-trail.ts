/** Trails as they lie about: in a store, or exported as JSON lines. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Reads } from '../store/store.ts';
import type { AuditRecord } from './record.ts';

export async function* trailOfStore(reads: Reads, after = 0): AsyncGenerator<AuditRecord> {
  let seen = after;
  for (;;) {
    const records = await reads.audit(seen, 1_000);
    if (records.length === 0) return;
    yield* records;
    seen = records.at(-1)?.seq ?? seen;
  }
}

/** Throws with the line's number where it is not a record. */
export async function* trailOfFile(path: string): AsyncGenerator<AuditRecord> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      throw new Error(`${path}:${number}: not JSON`);
    }
    if (typeof (record as AuditRecord | null)?.seq !== 'number' || typeof (record as AuditRecord).hash !== 'string') throw new Error(`${path}:${number}: not an audit record`);
    yield record as AuditRecord;
  }
}
