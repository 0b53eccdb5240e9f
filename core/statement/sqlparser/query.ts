/** Queries of datafusion-sqlparser's tree as our own. Any part that is present but not known here is opaque. */
import type { Opaque } from '../../wire/statement.ts';
import type { Body, Change, CommonTable, Expression, From, Item, Name, Query, Select } from '../ir.ts';
import { isEmpty, list, string, type Tree, tree, variant } from '../tree.ts';
import { expression, type ExpressionContext, functionArguments, name, objectName, orderBy, windowSpec } from './expression.ts';

/** Turns INSERT, UPDATE and DELETE inside a query into our own; given by `statement.ts`. */
export type ChangeConverter = (kind: string, content: unknown) => Change | undefined;

export interface QueryConverter extends ExpressionContext {
  readonly from: (node: unknown) => From;
  readonly items: (node: unknown) => readonly Item[];
  readonly tables: (node: unknown) => { readonly tables: readonly CommonTable[]; readonly recursive: boolean };
}

const opaque = (detail: string): Opaque => ({ what: 'ambiguous', detail });

/** Fields that change nothing about which data is read. */
const harmlessSelectFields = new Set(['select_token', 'optimizer_hints', 'top_before_distinct', 'select_modifiers', 'flavor', 'window_before_qualify', 'value_table_mode']);
const harmlessQueryFields = new Set(['for_clause', 'format_clause']);

