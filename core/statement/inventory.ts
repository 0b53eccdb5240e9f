/** Where personal data lives: which column of which table holds what. No values. */
import type { NameVerdict } from '../engine/detector.ts';
import type { CatalogueColumn, CatalogueTable } from './catalogue.ts';
import { sensitivityOfLabel } from './labels.ts';

/** Who says that a column is sensitive. Later ones in this list win over earlier ones: a user's correction never overrules the policy. */
export type SensitivitySource = 'name' | 'sample' | 'label' | 'inventory' | 'user' | 'policy';

export interface Sensitivity {
  readonly entity: string;
  /** fideslang data category. */
  readonly category: string;
  /** 0..1 */
  readonly confidence: number;
  readonly source: SensitivitySource;
}

export interface TableName { readonly schema?: string | undefined; readonly name: string }

export interface Inventory {
  /** What is known against a column; undefined when nothing is. Names in any case. */
  sensitivity(table: TableName, column: string): Sensitivity | undefined;
  /** True when somebody said that this whole table is sensitive, so that even counting its rows asks. */
  sensitiveTable(table: TableName): boolean;
}

/** One line of a policy, an inventory file or a user's correction. Names may hold `*`; any case. */
export interface InventoryEntry {
  readonly schema?: string;
  readonly table: string;
  /** Absent: the whole table. */
  readonly column?: string;
  /** `null` says that the column is *not* sensitive (a correction). */
  readonly verdict: { readonly entity: string; readonly category: string; readonly confidence?: number } | null;
  readonly source: SensitivitySource;
}

export interface InventoryOptions {
  /** Names alone: `Detector.classifyName`. */
  readonly classifyName: (name: string, path?: readonly string[]) => readonly NameVerdict[];
  readonly entries?: readonly InventoryEntry[];
  /** Names below this confidence are not sensitive. Default 0.5. */
  readonly minConfidence?: number;
  /** Finds a table's parents, so that a partition is as sensitive as its table. */
  readonly table?: (name: TableName) => CatalogueTable | undefined;
}

/** A name alone must be at least this sure. */
const defaultMinConfidence = 0.5;
/** A comment longer than a name with a few words describes, it does not name. Words. */
const maxCommentWords = 5;
const order: readonly SensitivitySource[] = ['name', 'sample', 'label', 'inventory', 'user', 'policy'];
/** Parents of parents of partitions: as deep as anybody nests. */
const maxParents = 8;

interface Compiled { readonly entry: InventoryEntry; readonly table: RegExp; readonly schema: RegExp | undefined; readonly column: RegExp | undefined }

/**
 * The most authoritative entry decides (a user's correction over the policy, the policy over the file, …); without
 * one, the column's name does. A partition or an inheriting table is as sensitive as its parents.
 */
export function createInventory(options: InventoryOptions): Inventory {
  const minConfidence = options.minConfidence ?? defaultMinConfidence;
  const entries = (options.entries ?? []).map((entry): Compiled => ({
    entry, table: pattern(entry.table), schema: entry.schema === undefined ? undefined : pattern(entry.schema), column: entry.column === undefined ? undefined : pattern(entry.column),
  })).sort((a, b) => order.indexOf(b.entry.source) - order.indexOf(a.entry.source));
  const known = new Map<string, Sensitivity | undefined>();

  const matches = (compiled: Compiled, table: TableName): boolean =>
    compiled.table.test(table.name) && (compiled.schema === undefined || compiled.schema.test(table.schema ?? ''));

  const byName = (table: TableName, column: string): Sensitivity | undefined => {
    const [best] = options.classifyName(column, [table.name]);
    return best && best.confidence >= minConfidence ? { entity: best.entity, category: best.category, confidence: best.confidence, source: 'name' } : undefined;
  };

  const described = (table: TableName, column: string): CatalogueColumn | undefined => options.table?.(table)?.columns.find((c) => c.name === column);

  const labelled = (table: TableName, column: string): Sensitivity | undefined => {
    const label = described(table, column)?.label;
    return label === undefined ? undefined : sensitivityOfLabel(label, options.classifyName(column, [table.name]));
  };

  /** A comment of a few words names the column as well as its name does. */
  const byComment = (table: TableName, column: string): Sensitivity | undefined => {
    const comment = described(table, column)?.comment?.trim();
    if (comment === undefined || comment.split(/\s+/).length > maxCommentWords) return undefined;
    const [best] = options.classifyName(comment, [table.name]);
    return best && best.confidence >= minConfidence ? { entity: best.entity, category: best.category, confidence: best.confidence, source: 'name' } : undefined;
  };

  const judge = (table: TableName, column: string, depth: number): Sensitivity | undefined => {
    const entry = entries.find((compiled) => compiled.column?.test(column) && matches(compiled, table))?.entry;
    // A correction clears what a name or a sample says, not what the database itself is labelled with.
    const own = entry?.verdict === null ? labelled(table, column) : entry ? verdictOf(entry) : labelled(table, column) ?? byComment(table, column) ?? byName(table, column);
    if (own || (entry?.source === 'user' && entry.verdict === null) || depth >= maxParents) return own;
    for (const parent of options.table?.(table)?.inherits ?? []) {
      const inherited = judge(parent, column, depth + 1);
      if (inherited) return inherited;
    }
    return undefined;
  };

  const inventory: Inventory = {
    sensitivity(table, column) {
      const key = `${table.schema ?? ''}\u0000${table.name}\u0000${column}`;
      if (!known.has(key)) known.set(key, judge(table, column, 0));
      return known.get(key);
    },
    sensitiveTable(table) {
      const whole = entries.find((compiled) => compiled.column === undefined && matches(compiled, table));
      return whole !== undefined && whole.entry.verdict !== null;
    },
  };
  return inventory;
}

function verdictOf(entry: InventoryEntry): Sensitivity | undefined {
  return entry.verdict === null ? undefined
    : { entity: entry.verdict.entity, category: entry.verdict.category, confidence: entry.verdict.confidence ?? 1, source: entry.source };
}

/** `*` stands for any characters; everything else is literal; any case. */
function pattern(glob: string): RegExp {
  return new RegExp(`^${glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'iu');
}
