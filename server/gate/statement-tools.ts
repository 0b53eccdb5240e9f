/** Loads what takes statements apart. Wasm is loaded here, on first use, and not before. */
import type { Catalogue } from '#core/statement/catalogue.ts';
import { createAnalyser } from '#core/statement/create.ts';
import { createInventory } from '#core/statement/inventory.ts';
import { loadCatalogue } from '#query/catalogue/load.ts';
import { loadParsers } from '#query/parsers/create.ts';
import type { GateDeps } from './gate-deps.ts';
import type { StatementTools } from './gate-context.ts';

export { loadCatalogue };

export async function createStatementTools({ sqlparserWasm, libpgWasm }: GateDeps['paths']): Promise<StatementTools> {
  const parsers = await loadParsers({ ...(sqlparserWasm === undefined ? {} : { sqlparserWasm }), ...(libpgWasm === undefined ? {} : { libpgWasm }) });
  return {
    analyser: createAnalyser({ parsers }),
    inventory: (detector, policy, catalogue: Catalogue) => createInventory({
      classifyName: (name, path) => detector.classifyName(name, path), entries: policy.entries,
      table: (name) => catalogue.resolve(name.schema, name.name, { schema: true, table: true }),
    }),
  };
}
