/** What the database holds, as read from its own catalogue. No values, only shapes. */

export interface CatalogueColumn {
  readonly name: string;
  /** The database's own type name, e.g. `varchar(20)`. */
  readonly type?: string;
  readonly comment?: string;
  /** A label that already says what it is, e.g. `pg_seclabel` of provider `anon`. */
  readonly label?: string;
  /** SQL of a generated column: its values come from other columns of the same table. */
  readonly expression?: string;
}

export type TableKind =
  | 'table' | 'view' | 'materialized-view' | 'foreign' | 'virtual'
  /** Internal storage of a virtual table: holds copies of values under names that say nothing. */
  | 'shadow'
  /** The database's own tables. Whether reading them is harmless is decided by name (`core/statement/system-tables.ts`). */
  | 'system';

/** A table or view. Names are spelt as the database spells them. */
export interface CatalogueTable {
  readonly schema?: string;
  readonly name: string;
  readonly kind: TableKind;
  readonly columns: readonly CatalogueColumn[];
  /** The query of a view; absent when it can't be read, which makes the view opaque. */
  readonly viewSql?: string;
  /** Tables that this one inherits from or is a partition of: their sensitivity holds here too. */
  readonly inherits?: readonly { readonly schema?: string; readonly name: string }[];
  readonly comment?: string;
  /** The database's own estimate. */
  readonly rows?: number;
}

export interface Catalogue {
  tables(): readonly CatalogueTable[];
  /**
   * The table that this name means to the database: case folding, default schema and search path applied.
   * `quoted` says that the name was written in quotes, which matters where folding depends on it.
   */
  resolve(schema: string | undefined, table: string, quoted?: { readonly schema?: boolean; readonly table?: boolean }): CatalogueTable | undefined;
  /** Lower-case names of functions that users have defined: they are opaque even when a built-in has the same name. */
  readonly userFunctions: ReadonlySet<string>;
  /** Operators that users have defined. */
  readonly userOperators: ReadonlySet<string>;
  /** The database's (Trino: the catalog's) own name, with which three-part names may start. */
  readonly database?: string | undefined;
  /** Why names may mean something else to the session than they do here. Any of them makes every statement ask. */
  readonly cautions: readonly string[];
  /** Changes whenever the content does; a key for caches. */
  readonly version: string;
}

/** How names are compared. */
export interface NameRules {
  /**
   * Of tables and schemas. `lower`: unquoted names fold to lower case and quoted ones are exact (PostgreSQL);
   * `insensitive`: case never matters; `exact`: it always does (MySQL where file names do).
   */
  readonly folding: 'lower' | 'insensitive' | 'exact';
  /** Schemas tried for an unqualified name, in order. Empty: any table of that name, if only one. */
  readonly searchPath: readonly string[];
}

export interface CatalogueContent {
  readonly tables: readonly CatalogueTable[];
  readonly names: NameRules;
  readonly userFunctions?: Iterable<string>;
  readonly userOperators?: Iterable<string>;
  readonly database?: string | undefined;
  readonly cautions?: readonly string[];
  readonly version?: string;
}

/** Indexes a catalogue's content for lookups in constant time. */
export function createCatalogue(content: CatalogueContent): Catalogue {
  const { folding, searchPath } = content.names;
  const key = (schema: string | undefined, table: string): string => `${(schema ?? '').toLowerCase()}\u0000${table.toLowerCase()}`;
  const bySchema = new Map<string, CatalogueTable[]>();
  const byName = new Map<string, CatalogueTable[]>();
  const push = (map: Map<string, CatalogueTable[]>, k: string, table: CatalogueTable): void => {
    const list = map.get(k);
    if (list) list.push(table); else map.set(k, [table]);
  };
  for (const table of content.tables) {
    push(bySchema, key(table.schema, table.name), table);
    push(byName, table.name.toLowerCase(), table);
  }
  const matches = (written: string, quoted: boolean | undefined, actual: string): boolean =>
    folding === 'insensitive' ? written.toLowerCase() === actual.toLowerCase()
      : (quoted || folding === 'exact' ? written : written.toLowerCase()) === actual;

  return {
    tables: () => content.tables,
    database: content.database,
    cautions: content.cautions ?? [],
    userFunctions: new Set([...(content.userFunctions ?? [])].map((name) => name.toLowerCase())),
    userOperators: new Set(content.userOperators ?? []),
    version: content.version ?? String(content.tables.length),
    resolve(schema, table, quoted) {
      if (schema !== undefined) {
        return bySchema.get(key(schema, table))?.find((t) => matches(table, quoted?.table, t.name) && matches(schema, quoted?.schema, t.schema ?? ''));
      }
      for (const candidate of searchPath) {
        const found = bySchema.get(key(candidate, table))?.find((t) => matches(table, quoted?.table, t.name));
        if (found) return found;
      }
      if (searchPath.length > 0) return undefined;
      const all = byName.get(table.toLowerCase())?.filter((t) => matches(table, quoted?.table, t.name)) ?? [];
      return all.length === 1 ? all[0] : undefined;
    },
  };
}

/** Made in the session itself: its columns are called whatever suited who made it, a moment ago. */
export function isTemporary({ schema }: CatalogueTable): boolean { return schema === 'pg_temp' || schema === 'temp'; }

/** Nothing is known: every table is unknown, so every statement that names one is sensitive. */
export function emptyCatalogue(): Catalogue {
  return createCatalogue({ tables: [], names: { folding: 'insensitive', searchPath: [] }, version: 'empty' });
}
