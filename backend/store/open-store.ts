/** Opens the store that a command names: PostgreSQL by its URL, else the SQLite file of a data folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgresStore } from './postgres.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

export interface StoreChoice {
  /** Folder of the service: its SQLite store unless `storeUrl` says otherwise, its anchored head. */
  readonly dataDir: string;
  /** `postgresql://…`. From the environment: it holds a password. */
  readonly storeUrl?: string;
  /** Folder of the signing keys. Default `<dataDir>/keys`. */
  readonly keysDir?: string;
}

/** For a command beside the service. Throws when there is no store: a command must not make one. */
export async function openChosenStore({ dataDir, storeUrl }: StoreChoice): Promise<Store> {
  if (storeUrl !== undefined) return openPostgresStore({ url: storeUrl, applicationName: commandName, poolSize: 2 });
  const path = join(dataDir, 'gate.db');
  if (!existsSync(path)) throw new Error(`${path}: there is no store; name the data folder with --data, or a PostgreSQL store in PII_GATE_STORE_URL`);
  return openSqliteStore(path);
}

export function keysFolder({ dataDir, keysDir }: StoreChoice): string {
  return keysDir ?? join(dataDir, 'keys');
}

/** What PostgreSQL shows in `pg_stat_activity`: instances of the service apart from commands. */
export const serviceName = 'pii-gate service';
const commandName = 'pii-gate command';
