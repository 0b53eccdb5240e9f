/** What must never stand in a settings file or in workspace state: tokens, passwords, keys, statements under approval. */
import { randomBytes } from 'node:crypto';
import type { Event, SecretStorage } from 'vscode';

export interface PendingRun {
  readonly runId: string;
  readonly connectionId: string;
  readonly statement: string;
  readonly parameters?: readonly (string | number | boolean | null)[];
  readonly title: string;
  readonly uri?: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly ask: { readonly reason: string; readonly ticket?: string; readonly use: 'once' | 'window'; readonly durationMs: number; readonly breakGlass?: true };
  /** The request that it resubmits: taken up again under its own id. */
  readonly resubmits?: string;
  readonly requestId: string;
  /** The workspace that asked: another window must not resume it. */
  readonly workspace: string;
}

export interface Secrets {
  /** 32 random bytes in base64url, made on first use, one per installation. */
  installationKey(): Promise<string>;
  backendToken(url: string): Promise<string | undefined>;
  setBackendToken(url: string, token: string | undefined): Promise<void>;
  /** The token that the backend on this machine told on its very first start. */
  embeddedToken(): Promise<string | undefined>;
  setEmbeddedToken(token: string): Promise<void>;
  password(connectionId: string): Promise<string | undefined>;
  setPassword(connectionId: string, password: string | undefined): Promise<void>;
  pendingRuns(): Promise<readonly PendingRun[]>;
  setPendingRuns(runs: readonly PendingRun[]): Promise<void>;
  readonly onDidChange: Event<unknown>;
}

export function createSecrets(storage: SecretStorage): Secrets {
  const put = (key: string, value: string | undefined): Thenable<void> => value === undefined ? storage.delete(key) : storage.store(key, value);
  let key: Promise<string> | undefined;
  const makeKey = async (): Promise<string> => {
    const stored = await storage.get('installationKey');
    if (stored !== undefined) return stored;
    const made = randomBytes(32).toString('base64url');
    await storage.store('installationKey', made);
    return made;
  };
  return {
    // One promise: two callers at start must not make two keys.
    installationKey: () => (key ??= makeKey()),
    backendToken: async (url) => storage.get(`backendToken:${url}`),
    setBackendToken: async (url, token) => put(`backendToken:${url}`, token),
    embeddedToken: async () => storage.get('embeddedToken'),
    setEmbeddedToken: async (token) => storage.store('embeddedToken', token),
    password: async (id) => storage.get(`password:${id}`),
    setPassword: async (id, password) => put(`password:${id}`, password),
    pendingRuns: async () => parseRuns(await storage.get('pendingRuns')),
    setPendingRuns: async (runs) => put('pendingRuns', runs.length === 0 ? undefined : JSON.stringify(runs)),
    onDidChange: storage.onDidChange,
  };
}

function parseRuns(stored: string | undefined): readonly PendingRun[] {
  if (stored === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(stored);
    return Array.isArray(parsed) ? parsed as PendingRun[] : [];
  } catch {
    return []; // Written by another version: the request itself is still in the backend.
  }
}
