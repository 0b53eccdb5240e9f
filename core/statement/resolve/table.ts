/** Tables and views: the catalogue's columns, followed to what they are made from. */
import type { LineageSource } from '../analyse.ts';
import { type CatalogueTable, isTemporary } from '../catalogue.ts';
import type { Name } from '../ir.ts';
import { type Derived, findNamed, indirect, mergeSources, nothing, type Relation, type Scope, scopeOf } from '../relations.ts';
import { isHarmlessSystemTable } from '../system-tables.ts';
import type { Resolution } from './resolution.ts';

const maxViewDepth = 16;

export function tablePart(r: Resolution): Pick<Resolution, 'tableRelation'> {
  const { dialect, catalogue, inventory, collector, key, keyOf, problem } = r;
  const viewCache = new Map<CatalogueTable, readonly Derived[]>();
  let viewDepth = 0;
  return { tableRelation };

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
    if (isTemporary(found)) problem('ambiguous', `${found.name} is temporary: it holds what an earlier statement put there`);
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
    if (table.kind === 'shadow' || isTemporary(table)) return own.map((c) => ({ ...c, uncertain: true }));
    if (table.kind === 'view' || table.kind === 'materialized-view') return viewColumns(table, own);
    return own.map((c, index) => {
      const sql = table.columns[index]?.expression;
      if (sql === undefined) return c;
      const made = generated(sql, own);
      return { name: c.name, sources: mergeSources([c.sources, indirect(made.sources)]), uncertain: made.uncertain };
    });
  }

  function generated(sql: string, own: readonly Derived[]): Derived {
    const parsed = r.parse(`SELECT ${sql}`)?.[0]?.query?.body;
    const item = parsed?.is === 'select' ? parsed.items[0] : undefined;
    if (item?.is !== 'expression') { problem('ambiguous', 'a generated column'); return { ...nothing, uncertain: true }; }
    return r.expression(item.expression, scopeOf(undefined, { relations: [{ alias: '', columns: own, open: false }] }));
  }

  function viewColumns(view: CatalogueTable, own: readonly Derived[]): readonly Derived[] {
    const known = viewCache.get(view);
    if (known) return known.map((c) => ({ ...c }));
    const statements = view.viewSql !== undefined && viewDepth < maxViewDepth ? r.parse(view.viewSql) : undefined;
    const inner = statements?.length === 1 ? statements[0] : undefined;
    if (!inner?.query) {
      problem('ambiguous', `the view ${view.name} can't be looked into`);
      return own.map((c) => ({ ...c, uncertain: true }));
    }
    viewDepth += 1;
    const result = r.query(inner.query, undefined);
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
}
