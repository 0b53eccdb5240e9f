import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import type { ApprovalRequest, CreateRequest } from '#core/wire/approval.ts';
import { sampleRequest, startBackend } from '#backend/testing/sample.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { isGrant } from '#query/grant/grant.ts';
import { type ApprovalClient, type AskProgress, createApprovalClient, type Obtained } from './ask.ts';
import { createBackendPort, keyThumbprint } from './backend-adapter.ts';
import type { ApprovalPort, Submission } from './port.ts';

const backend = await startBackend({ sweepMs: 50 });
after(() => backend.stop());
const clients: ApprovalClient[] = [];
after(() => { for (const client of clients) client.dispose(); });

const installationKey = randomBytes(32);
const pace = { shortest: 5, longest: 40, silence: 5_000, firstByte: 2_000, poll: 20, pollFor: 200 };
const never = new AbortController().signal;

function portOf(who: string, url = backend.url): ApprovalPort {
  return createBackendPort({ url, token: backend.tokens[who] ?? '', pace });
}
function clientOf(who: string, port = portOf(who), now?: () => number): ApprovalClient {
  const client = createApprovalClient(port, now === undefined ? undefined : { now });
  clients.push(client);
  return client;
}

let made = 0;
/** Something to ask for that no other test asks for. */
function submission(changes: Partial<CreateRequest> = {}, statement = `select ssn from customers -- ${++made}`): Submission {
  const connection = { id: 'shop', environment: 'production', databaseUser: 'app' } as const;
  const request = sampleRequest({ changes: { binding: { digest: bindingDigest(installationKey, { statement, parameters: [], connection: connection.id, databaseUser: connection.databaseUser }), connection, capability: 'run' }, ...changes } });
  return { request, statement, parameters: [] };
}

/** Asks and gives the pending request, with the promise of what becomes of it. */
function asking(client: ApprovalClient, asked: Submission, signals: { signal?: AbortSignal; withdraw?: AbortSignal } = {}): { pending: Promise<ApprovalRequest>; outcome: Promise<Obtained>; steps: AskProgress[] } {
  const steps: AskProgress[] = [];
  let outcome: Promise<Obtained> | undefined;
  const pending = new Promise<ApprovalRequest>((resolve, reject) => {
    outcome = client.obtain(asked, {
      signal: signals.signal ?? never, ...(signals.withdraw === undefined ? {} : { withdraw: signals.withdraw }),
      onProgress: (step) => {
        steps.push(step);
        if (step.step === 'pending') resolve(step.request);
      },
    });
    outcome.then((o) => reject(new Error(`never pending: ${o.kind === 'blocked' ? o.blocked.message : o.kind}`)), reject);
  });
  assert.ok(outcome !== undefined);
  return { pending, outcome, steps };
}
async function decided(requestId: string, decision: 'approve' | 'deny' | 'request_changes', comment = '', constraints?: ApprovalRequest['decisions'][number]['constraints'], who = 'sam'): Promise<void> {
  const answer = await portOf(who).decide({ requestId, decision, comment, ...(constraints === undefined ? {} : { constraints }) }, never);
  assert.ok(answer.ok, answer.ok ? '' : answer.blocked.message);
}
function blockedCode(outcome: Obtained): string {
  return outcome.kind === 'blocked' ? outcome.blocked.code : `not blocked but ${outcome.kind}`;
}

test('asked, approved with limits, consumed and verified', async () => {
  const { pending, outcome, steps } = asking(clientOf('dana'), submission());
  const request = await pending;
  assert.equal(request.state, 'pending');
  await decided(request.id, 'approve', 'fine', { maxRows: 100 });
  const obtained = await outcome;
  assert.equal(obtained.kind, 'grant', blockedCode(obtained));
  assert.ok(obtained.kind === 'grant' && isGrant(obtained.grant));
  assert.equal(obtained.grant.maxRows, 100);
  assert.equal(obtained.grant.use, 1);
  assert.deepEqual([...new Set(steps.map((s) => s.step))], ['pending', 'approved']);
});

