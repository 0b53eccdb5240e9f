/**
 * The outbox of all instances on one PostgreSQL: each of them enqueues what it hears and delivers what it can take. Nobody leads;
 * a row that is locked or leased is passed over (`FOR UPDATE SKIP LOCKED`), and a lease that runs out frees what a dead instance held.
 */
import pg from 'pg';
import { entryOf, keptMs, letterOf, type Entry, type OutboxStore } from './outbox-store.ts';

export interface SharedOutboxOptions {
  /** As of the store, which has made the tables. */
  readonly url: string;
  readonly schema?: string;
  readonly onError: (where: string, error: unknown) => void;
}

/** Any number, the same in every instance: one enqueues at a time, so that a request's entries are numbered in their order. */
const enqueueLock = 7_205_192;

export function openSharedOutbox({ url, schema = 'pii_gate', onError }: SharedOutboxOptions): OutboxStore {
  const pool = new pg.Pool({ connectionString: url, options: `-c search_path=${schema}`, max: 3, keepAlive: true, application_name: 'pii-gate channels', connectionTimeoutMillis: 10_000 });
  const lost = (error: Error): void => onError('postgresql channels', error);
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  const rows = async (text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> => (await pool.query<Record<string, unknown>>(text, [...values])).rows;
  const settle = async (entry: Entry, state: 'waiting' | 'done' | 'dead', due: number, why: string): Promise<void> => {
    await rows('UPDATE outbox SET state = $1, attempts = attempts + 1, due = $2, why = $3 WHERE id = $4', [state, due, why, entry.id]);
  };

  return {
    async cursor() {
      const [row] = await rows('SELECT seq FROM outbox_position');
      return row && Number(row.seq);
    },
    async add(entries, cursor) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('SELECT pg_advisory_xact_lock($1)', [enqueueLock]);
        if (entries.length > 0) {
          await client.query(
            `INSERT INTO outbox (id, channel, request, type, at, version, summary, due)
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[]) AS e (id, channel, request, type, at, version, summary, due)
             WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.channel = e.channel AND o.request = e.request AND o.version > e.version)
             ORDER BY e.version ON CONFLICT (id) DO NOTHING`,
            [entries.map((e) => e.id), entries.map((e) => e.channel), entries.map((e) => e.requestId), entries.map((e) => e.type), entries.map((e) => e.at),
              entries.map((e) => e.version), entries.map((e) => JSON.stringify(e.summary)), entries.map((e) => e.dueAt)],
          );
        }
        await client.query('INSERT INTO outbox_position (one, seq) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET seq = greatest(outbox_position.seq, excluded.seq)', [cursor]);
        await client.query('COMMIT');
        client.release();
      } catch (error) {
        // The connection goes with whatever state it is in.
        client.release(true);
        throw error;
      }
    },
    async claim(channel, now, leaseMs) {
      const [row] = await rows(
        `UPDATE outbox SET due = $3 WHERE id = (
           SELECT o.id FROM outbox o WHERE o.channel = $1 AND o.state = 'waiting' AND o.due <= $2
             AND NOT EXISTS (SELECT 1 FROM outbox older WHERE older.channel = o.channel AND older.request = o.request AND older.state = 'waiting' AND older.n < o.n)
           ORDER BY o.n LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
        [channel, now, now + leaseMs],
      );
      return row && entryOf(row);
    },
    async nextDue(channel) {
      const [row] = await rows("SELECT min(due) AS due FROM outbox WHERE channel = $1 AND state = 'waiting'", [channel]);
      return row?.due === null || row?.due === undefined ? undefined : Number(row.due);
    },
    async done(entry, ref) {
      if (ref !== undefined) await rows('INSERT INTO outbox_message (channel, request, ref) VALUES ($1, $2, $3) ON CONFLICT (channel, request) DO UPDATE SET ref = excluded.ref', [entry.channel, entry.requestId, ref]);
      await settle(entry, 'done', entry.dueAt, '');
      await rows("DELETE FROM outbox WHERE state = 'done' AND at < $1", [entry.at - keptMs]);
    },
    async release(entry) {
      await rows('UPDATE outbox SET due = $1 WHERE id = $2', [entry.at, entry.id]);
    },
    retry: (entry, dueAt, why) => settle(entry, 'waiting', dueAt, why),
    dead: (entry, why) => settle(entry, 'dead', entry.dueAt, why),
    async ref(channel, requestId) {
      const [row] = await rows('SELECT ref FROM outbox_message WHERE channel = $1 AND request = $2', [channel, requestId]);
      return row && String(row.ref);
    },
    deadLetters: async () => (await rows("SELECT id, channel, request, type, at, attempts, why FROM outbox WHERE state = 'dead' ORDER BY n")).map(letterOf),
    revive: async (channel, now) => (await rows("UPDATE outbox SET state = 'waiting', attempts = 0, due = $1 WHERE channel = $2 AND state = 'dead' RETURNING id", [now, channel])).length,
    close: () => pool.end(),
  };
}
