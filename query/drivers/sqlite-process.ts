/**
 * Runs SQLite in its own process, so that ending the process cancels any statement at once. A thread would not do:
 * `worker.terminate()` waits for the native call, and an endless aggregate never returns from it.
 * Talks to `sqlite.ts` by the messages of `sqlite-messages.ts`. Pages are pulled, so a slow reader holds the rows back.
 */
import { Worker } from 'node:worker_threads';
import { constants, DatabaseSync, type StatementSync } from 'node:sqlite';
import type { FromProcess, SqliteColumn, SqliteOpen, ToProcess } from './sqlite-messages.ts';

interface Running { readonly rows: Iterator<unknown>; readonly columns: readonly SqliteColumn[]; taken: number; readonly maxRows: number; readonly pageSize: number }

const parent = process.ppid;
let running: Running | undefined;
let reads: { table: string; column: string }[] | undefined;

function open(settings: SqliteOpen): DatabaseSync {
  const db = new DatabaseSync(settings.file, { readOnly: settings.readOnly, allowExtension: false, timeout: 5000 });
  if (settings.readOnly) db.exec('PRAGMA query_only = ON');
  guard(db, settings.readOnly);
  return db;
}

/**
 * SQLite's own compiler asks before each thing a statement would do. It refuses to attach other files in any session,
 * and notes every base column read, views and sub-queries included (sqlite.org/c3ref/set_authorizer.html).
 */
function guard(db: DatabaseSync, readOnly: boolean): void {
  if (typeof db.setAuthorizer !== 'function') return;
  db.setAuthorizer((action, a, b, schema) => {
    if (action === constants.SQLITE_ATTACH || action === constants.SQLITE_DETACH) return constants.SQLITE_DENY;
    if (action === constants.SQLITE_READ && reads && a && b) reads.push({ ...(schema ? { schema } : {}), table: a, column: b });
    if (action === constants.SQLITE_PRAGMA && a?.toLowerCase() === 'query_only' && b !== null && readOnly) return constants.SQLITE_DENY;
    return constants.SQLITE_OK;
  });
}

/** Compiles exactly one statement. `prepare` silently ignores what follows the first; we refuse it. */
function prepare(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  const rest = sql.slice(statement.sourceSQL.length).replace(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, '');
  if (rest !== '') throw Object.assign(new Error('The text holds more than one statement. Run them one by one.'), { code: 'PII_GATE_MULTIPLE' });
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement;
}

function columnsOf(statement: StatementSync): SqliteColumn[] {
  return statement.columns().map((c) => ({ name: c.name, type: c.type, schema: c.database, table: c.table, column: c.column }));
}

/** Integers that a number holds exactly become numbers. */
function plain(row: unknown): unknown[] {
  return (row as unknown[]).map((v) => (typeof v === 'bigint' && v >= -9007199254740991n && v <= 9007199254740991n ? Number(v) : v));
}

function page(id: number): FromProcess {
  const run = running;
  if (!run) return { id, page: { rows: [], done: true, truncated: false } };
  const rows: unknown[][] = [];
  while (rows.length < run.pageSize) {
    const next = run.rows.next();
    if (next.done) { running = undefined; return { id, page: { rows, done: true, truncated: false } }; }
    if (run.taken >= run.maxRows) { run.rows.return?.(); running = undefined; return { id, page: { rows, done: true, truncated: true } }; }
    run.taken++;
    rows.push(plain(next.value));
  }
  return { id, page: { rows, done: false, truncated: false } };
}

function answer(db: DatabaseSync, message: ToProcess): FromProcess {
  const { id } = message;
  switch (message.kind) {
    case 'describe': {
      reads = [];
      const columns = columnsOf(prepare(db, message.sql));
      const seen = typeof db.setAuthorizer === 'function' ? reads : undefined;
      reads = undefined;
      return { id, described: { columns, ...(seen ? { reads: seen } : {}) } };
    }
    case 'execute': {
      running?.rows.return?.();
      running = undefined;
      const statement = prepare(db, message.sql);
      const columns = columnsOf(statement);
      const bound = message.parameters.map((p) => (typeof p === 'boolean' ? Number(p) : p));
      if (columns.length === 0) {
        const outcome = statement.run(...bound);
        return { id, started: { columns, affected: Number(outcome.changes) } };
      }
      running = { rows: statement.iterate(...bound)[Symbol.iterator](), columns, taken: 0, maxRows: message.maxRows, pageSize: message.pageSize };
      return { id, started: { columns } };
    }
    case 'next': return page(id);
    case 'stop': running?.rows.return?.(); running = undefined; return { id, stopped: true };
    default: return { id, error: { code: 'PII_GATE_PROTOCOL', message: 'Unknown message.' } };
  }
}

function failure(id: number, error: unknown): FromProcess {
  reads = undefined;
  const e = error as { message?: string; code?: string; errcode?: number };
  return { id, error: { code: e.code ?? '', message: e.message ?? String(error), ...(e.errcode === undefined ? {} : { errcode: e.errcode }) } };
}

/** An endless statement must not outlive the process that asked for it, and while it runs this thread hears nothing. */
function dieWithParent(): void {
  const watch = `const { workerData: p } = require('node:worker_threads');
    setInterval(() => { try { process.kill(p, 0); if (process.ppid !== p) throw 0; } catch { process.kill(process.pid, 'SIGKILL'); } }, 1000);`;
  new Worker(watch, { eval: true, workerData: parent }).unref();
}

function send(message: FromProcess): void { process.send?.(message); }

let db: DatabaseSync | undefined;
process.on('disconnect', () => process.exit());
process.on('message', (message: ToProcess) => {
  try {
    if (message.kind === 'open') {
      db = open(message);
      // A file that is no database is noticed at the first read only.
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      send({ id: message.id });
    } else if (db) send(answer(db, message));
  } catch (error) {
    send(failure(message.id, error));
  }
});
dieWithParent();
