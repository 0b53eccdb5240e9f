/**
 * Raw rows of one result, by number. Held in memory up to a budget that all results share, then in an encrypted file.
 * Nothing outside the server process ever sees what is in here.
 */
import { deserialize, serialize } from 'node:v8';
import type { RawRow, RawValue } from '#query/drivers/driver.ts';
import { WireRows } from '#query/drivers/wire-rows.ts';
import { SpillFile, type SpilledBlock } from './spill-file.ts';

/** Rows of a driver that gives values are gathered into blocks of this many. */
const BLOCK_ROWS = 512;
/** Spilled blocks kept decoded: a screen of rows and its neighbours. */
const DECODED_BLOCKS = 4;

/** Bytes of raw rows in memory, over all results of the process. */
export class MemoryBudget {
  readonly limit: number;
  used = 0;
  constructor(limit: number) { this.limit = limit; }
  get exceeded(): boolean { return this.used > this.limit; }
}

type Rows = RawRow[] | WireRows;
interface Block { readonly first: number; count: number; bytes: number; rows: Rows | undefined; spilled?: Spilled }
/** Wire rows lie in the file as they came, with the starts of their rows behind them. */
type Spilled = { readonly at: SpilledBlock; readonly wire?: { readonly bytes: number; readonly kinds: WireRows['kinds'] } };

export class RowStore {
  readonly #budget: MemoryBudget;
  readonly #directory: string;
  readonly #blocks: Block[] = [];
  readonly #decoded = new Map<Block, Rows>();
  #file: SpillFile | undefined;
  #length = 0;
  /** The first block that may still be in memory. */
  #firstHeld = 0;
  /** Where the last row was found: rows are mostly asked for in order. */
  #near = 0;

  constructor(budget: MemoryBudget, spillDirectory: string) {
    this.#budget = budget;
    this.#directory = spillDirectory;
  }

  get length(): number { return this.#length; }
  get spilledBytes(): number { return this.#file?.bytes ?? 0; }

  append(rows: readonly RawRow[] | WireRows): void {
    if (rows instanceof WireRows) {
      if (rows.length > 0) this.#add({ first: this.#length, count: rows.length, bytes: rows.size, rows }, rows.length, rows.size);
    } else this.#appendValues(rows);
    this.#spill();
  }

  /** The raw row; undefined past the end. */
  row(index: number): RawRow | undefined {
    const block = this.#blockOf(index);
    if (!block) return undefined;
    const rows = this.#rows(block);
    return rows instanceof WireRows ? rows.row(index - block.first) : rows[index - block.first];
  }

  /** One raw value; null past the end. */
  value(index: number, column: number): RawValue {
    const block = this.#blockOf(index);
    if (!block) return null;
    const rows = this.#rows(block);
    return rows instanceof WireRows ? rows.value(index - block.first, column) : rows[index - block.first]?.[column] ?? null;
  }

  close(): void {
    for (const block of this.#blocks) this.#budget.used -= block.bytes;
    this.#blocks.length = 0;
    this.#decoded.clear();
    this.#length = 0;
    this.#firstHeld = 0;
    this.#near = 0;
    this.#file?.close();
    this.#file = undefined;
  }

  #appendValues(rows: readonly RawRow[]): void {
    const bytes = averageBytes(rows);
    for (let from = 0; from < rows.length;) {
      const last = this.#blocks.at(-1);
      const open = last !== undefined && Array.isArray(last.rows) && last.count < BLOCK_ROWS ? last : undefined;
      const taken = rows.slice(from, from + BLOCK_ROWS - (open?.count ?? 0));
      if (open && Array.isArray(open.rows)) {
        open.rows.push(...taken);
        open.count += taken.length;
        open.bytes += bytes * taken.length;
        this.#length += taken.length;
        this.#budget.used += bytes * taken.length;
      } else this.#add({ first: this.#length, count: taken.length, bytes: bytes * taken.length, rows: taken }, taken.length, bytes * taken.length);
      from += taken.length;
    }
  }

  #add(block: Block, rows: number, bytes: number): void {
    this.#blocks.push(block);
    this.#length += rows;
    this.#budget.used += bytes;
  }

  #blockOf(index: number): Block | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    for (let i = this.#near; i <= this.#near + 1; i++) {
      const block = this.#blocks[i];
      if (block && index >= block.first && index < block.first + block.count) { this.#near = i; return block; }
    }
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.first ?? 0) <= index) low = middle; else high = middle - 1;
    }
    this.#near = low;
    return this.#blocks[low];
  }

  #rows(block: Block): Rows {
    if (block.rows) return block.rows;
    const decoded = this.#decoded.get(block);
    if (decoded) {
      this.#decoded.delete(block);
      this.#decoded.set(block, decoded);
      return decoded;
    }
    if (!block.spilled || !this.#file) return [];
    const rows = unpacked(this.#file.read(block.spilled.at), block.spilled, block.count);
    this.#decoded.set(block, rows);
    const oldest = this.#decoded.keys().next();
    if (this.#decoded.size > DECODED_BLOCKS && !oldest.done) this.#decoded.delete(oldest.value);
    return rows;
  }

  /** Moves blocks, oldest first, out of memory until the budget holds. The last block stays: it may still grow. */
  #spill(): void {
    while (this.#budget.exceeded && this.#firstHeld < this.#blocks.length - 1) {
      const block = this.#blocks[this.#firstHeld++];
      if (!block?.rows) continue;
      this.#file ??= new SpillFile(this.#directory);
      block.spilled = packed(block.rows, this.#file);
      this.#budget.used -= block.bytes;
      block.bytes = 0;
      block.rows = undefined;
    }
  }
}

function packed(rows: Rows, file: SpillFile): Spilled {
  if (!(rows instanceof WireRows)) return { at: file.write([serialize(rows)]) };
  const { bytes, starts, length, kinds } = rows;
  return { at: file.write([bytes, new Uint8Array(starts.buffer, starts.byteOffset, length * starts.BYTES_PER_ELEMENT)]), wire: { bytes: bytes.length, kinds } };
}

function unpacked(data: Buffer, { wire }: Spilled, count: number): Rows {
  if (!wire) return deserialize(data) as RawRow[];
  const starts = new Uint32Array(count);
  new Uint8Array(starts.buffer).set(data.subarray(wire.bytes));
  return new WireRows(data.subarray(0, wire.bytes), starts, count, wire.kinds);
}

/** Rows weighed out of each batch: weighing every one would cost as much as storing it. */
const WEIGHED = 32;

function averageBytes(rows: readonly RawRow[]): number {
  const step = Math.max(1, Math.floor(rows.length / WEIGHED));
  let bytes = 0;
  let weighed = 0;
  for (let i = 0; i < rows.length; i += step) { bytes += rowBytes(rows[i] ?? []); weighed++; }
  return weighed === 0 ? 0 : Math.ceil(bytes / weighed);
}

/** What V8 needs for a row, roughly: two bytes a UTF-16 unit and a few words a value. */
function rowBytes(row: RawRow): number {
  let bytes = 16 + row.length * 8;
  for (const value of row) bytes += valueBytes(value);
  return bytes;
}

function valueBytes(value: RawValue): number {
  if (typeof value === 'string') return 16 + value.length * 2;
  if (value instanceof Uint8Array) return 64 + value.byteLength;
  if (typeof value === 'object' && value !== null) return value instanceof Date ? 32 : 64 + JSON.stringify(value, bigText).length * 2;
  return 8;
}

function bigText(_key: string, value: unknown): unknown { return typeof value === 'bigint' ? String(value) : value; }