test('what the policy lets through needs nobody', async () => {
  const asked = submission({ binding: { ...submission().request.binding, connection: { id: 'shop', environment: 'staging', databaseUser: '' } } });
  const obtained = await clientOf('dana').obtain(asked, { signal: never });
  assert.equal(obtained.kind, 'grant', blockedCode(obtained));
});

const endings: readonly (readonly [string, string, RegExp, (id: string) => Promise<unknown>])[] = [
  ['denied, with the reviewer\'s words', 'denied', /Sam: “not this week”/, (id) => decided(id, 'deny', 'not this week')],
  ['sent back for changes', 'changes-requested', /Sam: “fewer columns please”/, (id) => decided(id, 'request_changes', 'fewer columns please')],
  ['withdrawn elsewhere', 'cancelled', /withdrawn/, (id) => portOf('dana').cancel(id, never)],
];
for (const [name, code, message, act] of endings) {
  test(`blocked: ${name}`, async () => {
    const { pending, outcome } = asking(clientOf('dana'), submission());
    const request = await pending;
    await act(request.id);
    const obtained = await outcome;
    assert.equal(blockedCode(obtained), code);
    assert.match(obtained.kind === 'blocked' ? obtained.blocked.message : '', message);
    assert.equal(obtained.kind === 'blocked' ? obtained.blocked.requestId : '', request.id);
  });
}

test('blocked: the policy denies', async () => {
  const asked = submission({ agent: { name: 'Helper' }, binding: { ...submission().request.binding, capability: 'reveal' } });
  const obtained = await clientOf('dana').obtain(asked, { signal: never });
  assert.equal(blockedCode(obtained), 'policy-denies');
  assert.match(obtained.kind === 'blocked' ? obtained.blocked.message : '', /agents get masked results only/);
});

test('blocked: a reason is required', async () => {
  assert.equal(blockedCode(await clientOf('dana').obtain(submission({ reason: '' }), { signal: never })), 'needs-reason');
});

test('stopping the wait leaves the request open; resuming it by id gets the grant', async () => {
  const asked = submission();
  const stop = new AbortController();
  const { pending, outcome } = asking(clientOf('dana'), asked, { signal: stop.signal });
  const request = await pending;
  stop.abort();
  assert.equal(blockedCode(await outcome), 'cancelled');
  const still = await portOf('dana').get(request.id, never);
  assert.equal(still.ok && still.value.state, 'pending');
  await decided(request.id, 'approve');
  const resumed = await clientOf('dana').resume(request.id, asked, { signal: never });
  assert.equal(resumed.kind, 'grant', blockedCode(resumed));
});

test('asking again with the same key after a reload takes up the same request', async () => {
  const asked = submission();
  const first = asking(clientOf('dana'), asked, { signal: AbortSignal.any([never]) });
  const again = asking(clientOf('dana'), asked);
  const [one, two] = [await first.pending, await again.pending];
  assert.equal(one.id, two.id);
  await decided(one.id, 'approve');
  const kinds = [await first.outcome, await again.outcome].map((o) => (o.kind === 'grant' ? 'grant' : blockedCode(o))).sort();
  assert.deepEqual(kinds, ['grant', 'grant-used'], 'one use, so exactly one of the two gets it');
});

test('withdrawing cancels the request at the backend too', async () => {
  const withdraw = new AbortController();
  const { pending, outcome } = asking(clientOf('dana'), submission(), { withdraw: withdraw.signal });
  const request = await pending;
  withdraw.abort();
  assert.equal(blockedCode(await outcome), 'cancelled');
  const after = await portOf('dana').get(request.id, never);
  assert.equal(after.ok && after.value.state, 'cancelled');
});

test('resuming with an edited statement is blocked, whatever was approved', async () => {
  const { pending, outcome } = asking(clientOf('dana'), submission());
  const request = await pending;
  await decided(request.id, 'approve');
  await outcome;
  assert.equal(blockedCode(await clientOf('dana').resume(request.id, submission(), { signal: never })), 'statement-changed');
});

