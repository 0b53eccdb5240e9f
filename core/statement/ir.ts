/**
 * The one tree that both parsers' trees are turned into: only what decides which data a statement touches.
 * Whatever a converter does not know becomes `unknown`, which makes the statement sensitive.
 */
import type { Opaque, StatementKind } from '../wire/statement.ts';

/** A name as written, without quotes. */
export interface Name { readonly text: string; readonly quoted: boolean }

export type Expression =
  | { readonly is: 'column'; readonly parts: readonly Name[] }
  /** `count(*)`'s star reads no column; `f(t.*)` reads all of them. */
  | { readonly is: 'star'; readonly qualifier?: readonly Name[] | undefined; readonly counting: boolean }
  | { readonly is: 'constant' }
  | { readonly is: 'call'; readonly name: readonly Name[]; readonly arguments: readonly Expression[] }
  | { readonly is: 'query'; readonly query: Query; /** `exists`: only whether there are rows counts */ readonly exists: boolean }
  /** Anything whose value comes from its parts alone: operators, CASE, casts. `operator` is the symbol, or `AND`. */
  | { readonly is: 'of'; readonly parts: readonly Expression[]; readonly operator?: string | undefined }
  | { readonly is: 'unknown'; readonly opaque: Opaque; readonly parts?: readonly Expression[] };

export interface CommonTable {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly query: Query;
}

export interface Query {
  readonly tables: readonly CommonTable[];
  readonly recursive: boolean;
  readonly body: Body;
  readonly orderBy: readonly Expression[];
  /** LIMIT, OFFSET, FETCH expressions and the like. */
  readonly others: readonly Expression[];
  /** Row cap, where it is a literal. */
  readonly limit?: number | undefined;
  readonly opaque: readonly Opaque[];
  /** FOR UPDATE, SELECT INTO: reads that are also writes. */
  readonly writes: boolean;
  /** SELECT … INTO OUTFILE and the like. */
  readonly exports: boolean;
}

export type Body =
  | Select
  | { readonly is: 'set'; /** UNION ALL neither compares nor drops rows */ readonly all: boolean; readonly left: Query; readonly right: Query }
  | { readonly is: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly is: 'nested'; readonly query: Query }
  | { readonly is: 'change'; readonly change: Change }
  | { readonly is: 'unknown'; readonly opaque: Opaque };

export interface Select {
  readonly is: 'select';
  readonly items: readonly Item[];
  readonly from: readonly From[];
  readonly where: readonly Expression[];
  /** GROUP BY, HAVING, QUALIFY, windows, DISTINCT ON: they may name output aliases. */
  readonly others: readonly Expression[];
  readonly distinct: boolean;
}

export type Item =
  | { readonly is: 'expression'; readonly expression: Expression; readonly alias?: Name | undefined }
  | { readonly is: 'star'; readonly qualifier?: readonly Name[] | undefined };

export type From =
  | {
    readonly is: 'table'; readonly name: readonly Name[]; readonly alias?: Name | undefined; readonly columns: readonly Name[];
    /** What TABLESAMPLE is given: how many rows there are, and which, may tell a value as any condition may. */
    readonly sampledBy?: readonly Expression[];
  }
  | { readonly is: 'query'; readonly query: Query; /** sees the tables before it */ readonly lateral: boolean; readonly alias?: Name | undefined; readonly columns: readonly Name[] }
  /** A function, UNNEST, JSON_TABLE: its output comes from its arguments. */
  | { readonly is: 'function'; readonly calls: readonly Expression[]; readonly alias?: Name | undefined; readonly columns: readonly Name[] }
  | {
    readonly is: 'join'; readonly left: From; readonly right: From;
    readonly on: readonly Expression[]; readonly using: readonly Name[]; readonly natural: boolean; readonly alias?: Name | undefined;
  }
  | { readonly is: 'unknown'; readonly opaque: Opaque; readonly alias?: Name | undefined };

/** INSERT, UPDATE, DELETE, MERGE. */
export interface Change {
  readonly kind: 'insert' | 'update' | 'delete' | 'merge';
  readonly tables: readonly CommonTable[];
  readonly recursive: boolean;
  readonly target: From;
  readonly alsoWritten: readonly From[];
  /** Columns written, by name; empty for an INSERT without a list: all of them. */
  readonly columns: readonly (readonly Name[])[];
  readonly from: readonly From[];
  readonly source?: Query | undefined;
  readonly reads: readonly Expression[];
  readonly returning: readonly Item[];
  readonly opaque: readonly Opaque[];
}

export interface Statement {
  readonly kind: StatementKind;
  readonly readOnly: boolean;
  readonly exports: boolean;
  readonly query?: Query | undefined;
  readonly change?: Change | undefined;
  /** Tables that are named outside a query or change: DDL, COPY, CALL arguments. */
  readonly tables: readonly { readonly name: readonly Name[]; readonly access: 'read' | 'write'; readonly columns?: readonly Name[] | undefined }[];
  readonly reads: readonly Expression[];
  readonly opaque: readonly Opaque[];
}

/** An empty query around a body. */
export function queryOf(body: Body, extra: Partial<Omit<Query, 'body'>> = {}): Query {
  return { tables: [], recursive: false, orderBy: [], others: [], opaque: [], writes: false, exports: false, ...extra, body };
}

/** An empty statement of a kind. */
export function statementOf(kind: StatementKind, extra: Partial<Omit<Statement, 'kind'>> = {}): Statement {
  return { readOnly: false, exports: false, tables: [], reads: [], opaque: [], ...extra, kind };
}

export const constant: Expression = { is: 'constant' };
export function of(parts: readonly Expression[], operator?: string): Expression {
  return parts.length === 0 && operator === undefined ? constant : { is: 'of', parts, operator };
}
