/**
 * Rows as the bytes that the server sent, made into values only where somebody asks. Most cells of a large result are never
 * looked at, and those that are exported are mostly judged by their bytes: a string for each would cost more than the fetch.
 */
import type { RawRow, RawValue } from './driver.ts';

/**
 * What a column's bytes are, by the type that the server enforces:
 * `text` anything; `inert` dates, times and UUIDs, which identify nobody by their form; `number` fits a double;
 * `digits` whole or decimal numbers kept as text, since a double would change them; `bytes` is `\x` hexadecimal.
 */
export type WireKind = 'text' | 'inert' | 'number' | 'digits' | 'boolean' | 'bytes';

/** Bytes before a row's cells: the number of columns, two bytes (PostgreSQL protocol 3.0, DataRow). */
const ROW_HEAD = 2;
/** Bytes before each cell: its length, a signed big-endian integer; −1 stands for NULL. */
export const CELL_HEAD = 4;
const TRUE = 0x74;

export class WireRows {
  /** Rows with other bytes between them; what belongs to a row begins at its start. */
  readonly bytes: Buffer;
  /** Offset of each row in `bytes`; at least `length` entries. */
  readonly starts: Uint32Array;
  readonly length: number;
  readonly kinds: readonly WireKind[];

  constructor(bytes: Buffer, starts: Uint32Array, length: number, kinds: readonly WireKind[]) {
    this.bytes = bytes;
    this.starts = starts;
    this.length = length;
    this.kinds = kinds;
  }

  /** Bytes held, spare room included. */
  get size(): number { return this.bytes.buffer.byteLength + this.starts.byteLength; }

  /** Where the first cell's head of a row lies. */
  cells(row: number): number { return (this.starts[row] ?? 0) + ROW_HEAD; }

  row(index: number): RawRow {
    const { bytes, kinds } = this;
    const values: RawValue[] = [];
    let at = this.cells(index);
    for (let column = 0; column < kinds.length; column++) {
      const length = cellLength(bytes, at);
      at += CELL_HEAD;
      values.push(length < 0 ? null : wireValue(bytes, at, at + length, kinds[column] ?? 'text'));
      if (length > 0) at += length;
    }
    return values;
  }

  value(row: number, column: number): RawValue {
    const { bytes, kinds } = this;
    let at = this.cells(row);
    for (let before = 0; before < column; before++) at += CELL_HEAD + Math.max(0, cellLength(bytes, at));
    const length = cellLength(bytes, at);
    return length < 0 || column >= kinds.length ? null : wireValue(bytes, at + CELL_HEAD, at + CELL_HEAD + length, kinds[column] ?? 'text');
  }

  /** The first rows, as values. */
  first(count: number): RawRow[] { return Array.from({ length: Math.min(count, this.length) }, (_, index) => this.row(index)); }

  /** The first `count` of them, over the same bytes. */
  take(count: number): WireRows { return count >= this.length ? this : new WireRows(this.bytes, this.starts, count, this.kinds); }
}

/** Length of the cell whose head lies at `at`, bytes; negative for NULL. */
export function cellLength(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

export function wireValue(bytes: Buffer, start: number, end: number, kind: WireKind): RawValue {
  switch (kind) {
    case 'number': return Number(bytes.toString('latin1', start, end));
    case 'boolean': return bytes[start] === TRUE;
    case 'bytes': return binary(bytes, start, end);
    default: return bytes.toString('utf8', start, end);
  }
}

/** `bytea_output = hex`, the default since PostgreSQL 9.0. The escape format is shown as text. */
function binary(bytes: Buffer, start: number, end: number): Uint8Array | string {
  const text = bytes.toString('latin1', start, end);
  return text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : text;
}
