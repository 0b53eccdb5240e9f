/**
 * Roles that live for one approval: they may read exactly the columns that were approved, until a moment, over few
 * connections. All SQL is written here; names and values are quoted, never trusted.
 *
 * The administrating user needs CREATEROLE, and the right to read these columns and use these schemas with GRANT OPTION.
 */
import type { ColumnRef, TableRef } from '#core/wire/statement.ts';
import { DatabaseError, type RawRow, type Session } from '#query/drivers/driver.ts';

/** Every role of ours begins so; nothing else is ever altered or dropped. */
export const ROLE_PREFIX = 'pii_gate_';

export interface RoleSpec {
  readonly role: string;
  /** `scramVerifier` of its password. */
  readonly verifier: string;
  /** Of which grant it is; letters, digits, `-` and `_`. Kept in the role's comment. */
  readonly grant: string;
  readonly tables: readonly TableRef[];
  readonly columns: readonly ColumnRef[];
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly connections: number;
  readonly statementTimeoutMs?: number;
}

export interface LivingRole { readonly role: string; readonly grant: string; readonly until: number }

interface Readable { readonly schema: string; readonly table: string; readonly columns: readonly string[] }

/** @throws DatabaseError when the role exists, a table or column does not, or the administrating user may not hand it on */
export async function createRole(session: Session, spec: RoleSpec): Promise<void> {
  const readable = await resolve(session, spec);
  const role = identifier(spec.role);
  await run(session, 'BEGIN');
  try {
    await run(session, `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${whole(spec.connections)} PASSWORD ${literal(spec.verifier)} VALID UNTIL ${literal(new Date(spec.until).toISOString())}`);
    await run(session, `COMMENT ON ROLE ${role} IS ${literal(`pii-gate ${spec.grant} ${spec.until}`)}`);
    // As a member one may end its sessions and drop what it owns, without being a superuser.
    await run(session, `GRANT ${role} TO CURRENT_USER`);
    await run(session, `ALTER ROLE ${role} SET default_transaction_read_only = on`);
    if (spec.statementTimeoutMs !== undefined) await run(session, `ALTER ROLE ${role} SET statement_timeout = ${whole(spec.statementTimeoutMs)}`);
    for (const schema of new Set(readable.map((r) => r.schema))) {
      const [[usable] = []] = await run(session, `SELECT pg_catalog.has_schema_privilege(${literal(spec.role)}, ${literal(schema)}, 'USAGE')`);
      if (usable !== true) await run(session, `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${role}`);
    }
    for (const { schema, table, columns } of readable) {
      const name = `${identifier(schema)}.${identifier(table)}`;
      await run(session, `GRANT SELECT (${columns.map(identifier).join(', ')}) ON ${name} TO ${role}`);
      // Without the right to hand it on PostgreSQL warns and goes on.
      for (const column of columns) {
        const [[granted] = []] = await run(session, `SELECT pg_catalog.has_column_privilege(${literal(spec.role)}, ${literal(name)}, ${literal(column)}, 'SELECT')`);
        if (granted !== true) throw new DatabaseError('unauthorized', `The administrating user may not hand on the right to read ${table}.${column}: GRANT SELECT … WITH GRANT OPTION.`);
      }
    }
    await run(session, 'COMMIT');
  } catch (error) {
    await run(session, 'ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Ends its sessions and drops it. Resolves when it is gone, whoever dropped it. */
export async function dropRole(session: Session, role: string): Promise<void> {
  if (!role.startsWith(ROLE_PREFIX)) return;
  if (!(await shutOut(session, role))) return;
  await run(session, `DROP OWNED BY ${identifier(role)}`);
  await run(session, `DROP ROLE IF EXISTS ${identifier(role)}`);
}

/**
 * Ends its sessions and lets none begin; the name stays until `dropRole`, so that the same use of an approval can't make it
 * again. False when there is no such role.
 */
export async function shutOut(session: Session, role: string): Promise<boolean> {
  if (!role.startsWith(ROLE_PREFIX)) return false;
  const [[known] = []] = await run(session, `SELECT count(*)::int4 FROM pg_catalog.pg_roles WHERE rolname = ${literal(role)}`);
  if (known !== 1) return false;
  await run(session, `ALTER ROLE ${identifier(role)} NOLOGIN`);
  await run(session, `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = ${literal(role)}`);
  return true;
}

/** Every role of ours in the server, whichever instance made it. */
export async function livingRoles(session: Session): Promise<readonly LivingRole[]> {
  const rows = await run(session, `SELECT r.rolname::text, pg_catalog.shobj_description(r.oid, 'pg_authid')::text FROM pg_catalog.pg_roles r WHERE pg_catalog.starts_with(r.rolname::text, ${literal(ROLE_PREFIX)})`);
  return rows.flatMap(([role, comment]) => {
    const [, grant = '', until = ''] = /^pii-gate (\S+) (\d+)$/.exec(String(comment ?? '')) ?? [];
    return grant === '' ? [] : [{ role: String(role), grant, until: Number(until) }];
  });
}

/** The tables and columns as the server knows them. A table of which no column is read has none that was approved. */
async function resolve(session: Session, { tables, columns }: RoleSpec): Promise<Readable[]> {
  const wanted = new Map<string, { ref: TableRef; columns: Set<string> }>();
  const entry = (schema: string | undefined, name: string): { ref: TableRef; columns: Set<string> } => {
    const key = JSON.stringify([schema ?? '', name]);
    const known = wanted.get(key) ?? { ref: { ...(schema === undefined ? {} : { schema }), name, access: 'read' as const }, columns: new Set<string>() };
    wanted.set(key, known);
    return known;
  };
  for (const table of tables) entry(table.schema, table.name);
  for (const { schema, table, column } of columns) entry(schema, table).columns.add(column);
  const readable: Readable[] = [];
  for (const { ref, columns: names } of wanted.values()) {
    const name = ref.schema === undefined ? identifier(ref.name) : `${identifier(ref.schema)}.${identifier(ref.name)}`;
    const rows = await run(session, `SELECT n.nspname::text, c.relname::text, a.attname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.oid = pg_catalog.to_regclass(${literal(name)}) ORDER BY a.attnum`);
    const [first] = rows;
    if (!first) throw new DatabaseError('query', `There is no table ${ref.name} in the database.`);
    const known = new Set(rows.map((row) => String(row[2])));
    const missing = [...names].find((column) => !known.has(column));
    if (missing !== undefined) throw new DatabaseError('query', `There is no column ${ref.name}.${missing} in the database.`);
    if (names.size > 0) readable.push({ schema: String(first[0]), table: String(first[1]), columns: [...names] });
    else throw new DatabaseError('query', `No column of ${ref.name} is named in the statement, so there is none that was approved. Name one: count(id) instead of count(*).`);
  }
  return readable;
}

async function run(session: Session, sql: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const page of session.execute(sql, [], { maxRows: 10_000, pageSize: 1_000 })) rows.push(...page.rows);
  return rows;
}

function identifier(name: string): string {
  if (name.includes('\u0000')) throw new DatabaseError('query', 'A name holds a NUL.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** The session reads literals by the standard: backslashes are themselves. */
function literal(text: string): string {
  if (text.includes('\u0000')) throw new DatabaseError('query', 'A value holds a NUL.');
  return `'${text.replaceAll("'", "''")}'`;
}

function whole(n: number): string {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError('not a whole number');
  return String(n);
}
