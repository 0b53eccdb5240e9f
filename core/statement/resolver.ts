/**
 * Resolves names the way a database does and follows every result column back to base columns.
 *
 * What counts as read: whatever a WHERE, JOIN, GROUP, ORDER or an expression touches, and the outputs of the
 * outermost query. A column that a view or a subquery merely hands on is read only when somebody uses it.
 *
 * A comparison between a sensitive column and something else taints the something else: `digits.d = substr(ssn,1,1)`
 * would otherwise carry the number out through `digits.d`.
 */
import type { Dialect, Opaque } from '../wire/statement.ts';
import type { LineageSource } from './analyse.ts';
import type { Catalogue, CatalogueTable } from './catalogue.ts';
import type { Collector } from './collector.ts';
import { safeFunctions, safeTableFunctions } from './functions/index.ts';
import type { Inventory } from './inventory.ts';
import type { Body, Change, CommonTable, Expression, From, Item, Name, Query, Select, Statement } from './ir.ts';
import { type Brought, type Derived, findNamed, indirect, merge, mergeSources, type NamedResult, nothing, type Relation, type Scope, scopeOf, unknown } from './relations.ts';
import { isHarmlessSystemTable } from './system-tables.ts';

export interface ResolverOptions {
  readonly dialect: Dialect;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly collector: Collector;
  /** Parses a view's or generated column's SQL; undefined when it can't be understood. */
  readonly parse: (sql: string) => readonly Statement[] | undefined;
}

export interface Result {
  readonly outputs: readonly Derived[];
  readonly complete: boolean;
  /** When not complete: what any result column may come from. */
  readonly unplaced?: Derived | undefined;
  /** What shaped the rows: sources of filters, joins, grouping. */
  readonly implicit: readonly LineageSource[];
}

const maxViewDepth = 16;
/** Expressions looked at for one statement: aliases that name aliases twice, and views of views, could go on for ever. */
const maxSteps = 200_000;
/** Columns that every table has and that hold nothing of the rows' own. */
const pseudoColumns: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set(), mysql: new Set(), mariadb: new Set(), sqlserver: new Set(), trino: new Set(),
  postgresql: new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']),
};
/** Names under which a table's integer key can be read. Sources: sqlite.org/rowidtable.html; MySQL manual 15.1.15 (_rowid). */
const rowIds: Partial<Readonly<Record<Dialect, ReadonlySet<string>>>> = {
  sqlite: new Set(['rowid', 'oid', '_rowid_']), mysql: new Set(['_rowid']), mariadb: new Set(['_rowid']),
};

export interface Resolver {
  statement(statement: Statement): Result;
}

