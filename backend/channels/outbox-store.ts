/** What is still to be told, on disk: nothing is forgotten by a crash, and nothing that is slow holds anybody up. */
import type { Summary } from './summary.ts';

export interface Entry {
  readonly id: string;
  readonly channel: string;
  readonly requestId: string;
  readonly type: string;
  readonly at: number;
  readonly summary: Summary;
  readonly attempts: number;
  /** Milliseconds since the epoch: not before. */
  readonly dueAt: number;
}

export interface DeadLetter { readonly id: string; readonly channel: string; readonly requestId: string; readonly type: string; readonly at: number; readonly attempts: number; readonly why: string }

export interface OutboxStore {
  /** The audit sequence up to which everything is in here. Undefined on the very first start. */
  cursor(): number | undefined;
  /** Adds entries and moves the cursor, both or neither. An id that is known already is left as it is. */
  add(entries: readonly Entry[], cursor: number): void;
  /** The channel's entries that are due, oldest first; one request's entries never out of order. */
  due(channel: string, now: number, limit: number): readonly Entry[];
  /** When the channel's next entry is due (ms since the epoch); undefined when none is. */
  nextDue(channel: string): number | undefined;
  /** @param ref how the channel names its message about the request */
  done(entry: Entry, ref: string | undefined): void;
  retry(entry: Entry, dueAt: number, why: string): void;
  dead(entry: Entry, why: string): void;
  /** The channel's message about this request. */
  ref(channel: string, requestId: string): string | undefined;
  deadLetters(): readonly DeadLetter[];
  /** Puts dead letters back in line. Gives how many. */
  revive(channel: string, now: number): number;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, request TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL, summary TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', why TEXT NOT NULL DEFAULT '') STRICT;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (channel, state, due);
  CREATE TABLE IF NOT EXISTS message (channel TEXT NOT NULL, request TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (channel, request)) STRICT;
  CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;`;

/** @param path a file of its own, or `:memory:` */
export async function openOutboxStore(path: string): Promise<OutboxStore> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(path);
  db.exec(schema);
  const insert = db.prepare('INSERT OR IGNORE INTO outbox (id, channel, request, type, at, summary, due) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const move = db.prepare('INSERT INTO position (one, seq) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = max(seq, excluded.seq)');
  // An entry waits while an older one about the same request waits: "approved" is never told before "pending".
  const select = db.prepare(`SELECT * FROM outbox AS o WHERE channel = ? AND state = 'waiting' AND due <= ? AND NOT EXISTS (
    SELECT 1 FROM outbox AS older WHERE older.channel = o.channel AND older.request = o.request AND older.state = 'waiting' AND older.rowid < o.rowid)
    ORDER BY rowid LIMIT ?`);
  const settle = db.prepare('UPDATE outbox SET state = ?, attempts = attempts + 1, due = ?, why = ? WHERE id = ?');

  const entry = (row: Record<string, unknown>): Entry => ({
    id: String(row.id), channel: String(row.channel), requestId: String(row.request), type: String(row.type), at: Number(row.at),
    summary: JSON.parse(String(row.summary)) as Summary, attempts: Number(row.attempts), dueAt: Number(row.due),
  });
  return {
    cursor() {
      const row = db.prepare('SELECT seq FROM position').get();
      return row === undefined ? undefined : Number(row.seq);
    },
    add(entries, cursor) {
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const e of entries) insert.run(e.id, e.channel, e.requestId, e.type, e.at, JSON.stringify(e.summary), e.dueAt);
        move.run(cursor);
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    due: (channel, now, limit) => select.all(channel, now, limit).map(entry),
    nextDue(channel) {
      const due = db.prepare("SELECT min(due) AS due FROM outbox WHERE channel = ? AND state = 'waiting'").get(channel)?.due;
      return typeof due === 'number' ? due : undefined;
    },
    done(e, ref) {
      settle.run('done', e.dueAt, '', e.id);
      if (ref !== undefined) db.prepare('INSERT INTO message (channel, request, ref) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ref = excluded.ref').run(e.channel, e.requestId, ref);
      // Delivered entries are kept for a day, to drop what is enqueued twice.
      db.prepare("DELETE FROM outbox WHERE state = 'done' AND at < ?").run(e.at - 86_400_000);
    },
    retry: (e, dueAt, why) => { settle.run('waiting', dueAt, why, e.id); },
    dead: (e, why) => { settle.run('dead', e.dueAt, why, e.id); },
    ref(channel, requestId) {
      const row = db.prepare('SELECT ref FROM message WHERE channel = ? AND request = ?').get(channel, requestId);
      return row === undefined ? undefined : String(row.ref);
    },
    deadLetters: () => db.prepare("SELECT id, channel, request, type, at, attempts, why FROM outbox WHERE state = 'dead' ORDER BY rowid").all().map((row) => ({
      id: String(row.id), channel: String(row.channel), requestId: String(row.request), type: String(row.type), at: Number(row.at), attempts: Number(row.attempts), why: String(row.why),
    })),
    revive: (channel, now) => Number(db.prepare("UPDATE outbox SET state = 'waiting', attempts = 0, due = ? WHERE channel = ? AND state = 'dead'").run(now, channel).changes),
    close: () => db.close(),
  };
}
