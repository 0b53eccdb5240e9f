/** What a column name stands for: the innermost scope first, as databases do. */
import type { Dialect } from '../../wire/statement.ts';
import type { Name } from '../ir.ts';
import { computed, type Derived, indirect, merge, nothing, type Relation, type Scope, sensitive, unknown } from '../relations.ts';
import type { Resolution } from './resolution.ts';

/** Columns that every table has and that hold nothing of the rows' own. */
const pseudoColumns: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set(), mysql: new Set(), mariadb: new Set(), sqlserver: new Set(), trino: new Set(),
  postgresql: new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']),
};
/** Names under which a table's integer key can be read. Sources: sqlite.org/rowidtable.html; MySQL manual 15.1.15 (_rowid). */
const rowIds: Partial<Readonly<Record<Dialect, ReadonlySet<string>>>> = {
  sqlite: new Set(['rowid', 'oid', '_rowid_']), mysql: new Set(['_rowid']), mariadb: new Set(['_rowid']),
};

export function namePart(r: Resolution): Pick<Resolution, 'lookup'> {
  const { dialect, collector, exact, key, keyOf, touching, namedBy } = r;
  return { lookup };

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
    const value = r.expression(item.expression, scope);
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
}
