/** Fides dataset YAML, in and out: `dataset: [{fides_key, collections: [{name, fields: [{name, data_categories}]}]}]`. Source: ethyca.github.io/fideslang, dataset resource. */
import { isMap, isSeq, LineCounter, parseDocument, stringify } from 'yaml';
import type { EntityInfo } from '#core/engine/detector.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { InventoryProblem } from './inventory-file.ts';

/** Categories that say nothing of a person. */
const impersonal = /^system(?:\.|$)|^user\.(?:unique_id\.pseudonymous)$/;

/**
 * Every field with a `user…` category is sensitive; the first of our entities that has the category (or its nearest
 * parent) names it. Nested fields become dotted column names.
 */
export function readFidesDatasets(text: string, source: string, entities: readonly EntityInfo[]): { readonly entries: readonly InventoryEntry[]; readonly problems: readonly InventoryProblem[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const problems: InventoryProblem[] = document.errors.map((error) => {
    const { line, col } = counter.linePos(error.pos[0]);
    return { line, column: col, message: `${source}: ${error.message.split('\n')[0] ?? 'not YAML'}` };
  });
  const datasets = isMap(document.contents) ? document.contents.get('dataset') : undefined;
  if (!isSeq(datasets)) {
    if (problems.length === 0) problems.push({ line: 1, column: 1, message: `${source}: expected a list under \`dataset\`` });
    return { entries: [], problems };
  }
  const entries: InventoryEntry[] = [];
  const fieldsOf = (table: string, fields: unknown, prefix: string, inherited: readonly string[]): void => {
    for (const field of items(fields)) {
      const name = `${prefix}${String(field['name'] ?? '')}`;
      const own = strings(field['data_categories']);
      const categories = own.length > 0 ? own : inherited;
      const category = categories.find((c) => c.startsWith('user') && !impersonal.test(c));
      if (category !== undefined) entries.push({ table, column: name, verdict: { entity: entityOf(category, entities), category }, source: 'inventory' });
      fieldsOf(table, field['fields'], `${name}.`, categories);
    }
  };
  for (const dataset of items(datasets.toJSON())) {
    for (const collection of items(dataset['collections'])) {
      fieldsOf(String(collection['name'] ?? ''), collection['fields'], '', [...strings(dataset['data_categories']), ...strings(collection['data_categories'])]);
    }
  }
  return { entries, problems };
}

/** One dataset with every table that has entries. `key` is the dataset's `fides_key`. */
export function writeFidesDataset(key: string, entries: readonly InventoryEntry[]): string {
  const tables = new Map<string, Map<string, string>>();
  for (const entry of entries) {
    if (entry.verdict === null || entry.column === undefined) continue;
    const fields = tables.get(entry.table) ?? new Map<string, string>();
    fields.set(entry.column, entry.verdict.category);
    tables.set(entry.table, fields);
  }
  return stringify({
    dataset: [{
      fides_key: key.toLowerCase().replace(/[^a-z0-9_.-]+/g, '_'), name: key, organization_fides_key: 'default_organization',
      collections: [...tables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, fields]) => ({
        name, fields: [...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, category]) => ({ name: field, data_categories: [category] })),
      })),
    }],
  });
}

function entityOf(category: string, entities: readonly EntityInfo[]): string {
  for (let at = category; at.includes('.'); at = at.slice(0, at.lastIndexOf('.'))) {
    const found = entities.find((entity) => entity.category === at);
    if (found) return found.entity;
  }
  return 'PERSONAL_DATA';
}

function items(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null && !Array.isArray(item)) : [];
}
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
