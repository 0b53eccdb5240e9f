/** Adding and editing a connection: a few quick inputs, or one pasted URL. The password never enters the settings. */
import { l10n, type QuickPickItem, ThemeIcon, window, workspace } from 'vscode';
import type { AdoptResult, ConnectionSettings, DiscoveredConnection } from '#core/wire/protocol.ts';
import type { Dialect, Environment } from '#core/wire/statement.ts';
import { environmentColor } from './environment.ts';
import { parseConnectionUrl } from './connection-url.ts';

export interface EditedConnection { readonly connection: ConnectionSettings; readonly password?: string }

/** What the workspace's own files name, told by the server without passwords; `adopt` is asked only for the one that was picked. */
export interface Offers {
  discover(): Promise<readonly DiscoveredConnection[]>;
  adopt(offer: DiscoveredConnection): Promise<AdoptResult>;
}

/** Undefined when the user backs out at any step. */
export async function editConnection(before: ConnectionSettings | undefined, taken: readonly string[], offers: Offers): Promise<EditedConnection | undefined> {
  const start = before === undefined ? await pickStart(offers) : { draft: before };
  if (start === undefined) return undefined;
  const draft = start.draft;
  const placed = draft.dialect === 'sqlite' ? await askFile(draft) : await askServer(draft, before !== undefined || 'host' in draft);
  if (placed === undefined) return undefined;
  const environment = await askEnvironment(draft.environment);
  if (environment === undefined) return undefined;
  const name = await window.showInputBox({
    title: l10n.t('Name'), prompt: l10n.t('Reviewers see it too'), ignoreFocusOut: true, value: draft.name ?? suggestName(placed, environment),
    validateInput: (text) => text.trim() === '' ? l10n.t('A name, such as Orders (staging)') : undefined,
  });
  if (name === undefined) return undefined;
  const id = before?.id ?? uniqueId(name, taken);
  const connection = { ...draft, ...placed, id, name: name.trim(), dialect: draft.dialect ?? 'sqlite', environment };
  let password = 'password' in start ? start.password : undefined;
  if (before === undefined && password === undefined && connection.dialect !== 'sqlite') {
    password = await window.showInputBox({ title: l10n.t('Password'), password: true, ignoreFocusOut: true, prompt: l10n.t('Kept in the system\'s secret storage. Empty for none.') });
    if (password === undefined) return undefined;
  }
  return { connection, ...(password === undefined || password === '' ? {} : { password }) };
}

type Draft = Partial<ConnectionSettings>;
interface Start { readonly draft: Draft; readonly password?: string }

async function pickStart(offers: Offers): Promise<Start | undefined> {
  // A scan that fails must not keep anybody from typing the address.
  const discovered = workspace.isTrusted ? await offers.discover().catch(() => []) : [];
  type Item = QuickPickItem & { readonly dialect?: Dialect; readonly found?: DiscoveredConnection; readonly url?: true };
  const dialects: readonly (readonly [Dialect, string])[] = [
    ['sqlite', 'SQLite'], ['postgresql', 'PostgreSQL'], ['mysql', 'MySQL'], ['mariadb', 'MariaDB'], ['sqlserver', 'SQL Server'], ['trino', 'Trino'],
  ];
  const items: Item[] = [
    ...discovered.map((found): Item => ({ label: l10n.t('{0} from {1}', found.variable, found.source), description: placeOf(found.settings), iconPath: new ThemeIcon('sparkle'), found })),
    { label: l10n.t('Paste a connection URL…'), iconPath: new ThemeIcon('link'), url: true },
    ...dialects.map(([dialect, label]): Item => ({ label, iconPath: new ThemeIcon('database'), dialect })),
  ];
  const picked = await window.showQuickPick(items, { title: l10n.t('Add a connection'), placeHolder: l10n.t('Which database?'), ignoreFocusOut: true });
  if (picked === undefined) return undefined;
  if (picked.found !== undefined) {
    const { settings: { id: _, environment: __, ...draft }, password } = await offers.adopt(picked.found);
    return { draft, password };
  }
  if (picked.url !== true) return { draft: { dialect: picked.dialect ?? 'sqlite' } };
  const url = await window.showInputBox({
    title: l10n.t('Connection URL'), placeHolder: 'postgresql://user@host:5432/database', password: true, ignoreFocusOut: true,
    prompt: l10n.t('A password in it goes to the secret storage, not to the settings.'),
    validateInput: (text) => { const parsed = parseConnectionUrl(text); return parsed.ok ? undefined : parsed.why; },
  });
  return url === undefined ? undefined : fromUrl(url);
}