/** The converters of a tree; they call each other, so they are made together. */
export function createQueryConverter(change: ChangeConverter, variables: ExpressionContext['variables']): QueryConverter {
  const converter: QueryConverter = { query, from: fromTree, items, tables: commonTables, variables };
  const convert = (node: unknown): Expression => expression(node, converter);
  const optional = (node: unknown): readonly Expression[] => (isEmpty(node) ? [] : [convert(node)]);
  return converter;

  function query(node: unknown): Query {
    const q = tree(node);
    const problems: Opaque[] = [];
    const known = new Set(['with', 'body', 'order_by', 'limit_clause', 'fetch', 'locks']);
    for (const [key, value] of Object.entries(q)) {
      if (!known.has(key) && !harmlessQueryFields.has(key) && !isEmpty(value)) problems.push(opaque(`query clause ${key}`));
    }
    const { tables, recursive } = commonTables(q['with']);
    const limits = limitClause(q['limit_clause'], problems);
    const fetch = tree(q['fetch']);
    const converted = body(q['body']);
    const into = selectInto(q['body']);
    const top = topOf(q['body']);
    const order = tree(q['order_by']);
    const sorting = variant(order['kind']);
    return {
      tables, recursive, body: converted,
      orderBy: sorting.name === 'Expressions' ? orderBy(sorting.content, converter) : [],
      others: [...limits.expressions, ...optional(fetch['quantity']), ...top.expressions],
      limit: limits.limit ?? literal(fetch['quantity']) ?? top.limit,
      opaque: problems, writes: !isEmpty(q['locks']) || into, exports: false,
    };
  }

  function limitClause(node: unknown, problems: Opaque[]): { expressions: readonly Expression[]; limit?: number | undefined } {
    const { name: kind, content } = variant(node);
    const clause = tree(content);
    if (kind === '' || isEmpty(node)) return { expressions: [] };
    if (!isEmpty(clause['limit_by'])) problems.push(opaque('LIMIT BY'));
    const offset = kind === 'LimitOffset' ? tree(clause['offset'])['value'] : clause['offset'];
    return { expressions: [...optional(clause['limit']), ...optional(offset)], limit: literal(clause['limit']) };
  }

  function commonTables(node: unknown): { tables: readonly CommonTable[]; recursive: boolean } {
    const clause = tree(node);
    return {
      recursive: clause['recursive'] === true,
      tables: list(clause['cte_tables']).map((item) => {
        const cte = tree(item);
        const alias = aliasOf(cte['alias']);
        return { name: alias.name ?? { text: '', quoted: true }, columns: alias.columns, query: query(cte['query']) };
      }),
    };
  }

  function body(node: unknown): Body {
    const { name: kind, content } = variant(node);
    switch (kind) {
      case 'Select': return select(tree(content));
      case 'Query': return { is: 'nested', query: query(content) };
      case 'SetOperation': {
        const set = tree(content);
        const quantifier = string(set['set_quantifier']);
        if (quantifier.includes('ByName')) return { is: 'unknown', opaque: opaque('UNION BY NAME') };
        const wrap = (side: unknown): Query => ({ tables: [], recursive: false, body: body(side), orderBy: [], others: topOf(side).expressions, opaque: [], writes: selectInto(side), exports: false });
        return { is: 'set', all: quantifier === 'All' && set['op'] === 'Union', left: wrap(set['left']), right: wrap(set['right']) };
      }
      case 'Values': return { is: 'values', rows: list(tree(content)['rows']).map((row) => list(Array.isArray(row) ? row : tree(row)['content']).map(convert)) };
      case 'Table': {
        const table = tree(content);
        const parts = [table['schema_name'], table['table_name']].filter((part) => !isEmpty(part)).map((part): Name => ({ text: string(part), quoted: false }));
        return { is: 'select', items: [{ is: 'star' }], from: [{ is: 'table', name: parts, columns: [] }], where: [], others: [], distinct: false };
      }
      default: {
        const inner = variant(content);
        const converted = change(inner.name, inner.content);
        return converted ? { is: 'change', change: converted } : { is: 'unknown', opaque: opaque(`query body ${kind}`) };
      }
    }
  }

  function select(node: Tree): Body {
    const known = new Set(['distinct', 'top', 'projection', 'into', 'from', 'selection', 'group_by', 'having', 'named_window', 'qualify', 'cluster_by', 'distribute_by', 'sort_by']);
    for (const [key, value] of Object.entries(node)) {
      if (!known.has(key) && !harmlessSelectFields.has(key) && !isEmpty(value)) return { is: 'unknown', opaque: opaque(`SELECT clause ${key}`) };
    }
    const grouping = variant(node['group_by']);
    if (grouping.name !== 'Expressions' && grouping.name !== 'All' && !isEmpty(node['group_by'])) return { is: 'unknown', opaque: opaque('GROUP BY') };
    const [groups, modifiers] = list(grouping.content);
    const distinct = variant(node['distinct']);
    const result: Select = {
      is: 'select', items: items(node['projection']), from: list(node['from']).map(fromTree), where: optional(node['selection']),
      others: [
        ...list(groups).map(convert), ...list(modifiers).flatMap(groupModifier), ...optional(node['having']), ...optional(node['qualify']),
        ...list(node['named_window']).flatMap((w) => namedWindow(w)),
        ...(distinct.name === 'On' ? list(distinct.content).map(convert) : []),
        ...['cluster_by', 'distribute_by'].flatMap((key) => list(node[key]).map(convert)), ...orderBy(node['sort_by'], converter),
      ],
      distinct: !isEmpty(node['distinct']) && distinct.name !== 'All',
    };
    return result;
  }

  function groupModifier(node: unknown): readonly Expression[] {
    const { name: kind, content } = variant(node);
    return kind === 'GroupingSets' ? [convert(content)] : [];
  }

  function namedWindow(node: unknown): readonly Expression[] {
    const definition = variant(list(node)[1]);
    return definition.name === 'WindowSpec' ? windowSpec(definition.content, converter) : [];
  }

  function items(node: unknown): readonly Item[] {
    return list(node).map((item): Item => {
      const { name: kind, content } = variant(item);
      if (kind === 'UnnamedExpr') return { is: 'expression', expression: convert(content) };
      if (kind === 'ExprWithAlias') return { is: 'expression', expression: convert(tree(content)['expr']), alias: name(tree(content)['alias']) };
      if (kind === 'Wildcard' && plainStar(content)) return { is: 'star' };
      if (kind === 'QualifiedWildcard' && plainStar(list(content)[1])) {
        const qualifier = variant(list(content)[0]);
        if (qualifier.name === 'ObjectName') return { is: 'star', qualifier: objectName(qualifier.content) };
      }
      return { is: 'expression', expression: { is: 'unknown', opaque: opaque(`output ${kind}`) } };
    });
  }

  function fromTree(node: unknown): From {
    const entry = tree(node);
    return list(entry['joins']).reduce<From>((left, item) => {
      const join = tree(item);
      const apply = ['CrossApply', 'OuterApply'].includes(variant(join['join_operator']).name);
      return joined(left, factor(join['relation'], apply), join['join_operator']);
    }, factor(entry['relation']));
  }

  function joined(left: From, right: From, operator: unknown): From {
    const { name: kind, content } = variant(operator);
    if (kind === 'CrossApply' || kind === 'OuterApply') return { is: 'join', left, right, on: [], using: [], natural: false };
    const constraint = variant(content);
    const base = { is: 'join' as const, left, right, on: [], using: [], natural: false };
    if (constraint.name === 'On') return { ...base, on: [convert(constraint.content)] };
    if (constraint.name === 'Using') return { ...base, using: list(constraint.content).map((column) => objectName(column).at(-1) ?? { text: '', quoted: true }) };
    if (constraint.name === 'Natural') return { ...base, natural: true };
    if (constraint.name === 'None' || (kind === 'CrossJoin' && isEmpty(content))) return base;
    return { is: 'unknown', opaque: opaque(`join ${kind}`) };
  }

  function factor(node: unknown, applied = false): From {
    const { name: kind, content } = variant(node);
    const f = tree(content);
    const { name: alias, columns } = aliasOf(f['alias']);
    if (!isEmpty(f['sample']) || !isEmpty(f['version']) || !isEmpty(f['json_path'])) return { is: 'unknown', opaque: opaque('table clause'), alias };
    switch (kind) {
      case 'Table': {
        const args = tree(f['args']);
        if (isEmpty(f['args'])) return { is: 'table', name: objectName(f['name']), alias, columns };
        const call: Expression = { is: 'call', name: objectName(f['name']), arguments: functionArguments({ List: { args: args['args'], clauses: [] } }, converter) };
        return { is: 'function', calls: [call], alias: alias ?? objectName(f['name']).at(-1), columns };
      }
      case 'Derived': return { is: 'query', query: query(f['subquery']), lateral: applied || f['lateral'] === true, alias, columns };
      case 'Function': return { is: 'function', calls: [{ is: 'call', name: objectName(f['name']), arguments: functionArguments({ List: { args: f['args'], clauses: [] } }, converter) }], alias: alias ?? objectName(f['name']).at(-1), columns };
      case 'TableFunction': return { is: 'function', calls: [convert(f['expr'])], alias, columns };
      case 'UNNEST': return { is: 'function', calls: list(f['array_exprs']).map(convert), alias, columns };
      case 'JsonTable': case 'OpenJsonTable': return { is: 'function', calls: [convert(f['json_expr'])], alias, columns };
      case 'NestedJoin': {
        const inner = fromTree(f['table_with_joins']);
        return alias ? { is: 'unknown', opaque: opaque('alias on a join'), alias } : inner;
      }
      default: return { is: 'unknown', opaque: opaque(`table expression ${kind}`), alias };
    }
  }
}

