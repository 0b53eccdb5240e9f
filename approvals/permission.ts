/**
 * Gets what a run, a reveal or an export needs before it may go ahead: the proof that the statement is harmless, or a
 * grant. Without either the answer is why not. Everything that is not a clear yes is a no.
 */
import type { ApprovalClient, AskOptions, Obtained } from './ask.ts';
import type { RemoteOutput } from './port.ts';
import { reusable } from './reuse.ts';
import type { AgentIdentity, ApprovalRequest, Binding, Capability, ConnectionIdentity, CreateRequest, Destination, MaskedSample, Verdict } from '#core/wire/approval.ts';
import type { AskDetails, Blocked } from '#core/wire/protocol.ts';
import type { Harmless } from '#core/statement/assess.ts';
import type { ColumnRef, StatementFacts } from '#core/wire/statement.ts';
import type { Parameter } from '#query/drivers/driver.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import type { Grant } from '#query/grant/grant.ts';

export interface Wanted {
  readonly capability: Capability;
  readonly statement: string;
  readonly parameters: readonly Parameter[];
  readonly connection: ConnectionIdentity;
  readonly facts: StatementFacts;
  /** Present when the parser, the catalogue and the database agree that nothing sensitive is touched. */
  readonly harmless?: Harmless;
  readonly preview: string;
  readonly redactions: number;
  /** Columns wanted in clear. */
  readonly columns: readonly ColumnRef[];
  readonly destination: Destination;
  readonly maxRows: number;
  /** The run's id: asking again under it takes up the same request. */
  readonly key: string;
  /** The database's plan, without literals: what reviewers read. */
  readonly plan?: string;
  readonly ask?: AskDetails;
  /** An AI agent that runs it for the user: policy has rules for agents, and reviewers see who it is. */
  readonly agent?: AgentIdentity;
  /** The request that a reviewer sent back and that this answers. */
  readonly resubmits?: string;
  /** At most so many rows of what is on screen, masked: for the reviewer, where the policy wants to see them. */
  readonly sample?: (maxRows: number) => MaskedSample;
}

export type Permission =
  | { readonly kind: 'harmless'; readonly harmless: Harmless }
  | { readonly kind: 'grant'; readonly grant: Grant; readonly request: ApprovalRequest }
  /** A gateway ran the statement itself. */
  | { readonly kind: 'output'; readonly output: RemoteOutput; readonly request: ApprovalRequest }
  | { readonly kind: 'needs-approval'; readonly verdict: Verdict }
  | { readonly kind: 'blocked'; readonly blocked: Blocked };

export interface Asking {
  /** Undefined: no backend is configured. */
  readonly client: ApprovalClient | undefined;
  readonly installationKey: Uint8Array;
  readonly now: number;
  /** Stops waiting; the request stays open. */
  readonly signal: AbortSignal;
  /** The requester changed their mind. */
  readonly withdraw: AbortSignal;
  readonly onPending: (request: ApprovalRequest) => void;
}

/** How long a grant lives when nobody was asked, milliseconds. */
const UNASKED_DURATION_MS = 5 * 60_000;

export async function obtainPermission(wanted: Wanted, asking: Asking): Promise<Permission> {
  const { client } = asking;
  if (wanted.harmless) {
    // The changed statement needs nobody any more: what was asked before it is no longer wanted.
    if (wanted.resubmits !== undefined) await client?.port.cancel(wanted.resubmits, asking.signal);
    return { kind: 'harmless', harmless: wanted.harmless };
  }
  if (!client) return block('no-backend', `${verb(wanted.capability)} needs an approval (${reasonOf(wanted.facts)}), and no approval backend is configured. Sign in to your organisation's (“PII Gate: Sign In to Approval Backend”), or start one on this machine.`);
  if (client.port.runs === 'gateway' && wanted.capability !== 'run') {
    return block('grant-invalid', `${client.port.name} runs statements itself and shows what it allows: there is nothing here to ${wanted.capability === 'reveal' ? 'reveal' : 'export'}. Ask for it there.`);
  }
  const signal = AbortSignal.any([asking.signal, asking.withdraw]);
  const request = createRequest(wanted, asking.installationKey);
  if ('blocked' in request) return { kind: 'blocked', blocked: request.blocked };

  let sample: MaskedSample | undefined;
  const resumed = await resumable(client, request.request, asking, signal);
  if (!resumed) {
    const { binding, scope, facts } = request.request;
    const verdict = await client.port.evaluate({ facts, connection: binding.connection, capability: binding.capability, scope, ...(wanted.agent ? { agent: wanted.agent } : {}) }, signal);
    if (!verdict.ok) return { kind: 'blocked', blocked: verdict.blocked };
    if (verdict.value.effect === 'deny') return block('policy-denies', `Denied by policy: ${verdict.value.why}.`);
    const mustAsk = verdict.value.effect === 'review' || verdict.value.reason.required;
    if (verdict.value.sample !== undefined) sample = wanted.sample?.(verdict.value.sample.maxRows);
    if (mustAsk && !wanted.ask) return { kind: 'needs-approval', verdict: verdict.value };
  }
  const submission = { request: { ...request.request, ...(sample === undefined ? {} : { sample }) }, statement: wanted.statement, parameters: wanted.parameters };
  const options: AskOptions = {
    signal: asking.signal, withdraw: asking.withdraw,
    onProgress: (progress) => { if (progress.step === 'pending') asking.onPending(progress.request); },
  };
  return permission(await (wanted.resubmits === undefined ? client.obtain(submission, options) : client.resubmit(wanted.resubmits, submission, options)));
}

