/** Live events as an EventSource sees them: order, visibility, replay after a lost connection. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LiveEvent } from '#core/wire/approval.ts';
import { sampleRequest, startBackend, type RunningBackend } from '../testing/sample.ts';

let gate: RunningBackend;
before(async () => {
  gate = await startBackend();
});
after(() => gate.stop());

interface Heard { readonly id: number; readonly event: LiveEvent }

/** Opens a stream and hands out its events one by one. */
async function listen(who: string, lastEventId?: number) {
  const controller = new AbortController();
  const response = await fetch(`${gate.url}/v1/events`, {
    // An event that never comes fails the test instead of holding it up.
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(20_000)]),
    headers: { authorization: `Bearer ${gate.tokens[who]}`, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) },
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.ok(response.body);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let buffered = '';
  const frame = async (): Promise<string> => {
    while (!buffered.includes('\n\n')) {
      const { value, done } = await reader.read();
      assert.equal(done, false, 'the stream ended');
      buffered += decoder.decode(value, { stream: true });
    }
    const end = buffered.indexOf('\n\n');
    const text = buffered.slice(0, end);
    buffered = buffered.slice(end + 2);
    return text;
  };
  assert.match(await frame(), /^retry: \d+\n: open$/);
  return {
    async next(): Promise<Heard> {
      const text = await frame();
      const data = /^data: (.*)$/m.exec(text)?.[1];
      if (data === undefined) return this.next();
      return { id: Number(/^id: (\d+)$/m.exec(text)?.[1]), event: JSON.parse(data) as LiveEvent };
    },
    close: () => controller.abort(),
  };
}

const requestOf = ({ event }: Heard) => {
  assert.equal(event.type, 'request');
  return event.request;
};

test('requester and reviewer hear of every change; the grant goes to the requester alone', async () => {
  const [dana, sam] = await Promise.all([listen('dana'), listen('sam')]);
  const { body: request } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  assert.equal(requestOf(await dana.next()).id, request.id);
  assert.equal(requestOf(await sam.next()).state, 'pending');
  await gate.call('sam', 'POST', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: '' });
  const approved = requestOf(await dana.next());
  assert.equal(approved.state, 'approved');
  assert.ok(approved.grant);
  assert.equal(requestOf(await sam.next()).grant, undefined);
  dana.close();
  sam.close();
});

test('somebody who may not see a request does not hear of it', async () => {
  const devon = await listen('devon');
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  const { body: write } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ facts: { kind: 'update', readOnly: false } }));
  assert.equal(requestOf(await devon.next()).id, write.id, 'the first thing that the dba hears of is the write');
  devon.close();
});

test('a watcher that comes back with its last id is told what it missed', async () => {
  const first = await listen('sam');
  const { body: one } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  const heard = await first.next();
  assert.equal(requestOf(heard).id, one.id);
  first.close();
  const { body: two } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  await gate.call('dana', 'POST', `/v1/requests/${one.id}/cancel`);
  const back = await listen('sam', heard.id);
  const missed = [requestOf(await back.next()), requestOf(await back.next())];
  assert.deepEqual(missed.map(({ id, state }) => [id, state]), [[two.id, 'pending'], [one.id, 'cancelled']]);
  back.close();
});

test('a revoked grant is announced, so that a running query stops', async () => {
  const { body: request } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment: 'staging' }));
  const jti = JSON.parse(Buffer.from(request.grant?.split('.')[1] ?? '', 'base64url').toString()).jti as string;
  const dana = await listen('dana');
  assert.equal((await gate.call('dana', 'POST', `/v1/grants/${jti}/revoke`)).status, 204);
  const { event } = await dana.next();
  assert.deepEqual(event, { type: 'grant-revoked', grant: jti, request: request.id });
  assert.equal(requestOf(await dana.next()).state, 'revoked');
  dana.close();
});

test('without signing in there is no stream', async () => {
  assert.equal((await fetch(`${gate.url}/v1/events`)).status, 401);
});
