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
  return {
    analyser: createAnalyser({ parsers }),
    inventory: (detector, entries, catalogue) => createInventory({
      classifyName: (name, path) => detector.classifyName(name, path), entries,
      table: (name) => catalogue.resolve(name.schema, name.name, { schema: true, table: true }),
    }),
  };
}
