/**
 * Looks through a catalogue for columns that hold personal data: by label, comment and name, and, if asked to, by a
 * bounded sample of values. Sampled values are judged and dropped here; nothing but the verdict leaves.
 */
import type { Detector } from '#core/engine/detector.ts';
import type { Catalogue, CatalogueTable } from '#core/statement/catalogue.ts';
import { createInventory, type InventoryEntry } from '#core/statement/inventory.ts';
import type { Dialect, Environment } from '#core/wire/statement.ts';
import { DatabaseError, type Session } from '../drivers/driver.ts';

export interface InventoryScan {
  readonly catalogue: Catalogue;
  readonly detector: Detector;
  /** Corrections of users and what is known already: they win, and sampling leaves these columns alone. */
  readonly known: readonly InventoryEntry[];
  /** Absent: no values are read. */
  readonly sampling?: Sampling;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface Sampling {
  readonly session: Session;
  readonly environment: Environment;
  /** Values are read on production and critical only when somebody said so for this scan. Default false. */
  readonly production?: boolean;
  /** At most this many rows a table. Default 200. */
  readonly rows?: number;
  /** At most this many tables. Default 500. */
  readonly tables?: number;
  /** Milliseconds a table. Default 5,000. */
  readonly timeoutMs?: number;
}

export interface InventoryScanResult {
  readonly entries: readonly InventoryEntry[];
  /** Tables looked at by name. */
  readonly tables: number;
  /** Tables whose values were sampled. */
  readonly sampled: number;
  /** What was not looked at, and why. */
  readonly skipped: readonly { readonly table: string; readonly why: string }[];
}

export async function scanCatalogue(scan: InventoryScan): Promise<InventoryScanResult> {
  const { catalogue, detector, known, sampling, signal, onProgress } = scan;
  const inventory = createInventory({
    classifyName: (name, path) => detector.classifyName(name, path), entries: known,
    table: (name) => catalogue.resolve(name.schema, name.name, { schema: true, table: true }),
  });
  const tables = catalogue.tables().filter((table) => table.kind !== 'system' && table.kind !== 'shadow');
  const entries: InventoryEntry[] = known.filter((entry) => entry.source === 'user');
  const corrected = (table: CatalogueTable, column: string): boolean => entries.some((e) => e.source === 'user' && e.table.toLowerCase() === table.name.toLowerCase() && e.column?.toLowerCase() === column.toLowerCase());
  const skipped: { table: string; why: string }[] = [];
  const refusal = sampling ? samplingRefused(sampling) : undefined;
  let sampled = 0;
  for (const [index, table] of tables.entries()) {
    signal?.throwIfAborted();
    onProgress?.(index, tables.length);
    const where = { ...(table.schema !== undefined && { schema: table.schema }), table: table.name };
    const open: string[] = [];
    for (const column of table.columns) {
      if (corrected(table, column.name)) continue;
      const found = inventory.sensitivity(table, column.name);
      if (found) entries.push({ ...where, column: column.name, verdict: { entity: found.entity, category: found.category, confidence: found.confidence }, source: found.source });
      else if (holdsText(column.type)) open.push(column.name);
    }
    if (!sampling || open.length === 0 || table.kind === 'foreign') continue;
    const why = refusal ?? (sampled >= (sampling.tables ?? 500) ? `only ${sampling.tables ?? 500} tables are sampled` : undefined);
    if (why !== undefined) { skipped.push({ table: nameOf(table), why }); continue; }
    const failure = await sampleTable(table, open, sampling, detector, entries, signal);
    if (failure === undefined) sampled += 1; else skipped.push({ table: nameOf(table), why: failure });
  }
  onProgress?.(tables.length, tables.length);
  return { entries, tables: tables.length, sampled, skipped };
}

function samplingRefused({ environment, production, session }: Sampling): string | undefined {
  if ((environment === 'production' || environment === 'critical') && production !== true) return `values are not sampled on ${environment}`;
  return session.readOnly ? undefined : 'values are sampled over read-only connections only';
}

/** Reads some rows, judges each column and keeps only the verdicts. Returns why it could not. */
async function sampleTable(table: CatalogueTable, columns: readonly string[], sampling: Sampling, detector: Detector, entries: InventoryEntry[], signal?: AbortSignal): Promise<string | undefined> {
  const rows = sampling.rows ?? 200;
  const values = columns.map((): string[] => []);
  try {
    const pages = sampling.session.execute(sampleSql(table, columns, rows, sampling.session.dialect), [], { maxRows: rows, pageSize: rows, timeoutMs: sampling.timeoutMs ?? 5_000, ...(signal && { signal }) });
    for await (const page of pages) {
      for (const row of page.rows) columns.forEach((_, index) => { const value = row[index]; if (typeof value === 'string' && value !== '') values[index]?.push(value); });
    }
  } catch (error) {
    signal?.throwIfAborted();
    // The message may quote values: only its kind is told.
    return error instanceof DatabaseError ? `the database refused (${error.code})` : 'reading it failed';
  }
  columns.forEach((column, index) => {
    const verdict = detector.classifyColumn(values[index] ?? [], { name: column, path: [table.name] });
    if (!verdict) return;
    entries.push({
      ...(table.schema !== undefined && { schema: table.schema }), table: table.name, column, source: 'sample',
      verdict: { entity: verdict.entity, category: verdict.category, confidence: verdict.confidence },
    });
  });
  return undefined;
}

function sampleSql(table: CatalogueTable, columns: readonly string[], rows: number, dialect: Dialect): string {
  const quote = (name: string): string => dialect === 'mysql' || dialect === 'mariadb' ? `\`${name.replaceAll('`', '``')}\``
    : dialect === 'sqlserver' ? `[${name.replaceAll(']', ']]')}]` : `"${name.replaceAll('"', '""')}"`;
  const from = table.schema === undefined ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
  const list = columns.map(quote).join(', ');
  return dialect === 'sqlserver' ? `SELECT TOP ${rows} ${list} FROM ${from}` : `SELECT ${list} FROM ${from} LIMIT ${rows}`;
}

/** Types whose values are texts; SQLite's may be anything. */
function holdsText(type: string | undefined): boolean { return type === undefined || type === '' || /char|text|string|clob|json|uuid|inet|enum|name|any/i.test(type); }
function nameOf(table: CatalogueTable): string { return table.schema === undefined ? table.name : `${table.schema}.${table.name}`; }
