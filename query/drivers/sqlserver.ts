/**
 * SQL Server by `tedious`. The server has no read-only session: a read-only connection refuses every statement with a
 * writing word in it, and runs the rest in a transaction that is always rolled back. Cancel is TDS's attention signal.
 */
import { Connection, type ConnectionConfiguration, Request, TYPES } from 'tedious';
import { lex } from '#core/statement/lexer.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { CONNECT_TIMEOUT_MS, networkError, tlsOf, watchExecution } from './abortable.ts';
import { DatabaseError, type Description, type Driver, type ExecuteOptions, type Page, type Parameter, type Session } from './driver.ts';
import { readRequest, type TediousColumn } from './sqlserver-rows.ts';

export function createSqlServerDriver(): Driver {
  return {
    dialect: 'sqlserver',
    async connect(settings, password, signal) {
      signal?.throwIfAborted();
      const session = new SqlServerSession(settings, password);
      await session.open();
      return session;
    },
  };
}

class SqlServerSession implements Session {
  readonly dialect = 'sqlserver';
  readonly readOnly: boolean;
  databaseUser = '';
  readonly #settings: ConnectionSettings;
  readonly #connection: Connection;
  #broken: unknown;

  constructor(settings: ConnectionSettings, password: string) {
    const tls = tlsOf(settings);
    this.#settings = settings;
    this.readOnly = settings.readOnly !== false;
    const config: ConnectionConfiguration = {
      server: settings.host ?? 'localhost',
      authentication: { type: 'default', options: { userName: settings.user ?? '', password } },
      options: {
        port: settings.port ?? 1433, appName: 'pii-gate', connectTimeout: CONNECT_TIMEOUT_MS, cancelTimeout: 5000, requestTimeout: 0,
        encrypt: tls !== 'off', trustServerCertificate: tls === 'no-verify', readOnlyIntent: this.readOnly,
        rowCollectionOnDone: false, rowCollectionOnRequestCompletion: false, useColumnNames: false, useUTC: true,
        ...(settings.database === undefined ? {} : { database: settings.database }),
      },
    };
    this.#connection = new Connection(config);
    this.#connection.on('error', (error) => { this.#broken = error; });
  }

  async open(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => { this.#connection.connect((error) => { if (error) reject(error); else resolve(); }); });
      const [[user] = []] = await this.#ask('SELECT SUSER_SNAME()');
      this.databaseUser = String(user ?? this.#settings.user ?? '');
      // An error in a batch must not leave a transaction half open.
      await this.#batch('SET XACT_ABORT ON; SET QUOTED_IDENTIFIER ON');
    } catch (error) {
      this.#connection.close();
      throw this.#error(error);
    }
  }

  /** sys.sp_describe_first_result_set with browse information: base tables and columns, without running. */
  async describe(sql: string): Promise<Description> {
    const request = (done: (error: Error | null | undefined) => void): Request => {
      const made = new Request('EXEC sys.sp_describe_first_result_set @tsql, NULL, 1', (error) => done(error));
      made.addParameter('tsql', TYPES.NVarChar, sql);
      return made;
    };
    try {
      const names: string[] = [];
      const rows = await this.#collect(request, names);
      const at = (row: readonly unknown[], name: string): unknown => row[names.indexOf(name)];
      const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
      return {
        columns: rows.filter((row) => at(row, 'is_hidden') !== true).map((row) => {
          const table = text(at(row, 'source_table'));
          const column = text(at(row, 'source_column'));
          const schema = text(at(row, 'source_schema'));
          return {
            name: text(at(row, 'name')) ?? '', databaseType: text(at(row, 'system_type_name'))?.toLowerCase() ?? '',
            ...(table && column ? { origin: { ...(schema ? { schema } : {}), table, column }, originUncertain: true } : {}),
          };
        }),
      };
    } catch (error) {
      // Statements with dynamic SQL or temporary tables can't be described: nothing is known of their columns then.
      if (DESCRIBE_REFUSED.has((error as { number?: number }).number ?? 0)) return { columns: [] };
      throw this.#error(error);
    }
  }

  async *execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
    if (this.#broken) throw this.#error(this.#broken);
    if (this.readOnly) refuseWrite(sql);
    const watch = watchExecution(options, () => { this.#connection.cancel(); });
    let inTransaction = false;
    try {
      if (this.readOnly) {
        await this.#batch('BEGIN TRANSACTION');
        inTransaction = true;
      }
      watch.check();
      for await (const page of readRequest((done) => this.#request(sql, parameters, done), (request) => this.#connection.execSql(request), () => { this.#connection.cancel(); }, options)) {
        watch.check();
        yield page;
      }
      watch.check();
    } catch (error) {
      throw this.#error(watch.explain(error));
    } finally {
      watch.dispose();
      if (inTransaction) await this.#batch('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION').catch(() => undefined);
    }
  }

  cancel(): Promise<void> {
    this.#connection.cancel();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.once('end', () => resolve());
      this.#connection.close();
    });
  }

  #request(sql: string, parameters: readonly Parameter[], done: (error: Error | null | undefined) => void): Request {
    const request = new Request(sql, (error) => done(error));
    for (const [i, value] of parameters.entries()) {
      const type = typeof value === 'number' ? (Number.isInteger(value) ? TYPES.BigInt : TYPES.Float) : typeof value === 'boolean' ? TYPES.Bit : TYPES.NVarChar;
      request.addParameter(`p${i + 1}`, type, value);
    }
    return request;
  }

  /** Our own small statements. */
  #ask(sql: string): Promise<unknown[][]> { return this.#collect((done) => new Request(sql, (error) => done(error)), []); }

  #batch(sql: string): Promise<void> {
    return new Promise((resolve, reject) => { this.#connection.execSqlBatch(new Request(sql, (error) => { if (error) reject(error); else resolve(); })); });
  }

  #collect(make: (done: (error: Error | null | undefined) => void) => Request, names: string[]): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      const rows: unknown[][] = [];
      const request = make((error) => { if (error) reject(error); else resolve(rows); });
      request.on('columnMetadata', (columns) => { names.push(...(columns as unknown as TediousColumn[]).map((c) => c.colName)); });
      request.on('row', (row: { value: unknown }[]) => { rows.push(row.map((c) => c.value)); });
      this.#connection.execSql(request);
    });
  }

  #error(error: unknown): unknown { return toError(error, this.#settings); }
}

