/**
 * The embedded store: one SQLite file with a write-ahead log, flushed before anything is acknowledged: it survives `kill -9` and a
 * power cut.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditHead } from '../audit/record.ts';
import { createGroupCommit } from './group-commit.ts';
import { erasableRows, grantOf, headOf, openStates, receiptOf, recordOf, requestOf, type Row } from './rows.ts';
import type { Reads, Store, Transaction } from './store.ts';
import { openWalSync } from './wal-sync.ts';

/** Applied in order, once each; `PRAGMA user_version` counts them. Never edit one that was released: add another. */
const migrations = [`
CREATE TABLE IF NOT EXISTS requests (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, requester TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, due_at INTEGER NOT NULL, doc TEXT NOT NULL,
  UNIQUE (requester, idempotency_key)
) STRICT;
CREATE INDEX IF NOT EXISTS requests_by_state ON requests (state, created_at);
CREATE INDEX IF NOT EXISTS requests_by_requester ON requests (requester, created_at);
CREATE INDEX IF NOT EXISTS requests_due ON requests (due_at) WHERE state IN ('pending', 'changes_requested', 'approved');
CREATE TABLE IF NOT EXISTS grants (
  jti TEXT PRIMARY KEY, request TEXT NOT NULL REFERENCES requests (id), subject TEXT NOT NULL, digest TEXT NOT NULL,
  capability TEXT NOT NULL, one_time INTEGER NOT NULL, not_before INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  state TEXT NOT NULL, uses INTEGER NOT NULL, claims TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS receipts (
  jti TEXT NOT NULL REFERENCES grants (jti), nonce TEXT NOT NULL, claims TEXT NOT NULL, PRIMARY KEY (jti, nonce)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, record TEXT NOT NULL) STRICT;
`, `
CREATE INDEX IF NOT EXISTS grants_window ON grants (subject, digest) WHERE state = 'live' AND one_time = 0;
`, `
CREATE INDEX IF NOT EXISTS requests_erasable ON requests (updated_at) WHERE ${erasableRows};
`];

/** Opens (or makes) the file. Needs Node 22.13 or newer, or 24. */
export async function openSqliteStore(path: string): Promise<Store> {
  const { DatabaseSync } = await import('node:sqlite');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path);
  if (path !== ':memory:' && process.platform !== 'win32') chmodSync(path, 0o600);
  // A checkpoint blocks: rarer (16 MB of log) and larger ones cost less in all.
  database.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  migrate(database);
  const log = path === ':memory:' ? undefined : openWalSync(path);
  const transaction = statements(database);
  const listeners = new Set<(head: AuditHead) => void>();
  const group = createGroupCommit(
    {
      begin: async () => {
        database.exec('BEGIN IMMEDIATE');
        return transaction;
      },
      async commit() {
        database.exec('COMMIT');
        await log?.flush();
      },
      rollback: async () => {
        if (database.isTransaction) database.exec('ROLLBACK');
      },
    },
    () => {
      if (listeners.size === 0) return;
      void transaction.auditHead().then((head) => {
        for (const listener of listeners) listener(head);
      });
    },
  );
  return {
    kind: 'sqlite',
    read: transaction,
    write: group.write,
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await group.close();
      listeners.clear();
      if (!database.isOpen) return;
      database.close();
      await log?.close();
    },
  };
}

function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > migrations.length) {
    database.exec('ROLLBACK');
    throw new Error(`The store was made by a newer version (schema ${version}, this one knows ${migrations.length}). Use that one.`);
  }
  for (const migration of migrations.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/** Copies a live store to `target` with SQLite's online backup; the copy is consistent. Returns the pages copied. */
export async function backupSqlite(path: string, target: string): Promise<number> {
  const { DatabaseSync, backup } = await import('node:sqlite');
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    const pages = await backup(source, target);
    if (process.platform !== 'win32') chmodSync(target, 0o600);
    return pages;
  } finally {
    source.close();
  }
}

