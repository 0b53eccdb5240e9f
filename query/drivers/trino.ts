/**
 * Trino over its REST protocol: the way to a lake or a warehouse on an engine that scales out. Trino has no read-only
 * session for single statements, so a read-only connection sends nothing but statements that begin as reads.
 */
import { lex } from '#core/statement/lexer.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { CONNECT_TIMEOUT_MS, isLoopback, networkError, tlsOf, watchExecution } from './abortable.ts';
import { DatabaseError, type Driver, type DriverColumn, type ExecuteOptions, type Page, type Parameter, type RawRow, type RawValue, type Session } from './driver.ts';
import { drop, follow, post, type TrinoAnswer, TrinoHttpError, type TrinoServer } from './trino-http.ts';

export function createTrinoDriver(): Driver {
  return {
    dialect: 'trino',
    async connect(settings, password, signal) {
      const session = new TrinoSession(settings, password);
      await session.open(signal);
      return session;
    },
  };
}

const REQUEST_TIMEOUT_MS = 60_000;
const PREPARED = 'pii_gate';

class TrinoSession implements Session {
  readonly dialect = 'trino';
  readonly readOnly: boolean;
  readonly databaseUser: string;
  readonly #settings: ConnectionSettings;
  readonly #server: TrinoServer;
  #nextUri: string | undefined;

