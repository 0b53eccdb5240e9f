/** Queries of PostgreSQL's raw parse tree as our own. */
import type { Opaque } from '../../wire/statement.ts';
import type { Body, Change, CommonTable, Expression, From, Item, Name, Query } from '../ir.ts';
import { isEmpty, list, string, type Tree, tree, variant } from '../tree.ts';
import { exact, expression, inside, names, type PostgresContext } from './expression.ts';

export interface PostgresQueries extends PostgresContext {
  readonly from: (node: unknown) => From;
  readonly table: (rangeVar: unknown) => From;
  readonly items: (node: unknown) => readonly Item[];
  readonly common: (withClause: unknown) => { readonly tables: readonly CommonTable[]; readonly recursive: boolean };
}

const opaque = (detail: string): Opaque => ({ what: 'ambiguous', detail });

/** The converters of a tree; they call each other, so they are made together. `change` converts INSERT, UPDATE … inside WITH. */
export function createPostgresQueries(change: (kind: string, content: unknown) => Change | undefined): PostgresQueries {
  const context: PostgresQueries = { query, from, table, items, common };
  const all = (value: unknown): readonly Expression[] => inside(value, context);
  return context;

  /** A tagged query node: `{SelectStmt}`, or a data-modifying statement. */
  function query(node: unknown): Query {
    const { name: kind, content } = variant(node);
    if (kind === 'SelectStmt') return select(tree(content));
    const changed = change(kind, content);
    const body: Body = changed ? { is: 'change', change: changed } : { is: 'unknown', opaque: opaque(kind) };
    return { tables: [], recursive: false, body, orderBy: [], others: [], opaque: [], writes: false, exports: false };
  }

  function select(node: Tree): Query {
    const { tables, recursive } = common(node['withClause']);
    const limit = tree(tree(variant(node['limitCount']).content)['ival'])['ival'];
    const rest = {
      tables, recursive, orderBy: all(node['sortClause']), others: all([node['limitOffset'], node['limitCount']]),
      limit: typeof limit === 'number' ? limit : undefined, opaque: [],
      writes: !isEmpty(node['lockingClause']) || node['intoClause'] !== undefined, exports: false,
    };
    const op = string(node['op']);
    if (op !== '' && op !== 'SETOP_NONE') {
      return {
        ...rest,
        body: { is: 'set', all: op === 'SETOP_UNION' && node['all'] === true, left: select(tree(node['larg'])), right: select(tree(node['rarg'])) },
      };
    }
    if (node['valuesLists'] !== undefined) {
      return { ...rest, body: { is: 'values', rows: list(node['valuesLists']).map((row) => list(tree(variant(row).content)['items']).map((e) => expression(e, context))) } };
    }
    return {
      ...rest,
      body: {
        is: 'select', items: items(node['targetList']), from: list(node['fromClause']).map(from), where: all(node['whereClause']),
        others: all([node['groupClause'], node['havingClause'], node['windowClause'], node['distinctClause']]),
        distinct: !isEmpty(node['distinctClause']),
      },
    };
  }

  function common(withClause: unknown): { tables: readonly CommonTable[]; recursive: boolean } {
    const clause = tree(withClause);
    return {
      recursive: clause['recursive'] === true,
      tables: list(clause['ctes']).map((item) => {
        const cte = tree(variant(item).content);
        const inner = query(cte['ctequery']);
        const extra = ['search_clause', 'cycle_clause'].filter((key) => cte[key] !== undefined);
        return {
          name: exact(string(cte['ctename'])), columns: names(cte['aliascolnames']),
          query: extra.length > 0 ? { ...inner, opaque: [...inner.opaque, opaque('SEARCH or CYCLE')] } : inner,
        };
      }),
    };
  }

  function items(node: unknown): readonly Item[] {
    return list(node).map((item): Item => {
      const target = tree(variant(item).content);
      const value = expression(target['val'], context);
      if (value.is === 'star' && !value.counting) return { is: 'star', qualifier: value.qualifier };
      return { is: 'expression', expression: value, alias: typeof target['name'] === 'string' ? exact(target['name']) : undefined };
    });
  }

  function table(rangeVar: unknown): From {
    const range = tree(rangeVar);
    const parts = [range['catalogname'], range['schemaname'], range['relname']].filter((part) => typeof part === 'string').map((part) => exact(string(part)));
    return { is: 'table', name: parts, ...aliasOf(range['alias']) };
  }

  function from(node: unknown): From {
    const { name: kind, content } = variant(node);
    const body = tree(content);
    const alias = aliasOf(body['alias']);
    switch (kind) {
      case 'RangeVar': return table(content);
      case 'RangeSubselect': return { is: 'query', query: query(body['subquery']), lateral: body['lateral'] === true, ...alias };
      case 'RangeTableSample': {
        const relation = from(body['relation']);
        return relation.is === 'table' ? { ...relation, sampledBy: all([body['args'], body['repeatable']]) } : { is: 'unknown', opaque: opaque('TABLESAMPLE'), alias: alias.alias };
      }
      case 'RangeFunction': {
        const calls = list(body['functions']).map((entry) => expression(list(tree(variant(entry).content)['items'])[0], context));
        const defined = list(body['coldeflist']).map((column) => exact(string(tree(variant(column).content)['colname'])));
        const only = calls.length === 1 ? calls[0] : undefined;
        const own = only?.is === 'call' ? only.name.at(-1) : undefined;
        return { is: 'function', calls, alias: alias.alias ?? own, columns: alias.columns.length > 0 ? alias.columns : defined };
      }
      case 'RangeTableFunc': case 'JsonTable':
        return { is: 'function', calls: inside({ ...body, alias: undefined, columns: inColumns(body['columns']) }, context), alias: alias.alias, columns: alias.columns };
      case 'JoinExpr': {
        const joinAlias = typeof tree(body['join_using_alias'])['aliasname'] === 'string' || alias.alias !== undefined;
        if (joinAlias) return { is: 'unknown', opaque: opaque('alias on a join'), alias: alias.alias };
        return {
          is: 'join', left: from(body['larg']), right: from(body['rarg']), on: all(body['quals']),
          using: names(body['usingClause']), natural: body['isNatural'] === true,
        };
      }
      default: return { is: 'unknown', opaque: opaque(`table expression ${kind}`), alias: alias.alias };
    }
  }
}

/** Expressions inside the column definitions of XMLTABLE and JSON_TABLE. */
function inColumns(columns: unknown): readonly unknown[] {
  return list(columns).flatMap((column) => Object.entries(tree(variant(column).content))
    .filter(([key]) => key !== 'typeName' && key !== 'colname' && key !== 'name')
    .map(([key, value]) => (key === 'columns' ? inColumns(value) : value)));
}

export function aliasOf(node: unknown): { readonly alias: Name | undefined; readonly columns: readonly Name[] } {
  const alias = tree(node);
  return { alias: typeof alias['aliasname'] === 'string' ? exact(alias['aliasname']) : undefined, columns: names(alias['colnames']) };
}
