/** Runs one statement: understand, get permission, execute, judge, show masked. */
import { randomUUID } from 'node:crypto';
import type { RemoteOutput } from '#approvals/port.ts';
import { emptyCatalogue } from '#core/statement/catalogue.ts';
import type { Blocked, ConnectionSettings, HistoryEntry, RunParams, RunState } from '#core/wire/protocol.ts';
import type { ResultSummary } from '#core/wire/results.ts';
import { DatabaseError, type Session } from '#query/drivers/driver.ts';
import type { Executor } from '#query/executor/execute.ts';
import { withPlaceholders } from '#query/executor/bind-parameters.ts';
import { asShownByGateway, readGatewayOutput } from '#query/results/gateway-output.ts';
import { createResult } from '#query/results/create-result.ts';
import type { ResultSet } from '#query/results/result-set.ts';
import { type MemoryBudget, RowStore } from '#query/results/row-store.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { Denials } from './denials.ts';
import type { DriftReports, DriftSubject, DriftWatch } from './drift-reports.ts';
import type { GateContext } from './gate-context.ts';
import { obtainPermission, type Permission } from '#approvals/permission.ts';
import { failureMessage, redactText } from '#query/results/redact-message.ts';
import type { ResultRegistry } from './result-registry.ts';
import { roleSession } from './short-lived-role.ts';
import type { Run } from './run-log.ts';
import type { History } from '#query/history/history.ts';
import { planOf } from '#query/understanding/plan.ts';
import { type Understanding, withoutLineage, withPlan } from '#query/understanding/understand.ts';
import { watchStatement } from './watch-statement.ts';

export interface RunDeps {
  readonly context: GateContext;
  readonly connections: Connections;
  readonly executor: Executor;
  readonly results: ResultRegistry;
  readonly denials: Denials;
  readonly memory: MemoryBudget;
  readonly history: History;
  readonly drift: DriftReports;
}

export const DEFAULT_MAX_ROWS = 100_000;
const DEFAULT_TIMEOUT_MS = 60_000;
const PAGE_ROWS = 500;
/** Before a statement is judged the catalogue is read again when it is older than this, milliseconds. */
const CATALOGUE_AGE_MS = 3_000;
/** Between two notifications of arriving rows, milliseconds. */
const TELL_EVERY_MS = 200;
/** Result sets shown of one statement. */
const MAX_SETS = 20;

export async function runStatement(params: RunParams, run: Run, deps: RunDeps): Promise<RunState> {
  const noted: Noted = {};
  const state = await attempt(params, run, deps, noted);
  const { outcome, rows, elapsedMs } = outcomeOf(state);
  if (outcome !== undefined && noted.understood) {
    deps.history.add({
      at: deps.context.now(), connectionId: params.connectionId, statement: noted.understood.preview, redactions: noted.understood.redactions, outcome,
      ...(rows === undefined ? {} : { rows }), ...(elapsedMs === undefined ? {} : { elapsedMs }),
    });
  }
  return state;
}

interface Noted { understood?: Understanding }

async function attempt(params: RunParams, run: Run, deps: RunDeps, noted: Noted): Promise<RunState> {
  const { context, connections, denials } = deps;
  const { statement } = params;
  if (params.uri !== undefined) denials.clear(params.uri, statement);
  const settings = connections.get(params.connectionId);
  if (!context.trusted()) return blocked({ code: 'untrusted-workspace', message: 'Queries do not run in an untrusted workspace. Trust it first: “Workspaces: Manage Workspace Trust”.' });
  if (!settings) return { state: 'failed', message: `There is no connection "${params.connectionId}". Choose one that is configured.` };
  if (params.agent && settings.agents !== true) return blocked({ code: 'policy-denies', message: `Agents may not use ${settings.name}. Set "agents": true on the connection to allow it.` });
  const signal = AbortSignal.any([run.cancelled.signal, run.stopped]);
  const detector = await context.detector();
  try {
    const { understood, plan } = await describeAndUnderstand(params, settings, deps, signal);
    noted.understood = understood;
    const refused = refuseWrite(understood, settings);
    if (refused) return deny(params, refused, denials);
    const permission = await askFor(params, settings, understood, plan, run, deps);
    switch (permission.kind) {
      case 'needs-approval': return { state: 'needs-approval', verdict: permission.verdict, facts: understood.facts };
      case 'blocked': return deny(params, permission.blocked, denials);
      case 'output': return await showGatewayOutput(params, settings, understood, permission.output, permission.request.id, deps);
      default: return await executeAndShow(params, settings, permission, run, deps, signal);
    }
  } catch (error) {
    if (run.cancelled.signal.aborted) return { state: 'cancelled' };
    return { state: 'failed', message: failureMessage(error, statement, detector) };
  }
}

