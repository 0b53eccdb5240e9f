/** What a connection's database holds, and a search of it for personal data. No value leaves. */
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { InventoryResult, ScanInventoryParams, ScanInventoryResult } from '#core/wire/protocol.ts';
import type { Connections } from '#query/connections/connections.ts';
import { DatabaseError } from '#query/drivers/driver.ts';
import { inventoryFileName, writeInventoryFile } from '#query/inventory/inventory-file.ts';
import { scanCatalogue } from '#query/inventory/scan.ts';
import type { GateContext } from './gate-context.ts';

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
export async function scanInventory({ connectionId, sample, production }: ScanInventoryParams, context: GateContext, connections: Connections): Promise<ScanInventoryResult> {
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
    return { fileName: inventoryFileName, text: writeInventoryFile(found.entries), tables: found.tables, sampled: found.sampled, found: found.entries.filter((e) => e.verdict !== null).length, skipped: found.skipped };
  } finally {
    lease.release(broken);
  }
}
