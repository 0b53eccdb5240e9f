/** Writes an open result to a file: masked, but for the columns that a grant clears, and never more than it allows. */
import path from 'node:path';
import type { Blocked, ExportParams, RunState } from '#core/wire/protocol.ts';
import type { Grant } from '#query/grant/grant.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { csv, type ExportCell, json, jsonl, sqlInsert, type TextFormat } from '#query/export/format.ts';
import { writeExport } from '#query/export/write-export.ts';
import type { GateContext } from './gate-context.ts';
import { obtainPermission } from '#approvals/permission.ts';
import type { OpenResult, ResultRegistry } from './result-registry.ts';
import { columnsOf, wantedOf } from './reveal.ts';
import type { Run } from './run-log.ts';

export interface ExportDeps {
  readonly context: GateContext;
  readonly results: ResultRegistry;
  readonly me: () => { readonly id: string; readonly name: string } | undefined;
}

const BATCH_ROWS = 500;

export async function exportResult(params: ExportParams, run: Run, { context, results, me }: ExportDeps): Promise<RunState> {
  const open = results.get(params.resultId);
  if (!context.trusted()) return blocked({ code: 'untrusted-workspace', message: 'Nothing is exported from an untrusted workspace.' });
  if (!open) return { state: 'failed', message: 'The result is closed. Run the statement again.' };
  if (!path.isAbsolute(params.path)) return { state: 'failed', message: 'The export needs an absolute path.' };
  const format = formatOf(params.format, open);
  if (!format) return { state: 'failed', message: `Exports as ${params.format} are not supported. Use CSV, JSON, JSON lines or SQL.` };
  const { result } = open;
  const clear = [...new Set(params.clear)].filter((c) => result.verdicts[c] !== undefined);

  const permission = await obtainPermission({
    ...wantedOf(open, params.runId, columnsOf(open, clear)), capability: 'export', destination: { kind: 'file', format: params.format },
    // Nothing was found in it, nothing is asked in clear, and nobody is there to ask: as harmless as the run was.
    ...(open.harmless && clear.length === 0 && context.client() === undefined && nothingFound(open) ? { harmless: open.harmless } : {}),
    ...(params.ask ? { ask: params.ask } : {}),
  }, {
    client: context.client(), installationKey: context.installationKey(), now: context.now(), signal: run.stopped, withdraw: run.cancelled.signal,
    onPending: (request) => run.emit({ state: 'pending', requestId: request.id, request }),
  });
  switch (permission.kind) {
    case 'needs-approval': return { state: 'needs-approval', verdict: permission.verdict, facts: open.facts };
    case 'blocked': return permission.blocked.code === 'cancelled' ? { state: 'cancelled' } : blocked(permission.blocked);
    case 'output': return blocked({ code: 'grant-invalid', message: 'This backend gives no grant to export.' });
    default:
  }
  const grant = permission.kind === 'grant' ? permission.grant : undefined;
  run.emit({ state: 'running' });
  try {
    await write(params, open, format, grant, clear, run, context, me());
  } catch (error) {
    if (run.cancelled.signal.aborted) return { state: 'cancelled' };
    const code = (error as NodeJS.ErrnoException).code;
    return { state: 'failed', message: `The export could not be written (${code ?? 'unexpected error'}). No file was left behind.` };
  }
  return { state: 'done', result: result.summary() };
}

async function write(params: ExportParams, open: OpenResult, format: TextFormat, grant: Grant | undefined, clear: readonly number[], run: Run, context: GateContext, me: { id: string; name: string } | undefined): Promise<void> {
  const { result, connection, statement, parameters } = open;
  const cleared = new Set(clear.filter((column) => grant !== undefined && result.coveredBy(column, grant)));
  const installationKey = context.installationKey();
  await writeExport({
    path: params.path, formatName: params.format, format, installationKey, now: context.now,
    columns: result.verdicts.map((v, i) => ({ name: v.name, masked: v.masked && !cleared.has(i), ...(v.entity === undefined ? {} : { entity: v.entity }) })),
    rows: batches(open, cleared), maxRows: grant?.maxRows ?? result.rowCount,
    signal: AbortSignal.any([run.cancelled.signal, run.stopped]),
    manifest: {
      by: me ? { id: me.id, name: me.name } : { id: '', name: '' },
      connection: { id: connection.id, environment: connection.environment },
      statementDigest: bindingDigest(installationKey, { statement, parameters, connection: connection.id, databaseUser: connection.databaseUser }),
      ...(grant ? { approval: { request: grant.claims.req, grant: grant.claims.jti, receipt: grant.receipt } } : {}),
    },
  });
}

/** In the order in which the rows came, whatever the grid sorts by: an export is the result, not the view of it. */
async function* batches({ result }: OpenResult, cleared: ReadonlySet<number>): AsyncGenerator<ExportCell[][]> {
  for (let row = 0; row < result.rowCount; row += BATCH_ROWS) {
    const batch: ExportCell[][] = [];
    for (let i = row; i < Math.min(row + BATCH_ROWS, result.rowCount); i++) batch.push(result.exportRow(i, cleared));
    yield batch;
    // Other work goes on between batches, and a cancel is heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function formatOf(name: ExportParams['format'], { facts }: OpenResult): TextFormat | undefined {
  switch (name) {
    case 'csv': return csv();
    case 'json': return json();
    case 'jsonl': return jsonl();
    case 'sql': return sqlInsert(facts.tables.find((t) => t.access === 'read')?.name ?? 'export');
    default: return undefined;
  }
}

function nothingFound({ result }: OpenResult): boolean {
  return result.complete && result.verdicts.every((v) => !v.masked) && result.summary().drift.length === 0;
}

function blocked(reason: Blocked): RunState { return { state: 'blocked', blocked: reason }; }
