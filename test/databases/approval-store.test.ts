/** The approval service on PostgreSQL: the stores' common suite, two instances that share one database, a lost listener. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import type { ApprovalRequest, GrantClaims } from '#core/wire/approval.ts';
import { trailOfStore } from '#backend/audit/read-trail.ts';
import { verifyAudit } from '#backend/audit/verify.ts';
import { openKey } from '#backend/keys/key-files.ts';
import { createBackend, type Backend } from '#backend/create-backend.ts';
import { newUsers } from '#backend/identity/new-users.ts';
import { openPostgresStore } from '#backend/store/postgres.ts';
import { createClient, type Client } from '#backend/testing/load.ts';
import { samplePeople, sampleRequest } from '#backend/testing/sample.ts';
import { storeSuite } from '#backend/testing/store-suite.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

let database: StartedDatabase;
let url: string;
let folder: string;
before(async () => {
  database = await startPostgres();
  const { host, port, user } = database.settings;
  url = `postgresql://${user}:${database.password}@${host}:${port}/${database.settings.database}`;
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-instances-'));
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

storeSuite(() => openPostgresStore({ url, schema: 'suite' }), (store) => store.close());

test('two instances on one database: ask at one, decide at the other, hear of it, use it once', async () => {
  const { yaml, tokens } = newUsers(samplePeople);
  const start = (name: string): Promise<Backend> => createBackend({
    dataDir: join(folder, name), keysDir: join(folder, 'keys'), users: { text: yaml }, store: { url, schema: 'shared' }, rateLimit: 1_000_000,
  });
  const one = await start('one');
  const two = await start('two');
  try {
    const call = async <T = ApprovalRequest>(backend: Backend, who: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
      const response = await fetch(backend.url + path, {
        method, headers: { authorization: `Bearer ${tokens[who]}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    };
    assert.equal(one.issuer, two.issuer);
    const controller = new AbortController();
    const stream = await fetch(`${one.url}/v1/events`, { headers: { authorization: `Bearer ${tokens.dana}` }, signal: AbortSignal.any([controller.signal, AbortSignal.timeout(30_000)]) });
    assert.ok(stream.body);
    const reader = stream.body.getReader();
    const decoder = new TextDecoder();
    let heard = '';
    const hear = async (text: string): Promise<void> => {
      while (!heard.includes(text)) {
        const { value, done } = await reader.read();
        assert.equal(done, false);
        heard += decoder.decode(value, { stream: true });
      }
    };
    const { body: request } = await call(one, 'dana', 'POST', '/v1/requests', sampleRequest());
    assert.equal(request.state, 'pending');
    assert.equal((await call(two, 'sam', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' })).body.state, 'approved');
    await hear('"state":"approved"');
    const { grant } = (await call(one, 'dana', 'GET', `/v1/requests/${request.id}`)).body;
    const { jti } = decodeJwt<GrantClaims>(grant ?? '');
    const clients = [createClient(one.url, tokens, 100), createClient(two.url, tokens, 100)];
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) =>
      (clients[index % 2] as Client).call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: `consumer-${index}`, digest: request.binding.digest, capability: 'run' }),
    ));
    for (const client of clients) client.close();
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ text }) => text.includes('"code":"grant-used"')).length, 999);
    await hear('"state":"consumed"');
    controller.abort();
    const key = await openKey(join(folder, 'keys', 'audit.jwk'));
    const report = await verifyAudit(trailOfStore(two.store.read), { trusted: new Map([[key.kid, key.publicKey]]), allowMissingAnchor: true });
    assert.equal(report.ok, true, report.failure?.message);
  } finally {
    await one.close();
    await two.close();
  }
});

test('an instance with another audit key is refused: its records would break the trail', async () => {
  cpSync(join(folder, 'one'), join(folder, 'three'), { recursive: true });
  await assert.rejects(
    createBackend({ dataDir: join(folder, 'three'), users: { text: newUsers(samplePeople).yaml }, store: { url, schema: 'shared' } }),
    /signed with the key .* but the key here is/,
  );
});

test('a listener whose connection is cut comes back and is told what it missed', async () => {
  const store = await openPostgresStore({ url, schema: 'suite' });
  try {
    const heard = new Promise<void>((resolve) => {
      store.onCommit(() => resolve());
    });
    await database.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
    await heard;
  } finally {
    await store.close();
  }
});
