import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Api, createApi, type Me } from './api.ts';
import { Icon } from './icons.tsx';

export interface SignedIn { readonly api: Api; readonly me: Me; readonly token: string }

/** Takes a token, asks the backend who it is, and hands both on. The token is never put into an address. */
export function SignIn({ note, onSignedIn }: { readonly note: string | undefined; readonly onSignedIn: (session: SignedIn) => void }): JSX.Element {
  const [problem, setProblem] = useState(note);
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    if (token === '' || /\s/.test(token)) {
      setProblem('Paste the whole token. It is one word that begins with pgt_.');
      return;
    }
    setBusy(true);
    const api = createApi(token);
    const who = await api.me();
    setBusy(false);
    if (who.ok) onSignedIn({ api, me: who.value, token });
    else setProblem(who.failure.status === 401 ? 'This token is not known here, or it has expired.' : who.failure.message);
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={(event) => { void submit(event); }}>
        <span class="sign-in-mark"><Icon name="shield" /></span>
        <h1>Review requests</h1>
        <p class="muted">Sign in with your PII Gate token.</p>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" spellcheck={false} autofocus aria-describedby="token-help" aria-invalid={problem !== undefined} onInput={() => setProblem(undefined)} />
        <p id="token-help" class={problem === undefined ? 'help' : 'help problem'} role={problem === undefined ? undefined : 'alert'}>
          {problem ?? 'It was shown when your account was made. It is kept in this tab only.'}
        </p>
        <button type="submit" class="primary" disabled={busy}>{busy ? 'Signing in…' : 'Sign in'}</button>
      </form>
    </main>
  );
}
