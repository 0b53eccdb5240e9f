/** Queries: WITH, set operations, SELECT and what its stars mean. */
import type { Body, CommonTable, Expression, Item, Name, Query, Select } from '../ir.ts';
import { type Derived, merge, mergeSources, type NamedResult, nothing, type Relation, rename, type Scope, scopeOf, unknown } from '../relations.ts';
import { outputName, type Resolution, type Result } from './resolution.ts';

export function queryPart(r: Resolution): Pick<Resolution, 'query' | 'withTables' | 'starRelations'> {
  const { dialect, collector, key, problem, implicit, used, namedBy } = r;
  return { query, withTables, starRelations };

  function query(node: Query, parent: Scope | undefined): Result {
    node.opaque.forEach(collector.problem);
    if (node.writes) collector.writes = true;
    if (node.exports) collector.exports = true;
    implicit.push([]);
    const scope = withTables(node.tables, node.recursive, parent);
    const result = body(node.body, scope, node.orderBy);
    const outer = scopeOf(scope);
    node.others.forEach((e) => { r.condition(e, outer); });
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
        const rows = node.rows.map((row) => row.map((e) => r.expression(e, scope)));
        const width = rows[0]?.length ?? 0;
        const outputs = Array.from({ length: width }, (_, index) => merge(rows.map((row) => row[index] ?? nothing), `column${index + 1}`));
        sortOutputs(outputs, orderBy, scope);
        return { outputs, complete: true, implicit: [] };
      }
      case 'change': return r.change(node.change, scope);
      case 'unknown':
        collector.problem(node.opaque);
        return { outputs: [], complete: false, unplaced: unknown, implicit: [] };
    }
  }

  /** ORDER BY of a set operation or VALUES: it sees the outputs only. */
  function sortOutputs(outputs: readonly Derived[], orderBy: readonly Expression[], scope: Scope): void {
    if (orderBy.length === 0) return;
    const own = scopeOf(scope, { relations: [{ alias: '', columns: outputs, open: false }] });
    for (const e of orderBy) if (e.is === 'constant') used(outputs); else r.condition(e, own);
  }

  function select(node: Select, parent: Scope, orderBy: readonly Expression[]): Result {
    const aliases = new Map<string, Item>();
    for (const item of node.items) if (item.is === 'expression' && item.alias) aliases.set(key(item.alias), item);
    const scope = scopeOf(parent, { relations: [], aliases });
    node.from.forEach((from) => { r.addFrom(from, scope); });
    [...node.where, ...node.others].forEach((e) => { r.condition(e, scope); });
    orderBy.forEach((e) => { r.condition(e, scope); });
    const unplaced: Derived[] = [];
    const unknownStars: Item[] = [];
    const outputs = node.items.flatMap((item): readonly Derived[] => {
      if (item.is === 'expression') {
        const value = r.expression(item.expression, scope);
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
}
