import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { ApprovalRequest, LiveEvent } from '#core/wire/approval.ts';
import { sampleRequest, startBackend } from '#backend/testing/sample.ts';
import { createBackendPort } from './backend-adapter.ts';
import type { LinkStatus } from './port.ts';

const backend = await startBackend();
after(() => backend.stop());
const pace = { shortest: 5, longest: 30, silence: 5_000, firstByte: 1_000, poll: 15, pollFor: 400 };

/** A proxy in front of the backend that can misbehave as real ones do. */
async function startProxy(onEvents: (request: IncomingMessage, response: ServerResponse, pass: () => void) => void): Promise<{ url: string; close(): void; cut(): void }> {
  const open = new Set<ServerResponse>();
  const server: Server = createServer((request, response) => {
    const pass = (): void => {
      open.add(response);
      const onward = httpRequest(backend.url + request.url, { method: request.method ?? 'GET', headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => { onward.destroy(); open.delete(response); });
      request.pipe(onward);
    };
    if (request.url === '/v1/events') onEvents(request, response, pass);
    else pass();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => { for (const response of open) response.destroy(); },
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

/** Watches as the reviewer until stopped, and lets a test wait for what it needs to see. */
function watching(url: string): { until<T>(find: (seen: { events: LiveEvent[]; links: LinkStatus[] }) => T | undefined): Promise<T>; stop(): Promise<void>; links: LinkStatus[] } {
  const port = createBackendPort({ url, token: backend.tokens.sam ?? '', pace });
  const stop = new AbortController();
  const seen = { events: [] as LiveEvent[], links: [] as LinkStatus[] };
  const waiters = new Set<() => void>();
  const tell = (): void => { for (const waiter of [...waiters]) waiter(); };
  const done = port.watch(stop.signal, (event) => { seen.events.push(event); tell(); }, (link) => { seen.links.push(link); tell(); });
  return {
    links: seen.links,
    until: (find) => new Promise((resolve) => {
      const look = (): void => {
        const found = find(seen);
        if (found === undefined) return;
        waiters.delete(look);
        resolve(found);
      };
      waiters.add(look);
      look();
    }),
    async stop() {
      stop.abort();
      await done;
    },
  };
}
async function ask(): Promise<ApprovalRequest> {
  const answer = await backend.call('dana', 'POST', '/v1/requests', sampleRequest());
  assert.equal(answer.status, 201);
  return answer.body;
}
const shown = (id: string) => (seen: { events: LiveEvent[] }): LiveEvent | undefined => seen.events.find((e) => e.type === 'request' && e.request.id === id);
const linked = (link: LinkStatus['link']) => (seen: { links: LinkStatus[] }): LinkStatus | undefined => seen.links.find((l) => l.link === link);

test('a new request is seen at once', async () => {
  const watch = watching(backend.url);
  await watch.until(linked('live'));
  const request = await ask();
  await watch.until(shown(request.id));
  await watch.stop();
});

test('what happened while the line was cut is made up for', async () => {
  let held: (() => void)[] | undefined;
  const proxy = await startProxy((_request, _response, pass) => (held === undefined ? pass() : held.push(pass)));
  const watch = watching(proxy.url);
  await watch.until(linked('live'));
  await watch.until(shown((await ask()).id));
  held = [];
  proxy.cut();
  const missed = await ask();
  const waiting = held;
  held = undefined;
  for (const pass of waiting) pass();
  await watch.until(shown(missed.id));
  await watch.stop();
  proxy.close();
});

test('a reconnect says which event it saw last', async () => {
  const ids: (string | string[] | undefined)[] = [];
  let again = (): void => {};
  const second = new Promise<void>((resolve) => { again = resolve; });
  const proxy = await startProxy((request, _response, pass) => {
    ids.push(request.headers['last-event-id']);
    if (ids.length === 2) again();
    pass();
  });
  const watch = watching(proxy.url);
  await watch.until(linked('live'));
  await watch.until(shown((await ask()).id));
  proxy.cut();
  await second;
  assert.equal(ids[0], undefined);
  assert.match(String(ids[1]), /^\d+$/);
  await watch.stop();
  proxy.close();
});

const obstacles: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['turns the stream into a page', (response) => { response.writeHead(200, { 'content-type': 'text/html' }); response.end('<p>proxy</p>'); }],
  ['ends the stream at once', (response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(); }],
];
for (const [name, answer] of obstacles) {
  test(`behind a proxy that ${name}, updates come by polling`, async () => {
    const proxy = await startProxy((_request, response) => answer(response));
    const watch = watching(proxy.url);
    await watch.until(linked('polling'));
    const request = await ask();
    await watch.until(shown(request.id));
    await watch.stop();
    proxy.close();
  });
}

test('a refused token is said, and the watch goes on trying', async () => {
  let refused = 0;
  const proxy = await startProxy((_request, response, pass) => {
    refused += 1;
    if (refused > 2) return pass();
    response.writeHead(401, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ status: 401, code: 'unauthorized', detail: 'Sign in again.' }));
  });
  const watch = watching(proxy.url);
  const down = await watch.until(linked('down'));
  assert.equal(down.link === 'down' && down.blocked.code, 'unauthorized');
  await watch.until(linked('live'));
  await watch.stop();
  proxy.close();
});

test('a backend that is away is said to be', async () => {
  const proxy = await startProxy((_request, _response, pass) => pass());
  proxy.close();
  const watch = watching(proxy.url);
  const down = await watch.until(linked('down'));
  assert.equal(down.link === 'down' && down.blocked.code, 'backend-unreachable');
  await watch.stop();
});
