/**
 * One batch of units of work on PostgreSQL, in two bursts: everything the units said they need is read at once, and everything
 * they changed is written by one statement. In between they work on what was read, in memory.
 *
 * That is sound because the batch holds the advisory lock that every writer of every instance takes: nobody else changes a
 * row meanwhile. The statement still compares each row with what was seen (compare-and-set), so a writer without the lock
 * would make the batch fail, not lose its change.
 */
import type { ConsumptionReceipt } from '#core/wire/approval.ts';
import type { AuditHead, AuditRecord } from '../audit/record.ts';
import { grantColumns, readsOver, type Query } from './postgres-queries.ts';
import { grantOf, receiptOf, requestOf, type Row } from './rows.ts';
import type { Needs, StoredGrant, StoredRequest, Transaction } from './store.ts';

export interface Batch {
  readonly transaction: Transaction;
  /** Writes what was changed; resolves without a round trip when nothing was. */
  flush(): Promise<void>;
}

/** Something read, and what became of it. `before` undefined: it is not in the store; `after` undefined: it is nowhere. */
interface Entry<T> { readonly before: T | undefined; after: T | undefined }

const pair = (a: string, b: string): string => JSON.stringify([a, b]);

export async function readNeeds(query: Query, needs: readonly Needs[]): Promise<(start: AuditHead) => Batch> {
  const ids = [...new Set(needs.flatMap((need) => need.requests ?? []))];
  const keys = needs.flatMap((need) => need.keys ?? []);
  const jtis = [...new Set(needs.flatMap((need) => need.grants ?? []))];
  const windows = needs.flatMap((need) => need.windows ?? []);
  const nonces = needs.flatMap((need) => need.receipts ?? []);
  const requests = new Map<string, Entry<StoredRequest>>();
  const byKey = new Map<string, string | undefined>();
  const grants = new Map<string, Entry<StoredGrant>>();
  const receipts = new Map<string, Entry<ConsumptionReceipt>>();
  const none: readonly Row[] = [];
  // Sent together; the answers come in order.
  const [requestRows, grantRows, windowRows, receiptRows] = await Promise.all([
    ids.length + keys.length + jtis.length === 0 ? none : query(
      'needRequests',
      `SELECT doc FROM requests WHERE id = ANY($1)
       UNION ALL SELECT r.doc FROM grants g JOIN requests r ON r.id = g.request WHERE g.jti = ANY($2)
       UNION ALL SELECT r.doc FROM unnest($3::text[], $4::text[]) AS k (requester, key) JOIN requests r ON r.requester = k.requester AND r.idempotency_key = k.key`,
      [ids, jtis, keys.map(({ requester }) => requester), keys.map(({ key }) => key)],
    ),
    jtis.length === 0 ? none : query('needGrants', `SELECT ${grantColumns} FROM grants WHERE jti = ANY($1)`, [jtis]),
    windows.length === 0 ? none : query(
      'needWindows',
      `SELECT ${grantColumns} FROM grants WHERE state = 'live' AND NOT one_time AND (subject, digest) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [windows.map(({ subject }) => subject), windows.map(({ digest }) => digest)],
    ),
    nonces.length === 0 ? none : query(
      'needReceipts',
      'SELECT r.jti, r.nonce, r.claims FROM unnest($1::text[], $2::text[]) AS k (jti, nonce) JOIN receipts r ON r.jti = k.jti AND r.nonce = k.nonce',
      [nonces.map(({ jti }) => jti), nonces.map(({ nonce }) => nonce)],
    ),
  ]);
  // What was asked for and did not come is known not to be there.
  for (const id of ids) requests.set(id, { before: undefined, after: undefined });
  for (const { requester, key } of keys) byKey.set(pair(requester, key), undefined);
  for (const jti of jtis) grants.set(jti, { before: undefined, after: undefined });
  for (const { jti, nonce } of nonces) receipts.set(pair(jti, nonce), { before: undefined, after: undefined });
  const known: Known = { requests, byKey, grants, receipts, windows: new Set(windows.map(({ subject, digest }) => pair(subject, digest))) };
  for (const row of requestRows) keepRequest(known, requestOf(row));
  for (const row of [...grantRows, ...windowRows]) keep(grants, String(row.jti), grantOf(row));
  for (const row of receiptRows) keep(receipts, pair(String(row.jti), String(row.nonce)), receiptOf(row));
  return (start) => batchOver(query, known, start);
}

interface Known {
  readonly requests: Map<string, Entry<StoredRequest>>;
  readonly byKey: Map<string, string | undefined>;
  readonly grants: Map<string, Entry<StoredGrant>>;
  /** Subjects and digests whose live window grants are all among `grants`. */
  readonly windows: Set<string>;
  readonly receipts: Map<string, Entry<ConsumptionReceipt>>;
}

function keep<T>(entries: Map<string, Entry<T>>, key: string, value: T | undefined): T | undefined {
  entries.set(key, { before: value, after: value });
  return value;
}

function keepRequest({ requests, byKey }: Known, request: StoredRequest): StoredRequest {
  byKey.set(pair(request.requester.id, request.idempotencyKey), request.id);
  // Two ways to one request: what the batch made of it stands.
  return requests.get(request.id)?.after ?? keep(requests, request.id, request) ?? request;
}

function set<T>(entries: Map<string, Entry<T>>, key: string, value: T): void {
  const entry = entries.get(key);
  if (entry) entry.after = value;
  else entries.set(key, { before: undefined, after: value });
}

function batchOver(query: Query, known: Known, start: AuditHead): Batch {
  const { requests, byKey, grants, windows, receipts } = known;
  const stored = readsOver(query);
  const records: AuditRecord[] = [];
  let head = start;
  let dirty = false;

  async function flush(): Promise<void> {
    if (!dirty) return;
    dirty = false;
    await writeChanges(query, known, records.splice(0));
    for (const entries of [requests, grants, receipts] as readonly Map<string, Entry<unknown>>[]) for (const [key, { after }] of entries) entries.set(key, { before: after, after });
  }

  const transaction: Transaction = {
    async request(id) {
      const entry = requests.get(id);
      if (entry) return entry.after;
      const request = await stored.request(id);
      return request ? keepRequest(known, request) : keep(requests, id, undefined);
    },
    async requestByKey(requester, key) {
      const at = pair(requester, key);
      if (byKey.has(at)) {
        const id = byKey.get(at);
        return id === undefined ? undefined : transaction.request(id);
      }
      const request = await stored.requestByKey(requester, key);
      if (request) return keepRequest(known, request);
      byKey.set(at, undefined);
      return undefined;
    },
    // By a condition: the store must know what the batch changed.
    async requests(filter) {
      await flush();
      return stored.requests(filter);
    },
    async due(now, limit) {
      await flush();
      return stored.due(now, limit);
    },
    async erasable(before, limit) {
      await flush();
      return stored.erasable(before, limit);
    },
    async grant(jti) {
      const entry = grants.get(jti);
      return entry ? entry.after : keep(grants, jti, await stored.grant(jti));
    },
    async windowGrants(subject, digest, now) {
      const at = pair(subject, digest);
      if (!windows.has(at)) {
        for (const grant of await stored.windowGrants(subject, digest, now)) if (!grants.has(grant.jti)) keep(grants, grant.jti, grant);
        windows.add(at);
      }
      return [...grants.values()].flatMap(({ after }) => (after && isOpenWindow(after, subject, digest, now) ? [after] : []));
    },
    async receipt(jti, nonce) {
      const entry = receipts.get(pair(jti, nonce));
      return entry ? entry.after : keep(receipts, pair(jti, nonce), await stored.receipt(jti, nonce));
    },
    auditHead: async () => head,
    async audit(after, limit) {
      await flush();
      return stored.audit(after, limit);
    },
    async insertRequest(request) {
      if ((await transaction.requestByKey(request.requester.id, request.idempotencyKey)) || requests.get(request.id)?.after) throw new Error('There is a request with this key already');
      set(requests, request.id, request);
      byKey.set(pair(request.requester.id, request.idempotencyKey), request.id);
      dirty = true;
    },
    async replaceRequest(seen, request) {
      const current = await transaction.request(seen.id);
      if (!current || current.state !== seen.state || current.updatedAt !== seen.updatedAt) return false;
      set(requests, seen.id, request);
      dirty = true;
      return true;
    },
    async insertGrant(grant) {
      set(grants, grant.jti, grant);
      dirty = true;
    },
    async useGrant(use) {
      const grant = await transaction.grant(use.jti);
      if (grant?.state !== 'live' || grant.subject !== use.subject) return undefined;
      const { binding, scope, nbf, exp } = grant.claims;
      if (binding.digest !== use.digest || binding.capability !== use.capability || nbf > use.now || exp <= use.now) return undefined;
      const used: StoredGrant = { ...grant, uses: grant.uses + 1, state: scope.use === 'once' ? 'consumed' : 'live' };
      set(grants, use.jti, used);
      dirty = true;
      return used;
    },
    async revokeGrant(jti) {
      const grant = await transaction.grant(jti);
      if (grant?.state !== 'live') return false;
      set(grants, jti, { ...grant, state: 'revoked' });
      dirty = true;
      return true;
    },
    async insertReceipt(receipt) {
      set(receipts, pair(receipt.grant, receipt.nonce), receipt);
      dirty = true;
    },
    async deleteAuditThrough(seq) {
      await flush();
      await query('deleteAudit', 'DELETE FROM audit WHERE seq <= $1', [seq]);
    },
    async insertAudit(record) {
      records.push(record);
      head = { seq: record.seq, hash: record.hash };
      dirty = true;
    },
  };
  return { transaction, flush };
}

function isOpenWindow({ state, subject, claims }: StoredGrant, whose: string, digest: string, now: number): boolean {
  return state === 'live' && subject === whose && claims.binding.digest === digest && claims.scope.use === 'window' && claims.nbf <= now && claims.exp > now;
}

/** What the listeners of every instance get with a commit: the new head, or nothing where only rows changed. */
export const channel = 'pii_gate_commit';

/** Everything in one statement: its parts see each other's effects only through the checks at its end (foreign keys), which is enough. */
const writeText = `
WITH new_requests AS (
  INSERT INTO requests (id, state, requester, idempotency_key, created_at, updated_at, due_at, doc)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
), changed_requests AS (
  UPDATE requests r SET state = n.state, updated_at = n.updated_at, due_at = n.due_at, doc = n.doc
  FROM unnest($9::text[], $10::text[], $11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::text[]) AS n (id, seen_state, seen_at, state, updated_at, due_at, doc)
  WHERE r.id = n.id AND r.state = n.seen_state AND r.updated_at = n.seen_at
  RETURNING 1
), new_grants AS (
  INSERT INTO grants (jti, request, subject, digest, capability, one_time, not_before, expires_at, state, uses, claims)
  SELECT * FROM unnest($16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::boolean[], $22::bigint[], $23::bigint[], $24::text[], $25::integer[], $26::text[])
), changed_grants AS (
  UPDATE grants g SET state = n.state, uses = n.uses
  FROM unnest($27::text[], $28::text[], $29::integer[], $30::text[], $31::integer[]) AS n (jti, seen_state, seen_uses, state, uses)
  WHERE g.jti = n.jti AND g.state = n.seen_state AND g.uses = n.seen_uses
  RETURNING 1
), new_receipts AS (
  INSERT INTO receipts (jti, nonce, claims) SELECT * FROM unnest($32::text[], $33::text[], $34::text[])
), new_audit AS (
  INSERT INTO audit (seq, hash, record) SELECT * FROM unnest($35::bigint[], $36::text[], $37::text[])
)
SELECT (SELECT count(*) FROM changed_requests) AS requests, (SELECT count(*) FROM changed_grants) AS grants, pg_notify('${channel}', $38)`;

async function writeChanges(query: Query, { requests, grants, receipts }: Known, records: readonly AuditRecord[]): Promise<void> {
  const added = <T>(entries: Map<string, Entry<T>>): T[] => [...entries.values()].flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : []));
  const changed = <T>(entries: Map<string, Entry<T>>): { before: T; after: T }[] =>
    [...entries.values()].flatMap(({ before, after }) => (before !== undefined && after !== undefined && before !== after ? [{ before, after }] : []));
  const [asked, replaced, granted, used, given] = [added(requests), changed(requests), added(grants), changed(grants), added(receipts)];
  const last = records.at(-1);
  const [row] = await query('writeBatch', writeText, [
    asked.map((r) => r.id), asked.map((r) => r.state), asked.map((r) => r.requester.id), asked.map((r) => r.idempotencyKey),
    asked.map((r) => r.createdAt), asked.map((r) => r.updatedAt), asked.map((r) => r.dueAt), asked.map((r) => JSON.stringify(r)),
    replaced.map((r) => r.after.id), replaced.map((r) => r.before.state), replaced.map((r) => r.before.updatedAt),
    replaced.map((r) => r.after.state), replaced.map((r) => r.after.updatedAt), replaced.map((r) => r.after.dueAt), replaced.map((r) => JSON.stringify(r.after)),
    granted.map((g) => g.jti), granted.map((g) => g.request), granted.map((g) => g.subject), granted.map((g) => g.claims.binding.digest), granted.map((g) => g.claims.binding.capability),
    granted.map((g) => g.claims.scope.use === 'once'), granted.map((g) => g.claims.nbf), granted.map((g) => g.claims.exp), granted.map((g) => g.state), granted.map((g) => g.uses), granted.map((g) => JSON.stringify(g.claims)),
    used.map((g) => g.after.jti), used.map((g) => g.before.state), used.map((g) => g.before.uses), used.map((g) => g.after.state), used.map((g) => g.after.uses),
    given.map((r) => r.grant), given.map((r) => r.nonce), given.map((r) => JSON.stringify(r)),
    records.map((r) => r.seq), records.map((r) => r.hash), records.map((r) => JSON.stringify(r)),
    last ? `${last.seq} ${last.hash}` : '',
  ]);
  if (Number(row?.requests) !== replaced.length || Number(row?.grants) !== used.length) throw new Error('A row was changed by a writer that does not hold the lock');
}
