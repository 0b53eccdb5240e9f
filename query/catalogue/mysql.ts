/** MySQL's and MariaDB's catalogue, from information_schema. Sources: MySQL 8.4 manual, chapter 28; MariaDB's. */
import { type Catalogue, type CatalogueColumn, type CatalogueTable, createCatalogue, type TableKind } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { groupBy, queryRows, type Row } from './rows.ts';

const systemSchemas = `'information_schema', 'performance_schema', 'mysql', 'sys'`;
const kindOf = (type: string | undefined): TableKind => (type === 'VIEW' ? 'view' : 'table');

/** `database` of the session is where unqualified names are looked up. */
export async function readMysqlCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  const read = async (sql: string): Promise<readonly Row[]> => (await queryRows(session, sql, [], signal)).rows;
  const list = await read(`SELECT table_schema AS s, table_name AS t, table_type AS type, table_rows AS estimate, table_comment AS comment FROM information_schema.tables WHERE table_schema NOT IN (${systemSchemas}) ORDER BY table_schema, table_name`);
  const columns = groupBy(
    await read(`SELECT table_schema AS s, table_name AS t, column_name AS name, column_type AS type, column_comment AS comment, generation_expression AS expression FROM information_schema.columns WHERE table_schema NOT IN (${systemSchemas}) ORDER BY table_schema, table_name, ordinal_position`),
    (row) => `${row.s}\u0000${row.t}`,
  );
  const views = new Map((await read(`SELECT table_schema AS s, table_name AS t, view_definition AS definition FROM information_schema.views WHERE table_schema NOT IN (${systemSchemas})`)).map((row) => [`${row.s}\u0000${row.t}`, row.definition]));
  const routines = await read('SELECT DISTINCT routine_name AS name FROM information_schema.routines');
  const made = await read("SHOW SESSION STATUS WHERE Variable_name IN ('Com_create_table', 'Com_create_temporary_table')");
  const [where] = await read('SELECT DATABASE() AS name, @@lower_case_table_names AS folding');
  const tables = list.map((row): CatalogueTable => {
    const key = `${row.s}\u0000${row.t}`;
    const definition = views.get(key);
    return {
      schema: row.s ?? '', name: row.t ?? '', kind: kindOf(row.type), columns: (columns.get(key) ?? []).map(columnOf),
      // Empty when we may not see it: the view stays opaque.
      ...(definition && { viewSql: definition }),
      ...(row.comment && { comment: row.comment }),
      ...(row.estimate !== undefined && { rows: Number(row.estimate) }),
    };
  });
  return createCatalogue({
    tables,
    names: { folding: where?.folding === '0' ? 'exact' : 'insensitive', searchPath: where?.name === undefined ? ['\u0000none'] : [where.name] },
    ...(made.some((row) => Number(row['value'] ?? 0) > 0) && { cautions: ['this session has made tables, and a temporary one would hide another of its name'] }),
    userFunctions: routines.map((row) => row.name ?? ''),
    version: JSON.stringify([where?.name, tables.map((t) => [t.schema, t.name, t.columns.map((c) => c.name), t.viewSql])]),
  });
}

function columnOf(row: Row): CatalogueColumn {
  return {
    name: row.name ?? '',
    ...(row.type && { type: row.type }),
    ...(row.comment && { comment: row.comment }),
    ...(row.expression && { expression: row.expression }),
  };
}
