/**
 * MySQL and MariaDB by `mysql2`. Statements with parameters are prepared on the server, so values are never pasted.
 * Read-only sessions run every statement in a READ ONLY transaction. Cancel is `KILL QUERY` over a second connection.
 */
import type { Duplex } from 'node:stream';
import mysql from 'mysql2';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { Cancels, connecting, CONNECT_TIMEOUT_MS, networkError, tlsOf, watchExecution } from './abortable.ts';
import { type ColumnOrigin, DatabaseError, type Description, type Driver, type DriverColumn, type ExecuteOptions, type Page, type Parameter, type Session } from './driver.ts';
import { columnsOfRewritten } from './mysql-plan.ts';
import { type MysqlCommand, readCommand } from './mysql-rows.ts';

export function createMysqlDriver(dialect: 'mysql' | 'mariadb'): Driver {
  return {
    dialect,
    async connect(settings, password, signal) {
      signal?.throwIfAborted();
      const session = new MysqlSession(dialect, settings, password);
      await session.open(signal);
      return session;
    },
  };
}

/**
 * The default of MySQL 8 and MariaDB 10, whatever the server's own is: under ANSI_QUOTES, NO_BACKSLASH_ESCAPES or
 * PIPES_AS_CONCAT the server would read a statement otherwise than the parser that judged it.
 */
const SQL_MODE = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

class MysqlSession implements Session {
  readonly dialect: 'mysql' | 'mariadb';
  readonly readOnly: boolean;
  databaseUser = '';
  readonly #settings: ConnectionSettings;
  readonly #options: mysql.ConnectionOptions;
  #connection: mysql.Connection | undefined;
  #broken: unknown;

