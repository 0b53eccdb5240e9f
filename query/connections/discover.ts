/** Connections that the `.env` files of a folder name. Offered to the user; nothing is ever connected to unasked. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { parseConnectionUrl } from './url.ts';

export interface Discovered {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly variable: string;
  readonly settings: ConnectionSettings;
  readonly password: string;
}

/** `.env` files are small; a larger one is something else. */
const MAX_BYTES = 256 * 1024;
const MAX_FILES = 20;

/** In the folder itself and one level below (monorepos). Files that can't be read are passed over. */
export function discoverConnections(folder: string): Discovered[] {
  return envFiles(folder).flatMap((file) => {
    try {
      return statSync(file).size > MAX_BYTES ? [] : connectionsIn(readFileSync(file, 'utf8'), file, folder);
    } catch { return []; }
  });
}

/** Every variable whose value is a database URL: `DATABASE_URL`, `POSTGRES_URL`, `SHOP_DB_URI`, … */
export function connectionsIn(text: string, file: string, folder: string): Discovered[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    const [, variable, raw] = match ?? [];
    if (variable === undefined || raw === undefined) return [];
    const value = unquoted(raw);
    if (!/^(postgres(ql)?|mysql|mariadb|sqlserver|mssql|trino|sqlite|file):/i.test(value)) return [];
    // `$OTHER` would have to be resolved by running the program.
    if (value.includes('${') || /\$[A-Za-z_]/.test(value)) return [];
    const name = `${variable} (${path.relative(folder, file) || path.basename(file)})`;
    const parsed = parseConnectionUrl(value, { id: slug(`${path.relative(folder, file)}-${variable}`), name, environment: 'production', cwd: path.dirname(file) });
    return parsed.ok ? [{ file, line: index + 1, variable, settings: parsed.settings, password: parsed.password }] : [];
  });
}

function unquoted(raw: string): string {
  const quoted = /^(["'])(.*)\1\s*(#.*)?$/.exec(raw.trim());
  return quoted?.[2] ?? raw.replace(/\s+#.*$/, '').trim();
}

function slug(text: string): string { return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''); }

function envFiles(folder: string): string[] {
  const here = envIn(folder);
  const below = entries(folder).filter((e) => e.isDirectory() && !e.name.startsWith('.') && e.name !== 'node_modules').slice(0, 100).flatMap((e) => envIn(path.join(folder, e.name)));
  return [...here, ...below].slice(0, MAX_FILES);
}

function envIn(folder: string): string[] {
  return entries(folder).filter((e) => e.isFile() && /^\.env(\.[\w.-]+)?$/.test(e.name) && !/\.(example|sample|template|dist)$/.test(e.name)).map((e) => path.join(folder, e.name)).sort();
}

function entries(folder: string): import('node:fs').Dirent[] {
  try { return readdirSync(folder, { withFileTypes: true }); } catch { return []; }
}
