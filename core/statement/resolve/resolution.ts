/** What the parts of name resolution share. They call each other through this object, since queries, expressions and tables nest in one another. */
import type { Dialect, Opaque } from '../../wire/statement.ts';
import type { LineageSource } from '../analyse.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Collector } from '../collector.ts';
import type { Inventory } from '../inventory.ts';
import type { Change, CommonTable, Expression, From, Name, Query, Statement } from '../ir.ts';
import type { Brought, Derived, Relation, Scope } from '../relations.ts';

export interface Result {
  readonly outputs: readonly Derived[];
  readonly complete: boolean;
  /** When not complete: what any result column may come from. */
  readonly unplaced?: Derived | undefined;
  /** What shaped the rows: sources of filters, joins, grouping. */
  readonly implicit: readonly LineageSource[];
}

export interface Resolution {
  readonly dialect: Dialect;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly collector: Collector;
  /** Parses a view's or generated column's SQL; undefined when it can't be understood. */
  readonly parse: (sql: string) => readonly Statement[] | undefined;
  /** True where the parser has folded names already (PostgreSQL); elsewhere case never matters within a statement. */
  readonly exact: boolean;
  /** What names are compared by; empty for a missing one. */
  readonly key: (name: Name | undefined) => string;
  readonly keyOf: (text: string) => string;
  /** Relation columns that the conditions now being resolved touch, innermost last. */
  readonly touching: Set<Derived>[];
  /** Sources of conditions, one list for each query being resolved, innermost last. */
  readonly implicit: LineageSource[][];
  readonly problem: (what: Opaque['what'], detail: string) => void;
  readonly used: (columns: readonly Derived[], access?: 'read' | 'write') => void;
  /** Whether `alias`, `schema.table` … names the relation. */
  readonly namedBy: (relation: Relation, parts: readonly Name[]) => boolean;

  query(node: Query, parent: Scope | undefined): Result;
  withTables(tables: readonly CommonTable[], declared: boolean, parent: Scope | undefined): Scope;
  starRelations(qualifier: readonly Name[] | undefined, scope: Scope): readonly Relation[];
  expression(node: Expression, scope: Scope): Derived;
  condition(node: Expression, scope: Scope): void;
  callee(name: readonly Name[], safe: ReadonlySet<string>): boolean;
  lookup(parts: readonly Name[], scope: Scope | undefined): Derived | undefined;
  bring(from: From, scope: Scope): Brought;
  addFrom(from: From, scope: Scope): void;
  tableRelation(name: readonly Name[], alias: Name | undefined, columns: readonly Name[], scope: Scope | undefined, access: 'read' | 'write'): Relation;
  change(node: Change, parent: Scope): Result;
}

/** The name that a database gives to an output without an alias, where all databases agree. */
export function outputName(node: Expression): string { return node.is === 'column' ? node.parts.at(-1)?.text ?? '' : ''; }