async function describeAndUnderstand(params: RunParams, settings: ConnectionSettings, { context, connections }: RunDeps, signal: AbortSignal): Promise<{ understood: Understanding; plan: string | undefined }> {
  // The gateway holds the connection: nothing is known of its tables here, so every statement asks.
  if (context.client()?.port.runs === 'gateway') return { understood: await context.understand(params.statement, settings, emptyCatalogue(), params.uri), plan: undefined };
  const lease = await connections.acquire(settings.id, signal);
  let broken = true;
  try {
    const catalogue = await connections.catalogue(settings.id, lease.session, CATALOGUE_AGE_MS, signal);
    const description = await lease.session.describe?.(withPlaceholders(params.statement, settings.dialect).sql, signal).catch((error: unknown) => {
      // Several statements in one text can't be described; the facts say so and it asks.
      if (error instanceof DatabaseError && error.code === 'multiple-statements') return undefined;
      throw error;
    });
    const understood = await withPlan(await context.understand(params.statement, settings, catalogue, params.uri, description), lease.session);
    const asks = understood.assessment.sensitive && context.client() !== undefined;
    const plan = asks ? await planOf(lease.session, params.statement, understood.facts, await context.detector(), signal) : undefined;
    broken = false;
    return { understood, plan };
  } finally {
    lease.release(broken);
  }
}

/** Said before anybody is asked: an approval could not make it run. */
function refuseWrite({ facts }: Understanding, settings: ConnectionSettings): Blocked | undefined {
  if (facts.readOnly) return undefined;
  // What can't be parsed may still be a read; the session itself refuses the write.
  if (facts.kind === 'unparsable') return undefined;
  if (settings.environment === 'critical') return { code: 'read-only', message: `${settings.name} is critical: only reads run there.` };
  if (settings.readOnly !== false) return { code: 'read-only', message: `${settings.name} is read-only and the statement changes data or the session. Set "readOnly": false on the connection to allow it.` };
  return undefined;
}

async function askFor(params: RunParams, settings: ConnectionSettings, understood: Understanding, plan: string | undefined, run: Run, { context, connections }: RunDeps): Promise<Permission> {
  const watch = watchStatement(params, settings.dialect, context);
  // The connection that will be used knows the user's real name; until it is open, settings say.
  const connection = await context.identity(settings, connections);
  const withdraw = AbortSignal.any([run.cancelled.signal, watch.changed]);
  try {
    const { assessment } = understood;
    const permission = await obtainPermission({
      capability: 'run', statement: params.statement, parameters: params.parameters ?? [], connection, facts: understood.facts,
      ...(assessment.sensitive ? {} : { harmless: assessment.harmless }),
      preview: understood.preview, redactions: understood.redactions, columns: [], destination: { kind: params.agent ? 'agent' : 'grid' },
      maxRows: settings.maxRows ?? DEFAULT_MAX_ROWS, key: params.runId, ...(plan === undefined ? {} : { plan }), ...(params.ask ? { ask: params.ask } : {}), ...(params.agent ? { agent: params.agent } : {}),
      ...(params.resubmits === undefined ? {} : { resubmits: params.resubmits }),
    }, {
      client: context.client(), installationKey: context.installationKey(), now: context.now(), signal: run.stopped, withdraw,
      onPending: (request) => run.emit({ state: 'pending', requestId: request.id, request }),
    });
    if (watch.changed.aborted && permission.kind !== 'harmless') {
      return { kind: 'blocked', blocked: { code: 'statement-changed', message: 'The statement was edited while its approval was pending, so the request was withdrawn. Ask again or restore it.' } };
    }
    return permission;
  } finally {
    watch.dispose();
  }
}

