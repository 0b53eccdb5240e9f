/** Shape checks of a backend's answers. What is not understood is refused: an unknown state must never read as "approved". */
import type { ApprovalRequest, LiveEvent, Person, RequestContext, RequestState, ShortLivedCredential, Verdict } from '#core/wire/approval.ts';
import type { IssuerKeys } from './port.ts';

type Fields = Readonly<Record<string, unknown>>;

const states: readonly unknown[] = [
  'pending', 'changes_requested', 'approved', 'denied', 'cancelled', 'expired', 'consumed', 'revoked',
] satisfies readonly RequestState[];
const effects: readonly unknown[] = ['allow', 'mask', 'review', 'deny'] satisfies readonly Verdict['effect'][];

export function readRequest(value: unknown): ApprovalRequest | undefined {
  if (!isFields(value) || !isFields(value.binding) || !isFields(value.scope) || !isFields(value.facts) || !isPerson(value.requester)) return undefined;
  const ok = typeof value.id === 'string' && value.id !== '' && states.includes(value.state)
    && typeof value.binding.digest === 'string' && Array.isArray(value.decisions) && readVerdict(value.verdict) !== undefined
    && typeof value.createdAt === 'number' && typeof value.updatedAt === 'number' && typeof value.expiresAt === 'number'
    && (value.grant === undefined || typeof value.grant === 'string');
  return ok ? value as unknown as ApprovalRequest : undefined;
}

/** `{requests: […]}`. One unreadable request makes the list unreadable: leaving it out would hide it. */
export function readRequests(value: unknown): readonly ApprovalRequest[] | undefined {
  if (!isFields(value) || !Array.isArray(value.requests)) return undefined;
  const requests = value.requests.map(readRequest);
  return requests.every((r) => r !== undefined) ? requests : undefined;
}

export function readVerdict(value: unknown): Verdict | undefined {
  const ok = isFields(value) && effects.includes(value.effect) && typeof value.why === 'string'
    && Array.isArray(value.approvers) && Array.isArray(value.rules) && Array.isArray(value.maskColumns)
    && isFields(value.reason) && typeof value.policyVersion === 'string';
  return ok ? value as unknown as Verdict : undefined;
}

export function readContext(value: unknown): RequestContext | undefined {
  const ok = isFields(value) && isFields(value.history) && typeof value.history.requests === 'number' && Array.isArray(value.trace) && Array.isArray(value.identical)
    && (value.lastApproved === undefined || (isFields(value.lastApproved) && typeof value.lastApproved.preview === 'string'));
  return ok ? value as unknown as RequestContext : undefined;
}

export function readPerson(value: unknown): Person | undefined {
  return isPerson(value) ? value : undefined;
}

export function readKeys(value: unknown): IssuerKeys | undefined {
  if (!isFields(value) || typeof value.issuer !== 'string' || value.issuer === '' || !Array.isArray(value.keys)) return undefined;
  return value.keys.every((k: unknown) => isFields(k) && typeof k.kty === 'string') ? value as unknown as IssuerKeys : undefined;
}

export function readReceiptAnswer(value: unknown): { readonly receipt: string } | undefined {
  return isFields(value) && typeof value.receipt === 'string' ? { receipt: value.receipt } : undefined;
}

export function readCredential(value: unknown): ShortLivedCredential | undefined {
  const ok = isFields(value) && typeof value.user === 'string' && value.user !== '' && typeof value.password === 'string' && typeof value.validUntil === 'number';
  return ok ? value as unknown as ShortLivedCredential : undefined;
}

export function readLiveEvent(type: string, data: string): LiveEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isFields(value)) return undefined;
  if (type === 'request') {
    const request = readRequest(value.request);
    return request && { type, request };
  }
  if (type === 'grant-revoked' && typeof value.grant === 'string' && typeof value.request === 'string') {
    return { type, grant: value.grant, request: value.request };
  }
  if (type === 'policy' && typeof value.policyVersion === 'string') return { type, policyVersion: value.policyVersion };
  return undefined;
}

function isPerson(value: unknown): value is Person {
  return isFields(value) && typeof value.id === 'string' && typeof value.name === 'string' && Array.isArray(value.roles);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
