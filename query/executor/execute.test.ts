import { test } from 'node:test';
import assert from 'node:assert/strict';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { assess } from '#core/statement/assess.ts';
import type { GrantClaims } from '#core/wire/approval.ts';
import type { StatementFacts } from '#core/wire/statement.ts';
import type { Page, Session } from '#query/drivers/driver.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { type Grant, verifyGrant } from '#query/grant/grant.ts';
import { createExecutor, type Execution } from './execute.ts';

const key = new Uint8Array(32).fill(3);
const nowMs = 1_800_000_000_000;
const statement = 'SELECT ssn FROM customers';
const connection = { id: 'shop', environment: 'production', databaseUser: 'app' } as const;
const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const { kty, crv, x } = await exportJWK(pair.publicKey);

async function grantFor(change: { statement?: string; capability?: GrantClaims['binding']['capability']; maxRows?: number; expS?: number } = {}): Promise<Grant> {
  const nowS = nowMs / 1000;
  const digest = bindingDigest(key, { statement: change.statement ?? statement, parameters: [], connection: connection.id, databaseUser: 'app' });
  const binding = { digest, connection, capability: change.capability ?? 'run' } as const;
  const scope = { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 1, ...(change.maxRows === undefined ? {} : { maxRows: change.maxRows }) } as const;
  const sign = (payload: object, typ: string): Promise<string> => new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', typ, kid: 'k' }).sign(pair.privateKey);
  const claims = { iss: 'b', aud: 'pii-gate-editor', sub: 'dana', jti: 'g', iat: nowS, nbf: nowS, exp: change.expS ?? nowS + 60, req: 'r', binding, scope, constraints: {}, policyVersion: '1' };
  const verdict = await verifyGrant({
    grantJws: await sign(claims, 'pii-gate-grant+jwt'),
    receiptJws: await sign({ iss: 'b', jti: 'c', grant: 'g', req: 'r', nonce: 'n', digest, capability: binding.capability, use: 1, iat: nowS, audit: { seq: 1, hash: 'h' } }, 'pii-gate-receipt+jwt'),
    nonce: 'n', keys: [{ kty: kty ?? '', crv: crv ?? '', x: x ?? '', kid: 'k' }],
    expected: { issuer: 'b', subject: 'dana', binding, scope, now: nowMs },
  });
  assert.ok(verdict.ok, JSON.stringify(verdict));
  return verdict.grant;
}

/** A session that notes what reaches it. */
function recorder(): Session & { readonly seen: { sql: string; maxRows: number }[] } {
  const seen: { sql: string; maxRows: number }[] = [];
  return {
    seen, dialect: 'postgresql', readOnly: true, databaseUser: 'app',
    async *execute(sql, _parameters, { maxRows }): AsyncGenerator<Page> {
      seen.push({ sql, maxRows });
      yield { set: 0, columns: [], rows: [], end: { truncated: false } };
    },
    cancel: () => Promise.resolve(), close: () => Promise.resolve(),
  };
}

const harmlessFacts: StatementFacts = {
  dialect: 'postgresql', kind: 'select', readOnly: true, statements: 1, tables: [], columns: [], star: false, functions: [], exports: false, opaque: [], parameters: [], sensitive: [],
};
function harmless(text: string): Execution['permission'] {
  const assessment = assess(harmlessFacts, text);
  assert.ok(!assessment.sensitive);
  return assessment.harmless;
}

async function attempt(change: Partial<Execution> & Pick<Execution, 'permission'>, now = nowMs): Promise<{ code?: string; seen: { sql: string; maxRows: number }[] }> {
  const session = recorder();
  const outcome = createExecutor({ installationKey: () => key, now: () => now }).execute({
    session, statement, parameters: [], connection, limits: { maxRows: 1000, pageSize: 10 }, ...change,
  });
  if (outcome.kind === 'blocked') return { code: outcome.blocked.code, seen: session.seen };
  for await (const _ of outcome.pages) { /* read to the end */ }
  return { seen: session.seen };
}

const cases: readonly { name: string; run: () => ReturnType<typeof attempt>; code?: string; maxRows?: number }[] = [
  { name: 'a grant for this statement', run: async () => attempt({ permission: await grantFor() }), maxRows: 1000 },
  { name: 'a grant with a lower row cap', run: async () => attempt({ permission: await grantFor({ maxRows: 7 }) }), maxRows: 7 },
  { name: 'a grant with a higher row cap than the connection', run: async () => attempt({ permission: await grantFor({ maxRows: 70_000 }) }), maxRows: 1000 },
  { name: 'proof of harmlessness for this statement', run: () => attempt({ permission: harmless(statement) }), maxRows: 1000 },
  { name: 'proof for another statement', run: () => attempt({ permission: harmless('SELECT 1') }), code: 'statement-changed' },
  { name: 'one more space', run: async () => attempt({ permission: await grantFor(), statement: `${statement} ` }), code: 'statement-changed' },
  { name: 'another parameter', run: async () => attempt({ permission: await grantFor(), parameters: ['x'] }), code: 'statement-changed' },
  { name: 'a grant to reveal', run: async () => attempt({ permission: await grantFor({ capability: 'reveal' }) }), code: 'grant-invalid' },
  { name: 'another connection', run: async () => attempt({ permission: await grantFor(), connection: { ...connection, id: 'other' } }), code: 'grant-invalid' },
  { name: 'another environment', run: async () => attempt({ permission: await grantFor(), connection: { ...connection, environment: 'staging' } }), code: 'grant-invalid' },
  { name: 'another database user', run: async () => attempt({ permission: await grantFor(), session: { ...recorder(), databaseUser: 'root' } }), code: 'grant-invalid' },
  { name: 'a grant that has run out', run: async () => attempt({ permission: await grantFor() }, nowMs + 61_000), code: 'expired' },
  { name: 'a copy of a grant', run: async () => attempt({ permission: { ...(await grantFor()) } as unknown as Grant }), code: 'statement-changed' },
];
for (const { name, run, code, maxRows } of cases) {
  test(`${name} ${code === undefined ? 'runs' : `is blocked: ${code}`}`, async () => {
    const outcome = await run();
    assert.equal(outcome.code, code);
    assert.deepEqual(outcome.seen, code === undefined ? [{ sql: statement, maxRows }] : []);
  });
}

test('one counted use runs once', async () => {
  const executor = createExecutor({ installationKey: () => key, now: () => nowMs });
  const execution: Execution = { session: recorder(), statement, parameters: [], connection, permission: await grantFor(), limits: { maxRows: 10, pageSize: 10 } };
  assert.equal(executor.execute(execution).kind, 'running');
  const second = executor.execute(execution);
  assert.equal(second.kind === 'blocked' && second.blocked.code, 'grant-used');
});