async function executeAndShow(params: RunParams, settings: ConnectionSettings, permission: Extract<Permission, { kind: 'grant' | 'harmless' }>, run: Run, deps: RunDeps, signal: AbortSignal): Promise<RunState> {
  const { context, connections, executor, results, memory } = deps;
  const lease = await connections.acquire(settings.id, signal);
  let broken = true;
  const shown: ResultSet[] = [];
  let role: Session | undefined;
  try {
    // Judged anew: approvals take hours, and the schema may be another one by now.
    const catalogue = await connections.catalogue(settings.id, lease.session, CATALOGUE_AGE_MS, signal);
    const understood = await withPlan(await context.understand(params.statement, settings, catalogue, params.uri), lease.session);
    const connection = connections.identity(settings, lease.session);
    const asRole = await roleSession(permission.kind === 'grant' ? permission.grant : undefined, settings, lease.session.databaseUser, deps, signal);
    if (asRole.kind === 'blocked') { broken = false; return deny(params, asRole.blocked, deps.denials); }
    role = asRole.session;
    const outcome = executor.execute({
      session: role ?? lease.session, statement: params.statement, parameters: params.parameters ?? [], connection,
      permission: permission.kind === 'grant' ? permission.grant : permission.harmless, signal,
      limits: { maxRows: settings.maxRows ?? DEFAULT_MAX_ROWS, pageSize: PAGE_ROWS, timeoutMs: settings.statementTimeoutMs ?? DEFAULT_TIMEOUT_MS },
    });
    if (outcome.kind === 'blocked') { broken = false; return deny(params, outcome.blocked, deps.denials); }
    run.emit({ state: 'running' });
    const subject: DriftSubject = permission.kind === 'grant' ? { request: permission.request.id }
      : { unasked: { connection, preview: understood.preview, tables: understood.facts.tables } };
    const watches: DriftWatch[] = [];
    const started = performance.now();
    let told = Number.NEGATIVE_INFINITY;
    let affected: number | undefined;
    for await (const page of outcome.pages) {
      let result = shown[page.set];
      if (!result) {
        if (shown.length >= MAX_SETS) break;
        const watch = deps.drift.watch(subject);
        watches[page.set] = watch;
        result = await newResult(settings.id, page.set === 0 ? understood : withoutLineage(understood), deps, memory, watch);
        shown[page.set] = result;
        results.add({
          result, statement: params.statement, parameters: params.parameters ?? [], settings, connection, facts: understood.facts,
          ...(permission.kind === 'harmless' ? { harmless: permission.harmless } : {}), preview: understood.preview, redactions: understood.redactions,
        });
        result.begin(page.columns, page.wire ?? page.rows);
      } else result.append(page.wire ?? page.rows);
      if (page.end) {
        affected = page.end.affected;
        result.finish(performance.now() - started, page.end.truncated ? outcome.cap : undefined);
        watches[page.set]?.finished(result);
      } else if (page.set === 0 && performance.now() - told > TELL_EVERY_MS) {
        told = performance.now();
        run.emit({ state: 'rows', result: result.summary(performance.now() - started) });
      }
    }
    broken = false;
    if (!understood.facts.readOnly) connections.forgetCatalogue(settings.id);
    const [first, ...more] = shown.map((r) => r.summary());
    if (!first) return { state: 'failed', message: 'The database gave no answer.' };
    return { state: 'done', result: { ...first, ...(affected === undefined ? {} : { affected }) } satisfies ResultSummary, ...(more.length > 0 ? { more } : {}) };
  } catch (error) {
    for (const result of shown) results.close(result.identity.resultId);
    throw error;
  } finally {
    // Its end is not the result's concern: it ends by itself if this fails.
    await role?.close().catch(() => undefined);
    lease.release(broken, permission.kind === 'grant');
  }
}

/** What a gateway ran and printed, masked like any other result. It can't be revealed: the raw rows were never here. */
async function showGatewayOutput(params: RunParams, settings: ConnectionSettings, understood: Understanding, output: RemoteOutput, request: string, deps: RunDeps): Promise<RunState> {
  if (output.exitCode !== 0) return { state: 'failed', message: redactText(output.output, params.statement, await deps.context.detector(), 600) || `The gateway ended with exit code ${output.exitCode}.` };
  const { columns, rows } = readGatewayOutput(output.output);
  const watch = deps.drift.watch({ request });
  const result = await newResult(settings.id, asShownByGateway(understood), deps, deps.memory, watch);
  result.begin(columns, rows);
  result.finish(output.elapsedMs, output.truncated ? { by: 'row-cap', at: rows.length } : undefined);
  watch.finished(result);
  deps.results.add({
    result, statement: params.statement, parameters: params.parameters ?? [], settings, connection: deps.connections.identity(settings),
    facts: understood.facts, gateway: true, preview: understood.preview, redactions: understood.redactions,
  });
  return { state: 'done', result: result.summary() };
}

function outcomeOf(state: RunState): { outcome?: HistoryEntry['outcome']; rows?: number; elapsedMs?: number } {
  switch (state.state) {
    case 'done': return { outcome: 'done', rows: state.result.affected ?? state.result.rows, elapsedMs: Math.round(state.result.elapsedMs) };
    case 'blocked': case 'failed': case 'cancelled': return { outcome: state.state };
    default: return {};
  }
}

async function newResult(connectionId: string, understood: Understanding, { context }: RunDeps, memory: MemoryBudget, drift: DriftWatch): Promise<ResultSet> {
  const [detector, masker, policy] = await Promise.all([context.detector(), context.masker(), context.dataPolicy()]);
  return createResult({ resultId: randomUUID(), connectionId }, understood, new RowStore(memory, context.temporary), {
    detector, masker, replacementFor: policy.replacementFor, now: context.now, onDrift: drift.changed,
  });
}

function deny(params: RunParams, reason: Blocked, denials: Denials): RunState {
  if (params.uri !== undefined) denials.add(params.uri, params.statement, params.range?.start ?? 0, reason);
  return reason.code === 'cancelled' ? { state: 'cancelled' } : blocked(reason);
}

function blocked(reason: Blocked): RunState { return { state: 'blocked', blocked: reason }; }
