/**
 * The head of the trail, signed and kept outside the store: without it the deletion of the newest records can't be seen.
 * Written after every commit and renamed into place. Copy it (or point it) somewhere the store's administrator can't write.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
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

export interface Anchor { write(head: AuditHead): void }

export function anchorOf(head: AuditHead, key: SigningKey, at: number): AnchoredHead {
  const body = { seq: head.seq, hash: head.hash, at, kid: key.kid };
  return { ...body, sig: signBytes(key, digestOf(body)) };
}

export function anchorHolds(anchor: AnchoredHead, key: KeyObject): boolean {
  const { sig, ...body } = anchor;
  const signature = Buffer.from(sig, 'base64url');
  return signature.length === 64 && verify(null, digestOf(body), key, signature);
}

export function createAnchor(path: string, key: SigningKey, now: () => number): Anchor {
  return {
    write(head) {
      const draft = `${path}.${process.pid}.new`;
      writeFileSync(draft, `${JSON.stringify(anchorOf(head, key, now()))}\n`, { mode: 0o600 });
      renameSync(draft, path);
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
