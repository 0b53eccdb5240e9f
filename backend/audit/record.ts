/**
 * One record of the audit trail: RFC 8785 canonical JSON, chained by SHA-256, signed with Ed25519.
 *
 * hash = SHA-256(canonical JSON of every field but `hash` and `sig`), and `prev` is the hash of the record before, so the
 * newest signature vouches for everything before it. No raw personal value goes in: ids, names of entities, counts, digests.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { signBytes, type SigningKey } from '../keys/key-files.ts';

export type AuditType =
  | 'backend.started' | 'backend.stopped' | 'policy.loaded' | 'policy.rejected' | 'key.rotated' | 'retention.pruned' | 'retention.erased'
  | 'request.created' | 'request.step_approved' | 'request.approved' | 'request.denied' | 'request.changes_requested'
  | 'request.resubmitted' | 'request.cancelled' | 'request.expired' | 'request.commented' | 'request.escalated' | 'request.drift'
  | 'grant.consumed' | 'grant.reused' | 'grant.refused' | 'grant.revoked' | 'break_glass.used' | 'break_glass.reviewed'
  | 'drift.unasked' | 'broker.ran' | 'credential.issued' | 'session.opened' | 'session.closed' | 'audit.read';

/** JSON without undefined; numbers must be finite (RFC 8785 has no others). */
export type AuditValue = string | number | boolean | null | readonly AuditValue[] | { readonly [key: string]: AuditValue };

export interface AuditEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: AuditType;
  readonly actor: { readonly id: string; readonly kind: 'person' | 'agent' | 'service' | 'policy' | 'system' };
  readonly request?: string;
  readonly grant?: string;
  readonly data: { readonly [key: string]: AuditValue };
}

export interface AuditRecord extends AuditEvent {
  readonly v: 1;
  /** 1 for the first record; no gaps. */
  readonly seq: number;
  /** Hash of the record before, base64url; `genesis` for the first. */
  readonly prev: string;
  readonly kid: string;
  readonly hash: string;
  /** Ed25519 over the 32 bytes of `hash`, base64url. */
  readonly sig: string;
}

export interface AuditHead { readonly seq: number; readonly hash: string }

export const genesis: AuditHead = { seq: 0, hash: 'genesis' };

/** The record that follows `head`. */
export function chain(head: AuditHead, event: AuditEvent, key: SigningKey): AuditRecord {
  const body = { v: 1 as const, ...event, seq: head.seq + 1, prev: head.hash, kid: key.kid };
  const digest = digestOf(body);
  return { ...body, hash: digest.toString('base64url'), sig: signBytes(key, digest) };
}

/** The hash that the record should carry. */
export function expectedHash(record: AuditRecord): Buffer {
  const { hash: _hash, sig: _sig, ...body } = record;
  return digestOf(body);
}

export function signatureHolds(record: AuditRecord, key: KeyObject): boolean {
  const signature = Buffer.from(record.sig, 'base64url');
  return signature.length === 64 && verify(null, Buffer.from(record.hash, 'base64url'), key, signature);
}

function digestOf(body: object): Buffer {
  const text = canonicalize(body);
  if (text === undefined) throw new Error('An audit record must be JSON');
  return createHash('sha256').update(text).digest();
}
