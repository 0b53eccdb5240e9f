/**
 * PostgreSQL by `pg` and `pg-cursor`. Every statement is parsed and described before it runs, which names the base column
 * of each result column (tableID, columnID) and refuses more than one statement in a text. Read-only sessions run every
 * statement in a READ ONLY transaction of its own. Cancel is `pg_cancel_backend` over a second connection.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { Cancels, connecting, CONNECT_TIMEOUT_MS, networkError, tlsOf, watchExecution } from './abortable.ts';
import { type ColumnOrigin, DatabaseError, type Description, type Driver, type DriverColumn, type ExecuteOptions, type Page, type Parameter, type RawRow, type Session } from './driver.ts';
import { describeStatement } from './postgres-describe.ts';
import { columnsOfPlan } from './postgres-plan.ts';
import { captureRows, type RowCapture } from './postgres-rows.ts';
import { wireKind } from './postgres-types.ts';
import type { WireKind, WireRows } from './wire-rows.ts';

export function createPostgresDriver(): Driver {
  return {
    dialect: 'postgresql',
    async connect(settings, password, signal) {
      signal?.throwIfAborted();
      const session = new PostgresSession(settings, password);
      await session.open(signal);
      return session;
    },
  };
}

class PostgresSession implements Session {
  readonly dialect = 'postgresql';
  readonly readOnly: boolean;
  databaseUser = '';
  readonly #settings: ConnectionSettings;
  readonly #config: pg.ClientConfig;
  readonly #client: pg.Client;
  readonly #capture: RowCapture;
  #pid = 0;
  #broken: unknown;
  readonly #ended: Ending;

  constructor(settings: ConnectionSettings, password: string) {
    this.#settings = settings;
    this.readOnly = settings.readOnly !== false;
    const tls = tlsOf(settings);
    this.#config = {
      host: settings.host ?? 'localhost', port: settings.port ?? 5432, application_name: 'pii-gate', connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true,
      ...(settings.database === undefined ? {} : { database: settings.database }), ...(settings.user === undefined ? {} : { user: settings.user }),
      ...(password === '' ? {} : { password }),
      ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verify', ...(settings.host === undefined || isIP(settings.host) !== 0 ? {} : { servername: settings.host }) },
    };
    this.#client = new pg.Client(this.#config);
    this.#capture = captureRows(this.#client);
    // A connection that breaks between statements is told at the next one, not as an unhandled error.
    this.#client.on('error', (error) => { this.#broken = error; });
    this.#ended = ending(this.#client);
  }

  async open(signal?: AbortSignal): Promise<void> {
    try {
      await connecting(this.#client.connect(), () => this.#drop(), signal);
      const { rows } = await this.#client.query<{ user: string; pid: number }>('SELECT current_user::text AS "user", pg_backend_pid() AS pid');
      this.databaseUser = rows[0]?.user ?? '';
      this.#pid = rows[0]?.pid ?? 0;
      // The server reads literals as the parser that judged the statement does.
      await this.#client.query('SET standard_conforming_strings = on');
      if (this.readOnly) await this.#client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      await this.#unlessEnded(this.#client.end());
      throw connectError(error, this.#settings);
    }
  }

  async describe(sql: string): Promise<Description> {
    try {
      const { fields, parameters } = await describeStatement(this.#client, sql);
      return { columns: await this.#columns(fields), parameters };
    } catch (error) {
      throw toError(error, this.#settings);
    }
  }

  async plannedReads(sql: string, parameters: number): Promise<readonly ColumnOrigin[] | undefined> {
    try {
      // The server itself refuses a text of several statements here, before anything of it is run.
      if (parameters > 0) await describeStatement(this.#client, sql);
      // Placeholders need GENERIC_PLAN, which is there since PostgreSQL 16, and the simple protocol.
      const options = `VERBOSE, COSTS OFF, FORMAT JSON${parameters > 0 ? ', GENERIC_PLAN' : ''}`;
      const { rows } = await this.#client.query<[unknown]>({ text: `EXPLAIN (${options}) ${sql}`, rowMode: 'array', ...(parameters > 0 ? {} : { queryMode: 'extended' }) } as pg.QueryArrayConfig);
      const [[plan] = []] = rows;
      return columnsOfPlan(typeof plan === 'string' ? JSON.parse(plan) : plan);
    } catch (error) {
      if ((error as { code?: string }).code !== undefined) return undefined;
      throw toError(error, this.#settings);
    }
  }

  async *execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
    if (this.#broken) throw toError(this.#broken, this.#settings);
    const cancels = new Cancels(() => this.cancel(), () => this.#drop());
    const watch = watchExecution(options, () => { void cancels.send(); });
    let inTransaction = false;
    let cursor: Cursor | undefined;
    let reading: Reading | undefined;
    try {
      if (this.readOnly) {
        await this.#client.query('BEGIN READ ONLY');
        inTransaction = true;
      }
      const { fields } = await describeStatement(this.#client, sql);
      const columns = await this.#columns(fields);
      watch.check();
      const kinds = fields.map((f) => wireKind(f.dataTypeID));
      this.#capture.start();
      cursor = this.#client.query(new Cursor(sql, [...parameters]));
      let taken = 0;
      const read = (): Reading => readRows(cursor, this.#capture, kinds, Math.min(options.pageSize, options.maxRows - taken + 1));
      reading = read();
      for (;;) {
        const fetched: Fetched = await reading.done;
        watch.check();
        const wire = fetched.rows.take(options.maxRows - taken);
        const truncated = wire.length < fetched.rows.length;
        const last: boolean = truncated || fetched.rows.length < reading.wanted;
        taken += wire.length;
        // The server makes the next page while this one is used.
        reading = last ? undefined : read();
        const written = fields.length === 0 && fetched.affected !== undefined ? { affected: fetched.affected } : {};
        yield pageOf(columns, wire, last ? { truncated, ...written } : undefined);
        if (!reading) break;
      }
      await cursor.close();
      cursor = undefined;
      if (inTransaction) {
        await this.#client.query('COMMIT');
        inTransaction = false;
      }
    } catch (error) {
      if (isLast(error)) this.#broken ??= error;
      throw toError(watch.explain(error), this.#settings);
    } finally {
      watch.dispose();
      if (reading && !reading.settled) {
        // Broken off while the server was at the next page.
        await cancels.send();
        await reading.done.catch(() => undefined);
      }
      // A cancel that is still on its way would hit the session's next statement.
      await cancels.settled();
      this.#capture.stop();
      // A cursor that failed is closed already, and on a connection that is gone nothing is answered any more.
      if (cursor && !hasFailed(cursor)) await this.#unlessEnded(cursor.close());
      if (inTransaction) await this.#unlessEnded(this.#client.query('ROLLBACK'));
    }
  }

  async cancel(): Promise<void> {
    const second = new pg.Client(this.#config);
    second.on('error', () => undefined);
    await second.connect();
    try { await second.query('SELECT pg_cancel_backend($1)', [this.#pid]); } finally { await second.end(); }
  }

  async close(): Promise<void> { await this.#unlessEnded(this.#client.end()); }

  /** Without a farewell: the server is not there to answer. */
  #drop(): void {
    this.#broken ??= new DatabaseError('unreachable', `${this.#settings.name}: the connection was lost. Run it again.`);
    (this.#client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
  }

  /** What is asked of the server, or the end of the connection, whichever comes first. Never rejects. */
  async #unlessEnded(asked: Promise<unknown>): Promise<void> {
    if (this.#ended.done) { asked.catch(() => undefined); return; }
    await Promise.race([asked.catch(() => undefined), this.#ended.promise]);
  }

  /** Names base columns by their object ids, looked up each time: a name kept from before may be another column's by now. */
  async #columns(fields: readonly pg.FieldDef[]): Promise<DriverColumn[]> {
    // In a transaction that has failed nothing may be looked up, and ROLLBACK has no columns.
    if (fields.length === 0) return [];
    const wanted = fields.filter((f) => f.tableID !== 0 && f.columnID > 0);
    const types = [...new Set(fields.map((f) => f.dataTypeID))];
    const { rows } = await this.#client.query<{ kind: string; a: string; b: number; schema: string; table: string; column: string }>(
      `SELECT 'c' AS kind, a.attrelid::text AS a, a.attnum::int4 AS b, n.nspname::text AS schema, c.relname::text AS "table", a.attname::text AS "column"
         FROM unnest($1::oid[], $2::int2[]) AS w(rel, num)
         JOIN pg_catalog.pg_attribute a ON a.attrelid = w.rel AND a.attnum = w.num
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       UNION ALL
       SELECT 't', t::text, 0, '', '', pg_catalog.format_type(t, NULL) FROM unnest($3::oid[]) AS t`,
      [wanted.map((f) => f.tableID), wanted.map((f) => f.columnID), types]);
    const origins = new Map(rows.filter((r) => r.kind === 'c').map((r) => [`${r.a}.${r.b}`, { schema: r.schema, table: r.table, column: r.column }]));
    const names = new Map(rows.filter((r) => r.kind === 't').map((r) => [r.a, r.column]));
    return fields.map((f) => {
      const origin = origins.get(`${f.tableID}.${f.columnID}`);
      return { name: f.name, databaseType: names.get(String(f.dataTypeID)) ?? '', ...(origin ? { origin } : {}) };
    });
  }
}