/** sp_describe_first_result_set could not tell: learn.microsoft.com, errors 11501 to 11530; 137: an undeclared parameter. */
const DESCRIBE_REFUSED: ReadonlySet<number> = new Set([137, ...Array.from({ length: 30 }, (_, i) => 11501 + i)]);

/** Words that write, run or leave; in T-SQL statements need no semicolon, so they may stand anywhere. All are reserved words. */
const writingWords: ReadonlySet<string> = new Set([
  'insert', 'update', 'delete', 'merge', 'into', 'create', 'alter', 'drop', 'truncate', 'exec', 'execute', 'grant', 'revoke', 'deny', 'bulk', 'backup', 'restore',
  'commit', 'rollback', 'begin', 'save', 'shutdown', 'kill', 'use', 'reconfigure', 'dbcc', 'checkpoint', 'waitfor', 'writetext', 'updatetext', 'openrowset', 'opendatasource', 'openquery',
]);

function refuseWrite(sql: string): void {
  for (const token of lex(sql, 'sqlserver')) {
    if (token.kind === 'word' && writingWords.has(sql.slice(token.start, token.end).toLowerCase())) {
      throw new DatabaseError('read-only', 'The connection is read-only and the statement writes, or could. Set "readOnly": false on the connection to allow it.');
    }
  }
}

/** Error numbers: learn.microsoft.com, "Database Engine events and errors". */
function toError(error: unknown, settings: ConnectionSettings): unknown {
  if (error instanceof DatabaseError || error instanceof DOMException) return error;
  const e = error as { code?: string; number?: number; message?: string; cause?: unknown };
  const message = e.message ?? String(error);
  if (e.code === 'ELOGIN' || e.number === 18456) return new DatabaseError('unauthorized', `${settings.name}: the user or the password is wrong.`);
  if (e.number === 4060 || e.number === 911) return new DatabaseError('no-database', `${settings.name}: there is no database "${settings.database ?? ''}", or this user may not use it.`);
  const network = networkError(e.cause ?? error, settings) ?? networkError(error, settings);
  if (network) return network;
  if (e.code === 'ETIMEOUT' || e.code === 'ESOCKET' || e.code === 'ECONNCLOSED' || e.code === 'EINVALIDSTATE') return new DatabaseError('unreachable', `${settings.name}: the server can't be reached or the connection was lost (${e.code}).`);
  if (e.number !== undefined && ([102, 105, 156, 207, 208, 4104, 2812].includes(e.number))) return new DatabaseError('syntax', message);
  return e.number !== undefined || e.code !== undefined ? new DatabaseError('query', message) : error;
}
