/**
 * The inventory as a file to commit (`.pii-gate.inventory.yaml`): which column holds what, and who said so. Never a value.
 *
 * ```yaml
 * version: 1
 * tables:
 *   public.customers:
 *     ssn: { entity: US_SSN, category: user.government_id, confidence: 0.9, by: name }
 *     note: { personal: false, by: user, who: dana, on: 2026-01-31, why: order remarks only }
 * ```
 */
import { Document, isMap, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { InventoryEntry, SensitivitySource } from '#core/statement/inventory.ts';

/** The file's name at the root of a workspace. */
export const inventoryFileName = '.pii-gate.inventory.yaml';

/** The comment at the top of a new file. */
const inventoryHeader = ' Where personal data lives. Written by PII Gate; correct it by hand: { personal: false, by: user }. Holds no values.';

export function newInventoryFile(): string { return `#${inventoryHeader}\nversion: 1\ntables:\n`; }

/** The file can't be changed without losing what somebody wrote. The message says where and what to do. */
export class InventoryFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InventoryFileError';
  }
}

/** Lines and columns count from 1. */
export interface InventoryProblem { readonly line: number; readonly column: number; readonly message: string }

const sources: readonly SensitivitySource[] = ['name', 'sample', 'label', 'inventory', 'policy', 'user'];

/** Reads what it can and says what it can't; an entry with a problem is left out, never guessed. */
export function readInventoryFile(text: string, source: string): { readonly entries: readonly InventoryEntry[]; readonly problems: readonly InventoryProblem[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const problems: InventoryProblem[] = [];
  const at = (offset: number, message: string): void => {
    const { line, col } = counter.linePos(offset);
    problems.push({ line, column: col, message: `${source}: ${message}` });
  };
  for (const error of document.errors) at(error.pos[0], error.message.split('\n')[0] ?? 'not YAML');
  const root = document.contents;
  if (root === null && problems.length === 0) return { entries: [], problems };
  if (!isMap(root)) {
    at(0, 'expected a mapping with `version: 1` and `tables`');
    return { entries: [], problems };
  }
  if (document.get('version') !== 1) at(root.range?.[0] ?? 0, 'expected `version: 1`');
  const tables: unknown = root.get('tables');
  if (tables !== undefined && !isMap(tables)) at(root.range?.[0] ?? 0, '`tables` must map table names to their columns');
  const entries = isMap(tables) ? tables.items.flatMap((pair): readonly InventoryEntry[] => {
    const name = String(pair.key);
    if (!isMap(pair.value)) {
      at(offsetOf(pair.key), `\`${name}\` must map column names to verdicts`);
      return [];
    }
    return columnsOf(name, pair.value, at);
  }) : [];
  return { entries, problems };
}

function columnsOf(tableName: string, columns: YAMLMap, at: (offset: number, message: string) => void): readonly InventoryEntry[] {
  const dot = tableName.lastIndexOf('.');
  const where = { ...(dot > 0 && { schema: tableName.slice(0, dot) }), table: tableName.slice(dot + 1) };
  return columns.items.flatMap((pair): readonly InventoryEntry[] => {
    const column = String(pair.key);
    const value = pair.value;
    if (!isMap(value)) {
      at(offsetOf(pair.key), `\`${column}\` must be {entity, category, confidence?, by?} or {personal: false}`);
      return [];
    }
    const by = value.get('by') ?? 'inventory';
    const source = sources.find((s) => s === by);
    if (!source) at(offsetOf(pair.key), `\`by\` of ${column} must be one of ${sources.join(', ')}`);
    const base = { ...where, ...(column !== '*' && { column }), source: source ?? ('inventory' as const) };
    if (value.get('personal') === false) return [{ ...base, verdict: null }];
    const entity = value.get('entity');
    const category = value.get('category');
    const confidence = value.get('confidence');
    if (typeof entity !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(entity)) {
      at(offsetOf(pair.key), `\`entity\` of ${column} must be an entity's id such as EMAIL_ADDRESS`);
      return [];
    }
    const sure = typeof confidence === 'number' && confidence >= 0 && confidence <= 1;
    if (confidence !== undefined && !sure) at(offsetOf(pair.key), `\`confidence\` of ${column} must be a number from 0 to 1`);
    return [{ ...base, verdict: { entity, category: typeof category === 'string' ? category : 'user', ...(sure && { confidence }) } }];
  });
}

/** Sorted by table and column, so that a second scan gives a small diff. */
export function writeInventoryFile(entries: readonly InventoryEntry[]): string {
  const tables: Record<string, Record<string, unknown>> = {};
  const sorted = [...entries].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  for (const entry of sorted) {
    const name = nameOf(entry).split('\u0000')[0] ?? '';
    const table = tables[name] ?? {};
    tables[name] = table;
    table[entry.column ?? '*'] = verdictFields(entry);
  }
  const document = new Document({ version: 1, tables });
  document.commentBefore = inventoryHeader;
  const root = document.get('tables');
  if (isMap(root)) for (const table of root.items) if (isMap(table.value)) for (const column of table.value.items) if (isMap(column.value)) column.value.flow = true;
  return document.toString({ lineWidth: 0 });
}

/** One verdict as it stands in the file: on one line, in braces. */
export function flowText(entry: InventoryEntry, more: Readonly<Record<string, string>> = {}): string {
  const document = new Document({ ...verdictFields(entry), ...more });
  if (isMap(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0 }).trimEnd();
}

function verdictFields({ verdict, source }: InventoryEntry): Record<string, unknown> {
  return verdict === null ? { personal: false, by: source } : {
    entity: verdict.entity, category: verdict.category,
    ...(verdict.confidence !== undefined && { confidence: Math.round(verdict.confidence * 100) / 100 }), by: source,
  };
}

function nameOf(entry: InventoryEntry): string {
  return `${entry.schema === undefined ? '' : `${entry.schema}.`}${entry.table}\u0000${entry.column ?? ''}`;
}

function offsetOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
