/**
 * The store for several instances behind a load balancer. Writes of all instances take one advisory lock per batch, because
 * the audit chain is one chain; LISTEN/NOTIFY tells the other instances that there is something new.
 */
import pg from 'pg';
import type { AuditHead } from '../audit/record.ts';
import { createGroupCommit } from './group-commit.ts';
import { channel, readNeeds, type Batch } from './postgres-batch.ts';
import { batchedReadsOver, queryOver } from './postgres-queries.ts';
import { serviceName } from './open-store.ts';
import { erasableRows, headOf, type Row } from './rows.ts';
import type { Needs, Store, Transaction } from './store.ts';

export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** Schema of the tables; made when absent. Default `pii_gate`. */
  readonly schema?: string;
  readonly poolSize?: number;
  /** What the server shows of these connections. Default: an instance of the service. */
  readonly applicationName?: string;
  readonly onError?: (where: string, error: unknown) => void;
}

/** Any number, the same in every instance. */
const writeLock = 7_205_191;

/** Applied in order, once each. Never edit one that was released: add another. */
const migrations = [`
CREATE TABLE requests (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, requester TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, due_at BIGINT NOT NULL, doc TEXT NOT NULL,
  UNIQUE (requester, idempotency_key)
);
CREATE INDEX requests_by_state ON requests (state, created_at);
CREATE INDEX requests_by_requester ON requests (requester, created_at);
CREATE INDEX requests_due ON requests (due_at) WHERE state IN ('pending', 'changes_requested', 'approved');
CREATE TABLE grants (
  jti TEXT PRIMARY KEY, request TEXT NOT NULL REFERENCES requests (id), subject TEXT NOT NULL, digest TEXT NOT NULL,
  capability TEXT NOT NULL, one_time BOOLEAN NOT NULL, not_before BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  state TEXT NOT NULL, uses INTEGER NOT NULL, claims TEXT NOT NULL
);
CREATE TABLE receipts (jti TEXT NOT NULL REFERENCES grants (jti), nonce TEXT NOT NULL, claims TEXT NOT NULL, PRIMARY KEY (jti, nonce));
CREATE TABLE audit (seq BIGINT PRIMARY KEY, hash TEXT NOT NULL, record TEXT NOT NULL);
`, `
CREATE INDEX grants_window ON grants (subject, digest) WHERE state = 'live' AND NOT one_time;
`, `
CREATE TABLE outbox (
  n BIGINT GENERATED ALWAYS AS IDENTITY, id TEXT PRIMARY KEY, channel TEXT NOT NULL, request TEXT NOT NULL, type TEXT NOT NULL, at BIGINT NOT NULL,
  version BIGINT NOT NULL, summary TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due BIGINT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', why TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_waiting ON outbox (channel, due) WHERE state = 'waiting';
CREATE INDEX outbox_by_request ON outbox (channel, request, version);
CREATE TABLE outbox_message (channel TEXT NOT NULL, request TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (channel, request));
CREATE TABLE outbox_position (one INTEGER PRIMARY KEY CHECK (one = 1), seq BIGINT NOT NULL);
`, `
CREATE INDEX requests_erasable ON requests (updated_at) WHERE ${erasableRows};
`];