export function createResolver(options: ResolverOptions): Resolver {
  const { dialect, catalogue, inventory, collector } = options;
  const exact = dialect === 'postgresql';
  const key = (name: Name | undefined): string => (name === undefined ? '' : exact ? name.text : name.text.toLowerCase());
  const keyOf = (text: string): string => (exact ? text : text.toLowerCase());
  const sensitive = (sources: readonly LineageSource[]): boolean => sources.some((source) => source.sensitivity !== undefined);
  const problem = (what: Opaque['what'], detail: string): void => collector.problem({ what, detail });
  /** Relation columns that the expressions now being resolved touch. */
  const touching: Set<Derived>[] = [];
  /** Sources of conditions, one set for each query being resolved. */
  const implicit: LineageSource[][] = [];
  const viewCache = new Map<CatalogueTable, readonly Derived[]>();
  let viewDepth = 0;
  let steps = 0;

  return { statement };

  function statement(node: Statement): Result {
    node.opaque.forEach(collector.problem);
    if (node.exports) collector.exports = true;
    const scope = scopeOf(undefined);
    for (const named of node.tables) namedTable(named);
    node.reads.forEach((e) => { condition(e, scope); });
    if (!node.query) return { outputs: [], complete: false, unplaced: node.readOnly && node.opaque.length === 0 ? nothing : unknown, implicit: [] };
    const result = query(node.query, undefined);
    used(result.outputs);
    // EXPLAIN answers with a plan: its columns are none of the query's.
    if (node.kind !== 'explain') return result;
    return { outputs: [], complete: false, unplaced: computed([...result.outputs, result.unplaced ?? nothing]), implicit: result.implicit };
  }

  function used(columns: readonly Derived[], access: 'read' | 'write' = 'read'): void {
    for (const column of columns) collector.use(column.sources, access);
  }

  function namedTable(named: Statement['tables'][number]): void {
    const [table, schema] = [named.name.at(-1), named.name.at(-2)];
    if (named.access === 'write' && table && !catalogue.resolve(schema?.text, table.text, { schema: schema?.quoted ?? false, table: table.quoted })) {
      collector.unknownTable(schema?.text, table.text, 'write');
      return;
    }
    const relation = tableRelation(named.name, undefined, [], undefined, named.access);
    const wanted = named.columns?.map(key);
    if (named.access === 'read' || wanted) {
      used(relation.columns.filter((c) => !wanted || wanted.includes(keyOf(c.name))), named.access);
    }
  }

  function query(node: Query, parent: Scope | undefined): Result {
    node.opaque.forEach(collector.problem);
    if (node.writes) collector.writes = true;
    if (node.exports) collector.exports = true;
    implicit.push([]);
    const scope = withTables(node.tables, node.recursive, parent);
    const result = body(node.body, scope, node.orderBy);
    const outer = scopeOf(scope);
    node.others.forEach((e) => { condition(e, outer); });
    const shaped = implicit.pop() ?? [];
    return { ...result, implicit: mergeSources([shaped, result.implicit]) };
  }

  function withTables(tables: readonly CommonTable[], declared: boolean, parent: Scope | undefined): Scope {
    const named = new Map<string, NamedResult>();
    const scope = scopeOf(parent, { named });
    // SQLite and SQL Server need no word RECURSIVE.
    const recursive = declared || dialect === 'sqlite' || dialect === 'sqlserver';
    if (recursive) for (const table of tables.slice(1)) named.set(key(table.name), { outputs: [], complete: false, pending: true });
    for (const table of tables) {
      const name = key(table.name);
      named.delete(name);
      if (recursive && table.query.body.is === 'set') named.set(name, recursiveTable(table, name, named, scope));
      else named.set(name, rename(query(table.query, scope), table.columns));
    }
    return scope;
  }

  /** The first branch gives the columns; then sources grow until they stay the same. */
  function recursiveTable(table: CommonTable, name: string, named: Map<string, NamedResult>, scope: Scope): NamedResult {
    if (table.query.body.is !== 'set') return rename(query(table.query, scope), table.columns);
    let known = rename(query(table.query.body.left, withTables(table.query.tables, table.query.recursive, scope)), table.columns);
    for (let round = 0; round < 8; round += 1) {
      named.set(name, known);
      const next = rename(query(table.query, scope), table.columns);
      const grown = next.outputs.some((output, index) => output.sources.length > (known.outputs[index]?.sources.length ?? 0));
      known = next;
      if (!grown) return known;
    }
    return { outputs: known.outputs.map((output) => ({ ...output, uncertain: true })), complete: known.complete };
  }

  function rename(result: NamedResult, columns: readonly Name[]): NamedResult {
    if (columns.length === 0) return result;
    return { ...result, outputs: result.outputs.map((output, index) => ({ ...output, name: columns[index]?.text ?? output.name })) };
  }

  function body(node: Body, scope: Scope, orderBy: readonly Expression[]): Result {
    switch (node.is) {
      case 'select': return select(node, scope, orderBy);
      case 'nested': {
        const inner = query(node.query, scope);
        sortOutputs(inner.outputs, orderBy, scope);
        return inner;
      }
      case 'set': {
        const left = query(node.left, scope);
        const right = query(node.right, scope);
        if (!node.all) used([...left.outputs, ...right.outputs]);
        const outputs = left.outputs.map((output, index) => ({ ...merge([output, right.outputs[index] ?? { ...nothing, uncertain: true }]), name: output.name }));
        const complete = left.complete && right.complete && left.outputs.length === right.outputs.length;
        sortOutputs(outputs, orderBy, scope);
        return { outputs, complete, unplaced: merge([...outputs, ...right.outputs, left.unplaced ?? nothing, right.unplaced ?? nothing]), implicit: mergeSources([left.implicit, right.implicit]) };
      }
      case 'values': {
        const rows = node.rows.map((row) => row.map((e) => expression(e, scope)));
        const width = rows[0]?.length ?? 0;
        const outputs = Array.from({ length: width }, (_, index) => merge(rows.map((row) => row[index] ?? nothing), `column${index + 1}`));
        sortOutputs(outputs, orderBy, scope);
        return { outputs, complete: true, implicit: [] };
      }
      case 'change': return change(node.change, scope);
      case 'unknown':
        collector.problem(node.opaque);
        return { outputs: [], complete: false, unplaced: unknown, implicit: [] };
    }
  }

  /** ORDER BY of a set operation or VALUES: it sees the outputs only. */
  function sortOutputs(outputs: readonly Derived[], orderBy: readonly Expression[], scope: Scope): void {
    if (orderBy.length === 0) return;
    const own = scopeOf(scope, { relations: [{ alias: '', columns: outputs, open: false }] });
    for (const e of orderBy) if (e.is === 'constant') used(outputs); else condition(e, own);
  }

  function select(node: Select, parent: Scope, orderBy: readonly Expression[]): Result {
    const aliases = new Map<string, Item>();
    for (const item of node.items) if (item.is === 'expression' && item.alias) aliases.set(key(item.alias), item);
    const scope = scopeOf(parent, { relations: [], aliases });
    node.from.forEach((from) => { addFrom(from, scope); });
    [...node.where, ...node.others].forEach((e) => { condition(e, scope); });
    orderBy.forEach((e) => { condition(e, scope); });
    const unplaced: Derived[] = [];
    const unknownStars: Item[] = [];
    const outputs = node.items.flatMap((item): readonly Derived[] => {
      if (item.is === 'expression') {
        const value = expression(item.expression, scope);
        // A bare column is read when it is used; anything computed counts as read here.
        if (item.expression.is !== 'column') collector.use(value.sources, 'read');
        return [{ ...value, name: item.alias?.text ?? outputName(item.expression) }];
      }
      collector.star = true;
      const star = starColumns(item.qualifier, scope);
      if (!star.known) { unknownStars.push(item); unplaced.push(...star.others); }
      return star.columns.map((column) => ({ ...column, relation: scope.relations.find((relation) => relation.columns.includes(column))?.label }));
    });
    // An ordinal in ORDER BY or GROUP BY names an output.
    const ordinal = [...orderBy, ...node.others].some((e) => e.is === 'constant');
    if (node.distinct || ordinal) used(outputs);
    return { outputs, complete: unknownStars.length === 0, unplaced: merge([...outputs, ...unplaced]), implicit: [] };
  }

  function outputName(node: Expression): string { return node.is === 'column' ? node.parts.at(-1)?.text ?? '' : ''; }

  function starColumns(qualifier: readonly Name[] | undefined, scope: Scope): { columns: readonly Derived[]; known: boolean; others: readonly Derived[] } {
    const relations = starRelations(qualifier, scope);
    const others = relations.filter((relation) => relation.open).map((relation) => relation.fallback ?? unknown);
    if (qualifier) return { columns: relations.flatMap((relation) => relation.columns), known: relations.length > 0 && others.length === 0, others: relations.length === 0 ? [unknown] : others };
    return {
      columns: scope.brought.flatMap((brought) => brought.star),
      known: scope.brought.every((brought) => brought.starKnown) && others.length === 0,
      others,
    };
  }

  function starRelations(qualifier: readonly Name[] | undefined, scope: Scope): readonly Relation[] {
    if (!qualifier) return scope.relations;
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const found = at.relations.filter((relation) => namedBy(relation, qualifier));
      if (found.length > 0) return found;
    }
    problem('unknown-table', 'a star over an unknown table');
    return [];
  }

  function namedBy(relation: Relation, parts: readonly Name[]): boolean {
    const last = key(parts.at(-1));
    if (last === '' || relation.alias !== last) return false;
    const schema = parts.length > 1 ? key(parts.at(-2)) : undefined;
    return schema === undefined || relation.schema === undefined || relation.schema === schema;
  }

  /** Splits at AND: each part stands for itself. Notes what it reads and taints what it compares. */
  function condition(node: Expression, scope: Scope): void {
    if (node.is === 'of' && node.operator === 'AND') { node.parts.forEach((part) => { condition(part, scope); }); return; }
    touching.push(new Set());
    const value = expression(node, scope);
    const touched = touching.pop() ?? new Set<Derived>();
    for (const outer of touching) for (const column of touched) outer.add(column);
    collector.use(value.sources, 'read');
    implicit.at(-1)?.push(...indirect(value.sources));
    const tainting = mergeSources([value.sources, ...[...touched].map((column) => column.sources)]).filter((source) => source.sensitivity !== undefined);
    if (tainting.length === 0) return;
    for (const column of touched) {
      if (!sensitive(column.sources)) column.sources = mergeSources([column.sources, indirect(tainting)]);
    }
  }

  function expression(node: Expression, scope: Scope): Derived {
    steps += 1;
    if (steps > maxSteps) throw new RangeError('too much to resolve');
    switch (node.is) {
      case 'constant': return nothing;
      case 'column': return column(node.parts, scope);
      case 'star': {
        if (node.counting) return nothing;
        return computed(starRelations(node.qualifier, scope).flatMap((relation) => (relation.open ? [relation.fallback ?? unknown, ...relation.columns] : relation.columns)));
      }
      case 'query': {
        const inner = query(node.query, scope);
        if (!node.exists) used(inner.outputs);
        const parts: readonly Derived[] = [...(node.exists ? [] : inner.outputs), { name: '', sources: inner.implicit, uncertain: !inner.complete && !node.exists }];
        return computed(parts);
      }
      case 'call': {
        const known = callee(node.name, safeFunctions[dialect]);
        const value = computed(node.arguments.map((argument) => expression(argument, scope)));
        return known ? value : { ...value, uncertain: true };
      }
      case 'of': {
        if (node.operator !== undefined && catalogue.userOperators.has(node.operator)) problem('function', `operator ${node.operator}`);
        return computed(node.parts.map((part) => expression(part, scope)));
      }
      case 'unknown': {
        collector.problem(node.opaque);
        return { ...computed((node.parts ?? []).map((part) => expression(part, scope))), uncertain: true };
      }
    }
  }

  function computed(parts: readonly Derived[]): Derived {
    const merged = merge(parts);
    return { ...merged, sources: indirect(merged.sources) };
  }

  /** False for a function that is not known to compute from its arguments alone. */
  function callee(name: readonly Name[], safe: ReadonlySet<string>): boolean {
    const written = name.map((part) => part.text.toLowerCase());
    const last = written.at(-1) ?? '';
    const schema = written.length > 1 ? written.at(-2) : undefined;
    const known = safe.has(last) && !catalogue.userFunctions.has(last) && (schema === undefined || schema === 'pg_catalog') && written.length <= 2;
    const label = written.join('.');
    collector.functions.add(label);
    if (!known) problem('function', /^[\w.$]+$/.test(label) ? label : 'a quoted name');
    return known;
  }

  function column(parts: readonly Name[], scope: Scope): Derived {
    const found = lookup(parts, scope);
    if (found) return found;
    const last = parts.at(-1);
    problem('unknown-table', last && !last.quoted ? `column ${last.text}` : exact && last ? `column ${last.text}` : 'a quoted name');
    return { name: '', sources: [], uncertain: true };
  }

  function lookup(parts: readonly Name[], scope: Scope | undefined): Derived | undefined {
    if (!scope) return undefined;
    const name = key(parts.at(-1));
    const qualifier = parts.slice(0, -1);
    const relations = qualifier.length === 0 ? scope.relations : scope.relations.filter((relation) => namedBy(relation, qualifier));
    const hits = relations.flatMap((relation) => columnsOf(relation, name));
    const alias = qualifier.length === 0 ? aliasValue(name, scope) : undefined;
    if (hits.length > 0 || alias) {
      for (const hit of hits) for (const set of touching) set.add(hit);
      const all = [...hits, ...(alias ? [alias] : [])];
      return all.length === 1 && all[0] ? { ...all[0] } : merge(all, parts.at(-1)?.text);
    }
    // An open relation may have the column, or it may belong further out: both count.
    const open = relations.filter((relation) => relation.open).map((relation) => relation.fallback ?? unknown);
    for (const relation of relations) if (relation.open && relation.fallback) for (const set of touching) set.add(relation.fallback);
    const others = [...open, wholeRow(parts, scope), fieldOf(parts, scope)].filter((part) => part !== undefined);
    const closed = qualifier.length > 0 && relations.length > 0 && open.length === 0;
    const outer = closed ? undefined : lookup(parts, scope.parent);
    const all = outer ? [...others, outer] : others;
    return all.length === 0 ? undefined : { ...merge(all), name: parts.at(-1)?.text ?? '' };
  }

  function columnsOf(relation: Relation, name: string): readonly Derived[] {
    const hits = relation.columns.filter((c) => keyOf(c.name) === name);
    if (hits.length > 0 || !relation.table) return hits;
    if (pseudoColumns[dialect].has(name)) return [{ ...nothing }];
    if (rowIds[dialect]?.has(name)) {
      // The key itself, if some integer column is it; the catalogue does not say which.
      const integers = relation.table.columns.filter((c) => /int/i.test(c.type ?? 'int')).map((c) => keyOf(c.name));
      return [merge(relation.columns.filter((c) => integers.includes(keyOf(c.name)) && sensitive(c.sources)), name)];
    }
    return [];
  }

  function aliasValue(name: string, scope: Scope): Derived | undefined {
    const item = scope.aliases.get(name);
    if (item?.is !== 'expression' || scope.busy.has(name)) return undefined;
    scope.busy.add(name);
    const value = expression(item.expression, scope);
    scope.busy.delete(name);
    return value;
  }

  /** PostgreSQL: a table's name stands for its row. */
  function wholeRow(parts: readonly Name[], scope: Scope): Derived | undefined {
    if (!exact) return undefined;
    const relation = scope.relations.find((r) => namedBy(r, parts));
    if (!relation) return undefined;
    for (const c of relation.columns) for (const set of touching) set.add(c);
    collector.star = true;
    return computed(relation.open ? [...relation.columns, relation.fallback ?? unknown] : relation.columns);
  }

  /** Trino: `column.field`. */
  function fieldOf(parts: readonly Name[], scope: Scope): Derived | undefined {
    if (dialect !== 'trino' || parts.length < 2) return undefined;
    const owner = lookup(parts.slice(0, -1), { ...scope, parent: undefined });
    return owner ? { ...owner, sources: indirect(owner.sources) } : undefined;
  }

  function addFrom(from: From, scope: Scope): void { scope.brought.push(bring(from, scope)); }

  /** Adds the relations of a FROM entry to the scope, left to right. */
  function bring(from: From, scope: Scope): Brought {
    if (from.is !== 'join') {
      const relation = relationOf(from, scope);
      scope.relations.push(relation);
      return { relations: [relation], star: relation.columns, starKnown: !relation.open };
    }
    const left = bring(from.left, scope);
    const right = bring(from.right, scope);
    from.on.forEach((e) => { condition(e, scope); });
    const relations = [...left.relations, ...right.relations];
    if (from.natural && relations.some((relation) => relation.open)) problem('ambiguous', 'NATURAL JOIN over unknown columns');
    const shared = new Set(from.natural
      ? left.star.map((c) => keyOf(c.name)).filter((name) => right.star.some((c) => keyOf(c.name) === name))
      : from.using.map(key));
    const isShared = (c: Derived): boolean => shared.has(keyOf(c.name));
    for (const name of shared) compare(relations.flatMap((relation) => relation.columns.filter((c) => keyOf(c.name) === name)));
    if (shared.size === 0) return { relations, star: [...left.star, ...right.star], starKnown: left.starKnown && right.starKnown };
    // Shared columns come first and once. Only PostgreSQL keeps this order for outer joins too.
    const merged = [...shared].map((name) => ({ ...merge([...left.star, ...right.star].filter((c) => keyOf(c.name) === name)), name }));
    const star = [...merged, ...left.star.filter((c) => !isShared(c)), ...right.star.filter((c) => !isShared(c))];
    return { relations, star, starKnown: exact && left.starKnown && right.starKnown };
  }

  function relationOf(from: Exclude<From, { is: 'join' }>, scope: Scope): Relation {
    switch (from.is) {
      case 'table': return tableRelation(from.name, from.alias, from.columns, scope, 'read');
      case 'query': {
        // Without LATERAL a subquery does not see its neighbours.
        const seen = from.lateral ? scope : scopeOf(scope.parent, { named: scope.named });
        const inner = rename(query(from.query, seen), from.columns);
        return { alias: key(from.alias), label: from.alias?.text, columns: inner.outputs.map((output) => ({ ...output })), open: !inner.complete, fallback: inner.unplaced && { ...inner.unplaced } };
      }
      case 'function': return functionRelation(from, scope);
      case 'unknown':
        collector.problem(from.opaque);
        return { alias: key(from.alias), columns: [], open: true };
    }
  }

  /** The columns that USING or NATURAL compares. */
  function compare(columns: readonly Derived[]): void {
    const all = mergeSources(columns.map((c) => c.sources));
    collector.use(all, 'read');
    implicit.at(-1)?.push(...indirect(all));
    const tainting = indirect(all.filter((source) => source.sensitivity !== undefined));
    if (tainting.length > 0) for (const c of columns) if (!sensitive(c.sources)) c.sources = mergeSources([c.sources, tainting]);
  }

  function functionRelation(from: Extract<From, { is: 'function' }>, scope: Scope): Relation {
    const values = from.calls.map((call) => {
      if (call.is !== 'call') return expression(call, scope);
      const known = callee(call.name, safeTableFunctions[dialect]);
      const made = computed(call.arguments.map((argument) => expression(argument, scope)));
      return known ? made : { ...made, uncertain: true };
    });
    const value = computed(values);
    collector.use(value.sources, 'read');
    // Any column of it comes from its arguments.
    return { alias: key(from.alias), columns: from.columns.map((c) => ({ ...value, name: c.text })), open: true, fallback: value };
  }

  function tableRelation(name: readonly Name[], alias: Name | undefined, columns: readonly Name[], scope: Scope | undefined, access: 'read' | 'write'): Relation {
    const table = name.at(-1);
    const schema = name.length > 1 ? name.at(-2) : undefined;
    const aliasKey = alias ? key(alias) : key(table);
    const withNames = (list: readonly Derived[]): readonly Derived[] => list.map((c, index) => ({ ...c, name: columns[index]?.text ?? c.name }));
    if (!schema && table) {
      const named = findNamed(scope, key(table));
      if (named?.pending) problem('ambiguous', 'WITH refers to a later part of itself');
      if (named) return { alias: aliasKey, label: (alias ?? table)?.text, columns: withNames(named.outputs), open: !named.complete, fallback: named.unplaced && { ...named.unplaced } };
    }
    const local = name.length === 3 && catalogue.database !== undefined && keyOf(catalogue.database) === key(name[0]);
    const found = table && (name.length <= 2 || local) ? catalogue.resolve(schema?.text, table.text, { schema: schema?.quoted ?? false, table: table.quoted }) : undefined;
    if (!found || found.kind === 'system') {
      const harmless = table !== undefined && (name.length <= 2 || local) && isHarmlessSystemTable(dialect, schema?.text, table.text);
      collector.unknownTable(schema?.text, table?.text ?? '', access);
      if (!harmless) problem('unknown-table', name.map((part) => part.text).join('.'));
      return { alias: aliasKey, schema: schema && key(schema), columns: [], open: true, ...(harmless && { fallback: { ...nothing } }) };
    }
    collector.table(found, access);
    if (inventory.sensitiveTable(found)) {
      collector.use(found.columns.map((c) => source(found, c.name)).map((s) => ({ ...s, sensitivity: s.sensitivity ?? { entity: 'PERSONAL_DATA', category: 'user', confidence: 1, source: 'policy' as const } })), access);
    }
    if (found.kind === 'shadow') problem('ambiguous', `${found.name} is the storage of a virtual table`);
    return { alias: aliasKey, label: (alias ?? table)?.text, schema: alias ? undefined : keyOf(found.schema ?? ''), columns: withNames(baseColumns(found)), open: false, table: found };
  }

  function source(table: CatalogueTable, name: string): LineageSource {
    const sensitivity = inventory.sensitivity(table, name);
    return { ...(table.schema !== undefined && { schema: table.schema }), table: table.name, column: name, direct: true, ...(sensitivity && { sensitivity }) };
  }

  /** A table's columns: views and generated columns are followed to what they are made from. */
  function baseColumns(table: CatalogueTable): readonly Derived[] {
    const own = table.columns.map((c): Derived => ({ name: c.name, sources: [source(table, c.name)], uncertain: false }));
    if (table.kind === 'shadow') return own.map((c) => ({ ...c, uncertain: true }));
    if (table.kind === 'view' || table.kind === 'materialized-view') return viewColumns(table, own);
    return own.map((c, index) => {
      const sql = table.columns[index]?.expression;
      if (sql === undefined) return c;
      const made = generated(sql, own);
      return { name: c.name, sources: mergeSources([c.sources, indirect(made.sources)]), uncertain: made.uncertain };
    });
  }

  function generated(sql: string, own: readonly Derived[]): Derived {
    const parsed = options.parse(`SELECT ${sql}`)?.[0]?.query?.body;
    const item = parsed?.is === 'select' ? parsed.items[0] : undefined;
    if (item?.is !== 'expression') { problem('ambiguous', 'a generated column'); return { ...nothing, uncertain: true }; }
    return expression(item.expression, scopeOf(undefined, { relations: [{ alias: '', columns: own, open: false }] }));
  }

  function viewColumns(view: CatalogueTable, own: readonly Derived[]): readonly Derived[] {
    const known = viewCache.get(view);
    if (known) return known.map((c) => ({ ...c }));
    const statements = view.viewSql !== undefined && viewDepth < maxViewDepth ? options.parse(view.viewSql) : undefined;
    const inner = statements?.length === 1 ? statements[0] : undefined;
    if (!inner?.query) {
      problem('ambiguous', `the view ${view.name} can't be looked into`);
      return own.map((c) => ({ ...c, uncertain: true }));
    }
    viewDepth += 1;
    const result = query(inner.query, undefined);
    viewDepth -= 1;
    const fits = result.complete && result.outputs.length === own.length;
    if (!fits) problem('ambiguous', `the view ${view.name} has other columns than the catalogue says`);
    const all = mergeSources(result.outputs.map((output) => output.sources));
    const columns = own.map((c, index): Derived => {
      const made = result.outputs[index];
      return fits && made
        ? { name: c.name, sources: mergeSources([c.sources, made.sources]), uncertain: made.uncertain }
        : { name: c.name, sources: mergeSources([c.sources, all]), uncertain: true };
    });
    viewCache.set(view, columns.map((c) => ({ ...c })));
    return columns;
  }

  function change(node: Change, parent: Scope): Result {
    collector.writes = true;
    node.opaque.forEach(collector.problem);
    const scope = scopeOf(withTables(node.tables, node.recursive, parent));
    const target = node.target.is === 'table'
      ? [tableRelation(node.target.name, node.target.alias, [], undefined, 'write')]
      : bring(node.target, scope).relations;
    if (node.target.is === 'table') scope.relations.push(...target);
    for (const also of node.alsoWritten) {
      if (also.is === 'table') scope.relations.push(tableRelation(also.name, also.alias, [], undefined, 'write'));
      else bring(also, scope);
    }
    node.from.forEach((from) => { addFrom(from, scope); });
    const columns = target.flatMap((relation) => relation.columns);
    const writtenNames = node.columns.map((parts) => key(parts.at(-1)));
    const all = node.kind === 'insert' && writtenNames.length === 0;
    if (node.kind !== 'delete') used(columns.filter((c) => all || writtenNames.includes(keyOf(c.name))), 'write');
    if (node.source) used(query(node.source, scope).outputs);
    // `excluded`, `inserted`, `deleted`, `new`, `old` are the target's row.
    const rows = ['excluded', 'inserted', 'deleted', 'new', 'old'].map((alias): Relation => ({ alias, columns: columns.map((c) => ({ ...c })), open: false }));
    const inner = scopeOf(scopeOf(scope.parent, { relations: rows }), { relations: scope.relations });
    node.reads.forEach((e) => { condition(e, inner); });
    const outputs = node.returning.flatMap((item): readonly Derived[] => {
      if (item.is === 'star') { collector.star = true; return starRelations(item.qualifier ?? undefined, inner).flatMap((relation) => relation.columns.map((c) => ({ ...c }))); }
      return [{ ...expression(item.expression, inner), name: item.alias?.text ?? outputName(item.expression) }];
    });
    return { outputs, complete: !scope.relations.some((relation) => relation.open), unplaced: merge(outputs), implicit: [] };
  }
}
