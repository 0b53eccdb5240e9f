/**
 * The store for several instances behind a load balancer. Writes of all instances take one advisory lock per batch, because
 * the audit chain is one chain; LISTEN/NOTIFY tells the other instances that there is something new.
 */
import pg from 'pg';
import type { ConsumptionReceipt } from '#core/wire/approval.ts';
import { genesis, type AuditHead, type AuditRecord } from '../audit/record.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Reads, Store, StoredGrant, StoredRequest, Transaction } from './store.ts';

export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** Schema of the tables; made when absent. Default `pii_gate`. */
  readonly schema?: string;
  readonly poolSize?: number;
  readonly onError?: (where: string, error: unknown) => void;
}

/** Any number, the same in every instance. */
const writeLock = 7_205_191;
const channel = 'pii_gate_commit';

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
`];

type Row = Record<string, unknown>;
/** Runs a prepared statement: its text is its name's key. */
type Query = (name: string, text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const schema = options.schema ?? 'pii_gate';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is not a schema name: a-z, 0-9 and _ only`);
  const onError = options.onError ?? (() => undefined);
  const connection = { connectionString: options.url, options: `-c search_path=${schema}`, keepAlive: true };
  const pool = new pg.Pool({ ...connection, max: options.poolSize ?? 8 });
  pool.on('error', (error) => onError('postgresql pool', error));
  await migrate(pool, schema);
  const reads = readsOver(queryOver(pool));
  const listeners = new Set<(head: AuditHead) => void>();
  const announce = (): void => {
    if (listeners.size === 0) return;
    reads.auditHead().then((head) => {
      for (const listener of listeners) listener(head);
    }, (error: unknown) => onError('postgresql head', error));
  };
  const ear = createEar(connection, announce, onError);
  await ear.start();
  let closing: Promise<void> | undefined;
  const writer = createWriter(pool);
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
    close() {
      closing ??= (async () => {
        await group.close();
        listeners.clear();
        await ear.stop();
        await pool.end();
      })();
      return closing;
    },
  };
}