interface Fetched { readonly rows: WireRows; readonly affected: number | undefined }

/** A page that has been asked for. */
interface Reading { readonly wanted: number; readonly done: Promise<Fetched>; readonly settled: boolean }

function readRows(cursor: Cursor | undefined, capture: RowCapture, kinds: readonly WireKind[], wanted: number): Reading {
  let settled = false;
  const done = new Promise<Fetched>((resolve, reject) => {
    cursor?.read(wanted, (error: Error | undefined, _none, result) => {
      settled = true;
      if (error) { reject(error); return; }
      const { fields, rowCount } = result as { fields: readonly pg.FieldDef[]; rowCount?: number | null };
      // The bytes are read by what was described: a table altered in between would make other values of them.
      if (fields.length !== kinds.length || fields.some((f, i) => wireKind(f.dataTypeID) !== kinds[i])) reject(new DatabaseError('query', 'The columns of the statement changed while it was started. Run it again.'));
      else resolve({ rows: capture.take(kinds), affected: rowCount ?? undefined });
    });
  });
  // Its failure is told when the page is asked for.
  done.catch(() => undefined);
  return { wanted, done, get settled() { return settled; } };
}

function pageOf(columns: readonly DriverColumn[], wire: WireRows, end: Page['end']): Page {
  let rows: readonly RawRow[] | undefined;
  return { set: 0, columns, wire, get rows() { rows ??= wire.first(wire.length); return rows; }, ...(end ? { end } : {}) };
}

