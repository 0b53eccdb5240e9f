/** The trail of this backend, checked by itself: for the explorer's button. Who doubts the backend verifies an export elsewhere. */
import { existsSync, readdirSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { openKey } from '../keys/key-files.ts';
import { keysFolder, type StoreChoice } from '../store/open-store.ts';
import type { Reads, Store } from '../store/store.ts';
import { anchorHolds, readAnchor, type AnchoredHead } from './anchor.ts';
import { trailOfStore } from './read-trail.ts';
import { verifyAudit, type AuditReport } from './verify.ts';

/**
 * Where the signed head of what was pruned lies: beside a SQLite store, and beside the keys of a PostgreSQL store, where every
 * instance finds it.
 */
export function startFileFor(kind: Store['kind'], choice: StoreChoice): string {
  return join(kind === 'postgresql' ? keysFolder(choice) : choice.dataDir, 'audit.start.json');
}

/** The head of what was pruned, wherever it lies. */
export function readStart({ dataDir, keysDir }: { readonly dataDir: string; readonly keysDir: string }): AnchoredHead | undefined {
  return readAnchor(join(keysDir, 'audit.start.json')) ?? readAnchor(join(dataDir, 'audit.start.json'));
}

export interface OwnTrail { readonly reads: Reads; readonly dataDir: string; readonly keysDir: string }

/** Beyond so many records every 64th signature is verified: each vouches for all before it. */
const everySignatureUpTo = 20_000;

/** The audit key in use and those it replaced. */
export async function ownAuditKeys(keysDir: string): Promise<readonly { readonly kid: string; readonly key: KeyObject }[]> {
  const names = existsSync(keysDir) ? readdirSync(keysDir).filter((name) => /^audit(\.[\w-]{43})?\.jwk$/.test(name)) : [];
  return (await Promise.all(names.map((name) => openKey(join(keysDir, name))))).map((key) => ({ kid: key.kid, key: key.publicKey }));
}

/** Reads the whole trail. The anchor is read first: what is written meanwhile lies behind it. */
export async function verifyOwnTrail({ reads, dataDir, keysDir }: OwnTrail): Promise<AuditReport> {
  const trusted = new Map((await ownAuditKeys(keysDir)).map(({ kid, key }) => [kid, key]));
  const anchor = readAnchor(join(dataDir, 'audit.head.json'));
  const begin = readStart({ dataDir, keysDir });
  const beginKey = begin && trusted.get(begin.kid);
  if (begin && !(beginKey && anchorHolds(begin, beginKey))) {
    return { ok: false, records: 0, signatures: 0, head: begin, keys: [], failure: { fault: 'anchor-forged', seq: begin.seq, message: 'the signature of the pruned head does not hold' } };
  }
  return verifyAudit(trailOfStore(reads), { trusted, everySignatureUpTo, ...(anchor ? { anchor } : {}), ...(begin ? { start: begin } : {}) });
}
