/**
 * The only door to sensitive data: a `Grant` says that the approval backend allowed exactly this, and counted its use.
 * Nothing but `verifyGrant` can make one: the class below is not exported, and its private field makes it nominal for
 * the type checker and impossible to imitate at run time.
 */
import type { Binding, Capability, GrantClaims, Scope } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import { type VerificationKey, verifyCompact } from './compact-jws.ts';
import { readGrantClaims, readReceipt } from './claims.ts';

export type { VerificationKey } from './compact-jws.ts';

/** Closes the way through `grant.constructor`. Never leaves this file. */
const byVerifyGrant: unique symbol = Symbol('verifyGrant');

class VerifiedGrant {
  /** The brand. Never read by name; `isGrant` asks for its presence. */
  readonly #verified = true;
  readonly claims: GrantClaims;
  readonly capability: Capability;
  /** Columns that may be shown or written in clear: those asked for, less those the reviewer or the policy keeps masked. */
  readonly clearColumns: readonly ColumnRef[];
  /** The tighter of the asked and the allowed row cap; absent when neither is set. */
  readonly maxRows: number | undefined;
  /** Milliseconds since the epoch. After this moment the grant allows nothing more. */
  readonly expiresAt: number;
  /** Which use of the grant this is; 1 for the first. */
  readonly use: number;
  /** The backend's signed receipt, to be kept: it proves the decision even if the server's log is rewritten. */
  readonly receipt: string;

  constructor(made: typeof byVerifyGrant, claims: GrantClaims, clearColumns: readonly ColumnRef[], use: number, receipt: string) {
    if (made !== byVerifyGrant) throw new TypeError('Only verifyGrant makes grants.');
    this.claims = claims;
    this.capability = claims.binding.capability;
    this.clearColumns = clearColumns;
    this.maxRows = least(claims.scope.maxRows, claims.constraints.maxRows);
    this.expiresAt = claims.exp * 1000;
    this.use = use;
    this.receipt = receipt;
    Object.freeze(this);
  }

  static isVerified(value: object): value is VerifiedGrant {
    return #verified in value;
  }
}

/** Proof that the backend approved and counted this use. Made by `verifyGrant` alone. */
export type Grant = VerifiedGrant;

/** True only for an object that `verifyGrant` made: copies, parsed JSON and imitations are refused. */
export function isGrant(value: unknown): value is Grant {
  return typeof value === 'object' && value !== null && VerifiedGrant.isVerified(value);
}

/** What the caller is about to do. Every part of it must be what was approved. */
export interface ExpectedUse {
  /** The backend's issuer name, as its key set states it. */
  readonly issuer: string;
  /** Who verifies. Default: the editor. */
  readonly audience?: GrantClaims['aud'];
  /** The id of the person who is signed in. */
  readonly subject: string;
  /** Digest, connection and capability, computed from what is about to run, never copied from the grant. */
  readonly binding: Binding;
  /** What is about to be shown or written, and where. */
  readonly scope: Pick<Scope, 'columns' | 'destination'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface GrantToVerify {
  readonly grantJws: string;
  /** The answer of `consume` for this very use. */
  readonly receiptJws: string;
  /** The nonce sent with that `consume`. Made anew for every use, so an old receipt can't be played again. */
  readonly nonce: string;
  readonly keys: readonly VerificationKey[];
  readonly expected: ExpectedUse;
}

export type GrantRefusal = Extract<Blocked['code'], 'grant-invalid' | 'grant-used' | 'expired' | 'statement-changed'>;
export type GrantVerdict =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly code: GrantRefusal; readonly message: string };

/** Seconds by which two clocks may differ. Small: every second here is a second that an expired grant lives on. */
export const CLOCK_SKEW_S = 5;

/**
 * Checks a grant and the receipt of its use against what is about to happen. Never throws; anything not understood is
 * refused. Both are compact JWS, EdDSA over Ed25519 only: no other algorithm is even looked at (RFC 8725, section 3.1).
 */
