/** Shows columns of an open result in clear, for as long as a grant to reveal them lives. */
import type { Blocked, RevealParams, RunState } from '#core/wire/protocol.ts';
import type { MaskedSample } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import type { GateContext } from './gate-context.ts';
import { obtainPermission, type Wanted } from '#approvals/permission.ts';
import { factsWithFindings, type OpenResult, type ResultRegistry } from './result-registry.ts';
import type { Run } from './run-log.ts';

export interface RevealDeps {
  readonly context: GateContext;
  readonly results: ResultRegistry;
  readonly isRevoked: (grantId: string) => boolean;
}

/** `setTimeout` takes at most 2^31 − 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;
/** A sample shows what the data looks like, it is no second grid: columns, and UTF-16 units of a cell. */
const SAMPLE_COLUMNS = 40;
const SAMPLE_CELL = 200;

export async function revealColumns(params: RevealParams, run: Run, { context, results, isRevoked }: RevealDeps): Promise<RunState> {
  const open = results.get(params.resultId);
  if (!context.trusted()) return blocked({ code: 'untrusted-workspace', message: 'Nothing is shown in clear in an untrusted workspace.' });
  if (!open) return { state: 'failed', message: 'The result is closed. Run the statement again.' };
  const { result } = open;
  const columns = [...new Set(params.columns)].filter((c) => result.verdicts[c] !== undefined);
  if (columns.length === 0) return { state: 'failed', message: 'There is no such column in the result.' };

  const permission = await obtainPermission({ ...wantedOf(open, params.runId, columnsOf(open, columns)), capability: 'reveal', destination: { kind: params.agent ? 'agent' : 'grid' }, ...askedBy(params) }, {
    client: context.client(), installationKey: context.installationKey(), now: context.now(), signal: run.stopped, withdraw: run.cancelled.signal,
    onPending: (request) => run.emit({ state: 'pending', requestId: request.id, request }),
  });
  switch (permission.kind) {
    case 'needs-approval': return { state: 'needs-approval', verdict: permission.verdict, facts: factsWithFindings(open) };
    case 'blocked': return permission.blocked.code === 'cancelled' ? { state: 'cancelled' } : blocked(permission.blocked);
    case 'grant': break;
    default: return blocked({ code: 'grant-invalid', message: 'This backend gives no grant to reveal, so the columns stay masked.' });
  }
  const { grant } = permission;
  result.reveal(columns, grant, () => isRevoked(grant.claims.jti));
  const kept = columns.filter((c) => !result.isRevealed(c)).map((c) => result.verdicts[c]?.name ?? '');
  if (kept.length === columns.length) return blocked({ code: 'grant-invalid', message: `The approval keeps ${kept.join(', ')} masked.`, requestId: permission.request.id });
  // The grid is told when the time is up; masking itself does not wait for this timer.
  const timer = setTimeout(() => run.emit({ state: 'done', result: result.summary() }), Math.min(LONGEST_TIMER_MS, Math.max(0, grant.expiresAt - context.now()) + 50));
  timer.unref();
  return { state: 'done', result: result.summary() };
}

/** Who asks and what they said, alike for a reveal and an export. */
export function askedBy({ ask, agent, resubmits }: Pick<RevealParams, 'ask' | 'agent' | 'resubmits'>): Pick<Wanted, 'ask' | 'agent' | 'resubmits'> {
  return { ...(ask ? { ask } : {}), ...(agent ? { agent } : {}), ...(resubmits === undefined ? {} : { resubmits }) };
}

/** Base columns behind result columns, each once. */
export function columnsOf({ result }: OpenResult, columns: readonly number[]): readonly ColumnRef[] {
  const refs = new Map<string, ColumnRef>();
  for (const column of columns) for (const ref of result.verdicts[column]?.clear ?? []) refs.set(JSON.stringify([ref.schema, ref.table, ref.column]), ref);
  return [...refs.values()];
}

/** The first rows of the result as they stand on screen, always masked: what a reviewer may look at. */
function sampleOf(result: OpenResult['result'], maxRows: number): MaskedSample {
  const short = (text: string | null): string | null => text !== null && text.length > SAMPLE_CELL ? `${text.slice(0, SAMPLE_CELL - 1)}…` : text;
  return {
    columns: result.verdicts.slice(0, SAMPLE_COLUMNS).map(({ name }) => name),
    rows: result.page(0, maxRows, false).map((row) => row.slice(0, SAMPLE_COLUMNS).map(({ v }) => short(v))),
  };
}

export function wantedOf(open: OpenResult, key: string, columns: readonly ColumnRef[]): Omit<Wanted, 'capability' | 'destination' | 'ask'> {
  const { statement, parameters, connection, preview, redactions, result } = open;
  return {
    statement, parameters, connection, facts: factsWithFindings(open), preview, redactions, columns, maxRows: result.rowCount, key,
    sample: (maxRows) => sampleOf(result, maxRows),
  };
}

function blocked(reason: Blocked): RunState { return { state: 'blocked', blocked: reason }; }
