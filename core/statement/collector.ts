/** Gathers facts while a statement is resolved. */
import type { ColumnRef, Opaque, TableRef } from '../wire/statement.ts';
import type { LineageSource } from './analyse.ts';
import type { CatalogueTable } from './catalogue.ts';

export interface Collector {
  readonly tables: Map<string, TableRef>;
  readonly columns: Map<string, ColumnRef>;
  /** Everything read or written, with what the inventory says. */
  readonly sources: Map<string, LineageSource & { readonly access: 'read' | 'write' }>;
  readonly functions: Set<string>;
  readonly opaque: Map<string, Opaque>;
  star: boolean;
  writes: boolean;
  exports: boolean;
  rows: number | undefined;
  table(table: CatalogueTable, access: 'read' | 'write'): void;
  unknownTable(schema: string | undefined, name: string, access: 'read' | 'write'): void;
  use(sources: readonly LineageSource[], access: 'read' | 'write'): void;
  problem(opaque: Opaque): void;
}

export function createCollector(): Collector {
  const note = (schema: string | undefined, name: string, access: 'read' | 'write'): void => {
    collector.tables.set(`${access}\u0000${schema ?? ''}\u0000${name}`, { ...(schema !== undefined && { schema }), name, access });
  };
  const collector: Collector = {
    tables: new Map(), columns: new Map(), sources: new Map(), functions: new Set(), opaque: new Map(),
    star: false, writes: false, exports: false, rows: undefined,
    table(table, access) {
      note(table.schema, table.name, access);
      if (table.rows !== undefined) collector.rows = Math.max(collector.rows ?? 0, table.rows);
    },
    unknownTable: note,
    use(sources, access) {
      for (const source of sources) {
        const key = `${access}\u0000${source.schema ?? ''}\u0000${source.table}\u0000${source.column}`;
        if (collector.sources.has(key)) continue;
        collector.sources.set(key, { ...source, access });
        collector.columns.set(key, { ...(source.schema !== undefined && { schema: source.schema }), table: source.table, column: source.column, access });
      }
    },
    problem(opaque) { collector.opaque.set(`${opaque.what}\u0000${opaque.detail}`, opaque); },
  };
  return collector;
}
