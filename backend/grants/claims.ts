/** What an approval grants: the scope asked for, narrowed by the policy and by every reviewer. Pure. */
import type { Constraints, Decision, GrantClaims, Verdict } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import type { StoredRequest } from '../store/store.ts';

/** The narrowest of everything said: union of masked columns, least rows, least time. */
export function mergeConstraints(verdict: Verdict, scopeRows: number | undefined, decisions: readonly Decision[]): Constraints {
  const limits = decisions.filter((decision) => decision.decision === 'approve').map((decision) => decision.constraints ?? {});
  const masked = new Map<string, ColumnRef>();
  for (const column of [...verdict.maskColumns, ...limits.flatMap((limit) => limit.keepMasked ?? [])]) {
    masked.set(JSON.stringify([column.schema ?? '', column.table, column.column]), column);
  }
  const rows = [verdict.maxRows, scopeRows, ...limits.map((limit) => limit.maxRows)].filter((value) => value !== undefined);
  const times = limits.map((limit) => limit.durationMs).filter((value) => value !== undefined);
  return {
    ...(masked.size > 0 ? { keepMasked: [...masked.values()] } : {}),
    ...(rows.length > 0 ? { maxRows: Math.min(...rows) } : {}),
    ...(times.length > 0 ? { durationMs: Math.min(...times) } : {}),
  };
}

/**
 * Claims of the grant for an approved request. The clock starts at the approval, or at the asked-for start if that is later.
 * @param now milliseconds since the epoch; claims carry whole seconds, and `exp` is rounded down so that it never outlives the approval
 */
export function grantClaims(request: StoredRequest, jti: string, issuer: string, audience: GrantClaims['aud'], now: number): GrantClaims {
  const counted = request.decisions.slice(request.roundStart);
  const constraints = mergeConstraints(request.verdict, request.scope.maxRows, counted);
  const unused = request.scope.use === 'once' ? request.unusedTtlMs : undefined;
  const limits = [request.scope.durationMs, request.verdict.maxDurationMs, constraints.durationMs, unused].filter((value) => value !== undefined);
  const issued = Math.floor(now / 1000);
  const begin = Math.max(issued, Math.ceil((request.scope.startsAt ?? 0) / 1000));
  return {
    iss: issuer,
    aud: audience,
    sub: request.requester.id,
    jti,
    iat: issued,
    nbf: begin,
    exp: begin + Math.max(1, Math.floor(Math.min(...limits) / 1000)),
    req: request.id,
    binding: request.binding,
    scope: request.scope,
    constraints,
    policyVersion: request.verdict.policyVersion,
  };
}