  constructor(dialect: 'mysql' | 'mariadb', settings: ConnectionSettings, password: string) {
    this.dialect = dialect;
    this.#settings = settings;
    this.readOnly = settings.readOnly !== false;
    const tls = tlsOf(settings);
    this.#options = {
      host: settings.host ?? 'localhost', port: settings.port ?? 3306, connectTimeout: CONNECT_TIMEOUT_MS, charset: 'utf8mb4',
      ...(settings.database === undefined ? {} : { database: settings.database }), ...(settings.user === undefined ? {} : { user: settings.user }),
      ...(password === '' ? {} : { password }),
      ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verify', verifyIdentity: tls === 'verify', minVersion: 'TLSv1.2' } }),
      // The server may never ask this machine for a file (LOAD DATA LOCAL), and a text is one statement.
      flags: ['-LOCAL_FILES'], multipleStatements: false,
      // Every digit and every date as the server writes it.
      supportBigNumbers: true, bigNumberStrings: true, dateStrings: true, decimalNumbers: false, jsonStrings: true, rowsAsArray: true,
    };
  }

  async open(signal?: AbortSignal): Promise<void> {
    const connection = mysql.createConnection(this.#options);
    connection.on('error', (error) => { this.#broken = error; });
    try {
      const made = new Promise<void>((resolve, reject) => { connection.connect((error) => { if (error) reject(error); else resolve(); }); });
      await connecting(made, () => connection.destroy(), signal);
      this.#connection = connection;
      const [[user] = []] = await this.#ask('SELECT CURRENT_USER()');
      this.databaseUser = String(user ?? '');
      await this.#ask(`SET SESSION sql_mode = '${SQL_MODE}'`);
      if (this.readOnly) await this.#ask('SET SESSION TRANSACTION READ ONLY');
    } catch (error) {
      connection.destroy();
      if (signal?.aborted) throw signal.reason;
      throw this.#error(error);
    }
  }

  async describe(sql: string): Promise<Description> {
    const connection = this.#open();
    try {
      return await new Promise((resolve, reject) => {
        connection.prepare(sql, (error: Error | null, statement: unknown) => {
          if (error) { reject(error); return; }
          const prepared = statement as { columns: MysqlField[]; parameters: unknown[]; close(): void };
          prepared.close();
          resolve({ columns: prepared.columns.map(toColumn), parameters: prepared.parameters.length });
        });
      });
    } catch (error) {
      // What can't be prepared can still be run (ER_UNSUPPORTED_PS): nothing is known of its columns then.
      if ((error as { errno?: number }).errno === 1295) return { columns: [] };
      throw this.#error(error);
    }
  }

  async plannedReads(sql: string, parameters: number): Promise<readonly ColumnOrigin[] | undefined> {
    // EXPLAIN takes no placeholders without values, and values change what is constant.
    if (parameters > 0) return undefined;
    try {
      await this.#ask(`EXPLAIN ${this.dialect === 'mariadb' ? 'EXTENDED ' : ''}${sql}`);
      const warnings = await this.#ask('SHOW WARNINGS');
      const note = warnings.find(([, code]) => Number(code) === 1003);
      return note === undefined ? undefined : columnsOfRewritten(String(note[2] ?? ''));
    } catch (error) {
      if (typeof (error as { errno?: unknown }).errno === 'number') return undefined;
      throw this.#error(error);
    }
  }

  async *execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
    const connection = this.#open();
    const cancels = new Cancels(() => this.cancel(), () => drop(connection));
    const watch = watchExecution(options, () => { void cancels.send(); });
    let inTransaction = false;
    try {
      if (this.readOnly) {
        await this.#ask('START TRANSACTION READ ONLY');
        inTransaction = true;
      }
      watch.check();
      const query = { sql, rowsAsArray: true, ...(parameters.length > 0 ? { values: [...parameters] } : {}) };
      const command = (parameters.length > 0 ? connection.execute(query) : connection.query(query)) as unknown as MysqlCommand;
      for await (const page of readCommand(command, connection, options, toColumn, () => cancels.send())) {
        watch.check();
        yield page;
      }
      watch.check();
      if (inTransaction) {
        await this.#ask('COMMIT');
        inTransaction = false;
      }
    } catch (error) {
      throw this.#error(watch.explain(error));
    } finally {
      watch.dispose();
      // A cancel that is still on its way would hit the session's next statement.
      await cancels.settled();
      if (inTransaction) await this.#ask('ROLLBACK').catch(() => undefined);
    }
  }

  async cancel(): Promise<void> {
    const id = this.#connection?.threadId;
    if (!id) return;
    const second = mysql.createConnection(this.#options);
    second.on('error', () => undefined);
    try {
      await new Promise<void>((resolve, reject) => { second.query(`KILL QUERY ${Number(id)}`, (error) => { if (error) reject(error); else resolve(); }); });
    } finally {
      second.destroy();
    }
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (!connection) return;
    await new Promise<void>((resolve) => { connection.end(() => { connection.destroy(); resolve(); }); });
  }

  #open(): mysql.Connection {
    if (this.#broken) throw this.#error(this.#broken);
    if (!this.#connection) throw new DatabaseError('query', 'The connection was closed.');
    return this.#connection;
  }

  /** Our own small statements. */
  #ask(sql: string): Promise<unknown[][]> {
    const connection = this.#open();
    return new Promise((resolve, reject) => {
      connection.query({ sql, rowsAsArray: true }, (error, rows) => { if (error) reject(error); else resolve(Array.isArray(rows) ? rows as unknown[][] : []); });
    });
  }

  #error(error: unknown): unknown { return toError(error, this.#settings); }
}

/** Without a farewell: the server is not there to answer. */
function drop(connection: mysql.Connection): void {
  (connection as unknown as { stream: Duplex }).stream.destroy(Object.assign(new Error('The connection was lost.'), { code: 'PROTOCOL_CONNECTION_LOST' }));
}

interface MysqlField { readonly name: string; readonly orgName?: string; readonly orgTable?: string; readonly schema?: string; readonly db?: string; readonly columnType?: number }

/**
 * The origin is a hint: MariaDB names the wrong base column for derived tables (`select s.email from (select ssn as
 * email from users limit 3) s` says users.email), so it may accuse a column but never clear it.
 */
function toColumn(field: MysqlField): DriverColumn {
  const schema = field.schema ?? field.db ?? '';
  const type = (mysql.Types as unknown as Record<number, string | undefined>)[field.columnType ?? -1]?.toLowerCase() ?? '';
  return {
    name: field.name, databaseType: type,
    ...(field.orgTable && field.orgName ? { origin: { ...(schema === '' ? {} : { schema }), table: field.orgTable, column: field.orgName }, originUncertain: true } : {}),
  };
}

/** Error numbers: dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html; MariaDB shares them. */
function toError(error: unknown, settings: ConnectionSettings): unknown {
  if (error instanceof DatabaseError || error instanceof DOMException) return error;
  const e = error as { errno?: number; code?: string; message?: string; sqlMessage?: string };
  const message = e.sqlMessage ?? e.message ?? String(error);
  switch (e.errno) {
    case 1045: case 1698: case 1862: return new DatabaseError('unauthorized', `${settings.name}: the user or the password is wrong.`);
    case 1044: return new DatabaseError('unauthorized', `${settings.name}: this user may not use the database "${settings.database ?? ''}".`);
    case 1040: case 1203: case 1226: return new DatabaseError('too-many-connections', `${settings.name}: the server takes no more connections. Close some, wait, or ask who runs it for more.`);
    case 1053: case 1927: return new DatabaseError('unreachable', `${settings.name}: the server ended the connection: it stops, or an administrator did so. Run it again.`);
    case 1049: return new DatabaseError('no-database', `${settings.name}: there is no database "${settings.database ?? ''}".`);
    case 1792: case 1290: case 1836: return new DatabaseError('read-only', 'The connection is read-only and the statement writes. Set "readOnly": false on the connection to allow it.');
    case 1064: case 1054: case 1146: case 1305: case 1149: return new DatabaseError('syntax', message);
    default:
  }
  const network = networkError(error, settings);
  if (network) return network;
  if (e.code === 'PROTOCOL_CONNECTION_LOST' || /closed state/.test(message)) return new DatabaseError('unreachable', `${settings.name}: the connection was lost. Run it again.`);
  return typeof e.errno === 'number' || e.code !== undefined ? new DatabaseError('query', message) : error;
}
