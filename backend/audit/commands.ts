/** `pii-gate audit export | rotate-key | prune`, on the data folder of a backend. */
import { createWriteStream } from 'node:fs';
import { hostname } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { openKey } from '../keys/key-files.ts';
import { rotateAuditKey } from '../keys/rotation.ts';
import type { Io } from '../policy/commands.ts';
import { keysFolder, openChosenStore, type StoreChoice } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { auditFormats, formatRecord, type AuditFormat } from './formats/format.ts';
import { createAuditLog } from './log.ts';
import { startFileFor } from './own-trail.ts';
import { trailOfStore } from './read-trail.ts';
import { pruneAudit } from './retention.ts';
import { sendToSyslog } from './syslog.ts';

export interface AuditExportOptions extends StoreChoice {
  readonly format: string;
  /** File to write; standard output when absent. */
  readonly output?: string;
  /** `tls://host:port` or `tcp://host:port`: CEF in RFC 5424 frames goes there instead. */
  readonly syslog?: string;
  /** PEM of the collector's authority. */
  readonly ca?: string;
  /** Records after this sequence. */
  readonly after?: number;
}

export async function auditExport(options: AuditExportOptions, io: Io): Promise<number> {
  return withStore(options, io, async (store) => {
    const records = trailOfStore(store.read, options.after ?? 0);
    if (options.syslog !== undefined) {
      const sent = await sendToSyslog(records, options.syslog, hostname(), options.ca === undefined ? {} : { ca: options.ca });
      io.out(`${sent} records sent to ${options.syslog}`);
      return 0;
    }
    const format = auditFormats.find((name) => name === options.format);
    if (!format) throw new Error(`"${options.format}" is not a format: ${auditFormats.join(', ')}`);
    const count = options.output === undefined ? await toLines(records, format, io) : await toFile(records, format, options.output);
    if (options.output !== undefined) io.out(`${count} records in ${options.output}`);
    return 0;
  });
}

async function toLines(records: ReturnType<typeof trailOfStore>, format: AuditFormat, io: Io): Promise<number> {
  let count = 0;
  for await (const record of records) {
    io.out(formatRecord(record, format, hostname()));
    count += 1;
  }
  return count;
}

async function toFile(records: ReturnType<typeof trailOfStore>, format: AuditFormat, path: string): Promise<number> {
  const out = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  await once(out, 'open');
  let count = 0;
  for await (const record of records) {
    if (!out.write(`${formatRecord(record, format, hostname())}\n`)) await once(out, 'drain');
    count += 1;
  }
  out.end();
  await once(out, 'finish');
  return count;
}

export function auditRotateKey(options: StoreChoice & { readonly now?: () => number }, io: Io): Promise<number> {
  return withStore(options, io, async (store) => {
    const running = await store.instances?.();
    if (running) throw new Error(`${running} instance${running === 1 ? '' : 's'} of the service still use${running === 1 ? 's' : ''} this store with the old key. Stop ${running === 1 ? 'it' : 'them'} first.`);
    const kid = await rotateAuditKey(keysFolder(options), store, options.now ?? Date.now);
    io.out(`The audit trail goes on with the key ${kid}. Start the service again; keep the old key's file for verification.`);
    return 0;
  });
}

/** @param options.before ms since the epoch */
export function auditPrune(options: StoreChoice & { readonly before: number; readonly archive: string; readonly now?: () => number }, io: Io): Promise<number> {
  return withStore(options, io, async (store) => {
    const now = options.now ?? Date.now;
    const key = await openKey(join(keysFolder(options), 'audit.jwk'));
    const pruned = await pruneAudit({
      store, key, audit: createAuditLog(key, now), before: options.before, archive: options.archive, startFile: startFileFor(store.kind, options), now: now(),
    });
    io.out(pruned ? `${pruned.records} records up to ${pruned.through.seq} are in ${options.archive}; the trail goes on after them.` : 'Nothing is that old.');
    return 0;
  });
}

async function withStore(choice: StoreChoice, io: Io, work: (store: Store) => Promise<number>): Promise<number> {
  let store: Store | undefined;
  try {
    store = await openChosenStore(choice);
    return await work(store);
  } catch (error) {
    io.err(error instanceof Error ? error.message : 'It failed');
    return 2;
  } finally {
    await store?.close();
  }
}
