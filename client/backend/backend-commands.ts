/** Signing in and out, starting and stopping the backend on this machine, opening the reviewer's inbox. */
import { commands, ConfigurationTarget, type Disposable, env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Configurator } from '../gate/configure.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { OidcSignIn } from '../oidc/authentication.ts';
import { type OidcWay, wayOf } from '../oidc/oidc-client.ts';
import { readBackend } from '../settings/settings.ts';
import type { EmbeddedBackend } from './embedded-backend.ts';

export interface BackendCommandDependencies {
  readonly configurator: Configurator;
  readonly secrets: Secrets;
  readonly embedded: EmbeddedBackend;
  readonly oidc: OidcSignIn;
}

export function registerBackendCommands(deps: BackendCommandDependencies): Disposable[] {
  const { configurator, secrets, embedded, oidc } = deps;
  return [
    commands.registerCommand('piiGate.signIn', () => signIn(deps)),
    commands.registerCommand('piiGate.signOut', async () => {
      const url = configurator.backendUrl();
      if (url === '') return;
      await secrets.setBackendToken(url, undefined);
      await oidc.signOut(url);
      await configurator.push();
      void window.showInformationMessage(l10n.t('Signed out of {0}.', url));
    }),
    commands.registerCommand('piiGate.startBackend', () => startEmbedded(deps, true)),
    commands.registerCommand('piiGate.stopBackend', async () => {
      embedded.stop();
      await workspace.getConfiguration('piiGate').update('backend.embedded', undefined, ConfigurationTarget.Global);
      await configurator.setLocalBackend(undefined);
    }),
    commands.registerCommand('piiGate.openInbox', async () => {
      const url = configurator.backendUrl();
      if (url === '') await commands.executeCommand('piiGate.signIn');
      else await env.openExternal(Uri.parse(url));
    }),
  ];
}

/** Starts it, or says why it does not start. `remember`: from now on with every window. */
export async function startEmbedded({ configurator, embedded, secrets }: BackendCommandDependencies, remember: boolean): Promise<void> {
  try {
    await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Starting the approval backend') }, async () => {
      const { url, token } = await embedded.start();
      // Told once, on the first start of all; later starts have the same people.
      if (token !== '') await secrets.setEmbeddedToken(token);
      await configurator.setLocalBackend({ url, token: token !== '' ? token : await secrets.embeddedToken() ?? '' });
    });
    if (remember) await workspace.getConfiguration('piiGate').update('backend.embedded', true, ConfigurationTarget.Global);
  } catch (error) {
    const log = l10n.t('Show log');
    const picked = await window.showErrorMessage(l10n.t('The approval backend did not start: {0}', error instanceof Error ? error.message : String(error)), log);
    if (picked === log) await commands.executeCommand('piiGate.showLog');
  }
}

async function signIn(deps: BackendCommandDependencies): Promise<void> {
  const { configurator } = deps;
  const url = await window.showInputBox({
    title: l10n.t('Sign in to the approval backend'), prompt: l10n.t('Its address'), placeHolder: 'https://pii-gate.example.com', ignoreFocusOut: true,
    value: configurator.backendUrl(),
    validateInput: urlProblem,
  });
  if (url === undefined) return;
  const address = url.trim().replace(/\/+$/, '');
  try {
    // Only our own backend says how to sign in; gateways and services of others take a token.
    const way = readBackend(process.env).how.kind === 'pii-gate' ? await wayOf(address) : undefined;
    const how = way === undefined ? 'token' : await pickWay(way);
    if (how === undefined || !(how === 'token' || way === undefined ? await byToken(deps, address) : await deps.oidc.signIn(address, way, how))) return;
  } catch (error) {
    void window.showErrorMessage(l10n.t('Not signed in: {0}', error instanceof Error ? error.message : String(error)));
    return;
  }
  if (address !== configurator.backendUrl()) await workspace.getConfiguration('piiGate').update('backend.url', address, ConfigurationTarget.Global);
  await configurator.push();
  const { backend, user, detail } = configurator.status;
  if (backend === 'connected') void window.showInformationMessage(l10n.t('Signed in as {0}.', user?.name ?? address));
  else void window.showErrorMessage(l10n.t('Not signed in: {0}', detail ?? backend));
}

async function pickWay({ issuer }: OidcWay): Promise<'browser' | 'device' | 'token' | undefined> {
  const picked = await window.showQuickPick([
    { label: `$(globe) ${l10n.t('In the browser')}`, description: new URL(issuer).host, how: 'browser' as const },
    { label: `$(device-mobile) ${l10n.t('With a code on another device')}`, description: new URL(issuer).host, how: 'device' as const },
    { label: `$(key) ${l10n.t('With a token')}`, description: l10n.t('that your administrator gave you'), how: 'token' as const },
  ], { title: l10n.t('How do you want to sign in?'), ignoreFocusOut: true });
  return picked?.how;
}

async function byToken({ secrets }: BackendCommandDependencies, address: string): Promise<boolean> {
  const token = await window.showInputBox({
    title: l10n.t('Sign in to the approval backend'), prompt: l10n.t('Your token. It is kept in the system\'s secret storage.'), password: true, ignoreFocusOut: true,
    validateInput: (text) => /^\S+$/.test(text.trim()) ? undefined : l10n.t('Paste the token that your administrator gave you'),
  });
  if (token === undefined) return false;
  await secrets.setBackendToken(address, token.trim());
  return true;
}

/** A token must not travel in the clear: plain HTTP only to this machine. */
export function urlProblem(text: string): string | undefined {
  try {
    const { protocol, hostname } = new URL(text.trim());
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    return protocol === 'https:' || (protocol === 'http:' && local) ? undefined : l10n.t('Use https://, or http:// on this machine only');
  } catch {
    return l10n.t('A URL such as https://pii-gate.example.com');
  }
}
