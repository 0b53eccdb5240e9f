/** Composes the broker: its connections, its key, and everything that takes statements apart, loaded only when there is one. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detector } from '#core/engine/detector.ts';
import { letCellsStayYoung } from '#query/results/cells-stay-young.ts';
import type { Source } from '../configuration.ts';
import type { Broker, BrokerDeps } from './broker.ts';
import { parseBrokerConnections, type BrokerConnection } from './connections.ts';
import type { ShortLivedRoles, ShortLivedRolesDeps } from './short-lived-roles.ts';

export type OpenBrokerDeps = Omit<BrokerDeps, 'connections' | 'drivers' | 'tools' | 'data' | 'bindingKey' | 'environment' | 'detector'> & {
  readonly connections: readonly BrokerConnection[];
  readonly keysDir: string;
  readonly detector: Detector;
  /** Folder of the running program: the sources' `backend/` or `dist/`. */
  readonly here: string;
};

export function readBrokerConnections(source: Source): readonly BrokerConnection[] {
  const name = typeof source === 'string' ? source : '(text)';
  const parsed = parseBrokerConnections(typeof source === 'string' ? readFileSync(source, 'utf8') : source.text, name);
  if (parsed.ok) return parsed.connections;
  throw new Error(parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`).join('\n'));
}

export async function openBroker({ keysDir, here, ...deps }: OpenBrokerDeps): Promise<Broker> {
  letCellsStayYoung();
  const [{ createBroker }, { createDrivers }, { createStatementTools }, { dataPolicyOf }] = await Promise.all([
    import('./broker.ts'), import('#query/drivers/registry.ts'), import('#query/understanding/statement-tools.ts'), import('#query/results/data-policy.ts'),
  ]);
  const built = join(here, 'sqlite-process.js');
  const wasm = (name: string): string | undefined => (existsSync(join(here, name)) ? join(here, name) : undefined);
  const sqlparserWasm = wasm('sqlparser_rs_wasm_bg.wasm');
  const libpgWasm = wasm('libpg-query.wasm');
  return createBroker({
    ...deps,
    drivers: createDrivers({ sqliteProcess: existsSync(built) ? built : join(here, '..', 'query', 'drivers', 'sqlite-process.ts') }),
    tools: await createStatementTools({ ...(sqlparserWasm === undefined ? {} : { sqlparserWasm }), ...(libpgWasm === undefined ? {} : { libpgWasm }) }),
    data: dataPolicyOf([], deps.detector.entities()),
    bindingKey: bindingKey(keysDir),
    environment: process.env,
  });
}

/**
 * Undefined when no connection has short-lived roles. Roles that an earlier process left behind are dropped in the
 * background: a database that is down must not keep the approvals from starting.
 */
export async function openShortLivedRoles({ connections, ...deps }: Omit<ShortLivedRolesDeps, 'connections' | 'drivers' | 'environment'> & { readonly connections: readonly BrokerConnection[] }): Promise<ShortLivedRoles | undefined> {
  const own = connections.flatMap((connection) => (connection.roles ? [{ ...connection, roles: connection.roles }] : []));
  if (own.length === 0) return undefined;
  const [{ createShortLivedRoles }, { createDrivers }] = await Promise.all([import('./short-lived-roles.ts'), import('#query/drivers/registry.ts')]);
  const roles = createShortLivedRoles({ ...deps, connections: own, drivers: createDrivers({ sqliteProcess: '' }), environment: process.env });
  roles.sweep().catch((error: unknown) => deps.onError('short-lived roles', error));
  return roles;
}

/** 32 random bytes, made once; shared by instances like the signing keys. */
function bindingKey(keysDir: string): Uint8Array {
  const path = join(keysDir, 'broker.key');
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  const key = readFileSync(path);
  if (key.length !== 32) throw new Error(`${path}: a broker key has 32 bytes`);
  return key;
}
