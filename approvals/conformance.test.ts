/** One suite that every backend passes: ours, a hoop gateway, a generic approval service. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest, startBackend } from '#backend/testing/sample.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { type ApprovalClient, createApprovalClient, type Obtained } from './ask.ts';
import { createBackendPort } from './backend-adapter.ts';
import { createPort } from './create-port.ts';
import { createGenericPort } from './generic-adapter.ts';
import { createHoopPort } from './hoop-adapter.ts';
import type { ApprovalPort, Submission } from './port.ts';
import { startApprovalService } from './testing/approval-service.ts';
import { startHoop } from './testing/hoop-gateway.ts';
import { serve } from './testing/local-server.ts';

const never = new AbortController().signal;
const installationKey = randomBytes(32);
let made = 0;

function submission(connectionId = 'shop'): Submission {
  made += 1;
  const statement = `select id, ssn from customers -- ${made}`;
  const connection = { id: connectionId, environment: 'production', databaseUser: '' } as const;
  const digest = bindingDigest(installationKey, { statement, parameters: [], connection: connection.id, databaseUser: '' });
  return { request: sampleRequest({ changes: { binding: { digest, connection, capability: 'run' } } }), statement, parameters: [] };
}

interface Harness {
  readonly name: string;
  port(): ApprovalPort;
  portTo(url: string, token: string): ApprovalPort;
  approve(id: string): Promise<void>;
  deny(id: string, comment: string): Promise<void>;
  stop(): void | Promise<void>;
}

const fast = { poll: 10, call: 3_000, run: 3_000, pending: 3_600_000 };
const dana = { id: 'dana', name: 'Dana', roles: ['developer'] };

async function ours(): Promise<Harness> {
  const backend = await startBackend();
  const pace = { shortest: 5, longest: 20, silence: 5_000, firstByte: 2_000, poll: 10, pollFor: 100 };
  const portTo = (url: string, token: string): ApprovalPort => createBackendPort({ url, token, pace, timeoutMs: 3_000 });
  const decide = async (id: string, decision: string, comment: string): Promise<void> => {
    assert.equal((await backend.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision, comment })).status, 200);
  };
  return { name: 'our backend', portTo, port: () => portTo(backend.url, backend.tokens.dana ?? ''), approve: (id) => decide(id, 'approve', ''), deny: (id, comment) => decide(id, 'deny', comment), stop: () => backend.stop() };
}
const connections = {
  shop: { reviewers: ['data-steward'] }, open: { reviewers: [] }, slow: { reviewers: [], slow: true }, off: { reviewers: [], exec: 'disabled' }, strict: { reviewers: ['data-steward'], mandatory: ['ticket'] },
} as const;
const hoopServer = await startHoop(connections);
after(() => hoopServer.close());
const hoopPort = (token = hoopServer.tokenOf('dana'), more: object = {}): ApprovalPort => createHoopPort({ url: hoopServer.url, token, pace: fast, ...more });
const hoop: Harness = {
  name: 'hoop', port: () => hoopPort(),
  portTo: (url, token) => createHoopPort({ url, token, pace: fast }),
  approve: async (id) => { assert.equal((await hoopPort(hoopServer.tokenOf('sam')).decide({ requestId: id, decision: 'approve', comment: '' }, never)).ok, true); },
  deny: async (id, comment) => { assert.equal((await hoopPort(hoopServer.tokenOf('sam')).decide({ requestId: id, decision: 'deny', comment }, never)).ok, true); },
  stop: () => {},
};
async function generic(): Promise<Harness> {
  const service = await startApprovalService();
  const portTo = (url: string, token: string): ApprovalPort => createGenericPort({ url, token, me: dana, keys: service.keys, pace: fast });
  return {
    name: 'generic service', portTo, port: () => portTo(service.url, service.token),
    approve: (id) => service.decide(id, 'approved', 'Sam', ''), deny: (id, comment) => service.decide(id, 'denied', 'Sam', comment), stop: () => service.close(),
  };
}

function code(obtained: Obtained): string {
  return obtained.kind === 'blocked' ? obtained.blocked.code : obtained.kind;
}

for (const harness of [await ours(), hoop, await generic()]) {
  after(() => harness.stop());
  const clients: ApprovalClient[] = [];
  after(() => { for (const client of clients) client.dispose(); });
  const it = (name: string, body: () => Promise<void>): void => { test(`${harness.name}: ${name}`, body); };

  function ask(asked: Submission, port = harness.port(), signals: { signal?: AbortSignal; withdraw?: AbortSignal } = {}): { pending: Promise<ApprovalRequest>; outcome: Promise<Obtained>; client: ApprovalClient } {
    const client = createApprovalClient(port);
    clients.push(client);
    let tell = (_request: ApprovalRequest): void => {};
    const pending = new Promise<ApprovalRequest>((resolve) => { tell = resolve; });
    const outcome = client.obtain(asked, { signal: signals.signal ?? never, ...(signals.withdraw ? { withdraw: signals.withdraw } : {}), onProgress: (p) => { if (p.step === 'pending') tell(p.request); } });
    return { pending, outcome, client };
  }

  it('says who I am', async () => {
    const me = await harness.port().me(never);
    assert.ok(me.ok);
    assert.equal(me.value.name, 'Dana');
  });
  it('predicts a review', async () => {
    const { binding, facts, scope } = submission().request;
    const verdict = await harness.port().evaluate({ facts, connection: binding.connection, capability: 'run', scope }, never);
    assert.ok(verdict.ok);
    assert.equal(verdict.value.effect, 'review');
  });
  it('asked, approved, allowed once', async () => {
    const asked = submission();
    const { pending, outcome, client } = ask(asked);
    const request = await pending;
    assert.equal(request.state, 'pending');
    await harness.approve(request.id);
    assert.match(code(await outcome), /^(grant|output)$/);
    assert.equal(code(await client.resume(request.id, asked, { signal: never })), 'grant-used');
  });
  it('denied, with the reviewer\'s words', async () => {
    const { pending, outcome } = ask(submission());
    await harness.deny((await pending).id, 'use the masked view');
    const obtained = await outcome;
    assert.equal(code(obtained), 'denied');
    assert.match(obtained.kind === 'blocked' ? obtained.blocked.message : '', /Sam: “use the masked view”/);
  });
  it('the same key gives the same request', async () => {
    const asked = submission();
    const port = harness.port();
    const [one, two] = [await port.create(asked, never), await port.create(asked, never)];
    assert.ok(one.ok && two.ok);
    assert.equal(one.value.id, two.value.id);
  });
  it('withdrawn for good', async () => {
    const withdraw = new AbortController();
    const port = harness.port();
    const { pending, outcome } = ask(submission(), port, { withdraw: withdraw.signal });
    const request = await pending;
    withdraw.abort();
    assert.equal(code(await outcome), 'cancelled');
    const after = await port.get(request.id, never);
    assert.ok(!after.ok || after.value.state !== 'pending' && after.value.state !== 'approved');
  });
  it('left open when the wait stops, and taken up again', async () => {
    const asked = submission();
    const port = harness.port();
    const stop = new AbortController();
    const first = ask(asked, port, { signal: stop.signal });
    const request = await first.pending;
    stop.abort();
    assert.equal(code(await first.outcome), 'cancelled');
    const again = ask(asked, port);
    assert.equal((await again.pending).id, request.id);
    await harness.approve(request.id);
    assert.match(code(await again.outcome), /^(grant|output)$/);
  });
  it('another statement never runs on this approval', async () => {
    const { pending, outcome, client } = ask(submission());
    const request = await pending;
    await harness.approve(request.id);
    await outcome;
    assert.equal(code(await client.resume(request.id, submission(), { signal: never })), 'statement-changed');
  });
  it('a wrong token and a server that is away are blocked', async () => {
    const port = harness.port();
    assert.ok(port.name.includes('http://127.0.0.1'));
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(port.name)?.[0] ?? '';
    assert.equal(code(await ask(submission(), harness.portTo(url, 'wrong')).outcome), 'unauthorized');
    const gone = await serve(() => ({ status: 200 }));
    gone.close();
    assert.equal(code(await ask(submission(), harness.portTo(gone.url, 'x')).outcome), 'backend-unreachable');
  });
  for (const [what, body] of [['nonsense', 'ok'], ['an unknown state', { id: 'x', state: 'maybe', has_review: 'perhaps', requests: [{ state: 'maybe' }] }], ['nothing', undefined]] as const) {
    it(`a server that answers ${what} is blocked`, async () => {
      const strange = await serve(() => ({ status: 200, body }));
      assert.equal(code(await ask(submission(), harness.portTo(strange.url, 'x')).outcome), 'backend-unreachable');
      strange.close();
    });
  }
}

test('hoop: the stored script ran, exactly as submitted, and only after the approval', async () => {
  const asked = submission();
  const client = createApprovalClient(hoopPort());
  let id = '';
  const outcome = client.obtain(asked, { signal: never, onProgress: (p) => {
    if (p.step !== 'pending' || id !== '') return;
    id = p.request.id;
    assert.ok(!hoopServer.executed.includes(asked.statement));
    void hoop.approve(id);
  } });
  const obtained = await outcome;
  client.dispose();
  assert.ok(obtained.kind === 'output', code(obtained));
  assert.equal(hoopServer.executed.filter((s) => s === asked.statement).length, 1);
  assert.match(obtained.output.output, /\*\*\*\*\*/);
  assert.deepEqual(obtained.output.maskedBy, { infoTypes: ['US_SSN'], redactions: 2 });
});
test('hoop: without a review it runs at once; a slow one is waited for', async () => {
  for (const connection of ['open', 'slow']) {
    const asked = submission(connection);
    const client = createApprovalClient(hoopPort());
    const obtained = await client.obtain(asked, { signal: never });
    client.dispose();
    assert.ok(obtained.kind === 'output', code(obtained));
    assert.match(obtained.output.output, /characters ran/);
    assert.equal(obtained.output.exitCode, 0);
  }
});
test('hoop: an approval outside its time window waits, and is not burnt', async () => {
  const port = hoopPort();
  const asked = submission();
  const created = await port.create(asked, never);
  assert.ok(created.ok);
  const { id } = created.value;
  await hoop.approve(id);
  for (const window of [{ type: 'time_range', configuration: { start_time: '00:00', end_time: '00:00' } }, { type: 'full-moon' }]) {
    hoopServer.setReview(id, { window });
    const now = await port.get(id, never);
    assert.equal(now.ok && now.value.state, 'pending');
    assert.equal((await port.execute?.(id, never))?.ok, false);
  }
  hoopServer.setReview(id, { window: { type: 'time_range', configuration: { start_time: '00:00', end_time: '23:59' } } });
  // 23:59 itself is outside: at that minute the check below would rightly fail, so the clock is given.
  const atNoon = createHoopPort({ url: hoopServer.url, token: hoopServer.tokenOf('dana'), pace: fast, now: () => Date.UTC(2026, 0, 1, 12) });
  assert.equal((await atNoon.execute?.(id, never))?.ok, true);
});
test('hoop: revoked between approval and run: nothing runs', async () => {
  const port = hoopPort();
  const asked = submission();
  const created = await port.create(asked, never);
  assert.ok(created.ok);
  await hoop.approve(created.value.id);
  hoopServer.setReview(created.value.id, { status: 'REVOKED' });
  const ran = await port.execute?.(created.value.id, never);
  assert.equal(ran?.ok, false);
  assert.ok(!hoopServer.executed.includes(asked.statement));
});
test('hoop: an unknown status is never approved', async () => {
  const port = hoopPort();
  const created = await port.create(submission(), never);
  assert.ok(created.ok);
  for (const status of ['UNKNOWN', 'SOMETHING_NEW']) {
    hoopServer.setReview(created.value.id, { status });
    assert.equal((await port.get(created.value.id, never)).ok, false);
    assert.equal((await port.execute?.(created.value.id, never))?.ok, false);
  }
});
test('hoop: what it does not have is refused, not imitated', async () => {
  const port = hoopPort();
  const asked = submission();
  const refusals = [
    await port.create({ ...asked, parameters: [1] }, never),
    await port.create({ ...asked, request: { ...asked.request, binding: { ...asked.request.binding, capability: 'reveal' } } }, never),
    await port.create(submission('off'), never),
    await port.create(submission('strict'), never),
    await hoopPort(hoopServer.tokenOf('sam')).decide({ requestId: 'x', decision: 'request_changes', comment: 'c' }, never),
    await hoopPort(hoopServer.tokenOf('sam')).decide({ requestId: 'x', decision: 'approve', comment: '', constraints: { maxRows: 1 } }, never),
    await hoopPort('xapi-organisation-key').me(never),
  ];
  for (const refusal of refusals) assert.equal(refusal.ok, false);
  const answered = await hoopPort(undefined, { metadata: { ticket: 'T-1' } }).create(submission('strict'), never);
  assert.equal(answered.ok, true);
});
test('hoop: a rotated token is used from then on and handed to be kept', async () => {
  const own = await startHoop(connections);
  const kept: string[] = [];
  const port = createHoopPort({ url: own.url, token: own.tokenOf('dana'), pace: fast, onNewToken: (token) => kept.push(token) });
  own.rotateTokens();
  const created = await port.create(submission(), never);
  assert.ok(created.ok);
  assert.equal((await port.get(created.value.id, never)).ok, true);
  assert.ok(kept.length >= 3);
  own.close();
});
test('the settings choose the backend; a service without its key opens nothing', async () => {
  const service = await startApprovalService();
  const url = 'http://127.0.0.1:1';
  assert.match(createPort({ url, token: 't' }).name, /approval backend/);
  assert.match(createPort({ url, token: 't', kind: 'hoop', hoop: { connections: { shop: 'shop-db' } } }).name, /hoop gateway/);
  const { issuer } = service.keys;
  const client = createApprovalClient(createPort({ url: service.url, token: service.token, kind: 'service', service: { issuer, keys: [], user: { id: 'dana', name: 'Dana' } } }));
  const outcome = client.obtain(submission(), { signal: never, onProgress: (p) => { if (p.step === 'pending') void service.decide(p.request.id, 'approved', 'Sam', ''); } });
  assert.equal(code(await outcome), 'grant-invalid');
  client.dispose();
  service.close();
});
test('generic: a grant that its key did not sign is refused', async () => {
  const [one, two] = [await startApprovalService(), await startApprovalService()];
  const client = createApprovalClient(createGenericPort({ url: one.url, token: one.token, me: dana, keys: two.keys, pace: fast }));
  const outcome = client.obtain(submission(), { signal: never, onProgress: (p) => { if (p.step === 'pending') void one.decide(p.request.id, 'approved', 'Sam', ''); } });
  assert.equal(code(await outcome), 'grant-invalid');
  client.dispose();
  one.close();
  two.close();
});
