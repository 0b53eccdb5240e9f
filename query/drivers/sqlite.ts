/**
 * SQLite through Node's own `node:sqlite`, in a process of its own. Read-only by default, by the open
 * flag (SQLITE_OPEN_READONLY) and `PRAGMA query_only`. Cancel ends the process; the next statement starts a new one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { DatabaseError, timedOut } from './driver.ts';
import type { Description, Driver, DriverColumn, ExecuteOptions, Page, Parameter, RawRow, Session } from './driver.ts';
import type { FromProcess, SqliteColumn, SqliteOpen, ToProcess } from './sqlite-messages.ts';

type Unsent<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** `processFile` is the absolute path of `sqlite-process.ts` from source, `sqlite-process.js` from the build. */
export function createSqliteDriver(processFile: string): Driver {
  return {
    dialect: 'sqlite',
    async connect(settings: ConnectionSettings) {
      const file = settings.file;
      if (!file) throw new DatabaseError('settings', `Connection "${settings.name}" names no database file. Set "file" to an absolute path.`);
      if (!existsSync(file)) throw new DatabaseError('no-database', `Connection "${settings.name}": there is no file ${file}.`);
      if (!statSync(file).isFile()) throw new DatabaseError('no-database', `Connection "${settings.name}": ${file} is not a file.`);
      const session = new SqliteSession(processFile, { file, readOnly: settings.readOnly !== false });
      await session.open();
      return session;
    },
  };
}

class SqliteSession implements Session {
  readonly dialect = 'sqlite';
  readonly databaseUser = '';
  readonly readOnly: boolean;
  readonly #entry: string;
  readonly #settings: SqliteOpen;
  #host: Host | undefined;

  constructor(entry: string, settings: SqliteOpen) {
    this.#entry = entry;
    this.#settings = settings;
    this.readOnly = settings.readOnly;
  }

  async open(): Promise<Host> {
    if (this.#host && !this.#host.ended) return this.#host;
    const host = new Host(this.#entry);
    this.#host = host;
    try { await host.ask({ kind: 'open', ...this.#settings }); } catch (error) { await host.end(); throw error; }
    return host;
  }

  async describe(sql: string): Promise<Description> {
    const host = await this.open();
    const { described } = await host.ask({ kind: 'describe', sql });
    const reads = described?.reads;
    return { columns: (described?.columns ?? []).map(toColumn), ...(reads ? { reads } : {}) };
  }

  async *execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
    options.signal?.throwIfAborted();
    const host = await this.open();
    const stop = () => { void host.end(options.signal?.reason); };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => { void host.end(timedOut(options.timeoutMs ?? 0)); }, options.timeoutMs);
    options.signal?.addEventListener('abort', stop, { once: true });
    let finished = false;
    try {
      const { started } = await host.ask({ kind: 'execute', sql, parameters, maxRows: options.maxRows, pageSize: options.pageSize });
      const columns = (started?.columns ?? []).map(toColumn);
      if (started?.affected !== undefined) {
        finished = true;
        yield { set: 0, columns, rows: [], end: { truncated: false, affected: started.affected } };
        return;
      }
      while (!finished) {
        const { page } = await host.ask({ kind: 'next' });
        finished = page?.done ?? true;
        const rows = (page?.rows ?? []) as readonly RawRow[];
        yield { set: 0, columns, rows, ...(finished ? { end: { truncated: page?.truncated ?? false } } : {}) };
      }
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      if (!finished && !host.ended) await host.ask({ kind: 'stop' }).catch(() => undefined);
    }
  }

  async cancel(): Promise<void> { await this.#host?.end(new DatabaseError('query', 'The statement was cancelled.')); }
  async close(): Promise<void> { await this.#host?.end(new DatabaseError('query', 'The connection was closed.')); }
}

/** One process and the questions that wait for its answers. */
class Host {
  ended = false;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(m: FromProcess): void; reject(e: unknown): void }>();
  #next = 1;

  constructor(entry: string) {
    // `execArgv: []`: a debugger's or a loader's flags are not inherited. Under Electron the editor has set ELECTRON_RUN_AS_NODE.
    this.#process = fork(entry, [], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#process.on('message', (m: FromProcess) => {
      const waiting = this.#waiting.get(m.id);
      this.#waiting.delete(m.id);
      this.#rest();
      if (m.error) waiting?.reject(toError(m.error));
      else waiting?.resolve(m);
    });
    this.#process.on('error', (error) => this.#fail(new DatabaseError('unsupported', `SQLite could not be started: ${error.message}`)));
    this.#process.on('exit', () => this.#fail(new DatabaseError('query', 'The SQLite process ended. The editor\'s Node may be older than 22.16, which SQLite needs.')));
    this.#rest();
  }

  ask(message: Unsent<ToProcess>): Promise<FromProcess> {
    if (this.ended) return Promise.reject(new DatabaseError('query', 'The connection was closed.'));
    const id = this.#next++;
    this.#process.ref();
    this.#process.channel?.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ ...message, id } as ToProcess, (error) => { if (error) this.#fail(error); });
    });
  }

  /** Resolves when the process is gone. */
  async end(reason: unknown = new DatabaseError('query', 'The connection was closed.')): Promise<void> {
    this.#fail(reason);
    if (this.#process.exitCode !== null || this.#process.signalCode !== null || this.#process.pid === undefined) return;
    const gone = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    this.#process.kill('SIGKILL');
    // Whoever waits for the end must not be cut off because nothing else keeps the loop alive.
    this.#process.ref();
    await gone;
  }

  #fail(error: unknown): void {
    this.ended = true;
    for (const w of this.#waiting.values()) w.reject(error);
    this.#waiting.clear();
  }

  /** An idle session must not keep the editor's process alive. */
  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#process.unref();
    this.#process.channel?.unref();
  }
}

function toColumn(c: SqliteColumn): DriverColumn {
  const schema = c.schema ? { schema: c.schema } : {};
  return { name: c.name, databaseType: (c.type ?? '').toLowerCase(), ...(c.table && c.column ? { origin: { ...schema, table: c.table, column: c.column } } : {}) };
}

/** SQLite's primary result codes (sqlite.org/rescode.html): the low byte of `errcode`. */
function toError(error: NonNullable<FromProcess['error']>): DatabaseError {
  const primary = (error.errcode ?? 0) & 0xff;
  if (error.code === 'PII_GATE_MULTIPLE') return new DatabaseError('multiple-statements', error.message);
  if (error.code === 'ERR_UNKNOWN_BUILTIN_MODULE') return new DatabaseError('unsupported', 'SQLite needs Node 22.13 or newer.');
  if (primary === 8) return new DatabaseError('read-only', 'The connection is read-only and the statement writes. Set "readOnly": false on the connection to allow it.');
  if (primary === 23) return new DatabaseError('read-only', 'The statement attaches another database or changes a guarded setting. PII Gate does not run it.');
  if (primary === 26) return new DatabaseError('no-database', 'The file is not a SQLite database.');
  if (primary === 14) return new DatabaseError('unreachable', 'The database file could not be opened.');
  if (primary === 1) return new DatabaseError('syntax', error.message);
  return new DatabaseError('query', error.message);
}