test('a window grant is used again without asking; another statement is asked for anew', async () => {
  const window = { columns: [], destination: { kind: 'grid' }, use: 'window', durationMs: 600_000 } as const;
  const asked = submission({ scope: window });
  const client = clientOf('dana');
  const { pending, outcome } = asking(client, asked);
  await decided((await pending).id, 'approve');
  assert.equal((await outcome).kind, 'grant');
  const again = await client.obtain({ ...asked, request: { ...asked.request, idempotencyKey: 'another-run' } }, { signal: never });
  assert.ok(again.kind === 'grant', blockedCode(again));
  assert.equal(again.reused, true);
  assert.equal(again.grant.use, 2);
  const other = asking(client, submission({ scope: window }));
  await portOf('dana').cancel((await other.pending).id, never);
  assert.equal(blockedCode(await other.outcome), 'cancelled');
});

test('a revoked window grant is not used again: it is asked for anew', async () => {
  const asked = submission({ scope: { columns: [], destination: { kind: 'grid' }, use: 'window', durationMs: 600_000 } });
  const client = clientOf('dana');
  const { pending, outcome } = asking(client, asked);
  await decided((await pending).id, 'approve');
  const obtained = await outcome;
  assert.ok(obtained.kind === 'grant');
  const revoked = await portOf('sam').revoke?.(obtained.grant.claims.jti, never);
  assert.equal(revoked?.ok, true);
  const again = asking(client, { ...asked, request: { ...asked.request, idempotencyKey: 'after-revocation' } });
  const second = await again.pending;
  assert.notEqual(second.id, obtained.request.id);
  await portOf('dana').cancel(second.id, never);
  await again.outcome;
});

test('an editor whose clock runs far ahead refuses the grant instead of trusting it', async () => {
  const { pending, outcome } = asking(clientOf('dana', undefined, () => Date.now() + 3_600_000), submission());
  await decided((await pending).id, 'approve');
  assert.equal(blockedCode(await outcome), 'expired');
});

test('nobody else can use a grant, and nobody decides on their own request', async () => {
  const asked = submission();
  const { pending, outcome } = asking(clientOf('dana'), asked);
  const request = await pending;
  const own = await portOf('dana').decide({ requestId: request.id, decision: 'approve', comment: '' }, never);
  assert.equal(own.ok, false);
  await decided(request.id, 'approve');
  assert.equal((await outcome).kind, 'grant');
  const stolen = await clientOf('stella').resume(request.id, asked, { signal: never });
  assert.equal(stolen.kind, 'blocked');
});

test('pinned keys: the backend\'s own is trusted, any other is not', async () => {
  const keys = await portOf('dana').keys(never);
  assert.ok(keys.ok);
  const [first] = keys.value.keys;
  assert.ok(first?.crv !== undefined && first.x !== undefined);
  const pin = (pinnedKey: string): ApprovalPort => createBackendPort({ url: backend.url, token: backend.tokens.dana ?? '', pinnedKey });
  assert.equal((await pin(keyThumbprint({ crv: first.crv, x: first.x })).keys(never)).ok, true);
  assert.equal(blockedCode(await clientOf('dana', pin('A'.repeat(43))).obtain(submission(), { signal: never })), 'untrusted-key');
});

test('without a backend, with a wrong token or an address in clear nothing goes ahead', async () => {
  const closed = await startBackend();
  await closed.stop();
  assert.equal(blockedCode(await clientOf('dana', portOf('dana', closed.url)).obtain(submission(), { signal: never })), 'backend-unreachable');
  assert.equal(blockedCode(await clientOf('nobody').obtain(submission(), { signal: never })), 'unauthorized');
  for (const url of ['http://pii-gate.example.com', 'ftp://127.0.0.1', 'not an address', 'https://user:secret@127.0.0.1']) {
    const outcome = await clientOf('dana', portOf('dana', url)).obtain(submission(), { signal: never });
    assert.equal(blockedCode(outcome), 'no-backend');
    assert.ok(outcome.kind === 'blocked' && !outcome.blocked.message.includes('secret'));
  }
});
