/** What a connection's database holds, and a search of it for personal data. No value leaves. */
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { CorrectInventoryParams, CorrectInventoryResult, InventoryResult, ScanInventoryParams, ScanInventoryResult } from '#core/wire/protocol.ts';
import type { Connections } from '#query/connections/connections.ts';
import { DatabaseError } from '#query/drivers/driver.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import { correctInventory as corrected, mergeInventory } from '#query/inventory/correct.ts';
import { InventoryFileError, inventoryFileName, writeInventoryFile } from '#query/inventory/inventory-file.ts';
import { scanCatalogue } from '#query/inventory/scan.ts';
import { redactText } from '#query/results/redact-message.ts';
import type { GateContext } from './gate-context.ts';
import { openInventoryFile, replaceInventoryFile } from './inventory-file.ts';

const CATALOGUE_AGE_MS = 5_000;

/** Throws `DatabaseError`. */
export async function listInventory(connectionId: string, context: GateContext, connections: Connections): Promise<InventoryResult> {
  const catalogue: Catalogue = await connections.catalogue(connectionId, undefined, CATALOGUE_AGE_MS);
  const [{ inventory }, detector, policy] = await Promise.all([context.tools(), context.detector(), context.dataPolicy()]);
  const known = inventory(detector, policy.entries, catalogue);
  return {
    tables: catalogue.tables().filter((t) => t.kind !== 'system' && t.kind !== 'shadow').map((table) => ({
      ...(table.schema === undefined ? {} : { schema: table.schema }), name: table.name, kind: table.kind,
      columns: table.columns.map((column) => ({
        name: column.name, ...(column.type === undefined ? {} : { type: column.type }), ...known.sensitivity({ schema: table.schema, name: table.name }, column.name),
      })),
    })),
  };
}

/** Throws `DatabaseError`. */
export async function scanInventory({ connectionId, sample, production, folder }: ScanInventoryParams, context: GateContext, connections: Connections): Promise<ScanInventoryResult> {
  const settings = connections.get(connectionId);
  if (!settings) throw new DatabaseError('settings', `There is no connection "${connectionId}". Choose one that is configured.`);
  const [detector, policy] = await Promise.all([context.detector(), context.dataPolicy()]);
  const lease = await connections.acquire(connectionId);
  let broken = true;
  try {
    const catalogue = await connections.catalogue(connectionId, lease.session, 0);
    const found = await scanCatalogue({
      catalogue, detector, known: policy.entries.filter((e) => e.source !== 'policy'),
      ...(sample === true ? { sampling: { session: lease.session, environment: settings.environment, ...(production === true ? { production } : {}) } } : {}),
    });
    broken = false;
    const text = folder === undefined ? writeInventoryFile(found.entries) : mergeInventory(openInventoryFile(folder, context.texts).text, found.entries);
    return { fileName: inventoryFileName, text, tables: found.tables, sampled: found.sampled, found: found.entries.filter((e) => e.verdict !== null).length, skipped: found.skipped };
  } finally {
    lease.release(broken);
  }
}

/** UTF-16 units; a line for whoever reads the file. */
const MAX_WHY = 200;

/**
 * Writes a person's word on a column into the inventory file of a workspace folder.
 * Throws `DatabaseError` and `InventoryFileError`.
 */
export async function correctInventory(params: CorrectInventoryParams, who: string | undefined, context: GateContext, connections: Connections): Promise<CorrectInventoryResult> {
  const { connectionId, schema, table, column, verdict, why, folder } = params;
  const catalogue: Catalogue = await connections.catalogue(connectionId, undefined, CATALOGUE_AGE_MS);
  const found = catalogue.resolve(schema, table, { schema: true, table: true });
  const name = found?.columns.find((c) => c.name.toLowerCase() === column.toLowerCase())?.name;
  if (!found || name === undefined) throw new InventoryFileError(`There is no column ${table}.${column} in this database. Read the data map again.`);
  const detector = await context.detector();
  const info = verdict === null ? undefined : detector.entities().find((e) => e.entity === verdict.entity);
  if (verdict !== null && !/^[A-Z][A-Z0-9_]*$/.test(verdict.entity)) throw new InventoryFileError('A kind of personal data is named by an id such as EMAIL_ADDRESS.');
  const entry: InventoryEntry = {
    ...(found.schema === undefined ? {} : { schema: found.schema }), table: found.name, column: name, source: 'user',
    verdict: verdict === null ? null : { entity: verdict.entity, category: verdict.category ?? info?.category ?? 'user' },
  };
  const file = openInventoryFile(folder, context.texts);
  const line = why === undefined ? '' : redactText(why.replace(/\s+/g, ' ').trim(), '', detector, MAX_WHY);
  replaceInventoryFile(file, corrected(file.text, entry, {
    ...(who === undefined ? {} : { who }), on: new Date(context.now()).toISOString().slice(0, 10), ...(line === '' ? {} : { why: line }),
  }));
  const [{ inventory }, policy] = await Promise.all([context.tools(), context.dataPolicy()]);
  // The policy and the database's own labels stay above a correction: whoever makes one is told.
  const others = policy.entries.filter((e) => e.source === 'policy');
  const now = inventory(detector, [...others, entry], catalogue).sensitivity({ schema: found.schema, name: found.name }, name);
  const overruled = now !== undefined && (now.source === 'policy' || now.source === 'label') && now.entity !== verdict?.entity;
  return { uri: file.uri, created: file.text === undefined, ...(overruled ? { overruledBy: { entity: now.entity, source: now.source } } : {}) };
}
