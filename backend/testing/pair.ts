/** Two instances on one PostgreSQL behind a round-robin proxy: no two requests of a client go to the same one. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createBackend, type Backend, type BackendOptions } from '../create-backend.ts';

/** Looks like one backend. Each pair has a schema of its own. */
export async function startPair(options: BackendOptions, databaseUrl: string): Promise<Backend> {
  const store = { url: databaseUrl, schema: `pair_${randomBytes(6).toString('hex')}` };
  const keysDir = options.keysDir ?? join(options.dataDir, 'keys');
  const [one, two] = [
    await createBackend({ ...options, store, keysDir, dataDir: join(options.dataDir, 'one') }),
    await createBackend({ ...options, store, keysDir, dataDir: join(options.dataDir, 'two') }),
  ];
  let turn = 0;
  const proxy = createServer((incoming, outgoing) => {
    turn += 1;
    const target = new URL(incoming.url ?? '/', turn % 2 === 0 ? one.url : two.url);
    const sent = forward(target, { method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    outgoing.on('close', () => sent.destroy());
    incoming.pipe(sent);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    ...one,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async reload() {
      const replaced = [await one.reload(), await two.reload()];
      return replaced.includes(true);
    },
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await one.close();
      await two.close();
    },
  };
}
