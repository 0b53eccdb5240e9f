/** Where the browser comes back to on this machine (RFC 8252, 7.3): one port, one answer, gone. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Redirect } from './oidc-client.ts';

/** A browser tab that nobody finishes must not hold the port for ever. Milliseconds. */
const patienceMs = 5 * 60_000;

const page = '<!DOCTYPE html><meta charset="utf-8"><title>PII Gate</title><body style="font:16px system-ui;display:grid;place-items:center;height:90vh"><p>You can close this tab and go back to the editor.</p>';

export interface Loopback extends Redirect { close(): void }

/** @param open opens an address in the user's browser */
export async function listenOnLoopback(open: (address: string) => Promise<unknown>): Promise<Loopback> {
  let arrived: (url: URL) => void = () => {};
  const arrival = new Promise<URL>((resolve) => { arrived = resolve; });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const ours = request.method === 'GET' && url.pathname === '/callback' && url.searchParams.has('state');
    response.writeHead(ours ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'cache-control': 'no-store', connection: 'close' });
    response.end(ours ? page : '');
    if (ours) arrived(url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => { server.close(); server.closeAllConnections(); };
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    async visit(address) {
      await open(address);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error('Nobody came back from the browser within 5 minutes. Start again.')), patienceMs); });
      try {
        return await Promise.race([arrival, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    close,
  };
}
