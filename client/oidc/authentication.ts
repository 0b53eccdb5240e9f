/** The `pii-gate` authentication provider: the account shows in VS Code's Accounts menu, tokens stay in secret storage. */
import { randomUUID } from 'node:crypto';
import { authentication, type AuthenticationProviderAuthenticationSessionsChangeEvent, type AuthenticationSession, type Disposable, env, EventEmitter, l10n, ProgressLocation, Uri, UIKind, window } from 'vscode';
import { listenOnLoopback } from './loopback.ts';
import { type OidcWay, type Redirect, signInByBrowser, signInByDevice, type Tokens, wayOf } from './oidc-client.ts';
import type { OidcSession, OidcSessions } from './sessions.ts';

export const providerId = 'pii-gate';

export interface AuthenticationDependencies {
  readonly sessions: OidcSessions;
  /** Address of the backend, or empty. */
  backendUrl(): string;
  /** Resolves with the next address that the editor is opened with for a sign-in. */
  nextCallback(state: string): Promise<URL>;
  /** Sessions came or went: the gate has to be told. */
  changed(): Promise<void>;
  now(): number;
}

export interface OidcSignIn extends Disposable {
  signIn(backend: string, way: OidcWay, how: 'browser' | 'device'): Promise<OidcSession>;
  signOut(backend: string): Promise<boolean>;
}

export function createAuthentication(deps: AuthenticationDependencies): OidcSignIn {
  const { sessions, now } = deps;
  const changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>();
  const tell = async (added: readonly OidcSession[], removed: readonly OidcSession[]): Promise<void> => {
    changed.fire({ added: added.map(sessionOf), removed: removed.map(sessionOf), changed: [] });
    await deps.changed();
  };
  const signIn: OidcSignIn['signIn'] = async (backend, way, how) => {
    const tokens = how === 'browser' ? await byBrowser(way, deps) : await byDevice(way, now);
    const person = await whoAmI(backend, tokens);
    const session: OidcSession = { id: randomUUID(), backend, way, tokens, person };
    await sessions.save(session);
    await tell([session], []);
    return session;
  };
  const remove = async (id: string): Promise<boolean> => {
    const session = await sessions.remove(id);
    if (session !== undefined) await tell([], [session]);
    return session !== undefined;
  };
  const registration = authentication.registerAuthenticationProvider(providerId, 'PII Gate', {
    onDidChangeSessions: changed.event,
    getSessions: async () => (await sessions.all()).map(sessionOf),
    async createSession() {
      const backend = deps.backendUrl();
      if (backend === '') throw new Error(l10n.t('No approval backend is configured. Run “PII Gate: Sign In to Approval Backend”.'));
      const way = await wayOf(backend);
      if (way === undefined) throw new Error(l10n.t('This backend knows no OpenID provider. Sign in with a token instead.'));
      return sessionOf(await signIn(backend, way, 'browser'));
    },
    removeSession: async (id) => { await remove(id); },
  }, { supportsMultipleAccounts: false });
  return {
    signIn,
    async signOut(backend) {
      const session = (await sessions.all()).find((one) => one.backend === backend);
      return session !== undefined && remove(session.id);
    },
    dispose() { registration.dispose(); changed.dispose(); },
  };
}

/** Where the browser and this process share a machine it comes back to a port; elsewhere to the editor itself. */
async function byBrowser(way: OidcWay, { nextCallback, now }: AuthenticationDependencies): Promise<Tokens> {
  const open = (address: string): Thenable<boolean> => env.openExternal(Uri.parse(address, true));
  return window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Sign in in the browser, then come back') }, async () => {
    if (env.remoteName === undefined && env.uiKind === UIKind.Desktop) {
      const loopback = await listenOnLoopback(async (address) => open(address));
      try {
        return await signInByBrowser(way, loopback, now);
      } finally {
        loopback.close();
      }
    }
    const back = await env.asExternalUri(Uri.parse(`${env.uriScheme}://pii-gate.pii-gate/signed-in`));
    const redirect: Redirect = {
      redirectUri: back.toString(true),
      async visit(address) {
        const arrival = nextCallback(new URL(address).searchParams.get('state') ?? '');
        await open(address);
        return arrival;
      },
    };
    return signInByBrowser(way, redirect, now);
  });
}

/** One message with the code; the wait itself shows in the status bar only. */
function byDevice(way: OidcWay, now: () => number): Thenable<Tokens> {
  const cancelled = new AbortController();
  const show = async (userCode: string, verificationUri: string, address: string): Promise<void> => {
    const [open, copy, cancel] = [l10n.t('Open'), l10n.t('Copy code'), l10n.t('Cancel')];
    const picked = await window.showInformationMessage(l10n.t('Enter the code {0} at {1}', userCode, verificationUri), open, copy, cancel);
    if (picked === open) await env.openExternal(Uri.parse(address, true));
    else if (picked === copy) { await env.clipboard.writeText(userCode); await show(userCode, verificationUri, address); }
    else if (picked === cancel) cancelled.abort();
  };
  return window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Waiting for your sign-in on another device') }, () =>
    signInByDevice(way, ({ userCode, verificationUri, completeUri }) => void show(userCode, verificationUri, completeUri ?? verificationUri), (ms) => new Promise((resolve, reject) => {
      const stop = (): void => { clearTimeout(timer); reject(new Error(l10n.t('Sign-in was cancelled.'))); };
      const timer = setTimeout(() => { cancelled.signal.removeEventListener('abort', stop); resolve(); }, ms);
      if (cancelled.signal.aborted) stop(); else cancelled.signal.addEventListener('abort', stop, { once: true });
    }), now));
}

/** The backend decides who this is; a token that it does not take is no session. */
async function whoAmI(backend: string, { accessToken }: Tokens): Promise<OidcSession['person']> {
  const response = await fetch(`${backend}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` }, redirect: 'error', signal: AbortSignal.timeout(15_000) });
  const body = await response.json().catch(() => ({})) as { readonly id?: string; readonly name?: string; readonly detail?: string };
  if (!response.ok || body.id === undefined) throw new Error(body.detail ?? l10n.t('The backend does not take the sign-in (status {0}).', response.status));
  return { id: body.id, name: body.name ?? body.id };
}

function sessionOf({ id, person, tokens, way }: OidcSession): AuthenticationSession {
  return { id, accessToken: tokens.accessToken, account: { id: person.id, label: person.name }, scopes: [...way.scopes] };
}
