/** What every store must do. Run against node:sqlite beside the sources and against PostgreSQL in test/databases. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createAuditLog, type AuditLog } from '../audit/log.ts';
import { trailOfStore } from '../audit/read-trail.ts';
import { verifyAudit } from '../audit/verify.ts';
import { signingKey, type SigningKey } from '../keys/key-files.ts';
import type { Store, StoredGrant, StoredRequest } from '../store/store.ts';
import { sampleRequest } from './sample.ts';

function storedRequest(changes: Partial<StoredRequest> = {}): StoredRequest {
  return {
    ...sampleRequest(), id: randomUUID(), state: 'pending', requester: { id: 'dana', name: 'Dana ☃', roles: ['developer'] },
    verdict: { effect: 'review', rules: ['r'], why: 'w', approvers: [{ anyOf: ['data-steward'], count: 1 }], reason: { required: true }, maskColumns: [], policyVersion: 'v' },
    decisions: [], createdAt: 1_000, updatedAt: 1_000, expiresAt: 5_000, dueAt: 5_000, roundStart: 0, selves: ['dana'], pendingTtlMs: 1, trace: [], bodyHash: 'h',
    ...changes,
  };
}

function storedGrant(request: StoredRequest, use: 'once' | 'window' = 'once'): StoredGrant {
  const jti = randomUUID();
  const { binding } = request;
  return {
    jti, request: request.id, subject: 'dana', state: 'live', uses: 0,
    claims: { iss: 'i', aud: 'pii-gate-editor', sub: 'dana', jti, iat: 100, nbf: 100, exp: 200, req: request.id, binding, scope: { ...request.scope, use }, constraints: {}, policyVersion: 'v' },
  };
}

/** @param open opens the same empty store; called once for each test file */
export function storeSuite(open: () => Promise<Store>, close: (store: Store) => Promise<void>): void {
  let opened: Promise<{ store: Store; key: SigningKey; audit: AuditLog }> | undefined;
  const setUp = () => {
    opened ??= (async () => {
      const key = await signingKey(generateKeyPairSync('ed25519').privateKey);
      return { store: await open(), key, audit: createAuditLog(key, () => 1) };
    })();
    return opened;
  };
  const insert = async (request: StoredRequest, grant?: StoredGrant): Promise<void> => {
    const { store } = await setUp();
    await store.write(async (transaction) => {
      await transaction.insertRequest(request);
      if (grant) await transaction.insertGrant(grant);
    });
  };
  const use = (grant: StoredGrant, changes: object = {}) => ({
    jti: grant.jti, subject: 'dana', digest: grant.claims.binding.digest, capability: 'run', now: 150, ...changes,
  });

  test('a request comes back as it was put, by id and by key', async () => {
    const { store } = await setUp();
    const request = storedRequest();
    await insert(request);
    assert.deepEqual(await store.read.request(request.id), request);
    assert.deepEqual(await store.read.requestByKey('dana', request.idempotencyKey), request);
    assert.equal(await store.read.requestByKey('sam', request.idempotencyKey), undefined);
    assert.equal(await store.read.request('absent'), undefined);
  });

  test('a replacement only over what was seen', async () => {
    const { store } = await setUp();
    const request = storedRequest();
    await insert(request);
    const approved: StoredRequest = { ...request, state: 'approved', updatedAt: 1_001 };
    assert.equal(await store.write((transaction) => transaction.replaceRequest(request, approved)), true);
    assert.equal(await store.write((transaction) => transaction.replaceRequest(request, { ...request, state: 'denied', updatedAt: 1_002 })), false);
    assert.equal((await store.read.request(request.id))?.state, 'approved');
  });

  test('lists filter and page, newest first', async () => {
    const { store } = await setUp();
    const requester = { id: randomUUID(), name: 'x', roles: [] };
    const requests = [1, 2, 3, 4].map((at) => storedRequest({ requester, createdAt: at * 10, state: at % 2 === 0 ? 'approved' : 'pending' }));
    for (const request of requests) await insert(request);
    const times = async (filter: object) => (await store.read.requests({ requester: requester.id, limit: 10, ...filter })).map((request) => request.createdAt);
    assert.deepEqual(await times({}), [40, 30, 20, 10]);
    assert.deepEqual(await times({ states: ['approved'] }), [40, 20]);
    assert.deepEqual(await times({ before: 30 }), [20, 10]);
    assert.deepEqual(await times({ since: 20, limit: 2 }), [40, 30]);
    assert.deepEqual(await times({ requester: 'nobody' }), []);
  });

  test('what is due is found, soonest first; what is over is not', async () => {
    const { store } = await setUp();
    const late = storedRequest({ dueAt: 20 });
    const soon = storedRequest({ dueAt: 10, state: 'approved' });
    const over = storedRequest({ dueAt: 5, state: 'denied' });
    for (const request of [late, soon, over]) await insert(request);
    assert.deepEqual((await store.read.due(25, 10)).map(({ id }) => id), [soon.id, late.id]);
    assert.deepEqual((await store.read.due(15, 10)).map(({ id }) => id), [soon.id]);
  });

  const refusals: readonly [string, object][] = [
    ['another person', { subject: 'sam' }], ['another digest', { digest: 'x' }], ['another capability', { capability: 'export' }],
    ['too late', { now: 200 }], ['too early', { now: 99 }],
  ];
  for (const [name, changes] of refusals) {
    test(`a grant is not used: ${name}`, async () => {
      const { store } = await setUp();
      const request = storedRequest();
      const grant = storedGrant(request);
      await insert(request, grant);
      assert.equal(await store.write((transaction) => transaction.useGrant(use(grant, changes))), undefined);
      assert.deepEqual(await store.read.grant(grant.jti), grant);
    });
  }

  test('of 1,000 parallel uses of a one-time grant one wins; a window counts them all; a revoked one none', async () => {
    const { store } = await setUp();
    const request = storedRequest();
    const once = storedGrant(request);
    const window = storedGrant(request, 'window');
    await insert(request, once);
    await store.write((transaction) => transaction.insertGrant(window));
    const uses = await Promise.all(Array.from({ length: 1_000 }, () => store.write((transaction) => transaction.useGrant(use(once)))));
    assert.deepEqual(uses.filter((won) => won !== undefined).map(({ uses: count, state }) => [count, state]), [[1, 'consumed']]);
    const windowed = await Promise.all(Array.from({ length: 20 }, () => store.write((transaction) => transaction.useGrant(use(window)))));
    assert.deepEqual(windowed.map((won) => won?.uses).sort((a, b) => Number(a) - Number(b)), Array.from({ length: 20 }, (_, index) => index + 1));
    assert.equal(await store.write((transaction) => transaction.revokeGrant(window.jti)), true);
    assert.equal(await store.write((transaction) => transaction.revokeGrant(window.jti)), false);
    assert.equal(await store.write((transaction) => transaction.useGrant(use(window))), undefined);
  });

  test('window grants are found while they are live, also in the batch that made them', async () => {
    const { store } = await setUp();
    const request = storedRequest();
    const [once, window] = [storedGrant(request), storedGrant(request, 'window')];
    await insert(request, once);
    const { digest } = request.binding;
    const open = (now: number, reads: Pick<Store['read'], 'windowGrants'> = store.read) => reads.windowGrants('dana', digest, now).then((grants) => grants.map(({ jti }) => jti));
    const [before, within] = await store.write(async (transaction) => {
      const none = await open(150, transaction);
      await transaction.insertGrant(window);
      return [none, await open(150, transaction)];
    }, { windows: [{ subject: 'dana', digest }] });
    assert.deepEqual([before, within, await open(150), await open(99), await open(200)], [[], [window.jti], [window.jti], [], []]);
    await store.write((transaction) => transaction.revokeGrant(window.jti));
    assert.deepEqual(await open(150), []);
  });

  test('a receipt is found by its nonce', async () => {
    const { store } = await setUp();
    const request = storedRequest();
    const grant = storedGrant(request);
    await insert(request, grant);
    const receipt = { iss: 'i', jti: 'j', grant: grant.jti, req: request.id, nonce: 'n', digest: 'd', capability: 'run' as const, use: 1, iat: 1, audit: { seq: 1, hash: 'h' } };
    await store.write((transaction) => transaction.insertReceipt(receipt));
    assert.deepEqual(await store.read.receipt(grant.jti, 'n'), receipt);
    assert.equal(await store.read.receipt(grant.jti, 'm'), undefined);
  });

  test('a unit that throws undoes itself alone, also among others in one commit', async () => {
    const { store, audit } = await setUp();
    const good = storedRequest();
    const bad = storedRequest();
    const also = storedRequest();
    const event = { type: 'request.created', actor: { id: 'dana', kind: 'person' }, data: {} } as const;
    const put = (request: StoredRequest, fails: boolean) => store.write(async (transaction) => {
      await transaction.insertRequest(request);
      await audit.append(transaction, { ...event, request: request.id });
      if (fails) throw new Error('on purpose');
    });
    const twice = storedRequest({ idempotencyKey: good.idempotencyKey });
    const results = await Promise.allSettled([put(good, false), put(bad, true), put(also, false), put(twice, false)]);
    assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    assert.ok(await store.read.request(good.id));
    assert.ok(await store.read.request(also.id));
    assert.equal(await store.read.request(bad.id), undefined);
    const noted = (await store.read.audit(0, 10_000)).map((record) => record.request);
    assert.deepEqual([good.id, bad.id, also.id, twice.id].map((id) => noted.filter((other) => other === id).length), [1, 0, 1, 0]);
  });

  test('the chain has no gap under parallel writers, and a listener hears of its head', async () => {
    const { store, key, audit } = await setUp();
    const before = await store.read.auditHead();
    const heard = new Promise<void>((resolve) => {
      const stop = store.onCommit((head) => {
        if (head.seq < before.seq + 200) return;
        stop();
        resolve();
      });
    });
    await Promise.all(Array.from({ length: 200 }, (_, index) =>
      store.write((transaction) => audit.append(transaction, { type: 'audit.read', actor: { id: 'aria', kind: 'person' }, data: { index } })),
    ));
    await heard;
    const report = await verifyAudit(trailOfStore(store.read), { trusted: new Map([[key.kid, key.publicKey]]), allowMissingAnchor: true });
    assert.deepEqual([report.ok, report.head.seq], [true, before.seq + 200], report.failure?.message);
    assert.deepEqual((await store.read.audit(before.seq, 3)).map(({ seq }) => seq), [before.seq + 1, before.seq + 2, before.seq + 3]);
  });

  test('a closed store takes nothing more', async () => {
    const { store } = await setUp();
    await close(store);
    await assert.rejects(store.write(async () => 1), /closed/);
  });
}
