import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactSign, type CryptoKey as JoseKey, exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import type { GrantClaims } from '#core/wire/approval.ts';
import { bindingDigest } from './binding.ts';
import { type ExpectedUse, type Grant, isGrant, type VerificationKey, verifyGrant } from './grant.ts';

/** Any moment will do: verification takes the time as an argument. */
const nowMs = 1_800_000_000_000;
const nowS = nowMs / 1000;
const installationKey = new Uint8Array(32).fill(7);
const ssn = { table: 'customers', column: 'ssn', access: 'read' } as const;
const email = { table: 'customers', column: 'email', access: 'read' } as const;

async function signer(kid: string): Promise<{ privateKey: JoseKey; publicKey: VerificationKey }> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { kty, crv, x } = await exportJWK(pair.publicKey);
  assert.ok(kty !== undefined && crv !== undefined && x !== undefined);
  return { privateKey: pair.privateKey, publicKey: { kty, crv, x, kid } };
}

const backend = await signer('backend-1');
const stranger = await signer('backend-1');
const keys = [backend.publicKey];

const digest = bindingDigest(installationKey, { statement: 'select ssn from customers', parameters: [], connection: 'sample', databaseUser: 'app' });
const binding = { digest, connection: { id: 'sample', environment: 'production', databaseUser: 'app' }, capability: 'run' } as const;
const claims = {
  iss: 'pii-gate-test', aud: 'pii-gate-editor', sub: 'dana', jti: 'g1', iat: nowS - 10, nbf: nowS - 10, exp: nowS + 600, req: 'r1',
  binding, scope: { columns: [ssn, email], destination: { kind: 'grid' }, use: 'once', durationMs: 600_000, maxRows: 500 },
  constraints: { keepMasked: [{ table: 'CUSTOMERS', column: 'SSN', access: 'read' }], maxRows: 100 }, policyVersion: '1',
} satisfies GrantClaims;
const receipt = { iss: 'pii-gate-test', jti: 'c1', grant: 'g1', req: 'r1', nonce: 'n1', digest, capability: 'run', use: 1, iat: nowS, audit: { seq: 4, hash: 'abc' } };
const expected: ExpectedUse = { issuer: 'pii-gate-test', subject: 'dana', binding, scope: { columns: [ssn, email], destination: { kind: 'grid' } }, now: nowMs };

function sign(payload: unknown, typ: string, by = backend.privateKey, header: Record<string, unknown> = {}): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: 'backend-1', ...header }).sign(by);
}
const signGrant = (change: object = {}, by?: JoseKey): Promise<string> => sign({ ...claims, ...change }, 'pii-gate-grant+jwt', by);
const signReceipt = (change: object = {}, by?: JoseKey): Promise<string> => sign({ ...receipt, ...change }, 'pii-gate-receipt+jwt', by);

interface Attempt {
  readonly grantJws?: string | Promise<string>;
  readonly receiptJws?: string | Promise<string>;
  readonly nonce?: string;
  readonly keys?: readonly VerificationKey[];
  readonly expected?: Partial<ExpectedUse>;
}
async function attempt(change: Attempt): ReturnType<typeof verifyGrant> {
  return verifyGrant({
    grantJws: await (change.grantJws ?? signGrant()), receiptJws: await (change.receiptJws ?? signReceipt()),
    nonce: change.nonce ?? 'n1', keys: change.keys ?? keys, expected: { ...expected, ...change.expected },
  });
}
async function granted(change: Attempt = {}): Promise<Grant> {
  const verdict = await attempt(change);
  assert.ok(verdict.ok, verdict.ok ? '' : verdict.message);
  return verdict.grant;
}

test('a grant that fits in every part is accepted and carries only what was allowed', async () => {
  const grant = await granted();
  assert.equal(isGrant(grant), true);
  assert.deepEqual(grant.clearColumns, [email], 'the reviewer keeps ssn masked, however it is spelt');
  assert.equal(grant.maxRows, 100);
  assert.equal(grant.expiresAt, (nowS + 600) * 1000);
});

