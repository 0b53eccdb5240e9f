/**
 * What every database driver gives the executor. A driver knows its protocol and nothing of policy, masking or the
 * editor. Drivers are loaded lazily: importing this file loads none.
 */
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Dialect } from '#core/wire/statement.ts';
import type { WireRows } from './wire-rows.ts';

/** A value bound to a placeholder. Values are always sent beside the statement, never pasted into it. */
export type Parameter = string | number | boolean | null;

/** A cell as the driver hands it over. Nested values (arrays, JSON) are plain objects. */
export type RawValue = null | string | number | bigint | boolean | Uint8Array | Date | object;
export type RawRow = readonly RawValue[];

export interface ColumnOrigin { readonly schema?: string; readonly table: string; readonly column: string }

export interface DriverColumn {
  readonly name: string;
  /** The database's own type name, lower case; empty where the database has none. */
  readonly databaseType: string;
  /** The base column that the database itself names as the source of the values. */
  readonly origin?: ColumnOrigin;
  /**
   * True when the database is known to name a wrong origin for some statements (MariaDB derived tables).
   * Such an origin may raise suspicion but never lower it.
   */
  readonly originUncertain?: boolean;
}

/** Some rows of one result set. A set without rows still gives one page. */
export interface Page {
  /** 0 for the first result set of the statement. */
  readonly set: number;
  readonly columns: readonly DriverColumn[];
  readonly rows: readonly RawRow[];
  /** The same rows as the server sent them, where the driver can give them; `rows` is made when it is read. */
  readonly wire?: WireRows;
  /** Present on the last page of a set. */
  readonly end?: { readonly truncated: boolean; readonly affected?: number };
}

/** What the database says of a statement without running it. */
export interface Description {
  readonly columns: readonly DriverColumn[];
  /** Every base column that the statement reads, where the database can tell (SQLite's authoriser). */
  readonly reads?: readonly ColumnOrigin[];
  /** Number of placeholders, where known. */
  readonly parameters?: number;
}

export interface ExecuteOptions {
  /** At most this many rows a result set; one more is looked for to know whether the set was cut. */
  readonly maxRows: number;
  /** Rows a page, at most. */
  readonly pageSize: number;
  readonly signal?: AbortSignal;
  /** Milliseconds from the start to the last row; the statement is cancelled on the server then. */
  readonly timeoutMs?: number;
}

export interface Session {
  readonly dialect: Dialect;
  /** True when the session itself refuses writes, whatever the statement says. */
  readonly readOnly: boolean;
  /** The user that the database knows; empty for SQLite. */
  readonly databaseUser: string;
  /** Compiles without running. Throws `DatabaseError` when the database refuses the statement. */
  describe?(sql: string, signal?: AbortSignal): Promise<Description>;
  /**
   * Base columns that the server's own planner says a statement reads, views and rules expanded: a second look beside the
   * parser's, which can only add. Planning may evaluate functions, so it is for single reads in which nothing is opaque.
   * May name columns that do not exist: ask the catalogue. Undefined when the server gives none.
   */
  plannedReads?(sql: string, parameters: number): Promise<readonly ColumnOrigin[] | undefined>;
  /**
   * Runs one statement. Breaking off the iteration, an abort or the time-out cancels it on the server.
   * Throws `DatabaseError`; an abort throws the signal's reason.
   */
  execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncIterable<Page>;
  /** Cancels whatever runs in this session, on the server. Resolves once the cancel has been sent. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

export interface Driver {
  readonly dialect: Dialect;
  /** Throws `DatabaseError` with a code that says which step failed. `password` is empty where none is known. */
  connect(settings: ConnectionSettings, password: string, signal?: AbortSignal): Promise<Session>;
}

export type DatabaseErrorCode =
  | 'unreachable' | 'unauthorized' | 'too-many-connections' | 'tls' | 'no-database' | 'settings' | 'unsupported'
  | 'syntax' | 'read-only' | 'timeout' | 'multiple-statements' | 'query';

/** A failure that the database or its driver reported. `message` may hold raw values: redact before it leaves the process. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;
  /** UTF-16 offset in the statement, where the database gave one. */
  readonly position: number | undefined;
  constructor(code: DatabaseErrorCode, message: string, position?: number) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
    this.position = position;
  }
}

/** An abort that a statement time-out caused. */
export function timedOut(ms: number): DatabaseError {
  return new DatabaseError('timeout', `The statement ran longer than ${ms} ms and was cancelled. Narrow it or raise the connection's time-out.`);
}
