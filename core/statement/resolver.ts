/**
 * Resolves names the way a database does and follows every result column back to base columns.
 *
 * What counts as read: whatever a WHERE, JOIN, GROUP, ORDER or an expression touches, and the outputs of the
 * outermost query. A column that a view or a subquery merely hands on is read only when somebody uses it.
 *
 * A comparison between a sensitive column and something else taints the something else: `digits.d = substr(ssn,1,1)`
 * would otherwise carry the number out through `digits.d`.
 */
import type { Statement } from './ir.ts';
import { computed, nothing, scopeOf, unknown } from './relations.ts';
import { changePart } from './resolve/change.ts';
import { expressionPart } from './resolve/expression.ts';
import { fromPart } from './resolve/from.ts';
import { namePart } from './resolve/name.ts';
import { queryPart } from './resolve/query.ts';
import type { Resolution, Result } from './resolve/resolution.ts';
import { tablePart } from './resolve/table.ts';

export type { Result } from './resolve/resolution.ts';
export type ResolverOptions = Pick<Resolution, 'dialect' | 'catalogue' | 'inventory' | 'collector' | 'parse'>;

export interface Resolver { statement(statement: Statement): Result }

/** A resolver for one analysis. Throws `RangeError` when there is too much to resolve. */
export function createResolver(options: ResolverOptions): Resolver {
  const { dialect, catalogue, collector } = options;
  const exact = dialect === 'postgresql';
  const keyOf = (text: string): string => (exact ? text : text.toLowerCase());
  const key: Resolution['key'] = (name) => (name === undefined ? '' : keyOf(name.text));
  const base = {
    ...options, exact, key, keyOf, touching: [], implicit: [],
    problem: (what, detail) => { collector.problem({ what, detail }); },
    used: (columns, access = 'read') => { for (const column of columns) collector.use(column.sources, access); },
    namedBy: (relation, parts) => {
      const last = key(parts.at(-1));
      if (last === '' || relation.alias !== last) return false;
      const schema = parts.length > 1 ? key(parts.at(-2)) : undefined;
      return schema === undefined || relation.schema === undefined || relation.schema === schema;
    },
    addFrom: (from, scope) => { scope.brought.push(r.bring(from, scope)); },
  } satisfies Partial<Resolution>;
  // The parts need the whole, and the whole the parts: it is complete before any of them is called.
  const r = base as unknown as Resolution;
  Object.assign(r, queryPart(r), expressionPart(r), namePart(r), fromPart(r), tablePart(r), changePart(r));

  return {
    statement(node) {
      node.opaque.forEach(collector.problem);
      if (node.exports) collector.exports = true;
      const scope = scopeOf(undefined);
      for (const named of node.tables) namedTable(named);
      for (const read of node.reads) r.condition(read, scope);
      if (!node.query) return { outputs: [], complete: false, unplaced: node.readOnly && node.opaque.length === 0 ? nothing : unknown, implicit: [] };
      const result = r.query(node.query, undefined);
      r.used(result.outputs);
      // EXPLAIN answers with a plan: its columns are none of the query's.
      if (node.kind !== 'explain') return result;
      return { outputs: [], complete: false, unplaced: computed([...result.outputs, result.unplaced ?? nothing]), implicit: result.implicit };
    },
  };

  /** Tables named outside a query: COPY, DDL. A written one may not exist yet. */
  function namedTable(named: Statement['tables'][number]): void {
    const [table, schema] = [named.name.at(-1), named.name.at(-2)];
    if (named.access === 'write' && table && !catalogue.resolve(schema?.text, table.text, { schema: schema?.quoted ?? false, table: table.quoted })) {
      collector.unknownTable(schema?.text, table.text, 'write');
      return;
    }
    const relation = r.tableRelation(named.name, undefined, [], undefined, named.access);
    const wanted = named.columns?.map(key);
    if (named.access === 'read' || wanted) {
      r.used(relation.columns.filter((c) => !wanted || wanted.includes(keyOf(c.name))), named.access);
    }
  }
}