/** `@types/pg-cursor` does not describe its state. Closing one that failed would wait for an answer that has come already. */
function hasFailed(cursor: Cursor): boolean { return (cursor as unknown as { readonly state: string }).state === 'error'; }

interface Ending { readonly promise: Promise<void>; readonly done: boolean }

function ending(client: pg.Client): Ending {
  const state = { done: false };
  const promise = new Promise<void>((resolve) => { client.once('end', () => { state.done = true; resolve(); }); });
  return { promise, get done() { return state.done; } };
}

/** After these the server closes the connection. Class 57P: operator intervention. */
function isLast(error: unknown): boolean { return /^57P0/.test(String((error as { code?: unknown }).code ?? '')); }

/** While connecting, a missing privilege is one to use the database at all. */
function connectError(error: unknown, settings: ConnectionSettings): unknown {
  if ((error as { code?: string }).code === '42501') return new DatabaseError('unauthorized', `${settings.name}: this user may not use the database "${settings.database ?? ''}".`);
  return toError(error, settings);
}

/** SQLSTATE classes: postgresql.org/docs/current/errcodes-appendix.html */
function toError(error: unknown, settings: ConnectionSettings): unknown {
  if (error instanceof DatabaseError || (error instanceof DOMException)) return error;
  const e = error as { code?: string; message?: string; position?: string };
  const code = e.code ?? '';
  const message = e.message ?? String(error);
  const network = networkError(error, settings);
  if (network) return network;
  if (/timeout expired|Connection terminated due to connection timeout/i.test(message)) return new DatabaseError('unreachable', `${settings.name}: the server did not answer in time.`);
  if (!/^[0-9A-Z]{5}$/.test(code)) return /^Connection terminated|Client was closed|not queryable/i.test(message) ? new DatabaseError('unreachable', `${settings.name}: the connection was lost. Run it again.`) : error;
  const position = e.position === undefined ? undefined : Number(e.position) - 1;
  if (code === '53300') return new DatabaseError('too-many-connections', `${settings.name}: the server takes no more connections. Close some, wait, or ask who runs it for more.`);
  if (code === '57P01' || code === '57P02' || code === '57P05') return new DatabaseError('unreachable', `${settings.name}: the server ended the connection: it stops, or an administrator did so. Run it again.`);
  if (code === '57P03') return new DatabaseError('unreachable', `${settings.name}: the server is starting up or shutting down. Try again in a moment.`);
  if (code === '28P01' || code === '28000') return new DatabaseError('unauthorized', `${settings.name}: the user or the password is wrong.`);
  if (code === '3D000') return new DatabaseError('no-database', `${settings.name}: there is no database "${settings.database ?? ''}".`);
  if (code === '25006') return new DatabaseError('read-only', 'The connection is read-only and the statement writes. Set "readOnly": false on the connection to allow it.', position);
  if (code === '42601' && /multiple commands/.test(message)) return new DatabaseError('multiple-statements', 'The text holds more than one statement. Run them one by one.');
  if (code === '42501') return new DatabaseError('unauthorized', message, position);
  if (code.startsWith('42')) return new DatabaseError('syntax', message, position);
  return new DatabaseError('query', message, position);
}
