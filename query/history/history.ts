/**
 * The statements that were run: text only, every literal that is or could be personal masked. Kept in one file of JSON
 * lines in a folder of this user's own, or in memory where there is none.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HistoryEntry, HistoryParams } from '#core/wire/protocol.ts';

const FILE = 'history.jsonl';
const MAX_ENTRIES = 1000;
/** The file is rewritten when it holds this many lines. */
const MAX_LINES = 2000;
/** Longer statements are cut, UTF-16 units. */
const MAX_STATEMENT = 20_000;

export class History {
  #folder: string | undefined;
  /** Oldest first. */
  #entries: HistoryEntry[] = [];
  #lines = 0;

  /** Reads what is there. A line that can't be read is left out: history is a convenience, never a reason to fail. */
  open(folder: string | undefined): void {
    if (folder === this.#folder) return;
    this.#folder = folder;
    if (folder === undefined) return;
    let text = '';
    try { text = readFileSync(path.join(folder, FILE), 'utf8'); } catch { /* none yet */ }
    const lines = text.split('\n').filter((line) => line !== '');
    this.#lines = lines.length;
    this.#entries = [...lines.flatMap(readEntry), ...this.#entries].slice(-MAX_ENTRIES);
  }

  add(entry: HistoryEntry): void {
    const kept = entry.statement.length > MAX_STATEMENT ? { ...entry, statement: `${entry.statement.slice(0, MAX_STATEMENT)}…` } : entry;
    this.#entries.push(kept);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    if (this.#folder === undefined) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (++this.#lines > MAX_LINES) this.#rewrite(this.#folder);
      else appendFileSync(path.join(this.#folder, FILE), `${JSON.stringify(kept)}\n`, { mode: 0o600 });
    } catch { /* A full disk must not stop a query. */ }
  }

  /** Newest first. The filter looks at the masked statement and the connection. */
  list({ limit = 200, filter }: HistoryParams): HistoryEntry[] {
    const needle = filter?.toLowerCase() ?? '';
    return this.#entries.filter((e) => needle === '' || e.statement.toLowerCase().includes(needle) || e.connectionId.toLowerCase().includes(needle)).slice(-limit).reverse();
  }

  clear(): void {
    this.#entries = [];
    this.#lines = 0;
    if (this.#folder !== undefined) rmSync(path.join(this.#folder, FILE), { force: true });
  }

  #rewrite(folder: string): void {
    const file = path.join(folder, FILE);
    writeFileSync(`${file}.new`, this.#entries.map((e) => `${JSON.stringify(e)}\n`).join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    this.#lines = this.#entries.length;
  }
}

function readEntry(line: string): HistoryEntry[] {
  try {
    const entry = JSON.parse(line) as Partial<HistoryEntry>;
    return typeof entry.at === 'number' && typeof entry.statement === 'string' && typeof entry.connectionId === 'string' && typeof entry.outcome === 'string' ? [entry as HistoryEntry] : [];
  } catch { return []; }
}