function queryOver(client: { query(config: pg.QueryConfig<unknown[]>): Promise<pg.QueryResult<Row>> }): Query {
  return async (name, text, values = []) => (await client.query({ name, text, values: [...values] })).rows;
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
  let flush: () => Promise<void> = async () => undefined;
  const release = (broken?: Error): void => {
    client?.release(broken);
    client = undefined;
  };
  return {
    async begin(): Promise<Transaction> {
      client = await pool.connect();
      const query = queryOver(client);
      // One round trip. The snapshot of each statement is taken after the lock (READ COMMITTED), so the head is the newest.
      const results = (await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${writeLock}); SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`)) as unknown as pg.QueryResult<Row>[];
      const head = results[2]?.rows[0];
      const batch = transactionOver(query, head ? { seq: Number(head.seq), hash: String(head.hash) } : genesis);
      flush = batch.flush;
      return batch.transaction;
    },
    async commit(): Promise<void> {
      await flush();
      await client?.query(`NOTIFY ${channel}; COMMIT`);
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

/** A connection that only listens, and comes back when it was lost: then whatever was missed is announced at once. */
function createEar(connection: pg.ClientConfig, announce: () => void, onError: (where: string, error: unknown) => void) {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  async function start(): Promise<void> {
    const fresh = new pg.Client(connection);
    fresh.on('notification', announce);
    fresh.on('error', (error) => onError('postgresql listen', error));
    fresh.on('end', () => {
      if (!stopped && client === fresh) again();
    });
    await fresh.connect();
    await fresh.query(`LISTEN ${channel}`);
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

function readsOver(query: Query): Reads {
  return {
    request: async (id) => fromDoc(await query('request', 'SELECT doc FROM requests WHERE id = $1', [id])),
    requestByKey: async (requester, key) => fromDoc(await query('requestByKey', 'SELECT doc FROM requests WHERE requester = $1 AND idempotency_key = $2', [requester, key])),
    async requests(filter) {
      const rows = await query(
        'requests',
        `SELECT doc FROM requests WHERE created_at < $1 AND created_at >= $2 AND ($3::text IS NULL OR requester = $3) AND ($4::text[] IS NULL OR state = ANY($4))
         ORDER BY created_at DESC, id LIMIT $5`,
        [filter.before ?? Number.MAX_SAFE_INTEGER, filter.since ?? 0, filter.requester ?? null, filter.states ?? null, filter.limit],
      );
      return rows.map(docOf);
    },
    due: async (now, limit) =>
      (await query('due', `SELECT doc FROM requests WHERE due_at <= $1 AND state IN ('pending', 'changes_requested', 'approved') ORDER BY due_at LIMIT $2`, [now, limit])).map(docOf),
    grant: async (jti) => fromGrantRow((await query('grant', 'SELECT jti, request, subject, state, uses, claims FROM grants WHERE jti = $1', [jti]))[0]),
    async receipt(jti, nonce) {
      const [row] = await query('receipt', 'SELECT claims FROM receipts WHERE jti = $1 AND nonce = $2', [jti, nonce]);
      return row ? (JSON.parse(String(row.claims)) as ConsumptionReceipt) : undefined;
    },
    async auditHead() {
      const [row] = await query('head', 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
      return row ? { seq: Number(row.seq), hash: String(row.hash) } : genesis;
    },
    audit: async (after, limit) =>
      (await query('audit', 'SELECT record FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2', [after, limit])).map((row) => JSON.parse(String(row.record)) as AuditRecord),
  };
}

/** Audit records are kept until the commit and written at once: within the batch only their head is asked for. */
function transactionOver(query: Query, start: AuditHead): { readonly transaction: Transaction; flush(): Promise<void> } {
  let head = start;
  const records: AuditRecord[] = [];
  const changed = (rows: readonly Row[]): boolean => rows.length === 1;
  const transaction: Transaction = {
    ...readsOver(query),
    auditHead: async () => head,
    async insertRequest(r) {
      await query('insertRequest', 'INSERT INTO requests (id, state, requester, idempotency_key, created_at, updated_at, due_at, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
        r.id, r.state, r.requester.id, r.idempotencyKey, r.createdAt, r.updatedAt, r.dueAt, JSON.stringify(r),
      ]);
    },
    replaceRequest: async (seen, r) =>
      changed(await query('replaceRequest', 'UPDATE requests SET state = $1, updated_at = $2, due_at = $3, doc = $4 WHERE id = $5 AND state = $6 AND updated_at = $7 RETURNING id', [
        r.state, r.updatedAt, r.dueAt, JSON.stringify(r), seen.id, seen.state, seen.updatedAt,
      ])),
    async insertGrant(g) {
      const { claims } = g;
      await query('insertGrant', 'INSERT INTO grants (jti, request, subject, digest, capability, one_time, not_before, expires_at, state, uses, claims) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
        g.jti, g.request, g.subject, claims.binding.digest, claims.binding.capability, claims.scope.use === 'once', claims.nbf, claims.exp, g.state, g.uses, JSON.stringify(claims),
      ]);
    },
    useGrant: async (use) =>
      fromGrantRow((await query(
        'useGrant',
        `UPDATE grants SET uses = uses + 1, state = CASE WHEN one_time THEN 'consumed' ELSE state END
         WHERE jti = $1 AND subject = $2 AND digest = $3 AND capability = $4 AND state = 'live' AND not_before <= $5 AND expires_at > $5
         RETURNING jti, request, subject, state, uses, claims`,
        [use.jti, use.subject, use.digest, use.capability, use.now],
      ))[0]),
    revokeGrant: async (jti) => changed(await query('revokeGrant', `UPDATE grants SET state = 'revoked' WHERE jti = $1 AND state = 'live' RETURNING jti`, [jti])),
    async insertReceipt(receipt) {
      await query('insertReceipt', 'INSERT INTO receipts (jti, nonce, claims) VALUES ($1, $2, $3)', [receipt.grant, receipt.nonce, JSON.stringify(receipt)]);
    },
    async deleteAuditThrough(seq) {
      await query('deleteAudit', 'DELETE FROM audit WHERE seq <= $1', [seq]);
    },
    async insertAudit(record) {
      records.push(record);
      head = { seq: record.seq, hash: record.hash };
    },
  };
  return {
    transaction,
    async flush() {
      if (records.length === 0) return;
      await query('insertAudit', 'INSERT INTO audit (seq, hash, record) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])', [
        records.map((record) => record.seq), records.map((record) => record.hash), records.map((record) => JSON.stringify(record)),
      ]);
    },
  };
}

function docOf(row: Row): StoredRequest {
  return JSON.parse(String(row.doc)) as StoredRequest;
}

function fromDoc(rows: readonly Row[]): StoredRequest | undefined {
  return rows[0] && docOf(rows[0]);
}

function fromGrantRow(row: Row | undefined): StoredGrant | undefined {
  if (!row) return undefined;
  return {
    jti: String(row.jti),
    request: String(row.request),
    subject: String(row.subject),
    state: String(row.state) as StoredGrant['state'],
    uses: Number(row.uses),
    claims: JSON.parse(String(row.claims)) as StoredGrant['claims'],
  };
}
