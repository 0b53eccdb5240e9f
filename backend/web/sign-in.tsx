import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api, Me, SignInWays } from './api.ts';
import { Icon } from './icons.tsx';
import { t } from './text/text.ts';

interface SignInProps { readonly api: Api; readonly note: string | undefined; readonly onSignedIn: (me: Me) => void }

/** Trades a token for a session. The token is kept nowhere and never put into an address. */
export function SignIn({ api, note, onSignedIn }: SignInProps): JSX.Element {
  const [problem, setProblem] = useState(note);
  const [busy, setBusy] = useState(false);
  const [oidc, setOidc] = useState<SignInWays['oidc']>();
  useEffect(() => {
    void api.ways().then((ways) => { if (ways.ok) setOidc(ways.value.oidc); });
  }, [api]);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    if (token === '' || /\s/.test(token)) {
      setProblem(t.signIn.notAToken);
      return;
    }
    setBusy(true);
    const session = await api.signIn(token);
    const who = session.ok ? await api.me() : session;
    setBusy(false);
    if (who.ok) onSignedIn(who.value);
    else setProblem(who.failure.status === 401 ? t.signIn.unknown : who.failure.message);
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={(event) => { void submit(event); }}>
        <span class="sign-in-mark"><Icon name="shield" /></span>
        <h1>{t.signIn.title}</h1>
        {oidc !== undefined && (
          <>
            <a class="button primary" href={oidc.start} data-testid="oidc">{t.signIn.withProvider(hostOf(oidc.issuer))}</a>
            <p class="or"><span>{t.signIn.or}</span></p>
          </>
        )}
        {oidc === undefined && <p class="muted">{t.signIn.withToken}</p>}
        <label for="token">{t.signIn.token}</label>
        <input id="token" name="token" type="password" autocomplete="current-password" spellcheck={false} autofocus aria-describedby="token-help" aria-invalid={problem !== undefined} onInput={() => setProblem(undefined)} />
        <p id="token-help" class={problem === undefined ? 'help' : 'help problem'} role={problem === undefined ? undefined : 'alert'}>
          {problem ?? t.signIn.help}
        </p>
        <button type="submit" class={oidc === undefined ? 'primary' : ''} disabled={busy}>{busy ? t.signIn.signingIn : t.signIn.signIn}</button>
      </form>
    </main>
  );
}

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : t.signIn.yourOrganisation;
}