function fromUrl(url: string): Start | undefined {
  const parsed = parseConnectionUrl(url);
  return parsed.ok ? { draft: parsed.settings, ...(parsed.password === undefined ? {} : { password: parsed.password }) } : undefined;
}

async function askFile(draft: Draft): Promise<Draft | undefined> {
  if (draft.file !== undefined) {
    const file = await window.showInputBox({ title: l10n.t('SQLite file'), value: draft.file, ignoreFocusOut: true });
    return file === undefined ? undefined : { file };
  }
  const [picked] = await window.showOpenDialog({ title: l10n.t('SQLite file'), canSelectMany: false, filters: { SQLite: ['db', 'sqlite', 'sqlite3'], '*': ['*'] } }) ?? [];
  return picked === undefined ? undefined : { file: picked.fsPath };
}

/** One line `user@host:port/database` is quicker than four boxes. */
async function askServer(draft: Draft, known: boolean): Promise<Draft | undefined> {
  const value = known ? `${draft.user === undefined ? '' : `${encodeURIComponent(draft.user)}@`}${draft.host ?? 'localhost'}${draft.port === undefined ? '' : `:${draft.port}`}/${encodeURIComponent(draft.database ?? '')}` : '';
  const parse = (text: string) => parseConnectionUrl(`${draft.dialect ?? 'postgresql'}://${text}`);
  const typed = await window.showInputBox({
    title: l10n.t('Server'), value, placeHolder: 'user@host:5432/database', ignoreFocusOut: true,
    validateInput: (text) => { const parsed = parse(text); return parsed.ok ? undefined : parsed.why; },
  });
  if (typed === undefined) return undefined;
  const parsed = parse(typed);
  if (!parsed.ok) return undefined;
  const { host, port, database, user, tls } = parsed.settings;
  return {
    ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(database === undefined ? {} : { database }), ...(user === undefined ? {} : { user }),
    ...(draft.tls === undefined ? (tls === undefined ? {} : { tls }) : { tls: draft.tls }),
  };
}

async function askEnvironment(current: Environment | undefined): Promise<Environment | undefined> {
  const choices: readonly (readonly [Environment, string])[] = [
    ['development', l10n.t('made-up data')], ['staging', l10n.t('like production, for tests')], ['production', l10n.t('real people\'s data')], ['critical', l10n.t('real data, strictest policy')],
  ];
  const picked = await window.showQuickPick(
    choices.map(([environment, description]) => ({
      label: environment, description: description + (environment === current ? ` · ${l10n.t('current')}` : ''), iconPath: new ThemeIcon('circle-filled', environmentColor(environment)), environment,
    })),
    { title: l10n.t('Environment'), placeHolder: l10n.t('It decides colour and policy'), ignoreFocusOut: true },
  );
  return picked?.environment;
}

function placeOf({ file, host, database, dialect }: ConnectionSettings): string {
  return `${dialect} · ${file ?? [host, database].filter((part) => part !== undefined).join('/')}`;
}

function suggestName({ file, database, host }: Draft, environment: Environment): string {
  const base = file?.split(/[/\\]/).at(-1)?.replace(/\.\w+$/, '') ?? database ?? host ?? 'database';
  return `${base} (${environment})`;
}

function uniqueId(name: string, taken: readonly string[]): string {
  const base = name.toLowerCase().normalize('NFKD').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'connection';
  let id = base;
  for (let count = 2; taken.includes(id); count++) id = `${base}-${count}`;
  return id;
}
