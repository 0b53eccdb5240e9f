/** The outbox of a single instance: a SQLite file of its own, so that channels never stand in the way of decisions. */
import { entryOf, keptMs, letterOf, type OutboxStore } from './outbox-store.ts';

const schema = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, request TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 0, summary TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', why TEXT NOT NULL DEFAULT '') STRICT;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (channel, state, due);
  CREATE TABLE IF NOT EXISTS message (channel TEXT NOT NULL, request TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (channel, request)) STRICT;
  CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;`;

/** @param path a file of its own, or `:memory:` */
export async function openOutboxFile(path: string): Promise<OutboxStore> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(path);
  db.exec(schema);
  // Files of the first version have no such column; their entries came in order.
  if (!db.prepare('PRAGMA table_info(outbox)').all().some(({ name }) => name === 'version')) db.exec('ALTER TABLE outbox ADD COLUMN version INTEGER NOT NULL DEFAULT 0');
  const insert = db.prepare(`INSERT OR IGNORE INTO outbox (id, channel, request, type, at, version, summary, due) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE channel = ?2 AND request = ?3 AND version > ?6)`);
  const move = db.prepare('INSERT INTO position (one, seq) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = max(seq, excluded.seq)');
  // An entry waits while an older one about the same request waits: "approved" is never told before "pending".
  const select = db.prepare(`SELECT * FROM outbox AS o WHERE channel = ? AND state = 'waiting' AND due <= ? AND NOT EXISTS (
    SELECT 1 FROM outbox AS older WHERE older.channel = o.channel AND older.request = o.request AND older.state = 'waiting' AND older.rowid < o.rowid)
    ORDER BY rowid LIMIT 1`);
  const settle = db.prepare('UPDATE outbox SET state = ?, attempts = attempts + 1, due = ?, why = ? WHERE id = ?');

  return {
    async cursor() {
      const row = db.prepare('SELECT seq FROM position').get();
      return row === undefined ? undefined : Number(row.seq);
    },
    async add(entries, cursor) {
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const e of entries) insert.run(e.id, e.channel, e.requestId, e.type, e.at, e.version, JSON.stringify(e.summary), e.dueAt);
        move.run(cursor);
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    // Nobody else is there to take it: the lease is the process itself.
    async claim(channel, now) {
      const row = select.get(channel, now);
      return row && entryOf(row);
    },
    async nextDue(channel) {
      const due = db.prepare("SELECT min(due) AS due FROM outbox WHERE channel = ? AND state = 'waiting'").get(channel)?.due;
      return typeof due === 'number' ? due : undefined;
    },
    async done(e, ref) {
      settle.run('done', e.dueAt, '', e.id);
      if (ref !== undefined) db.prepare('INSERT INTO message (channel, request, ref) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ref = excluded.ref').run(e.channel, e.requestId, ref);
      db.prepare("DELETE FROM outbox WHERE state = 'done' AND at < ?").run(e.at - keptMs);
    },
    release: async () => undefined,
    retry: async (e, dueAt, why) => { settle.run('waiting', dueAt, why, e.id); },
    dead: async (e, why) => { settle.run('dead', e.dueAt, why, e.id); },
    async ref(channel, requestId) {
      const row = db.prepare('SELECT ref FROM message WHERE channel = ? AND request = ?').get(channel, requestId);
      return row === undefined ? undefined : String(row.ref);
    },
    deadLetters: async () => db.prepare("SELECT id, channel, request, type, at, attempts, why FROM outbox WHERE state = 'dead' ORDER BY rowid").all().map(letterOf),
    revive: async (channel, now) => Number(db.prepare("UPDATE outbox SET state = 'waiting', attempts = 0, due = ? WHERE channel = ? AND state = 'dead'").run(now, channel).changes),
    close: async () => db.close(),
  };
}
