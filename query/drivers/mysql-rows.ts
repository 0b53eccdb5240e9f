/** Turns the events of a `mysql2` command into pages, with back-pressure on the socket. */
import type { DriverColumn, ExecuteOptions, Page, RawRow } from './driver.ts';

/** What both `Query` and `Execute` of mysql2 are, as far as it is used here. */
export interface MysqlCommand {
  on(event: 'fields', listener: (fields: readonly never[] | undefined) => void): unknown;
  on(event: 'result', listener: (row: unknown, set?: number) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}
/** The connection as far as it is used here. */
export interface Pausable {
  pause(): void;
  resume(): void;
  /** A connection that is lost tells so itself: the command that it ran hears nothing. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

interface OpenSet { readonly set: number; readonly columns: readonly DriverColumn[]; rows: RawRow[]; taken: number; truncated: boolean; affected?: number }

/**
 * Result sets in order. When a set reaches the cap the statement is cancelled on the server: the text protocol knows no
 * other way to stop a result, and reading it to its end could take for ever.
 */
export async function* readCommand<F>(command: MysqlCommand, socket: Pausable, { maxRows, pageSize }: Pick<ExecuteOptions, 'maxRows' | 'pageSize'>, toColumn: (field: F) => DriverColumn, cancel: () => Promise<void>): AsyncGenerator<Page> {
  const ready: Page[] = [];
  let current: OpenSet | undefined;
  let sets = 0;
  let failure: { readonly error: Error } | undefined;
  let ended = false;
  let stopping = false;
  let left = false;
  let wake: () => void = () => undefined;

  const flush = (end: boolean): void => {
    if (!current) return;
    const { set, columns, rows, truncated, affected } = current;
    ready.push({ set, columns, rows, ...(end ? { end: { truncated, ...(affected === undefined ? {} : { affected }) } } : {}) });
    current.rows = [];
    if (end) current = undefined;
    wake();
  };
  const begin = (columns: readonly DriverColumn[]): OpenSet => {
    flush(true);
    current = { set: sets++, columns, rows: [], taken: 0, truncated: false };
    return current;
  };

  command.on('fields', (fields) => { if (fields) begin((fields as readonly F[]).map(toColumn)); });
  command.on('result', (row) => {
    if (!Array.isArray(row)) {
      // A header: the statement, or a part of a procedure, gave no rows. Only a statement without any set shows it.
      if (sets === 0) { begin([]).affected = (row as { affectedRows?: number }).affectedRows ?? 0; flush(true); }
      return;
    }
    const set = current;
    if (!set || set.truncated || left) return;
    if (set.taken >= maxRows) {
      set.truncated = true;
      if (!stopping) { stopping = true; void cancel().catch(() => undefined); }
      return;
    }
    set.taken++;
    set.rows.push(row as RawRow);
    if (set.rows.length >= pageSize) {
      flush(false);
      if (ready.length > 2) socket.pause();
    }
  });
  command.on('error', (error) => { failure = { error }; ended = true; wake(); });
  command.on('end', () => { flush(true); ended = true; wake(); });
  const lost = (error: Error): void => { failure = { error }; ended = true; stopping = false; wake(); };
  socket.on('error', lost);

  try {
    for (;;) {
      const page = ready.shift();
      if (page) {
        if (ready.length <= 1 && !ended) socket.resume();
        yield page;
        continue;
      }
      if (ended) break;
      await new Promise<void>((resolve) => { wake = resolve; });
    }
    // The cancel that the cap asked for comes back as an error (ER_QUERY_INTERRUPTED): that is how it was meant to end.
    if (failure && !stopping) throw failure.error;
    flush(true);
    yield* ready;
  } finally {
    if (!ended) {
      left = true;
      // The reader has left: the connection is free again once the server has stopped.
      socket.resume();
      if (!stopping) { stopping = true; await cancel().catch(() => undefined); }
      while (!ended) await new Promise<void>((resolve) => { wake = resolve; });
    }
    socket.removeListener('error', lost);
  }
}
