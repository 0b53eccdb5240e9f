/** What helps to judge one request: what was approved before, who asks, what the policy said, what is the very same. */
import canonicalize from 'canonicalize';
import type { Subject } from '../identity/identity.ts';
import { mayView } from '../requests/visibility.ts';
import type { RuleTrace } from '../policy/evaluate.ts';
import type { Reads, StoredRequest } from '../store/store.ts';

export interface RequestContext {
  /** The newest approved statement of the same person on the same connection that touches a table of this one. */
  readonly lastApproved?: { readonly id: string; readonly preview: string; readonly at: number; readonly by: string };
  readonly history: History;
  /** What each rule of the policy said when it was asked. */
  readonly trace: readonly RuleTrace[];
  /** Other waiting requests for the very same thing. */
  readonly identical: readonly string[];
}

/** The requester's last 90 days. */
export interface History { readonly requests: number; readonly approved: number; readonly denied: number; readonly since: number }

const HISTORY_MS = 90 * 86_400_000;
/** Requests that are looked through; more than that of one person in 90 days does not change the picture. */
const MOST = 500;

/** Only what `viewer` may see goes in, apart from the counts of the requester's history. */
export async function contextOf(reads: Reads, request: StoredRequest, viewer: Subject, now: number): Promise<RequestContext> {
  const since = now - HISTORY_MS;
  const own = (await reads.requests({ requester: request.requester.id, since, limit: MOST })).filter((r) => r.id !== request.id);
  const waiting = await reads.requests({ states: ['pending'], limit: MOST });
  const last = own.filter((r) => isApproved(r) && r.createdAt < request.createdAt && mayView(viewer, r) && sameGround(r, request)).sort((a, b) => b.createdAt - a.createdAt)[0];
  const decision = last?.decisions.findLast((d) => d.decision === 'approve');
  return {
    ...(last === undefined ? {} : { lastApproved: { id: last.id, preview: last.preview, at: decision?.at ?? last.updatedAt, by: decision?.by.name ?? '' } }),
    history: { requests: own.length, approved: own.filter(isApproved).length, denied: own.filter((r) => r.state === 'denied').length, since },
    trace: request.trace,
    identical: request.state === 'pending' ? waiting.filter((r) => r.id !== request.id && mayView(viewer, r) && isIdentical(r, request)).map((r) => r.id) : [],
  };
}

function isApproved({ state }: StoredRequest): boolean {
  return state === 'approved' || state === 'consumed';
}

function sameGround(a: StoredRequest, b: StoredRequest): boolean {
  return a.binding.connection.id === b.binding.connection.id && a.binding.connection.environment === b.binding.connection.environment
    && a.facts.tables.some((t) => b.facts.tables.some((u) => t.name === u.name && (t.schema ?? '') === (u.schema ?? '')));
}

/**
 * True only when one decision really is the other: the same digest (one installation asked twice), or the same text with
 * nothing masked in it and no parameters. Two previews with a masked literal look alike and may differ in that literal.
 */
export function isIdentical(a: StoredRequest, b: StoredRequest): boolean {
  if (essence(a) !== essence(b)) return false;
  if (a.binding.digest === b.binding.digest) return true;
  return a.redactions === 0 && b.redactions === 0 && a.facts.parameters.length === 0 && a.preview === b.preview;
}

/** Everything that a reviewer decides about, apart from who asks and why. */
function essence({ binding, scope, facts, verdict, agent }: StoredRequest): string | undefined {
  const { connection, capability } = binding;
  return canonicalize({ connection, capability, scope, facts, verdict, agent: agent ?? null });
}
