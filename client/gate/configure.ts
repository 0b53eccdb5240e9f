/** Tells the server what only the client knows: trust, backend and token, installation key, connections and passwords. */
import { commands, type Disposable, type LogOutputChannel, workspace } from 'vscode';
import type { GateStatus } from '#core/wire/protocol.ts';
import { readBackend, readConnections } from '../settings/settings.ts';
import type { OidcSessions } from '../oidc/sessions.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { GateClient } from './gate-client.ts';

/** A backend that the extension itself runs; its URL and token live as long as the process. */
export interface LocalBackend { readonly url: string; readonly token: string }

export interface Configurator extends Disposable {
  /** Sends the present state. Calls made meanwhile are folded into one that follows. */
  push(): Promise<void>;
  setLocalBackend(backend: LocalBackend | undefined): Promise<void>;
  /** The URL in use, or empty. */
  backendUrl(): string;
  /** The backend in use with a token that is good now. */
  backend(): Promise<LocalBackend | undefined>;
  readonly status: GateStatus;
}

export interface ConfiguratorDependencies {
  readonly secrets: Secrets;
  readonly sessions: OidcSessions;
  readonly log: LogOutputChannel;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of this user's own. */
  readonly storage: string;
}

/** A new token is fetched this long before the old one ends. Milliseconds. */
const renewAheadMs = 50_000;

export function createConfigurator(gate: GateClient, { secrets, sessions, log, env, storage }: ConfiguratorDependencies): Configurator {
  let local: LocalBackend | undefined;
  let status: GateStatus = { backend: 'none' };
  let running: Promise<void> | undefined;
  let again = false;
  let renewal: NodeJS.Timeout | undefined;

  const backendUrl = (): string => readBackend(env).url || local?.url || '';
  const note = (next: GateStatus): void => {
    status = next;
    void commands.executeCommand('setContext', 'piiGate.signedIn', next.backend === 'connected');
    void commands.executeCommand('setContext', 'piiGate.ready', true);
  };
  const signedIn = async (url: string): Promise<string | undefined> => {
    clearTimeout(renewal);
    const access = await sessions.accessToken(url).catch((error: unknown) => { log.warn(String(error)); return undefined; });
    if (access !== undefined) renewal = setTimeout(pushLogged, Math.min(2 ** 31 - 1, Math.max(1000, access.expiresAt - Date.now() - renewAheadMs)));
    return access?.token;
  };
  const token = async (url: string): Promise<string> =>
    (await signedIn(url)) ?? (await secrets.backendToken(url)) ?? (local?.url === url ? local.token : env.PII_GATE_TOKEN) ?? '';

  const send = async (): Promise<void> => {
    const connections = workspace.isTrusted ? readConnections() : [];
    void commands.executeCommand('setContext', 'piiGate.hasConnections', connections.length > 0);
    const passwords: Record<string, string> = {};
    for (const connection of connections) {
      const password = await secrets.password(connection.id);
      if (password !== undefined) passwords[connection.id] = password;
    }
    const url = backendUrl();
    const { how } = readBackend(env);
    const withBackend = workspace.isTrusted && url !== '';
    const answer = await gate.configure({
      trusted: workspace.isTrusted,
      ...(withBackend ? { backend: { ...how, url, token: await token(url) } } : {}),
      storage,
      installationKey: await secrets.installationKey(),
      connections,
      passwords,
    });
    if (answer !== null && typeof answer === 'object' && 'backend' in answer) note(answer);
  };
  const push = async (): Promise<void> => {
    if (running !== undefined) { again = true; return running; }
    running = (async () => {
      do {
        again = false;
        await send();
      } while (again);
    })();
    try { await running; } finally { running = undefined; }
  };
  const pushLogged = (): void => { push().catch((error: unknown) => log.error(`The gate could not be configured: ${String(error)}`)); };

  const subscriptions = [
    gate.onGateStatus(note),
    workspace.onDidChangeConfiguration((event) => {
      if (['piiGate.connections', 'piiGate.backend', 'piiGate.policy'].some((key) => event.affectsConfiguration(key))) pushLogged();
    }),
    workspace.onDidGrantWorkspaceTrust(pushLogged),
    workspace.onDidChangeWorkspaceFolders(pushLogged),
  ];
  return {
    push,
    backendUrl,
    async backend() {
      const url = backendUrl();
      return url === '' || !workspace.isTrusted ? undefined : { url, token: await token(url) };
    },
    get status() { return status; },
    async setLocalBackend(backend) { local = backend; await push(); },
    dispose() { clearTimeout(renewal); for (const subscription of subscriptions) subscription.dispose(); },
  };
}