  constructor(settings: ConnectionSettings, password: string) {
    const tls = tlsOf(settings);
    if (password !== '' && tls === 'off' && !isLoopback(settings.host)) throw new DatabaseError('tls', `${settings.name}: Trino takes passwords over TLS only. Set "tls" to "verify".`);
    this.#settings = settings;
    this.readOnly = settings.readOnly !== false;
    this.databaseUser = settings.user ?? 'pii-gate';
    const [catalog, schema] = (settings.database ?? '').split(/[./]/);
    const host = settings.host?.includes(':') ? `[${settings.host}]` : settings.host ?? 'localhost';
    this.#server = {
      origin: `${tls === 'off' ? 'http' : 'https'}://${host}:${settings.port ?? (tls === 'off' ? 8080 : 443)}`, verify: tls === 'verify', timeoutMs: REQUEST_TIMEOUT_MS,
      headers: {
        'x-trino-user': this.databaseUser, 'x-trino-source': 'pii-gate', 'accept-encoding': 'identity',
        ...(catalog ? { 'x-trino-catalog': catalog } : {}), ...(schema ? { 'x-trino-schema': schema } : {}),
        ...(password === '' ? {} : { authorization: `Basic ${Buffer.from(`${this.databaseUser}:${password}`).toString('base64')}` }),
      },
    };
  }

  async open(signal?: AbortSignal): Promise<void> {
    for await (const _ of this.execute('SELECT 1', [], { maxRows: 1, pageSize: 1, timeoutMs: CONNECT_TIMEOUT_MS, ...(signal ? { signal } : {}) })) { /* it answers */ }
  }

  async *execute(sql: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
    if (this.readOnly) refuseWrite(sql);
    const requests = new AbortController();
    let stopping: Promise<void> | undefined;
    const watch = watchExecution(options, () => { requests.abort(); stopping = this.cancel().catch(() => undefined); });
    try {
      let answer = await this.#post(sql, parameters, requests.signal);
      let columns: readonly DriverColumn[] | undefined;
      let taken = 0;
      for (;;) {
        this.#nextUri = answer.nextUri;
        watch.check();
        if (answer.error) throw failed(answer.error);
        columns ??= answer.columns?.map((c) => ({ name: c.name, databaseType: c.type }));
        const all = (answer.data ?? []).map(plainRow);
        const rows = all.slice(0, options.maxRows - taken);
        taken += rows.length;
        const truncated = rows.length < all.length;
        const done = truncated || answer.nextUri === undefined;
        for (let at = 0; at < rows.length || done; at += options.pageSize) {
          const last = done && at + options.pageSize >= rows.length;
          const affected = last && answer.updateCount !== undefined ? { affected: answer.updateCount } : {};
          yield { set: 0, columns: columns ?? [], rows: rows.slice(at, at + options.pageSize), ...(last ? { end: { truncated, ...affected } } : {}) };
          if (last) return;
        }
        answer = await follow(this.#server, answer.nextUri ?? '', requests.signal);
      }
    } catch (error) {
      throw this.#error(watch.explain(error));
    } finally {
      watch.dispose();
      await stopping;
      // Cut short: the cluster must not go on working for nobody.
      if (this.#nextUri !== undefined) await this.cancel().catch(() => undefined);
    }
  }

  async cancel(): Promise<void> {
    const uri = this.#nextUri;
    this.#nextUri = undefined;
    if (uri !== undefined) await drop(this.#server, uri);
  }

  close(): Promise<void> { return this.cancel().catch(() => undefined); }

  /** Values travel in EXECUTE … USING beside the prepared statement, as Trino's own drivers send them. */
  #post(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<TrinoAnswer> {
    if (parameters.length === 0) return post(this.#server, sql, {}, signal);
    return post(this.#server, `EXECUTE ${PREPARED} USING ${parameters.map(literal).join(', ')}`, { 'x-trino-prepared-statement': `${PREPARED}=${encodeURIComponent(sql)}` }, signal);
  }

  #error(error: unknown): unknown {
    if (error instanceof TrinoHttpError) {
      if (error.status === 401 || error.status === 403) return new DatabaseError('unauthorized', `${this.#settings.name}: the user or the password is wrong.`);
      return new DatabaseError('unreachable', `${this.#settings.name}: the server answered HTTP ${error.status}. Is it a Trino coordinator?`);
    }
    if (error instanceof SyntaxError) return new DatabaseError('unreachable', `${this.#settings.name}: the answer is not Trino's. Is it a Trino coordinator?`);
    return error instanceof DatabaseError ? error : networkError(error, this.#settings) ?? error;
  }
}

/** How reads begin in Trino's grammar. EXPLAIN ANALYZE runs the statement, so it is judged by what follows. */
const reads: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'show', 'describe', 'desc']);

function refuseWrite(sql: string): void {
  const words: string[] = [];
  for (const token of lex(sql, 'trino')) {
    if (token.kind === 'comment' || (token.kind === 'symbol' && words.length === 0 && sql[token.start] === '(')) continue;
    if (token.kind !== 'word') break;
    words.push(sql.slice(token.start, token.end).toLowerCase());
    if (words.length === 4) break;
  }
  const first = words[0] === 'explain' ? words.slice(1).find((w) => w !== 'analyze' && w !== 'verbose') ?? 'explain' : words[0];
  if (first === undefined || !(reads.has(first) || first === 'explain')) {
    throw new DatabaseError('read-only', 'The connection is read-only and the statement is not a read. Set "readOnly": false on the connection to allow it.');
  }
}

function literal(value: Parameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number' && !Number.isInteger(value)) return `DOUBLE '${value}'`;
  return String(value);
}

function plainRow(row: readonly unknown[]): RawRow { return row as readonly RawValue[]; }

function failed(error: NonNullable<TrinoAnswer['error']>): DatabaseError {
  const message = error.message ?? error.errorName ?? 'The statement failed.';
  switch (error.errorName) {
    case 'SYNTAX_ERROR': case 'COLUMN_NOT_FOUND': case 'TABLE_NOT_FOUND': case 'SCHEMA_NOT_FOUND': case 'FUNCTION_NOT_FOUND': case 'TYPE_MISMATCH': return new DatabaseError('syntax', message);
    case 'CATALOG_NOT_FOUND': case 'MISSING_CATALOG_NAME': return new DatabaseError('no-database', message);
    case 'PERMISSION_DENIED': return new DatabaseError('unauthorized', message);
    default: return new DatabaseError('query', message);
  }
}
