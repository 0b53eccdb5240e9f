/** Connections for agents: a file of the same shape as the editor's setting, or the environment, where the editor starts the server. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { UserError } from '../exit.ts';

export interface AgentConnections { readonly connections: readonly ConnectionSettings[]; readonly passwords: Readonly<Record<string, string>> }

const dialects: readonly unknown[] = ['sqlite', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino'] satisfies readonly ConnectionSettings['dialect'][];
const environments: readonly unknown[] = ['development', 'staging', 'production', 'critical'] satisfies readonly ConnectionSettings['environment'][];

/**
 * Only connections that say `agents: true`. Passwords come from the environment: PII_GATE_PASSWORDS (JSON by id).
 * @throws UserError when the file can't be read or a connection lacks something
 */
export function readAgentConnections(file: string | undefined, cwd: string, env: Readonly<Record<string, string | undefined>>): AgentConnections {
  const source = file === undefined ? 'PII_GATE_CONNECTIONS' : file;
  const listed = file === undefined ? parsed(env.PII_GATE_CONNECTIONS ?? '[]', source) : parsed(read(resolve(cwd, file), file), source);
  const list = Array.isArray(listed) ? listed : isRecord(listed) && Array.isArray(listed.connections) ? listed.connections : undefined;
  if (list === undefined) throw new UserError(`${source}: expected a list of connections.`);
  const connections = list.map((one, index) => readConnection(one, `${source}: connection ${index + 1}`, cwd)).filter(({ agents }) => agents === true);
  const passwords = parsed(env.PII_GATE_PASSWORDS ?? '{}', 'PII_GATE_PASSWORDS');
  if (!isRecord(passwords)) throw new UserError('PII_GATE_PASSWORDS: expected an object of passwords by connection id.');
  return { connections, passwords: Object.fromEntries(Object.entries(passwords).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) };
}

function readConnection(value: unknown, where: string, cwd: string): ConnectionSettings {
  if (!isRecord(value)) throw new UserError(`${where}: expected an object.`);
  for (const field of ['id', 'dialect', 'environment'] as const) if (typeof value[field] !== 'string' || value[field] === '') throw new UserError(`${where}: "${field}" is missing.`);
  if (!dialects.includes(value.dialect)) throw new UserError(`${where}: "${String(value.dialect)}" is no dialect. Use one of ${dialects.join(', ')}.`);
  if (!environments.includes(value.environment)) throw new UserError(`${where}: "${String(value.environment)}" is no environment. Use one of ${environments.join(', ')}.`);
  const { file } = value;
  return { name: value.id, ...value, ...(typeof file === 'string' ? { file: resolve(cwd, file) } : {}) } as unknown as ConnectionSettings;
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UserError(`the connections file ${name} can't be read.`);
  }
}

/** YAML holds JSON. The text may hold secrets: an error names the place only. */
function parsed(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new UserError(`${source} is neither YAML nor JSON.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
