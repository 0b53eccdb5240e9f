/** A real MariaDB for tests: Debian's server binary, installed when it is missing and we may, with a data folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { freePort } from './free-port.ts';
import type { StartedDatabase } from './started.ts';

/** How long a fresh server may take to answer. */
const startTimeoutMs = 60_000;

/**
 * Starts a fresh server (a few seconds) with the database `shop`.
 * @param options more of mariadbd's own
 */
export async function startMariadb(options: readonly string[] = []): Promise<StartedDatabase> {
  const binary = ensureMariadb();
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-mariadb-'));
  const data = join(folder, 'data');
  const user = userInfo().username;
  const install = spawnSync('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', `--user=${user}`], { encoding: 'utf8' });
  if (install.status !== 0) throw new Error(`MariaDB's data folder could not be made: ${install.stderr || install.stdout}`);
  const port = await freePort();
  const server = spawn(binary, [
    '--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`,
    `--user=${user}`, '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=32M', '--character-set-server=utf8mb4', ...options,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr?.on('data', (chunk: Buffer) => { log = (log + chunk.toString()).slice(-4_000); });
  // A test that fails before it can stop the server must not leave it behind.
  const endWithProcess = (): void => { server.kill('SIGKILL'); };
  process.once('exit', endWithProcess);
  const client = await connect(server, join(folder, 'socket'), () => log);
  const password = 'mariadb-of-tests';
  await client.query(`CREATE DATABASE shop; CREATE USER 'owner'@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO 'owner'@'127.0.0.1' WITH GRANT OPTION; CREATE USER 'owner'@'localhost' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO 'owner'@'localhost'; USE shop`);
  return {
    settings: { id: 'mariadb', name: 'MariaDB', dialect: 'mariadb', environment: 'staging', host: '127.0.0.1', port, database: 'shop', user: 'owner', tls: 'off' },
    password,
    async run(sql) { await client.query(sql); },
    async query(sql) { return (await client.query(sql))[0] as Record<string, unknown>[]; },
    async stop() {
      await client.end();
      const ended = new Promise<void>((resolve) => { server.once('exit', () => { resolve(); }); });
      server.kill('SIGTERM');
      await ended;
      process.off('exit', endWithProcess);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the server answers on its socket. */
async function connect(server: ChildProcess, socketPath: string, log: () => string): Promise<Connection> {
  const until = Date.now() + startTimeoutMs;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`MariaDB ended while starting:\n${log()}`);
    try {
      return await createConnection({ socketPath, user: 'root', multipleStatements: true });
    } catch (error) {
      if (Date.now() > until) {
        server.kill('SIGKILL');
        throw new Error(`MariaDB did not answer within ${startTimeoutMs / 1000} s: ${error instanceof Error ? error.message : String(error)}\n${log()}`);
      }
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
}

/** The path of `mariadbd`. Installs Debian's package when we are root there; otherwise says what to install. */
export function ensureMariadb(): string {
  const found = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/usr/bin/mariadbd', '/opt/homebrew/bin/mariadbd', '/usr/local/bin/mariadbd'].find((path) => existsSync(path));
  if (found && (found !== '/usr/sbin/mariadbd' || existsSync('/usr/bin/my_print_defaults'))) return found;
  const debian = existsSync('/etc/debian_version') && userInfo().uid === 0;
  if (!debian) throw new Error('The database tests need MariaDB: install mariadb-server (its binary mariadbd was not found), or run as root on Debian to have it installed.');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const installPackage = (): boolean => spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'mariadb-server-core', 'mariadb-client-core'], { env: environment, encoding: 'utf8' }).status === 0;
  if (!installPackage()) {
    spawnSync('apt-get', ['update'], { env: environment });
    if (!installPackage()) throw new Error('The database tests need MariaDB: `apt-get install mariadb-server-core mariadb-client-core` failed. Install it by hand and run the tests again.');
  }
  return '/usr/sbin/mariadbd';
}
