/**
 * The rows of an export: those that the result holds, or, where the result was cut by the row cap, the whole answer
 * streamed from the database. Only reads are run again; every value is masked on its way.
 */
import type { Grant } from '#query/grant/grant.ts';
import type { Harmless } from '#core/statement/assess.ts';
import { DatabaseError, type Page, type Session } from '#query/drivers/driver.ts';
import type { Executor } from '#query/executor/execute.ts';
import type { ExportCell } from '#query/export/format.ts';
import type { ColumnVerdict } from '#query/results/column-verdict.ts';
import { DriftNotes } from '#query/results/drift.ts';
import { maskPages } from '#query/results/mask-pages.ts';
import { clearedBy } from '#query/results/result-set.ts';
import { withPlan } from '#query/understanding/understand.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { GateContext } from './gate-context.ts';
import type { OpenResult } from './result-registry.ts';
import { roleSession } from './short-lived-role.ts';

export interface ExportRows {
  readonly verdicts: readonly ColumnVerdict[];
  readonly cleared: ReadonlySet<number>;
  readonly rows: AsyncIterable<readonly (readonly ExportCell[])[]>;
  /** What was found on the way, of a streamed answer; a held result keeps its own. */
  readonly drift?: DriftNotes;
}

const BATCH_ROWS = 500;
/** A whole answer may take its time. Milliseconds. */
const STREAM_TIMEOUT_MS = 60 * 60_000;
/** More than any export; a policy or reviewer says less. */
export const MAX_EXPORT_ROWS = 50_000_000;

/** Whether the export has to ask the database again for the rows that the result does not hold. */
export function mustStream({ result, facts, gateway }: Pick<OpenResult, 'result' | 'facts' | 'gateway'>): boolean {
  return result.truncated?.by === 'row-cap' && facts.readOnly && gateway !== true;
}

/** In the order in which the rows came, whatever the grid sorts by: an export is the result, not the view of it. */
export function storedRows({ result }: OpenResult, cleared: ReadonlySet<number>): ExportRows {
  async function* batches(): AsyncGenerator<ExportCell[][]> {
    for (let row = 0; row < result.rowCount; row += BATCH_ROWS) {
      const batch: ExportCell[][] = [];
      for (let i = row; i < Math.min(row + BATCH_ROWS, result.rowCount); i++) batch.push(result.exportRow(i, cleared));
      yield batch;
      // Other work goes on between batches, and a cancel is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { verdicts: result.verdicts, cleared, rows: batches() };
}

export interface StreamDeps { readonly context: GateContext; readonly connections: Connections; readonly executor: Executor }

/** Resolves once the first page is there and its columns are judged. Throws what the database throws. */
export async function streamedRows(open: OpenResult, permission: Grant | Harmless, wanted: ReadonlySet<number>, signal: AbortSignal, { context, connections, executor }: StreamDeps): Promise<ExportRows> {
  const { settings, statement, parameters, result } = open;
  const grant = 'capability' in permission ? permission : undefined;
  const [detector, masker, policy] = await Promise.all([context.detector(), context.masker(), context.dataPolicy()]);
  const lease = await connections.acquire(settings.id, signal);
  let released = false;
  let role: Session | undefined;
  const release = (broken: boolean): void => {
    if (released) return;
    released = true;
    lease.release(broken, grant !== undefined);
    void role?.close().catch(() => undefined);
  };
  try {
    const understood = await withPlan(await context.understand(statement, settings, await connections.catalogue(settings.id, lease.session, 0, signal)), lease.session);
    const asRole = await roleSession(grant, settings, lease.session.databaseUser, { context, connections }, signal);
    if (asRole.kind === 'blocked') throw new DatabaseError('query', asRole.blocked.message);
    role = asRole.session;
    const outcome = executor.execute({
      session: role ?? lease.session, statement, parameters, connection: open.connection, permission, signal,
      limits: { maxRows: MAX_EXPORT_ROWS, pageSize: 2 * BATCH_ROWS, timeoutMs: STREAM_TIMEOUT_MS },
    });
    if (outcome.kind === 'blocked') throw new DatabaseError('query', outcome.blocked.message);
    const clears = (index: number, verdict: ColumnVerdict): boolean => wanted.has(index) && grant !== undefined && clearedBy(verdict, grant);
    const drift = new DriftNotes();
    const pages = maskPages(firstSet(outcome.pages), {
      detector, masker, replacementFor: policy.replacementFor, understood, clear: clears, onDrift: (verdict, entity, row) => { drift.add(verdict, entity, row); },
    });
    const first = await pages.next();
    const verdicts = first.done ? result.verdicts : first.value.verdicts;
    if (verdicts.length !== result.verdicts.length || verdicts.some((v, i) => v.name !== result.verdicts[i]?.name)) {
      await pages.return(undefined);
      throw new DatabaseError('query', 'The columns of the result have changed since it was shown.');
    }
    async function* rows(): AsyncGenerator<readonly (readonly ExportCell[])[]> {
      let whole = false;
      try {
        if (!first.done) yield first.value.rows;
        for await (const page of pages) yield page.rows;
        whole = true;
      } finally {
        await pages.return(undefined);
        release(!whole);
      }
    }
    return { verdicts, cleared: new Set([...wanted].filter((i) => { const v = verdicts[i]; return v !== undefined && clears(i, v); })), rows: rows(), drift };
  } catch (error) {
    release(true);
    throw error;
  }
}

async function* firstSet(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (page.set > 0) return;
    yield page;
  }
}