/** The three parts of a compact JWS with one of them replaced. */
function patch(jws: string, part: 0 | 1 | 2, value: object | string): string {
  const parts = jws.split('.');
  parts[part] = typeof value === 'string' ? value : Buffer.from(JSON.stringify(value)).toString('base64url');
  return parts.join('.');
}
function hs256(payload: object, secret: string | Buffer, header: object): string {
  const text = [header, payload].map((p) => Buffer.from(JSON.stringify(p)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
const good = await signGrant();
const goodReceipt = await signReceipt();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherStatement = bindingDigest(installationKey, { statement: 'select ssn from customers ', parameters: [], connection: 'sample', databaseUser: 'app' });

const attacks: readonly (readonly [name: string, code: string, change: Attempt])[] = [
  ['signed by a stranger who uses the same kid', 'grant-invalid', { grantJws: signGrant({}, stranger.privateKey) }],
  ['receipt signed by a stranger', 'grant-invalid', { receiptJws: signReceipt({}, stranger.privateKey) }],
  ['claims edited after signing', 'grant-invalid', { grantJws: patch(good, 1, { ...claims, sub: 'mallory' }) }],
  ['signature removed', 'grant-invalid', { grantJws: patch(good, 2, '') }],
  ['alg none', 'grant-invalid', { grantJws: new UnsecuredJWT(claims).encode() }],
  ['alg none with the old signature', 'grant-invalid', { grantJws: patch(good, 0, { alg: 'none', typ: 'pii-gate-grant+jwt', kid: 'backend-1' }) }],
  ['HS256 keyed with the public key', 'grant-invalid', { grantJws: hs256(claims, backend.publicKey.x ?? '', { alg: 'HS256', typ: 'pii-gate-grant+jwt', kid: 'backend-1' }) }],
  ['HS256 keyed with the public key\'s bytes', 'grant-invalid', { grantJws: hs256(claims, Buffer.from(backend.publicKey.x ?? '', 'base64url'), { alg: 'HS256', typ: 'pii-gate-grant+jwt', kid: 'backend-1' }) }],
  ['a key brought along in the header', 'grant-invalid', { grantJws: sign(claims, 'pii-gate-grant+jwt', stranger.privateKey, { jwk: stranger.publicKey, kid: 'other' }) }],
  ['no kid', 'grant-invalid', { grantJws: sign(claims, 'pii-gate-grant+jwt', backend.privateKey, { kid: undefined }) }],
  ['a kid that two keys have', 'grant-invalid', { keys: [backend.publicKey, stranger.publicKey] }],
  ['no keys', 'grant-invalid', { keys: [] }],
  ['an RSA key under that kid', 'grant-invalid', { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'backend-1' }] }],
  ['a critical header that is not understood', 'grant-invalid', { grantJws: patch(good, 0, { alg: 'EdDSA', typ: 'pii-gate-grant+jwt', kid: 'backend-1', crit: ['x'], x: 1 }) }],
  ['a receipt in the place of the grant', 'grant-invalid', { grantJws: goodReceipt }],
  ['the grant in the place of the receipt', 'grant-invalid', { receiptJws: good }],
  ['a token of another type of the same backend', 'grant-invalid', { grantJws: sign(claims, 'JWT') }],
  ['issued by another backend', 'grant-invalid', { grantJws: signGrant({ iss: 'elsewhere' }) }],
  ['for the broker', 'grant-invalid', { grantJws: signGrant({ aud: 'pii-gate-broker' }) }],
  ['for several audiences at once', 'grant-invalid', { grantJws: signGrant({ aud: ['pii-gate-editor', 'x'] }) }],
  ['cross-user', 'grant-invalid', { expected: { subject: 'devon' } }],
  ['cross-capability: run used to export', 'grant-invalid', { expected: { binding: { ...binding, capability: 'export' } } }],
  ['cross-capability: run used to reveal', 'grant-invalid', { expected: { binding: { ...binding, capability: 'reveal' } } }],
  ['cross-connection', 'grant-invalid', { expected: { binding: { ...binding, connection: { ...binding.connection, id: 'live' } } } }],
  ['same connection, other environment', 'grant-invalid', { expected: { binding: { ...binding, connection: { ...binding.connection, environment: 'staging' } } } }],
  ['other database user', 'grant-invalid', { expected: { binding: { ...binding, connection: { ...binding.connection, databaseUser: 'root' } } } }],
  ['edited statement (one space)', 'statement-changed', { expected: { binding: { ...binding, digest: otherStatement } } }],
  ['another destination', 'grant-invalid', { expected: { scope: { columns: [ssn], destination: { kind: 'file', format: 'csv' } } } }],
  ['a column that was not asked for', 'grant-invalid', { expected: { scope: { columns: [{ table: 'customers', column: 'phone', access: 'read' }], destination: { kind: 'grid' } } } }],
  ['expired', 'expired', { expected: { now: nowMs + 606_000 } }],
  ['not valid yet', 'grant-invalid', { grantJws: signGrant({ nbf: nowS + 60 }) }],
  ['expiry that is no number', 'grant-invalid', { grantJws: signGrant({ exp: '9999999999' }) }],
  ['no expiry', 'grant-invalid', { grantJws: signGrant({ exp: undefined }) }],
  ['scope missing', 'grant-invalid', { grantJws: signGrant({ scope: undefined }) }],
  ['replayed receipt: the nonce of an earlier use', 'grant-used', { nonce: 'n2' }],
  ['receipt of another grant', 'grant-invalid', { receiptJws: signReceipt({ grant: 'g2' }) }],
  ['receipt of another request', 'grant-invalid', { receiptJws: signReceipt({ req: 'r2' }) }],
  ['receipt for another statement', 'grant-invalid', { receiptJws: signReceipt({ digest: otherStatement }) }],
  ['receipt for another capability', 'grant-invalid', { receiptJws: signReceipt({ capability: 'export' }) }],
  ['receipt of another issuer', 'grant-invalid', { receiptJws: signReceipt({ iss: 'elsewhere' }) }],
  ['second use of a grant for one use', 'grant-used', { receiptJws: signReceipt({ use: 2 }) }],
  ['use number zero', 'grant-invalid', { receiptJws: signReceipt({ use: 0 }) }],
  ['receipt from the future', 'grant-invalid', { receiptJws: signReceipt({ iat: nowS + 60 }) }],
  ['receipt older than the grant', 'grant-invalid', { receiptJws: signReceipt({ iat: nowS - 3600 }) }],
  ['receipt without a place in the audit', 'grant-invalid', { receiptJws: signReceipt({ audit: undefined }) }],
  ['empty text', 'grant-invalid', { grantJws: '', receiptJws: '' }],
  ['a megabyte of text', 'grant-invalid', { grantJws: `${good}${'A'.repeat(1_000_000)}` }],
];
for (const [name, code, change] of attacks) {
  test(`refused: ${name}`, async () => {
    const verdict = await attempt(change);
    assert.equal(verdict.ok, false);
    assert.equal(verdict.ok ? '' : verdict.code, code);
  });
}

test('a window grant allows later uses, each with its own receipt', async () => {
  const grant = await granted({ grantJws: signGrant({ scope: { ...claims.scope, use: 'window' } }), receiptJws: signReceipt({ use: 7 }) });
  assert.equal(grant.use, 7);
});

test('clocks may differ by five seconds and no more', async () => {
  await granted({ expected: { now: nowMs + 604_000 } });
  const late = await attempt({ expected: { now: nowMs + 605_000 } });
  assert.equal(late.ok, false);
});

test('a grant can be imitated neither by copying nor through its constructor', async () => {
  const grant = await granted();
  for (const imitation of [{ ...grant }, structuredClone({ ...grant }), Object.create(grant), JSON.parse(JSON.stringify(grant)), null, 'grant']) {
    assert.equal(isGrant(imitation), false);
  }
  const construct = Object.getPrototypeOf(grant).constructor;
  assert.throws(() => Reflect.construct(construct, [Symbol('verifyGrant'), claims, [], 1, '']), /Only verifyGrant/);
  assert.throws(() => { Object.assign(grant, { maxRows: 1_000_000 }); }, TypeError);
});

test('any byte changed in a signed token is refused', async () => {
  await fc.assert(fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.constantFrom(...'ABCXYZabcxyz0189-_.'), async (at, letter) => {
    const changed = good.slice(0, at) + letter + good.slice(at + 1);
    // The last character of a base64url group may carry bits that are thrown away; the same bytes are the same token.
    const same = changed.split('.').map((p) => Buffer.from(p, 'base64url').toString('hex')).join() === good.split('.').map((p) => Buffer.from(p, 'base64url').toString('hex')).join();
    fc.pre(!same);
    assert.equal((await attempt({ grantJws: changed })).ok, false);
  }), { numRuns: 150 });
});

