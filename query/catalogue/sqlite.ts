/** SQLite's catalogue, from sqlite_schema and the table-valued PRAGMAs. Sources: sqlite.org/schematab.html, pragma.html. */
import { type Catalogue, type CatalogueColumn, type CatalogueTable, createCatalogue, type TableKind } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { generatedColumns, viewQuery, virtualTable } from './sqlite-sql.ts';
import { groupBy, queryRows } from './rows.ts';

const kinds: Readonly<Record<string, TableKind>> = { table: 'table', view: 'view', virtual: 'virtual', shadow: 'shadow' };

/**
 * Modules whose columns are what their names say. Of others (fts5vocab, fts4aux and the like) nothing is known: they hold
 * the words of other tables under names of their own.
 */
const namedByItsColumns: ReadonlySet<string> = new Set(['fts3', 'fts4', 'fts5', 'rtree', 'rtree_i32', 'geopoly']);

/** Every table, view, virtual and shadow table of every attached database. */
export async function readSqliteCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  const list = await queryRows(session, 'SELECT schema, name, type FROM pragma_table_list ORDER BY schema, name', [], signal);
  const schemas = [...new Set(list.rows.map((row) => row['schema'] ?? 'main'))];
  const columns = await queryRows(session,
    'SELECT l.schema AS s, l.name AS t, x.name AS name, x.type AS type, x.hidden AS hidden, x.cid AS cid FROM pragma_table_list AS l JOIN pragma_table_xinfo(l.name, l.schema) AS x ORDER BY l.schema, l.name, x.cid', [], signal);
  const byTable = groupBy(columns.rows, (row) => `${row['s']}\u0000${row['t']}`);
  const sql = new Map<string, string>();
  for (const schema of schemas) {
    const quoted = schema.replaceAll('"', '""');
    const definitions = await queryRows(session, `SELECT name, sql FROM "${quoted}".sqlite_schema WHERE type IN ('table', 'view') AND sql IS NOT NULL`, [], signal);
    for (const row of definitions.rows) sql.set(`${schema}\u0000${row['name']}`, row['sql'] ?? '');
  }
  const tables = list.rows.map((row): CatalogueTable => {
    const schema = row['schema'] ?? 'main';
    const name = row['name'] ?? '';
    const key = `${schema}\u0000${name}`;
    const definition = sql.get(key);
    const system = name.startsWith('sqlite_');
    const virtual = row['type'] === 'virtual' ? virtualTable(definition ?? '') : undefined;
    const listed = kinds[row['type'] ?? ''] ?? 'table';
    const kind: TableKind = system ? 'system' : listed === 'virtual' && !namedByItsColumns.has(virtual?.module ?? '') ? 'shadow' : listed;
    const rows = byTable.get(key) ?? [];
    // hidden: 0 plain, 1 of a virtual table, 2 virtual generated, 3 stored generated
    const generated = rows.some((c) => c['hidden'] === '2' || c['hidden'] === '3') ? generatedColumns(definition ?? '') : undefined;
    const viewSql = kind === 'view' && definition !== undefined ? viewQuery(definition) : undefined;
    return {
      schema, name, kind,
      columns: rows.filter((c) => c['hidden'] !== '1').map((c): CatalogueColumn => {
        const isGenerated = c['hidden'] === '2' || c['hidden'] === '3';
        return {
          name: c['name'] ?? '',
          ...(c['type'] && { type: c['type'] }),
          // A generated column that can't be read depends on we don't know what: an expression that can't be parsed says so.
          ...(isGenerated && { expression: generated?.get((c['name'] ?? '').toLowerCase()) ?? '?!' }),
        };
      }),
      ...(viewSql !== undefined && { viewSql }),
      // The index of another table holds that table's columns.
      ...(virtual?.content !== undefined && { inherits: [{ schema, name: virtual.content }] }),
    };
  });
  return createCatalogue({
    tables,
    // SQLite looks in temp first, then main, then what was attached, in order.
    names: { folding: 'insensitive', searchPath: ['temp', 'main', ...schemas.filter((s) => s !== 'temp' && s !== 'main')] },
    version: versionOf(tables),
  });
}

function versionOf(tables: readonly CatalogueTable[]): string { return JSON.stringify(tables.map((t) => [t.schema, t.name, t.columns.map((c) => c.name), t.viewSql])); }
