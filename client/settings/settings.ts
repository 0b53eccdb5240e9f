/** The extension's own view of its settings. The server pulls those of detection by itself. */
import { type ConfigurationScope, Uri, workspace } from 'vscode';
import type { BackendSettings, ConnectionSettings } from '#core/wire/protocol.ts';

const section = 'piiGate';

export interface ConfiguredBackend {
  /** Empty when none is configured. */
  readonly url: string;
  readonly embedded: boolean;
  /** What goes with the URL as it is. */
  readonly how: Omit<BackendSettings, 'url' | 'token'>;
}

/** Connections as configured, each once; a later one with the same id is left out. */
export function readConnections(): readonly ConnectionSettings[] {
  const configured = workspace.getConfiguration(section).get<readonly ConnectionSettings[]>('connections', []);
  const cap = workspace.getConfiguration(section).get<number>('policy.maxRows', 100_000);
  const seen = new Set<string>();
  return configured.flatMap((connection) => {
    if (!isConnection(connection) || seen.has(connection.id)) return [];
    seen.add(connection.id);
    const maxRows = Math.min(connection.maxRows ?? cap, cap);
    return [{ ...connection, maxRows, ...(connection.file === undefined ? {} : { file: resolveFile(connection.file) }) }];
  });
}

/** The backend to ask. The setting wins over the environment, which `npm start` and tests use. */
export function readBackend(env: NodeJS.ProcessEnv): ConfiguredBackend {
  const configuration = workspace.getConfiguration(`${section}.backend`);
  const kind = configuration.get<NonNullable<BackendSettings['kind']>>('kind', 'pii-gate');
  const pinnedKey = configuration.get<string>('pinnedKey', '');
  const service = configuration.get<NonNullable<BackendSettings['service']>>('service');
  return {
    url: (configuration.get<string>('url', '') || env.PII_GATE_BACKEND_URL || '').replace(/\/+$/, ''),
    how: {
      kind,
      ...(pinnedKey === '' ? {} : { pinnedKey }),
      ...(kind === 'hoop' ? { hoop: configuration.get<NonNullable<BackendSettings['hoop']>>('hoop', {}) } : {}),
      ...(kind === 'service' && service !== undefined && 'issuer' in service ? { service } : {}),
    },
    embedded: configuration.get<boolean>('embedded', false),
  };
}

/** Milliseconds. */
export function defaultDuration(): number {
  return workspace.getConfiguration(section).get<number>('policy.defaultDurationMinutes', 15) * 60_000;
}

export function lensesEnabled(scope: ConfigurationScope): boolean {
  return workspace.getConfiguration(section, scope).get<boolean>('codeLens.enable', true);
}

export async function writeConnections(change: (configured: readonly ConnectionSettings[]) => readonly ConnectionSettings[]): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const inspected = configuration.inspect<readonly ConnectionSettings[]>('connections');
  // Change them where they are: connections that a team keeps in the workspace stay there.
  const inWorkspace = inspected?.workspaceValue !== undefined;
  const current = (inWorkspace ? inspected?.workspaceValue : inspected?.globalValue) ?? [];
  await configuration.update('connections', change(current), !inWorkspace);
}

function isConnection(value: unknown): value is ConnectionSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, dialect, environment } = value as Record<string, unknown>;
  return [id, name, dialect, environment].every((field) => typeof field === 'string' && field !== '');
}

function resolveFile(file: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined) return file;
  const replaced = file.replaceAll('$' + '{workspaceFolder}', folder.fsPath);
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(replaced) ? replaced : Uri.joinPath(folder, replaced).fsPath;
}
