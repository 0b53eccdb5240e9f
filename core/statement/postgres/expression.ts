/** Expressions of PostgreSQL's raw parse tree (libpg-query 18) as our own. */
import { constant, type Expression, type Name, of, type Query } from '../ir.ts';
import { isTree, list, string, type Tree, tree, variant } from '../tree.ts';
import { builtinTypes } from './types.ts';

export interface PostgresContext { readonly query: (node: unknown) => Query }

/** The parser has folded names already: they are exact. */
export function exact(text: string): Name { return { text, quoted: true }; }
/** A list of `String` nodes. */
export function names(node: unknown): readonly Name[] {
  return list(node).map((part) => exact(string(tree(variant(part).content)['sval'])));
}

/** Nodes whose value comes from nothing but the expressions inside them. */
const composed = new Set([
  'BoolExpr', 'CaseExpr', 'CaseWhen', 'CoalesceExpr', 'MinMaxExpr', 'NullTest', 'BooleanTest', 'A_ArrayExpr', 'RowExpr', 'List',
  'CollateClause', 'GroupingFunc', 'GroupingSet', 'XmlExpr', 'XmlSerialize', 'NamedArgExpr', 'MultiAssignRef', 'SortBy', 'WindowDef', 'A_Indices',
  'JsonObjectConstructor', 'JsonArrayConstructor', 'JsonArrayQueryConstructor', 'JsonKeyValue', 'JsonValueExpr', 'JsonObjectAgg', 'JsonArrayAgg',
  'JsonFuncExpr', 'JsonIsPredicate', 'JsonParseExpr', 'JsonScalarExpr', 'JsonSerializeExpr', 'JsonArgument', 'ResTarget',
]);
const constants = new Set(['A_Const', 'ParamRef', 'SQLValueFunction', 'SetToDefault', 'String', 'Integer', 'Float', 'Boolean']);

/** Columns of type `pg_node_tree`: bounds of partitions and conditions of indexes hold values, byte by byte, where no detector sees them. */
const nodeTrees = new Set(['relpartbound', 'conbin', 'adbin', 'polqual', 'polwithcheck', 'ev_action', 'ev_qual', 'indpred', 'indexprs', 'partexprs', 'prqual', 'tgqual', 'proargdefaults', 'prosqlbody', 'typdefaultbin', 'stxexprs']);

export function expression(node: unknown, context: PostgresContext): Expression {
  const { name: kind, content } = variant(node);
  const body = tree(content);
  if (constants.has(kind)) return constant;
  if (composed.has(kind)) return of(inside(body, context), body['boolop'] === 'AND_EXPR' ? 'AND' : undefined);
  switch (kind) {
    case 'ColumnRef': {
      const fields = list(body['fields']);
      if (variant(fields.at(-1)).name !== 'A_Star') {
        const column: Expression = { is: 'column', parts: names(fields) };
        const last = column.parts.at(-1)?.text ?? '';
        return nodeTrees.has(last) ? { is: 'unknown', opaque: { what: 'ambiguous', detail: `${last} holds constants in the server's own encoding` }, parts: [column] } : column;
      }
      const qualifier = names(fields.slice(0, -1));
      return { is: 'star', qualifier: qualifier.length > 0 ? qualifier : undefined, counting: false };
    }
    case 'A_Expr': return of(inside({ l: body['lexpr'], r: body['rexpr'] }, context), names(body['name']).at(-1)?.text);
    case 'TypeCast': return typeCast(body, context);
    case 'FuncCall': {
      const parts = inside({ args: body['args'], order: body['agg_order'], filter: body['agg_filter'], over: body['over'] }, context);
      return { is: 'call', name: names(body['funcname']), arguments: body['agg_star'] === true ? [...parts, { is: 'star', counting: true }] : parts };
    }
    case 'SubLink': {
      const query: Expression = { is: 'query', query: context.query(body['subselect']), exists: body['subLinkType'] === 'EXISTS_SUBLINK' };
      return of([...inside({ test: body['testexpr'] }, context), query], names(body['operName']).at(-1)?.text);
    }
    case 'SelectStmt': return { is: 'query', query: context.query(node), exists: false };
    case 'A_Indirection': return indirection(body, context);
    default: return { is: 'unknown', opaque: { what: 'ambiguous', detail: kind === '' ? 'an expression' : kind }, parts: inside(body, context) };
  }
}

/** Every expression inside an object, whatever the field: nothing can be missed by a new field. */
export function inside(value: unknown, context: PostgresContext): Expression[] {
  if (Array.isArray(value)) return value.flatMap((item) => inside(item, context));
  if (!isTree(value)) return [];
  const { name: kind } = variant(value);
  if (kind === 'TypeName') return [];
  if (/^[A-Z]/.test(kind)) return [expression(value, context)];
  return Object.entries(value).flatMap(([key, child]) => (ignored.has(key) ? [] : inside(child, context)));
}
/** Fields that hold names or types, not values. JSON_TABLE's and JSON_VALUE's output types are built-in or refused by the database. */
const ignored = new Set(['output', 'typeName', 'collClause', 'alias', 'funcname', 'name', 'operName', 'format', 'location']);

function typeCast(body: Tree, context: PostgresContext): Expression {
  const parts = inside({ arg: body['arg'] }, context);
  const written = names(tree(body['typeName'])['names']).map((n) => n.text);
  const type = written.at(-1) ?? '';
  const builtin = builtinTypes.has(type) && (written.length === 1 || written[0] === 'pg_catalog');
  // A type that users have defined may run their functions on input.
  return builtin ? of(parts) : { is: 'unknown', opaque: { what: 'function', detail: `cast to ${written.join('.')}` }, parts };
}

/** `(c).name`, `(c).*`, `a[1]`. `(c).f` may also call `f(c)`, so only a relation's column is let through. */
function indirection(body: Tree, context: PostgresContext): Expression {
  const steps = list(body['indirection']);
  const base = variant(body['arg']);
  const relation = base.name === 'ColumnRef' ? names(tree(base.content)['fields']) : [];
  const first = variant(steps[0]);
  const subscripts = steps.every((step) => variant(step).name === 'A_Indices');
  if (subscripts) return of([expression(body['arg'], context), ...inside(steps, context)]);
  if (relation.length > 0 && steps.length === 1) {
    if (first.name === 'String') return { is: 'column', parts: [...relation, exact(string(tree(first.content)['sval']))] };
    if (first.name === 'A_Star') return { is: 'star', qualifier: relation, counting: false };
  }
  return { is: 'unknown', opaque: { what: 'ambiguous', detail: 'field of a composite value' }, parts: [expression(body['arg'], context)] };
}