export async function verifyGrant({ grantJws, receiptJws, nonce, keys, expected }: GrantToVerify): Promise<GrantVerdict> {
  const signedGrant = await verifyCompact(grantJws, 'pii-gate-grant+jwt', keys);
  if (!signedGrant.ok) return refuse('grant-invalid', `The approval is not signed by your approval backend: ${signedGrant.why}.`);
  const claims = readGrantClaims(signedGrant.payload);
  if (claims === undefined) return refuse('grant-invalid', 'The approval lacks a field that it must have. The backend may be of another version.');
  const wrong = grantMismatch(claims, expected);
  if (wrong !== undefined) return wrong;

  const signedReceipt = await verifyCompact(receiptJws, 'pii-gate-receipt+jwt', keys);
  if (!signedReceipt.ok) return refuse('grant-invalid', `The receipt for this use is not signed by your approval backend: ${signedReceipt.why}.`);
  const receipt = readReceipt(signedReceipt.payload);
  if (receipt === undefined) return refuse('grant-invalid', 'The receipt for this use lacks a field that it must have.');
  if (receipt.nonce !== nonce) return refuse('grant-used', 'The receipt belongs to another use of this approval.');
  if (receipt.iss !== claims.iss || receipt.grant !== claims.jti || receipt.req !== claims.req
    || receipt.digest !== claims.binding.digest || receipt.capability !== claims.binding.capability) {
    return refuse('grant-invalid', 'The receipt belongs to another approval.');
  }
  if (claims.scope.use === 'once' && receipt.use !== 1) return refuse('grant-used', 'This approval was for one use, and it has been used. Ask again.');
  const nowS = expected.now / 1000;
  if (receipt.iat > nowS + CLOCK_SKEW_S || receipt.iat < claims.nbf - CLOCK_SKEW_S || receipt.iat > claims.exp + CLOCK_SKEW_S) {
    return refuse('grant-invalid', 'The receipt is dated outside the life of the approval. Is this machine\'s clock right?');
  }
  return { ok: true, grant: new VerifiedGrant(byVerifyGrant, claims, clearColumns(claims, expected), receipt.use, receiptJws) };
}

function grantMismatch(claims: GrantClaims, expected: ExpectedUse): GrantVerdict | undefined {
  const { binding } = expected;
  if (claims.iss !== expected.issuer) return refuse('grant-invalid', 'The approval was given by another backend.');
  if (claims.aud !== (expected.audience ?? 'pii-gate-editor')) return refuse('grant-invalid', 'The approval was not given for this program.');
  if (claims.sub !== expected.subject) return refuse('grant-invalid', 'The approval was given to another person.');
  if (claims.binding.capability !== binding.capability) {
    return refuse('grant-invalid', `The approval is to ${claims.binding.capability}, not to ${binding.capability}.`);
  }
  const { connection } = claims.binding;
  if (connection.id !== binding.connection.id || connection.environment !== binding.connection.environment) {
    return refuse('grant-invalid', 'The approval was given for another connection.');
  }
  if (connection.databaseUser !== binding.connection.databaseUser) return refuse('grant-invalid', 'The approval was given for another database user.');
  if (claims.binding.digest !== binding.digest) {
    return refuse('statement-changed', 'The approval was for another statement. Ask again or restore it.');
  }
  const nowS = expected.now / 1000;
  if (!(nowS < claims.exp + CLOCK_SKEW_S)) return refuse('expired', 'The approval has expired. Ask again.');
  if (!(nowS >= claims.nbf - CLOCK_SKEW_S)) return refuse('grant-invalid', 'The approval is not valid yet. Is this machine\'s clock right?');
  const { destination } = expected.scope;
  if (claims.scope.destination.kind !== destination.kind || claims.scope.destination.format !== destination.format) {
    return refuse('grant-invalid', 'The approval was given for another destination.');
  }
  const missing = expected.scope.columns.find((wanted) => !claims.scope.columns.some((c) => sameColumn(c, wanted)));
  if (missing !== undefined) return refuse('grant-invalid', `The approval does not cover ${missing.table}.${missing.column}.`);
  return undefined;
}

function clearColumns(claims: GrantClaims, expected: ExpectedUse): readonly ColumnRef[] {
  const kept = claims.constraints.keepMasked ?? [];
  return Object.freeze(expected.scope.columns.filter((wanted) => !kept.some((k) => covers(k, wanted))));
}

/** Exact: case and schema included. What the catalogue spells one way is never matched by another spelling. */
function sameColumn(a: ColumnRef, b: ColumnRef): boolean {
  return a.table === b.table && a.column === b.column && (a.schema ?? '') === (b.schema ?? '');
}

/** A reviewer's "keep masked" without a schema means that column in every schema; case does not let a column escape it. */
function covers(kept: ColumnRef, wanted: ColumnRef): boolean {
  return kept.table.toLowerCase() === wanted.table.toLowerCase() && kept.column.toLowerCase() === wanted.column.toLowerCase()
    && (kept.schema === undefined || wanted.schema === undefined || kept.schema.toLowerCase() === wanted.schema.toLowerCase());
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

function refuse(code: GrantRefusal, message: string): GrantVerdict {
  return { ok: false, code, message };
}