function statements(database: DatabaseSync): Transaction {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  const requestById = prepare('SELECT doc FROM requests WHERE id = ?');
  const requestByKey = prepare('SELECT doc FROM requests WHERE requester = ? AND idempotency_key = ?');
  const due = prepare(`SELECT doc FROM requests WHERE due_at <= ? AND state IN ${openStates} ORDER BY due_at LIMIT ?`);
  const erasable = prepare(`SELECT doc FROM requests WHERE updated_at < ? AND ${erasableRows} ORDER BY updated_at LIMIT ?`);
  const insertRequest = prepare('INSERT INTO requests (id, state, requester, idempotency_key, created_at, updated_at, due_at, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const replaceRequest = prepare('UPDATE requests SET state = ?, updated_at = ?, due_at = ?, doc = ? WHERE id = ? AND state = ? AND updated_at = ?');
  const grantById = prepare('SELECT jti, request, subject, state, uses, claims FROM grants WHERE jti = ?');
  const windowGrants = prepare(`SELECT jti, request, subject, state, uses, claims FROM grants WHERE subject = ? AND digest = ? AND state = 'live' AND one_time = 0 AND not_before <= ? AND expires_at > ?`);
  const insertGrant = prepare('INSERT INTO grants (jti, request, subject, digest, capability, one_time, not_before, expires_at, state, uses, claims) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const useGrant = prepare(`UPDATE grants SET uses = uses + 1, state = CASE one_time WHEN 1 THEN 'consumed' ELSE state END
    WHERE jti = ? AND subject = ? AND digest = ? AND capability = ? AND state = 'live' AND not_before <= ? AND expires_at > ?
    RETURNING jti, request, subject, state, uses, claims`);
  const revokeGrant = prepare(`UPDATE grants SET state = 'revoked' WHERE jti = ? AND state = 'live'`);
  const receiptByNonce = prepare('SELECT claims FROM receipts WHERE jti = ? AND nonce = ?');
  const insertReceipt = prepare('INSERT INTO receipts (jti, nonce, claims) VALUES (?, ?, ?)');
  const auditHead = prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const auditAfter = prepare('SELECT record FROM audit WHERE seq > ? ORDER BY seq LIMIT ?');
  const deleteAudit = prepare('DELETE FROM audit WHERE seq <= ?');
  const insertAudit = prepare('INSERT INTO audit (seq, hash, record) VALUES (?, ?, ?)');

  const reads: Reads = {
    request: async (id) => maybe(requestById.get(id), requestOf),
    requestByKey: async (requester, key) => maybe(requestByKey.get(requester, key), requestOf),
    async requests(filter) {
      const where: string[] = ['created_at < ?'];
      const values: (string | number)[] = [filter.before ?? Number.MAX_SAFE_INTEGER];
      if (filter.since !== undefined) {
        where.push('created_at >= ?');
        values.push(filter.since);
      }
      if (filter.requester !== undefined) {
        where.push('requester = ?');
        values.push(filter.requester);
      }
      if (filter.states) {
        where.push(`state IN (${filter.states.map(() => '?').join(', ')})`);
        values.push(...filter.states);
      }
      const rows = prepare(`SELECT doc FROM requests WHERE ${where.join(' AND ')} ORDER BY created_at DESC, id LIMIT ?`).all(...values, filter.limit);
      return rows.map(requestOf);
    },
    due: async (now, limit) => due.all(now, limit).map(requestOf),
    erasable: async (before, limit) => erasable.all(before, limit).map(requestOf),
    grant: async (jti) => maybe(grantById.get(jti), grantOf),
    windowGrants: async (subject, digest, now) => windowGrants.all(subject, digest, now, now).map(grantOf),
    receipt: async (jti, nonce) => maybe(receiptByNonce.get(jti, nonce), receiptOf),
    auditHead: async () => headOf(auditHead.get()),
    audit: async (after, limit) => auditAfter.all(after, limit).map(recordOf),
  };
  return {
    ...reads,
    async insertRequest(r) {
      insertRequest.run(r.id, r.state, r.requester.id, r.idempotencyKey, r.createdAt, r.updatedAt, r.dueAt, JSON.stringify(r));
    },
    async replaceRequest(seen, r) {
      return Number(replaceRequest.run(r.state, r.updatedAt, r.dueAt, JSON.stringify(r), seen.id, seen.state, seen.updatedAt).changes) === 1;
    },
    async insertGrant(g) {
      const { claims } = g;
      insertGrant.run(
        g.jti, g.request, g.subject, claims.binding.digest, claims.binding.capability, claims.scope.use === 'once' ? 1 : 0,
        claims.nbf, claims.exp, g.state, g.uses, JSON.stringify(claims),
      );
    },
    useGrant: async (use) => maybe(useGrant.get(use.jti, use.subject, use.digest, use.capability, use.now, use.now), grantOf),
    revokeGrant: async (jti) => Number(revokeGrant.run(jti).changes) === 1,
    async insertReceipt(receipt) {
      insertReceipt.run(receipt.grant, receipt.nonce, JSON.stringify(receipt));
    },
    async deleteAuditThrough(seq) {
      deleteAudit.run(seq);
    },
    async insertAudit(record) {
      insertAudit.run(record.seq, record.hash, JSON.stringify(record));
    },
  };
}

function maybe<T>(row: Row | undefined, of: (row: Row) => T): T | undefined {
  return row && of(row);
}
