/** Turns the events of a `tedious` request into pages, with back-pressure. */
import type { Request } from 'tedious';
import type { DriverColumn, ExecuteOptions, Page, RawRow, RawValue } from './driver.ts';

export interface TediousColumn { readonly colName: string; readonly type: { readonly name: string } }

interface OpenSet { readonly set: number; readonly columns: readonly DriverColumn[]; rows: RawRow[]; taken: number; truncated: boolean }

/** Result sets in order. At the row cap the statement is cancelled on the server by an attention signal. */
export async function* readRequest(
  make: (done: (error: Error | null | undefined) => void) => Request, start: (request: Request) => void, cancel: () => void,
  { maxRows, pageSize }: Pick<ExecuteOptions, 'maxRows' | 'pageSize'>,
): AsyncGenerator<Page> {
  const ready: Page[] = [];
  let current: OpenSet | undefined;
  let sets = 0;
  let affected: number | undefined;
  let failure: { readonly error: Error } | undefined;
  let ended = false;
  let stopping = false;
  let paused = false;
  let wake: () => void = () => undefined;

  const flush = (end: boolean): void => {
    if (!current) return;
    const { set, columns, rows, truncated } = current;
    ready.push({ set, columns, rows, ...(end ? { end: { truncated } } : {}) });
    current.rows = [];
    if (end) current = undefined;
    wake();
  };
  const stop = (): void => {
    if (stopping || ended) return;
    stopping = true;
    if (paused) { paused = false; request.resume(); }
    cancel();
  };
  const request = make((error) => {
    if (error) failure = { error };
    flush(true);
    ended = true;
    wake();
  });
  request.on('columnMetadata', (columns) => {
    flush(true);
    const list = columns as unknown as readonly TediousColumn[];
    current = { set: sets++, columns: list.map((c) => ({ name: c.colName, databaseType: c.type.name.toLowerCase() })), rows: [], taken: 0, truncated: false };
  });
  request.on('row', (cells: readonly { value: unknown }[]) => {
    const set = current;
    if (!set || set.truncated || stopping) return;
    if (set.taken >= maxRows) { set.truncated = true; stop(); return; }
    set.taken++;
    set.rows.push(cells.map((c) => c.value as RawValue));
    if (set.rows.length >= pageSize) {
      flush(false);
      if (ready.length > 2 && !paused) { paused = true; request.pause(); }
    }
  });
  const count = (rows: number | undefined): void => { if (sets === 0 && rows !== undefined) affected = (affected ?? 0) + rows; };
  request.on('done', count);
  request.on('doneInProc', count);
  start(request);

  try {
    for (;;) {
      const page = ready.shift();
      if (page) {
        if (paused && ready.length <= 1) { paused = false; request.resume(); }
        yield page;
        continue;
      }
      if (ended) break;
      await new Promise<void>((resolve) => { wake = resolve; });
    }
    // The cancel that the cap asked for ends the request with an error: that is how it was meant to end.
    if (failure && !stopping) throw failure.error;
    if (sets === 0) yield { set: 0, columns: [], rows: [], end: { truncated: false, ...(affected === undefined ? {} : { affected }) } };
  } finally {
    stop();
    while (!ended) await new Promise<void>((resolve) => { wake = resolve; });
  }
}
