/** A workspace policy in the terms of statements and results. */
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { EntityInfo } from '#core/engine/detector.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { ReplacementFor } from './cell-masker.ts';

/** What the workspace policy says about data. */
export interface DataPolicy {
  /** Sensitive tables and columns, and corrections. */
  readonly entries: readonly InventoryEntry[];
  readonly replacementFor: ReplacementFor;
}

/** Stands for "sensitive, whatever it is", where the policy names no entity. */
const UNNAMED = { entity: 'PERSONAL_DATA', category: 'user' };

/**
 * @param inventory entries of the workspaces' inventory files; the policy has the last word
 * @param entities to find the category of an entity that the policy names alone
 */
export function dataPolicyOf(policies: readonly WorkspacePolicy[], entities: readonly EntityInfo[], inventory: readonly InventoryEntry[] = []): DataPolicy {
  const categories = new Map(entities.map((e) => [e.entity, e.category]));
  return {
    entries: [...inventory, ...policies.flatMap((policy) => policy.sensitive.map((s) => ({
      ...(s.schema === undefined ? {} : { schema: s.schema }), table: s.table, ...(s.column === undefined ? {} : { column: s.column }),
      verdict: { entity: s.entity ?? UNNAMED.entity, category: s.category ?? (s.entity === undefined ? undefined : categories.get(s.entity)) ?? UNNAMED.category, confidence: 1 },
      source: 'policy' as const,
    })))],
    replacementFor: ({ entity, category, table, column }) => {
      for (const policy of policies) {
        const own = table === undefined || column === undefined ? undefined : policy.sensitive.find((s) => s.mask !== undefined && s.column !== undefined && fits(s.table, table) && fits(s.column, column))?.mask;
        const spec = own ?? policy.maskFor(entity, category ?? '');
        if (spec === undefined) continue;
        if (spec.kind === 'format') return { kind: 'format', tweak: table === undefined ? entity : `${table}.${column ?? ''}`.toLowerCase(), ...(spec.keepCheckDigits ? { keepCheckDigits: true } : {}) };
        return spec.kind === 'token' || spec.kind === 'fake' ? { kind: spec.kind } : { kind: 'mask', spec };
      }
      return { kind: 'mask' };
    },
  };
}

/** Names in any case; `*` stands for any characters. */
function fits(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === name.toLowerCase();
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('.*')}$`, 'i').test(name);
}
