/** Facts about a SQL statement, made by a real parser, sent to the backend's policy, shown to reviewers. */

export type Dialect = 'sqlite' | 'postgresql' | 'mysql' | 'mariadb' | 'sqlserver' | 'trino';
export type Environment = 'development' | 'staging' | 'production' | 'critical';
export type StatementKind =
  | 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'ddl' | 'transaction' | 'set' | 'explain'
  | 'show' | 'call' | 'copy' | 'pragma' | 'other' | 'unparsable';

export interface TableRef {
  /** As the catalogue spells it where it was resolved, else as written. */
  readonly schema?: string;
  readonly name: string;
  readonly access: 'read' | 'write';
}

export interface ColumnRef {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
  /** `read` also covers WHERE, ORDER BY, JOIN: they leak through the answer. */
  readonly access: 'read' | 'write';
}

/** A column of the statement that the inventory calls sensitive. */
export interface SensitiveColumn {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
  readonly entity: string;
  readonly category: string;
  /** `output`: it reaches the result; `filter`: it only shapes it; `write`: it is written. */
  readonly use: 'output' | 'filter' | 'write';
}

/** Why a statement could not be fully understood. Anything here makes the statement sensitive. */
export interface Opaque {
  readonly what: 'unparsable' | 'function' | 'table-function' | 'procedure' | 'dynamic-sql' | 'unknown-table' | 'file-access' | 'too-large' | 'parser-failed' | 'nul-byte' | 'ambiguous';
  readonly detail: string;
}

export interface StatementFacts {
  readonly dialect: Dialect;
  readonly kind: StatementKind;
  /** True when nothing is written: no DML, DDL, locking, sequence use, session change. */
  readonly readOnly: boolean;
  /** How many statements the text holds. */
  readonly statements: number;
  readonly tables: readonly TableRef[];
  readonly columns: readonly ColumnRef[];
  readonly star: boolean;
  readonly functions: readonly string[];
  /** True when the statement itself writes data out: COPY TO, INTO OUTFILE, UNLOAD. */
  readonly exports: boolean;
  readonly opaque: readonly Opaque[];
  /** Placeholders in order: `?`, `$1`, `:name`. */
  readonly parameters: readonly string[];
  /** Row cap written in the statement, if any. */
  readonly limit?: number;
  /** Columns that the inventory calls sensitive. */
  readonly sensitive: readonly SensitiveColumn[];
  /** Best estimate of rows read, if known. */
  readonly estimatedRows?: number;
}
