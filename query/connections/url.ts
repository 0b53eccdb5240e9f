/** Connection URLs: `postgres://user:pass@host:5432/db?sslmode=require`, `mysql://…`, `sqlite:/path/to.db`, `sqlserver://…`, `trino://…`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Dialect, Environment } from '#core/wire/statement.ts';

export type ParsedUrl =
  | { readonly ok: true; readonly settings: ConnectionSettings; readonly password: string }
  /** `message` never holds the URL: it may carry a password. */
  | { readonly ok: false; readonly message: string };

const dialects: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql', postgresql: 'postgresql', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite', file: 'sqlite',
  sqlserver: 'sqlserver', mssql: 'sqlserver', trino: 'trino', 'trino+https': 'trino',
};

export interface UrlOptions {
  readonly id: string;
  readonly name?: string;
  readonly environment: Environment;
  /** Relative SQLite files are looked for from here. */
  readonly cwd: string;
}

/** Never throws. Options of the query string that weaken TLS are honoured as libpq and MySQL write them. */
export function parseConnectionUrl(text: string, { id, name, environment, cwd }: UrlOptions): ParsedUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text.trim())?.[1]?.toLowerCase();
  const dialect = scheme === undefined ? undefined : dialects[scheme];
  if (scheme === undefined || dialect === undefined) {
    return { ok: false, message: `A connection URL begins with postgres://, mysql://, mariadb://, sqlserver://, trino:// or sqlite:${scheme === undefined ? '' : `, not with ${scheme}:`}.` };
  }
  const base = { id, name: name ?? id, dialect, environment };
  if (dialect === 'sqlite') return sqlite(text.trim(), base, cwd);
  let url: URL;
  try { url = new URL(text.trim()); } catch { return { ok: false, message: 'The connection URL is malformed. Special characters in the password must be percent-encoded.' }; }
  if (url.hostname === '' && dialect !== 'postgresql') return { ok: false, message: 'The connection URL names no host.' };
  const parts = decode(url);
  if (!parts) return { ok: false, message: 'The connection URL is malformed: a % in it does not begin a percent-encoded character.' };
  const tls = tlsMode(url);
  if (tls === 'invalid') return { ok: false, message: 'The TLS mode of the connection URL is not known. Use sslmode=verify-full, require or disable.' };
  return {
    ok: true, password: parts.password,
    settings: {
      ...base, host: parts.host || 'localhost', ...(url.port === '' ? {} : { port: Number(url.port) }),
      ...(parts.database === '' ? {} : { database: parts.database }), ...(parts.user === '' ? {} : { user: parts.user }), ...(tls === undefined ? {} : { tls }),
    },
  };
}

function sqlite(text: string, base: Pick<ConnectionSettings, 'id' | 'name' | 'dialect' | 'environment'>, cwd: string): ParsedUrl {
  let file: string;
  try {
    // `file:dev.db`, as Prisma writes it, is relative; `file:///…` is not.
    file = /^file:\/\//i.test(text) ? fileURLToPath(text.replace(/\?.*$/, '')) : decodeURIComponent(text.replace(/^(sqlite:(\/\/)?|file:)/i, '').replace(/\?.*$/, ''));
  } catch { return { ok: false, message: 'The path of the SQLite URL is malformed.' }; }
  return file === '' ? { ok: false, message: 'The SQLite URL names no file.' } : { ok: true, settings: { ...base, file: path.resolve(cwd, file) }, password: '' };
}

function decode(url: URL): { host: string; user: string; password: string; database: string } | undefined {
  try {
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.replace(/^\//, '')) || url.searchParams.get('database') || '',
    };
  } catch { return undefined; }
}

/** libpq's sslmode, MySQL's ssl-mode, and SQL Server's encrypt/trustServerCertificate. */
function tlsMode(url: URL): ConnectionSettings['tls'] | 'invalid' {
  const get = (...names: string[]): string | undefined => [...url.searchParams].find(([key]) => names.includes(key.toLowerCase()))?.[1]?.toLowerCase();
  if (get('trustservercertificate') === 'true') return 'no-verify';
  const mode = get('sslmode', 'ssl-mode', 'ssl', 'encrypt', 'tls');
  switch (mode) {
    case undefined: return url.protocol === 'trino+https:' ? 'verify' : undefined;
    case 'verify-full': case 'verify-ca': case 'verify_identity': case 'verify_ca': case 'true': case '1': case 'verify': return 'verify';
    // "require" encrypts without verifying in libpq; a weaker promise than ours, and the user wrote it.
    case 'require': case 'required': case 'no-verify': return 'no-verify';
    case 'disable': case 'disabled': case 'false': case '0': case 'off': return 'off';
    // "prefer" and "allow" fall back to plain text when somebody in between says so: we do not.
    case 'prefer': case 'preferred': case 'allow': return undefined;
    default: return 'invalid';
  }
}
