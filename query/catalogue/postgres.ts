/** PostgreSQL's catalogue, from pg_catalog. Source: PostgreSQL 18, chapter 52. */
import { type Catalogue, type CatalogueColumn, type CatalogueTable, createCatalogue, type TableKind } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { groupBy, queryRows, type Row } from './rows.ts';

const kinds: Readonly<Record<string, TableKind>> = { r: 'table', p: 'table', v: 'view', m: 'materialized-view', f: 'foreign' };

/** pg_temp schemas are named `pg_temp_3`; our own is searched first. */
const relationsSql = `
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS view_sql,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END AS estimate,
  pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
  (n.oid = pg_catalog.pg_my_temp_schema())::text AS own_temp
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND (n.nspname !~ '^pg_(toast_)?temp_' OR n.oid = pg_catalog.pg_my_temp_schema())
ORDER BY n.nspname, c.relname`;

const columnsSql = `
SELECT a.attrelid::text AS oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  pg_catalog.col_description(a.attrelid, a.attnum) AS comment, l.label AS label,
  CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS expression
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_seclabel l ON l.objoid = a.attrelid AND l.objsubid = a.attnum AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.provider = 'anon'
WHERE a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;

const inheritsSql = `
SELECT i.inhrelid::text AS child, n.nspname AS schema, c.relname AS name
FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhparent JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

/** Users' functions and operators, and casts that run them: calling one is opaque. */
const functionsSql = `
SELECT DISTINCT p.proname AS name FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')`;
const operatorsSql = `
SELECT DISTINCT o.oprname AS name FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')`;

export async function readPostgresCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  const read = async (sql: string): Promise<readonly Row[]> => (await queryRows(session, sql, [], signal)).rows;
  const relations = await read(relationsSql);
  const columns = groupBy(await read(columnsSql), (row) => row.oid ?? '');
  const parents = groupBy(await read(inheritsSql), (row) => row.child ?? '');
  const functions = await read(functionsSql);
  const operators = await read(operatorsSql);
  const [where] = await read('SELECT pg_catalog.current_database() AS database, pg_catalog.array_to_json(pg_catalog.current_schemas(true))::text AS path');
  const tables = relations.map((row): CatalogueTable => ({
    schema: row.own_temp === 'true' ? 'pg_temp' : row.schema ?? '', name: row.name ?? '', kind: kinds[row.kind ?? ''] ?? 'table',
    columns: (columns.get(row.oid ?? '') ?? []).map(columnOf),
    // pg_get_viewdef ends in a semicolon.
    ...(row.view_sql !== undefined && { viewSql: row.view_sql.replace(/;\s*$/, '') }),
    ...(parents.has(row.oid ?? '') && { inherits: (parents.get(row.oid ?? '') ?? []).map((p) => ({ schema: p.schema ?? '', name: p.name ?? '' })) }),
    ...(row.comment !== undefined && { comment: row.comment }),
    ...(row.estimate !== undefined && { rows: Number(row.estimate) }),
  }));
  const path = schemasOf(where?.path).map((schema) => (/^pg_temp_\d+$/.test(schema) ? 'pg_temp' : schema));
  return createCatalogue({
    tables, database: where?.database,
    names: { folding: 'lower', searchPath: path.includes('pg_temp') ? path : ['pg_temp', ...path] },
    // A name that users have defined would be taken before the system's own: none of the lists of safe names holds then.
    ...(path.find((schema) => schema !== 'pg_temp') !== 'pg_catalog' && { cautions: ['the search path names pg_catalog late, so built-in names may mean something else'] }),
    userFunctions: functions.map((row) => row.name ?? ''), userOperators: operators.map((row) => row.name ?? ''),
    version: JSON.stringify([path, tables.map((t) => [t.schema, t.name, t.columns.map((c) => c.name), t.viewSql])]),
  });
}

function columnOf(row: Row): CatalogueColumn {
  return {
    name: row.name ?? '',
    ...(row.type !== undefined && { type: row.type }),
    ...(row.comment !== undefined && { comment: row.comment }),
    ...(row.label !== undefined && { label: row.label }),
    ...(row.expression !== undefined && { expression: row.expression }),
  };
}

/** A JSON array of names. */
function schemasOf(text: string | undefined): readonly string[] {
  const parsed: unknown = JSON.parse(text ?? '[]');
  return Array.isArray(parsed) ? parsed.filter((name): name is string => typeof name === 'string') : [];
}
