/** Expressions of datafusion-sqlparser's tree (0.62) as our own. */
import { constant, type Expression, type Name, of, type Query } from '../ir.ts';
import { isEmpty, list, string, type Tree, tree, variant } from '../tree.ts';

/** What an expression needs of its surroundings: subqueries are converted by `query.ts`. */
export interface ExpressionContext {
  readonly query: (node: unknown) => Query;
  /** What `@name` is: a bound parameter, or a variable that may hold what an earlier statement of the session put there. */
  readonly variables: 'parameter' | 'session';
}

export function name(node: unknown): Name {
  const ident = tree(node);
  return { text: string(ident['value']), quoted: !isEmpty(ident['quote_style']) };
}

/** `ObjectName`: a list of `{Identifier}` parts. A part made by a function gives an empty name, which resolves to nothing. */
export function objectName(node: unknown): readonly Name[] {
  return list(node).map((part) => (variant(part).name === 'Identifier' ? name(variant(part).content) : { text: '', quoted: true }));
}

/** Variants whose value comes from these fields, each an expression or a list of expressions. */
const fields: Readonly<Record<string, readonly string[]>> = {
  BinaryOp: ['left', 'right'], UnaryOp: ['expr'], Between: ['expr', 'low', 'high'], InList: ['expr', 'list'],
  Like: ['expr', 'pattern'], ILike: ['expr', 'pattern'], SimilarTo: ['expr', 'pattern'], RLike: ['expr', 'pattern'],
  AnyOp: ['left', 'right'], AllOp: ['left', 'right'], AtTimeZone: ['timestamp', 'time_zone'], Extract: ['expr'],
  Ceil: ['expr'], Floor: ['expr'], Position: ['expr', 'in'], Substring: ['expr', 'substring_from', 'substring_for'],
  Trim: ['expr', 'trim_what', 'trim_characters'], Overlay: ['expr', 'overlay_what', 'overlay_from', 'overlay_for'],
  Collate: ['expr'], Convert: ['expr', 'styles'], Interval: ['value'], Named: ['expr'], InUnnest: ['expr', 'array_expr'],
  Prefixed: ['value'], IsNormalized: ['expr'],
};
/** Variants whose content is an expression, a list, or lists of expressions. */
const wrappers = new Set([
  'IsFalse', 'IsNotFalse', 'IsTrue', 'IsNotTrue', 'IsNull', 'IsNotNull', 'IsUnknown', 'IsNotUnknown', 'IsDistinctFrom',
  'IsNotDistinctFrom', 'Nested', 'Tuple', 'GroupingSets', 'Cube', 'Rollup',
]);
/** Types a cast may name without running anybody's code. */
const customTypes = new Set(['unsigned', 'signed', 'sysname', 'money', 'hierarchyid', 'xml', 'text', 'ntext', 'image', 'rowversion']);

export function expression(node: unknown, context: ExpressionContext): Expression {
  const { name: kind, content } = variant(node);
  const convert = (child: unknown): Expression => expression(child, context);
  const every = (child: unknown): readonly Expression[] => (
    isEmpty(child) ? [] : Array.isArray(child) ? child.flatMap(every) : [convert(child)]
  );
  const body = tree(content);
  const children = fields[kind];
  if (children) {
    const operator = kind === 'BinaryOp' ? operatorName(body['op']) : undefined;
    if (operator === 'Assignment') return unknown('assigns a variable', children.flatMap((key) => every(body[key])));
    return of(children.flatMap((key) => every(body[key])), operator);
  }
  if (wrappers.has(kind)) return of(every(content));
  switch (kind) {
    case 'Identifier': return column([name(content)], context);
    case 'CompoundIdentifier': return column(list(content).map(name), context);
    case 'Value': case 'TypedString': return constant;
    case 'Cast': return cast(body, every(body['expr']));
    case 'Case': return of([
      ...every(body['operand']),
      ...list(body['conditions']).flatMap((when) => [...every(tree(when)['condition']), ...every(tree(when)['result'])]),
      ...every(body['else_result']),
    ]);
    case 'Function': return call(body, context);
    case 'Subquery': return { is: 'query', query: context.query(content), exists: false };
    case 'Exists': return { is: 'query', query: context.query(body['subquery']), exists: true };
    case 'InSubquery': return of([convert(body['expr']), { is: 'query', query: context.query(body['subquery']), exists: false }]);
    case 'MatchAgainst': return of(list(body['columns']).map((c): Expression => ({ is: 'column', parts: objectName(c) })));
    case 'Array': return of(every(body['elem']));
    case 'MemberOf': return of([...every(body['value']), ...every(body['array'])]);
    case 'CompoundFieldAccess': return of([
      convert(body['root']),
      ...list(body['access_chain']).flatMap((access): readonly Expression[] => {
        const step = variant(access);
        if (step.name === 'Subscript') return Object.values(tree(variant(step.content).content)).flatMap(every);
        return step.name === 'Dot' && ['Identifier', 'Value'].includes(variant(step.content).name) ? [] : [unknown('field access')];
      }),
    ]);
    case 'JsonAccess': return of(every(body['value']));
    case 'QualifiedWildcard': return { is: 'star', qualifier: objectName(list(content)[0]), counting: false };
    case 'Lambda': return of(every(body['body']), undefined);
    default: return unknown(kind === '' ? 'an expression' : kind);
  }
}

