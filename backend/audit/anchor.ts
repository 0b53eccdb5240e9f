/**
 * The head of the trail, signed and kept outside the store: without it the deletion of the newest records can't be seen.
 * Written after every commit and renamed into place. Copy it (or point it) somewhere the store's administrator can't write.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { signBytes, type SigningKey } from '../keys/key-files.ts';
import type { AuditHead } from './record.ts';

export interface AnchoredHead extends AuditHead {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kid: string;
  /** Ed25519 over SHA-256 of the canonical JSON of the other fields. */
  readonly sig: string;
}

export interface Anchor {
  /** Takes the newest head. Heads that come while one is being written are skipped for the newest of them. */
  write(head: AuditHead): void;
  /** Resolves when the newest head is on disk. */
  close(): Promise<void>;
}

export function anchorOf(head: AuditHead, key: SigningKey, at: number): AnchoredHead {
  const body = { seq: head.seq, hash: head.hash, at, kid: key.kid };
  return { ...body, sig: signBytes(key, digestOf(body)) };
}

export function anchorHolds(anchor: AnchoredHead, key: KeyObject): boolean {
  const { sig, ...body } = anchor;
  const signature = Buffer.from(sig, 'base64url');
  return signature.length === 64 && verify(null, digestOf(body), key, signature);
}

/** Milliseconds between two writes: under load one head stands for many commits. */
const restMs = 50;

/** Beside the work, not in its way: a commit is acknowledged before its anchor is written, so after a crash the anchor may lag. */
export function createAnchor(path: string, key: SigningKey, now: () => number, onError: (error: unknown) => void): Anchor {
  let newest: AuditHead | undefined;
  let writing: Promise<void> | undefined;
  let closing = false;
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  async function drain(): Promise<void> {
    while (newest) {
      const head = newest;
      newest = undefined;
      const draft = `${path}.${process.pid}.new`;
      await writeFile(draft, `${JSON.stringify(anchorOf(head, key, now()))}\n`, { mode: 0o600 });
      await rename(draft, path);
      if (!closing) await Promise.race([pause(restMs, undefined, { ref: false }), closed]);
    }
  }
  const start = (): void => {
    writing ??= drain().catch(onError).finally(() => {
      writing = undefined;
      if (newest) start();
    });
  };
  return {
    write(head) {
      newest = head;
      start();
    },
    async close() {
      closing = true;
      close();
      while (writing) await writing;
    },
  };
}

/** Undefined when there is none; throws when there is something else in its place. */
export function readAnchor(path: string): AnchoredHead | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value: unknown = JSON.parse(text);
  const fields = value as Partial<AnchoredHead> | null;
  if (typeof fields?.seq !== 'number' || typeof fields.hash !== 'string' || typeof fields.kid !== 'string' || typeof fields.sig !== 'string' || typeof fields.at !== 'number') {
    throw new Error(`${path}: not an audit anchor`);
  }
  return fields as AnchoredHead;
}

function digestOf(body: object): Buffer {
  return createHash('sha256').update(canonicalize(body) ?? '').digest();
}
