/**
 * Checks a trail from the outside: every hash, every link, every signature, and that it still reaches the anchored head.
 *
 * What each check finds: an edited record (its hash), a reordered or deleted one (the link and the sequence), truncation (the
 * anchor), a rewritten trail signed with another key (the key must be the trusted one, or be introduced by it: `key.rotated`).
 */
import type { KeyObject } from 'node:crypto';
import { anchorHolds, type AnchoredHead } from './anchor.ts';
import { expectedHash, genesis, signatureHolds, type AuditHead, type AuditRecord } from './record.ts';

export type AuditFault =
  | 'edited' | 'broken-link' | 'gap' | 'bad-signature' | 'unknown-key' | 'truncated' | 'anchor-mismatch' | 'anchor-forged' | 'no-anchor' | 'not-json';

export interface AuditFailure {
  readonly fault: AuditFault;
  /** Sequence of the record at which it shows. */
  readonly seq: number;
  readonly message: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly records: number;
  /** How many signatures were verified. */
  readonly signatures: number;
  readonly head: AuditHead;
  /** Keys that signed, in order of first use. */
  readonly keys: readonly string[];
  /** The first failure: after it nothing of the trail can be trusted. */
  readonly failure?: AuditFailure;
}

export interface VerifyOptions {
  /** Public keys by kid that are trusted from outside the trail. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
  /** The head as last anchored. Absent: truncation can't be seen, and the report says so by failing with `no-anchor` unless allowed. */
  readonly anchor?: AnchoredHead;
  readonly allowMissingAnchor?: boolean;
  /** Record that the first one must follow: for a pruned trail, from its retention certificate. */
  readonly start?: AuditHead;
  /**
   * Records whose signatures are all verified; after so many, every 64th and the last of each key. Since each hash commits to
   * everything before it, a later signature vouches for the earlier records as well: what is passed over is only damage to a
   * signature field itself. Default: all.
   */
  readonly everySignatureUpTo?: number;
}

/** Beyond `everySignatureUpTo`. */
const sparse = 64;

/** Reads the trail once, in order. Constant memory. */
export async function verifyAudit(records: AsyncIterable<AuditRecord>, options: VerifyOptions): Promise<AuditReport> {
  const keys: string[] = [];
  const trusted = new Map(options.trusted);
  const all = options.everySignatureUpTo ?? Number.POSITIVE_INFINITY;
  let signatures = 0;
  let head = options.start ?? genesis;
  let count = 0;
  let anchored = options.anchor !== undefined && options.anchor.seq === head.seq && options.anchor.hash === head.hash;
  /** The newest record whose signature was not looked at. */
  let unsigned: AuditRecord | undefined;
  const report = (failure?: AuditFailure): AuditReport => ({ ok: failure === undefined, records: count, signatures, head, keys, ...(failure ? { failure } : {}) });
  const fail = (fault: AuditFault, seq: number, message: string): AuditReport => report({ fault, seq, message });
  const checkSignature = (record: AuditRecord): AuditReport | undefined => {
    const key = trusted.get(record.kid);
    if (!key) return fail('unknown-key', record.seq, `record ${record.seq} is signed with the key ${record.kid}, which is not trusted`);
    signatures += 1;
    return signatureHolds(record, key) ? undefined : fail('bad-signature', record.seq, `the signature of record ${record.seq} does not hold`);
  };

  if (options.anchor) {
    const key = trusted.get(options.anchor.kid);
    if (!key) return fail('unknown-key', options.anchor.seq, `the anchor is signed with the key ${options.anchor.kid}, which is not trusted`);
    if (!anchorHolds(options.anchor, key)) return fail('anchor-forged', options.anchor.seq, 'the signature of the anchored head does not hold');
  } else if (!options.allowMissingAnchor) {
    return fail('no-anchor', 0, 'there is no anchored head, so missing newest records could not be seen');
  }
  for await (const record of records) {
    if (record.seq !== head.seq + 1) return fail('gap', head.seq + 1, `record ${head.seq + 1} is missing: ${record.seq} follows ${head.seq}`);
    if (record.prev !== head.hash) return fail('broken-link', record.seq, `record ${record.seq} does not follow record ${head.seq}: one of them was replaced`);
    if (expectedHash(record).toString('base64url') !== record.hash) return fail('edited', record.seq, `record ${record.seq} was changed after it was written`);
    const newKey = keys.at(-1) !== record.kid;
    if (newKey && unsigned) {
      const wrong = checkSignature(unsigned);
      if (wrong) return wrong;
    }
    if (newKey) keys.push(record.kid);
    unsigned = record;
    if (count < all || record.seq % sparse === 0 || newKey || record.type === 'key.rotated') {
      const wrong = checkSignature(record);
      if (wrong) return wrong;
      unsigned = undefined;
    }
    if (record.type === 'key.rotated') await trustIntroduced(record, trusted);
    head = { seq: record.seq, hash: record.hash };
    count += 1;
    if (options.anchor?.seq === record.seq) {
      if (options.anchor.hash !== record.hash) return fail('anchor-mismatch', record.seq, `record ${record.seq} is not the one that was anchored`);
      anchored = true;
    }
  }
  const wrong = unsigned && checkSignature(unsigned);
  if (wrong) return wrong;
  if (options.anchor && !anchored) return fail('truncated', head.seq, `the trail ends at record ${head.seq}, but record ${options.anchor.seq} was anchored: the newest records are missing`);
  return report();
}

/** A rotation record, signed by a trusted key, carries the next one. */
async function trustIntroduced(record: AuditRecord, trusted: Map<string, KeyObject>): Promise<void> {
  const { kid, x } = record.data;
  if (typeof kid !== 'string' || typeof x !== 'string') return;
  const key = await publicKeyOf({ kty: 'OKP', crv: 'Ed25519', x, kid });
  if (key) trusted.set(kid, key);
}

/** The key of a public JWK, if its `kid` really is its RFC 7638 thumbprint. */
export async function publicKeyOf(jwk: { readonly kty?: string; readonly crv?: string; readonly x?: string; readonly kid?: string }): Promise<KeyObject | undefined> {
  const { createPublicKey } = await import('node:crypto');
  const { calculateJwkThumbprint } = await import('jose');
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || jwk.x === undefined) return undefined;
  const bare = { kty: 'OKP', crv: 'Ed25519', x: jwk.x };
  if ((await calculateJwkThumbprint(bare)) !== jwk.kid) return undefined;
  return createPublicKey({ key: bare, format: 'jwk' });
}
