/** Reads the claims of a grant and of a receipt. Signed, but still checked: a field of the wrong type must not slip through. */
import type { Binding, Capability, ConnectionIdentity, Constraints, ConsumptionReceipt, Destination, GrantClaims, Scope } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';

type Fields = Readonly<Record<string, unknown>>;

const capabilities: readonly unknown[] = ['run', 'reveal', 'export'] satisfies readonly Capability[];
const environments: readonly unknown[] = ['development', 'staging', 'production', 'critical'] satisfies readonly ConnectionIdentity['environment'][];
const destinations: readonly unknown[] = ['grid', 'file', 'clipboard', 'agent'] satisfies readonly Destination['kind'][];

/** The claims, or `undefined` when a field is missing or of another type. */
export function readGrantClaims(payload: unknown): GrantClaims | undefined {
  if (!isFields(payload)) return undefined;
  const { iss, aud, sub, jti, iat, nbf, exp, req, binding, scope, constraints, policyVersion } = payload;
  const ok = [iss, sub, jti, req].every(isText) && [iat, nbf, exp].every(isSeconds) && typeof policyVersion === 'string'
    && (aud === 'pii-gate-editor' || aud === 'pii-gate-broker')
    && isBinding(binding) && isScope(scope) && isConstraints(constraints);
  return ok ? payload as unknown as GrantClaims : undefined;
}

/** The receipt, or `undefined` when a field is missing or of another type. */
export function readReceipt(payload: unknown): ConsumptionReceipt | undefined {
  if (!isFields(payload)) return undefined;
  const { iss, jti, grant, req, nonce, digest, capability, use, iat, audit } = payload;
  const ok = [iss, jti, grant, req, nonce, digest].every(isText) && capabilities.includes(capability)
    && isCount(use) && use >= 1 && isSeconds(iat) && isFields(audit) && isCount(audit.seq) && isText(audit.hash);
  return ok ? payload as unknown as ConsumptionReceipt : undefined;
}

function isBinding(value: unknown): value is Binding {
  if (!isFields(value) || !isFields(value.connection)) return false;
  const { id, environment, databaseUser } = value.connection;
  return isText(value.digest) && capabilities.includes(value.capability)
    && isText(id) && environments.includes(environment) && typeof databaseUser === 'string';
}

function isScope(value: unknown): value is Scope {
  if (!isFields(value) || !isFields(value.destination)) return false;
  const { kind, format } = value.destination;
  return isColumns(value.columns) && isOptional(value.maxRows, isCount)
    && destinations.includes(kind) && isOptional(format, isText)
    && (value.use === 'once' || value.use === 'window') && isCount(value.durationMs);
}

function isConstraints(value: unknown): value is Constraints {
  return isFields(value) && isOptional(value.keepMasked, isColumns)
    && isOptional(value.maxRows, isCount) && isOptional(value.durationMs, isCount);
}

function isColumns(value: unknown): value is readonly ColumnRef[] {
  return Array.isArray(value) && value.every((c: unknown) =>
    isFields(c) && isText(c.table) && isText(c.column) && isOptional(c.schema, (s) => typeof s === 'string'));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
/** Seconds since the epoch (RFC 7519 NumericDate); fractions are allowed there. */
function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
function isOptional(value: unknown, check: (value: unknown) => boolean): boolean {
  return value === undefined || check(value);
}
