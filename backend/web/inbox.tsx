import type { JSX } from 'preact';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest, NewComment, RequestContext } from '#core/wire/approval.ts';
import type { Answer, Api, Deciding, Me } from './api.ts';
import { Alarm } from './alarm.tsx';
import { AuditPage } from './audit-page.tsx';
import { DecisionBar, type DecisionMode } from './decision-bar.tsx';
import { Icon } from './icons.tsx';
import { countOf, emptyInbox, neighbour, queue, reduceInbox, type Segment, standing } from './inbox-state.ts';
import { KeysHelp } from './keys-help.tsx';
import { followLive, type Link } from './live.ts';
import { OverviewPage } from './overview-page.tsx';
import { Queue } from './queue.tsx';
import { RequestView } from './request-view.tsx';
import { t } from './text/text.ts';

/** Milliseconds between two updates of the ages on the page. */
const TICK_MS = 10_000;

interface InboxProps { readonly api: Api; readonly me: Me; readonly onLeave: (note?: string) => void }

export function Inbox({ api, me, onLeave }: InboxProps): JSX.Element {
  const [state, dispatch] = useReducer(reduceInbox, { ...emptyInbox, selected: idInAddress() });
  const [link, setLink] = useState<Link>('connecting');
  const [failure, setFailure] = useState<string | undefined>();
  const [said, setSaid] = useState('');
  const [mode, setMode] = useState<DecisionMode>('idle');
  const [help, setHelp] = useState(false);
  const page = usePage(me);
  const now = useNow();
  const selected = state.selected === undefined ? undefined : state.requests.get(state.selected);

  useEffect(() => {
    const stop = new AbortController();
    void followLive(api, {
      onLink: setLink,
      onSignedOut: () => onLeave(t.shell.signedOut),
      onEvent: (event) => dispatch({ type: 'live', event, me }),
      onOpen: () => {
        void api.requests().then((answer) => {
          if (stop.signal.aborted) return;
          if (answer.ok) dispatch({ type: 'list', requests: answer.value, me });
          setFailure(answer.ok ? undefined : answer.failure.message);
        });
      },
    }, stop.signal);
    return () => stop.abort();
  }, [api, me, onLeave]);

  const select = useCallback((id: string | undefined): void => {
    setMode('idle');
    dispatch({ type: 'select', id });
    history.replaceState(null, '', id === undefined ? '#/' : `#/r/${encodeURIComponent(id)}`);
  }, []);

  // On a wide page the oldest request is opened at once; on a phone the queue comes first.
  const first = queue(state, me)[0]?.id;
  useEffect(() => {
    // The address, not only the page that was drawn: it may have changed since.
    if (page === 'requests' && pageInAddress() === 'requests' && state.selected === undefined && first !== undefined && idInAddress() === undefined && isWide()) select(first);
  }, [first, page, select, state.selected]);

  useEffect(() => {
    const follow = (): void => { if (pageInAddress() === 'requests') dispatch({ type: 'select', id: idInAddress() }); };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const waiting = countOf(state, 'for-you', me);
  useEffect(() => {
    // Seen in the tab while the reviewer does something else.
    document.title = waiting > 0 ? `(${waiting}) ${t.title}` : t.title;
  }, [waiting]);

  const context = useContext(api, selected);

  useKeys(help ? {} : {
    '?': () => setHelp(true), ...(page === 'requests' ? { '/': focusFilter, m: focusRemark } : {}), j: () => select(neighbour(state, me, 1)), k: () => select(neighbour(state, me, -1)), ...decisionKeys(selected, me, setMode),
  });

  async function decide(request: ApprovalRequest, decision: Deciding, also: readonly string[]): Promise<string | undefined> {
    const answer = await api.decide(request.id, decision);
    if (!answer.ok) return answer.failure.message;
    dispatch({ type: 'live', event: { type: 'request', request: answer.value }, me });
    for (const id of also) {
      const other = await api.decide(id, decision);
      if (!other.ok) return t.shell.identicalFailed(other.failure.message);
      dispatch({ type: 'live', event: { type: 'request', request: other.value }, me });
    }
    setMode('idle');
    setSaid(answer.value.state === 'pending' ? t.shell.counted : t.shell.decided(t.state[answer.value.state], request.requester.name));
    return undefined;
  }
  async function settle(work: Promise<Answer<ApprovalRequest>>): Promise<string | undefined> {
    const answer = await work;
    if (!answer.ok) return answer.failure.message;
    dispatch({ type: 'live', event: { type: 'request', request: answer.value }, me });
    return undefined;
  }

  async function comment(request: ApprovalRequest, body: NewComment): Promise<string | undefined> {
    const problem = await settle(api.comment(request.id, body));
    if (problem === undefined) setSaid(t.shell.commented);
    return problem;
  }
  function showSegment(segment: Segment): void {
    dispatch({ type: 'segment', segment, me });
    // On a phone a request takes the place of the list: that one chooses.
    if (!isWide()) select(undefined);
  }
  function lookBack(id: string): void {
    dispatch({ type: 'segment', segment: 'afterwards', me });
    location.hash = `#/r/${encodeURIComponent(id)}`;
    select(id);
  }

  return (
    <div class={`inbox${page === 'requests' && selected !== undefined ? ' reading' : ''} page-${page}`}>
      <header class="top">
        <span class="brand"><Icon name="shield" /><span>PII Gate</span></span>
        <Pages page={page} me={me} />
        <span class={`link ${link}`} role="status">{t.shell[link]}</span>
        <span class="who"><span class="who-name">{me.name}</span><span class="who-roles">{me.roles.join(', ')}</span></span>
        <button type="button" class="quiet wide-only" aria-label={t.shell.keys} title={`${t.shell.keys} (?)`} onClick={() => setHelp(true)}><kbd>?</kbd></button>
        <button type="button" class="quiet" onClick={() => onLeave()} title={t.shell.signOut} aria-label={t.shell.signOut}><Icon name="leave" /><span class="wide-only">{t.shell.signOut}</span></button>
      </header>
      <div class="notices">
        {link === 'lost' && <p class="offline" role="status"><Icon name="warning" />{t.shell.offline}</p>}
        {(page !== 'requests' || selected === undefined || standing(selected, me) !== 'after-review') && <Alarm state={state} me={me} now={now} onShow={lookBack} />}
      </div>
      {page === 'overview' && <OverviewPage api={api} now={now} />}
      {page === 'audit' && <AuditPage api={api} />}
      {page === 'requests' && (
        <main class="work">
          {selected === undefined && <h1 class="visually-hidden">{t.shell.requests}</h1>}
          <Queue state={state} me={me} now={now} failure={failure} onSelect={select} onSegment={showSegment} onFilter={(text) => dispatch({ type: 'filter', text })} />
          {selected === undefined
            ? <Nothing waiting={state.selected !== undefined && !state.loaded} unknown={state.selected !== undefined && state.loaded} />
            : (
              <section class="reader" aria-label={t.shell.request}>
                <RequestView key={selected.id} request={selected} context={context} me={me} now={now} onBack={() => select(undefined)} post={(body) => comment(selected, body)} />
                <DecisionBar
                  key={`bar-${selected.id}`} request={selected} me={me} mode={mode} identical={context?.identical ?? []} onMode={setMode}
                  onDecide={(d, also) => decide(selected, d, also)} onAfterReview={(justified, comment) => settle(api.afterReview(selected.id, justified, comment))} onWithdraw={() => settle(api.cancel(selected.id))}
                  onRevoke={(comment) => settle(api.revoke(selected.id, comment))} onResubmit={(reason) => settle(api.resubmit(selected.id, reason))}
                />
              </section>
            )}
        </main>
      )}
      {help && <KeysHelp onClose={() => setHelp(false)} />}
      <p class="visually-hidden" aria-live="polite">{said}</p>
    </div>
  );
}

function Nothing({ waiting, unknown }: { readonly waiting: boolean; readonly unknown: boolean }): JSX.Element {
  return (
    <section class="reader nothing" aria-label={t.shell.request} aria-busy={waiting}>
      <Icon name={unknown ? 'warning' : 'inbox'} />
      <h2>{waiting ? t.shell.openingRequest : unknown ? t.shell.notHere : t.shell.nothingOpen}</h2>
      <p class="muted">{unknown ? t.shell.notHereWhy : waiting ? '' : t.shell.nothingOpenWhy}</p>
    </section>
  );
}

/** Keys that choose a decision. They only open it: nothing is decided until it is confirmed. */
function decisionKeys(request: ApprovalRequest | undefined, me: Me, setMode: (mode: DecisionMode) => void): Readonly<Record<string, () => void>> {
  if (request === undefined || standing(request, me) !== 'may-decide') return {};
  return { a: () => setMode('approve'), l: () => setMode('limits'), c: () => setMode('changes'), d: () => setMode('deny') };
}

/** Single keys, but never while something is being typed or with a modifier. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]') !== null) return;
      const action = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

type Page = 'requests' | 'overview' | 'audit';

function pagesFor(me: Me): readonly (readonly [Page, string])[] {
  const audits = me.roles.includes('auditor') || me.roles.includes('admin');
  return [['requests', t.shell.requests], ['overview', t.shell.overview], ...(audits ? [['audit', t.shell.audit] as const] : [])];
}

function Pages({ page, me }: { readonly page: Page; readonly me: Me }): JSX.Element {
  return (
    <nav class="pages" aria-label={t.shell.pages}>
      {pagesFor(me).map(([id, name]) => <a key={id} href={id === 'requests' ? '#/' : `#/${id}`} aria-current={id === page ? 'page' : undefined}>{name}</a>)}
    </nav>
  );
}

function pageInAddress(): Page {
  const name = /^#\/(overview|audit)$/.exec(location.hash)?.[1];
  return name === 'overview' || name === 'audit' ? name : 'requests';
}

function usePage(me: Me): Page {
  const [page, setPage] = useState(pageInAddress);
  useEffect(() => {
    const follow = (): void => setPage(pageInAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return pagesFor(me).some(([id]) => id === page) ? page : 'requests';
}

/** Read anew when the request changes; the one before never shows under another request. */
function useContext(api: Api, request: ApprovalRequest | undefined): RequestContext | undefined {
  const [known, setKnown] = useState<{ readonly id: string; readonly context: RequestContext } | undefined>();
  const { id, updatedAt } = request ?? {};
  // `updatedAt`: a change of the request is the reason to ask again.
  useEffect(() => {
    if (id === undefined) return undefined;
    let stale = false;
    void api.context(id).then((answer) => { if (answer.ok && !stale) setKnown({ id, context: answer.value }); });
    return () => { stale = true; };
  }, [api, id, updatedAt]);
  return known !== undefined && known.id === id ? known.context : undefined;
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('input[name=filter]')?.focus();
}

function isWide(): boolean {
  return matchMedia('(min-width: 800px)').matches;
}

function focusRemark(): void {
  document.querySelector<HTMLTextAreaElement>('[data-testid=remark-whole]')?.focus();
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) setNow(Date.now()); }, TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function idInAddress(): string | undefined {
  const id = /^#\/r\/(.+)$/.exec(location.hash)?.[1];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined;
  }
}
