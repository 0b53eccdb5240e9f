/** Database URLs that the workspace already knows. Offered when a connection is added; never used unasked. */
import { workspace } from 'vscode';
import { parseConnectionUrl } from './connection-url.ts';

export interface DiscoveredUrl {
  readonly variable: string;
  /** `.env`, `environment` */
  readonly from: string;
  readonly url: string;
  /** Host and database only. */
  readonly shown: string;
}

/** Files beyond this size are not environment files. Bytes. */
const largestFile = 100_000;

export async function discoverUrls(env: NodeJS.ProcessEnv): Promise<readonly DiscoveredUrl[]> {
  const found: DiscoveredUrl[] = [];
  const add = (variable: string, from: string, url: string): void => {
    const parsed = parseConnectionUrl(url);
    if (!parsed.ok || !isDatabaseVariable(variable) || found.some((known) => known.url === url)) return;
    const { host, database, file } = parsed.settings;
    found.push({ variable, from, url, shown: file ?? [host, database].filter((part) => part !== undefined).join('/') });
  };
  for (const [variable, url] of Object.entries(env)) if (url !== undefined) add(variable, 'environment', url);
  for (const uri of await workspace.findFiles('**/.env*', '**/node_modules/**', 20)) {
    const { size } = await workspace.fs.stat(uri);
    if (size > largestFile) continue;
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    for (const { variable, value } of parseEnv(text)) add(variable, workspace.asRelativePath(uri), value);
  }
  return found;
}

/** `NAME=value` lines with optional `export`, quotes and trailing comment. */
export function parseEnv(text: string): readonly { readonly variable: string; readonly value: string }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#\s]*))/.exec(line);
    const variable = match?.[1];
    return variable === undefined ? [] : [{ variable, value: match?.[2] ?? match?.[3] ?? match?.[4] ?? '' }];
  });
}

const isDatabaseVariable = (name: string): boolean => /(?:DATABASE|DB|POSTGRES|PG|MYSQL|MARIADB|SQLSERVER|MSSQL|TRINO).*UR[IL]$/i.test(name);
