/** Finds a live grant that already covers what is asked, so that nobody is asked twice for the same thing. */
import { decodeJwt } from 'jose';
import type { ApprovalRequest, CreateRequest } from '#core/wire/approval.ts';

/** A grant with less life left than this (ms) is not worth taking up: it would die under way. */
const MIN_LEFT_MS = 2_000;

/**
 * Own approved requests whose grant covers `wanted`, the longest-lived first. Only a selection: each grant is still
 * consumed and verified, so nothing here is a security decision.
 */
export function reusable(approved: readonly ApprovalRequest[], wanted: CreateRequest, nowMs: number): readonly ApprovalRequest[] {
  return approved
    .filter((request) => request.state === 'approved' && covers(request, wanted))
    .map((request) => ({ request, until: grantExpiry(request.grant) }))
    .filter(({ until }) => until - nowMs >= MIN_LEFT_MS)
    .sort((a, b) => b.until - a.until)
    .map(({ request }) => request);
}

function covers({ binding, scope }: ApprovalRequest, wanted: CreateRequest): boolean {
  return binding.digest === wanted.binding.digest
    && binding.capability === wanted.binding.capability
    && binding.connection.id === wanted.binding.connection.id
    && binding.connection.environment === wanted.binding.connection.environment
    && binding.connection.databaseUser === wanted.binding.connection.databaseUser
    && scope.destination.kind === wanted.scope.destination.kind
    && scope.destination.format === wanted.scope.destination.format
    && (scope.maxRows === undefined || (wanted.scope.maxRows !== undefined && wanted.scope.maxRows <= scope.maxRows))
    && wanted.scope.columns.every((w) => scope.columns.some((c) =>
      c.table === w.table && c.column === w.column && (c.schema ?? '') === (w.schema ?? '')));
}

/** The `jti` of a grant, read without verifying: it only names the grant to the backend. */
export function grantId(jws: string): string | undefined {
  return unverified(jws)?.jti;
}

/** Milliseconds since the epoch; 0 when there is no readable grant. */
function grantExpiry(jws: string | undefined): number {
  const exp = jws === undefined ? undefined : unverified(jws)?.exp;
  return exp === undefined ? 0 : exp * 1000;
}

function unverified(jws: string): { readonly jti?: string; readonly exp?: number } | undefined {
  try {
    return decodeJwt(jws);
  } catch {
    return undefined;
  }
}
