/** Prepared statements over one connection or a pool, and the reads that both the service and a transaction do with them. */
import type pg from 'pg';
import { erasableRows, grantOf, headOf, openStates, receiptOf, recordOf, requestOf, type Row } from './rows.ts';
import type { Reads } from './store.ts';

/** Runs a prepared statement: its name stands for its text, on every connection. */
export type Query = (name: string, text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export function queryOver(client: { query(config: pg.QueryConfig<unknown[]>): Promise<pg.QueryResult<Row>> }): Query {
  return async (name, text, values = []) => (await client.query({ name, text, values: [...values] })).rows;
}

export const grantColumns = 'jti, request, subject, state, uses, claims';
const headQuery = 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1';

/** What is read by a condition, or one by one. */
export function readsOver(query: Query): Reads {
  const first = async <T>(rows: Promise<readonly Row[]>, of: (row: Row) => T): Promise<T | undefined> => {
    const [row] = await rows;
    return row && of(row);
  };
  return {
    request: (id) => first(query('request', 'SELECT doc FROM requests WHERE id = $1', [id]), requestOf),
    requestByKey: (requester, key) => first(query('requestByKey', 'SELECT doc FROM requests WHERE requester = $1 AND idempotency_key = $2', [requester, key]), requestOf),
    async requests(filter) {
      const rows = await query(
        'requests',
        `SELECT doc FROM requests WHERE created_at < $1 AND created_at >= $2 AND ($3::text IS NULL OR requester = $3) AND ($4::text[] IS NULL OR state = ANY($4))
         ORDER BY created_at DESC, id LIMIT $5`,
        [filter.before ?? Number.MAX_SAFE_INTEGER, filter.since ?? 0, filter.requester ?? null, filter.states ?? null, filter.limit],
      );
      return rows.map(requestOf);
    },
    due: async (now, limit) => (await query('due', `SELECT doc FROM requests WHERE due_at <= $1 AND state IN ${openStates} ORDER BY due_at LIMIT $2`, [now, limit])).map(requestOf),
    erasable: async (before, limit) => (await query('erasable', `SELECT doc FROM requests WHERE updated_at < $1 AND ${erasableRows} ORDER BY updated_at LIMIT $2`, [before, limit])).map(requestOf),
    grant: (jti) => first(query('grant', `SELECT ${grantColumns} FROM grants WHERE jti = $1`, [jti]), grantOf),
    windowGrants: async (subject, digest, now) => (await query(
      'windowGrants', `SELECT ${grantColumns} FROM grants WHERE subject = $1 AND digest = $2 AND state = 'live' AND NOT one_time AND not_before <= $3 AND expires_at > $3`, [subject, digest, now],
    )).map(grantOf),
    receipt: (jti, nonce) => first(query('receipt', 'SELECT claims FROM receipts WHERE jti = $1 AND nonce = $2', [jti, nonce]), receiptOf),
    async auditHead() {
      return headOf((await query('head', headQuery))[0]);
    },
    audit: async (after, limit) => (await query('audit', 'SELECT record FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2', [after, limit])).map(recordOf),
  };
}

/**
 * The same, with single requests and grants that are asked for within one turn of the event loop fetched together: a statement
 * costs the client more than the row does.
 */
export function batchedReadsOver(query: Query): Reads {
  return {
    ...readsOver(query),
    request: gather(async (ids) => keyed((await query('requestsById', 'SELECT id, doc FROM requests WHERE id = ANY($1)', [ids])), 'id', requestOf)),
    grant: gather(async (ids) => keyed((await query('grantsById', `SELECT ${grantColumns} FROM grants WHERE jti = ANY($1)`, [ids])), 'jti', grantOf)),
  };
}

function keyed<T>(rows: readonly Row[], key: string, of: (row: Row) => T): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [String(row[key]), of(row)]));
}

/** Values are shared among those who asked in the same turn: they are read-only. */
function gather<T>(fetchAll: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>): (id: string) => Promise<T | undefined> {
  let waiting: { readonly ids: Set<string>; readonly found: Promise<ReadonlyMap<string, T>> } | undefined;
  return async (id) => {
    waiting ??= (() => {
      const ids = new Set<string>();
      const found = new Promise<ReadonlyMap<string, T>>((resolve, reject) => {
        setImmediate(() => {
          waiting = undefined;
          fetchAll([...ids]).then(resolve, reject);
        });
      });
      return { ids, found };
    })();
    const batch = waiting;
    batch.ids.add(id);
    return (await batch.found).get(id);
  };
}