function unknown(detail: string, parts: readonly Expression[] = []): Expression {
  return { is: 'unknown', opaque: { what: 'ambiguous', detail }, parts };
}

/** Of the server's own variables those that a statement, or the user, can put a value into (MySQL 8.4 manual 7.1.8; MariaDB's list). */
const fedVariables: ReadonlySet<string> = new Set(['last_insert_id', 'identity', 'insert_id', 'timestamp', 'rand_seed1', 'rand_seed2', 'pseudo_thread_id', 'proxy_user', 'external_user', 'init_connect', 'init_slave', 'init_replica', 'debug', 'gtid_next', 'time_zone', 'default_week_format', 'character_set_client', 'lc_time_names', 'last_gtid', 'error_count', 'warning_count', 'in_transaction']);

/** Server variables (`@@version`) are constants; user variables, and a few of the server's, may hold what an earlier statement put there. */
function column(parts: readonly Name[], context: ExpressionContext): Expression {
  const first = parts[0];
  if (first && !first.quoted && first.text.startsWith('@')) {
    const server = first.text.startsWith('@@') && !parts.some((part) => fedVariables.has(part.text.toLowerCase().replace(/^@@/, '')));
    return server || (!first.text.startsWith('@@') && context.variables === 'parameter') ? constant : unknown('reads a session variable');
  }
  return { is: 'column', parts };
}

function operatorName(node: unknown): string | undefined {
  const { name: op, content } = variant(node);
  if (op === 'Custom') return string(content);
  return op === 'Assignment' ? op : op === 'And' ? 'AND' : undefined;
}

function cast(body: Tree, parts: readonly Expression[]): Expression {
  const type = variant(body['data_type']);
  const custom = type.name === 'Custom' ? objectName(list(type.content)[0]).map((n) => n.text.toLowerCase()).join('.') : undefined;
  return custom === undefined || customTypes.has(custom) ? of(parts) : unknown(`casts to the type ${custom}`, parts);
}

/** A function call with everything that may stand in and after its parentheses. */
function call(body: Tree, context: ExpressionContext): Expression {
  const parts = [...functionArguments(body['args'], context), ...functionArguments(body['parameters'], context)];
  if (!isEmpty(body['filter'])) parts.push(expression(body['filter'], context));
  parts.push(...window(body['over'], context), ...orderBy(body['within_group'], context));
  return { is: 'call', name: objectName(body['name']), arguments: parts };
}

/** `FunctionArguments`: none, a subquery, or a list with clauses. */
export function functionArguments(node: unknown, context: ExpressionContext): Expression[] {
  const { name: kind, content } = variant(node);
  if (kind === '' || kind === 'None') return [];
  if (kind === 'Subquery') return [{ is: 'query', query: context.query(content), exists: false }];
  const body = tree(content);
  return [
    ...list(body['args']).map((argument) => functionArgument(argument, context)),
    ...list(body['clauses']).flatMap((clause): readonly Expression[] => {
      const { name: what, content: value } = variant(clause);
      if (what === 'OrderBy') return orderBy(value, context);
      if (what === 'Limit') return [expression(value, context)];
      if (what === 'Having') return [expression(list(value)[1], context)];
      return ['Separator', 'OnOverflow', 'IgnoreOrRespectNulls', 'JsonNullClause', 'JsonReturningClause'].includes(what)
        ? [] : [unknown(`function clause ${what}`)];
    }),
  ];
}

function functionArgument(node: unknown, context: ExpressionContext): Expression {
  const { name: kind, content } = variant(node);
  const argument = kind === 'Unnamed' ? content : tree(content)['arg'];
  const { name: what, content: value } = variant(argument);
  if (what === 'Wildcard') return { is: 'star', counting: true };
  if (what === 'QualifiedWildcard') return { is: 'star', qualifier: objectName(value), counting: false };
  if (what !== 'Expr') return unknown('function argument');
  const converted = expression(value, context);
  return kind === 'ExprNamed' ? of([expression(tree(content)['name'], context), converted]) : converted;
}

/** A window given in place; a named one is defined in the SELECT, where its expressions are read. */
function window(node: unknown, context: ExpressionContext): readonly Expression[] {
  const { name: kind, content } = variant(node);
  return kind === 'WindowSpec' ? windowSpec(content, context) : [];
}
export function windowSpec(node: unknown, context: ExpressionContext): readonly Expression[] {
  const spec = tree(node);
  return [...list(spec['partition_by']).map((e) => expression(e, context)), ...orderBy(spec['order_by'], context)];
}

/** `OrderByExpr` list. */
export function orderBy(node: unknown, context: ExpressionContext): readonly Expression[] {
  return list(node).map((item) => expression(tree(item)['expr'], context));
}