test('arbitrary text is refused without an exception', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (grantJws, receiptJws) => {
    assert.equal((await attempt({ grantJws, receiptJws })).ok, false);
  }), { numRuns: 100 });
});

test('the digest tells any two statements, parameters, connections and users apart', () => {
  const bound = fc.record({
    statement: fc.string({ unit: 'grapheme' }), connection: fc.string({ unit: 'grapheme-ascii' }), databaseUser: fc.string({ unit: 'grapheme-ascii' }),
    parameters: fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))),
  });
  fc.assert(fc.property(bound, bound, (a, b) => {
    assert.equal(bindingDigest(installationKey, a) === bindingDigest(installationKey, b), JSON.stringify(a) === JSON.stringify({ statement: b.statement, connection: b.connection, databaseUser: b.databaseUser, parameters: b.parameters }));
  }), { numRuns: 200 });
});

const bound = { statement: 'select 1', parameters: [], connection: 'c', databaseUser: '' };
test('the digest depends on the installation key and on nothing but the four bound things', () => {
  assert.notEqual(bindingDigest(installationKey, bound), bindingDigest(randomBytes(32), bound));
  assert.equal(bindingDigest(installationKey, bound), bindingDigest(installationKey, Object.assign({ colour: 'red' }, bound)));
  assert.match(bindingDigest(installationKey, bound), /^[\w-]{43}$/);
});

test('what has no canonical form is refused without quoting it', () => {
  for (const wrong of [{ ...bound, statement: 'select \uD800' }, { ...bound, parameters: [Number.NaN] }, { ...bound, parameters: [Number.POSITIVE_INFINITY] }]) {
    assert.throws(() => bindingDigest(installationKey, wrong), /^RangeError: The statement or a parameter has no canonical form/);
  }
  assert.throws(() => bindingDigest(new Uint8Array(16), bound), /32 bytes/);
});
