/**
 * The generic parser in a thread of its own, asked synchronously. The parser backtracks: some texts of a few hundred
 * characters (`cube(cube(cube(…`) would keep it busy for hours. After the time limit the thread is ended and a fresh
 * one started; the text counts as one that made the parser fail.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ParseOutcome } from '#core/statement/analyse.ts';
import { createMailbox, type Mailbox, outcome, type ParserWorkerData, requestBytes, word } from './mailbox.ts';
import { type GenericDialectName, genericDialects, type GenericParser } from './sqlparser-wasm.ts';

/** An ordinary statement takes well under a millisecond, a report of 100 kB some tens; the rest is for a machine that is busy. Milliseconds of the clock, as the editor feels them. */
const defaultLimitMs = 1_000;
/** The limit is halved with each parse that runs into it, down to this, so that a file full of such texts does not stop the editor. */
const leastLimitMs = 60;
/** A thread that has just been started has to compile first. */
const startMs = 10_000;

interface Thread { readonly worker: Worker; readonly mailbox: Mailbox }

export interface ParserThreadOptions {
  /** Absolute path of `parser-worker.ts`, or of its bundle. */
  readonly file: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** Milliseconds that one parse may take. */
  readonly limitMs?: number;
}

/** Resolves when the thread can parse. The thread does not keep the process alive. */
export async function createParserThread({ file, wasm, limitMs = defaultLimitMs }: ParserThreadOptions): Promise<GenericParser> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const start = (): Thread => {
    const mailbox = createMailbox();
    const data: ParserWorkerData = { wasm, mailbox };
    const worker = new Worker(file, { workerData: data, execArgv: [] });
    // A thread that dies answers nothing: the wait below runs into its limit.
    worker.on('error', () => undefined);
    return { worker, mailbox };
  };
  let thread = start();
  await Promise.race([once(thread.worker, 'message'), once(thread.worker, 'exit').then(() => { throw new Error('The SQL parser\'s thread ended while it was started.'); })]);
  // It has been waited for; from now on it does not keep the process alive.
  thread.worker.unref();

  let patience = limitMs;
  const ask = (text: string, dialect: GenericDialectName): ParseOutcome => {
    const bytes = encoder.encode(text);
    if (bytes.length > requestBytes) return { ok: false, failure: 'crashed' };
    const { control, request, response } = thread.mailbox;
    if (Atomics.load(control, word.ready) === 0) Atomics.wait(control, word.ready, 0, startMs);
    request.set(bytes);
    Atomics.store(control, word.requestLength, bytes.length);
    Atomics.store(control, word.dialect, genericDialects.indexOf(dialect));
    const asked = Atomics.add(control, word.asked, 1) + 1;
    Atomics.notify(control, word.asked);
    const until = performance.now() + patience;
    while (Atomics.load(control, word.answered) !== asked) {
      const left = until - performance.now();
      if (left > 0) { Atomics.wait(control, word.answered, asked - 1, left); continue; }
      void thread.worker.terminate();
      thread = start();
      thread.worker.unref();
      patience = Math.max(leastLimitMs, patience / 2);
      return { ok: false, failure: 'crashed' };
    }
    patience = limitMs;
    const answer = Atomics.load(control, word.outcome);
    if (answer !== outcome.ok) return { ok: false, failure: answer === outcome.syntax ? 'syntax' : 'crashed' };
    return { ok: true, ast: JSON.parse(decoder.decode(response.slice(0, Atomics.load(control, word.responseLength)))) };
  };
  return { parse: ask };
}
