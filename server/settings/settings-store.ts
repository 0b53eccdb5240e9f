/** Settings per document, asked from the client once and kept until it says that they changed. */
import type { Connection } from 'vscode-languageserver/node';
import type { ClientSupport } from '../session/client-support.ts';
import { readSettings, type Settings } from './settings.ts';

export const settingsSection = 'piiGate';

export class SettingsStore {
  private readonly connection: Connection;
  private readonly support: ClientSupport;
  private readonly cache = new Map<string, Promise<Settings>>();
  private readonly reported = new Set<string>();
  /** What a client without `workspace/configuration` pushed, or handed over at start. */
  private pushed: unknown;

  constructor(connection: Connection, support: ClientSupport, initial: unknown) {
    this.connection = connection;
    this.support = support;
    this.pushed = initial;
  }

  of(uri: string): Promise<Settings> {
    const known = this.cache.get(uri);
    if (known !== undefined) return known;
    const asked = this.ask(uri);
    this.cache.set(uri, asked);
    return asked;
  }

  /** Forgets everything; `settings` is the payload of `didChangeConfiguration`, null for clients that are asked. */
  changed(settings: unknown): void {
    this.cache.clear();
    this.reported.clear();
    if (typeof settings === 'object' && settings !== null) this.pushed = (settings as Record<string, unknown>)[settingsSection] ?? this.pushed;
  }

  forget(uri: string): void {
    this.cache.delete(uri);
  }

  private async ask(uri: string): Promise<Settings> {
    const section: unknown = this.support.configuration
      ? await this.connection.workspace.getConfiguration({ scopeUri: uri, section: settingsSection }).catch(() => undefined)
      : this.pushed;
    const { settings, problems } = readSettings(section);
    for (const problem of problems) {
      if (this.reported.has(problem)) continue;
      this.reported.add(problem);
      this.connection.console.warn(problem);
    }
    return settings;
  }
}
