/** Where personal data lives: which column of which table holds what. No values. */
import type { NameVerdict } from '../engine/detector.ts';
import type { CatalogueTable } from './catalogue.ts';

/** Who says that a column is sensitive. Later ones in this list win over earlier ones. */
export type SensitivitySource = 'name' | 'sample' | 'label' | 'inventory' | 'policy' | 'user';

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
