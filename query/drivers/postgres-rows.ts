/**
 * Takes data rows off a PostgreSQL connection before `pg` makes strings of them. All other messages reach `pg` as they came.
 *
 * A message is one byte of type, four of length (which counts itself), and the rest (protocol 3.0, "Message Formats").
 */
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import type pg from 'pg';
import { WireRows, type WireKind } from './wire-rows.ts';

/** The part of `pg`'s client and connection that `@types/pg` does not describe. */
interface Attaching { attachListeners(stream: Readable): void }

const MESSAGE_HEAD = 5;
const DATA_ROW = 0x44;
const FIRST_BYTES = 64 * 1024;

export class RowCapture {
  #capturing = false;
  #bytes: Buffer = Buffer.alloc(0);
  #filled = 0;
  #starts: Uint32Array = new Uint32Array(0);
  #count = 0;
  /** Bytes of the current message that are still to come. */
  #missing = 0;
  /** Whether the current message is a row that is kept. */
  #inRow = false;
  /** The head of a message that a chunk cut. */
  readonly #head = Buffer.alloc(MESSAGE_HEAD);
  #headFilled = 0;
  readonly #forward: (bytes: Buffer) => void;

  constructor(forward: (bytes: Buffer) => void) { this.#forward = forward; }

  /** From now on rows are kept, until `stop`. Call between statements. */
  start(): void {
    this.#capturing = true;
    this.#reset(FIRST_BYTES, 64);
  }

  stop(): void {
    this.#capturing = false;
    this.#reset(0, 0);
  }

  /** The rows since `start` or the last `take`. */
  take(kinds: readonly WireKind[]): WireRows {
    const rows = new WireRows(this.#bytes.subarray(0, this.#filled), this.#starts, this.#count, kinds);
    // The next page will need about as much.
    this.#reset(Math.max(FIRST_BYTES, this.#filled + (this.#filled >> 4)), Math.max(64, this.#count));
    return rows;
  }

  /** Whatever the socket gives, cut anywhere. */
  push(chunk: Buffer): void {
    let at = 0;
    let forwardFrom = -1;
    const forwardUpTo = (end: number): void => {
      if (forwardFrom >= 0 && end > forwardFrom) this.#forward(chunk.subarray(forwardFrom, end));
      forwardFrom = -1;
    };
    while (at < chunk.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, chunk.length - at);
        if (this.#inRow) this.#keep(chunk, at, at + taken);
        else if (forwardFrom < 0) forwardFrom = at;
        this.#missing -= taken;
        at += taken;
        continue;
      }
      if (this.#headFilled === 0 && chunk.length - at >= MESSAGE_HEAD) {
        this.#inRow = this.#capturing && chunk[at] === DATA_ROW;
        this.#missing = lengthAt(chunk, at + 1) - 4;
        if (this.#inRow) {
          forwardUpTo(at);
          // Rows that lie whole in this chunk are kept in one piece, heads and all.
          const end = this.#wholeRows(chunk, at);
          if (end > at) { this.#missing = 0; at = end; continue; }
          this.#begin(this.#filled);
        } else if (forwardFrom < 0) forwardFrom = at;
        at += MESSAGE_HEAD;
        continue;
      }
      forwardUpTo(at);
      const taken = Math.min(MESSAGE_HEAD - this.#headFilled, chunk.length - at);
      chunk.copy(this.#head, this.#headFilled, at, at + taken);
      this.#headFilled += taken;
      at += taken;
      if (this.#headFilled < MESSAGE_HEAD) return;
      this.#headFilled = 0;
      this.#inRow = this.#capturing && this.#head[0] === DATA_ROW;
      this.#missing = lengthAt(this.#head, 1) - 4;
      if (this.#inRow) this.#begin(this.#filled);
      else this.#forward(Buffer.from(this.#head));
    }
    forwardUpTo(chunk.length);
  }

  /** Keeps the rows from `from` on that end within the chunk; returns where the first message begins that is none of them. */
  #wholeRows(chunk: Buffer, from: number): number {
    let end = from;
    const moved = this.#filled - from;
    while (chunk.length - end >= MESSAGE_HEAD && chunk[end] === DATA_ROW) {
      const next = end + 1 + lengthAt(chunk, end + 1);
      if (next > chunk.length) break;
      this.#begin(end + MESSAGE_HEAD + moved);
      end = next;
    }
    if (end > from) this.#keep(chunk, from, end);
    return end;
  }

  #begin(at: number): void {
    if (this.#count === this.#starts.length) {
      const larger = new Uint32Array(Math.max(64, this.#count * 2));
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#count++] = at;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    const filled = this.#filled + to - from;
    if (filled > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(filled, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#filled, from, to);
    this.#filled = filled;
  }

  #reset(bytes: number, rows: number): void {
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
    this.#filled = 0;
    this.#starts = new Uint32Array(rows);
    this.#count = 0;
  }
}

/** Must be called before the client connects; TLS or not, `pg` attaches itself to the stream through the same method. */
export function captureRows(client: pg.Client): RowCapture {
  const connection = (client as unknown as { connection: Attaching }).connection;
  const passed = new EventEmitter();
  const capture = new RowCapture((bytes) => { passed.emit('data', bytes); });
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream): void => {
    attach(passed as unknown as Readable);
    stream.on('data', (chunk: Buffer) => { capture.push(chunk); });
    stream.on('end', () => { passed.emit('end'); });
  };
  return capture;
}

function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
