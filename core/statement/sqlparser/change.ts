/** INSERT, UPDATE, DELETE and MERGE of datafusion-sqlparser's tree as our own. All of them ask; this says what they touch. */
import type { Change, Expression, From, Item, Name } from '../ir.ts';
import { isEmpty, list, tree, variant } from '../tree.ts';
import { expression, name, objectName, orderBy } from './expression.ts';
import type { QueryConverter } from './query.ts';

const nothing: From = { is: 'unknown', opaque: { what: 'ambiguous', detail: 'no table' } };

export function changeOf(kind: string, content: unknown, converter: QueryConverter): Change | undefined {
  const body = tree(content);
  const optional = (node: unknown): readonly Expression[] => (isEmpty(node) ? [] : [expression(node, converter)]);
  const base = {
    tables: [], recursive: false, alsoWritten: [], columns: [], from: [], reads: [], opaque: [],
    returning: [...converter.items(body['returning']), ...output(body['output'], converter)],
  };
  switch (kind) {
    case 'Insert': {
      const table = variant(body['table']);
      const alias = isEmpty(body['table_alias']) ? undefined : name(tree(body['table_alias'])['alias'] ?? body['table_alias']);
      const target: From = table.name === 'TableName' ? { is: 'table', name: objectName(table.content), alias, columns: [] } : nothing;
      const conflict = onInsert(body['on'], converter);
      const set = assignments(body['assignments'], converter);
      return {
        ...base, kind: 'insert', target,
        columns: [...list(body['columns']).map((c) => (Array.isArray(c) ? objectName(c) : [name(c)])), ...set.columns, ...conflict.columns],
        source: isEmpty(body['source']) ? undefined : converter.query(body['source']),
        reads: [...set.reads, ...conflict.reads],
      };
    }
    case 'Update': {
      const set = assignments(body['assignments'], converter);
      const from = variant(body['from']);
      return {
        ...base, kind: 'update', target: converter.from(body['table']), columns: set.columns,
        from: list(from.content).map(converter.from),
        reads: [...set.reads, ...optional(body['selection']), ...orderBy(body['order_by'], converter)],
      };
    }
    case 'Delete': {
      const sources = list(variant(body['from']).content).map(converter.from);
      const named = list(body['tables']).map((table): From => ({ is: 'table', name: objectName(table), columns: [] }));
      const [first = nothing, ...rest] = named.length > 0 ? named : sources;
      return {
        ...base, kind: 'delete', target: first, alsoWritten: rest,
        from: [...(named.length > 0 ? sources : []), ...list(body['using']).map(converter.from)],
        reads: [...optional(body['selection']), ...orderBy(body['order_by'], converter)],
      };
    }
    case 'Merge': return {
      ...base, kind: 'merge', target: converter.from({ relation: body['table'], joins: [] }),
      from: [converter.from({ relation: body['source'], joins: [] })], reads: optional(body['on']),
      opaque: [{ what: 'ambiguous', detail: 'MERGE' }],
    };
    default: return undefined;
  }
}

function assignments(node: unknown, converter: QueryConverter): { columns: readonly (readonly Name[])[]; reads: readonly Expression[] } {
  const columns: (readonly Name[])[] = [];
  const reads: Expression[] = [];
  for (const item of list(node)) {
    const assignment = tree(item);
    const target = variant(assignment['target']);
    if (target.name === 'ColumnName') columns.push(objectName(target.content));
    else columns.push(...list(target.content).map(objectName));
    reads.push(expression(assignment['value'], converter));
  }
  return { columns, reads };
}

function onInsert(node: unknown, converter: QueryConverter): { columns: readonly (readonly Name[])[]; reads: readonly Expression[] } {
  const { name: kind, content } = variant(node);
  if (kind === 'DuplicateKeyUpdate') return assignments(content, converter);
  const action = variant(tree(content)['action']);
  if (action.name !== 'DoUpdate') return { columns: [], reads: [] };
  const update = tree(action.content);
  const set = assignments(update['assignments'], converter);
  return { columns: set.columns, reads: [...set.reads, ...(isEmpty(update['selection']) ? [] : [expression(update['selection'], converter)])] };
}

/** SQL Server's OUTPUT. */
function output(node: unknown, converter: QueryConverter): readonly Item[] {
  const { content } = variant(node);
  return isEmpty(node) ? [] : converter.items(tree(content)['select_items']);
}
