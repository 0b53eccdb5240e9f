/** The databases that the backend speaks to itself, from a YAML file. Passwords come from the environment, a file or a command. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isMap, isSeq, type YAMLMap } from 'yaml';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Dialect, Environment } from '#core/wire/statement.ts';
import type { PolicyProblem } from '../policy/policy.ts';
import { YamlReader } from '../policy/yaml-reader.ts';

export type Secret =
  | { readonly kind: 'none' }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  /** Program and arguments; no shell. Its standard output is the password. */
  | { readonly kind: 'command'; readonly argv: readonly string[] };

/** The backend makes short-lived roles for this connection; editors run the statements themselves. */
export interface RoleSettings {
  /** Longest life of a role, milliseconds. */
  readonly maxMs: number;
  /** Connections at a time. */
  readonly connections: number;
}

export interface BrokerConnection {
  readonly settings: ConnectionSettings;
  readonly secret: Secret;
  /** Absent: the broker runs its statements. */
  readonly roles?: RoleSettings;
}

export type ParsedConnections =
  | { readonly ok: true; readonly connections: readonly BrokerConnection[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const keys = ['id', 'name', 'dialect', 'environment', 'file', 'host', 'port', 'database', 'user', 'tls', 'read_only', 'statement_timeout', 'max_rows', 'password', 'short_lived_roles'];
const defaultRoles: RoleSettings = { maxMs: 15 * 60_000, connections: 1 };
const dialects: readonly Dialect[] = ['sqlite', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino'];
const environments: readonly Environment[] = ['development', 'staging', 'production', 'critical'];

/** @param source the file's path: relative files are beside it */
export function parseBrokerConnections(text: string, source: string): ParsedConnections {
  const reader = new YamlReader(text);
  const root = reader.problems.length > 0 ? undefined : reader.map(reader.root, '"connections" with a list');
  if (!root) return { ok: false, problems: reader.problems };
  reader.onlyKeys(root, ['connections']);
  const connections = reader.items(root, 'connections').flatMap((item) => {
    const map = reader.map(item, 'a connection: {id, dialect, environment, …}');
    return map ? [readConnection(reader, map, dirname(resolve(source)))] : [];
  });
  for (const [index, { settings }] of connections.entries()) {
    if (connections.findIndex((other) => other.settings.id === settings.id) < index) reader.complain(root, `the id "${settings.id}" is used twice`);
  }
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, connections };
}

function readConnection(reader: YamlReader, map: YAMLMap, folder: string): BrokerConnection {
  reader.onlyKeys(map, keys);
  const id = reader.text(map, 'id') ?? '';
  if (!/^[\w.-]{1,64}$/.test(id)) reader.complain(map.get('id', true) ?? map, '"id" must be 1 to 64 letters, digits or ._-');
  const choose = <T extends string>(key: string, values: readonly T[]): T | undefined => {
    const found = values.find((value) => value === map.get(key));
    if (found === undefined) reader.complain(map.get(key, true) ?? map, `"${key}" must be one of ${values.join(', ')}`);
    return found;
  };
  const file = reader.text(map, 'file');
  const settings: ConnectionSettings = {
    id,
    name: reader.text(map, 'name') ?? id,
    dialect: choose('dialect', dialects) ?? 'sqlite',
    environment: choose('environment', environments) ?? 'critical',
    // Writing has to be asked for: a broker that only reads can't be talked into more.
    readOnly: map.has('read_only') ? reader.flag(map, 'read_only') : true,
    ...optional('file', file === undefined ? undefined : resolve(folder, file)),
    ...optional('host', reader.text(map, 'host')),
    ...optional('port', reader.count(map, 'port', 1, 65_535)),
    ...optional('database', reader.text(map, 'database')),
    ...optional('user', reader.text(map, 'user')),
    ...optional('tls', map.has('tls') ? choose<'verify' | 'no-verify' | 'off'>('tls', ['verify', 'no-verify', 'off']) : undefined),
    ...optional('statementTimeoutMs', reader.duration(map, 'statement_timeout')),
    ...optional('maxRows', reader.count(map, 'max_rows', 1, 10_000_000)),
  };
  const roles = readRoles(reader, map, settings.dialect);
  return { settings, secret: readSecret(reader, map, folder), ...(roles ? { roles } : {}) };
}

/** `true`, or `{max: 15m, connections: 1}`. */
function readRoles(reader: YamlReader, map: YAMLMap, dialect: Dialect): RoleSettings | undefined {
  const node = map.get('short_lived_roles', true);
  if (node === undefined) return undefined;
  if (dialect !== 'postgresql') reader.complain(node, '"short_lived_roles" are for PostgreSQL');
  if (isMap(node)) {
    reader.onlyKeys(node, ['max', 'connections']);
    return { maxMs: reader.duration(node, 'max') ?? defaultRoles.maxMs, connections: reader.count(node, 'connections', 1, 100) ?? defaultRoles.connections };
  }
  return reader.flag(map, 'short_lived_roles') ? defaultRoles : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [Key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [Key in K]?: V });
}

function readSecret(reader: YamlReader, map: YAMLMap, folder: string): Secret {
  const node = map.get('password', true);
  if (node === undefined) return { kind: 'none' };
  if (!isMap(node)) {
    reader.complain(node, '"password" is {env: NAME}, {file: PATH} or {command: [program, argument…]}: never the password itself');
    return { kind: 'none' };
  }
  reader.onlyKeys(node, ['env', 'file', 'command']);
  const env = reader.text(node, 'env');
  if (env !== undefined) return { kind: 'env', name: env };
  const file = reader.text(node, 'file');
  if (file !== undefined) return { kind: 'file', path: resolve(folder, file) };
  const argv = isSeq(node.get('command', true)) ? reader.texts(node, 'command') : [];
  if (argv.length > 0) return { kind: 'command', argv };
  reader.complain(node, '"password" needs env, file or command');
  return { kind: 'none' };
}

/** A password that the backend could not get. Its message is for the administrator: it names where, and holds nothing of it. */
export class SecretError extends Error {}

/** Asked for at each connection, so that a rotated password works without a restart. @throws SecretError */
export async function passwordOf(secret: Secret, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  switch (secret.kind) {
    case 'none': return '';
    case 'env': {
      const value = environment[secret.name];
      if (value === undefined) throw new SecretError(`The environment variable ${secret.name} is not set`);
      return value;
    }
    case 'file':
      try {
        return (await readFile(secret.path, 'utf8')).replace(/\r?\n$/, '');
      } catch (error) {
        throw new SecretError(`The password file ${secret.path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
      }
    case 'command': {
      const [program = '', ...args] = secret.argv;
      try {
        const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000, maxBuffer: 65_536 });
        return stdout.replace(/\r?\n$/, '');
      } catch {
        // The error would quote the command line and its output.
        throw new SecretError(`The password command ${program} failed`);
      }
    }
  }
}
