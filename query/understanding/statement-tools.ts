/** Loads what takes statements apart. Wasm is loaded here, on first use, and not before. */
import type { Detector } from '#core/engine/detector.ts';
import type { Analyser } from '#core/statement/analyse.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import { createAnalyser } from '#core/statement/create.ts';
import { createInventory, type Inventory, type InventoryEntry } from '#core/statement/inventory.ts';
import { loadParsers } from '#query/parsers/create.ts';

export { loadCatalogue } from '#query/catalogue/load.ts';

export interface StatementTools {
  readonly analyser: Analyser;
  inventory(detector: Detector, entries: readonly InventoryEntry[], catalogue: Catalogue): Inventory;
}

/** Paths of the parsers' wasm files; from `node_modules` when absent. */
export interface ParserPaths { readonly sqlparserWasm?: string; readonly libpgWasm?: string }

export async function createStatementTools({ sqlparserWasm, libpgWasm }: ParserPaths): Promise<StatementTools> {
  const parsers = await loadParsers({ ...(sqlparserWasm === undefined ? {} : { sqlparserWasm }), ...(libpgWasm === undefined ? {} : { libpgWasm }) });
  /** The newest inventory of each catalogue: names that were classified for one statement need not be for the next. */
  const kept = new WeakMap<Catalogue, { readonly detector: Detector; readonly entries: readonly InventoryEntry[]; readonly inventory: Inventory }>();
  return {
    analyser: createAnalyser({ parsers }),
    inventory(detector, entries, catalogue) {
      const known = kept.get(catalogue);
      if (known && known.detector === detector && sameEntries(known.entries, entries)) return known.inventory;
      const inventory = createInventory({
        classifyName: (name, path) => detector.classifyName(name, path), entries,
        table: (name) => catalogue.resolve(name.schema, name.name, { schema: true, table: true }),
      });
      kept.set(catalogue, { detector, entries, inventory });
      return inventory;
    },
  };
}

/** Entries are read anew for each statement, so it is their content that counts. */
function sameEntries(a: readonly InventoryEntry[], b: readonly InventoryEntry[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((entry, index) => {
    const other = b[index];
    if (entry === other) return true;
    return other !== undefined && entry.schema === other.schema && entry.table === other.table && entry.column === other.column && entry.source === other.source
      && entry.verdict?.entity === other.verdict?.entity && entry.verdict?.category === other.verdict?.category && entry.verdict?.confidence === other.verdict?.confidence
      && (entry.verdict === null) === (other.verdict === null);
  });
}
