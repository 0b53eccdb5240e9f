/** Writes a result to a file: masked, but for the columns that a grant clears, and never more than it allows. */
import path from 'node:path';
import { obtainPermission } from '#approvals/permission.ts';
import type { Harmless } from '#core/statement/assess.ts';
import type { Blocked, Exported, ExportParams, RunState } from '#core/wire/protocol.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { Executor } from '#query/executor/execute.ts';
import { csv, type ExportCell, json, jsonl, sqlInsert, type TextFormat } from '#query/export/format.ts';
import { committable } from '#query/export/git-work-tree.ts';
import { type ExportColumn, writeExport } from '#query/export/write-export.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { type Grant, isGrant } from '#query/grant/grant.ts';
import { replacementOf } from '#query/results/cell-masker.ts';
import { failureMessage } from '#query/results/redact-message.ts';
import { type ExportRows, MAX_EXPORT_ROWS, mustStream, storedRows, streamedRows } from './export-rows.ts';
import type { DriftReports } from './drift-reports.ts';
import type { GateContext } from './gate-context.ts';
import { factsWithFindings, type OpenResult, type ResultRegistry } from './result-registry.ts';
import { askedBy, columnsOf, wantedOf } from './reveal.ts';
import type { Run } from './run-log.ts';

export interface ExportDeps {
  readonly context: GateContext;
  readonly connections: Connections;
  readonly executor: Executor;
  readonly results: ResultRegistry;
  readonly drift: DriftReports;
  readonly me: () => { readonly id: string; readonly name: string } | undefined;
}

export async function exportResult(params: ExportParams, run: Run, deps: ExportDeps): Promise<RunState> {
  const { context, results } = deps;
  const open = results.get(params.resultId);
  if (!context.trusted()) return blocked({ code: 'untrusted-workspace', message: 'Nothing is exported from an untrusted workspace.' });
  if (!open) return { state: 'failed', message: 'The result is closed. Run the statement again.' };
  if (!path.isAbsolute(params.path)) return { state: 'failed', message: 'The export needs an absolute path.' };
  const { result } = open;
  const clear = [...new Set(params.clear)].filter((c) => result.verdicts[c] !== undefined);

  const permission = await obtainPermission({
    ...wantedOf(open, params.runId, columnsOf(open, clear)), capability: 'export', destination: { kind: 'file', format: params.format },
    maxRows: mustStream(open) ? MAX_EXPORT_ROWS : result.rowCount,
    // Nothing was found in it, nothing is asked in clear, and nobody is there to ask: as harmless as the run was.
    ...(open.harmless && clear.length === 0 && context.client() === undefined && nothingFound(open) ? { harmless: open.harmless } : {}),
    ...askedBy(params),
  }, {
    client: context.client(), installationKey: context.installationKey(), now: context.now(), signal: run.stopped, withdraw: run.cancelled.signal,
    onPending: (request) => run.emit({ state: 'pending', requestId: request.id, request }),
  });
  switch (permission.kind) {
    case 'needs-approval': return { state: 'needs-approval', verdict: permission.verdict, facts: factsWithFindings(open) };
    case 'blocked': return permission.blocked.code === 'cancelled' ? { state: 'cancelled' } : blocked(permission.blocked);
    case 'output': return blocked({ code: 'grant-invalid', message: 'This backend gives no grant to export.' });
    default:
  }
  run.emit({ state: 'running' });
  try {
    const exported = await write(params, open, permission.kind === 'grant' ? permission.grant : permission.harmless, clear, run, deps);
    return { state: 'done', result: result.summary(), exported };
  } catch (error) {
    if (run.cancelled.signal.aborted) return { state: 'cancelled' };
    const code = (error as NodeJS.ErrnoException).code;
    const why = error instanceof RangeError ? error.message
      : code !== undefined && /^E[A-Z]+$/.test(code) ? `The file could not be written (${code}).` : failureMessage(error, open.statement, await context.detector());
    return { state: 'failed', message: `${why} No file was left behind.` };
  }
}

