/** Signed-in sessions, one a backend, in secret storage; renewed before they expire, so that nobody is asked twice. */
import type { SecretStorage } from 'vscode';
import { OidcError, type OidcWay, refresh, type Tokens } from './oidc-client.ts';

export interface OidcSession {
  readonly id: string;
  readonly backend: string;
  readonly way: OidcWay;
  readonly tokens: Tokens;
  readonly person: { readonly id: string; readonly name: string };
}

export interface OidcSessions {
  all(): Promise<readonly OidcSession[]>;
  save(session: OidcSession): Promise<void>;
  remove(id: string): Promise<OidcSession | undefined>;
  /** An access token that lives for at least a minute, renewed where it must; undefined when the user has to sign in (again). */
  accessToken(backend: string): Promise<{ readonly token: string; /** Milliseconds since the epoch. */ readonly expiresAt: number } | undefined>;
}

const storageKey = 'oidcSessions';
/** Renewed when less than this is left. Milliseconds. */
const marginMs = 60_000;

export function createOidcSessions(storage: Pick<SecretStorage, 'get' | 'store'>, now: () => number): OidcSessions {
  const renewing = new Map<string, Promise<OidcSession | undefined>>();

  const all = async (): Promise<readonly OidcSession[]> => {
    try {
      const parsed: unknown = JSON.parse(await storage.get(storageKey) ?? '[]');
      return Array.isArray(parsed) ? parsed as readonly OidcSession[] : [];
    } catch {
      return []; // Of another version: signing in again makes a good one.
    }
  };
  const write = (sessions: readonly OidcSession[]): Thenable<void> => storage.store(storageKey, JSON.stringify(sessions));
  const save = async (session: OidcSession): Promise<void> => write([...(await all()).filter(({ backend }) => backend !== session.backend), session]);
  const remove = async (id: string): Promise<OidcSession | undefined> => {
    const sessions = await all();
    await write(sessions.filter((session) => session.id !== id));
    return sessions.find((session) => session.id === id);
  };
  const renew = async (session: OidcSession): Promise<OidcSession | undefined> => {
    const { refreshToken } = session.tokens;
    if (refreshToken === undefined) return undefined;
    try {
      const renewed = { ...session, tokens: await refresh(session.way, refreshToken, now) };
      await save(renewed);
      return renewed;
    } catch (error) {
      // A provider that is down takes nobody's session away.
      if (!(error instanceof OidcError) || error.transient) throw error;
      await remove(session.id);
      return undefined;
    }
  };
  return {
    all,
    save,
    remove,
    async accessToken(backend) {
      const session = (await all()).find((one) => one.backend === backend);
      if (session === undefined) return undefined;
      if (session.tokens.expiresAt - now() > marginMs) return { token: session.tokens.accessToken, expiresAt: session.tokens.expiresAt };
      // A refresh token may be good for one use: two callers share the renewal.
      const under = renewing.get(session.id) ?? renew(session).finally(() => renewing.delete(session.id));
      renewing.set(session.id, under);
      const renewed = await under;
      return renewed === undefined ? undefined : { token: renewed.tokens.accessToken, expiresAt: renewed.tokens.expiresAt };
    },
  };
}
