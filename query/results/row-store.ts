/**
 * Raw rows of one result, by number. Held in memory up to a budget that all results share, then in an encrypted file.
 * Nothing outside the server process ever sees what is in here.
 */
import { deserialize, serialize } from 'node:v8';
import type { RawRow, RawValue } from '#query/drivers/driver.ts';
import { SpillFile, type SpilledBlock } from './spill-file.ts';

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

type Block = { rows: RawRow[]; bytes: number; spilled?: undefined } | { rows?: undefined; bytes: 0; spilled: SpilledBlock };

export class RowStore {
  readonly #budget: MemoryBudget;
  readonly #directory: string;
  readonly #blocks: Block[] = [];
  readonly #decoded = new Map<number, RawRow[]>();
  #file: SpillFile | undefined;
  #length = 0;
  /** The first block that may still be in memory. */
  #firstHeld = 0;

  constructor(budget: MemoryBudget, spillDirectory: string) {
    this.#budget = budget;
    this.#directory = spillDirectory;
  }

  get length(): number { return this.#length; }
  get spilledBytes(): number { return this.#file?.bytes ?? 0; }

  append(rows: readonly RawRow[]): void {
    const bytes = averageBytes(rows);
    for (const row of rows) {
      let block = this.#blocks.at(-1);
      if (block?.rows === undefined || block.rows.length >= BLOCK_ROWS) {
        block = { rows: [], bytes: 0 };
        this.#blocks.push(block);
      }
      block.rows.push(row);
      block.bytes += bytes;
      this.#budget.used += bytes;
      this.#length++;
    }
    this.#spill();
  }

  /** The raw row; undefined past the end. */
  row(index: number): RawRow | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return this.#rows(Math.floor(index / BLOCK_ROWS))[index % BLOCK_ROWS];
  }

  close(): void {
    for (const block of this.#blocks) this.#budget.used -= block.bytes;
    this.#blocks.length = 0;
    this.#decoded.clear();
    this.#length = 0;
    this.#file?.close();
    this.#file = undefined;
  }

  #rows(index: number): readonly RawRow[] {
    const block = this.#blocks[index];
    if (block?.rows) return block.rows;
    const decoded = this.#decoded.get(index);
    if (decoded) {
      this.#decoded.delete(index);
      this.#decoded.set(index, decoded);
      return decoded;
    }
    if (!block?.spilled || !this.#file) return [];
    const rows = deserialize(this.#file.read(block.spilled)) as RawRow[];
    this.#decoded.set(index, rows);
    const oldest = this.#decoded.keys().next();
    if (this.#decoded.size > DECODED_BLOCKS && !oldest.done) this.#decoded.delete(oldest.value);
    return rows;
  }

  /** Moves full blocks, oldest first, out of memory until the budget holds. The last block stays: it still grows. */
  #spill(): void {
    while (this.#budget.exceeded && this.#firstHeld < this.#blocks.length - 1) {
      const index = this.#firstHeld++;
      const block = this.#blocks[index];
      if (!block?.rows) continue;
      this.#file ??= new SpillFile(this.#directory);
      this.#budget.used -= block.bytes;
      this.#blocks[index] = { bytes: 0, spilled: this.#file.write(serialize(block.rows)) };
    }
  }
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
