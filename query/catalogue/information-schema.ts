/** SQL Server's and Trino's catalogues, from the standard's INFORMATION_SCHEMA. */
import { type Catalogue, type CatalogueTable, createCatalogue } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { groupBy, queryRows, type Row } from './rows.ts';

type Reader = (sql: string) => Promise<readonly Row[]>;
const readerOf = (session: Session, signal?: AbortSignal): Reader => async (sql) => (await queryRows(session, sql, [], signal)).rows;

/**
 * View texts are read from sys.sql_modules because INFORMATION_SCHEMA.VIEWS cuts them at 4,000 characters.
 * Columns under dynamic data masking carry the label `MASKED` and their function.
 */
export async function readSqlServerCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  const read = readerOf(session, signal);
  const list = await read("SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_TYPE AS type FROM INFORMATION_SCHEMA.TABLES");
  const columns = await read("SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS name, DATA_TYPE AS type FROM INFORMATION_SCHEMA.COLUMNS ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION");
  const views = await read('SELECT s.name AS s, o.name AS t, m.definition AS definition FROM sys.sql_modules m JOIN sys.objects o ON o.object_id = m.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE o.type = \'V\'');
  const computed = await read('SELECT s.name AS s, o.name AS t, c.name AS name, c.definition AS definition FROM sys.computed_columns c JOIN sys.objects o ON o.object_id = c.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id');
  const masked = await read('SELECT s.name AS s, o.name AS t, c.name AS name, c.masking_function AS masking FROM sys.masked_columns c JOIN sys.objects o ON o.object_id = c.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE c.is_masked = 1');
  const functions = await read("SELECT ROUTINE_NAME AS name FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION'");
  const [where] = await read('SELECT DB_NAME() AS db, SCHEMA_NAME() AS s');
  const expressions = new Map(computed.map((row) => [columnKey(row), row.definition]));
  const labels = new Map(masked.map((row) => [columnKey(row), `MASKED WITH FUNCTION ${row.masking ?? ''}`]));
  return assemble({
    list, columns, labels, expressions,
    views: new Map(views.map((row) => [tableKey(row), (row.definition ?? '').replace(/^[\s\S]*?\bAS\b/i, '')])),
    // An unqualified name is looked for in the user's schema, then in dbo.
    searchPath: [...new Set([where?.s ?? 'dbo', 'dbo'])], database: where?.db, functions: functions.map((row) => row.name ?? ''),
  });
}

/** The session's catalog only: names with another catalog in front stay unknown, and ask. */
export async function readTrinoCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  const read = readerOf(session, signal);
  const list = await read("SELECT table_schema AS s, table_name AS t, table_type AS type FROM information_schema.tables WHERE table_schema <> 'information_schema'");
  const columns = await read("SELECT table_schema AS s, table_name AS t, column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema <> 'information_schema' ORDER BY table_schema, table_name, ordinal_position");
  const views = await read("SELECT table_schema AS s, table_name AS t, view_definition AS definition FROM information_schema.views WHERE table_schema <> 'information_schema'");
  const [where] = await read('SELECT current_catalog AS db, current_schema AS s');
  return assemble({
    list, columns, labels: new Map(), expressions: new Map(), views: new Map(views.map((row) => [tableKey(row), row.definition ?? ''])),
    searchPath: [where?.s ?? '\u0000none'], database: where?.db, functions: [],
  });
}

interface Parts {
  readonly list: readonly Row[];
  readonly columns: readonly Row[];
  readonly views: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly expressions: ReadonlyMap<string, string | undefined>;
  readonly searchPath: readonly string[];
  readonly database: string | undefined;
  readonly functions: readonly string[];
}

function assemble(parts: Parts): Catalogue {
  const columns = groupBy(parts.columns, tableKey);
  const tables = parts.list.map((row): CatalogueTable => {
    const view = /view/i.test(row.type ?? '');
    const viewSql = parts.views.get(tableKey(row))?.trim();
    return {
      schema: row.s ?? '', name: row.t ?? '', kind: view ? 'view' : 'table',
      columns: (columns.get(tableKey(row)) ?? []).map((column) => {
        const label = parts.labels.get(columnKey(column));
        const expression = parts.expressions.get(columnKey(column));
        return { name: column.name ?? '', ...(column.type !== undefined && { type: column.type }), ...(label !== undefined && { label }), ...(expression !== undefined && { expression }) };
      }),
      ...(view && viewSql && { viewSql }),
    };
  });
  return createCatalogue({
    tables, database: parts.database, userFunctions: parts.functions,
    names: { folding: 'insensitive', searchPath: parts.searchPath },
    version: JSON.stringify(tables.map((t) => [t.schema, t.name, t.columns.map((c) => c.name), t.viewSql])),
  });
}

function tableKey(row: Row): string { return `${row.s}\u0000${row.t}`; }
function columnKey(row: Row): string { return `${tableKey(row)}\u0000${row.name}`; }
