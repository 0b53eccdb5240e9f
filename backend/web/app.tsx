import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { createApi, type Me } from './api.ts';
import { Inbox } from './inbox.tsx';
import { SignIn } from './sign-in.tsx';
import { t } from './text/text.ts';

type Session =
  | { readonly kind: 'restoring' }
  | { readonly kind: 'out'; readonly note?: string }
  | { readonly kind: 'in'; readonly me: Me };

export function App(): JSX.Element {
  const api = useMemo(createApi, []);
  const [session, setSession] = useState<Session>({ kind: 'restoring' });

  useEffect(() => {
    void api.me().then((who) => {
      if (who.ok) setSession({ kind: 'in', me: who.value });
      else setSession(who.failure.status === 401 ? { kind: 'out' } : { kind: 'out', note: who.failure.message });
    });
  }, [api]);

  const leave = useCallback((note?: string): void => {
    void api.signOut();
    setSession(note === undefined ? { kind: 'out' } : { kind: 'out', note });
  }, [api]);

  if (session.kind === 'in') return <Inbox api={api} me={session.me} onLeave={leave} />;
  if (session.kind === 'restoring') return <main class="sign-in" aria-busy="true"><p class="muted">{t.shell.opening}</p></main>;
  return <SignIn api={api} note={session.note} onSignedIn={(me) => setSession({ kind: 'in', me })} />;
}
