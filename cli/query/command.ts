/** `pii-gate query`: one statement through the same gate as in the editor; rows come out masked. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createApprovalClient } from '#approvals/ask.ts';
import { createPort } from '#approvals/create-port.ts';
import { obtainPermission } from '#approvals/permission.ts';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { Environment } from '#core/wire/statement.ts';
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { BackendSettings } from '#core/wire/protocol.ts';
import { parseConnectionUrl } from '#query/connections/url.ts';
import { DatabaseError, type Session } from '#query/drivers/driver.ts';
import { createDrivers } from '#query/drivers/registry.ts';
import { createExecutor } from '#query/executor/execute.ts';
import { inventoryFileName, readInventoryFile } from '#query/inventory/inventory-file.ts';
import { dataPolicyOf } from '#query/results/data-policy.ts';
import { letCellsStayYoung } from '#query/results/cells-stay-young.ts';
import { maskPages } from '#query/results/mask-pages.ts';
import { failureMessage } from '#query/results/redact-message.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { understand, withPlan } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';
import { exit, UserError } from '../exit.ts';
import type { Output } from '../io/output.ts';
import { printer, type QueryFormat } from './print.ts';

export interface QueryRequest {
  readonly connectionUrl: string;
  readonly connectionId: string;
  readonly environment: Environment;
  readonly statement: string;
  readonly format: QueryFormat;
  readonly maxRows: number;
  readonly timeoutMs: number;
  readonly backend?: BackendSettings;
  readonly reason?: string;
  /** How long to wait for a decision, milliseconds. */
  readonly waitMs: number;
}

export interface QueryPlace {
  readonly cwd: string;
  /** Folder of the running program: `cli/` or `dist/`. */
  readonly here: string;
  readonly key: Uint8Array;
  readonly policy: WorkspacePolicy;
  readonly out: Output;
  readonly err: Output;
}

/** Exit code when the gate did not let the statement through. */
export const BLOCKED = 3;

export async function query(request: QueryRequest, place: QueryPlace): Promise<number> {
  const parsed = parseConnectionUrl(request.connectionUrl, { id: request.connectionId, environment: request.environment, cwd: place.cwd });
  if (!parsed.ok) throw new UserError(parsed.message);
  const packs = place.policy.custom === undefined ? builtinPacks() : [...builtinPacks(), place.policy.custom];
  const detector = createDetector(packs, createRe2());
  let session: Session | undefined;
  try {
    const driver = await createDrivers({ sqliteProcess: beside(place.here, 'sqlite-process.js', '../query/drivers/sqlite-process.ts') })(parsed.settings.dialect);
    session = await driver.connect(parsed.settings, parsed.password);
    return await through(session, request, { ...place, detector, dialect: parsed.settings.dialect });
  } catch (error) {
    if (error instanceof DatabaseError) throw new UserError(failureMessage(error, request.statement, detector));
    throw error;
  } finally {
    await session?.close();
  }
}

type Within = QueryPlace & { readonly detector: ReturnType<typeof createDetector>; readonly dialect: Session['dialect'] };

async function through(session: Session, request: QueryRequest, { detector, dialect, policy, here, cwd, key, out, err }: Within): Promise<number> {
  const data = dataPolicyOf([policy], detector.entities(), inventoryOf(cwd));
  const tools = await createStatementTools(wasmBeside(here));
  const catalogue = await loadCatalogue(session);
  const description = await session.describe?.(request.statement);
  const understood = await withPlan(understand(request.statement, {
    analyser: tools.analyser, detector, catalogue, inventory: tools.inventory(detector, data.entries, catalogue), dialect, ...(description ? { description } : {}),
  }), session);
  const connection: ConnectionIdentity = { id: request.connectionId, environment: request.environment, databaseUser: session.databaseUser };
  const client = request.backend ? createApprovalClient(createPort(request.backend)) : undefined;
  try {
    const permission = await obtainPermission({
      capability: 'run', statement: request.statement, parameters: [], connection, facts: understood.facts,
      ...(understood.assessment.sensitive ? {} : { harmless: understood.assessment.harmless }),
      preview: understood.preview, redactions: understood.redactions, columns: [], destination: { kind: 'grid' }, maxRows: request.maxRows, key: randomUUID(),
      ...(request.reason === undefined ? {} : { ask: { reason: request.reason, use: 'once', durationMs: 15 * 60_000 } }),
    }, {
      client, installationKey: key, now: Date.now(), signal: AbortSignal.timeout(request.waitMs), withdraw: new AbortController().signal,
      onPending: (pending) => void err.write(`Waiting for approval of request ${pending.id}…\n`),
    });
    switch (permission.kind) {
      case 'needs-approval': return await stop(err, `Needs approval: ${permission.verdict.why}. Say why with --reason.`);
      case 'blocked': return await stop(err, permission.blocked.message);
      case 'output': return await stop(err, 'This gateway answered with text only.');
      default:
    }
    const outcome = createExecutor({ installationKey: () => key, now: Date.now }).execute({
      session, statement: request.statement, parameters: [], connection, permission: permission.kind === 'grant' ? permission.grant : permission.harmless,
      limits: { maxRows: request.maxRows, pageSize: 500, timeoutMs: request.timeoutMs },
    });
    if (outcome.kind === 'blocked') return await stop(err, outcome.blocked.message);
    const print = printer(request.format);
    const masker = createMasker(key, detector);
    letCellsStayYoung();
    for await (const page of maskPages(outcome.pages, { detector, masker, replacementFor: data.replacementFor, understood })) {
      await out.write(print.page(page));
      if (page.end?.truncated) await err.write(`Cut after ${outcome.cap.at} rows (${outcome.cap.by === 'grant' ? 'the approval\'s limit' : '--max-rows'}).\n`);
      if (page.end?.affected !== undefined && page.verdicts.length === 0) await err.write(`${page.end.affected} rows changed.\n`);
    }
    await out.write(print.end());
    return exit.clean;
  } finally {
    client?.dispose();
  }
}

async function stop(err: Output, message: string): Promise<number> {
  await err.write(`pii-gate: ${message}\n`);
  return BLOCKED;
}

/** @throws UserError when the inventory file has problems: a statement must not be judged by half of it. */
function inventoryOf(cwd: string): readonly InventoryEntry[] {
  const file = path.join(cwd, inventoryFileName);
  if (!existsSync(file)) return [];
  const { entries, problems } = readInventoryFile(readFileSync(file, 'utf8'), inventoryFileName);
  if (problems.length > 0) throw new UserError(problems.map((p) => `${inventoryFileName}:${p.line}:${p.column}: ${p.message}`).join('\n'));
  return entries;
}

function beside(here: string, built: string, source: string): string {
  const file = path.join(here, built);
  return existsSync(file) ? file : path.join(here, source);
}

/** In the build the wasm files stand beside the bundle; from source they come from `node_modules`. */
function wasmBeside(here: string): { sqlparserWasm?: string; libpgWasm?: string } {
  const sqlparserWasm = path.join(here, 'sqlparser_rs_wasm_bg.wasm');
  const libpgWasm = path.join(here, 'libpg-query.wasm');
  return { ...(existsSync(sqlparserWasm) ? { sqlparserWasm } : {}), ...(existsSync(libpgWasm) ? { libpgWasm } : {}) };
}
