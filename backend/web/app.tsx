import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createApi } from './api.ts';
import { Inbox } from './inbox.tsx';
import { SignIn, type SignedIn } from './sign-in.tsx';

/** This tab's token: gone when the tab is closed, never sent by the browser itself, so no other site can use it. */
const TOKEN_KEY = 'pii-gate-token';

type Session =
  | { readonly kind: 'restoring' }
  | { readonly kind: 'out'; readonly note?: string }
  | { readonly kind: 'in'; readonly session: SignedIn };

export function App(): JSX.Element {
  const [state, setState] = useState<Session>(() => (sessionStorage.getItem(TOKEN_KEY) === null ? { kind: 'out' } : { kind: 'restoring' }));

  useEffect(() => {
    const token = sessionStorage.getItem(TOKEN_KEY);
    if (state.kind !== 'restoring' || token === null) return;
    const api = createApi(token);
    void api.me().then((who) => {
      if (who.ok) setState({ kind: 'in', session: { api, me: who.value, token } });
      else setState({ kind: 'out', note: who.failure.status === 401 ? 'You were signed out. Sign in again.' : who.failure.message });
    });
  }, [state.kind]);

  function leave(note?: string): void {
    sessionStorage.removeItem(TOKEN_KEY);
    setState(note === undefined ? { kind: 'out' } : { kind: 'out', note });
  }

  if (state.kind === 'in') return <Inbox api={state.session.api} me={state.session.me} onLeave={leave} />;
  if (state.kind === 'restoring') return <main class="sign-in" aria-busy="true"><p class="muted">Opening your inbox…</p></main>;
  return (
    <SignIn
      note={state.note}
      onSignedIn={(session) => {
        sessionStorage.setItem(TOKEN_KEY, session.token);
        setState({ kind: 'in', session });
      }}
    />
  );
}
