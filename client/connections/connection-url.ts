/** Connection URLs as the drivers' own tools write them, taken apart into settings and password. */
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Dialect } from '#core/wire/statement.ts';

export type ParsedUrl =
  | { readonly ok: true; readonly settings: Partial<ConnectionSettings> & { readonly dialect: Dialect }; readonly password?: string }
  /** `why` never repeats the URL: it may hold a password. */
  | { readonly ok: false; readonly why: string };

const schemes: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql', postgresql: 'postgresql', mysql: 'mysql', mysql2: 'mysql', mariadb: 'mariadb', sqlserver: 'sqlserver', mssql: 'sqlserver', trino: 'trino',
  sqlite: 'sqlite', sqlite3: 'sqlite', file: 'sqlite',
};

export function parseConnectionUrl(text: string): ParsedUrl {
  const trimmed = text.trim();
  const scheme = /^([a-z0-9]+):/i.exec(trimmed)?.[1]?.toLowerCase() ?? '';
  const dialect = schemes[scheme];
  if (dialect === undefined) return { ok: false, why: 'A URL such as postgresql://user@host:5432/database, mysql://…, mariadb://…, sqlserver://…, trino://… or sqlite:///path' };
  if (dialect === 'sqlite') {
    const file = decode(trimmed.slice(scheme.length + 1).replace(/^\/\/(?=\/|[A-Za-z]:|[^/])/, '').replace(/\?.*$/, ''));
    return file === '' ? { ok: false, why: 'The path of the SQLite file is missing' } : { ok: true, settings: { dialect, file } };
  }
  let url: URL;
  try {
    // Only "special" schemes get host parsing with IPv6 and port checks.
    url = new URL(`http:${trimmed.slice(scheme.length + 1)}`);
  } catch {
    return { ok: false, why: 'It is not a URL: user@host:port/database, special characters percent-encoded' };
  }
  if (url.hostname === '') return { ok: false, why: 'The host is missing' };
  const port = url.port === '' ? (/:80(?:\/|$|\?)/.test(trimmed) ? 80 : undefined) : Number(url.port);
  const database = decode(url.pathname.replace(/^\//, ''));
  const user = decode(url.username);
  const tls = tlsOf(url.searchParams);
  const settings = {
    dialect, host: url.hostname,
    ...(port === undefined ? {} : { port }), ...(database === '' ? {} : { database }), ...(user === '' ? {} : { user }), ...(tls === undefined ? {} : { tls }),
  };
  return { ok: true, settings, ...(url.password === '' ? {} : { password: decode(url.password) }) };
}

/** libpq's `sslmode` and MySQL's `ssl-mode`; what only encrypts, without verifying, says so. */
function tlsOf(query: URLSearchParams): ConnectionSettings['tls'] | undefined {
  const mode = (query.get('sslmode') ?? query.get('ssl-mode') ?? '').toLowerCase();
  if (['disable', 'disabled'].includes(mode)) return 'off';
  if (['require', 'required', 'no-verify'].includes(mode)) return 'no-verify';
  return ['verify-ca', 'verify-full', 'verify_ca', 'verify_identity'].includes(mode) ? 'verify' : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