async function write(params: ExportParams, open: OpenResult, permission: Grant | Harmless, clear: readonly number[], run: Run, deps: ExportDeps): Promise<Exported> {
  const { context, me } = deps;
  const { result, connection, statement, parameters } = open;
  const grant = isGrant(permission) ? permission : undefined;
  const signal = AbortSignal.any([run.cancelled.signal, run.stopped]);
  const source = mustStream(open)
    ? await streamedRows(open, permission, new Set(clear), signal, deps)
    : storedRows(open, new Set(clear.filter((column) => grant !== undefined && result.coveredBy(column, grant))));
  const { replacementFor } = await context.dataPolicy();
  const columns: ExportColumn[] = source.verdicts.map((v, i) => {
    const masked = v.masked && !source.cleared.has(i);
    const how = masked ? replacementOf(v, replacementFor) : undefined;
    const mask = how?.kind === 'mask' ? how.spec?.kind ?? 'default' : how?.kind;
    return { name: v.name, masked, ...(v.entity === undefined ? {} : { entity: v.entity }), ...(mask === undefined ? {} : { mask }) };
  });
  const mark = params.watermark === true ? watermark(me(), grant, context.now()) : undefined;
  const installationKey = context.installationKey();
  const outcome = await writeExport({
    path: params.path, formatName: params.format, format: await formatOf(params.format, open), installationKey, now: context.now, signal,
    columns: mark === undefined ? columns : [...columns, { name: 'exported_by', masked: false }],
    rows: mark === undefined ? source.rows : marked(source, mark),
    maxRows: grant?.maxRows ?? (mustStream(open) ? MAX_EXPORT_ROWS : result.rowCount),
    manifest: {
      by: me() ?? { id: '', name: '' },
      connection: { id: connection.id, environment: connection.environment },
      statementDigest: bindingDigest(installationKey, { statement, parameters, connection: connection.id, databaseUser: connection.databaseUser }),
      ...(grant ? { approval: { request: grant.claims.req, grant: grant.claims.jti, receipt: grant.receipt } } : {}),
    },
  });
  if (source.drift && grant) void deps.drift.report({ request: grant.claims.req }, source.drift);
  const git = committable(params.path);
  return {
    path: params.path, manifestPath: outcome.manifestPath, rows: outcome.rows, truncated: outcome.truncated || (result.truncated !== undefined && !mustStream(open)),
    ...(git ? { git } : {}), ...(outcome.smallGroups.length > 0 ? { smallGroups: outcome.smallGroups } : {}),
  };
}

/** Who took the row, by which approval, when: the same in every row, so that a leaked part still tells. */
function watermark(me: { readonly id: string } | undefined, grant: Grant | undefined, now: number): ExportCell {
  return { v: `${me?.id ?? 'unknown'} ${grant?.claims.req ?? 'no approval needed'} ${new Date(now).toISOString()}` };
}

async function* marked({ rows }: ExportRows, mark: ExportCell): AsyncGenerator<readonly (readonly ExportCell[])[]> {
  for await (const batch of rows) yield batch.map((row) => [...row, mark]);
}

async function formatOf(name: ExportParams['format'], { facts }: OpenResult): Promise<TextFormat> {
  switch (name) {
    case 'csv': return csv();
    case 'json': return json();
    case 'jsonl': return jsonl();
    case 'sql': return sqlInsert(facts.tables.find((t) => t.access === 'read')?.name ?? 'export');
    case 'xlsx': return (await import('#query/export/xlsx.ts')).xlsx();
  }
}

function nothingFound({ result }: OpenResult): boolean {
  return result.complete && result.verdicts.every((v) => !v.masked) && result.summary().drift.length === 0;
}

function blocked(reason: Blocked): RunState { return { state: 'blocked', blocked: reason }; }
