/** `vscode://pii-gate.pii-gate/…`: links of reviewers' messages, and the way back from a sign-in. */
import { commands, type Disposable, l10n, type Uri, window } from 'vscode';

export interface UriLinks extends Disposable {
  /** Resolves with the address of a sign-in that carries this state; rejects after five minutes. */
  nextCallback(state: string): Promise<URL>;
}

const patienceMs = 5 * 60_000;

export function createUriLinks(): UriLinks {
  const waiting = new Map<string, (url: URL) => void>();
  const handle = async (uri: Uri): Promise<void> => {
    const request = /^\/request\/([A-Za-z0-9_-]{1,64})$/.exec(uri.path)?.[1];
    if (request !== undefined) {
      // A link only opens a request; deciding stays a deed of the reader's.
      await commands.executeCommand('piiGate.openRequest', request);
      return;
    }
    const state = new URLSearchParams(uri.query).get('state') ?? '';
    const resolve = uri.path === '/signed-in' ? waiting.get(state) : undefined;
    if (resolve === undefined) void window.showWarningMessage(l10n.t('PII Gate does not know this link.'));
    else resolve(new URL(`http://localhost/?${uri.query}`));
  };
  const registration = window.registerUriHandler({ handleUri: handle });
  return {
    nextCallback: (state) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => { waiting.delete(state); reject(new Error(l10n.t('Nobody came back from the browser within 5 minutes. Start again.'))); }, patienceMs);
      waiting.set(state, (url) => { clearTimeout(timer); waiting.delete(state); resolve(url); });
    }),
    dispose() { registration.dispose(); waiting.clear(); },
  };
}
