/**
 * Everything of the core that is heavy to load (validators, phone metadata, rule packs, RE2). Imported lazily as one module,
 * so that the server answers `initialize` before any of it is evaluated.
 */
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import { readInventoryFile } from '#query/inventory/inventory-file.ts';
import { parseWorkspacePolicy } from '#core/policy/workspace-policy.ts';
import { workspacePolicySchema } from '#core/policy/workspace-policy-schema.ts';
import { builtinPacks } from '#rules';
import { Engine } from './engine.ts';

export function createCore() {
  const regex = createRe2();
  return {
    engine: new Engine(builtinPacks, async (packs) => createDetector(packs, regex)),
    createMasker,
    readInventory: (text: string, source: string) => readInventoryFile(text, source).entries,
    parsePolicy: (text: string, source: string) => parseWorkspacePolicy(text, source, { regex }),
    policySchema: workspacePolicySchema,
  };
}

export type Core = ReturnType<typeof createCore>;