/** The request body and what it is bound to; blocked when the statement can't be committed to. */
export function createRequest(wanted: Wanted, installationKey: Uint8Array): { readonly request: CreateRequest } | { readonly blocked: Blocked } {
  let digest: string;
  try {
    digest = bindingDigest(installationKey, { statement: wanted.statement, parameters: wanted.parameters, connection: wanted.connection.id, databaseUser: wanted.connection.databaseUser });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { blocked: { code: 'grant-invalid', message: error.message } };
  }
  const binding: Binding = { digest, connection: wanted.connection, capability: wanted.capability };
  const { ask } = wanted;
  return {
    request: {
      binding, facts: wanted.facts, preview: wanted.preview, redactions: wanted.redactions, reason: ask?.reason ?? '',
      ...(ask?.ticket === undefined ? {} : { ticket: ask.ticket }), ...(ask?.breakGlass === true ? { breakGlass: true } : {}), idempotencyKey: wanted.key, ...(wanted.agent ? { agent: wanted.agent } : {}), ...(wanted.plan === undefined ? {} : { plan: wanted.plan }),
      scope: { columns: wanted.columns, maxRows: wanted.maxRows, destination: wanted.destination, use: ask?.use ?? 'once', durationMs: ask?.durationMs ?? UNASKED_DURATION_MS },
    },
  };
}

/** True when nobody has to be asked anew: a request of this very run is open (window reload), or a live grant covers it. */
async function resumable(client: ApprovalClient, request: CreateRequest, { now }: Asking, signal: AbortSignal): Promise<boolean> {
  const mine = await client.port.list({ mine: true }, signal);
  if (!mine.ok) return false;
  const open = mine.value.some((r) => r.idempotencyKey === request.idempotencyKey && (r.state === 'pending' || r.state === 'approved'));
  return open || reusable(mine.value, request, now).length > 0;
}

function permission(obtained: Obtained): Permission {
  switch (obtained.kind) {
    case 'grant': return { kind: 'grant', grant: obtained.grant, request: obtained.request };
    case 'output': return { kind: 'output', output: obtained.output, request: obtained.request };
    case 'blocked': return { kind: 'blocked', blocked: obtained.blocked };
  }
}

function block(code: Blocked['code'], message: string): Permission { return { kind: 'blocked', blocked: { code, message } }; }

function verb(capability: Capability): string {
  return capability === 'run' ? 'This statement' : capability === 'reveal' ? 'Showing these columns in clear' : 'This export';
}

/** In the user's terms: "reads customers.ssn, customers.email". No value of the statement. */
export function reasonOf(facts: StatementFacts): string {
  const columns = (use: readonly string[]): string[] => [...new Set(facts.sensitive.filter((s) => use.includes(s.use)).map((s) => `${s.table}.${s.column}`))];
  const parts: string[] = [];
  const read = columns(['output', 'filter']);
  const written = columns(['write']);
  if (read.length > 0) parts.push(`reads ${list(read)}`);
  if (written.length > 0) parts.push(`writes ${list(written)}`);
  if (facts.exports) parts.push('writes data out of the database');
  if (!facts.readOnly && written.length === 0) parts.push(facts.kind === 'unparsable' ? 'could not be understood' : 'changes data or the session');
  const opaque = facts.opaque[0];
  if (opaque && parts.length === 0) parts.push(opaque.detail ? `could not be fully understood: ${opaque.detail}` : 'could not be fully understood');
  if (facts.statements > 1) parts.push(`holds ${facts.statements} statements`);
  return parts.length > 0 ? parts.join(', ') : 'its result may hold personal data';
}

function list(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