/** `*` alone: EXCLUDE, EXCEPT, REPLACE and the like change which columns it means. */
function plainStar(options: unknown): boolean {
  return Object.entries(tree(options)).every(([key, value]) => key === 'wildcard_token' || isEmpty(value));
}

function aliasOf(node: unknown): { name?: Name; columns: readonly Name[] } {
  if (isEmpty(node)) return { columns: [] };
  const alias = tree(node);
  return { name: name(alias['name']), columns: list(alias['columns']).map((column) => name(tree(column)['name'])) };
}

function literal(node: unknown): number | undefined {
  const { name: kind, content } = variant(node);
  if (kind !== 'Value') return undefined;
  const number = variant(tree(content)['value']);
  const parsed = number.name === 'Number' ? Number(list(number.content)[0]) : Number.NaN;
  return Number.isSafeInteger(parsed) ? parsed : undefined;
}

/** `SELECT … INTO`: a new table or a variable. */
function selectInto(node: unknown): boolean {
  const { name: kind, content } = variant(node);
  return kind === 'Select' && !isEmpty(tree(content)['into']);
}

/** `SELECT TOP n`. Only its literal matters: other forms hold nothing but a number or a variable. */
function topOf(node: unknown): { expressions: readonly Expression[]; limit?: number | undefined } {
  const { name: kind, content } = variant(node);
  const top = kind === 'Select' ? tree(tree(content)['top']) : {};
  const quantity = variant(top['quantity']);
  if (isEmpty(top['quantity'])) return { expressions: [] };
  if (quantity.name === 'Constant') return { expressions: [], limit: top['percent'] === true ? undefined : Number(quantity.content) };
  const written = literal(quantity.content);
  if (written !== undefined) return { expressions: [], limit: written };
  return { expressions: variant(quantity.content).name === 'Value' ? [] : [{ is: 'unknown', opaque: { what: 'ambiguous', detail: 'TOP with an expression' } }] };
}
