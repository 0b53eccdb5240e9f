/** Statements of PostgreSQL's raw parse tree as our own. */
import type { Opaque } from '../../wire/statement.ts';
import { type Change, type Expression, type From, type Item, type Name, queryOf, type Statement, statementOf } from '../ir.ts';
import { list, string, type Tree, tree, variant } from '../tree.ts';
import { exact, expression, inside } from './expression.ts';
import { createPostgresQueries, type PostgresQueries } from './query.ts';

/** One of ours for each statement in `{stmts: [{stmt}]}`. */
export function statementsFromPostgres(ast: unknown): readonly Statement[] {
  const queries: PostgresQueries = createPostgresQueries((kind, content) => changeOf(kind, tree(content), queries));
  return list(tree(ast)['stmts']).map((raw) => statement(tree(raw)['stmt'], queries));
}

function opaque(what: Opaque['what'], detail: string): readonly Opaque[] { return [{ what, detail }]; }

function statement(node: unknown, queries: PostgresQueries): Statement {
  const { name: kind, content } = variant(node);
  const body = tree(content);
  switch (kind) {
    case 'SelectStmt': {
      const query = queries.query(node);
      return statementOf('select', { query, readOnly: !query.writes });
    }
    case 'ExplainStmt': return { ...statement(body['query'], queries), kind: 'explain' };
    // A setting with a dot in its name holds what somebody put there: a value kept from an earlier statement, perhaps.
    case 'VariableShowStmt': return statementOf('show', { readOnly: true, opaque: string(body['name']).includes('.') ? opaque('ambiguous', 'SHOW of a setting that sessions fill') : [] });
    case 'VariableSetStmt': case 'DiscardStmt': case 'ConstraintsSetStmt': return statementOf('set', { reads: inside(body['args'], queries) });
    case 'TransactionStmt': return statementOf('transaction');
    case 'CopyStmt': return copy(body, queries);
    case 'CallStmt': return statementOf('call', { reads: inside(body['funccall'], queries), opaque: opaque('procedure', 'CALL') });
    case 'DoStmt': return statementOf('call', { opaque: opaque('dynamic-sql', 'DO') });
    case 'ExecuteStmt': return statementOf('call', { opaque: opaque('dynamic-sql', 'EXECUTE') });
    case 'FetchStmt': return statementOf('other', { opaque: opaque('dynamic-sql', 'FETCH from a cursor') });
    case 'PrepareStmt': case 'DeclareCursorStmt':
      return statementOf('other', { query: queries.query(body['query']), opaque: opaque('dynamic-sql', kind === 'PrepareStmt' ? 'PREPARE' : 'DECLARE') });
    case 'CreateTableAsStmt': return statementOf('ddl', { query: queries.query(body['query']), tables: written(tree(body['into'])['rel']) });
    case 'ViewStmt': return statementOf('ddl', { query: queries.query(body['query']), tables: written(body['view']) });
    default: {
      const change = changeOf(kind, body, queries);
      if (change) return statementOf(change.kind, { query: queryOf({ is: 'change', change }) });
      if (/^(?:Create|Alter|Drop|Rename|Truncate|Index|Grant|Revoke|Comment|SecLabel|Define|Rule|Reindex|Cluster|Vacuum|Refresh|Import|Composite|Reassign|Checkpoint)/.test(kind)) {
        return statementOf('ddl', { tables: [...written(body['relation']), ...list(body['relations']).flatMap((r) => written(variant(r).content))] });
      }
      return statementOf('other', { opaque: opaque('ambiguous', kind.replace(/Stmt$/, '').toUpperCase()) });
    }
  }
}

function nameOf(rangeVar: unknown): readonly Name[] {
  const range = tree(rangeVar);
  return [range['schemaname'], range['relname']].filter((part) => typeof part === 'string').map((part) => exact(string(part)));
}
function written(rangeVar: unknown): Statement['tables'] {
  const name = nameOf(rangeVar);
  return name.length > 0 ? [{ name, access: 'write' }] : [];
}

/** `COPY … TO` leaves the database, as a file, a program's input or the connection's stream. */
function copy(body: Tree, queries: PostgresQueries): Statement {
  const to = body['is_from'] !== true;
  const columns = list(body['attlist']).map((c) => exact(string(tree(variant(c).content)['sval'])));
  const name = nameOf(body['relation']);
  return statementOf('copy', {
    exports: to,
    query: body['query'] === undefined ? undefined : queries.query(body['query']),
    tables: name.length > 0 ? [{ name, access: to ? 'read' : 'write', columns: columns.length > 0 ? columns : undefined }] : [],
    reads: inside(body['whereClause'], queries),
    opaque: typeof body['filename'] === 'string' ? opaque('file-access', body['is_program'] === true ? 'COPY PROGRAM' : 'COPY with a file') : [],
  });
}

function changeOf(kind: string, content: Tree, queries: PostgresQueries): Change | undefined {
  const inner = (value: unknown): readonly Expression[] => inside(value, queries);
  const returning: readonly Item[] = queries.items(content['returningList'] ?? tree(content['returningClause'])['exprs']);
  const target: From = queries.table(content['relation']);
  const base = { ...queries.common(content['withClause']), target, alsoWritten: [], columns: [], from: [], reads: [], opaque: [], returning };
  const assigned = (list_: unknown): { columns: readonly (readonly Name[])[]; reads: readonly Expression[] } => ({
    columns: list(list_).map((item) => [exact(string(tree(variant(item).content)['name']))]),
    reads: list(list_).flatMap((item) => {
      const value = tree(variant(item).content)['val'];
      return value === undefined ? [] : [expression(value, queries)];
    }),
  });
  switch (kind) {
    case 'InsertStmt': {
      const conflict = tree(content['onConflictClause']);
      const set = assigned(conflict['targetList']);
      return {
        ...base, kind: 'insert', columns: [...assigned(content['cols']).columns, ...set.columns],
        source: content['selectStmt'] === undefined ? undefined : queries.query(content['selectStmt']),
        reads: [...set.reads, ...inner(conflict['whereClause'])],
      };
    }
    case 'UpdateStmt': {
      const set = assigned(content['targetList']);
      return { ...base, kind: 'update', columns: set.columns, from: list(content['fromClause']).map(queries.from), reads: [...set.reads, ...inner(content['whereClause'])] };
    }
    case 'DeleteStmt':
      return { ...base, kind: 'delete', from: list(content['usingClause']).map(queries.from), reads: inner(content['whereClause']) };
    case 'MergeStmt': {
      const clauses = list(content['mergeWhenClauses']).map((clause) => tree(variant(clause).content));
      const sets = clauses.map((clause) => assigned(clause['targetList']));
      return {
        ...base, kind: 'merge', columns: sets.flatMap((set) => set.columns), from: [queries.from(content['sourceRelation'])],
        reads: [...inner(content['joinCondition']), ...sets.flatMap((set) => set.reads), ...clauses.flatMap((clause) => inner([clause['condition'], clause['values']]))],
      };
    }
    default: return undefined;
  }
}
