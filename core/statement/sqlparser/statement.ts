/** Statements of datafusion-sqlparser's tree as our own. */
import type { Dialect, Opaque, StatementKind } from '../../wire/statement.ts';
import { type Name, queryOf, type Statement, statementOf } from '../ir.ts';
import { isEmpty, list, tree, variant } from '../tree.ts';
import { changeOf } from './change.ts';
import { functionArguments, name, objectName } from './expression.ts';
import { createQueryConverter, type QueryConverter } from './query.ts';

/** SHOW statements that tell shapes and settings, no values. */
const harmlessShows = new Set(['ShowTables', 'ShowColumns', 'ShowCreate', 'ShowDatabases', 'ShowSchemas', 'ShowViews', 'ShowVariables', 'ShowStatus', 'ShowCollation', 'ShowCharset']);
/** First words of SHOW statements that the parser takes for variables. SHOW WARNINGS, GRANTS and PROCESSLIST hold values. */
const harmlessShowWords = new Set(['index', 'indexes', 'keys', 'engines', 'charset', 'character', 'collation', 'plugins', 'storage', 'privileges']);

const ddl = /^(?:Create|Alter|Drop|Truncate|Comment|Grant|Revoke|Rename|Reindex|Attach|Detach|Deny|Analyze|Optimize|Vacuum|Msck)/;
const transaction = /^(?:StartTransaction|Commit|Rollback|Savepoint|ReleaseSavepoint|SetTransaction)/;

/** One of ours for each statement that the parser found. */
export function statementsFromSqlparser(ast: unknown, dialect: Exclude<Dialect, 'postgresql'>): readonly Statement[] {
  const converter: QueryConverter = createQueryConverter((kind, content) => changeOf(kind, content, converter), dialect === 'sqlserver' ? 'parameter' : 'session');
  return list(ast).map((node) => statement(node, converter));
}

function statement(node: unknown, converter: QueryConverter): Statement {
  const { name: kind, content } = variant(node);
  const body = tree(content);
  const opaque = (what: Opaque['what'], detail: string): readonly Opaque[] => [{ what, detail }];
  if (kind === 'Query') {
    const query = converter.query(content);
    const inner = query.body.is === 'change' ? query.body.change : undefined;
    if (inner) return statementOf(inner.kind, { query });
    return statementOf('select', { query, readOnly: !query.writes });
  }
  const change = changeOf(kind, content, converter);
  if (change) return statementOf(change.kind, { query: queryOf({ is: 'change', change }) });
  if (kind === 'Explain') {
    const inner = statement(body['statement'], converter);
    // Options may write (`EXPLAIN … INTO`, formats with INTO @variable).
    return { ...inner, kind: 'explain', opaque: isEmpty(body['options']) ? inner.opaque : [...inner.opaque, { what: 'ambiguous', detail: 'EXPLAIN options' }] };
  }
  if (kind === 'ExplainTable') return statementOf('show', { readOnly: true });
  if (kind.startsWith('Show')) {
    const words = list(body['variable']).map((word) => name(word).text.toLowerCase());
    const harmless = (harmlessShows.has(kind) && onlyLike(body)) || (kind === 'ShowVariable' && harmlessShowWords.has(words[0] ?? ''));
    return statementOf('show', { readOnly: true, opaque: harmless ? [] : opaque('ambiguous', 'SHOW that may hold values') });
  }
  if (kind === 'Pragma') return statementOf('pragma', { opaque: opaque('ambiguous', 'PRAGMA') });
  if (kind === 'Call' || kind === 'Execute' || kind === 'Prepare') {
    return statementOf('call', {
      reads: kind === 'Call' ? functionArguments(body['args'], converter) : [],
      opaque: kind === 'Call' ? opaque('procedure', objectName(body['name']).map((n) => n.text).join('.')) : opaque('dynamic-sql', kind.toUpperCase()),
    });
  }
  if (kind.startsWith('Copy') || kind === 'Unload' || kind === 'LoadData' || kind === 'ExportData') {
    return statementOf('copy', { exports: kind !== 'LoadData', opaque: opaque('file-access', kind) });
  }
  if (transaction.test(kind)) return statementOf('transaction');
  if (kind.startsWith('Set') || kind === 'Use') return statementOf('set');
  if (ddl.test(kind)) return definition(kind, content, converter);
  return statementOf('other', { opaque: opaque('ambiguous', kind) });
}

/** CREATE, ALTER, DROP …: never read-only; what they read is told where it is a query. */
function definition(kind: string, content: unknown, converter: QueryConverter): Statement {
  const body = tree(content);
  const written: (readonly Name[])[] = [];
  if (Array.isArray(body['name'])) written.push(objectName(body['name']));
  if (Array.isArray(body['names'])) written.push(...list(body['names']).map(objectName));
  for (const entry of list(body['table_names'])) written.push(objectName(tree(entry)['name']));
  const statementKind: StatementKind = 'ddl';
  return statementOf(statementKind, {
    query: isEmpty(body['query']) ? undefined : converter.query(body['query']),
    tables: kind === 'CreateFunction' || kind === 'CreateProcedure' ? [] : written.map((table) => ({ name: table, access: 'write' as const })),
    opaque: kind.startsWith('Attach') ? [{ what: 'file-access', detail: 'ATTACH' }] : [],
  });
}

/** A SHOW may filter with LIKE; WHERE takes any expression, subqueries too. */
function onlyLike(body: Readonly<Record<string, unknown>>): boolean {
  const filters = [body['filter'], tree(body['show_options'])['filter_position']].filter((f) => !isEmpty(f));
  return filters.every((filter) => {
    const outer = variant(filter);
    const inner = ['Infix', 'Suffix'].includes(outer.name) ? variant(outer.content) : outer;
    return inner.name === 'Like';
  });
}