export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const schema = options.schema ?? 'pii_gate';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is not a schema name: a-z, 0-9 and _ only`);
  const onError = options.onError ?? (() => undefined);
  const connection = { connectionString: options.url, options: `-c search_path=${schema}`, keepAlive: true, application_name: options.applicationName ?? serviceName, connectionTimeoutMillis: 10_000 };
  const pool = openPool({ ...connection, max: options.poolSize ?? 8 }, (error) => onError('postgresql pool', error));
  await migrate(pool, schema);
  const reads = batchedReadsOver(queryOver(pool));
  const listeners = new Set<(head: AuditHead) => void>();
  const tell = (head: AuditHead): void => {
    for (const listener of listeners) listener(head);
  };
  const announce = (payload?: string): void => {
    const [, seq, hash] = /^(\d+) (\S+)$/.exec(payload ?? '') ?? [];
    if (seq !== undefined && hash !== undefined) tell({ seq: Number(seq), hash });
    else if (listeners.size > 0) reads.auditHead().then(tell, (error: unknown) => onError('postgresql head', error));
  };
  const ear = createEar(connection, listenQuery(schema), announce, onError);
  await ear.start();
  let closing: Promise<void> | undefined;
  // One connection, on which a burst of statements is sent without waiting for the answer to each.
  const writing = openPool({ ...connection, max: 1, pipeline: true } as pg.PoolConfig, (error) => onError('postgresql writer', error));
  const writer = createWriter(writing);
  // The notification of one's own commit comes back as well: one path for both.
  const group = createGroupCommit(writer, () => undefined);
  return {
    kind: 'postgresql',
    read: reads,
    write: group.write,
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async instances() {
      // Each instance listens on one connection of its own.
      const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database() AND query = $2`, [serviceName, listenQuery(schema)]);
      return Number(rows[0]?.count ?? 0);
    },
    close() {
      closing ??= (async () => {
        await group.close();
        listeners.clear();
        await ear.stop();
        await writing.end();
        await pool.end();
      })();
      return closing;
    },
  };
}

/** A connection may be lost while nobody waits for it, in the pool or out of it: whoever uses it next is told. */
function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

async function migrate(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [writeLock]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`CREATE TABLE IF NOT EXISTS ${schema}.schema_version (version INTEGER NOT NULL)`);
    const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version');
    const version = rows[0]?.version ?? 0;
    if (version > migrations.length) throw new Error(`The store was made by a newer version (schema ${version}, this one knows ${migrations.length}). Use that one.`);
    for (const migration of migrations.slice(version)) await client.query(migration);
    await client.query(rows.length === 0 ? 'INSERT INTO schema_version VALUES ($1)' : 'UPDATE schema_version SET version = $1', [migrations.length]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** One batch at a time on one connection, under the lock. */
function createWriter(pool: pg.Pool) {
  let client: pg.PoolClient | undefined;
  let batch: Batch | undefined;
  const release = (broken?: Error): void => {
    client?.release(broken);
    client = undefined;
    batch = undefined;
  };
  return {
    async begin(needs: readonly Needs[]): Promise<Transaction> {
      client = await pool.connect();
      // One burst. The snapshot of each statement is taken after the lock (READ COMMITTED), so what is read is the newest.
      const opened = client.query(`BEGIN; SELECT pg_advisory_xact_lock(${writeLock}); SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`);
      const [results, read] = await Promise.all([opened, readNeeds(queryOver(client), needs)]);
      batch = read(headOf((results as unknown as pg.QueryResult<Row>[])[2]?.rows[0]));
      return batch.transaction;
    },
    async commit(): Promise<void> {
      if (!client || !batch) throw new Error('There is no batch to commit');
      // One burst again: when the write fails, the server turns this COMMIT into a ROLLBACK.
      const [, { command }] = await Promise.all([batch.flush(), client.query('COMMIT')]);
      if (command !== 'COMMIT') throw new Error('The batch was rolled back');
      release();
    },
    async rollback(): Promise<void> {
      try {
        await client?.query('ROLLBACK');
        release();
      } catch (error) {
        release(error instanceof Error ? error : new Error('rollback failed'));
      }
    },
  };
}

/** Names the schema as well: stores in one database hear of each other's commits, but are counted apart. */
function listenQuery(schema: string): string {
  return `LISTEN ${channel} -- ${schema}`;
}

/** A connection that only listens, and comes back when it was lost: then whatever was missed is announced at once. */
function createEar(connection: pg.ClientConfig, listen: string, announce: (payload?: string) => void, onError: (where: string, error: unknown) => void) {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  async function start(): Promise<void> {
    const fresh = new pg.Client(connection);
    fresh.on('notification', ({ payload }) => announce(payload));
    fresh.on('error', (error) => onError('postgresql listen', error));
    fresh.on('end', () => {
      if (!stopped && client === fresh) again();
    });
    await fresh.connect();
    await fresh.query(listen);
    client = fresh;
    announce();
  }
  function again(): void {
    retry = setTimeout(() => {
      start().catch((error: unknown) => {
        onError('postgresql listen', error);
        if (!stopped) again();
      });
    }, 500);
  }
  return {
    start,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
