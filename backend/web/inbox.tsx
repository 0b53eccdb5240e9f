import type { JSX } from 'preact';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Api, Me, Verdictless } from './api.ts';
import { DecisionBar, type DecisionMode } from './decision-bar.tsx';
import { Icon } from './icons.tsx';
import { emptyInbox, neighbour, queue, reduceInbox, standing } from './inbox-state.ts';
import { followLive, type Link } from './live.ts';
import { Queue } from './queue.tsx';
import { RequestView } from './request-view.tsx';
import { stateName } from './words.ts';

/** Milliseconds between two updates of the ages on the page. */
const TICK_MS = 10_000;

interface InboxProps { readonly api: Api; readonly me: Me; readonly onLeave: (note?: string) => void }

export function Inbox({ api, me, onLeave }: InboxProps): JSX.Element {
  const [state, dispatch] = useReducer(reduceInbox, { ...emptyInbox, selected: idInAddress() });
  const [link, setLink] = useState<Link>('connecting');
  const [failure, setFailure] = useState<string | undefined>();
  const [said, setSaid] = useState('');
  const [mode, setMode] = useState<DecisionMode>('idle');
  const now = useNow();
  const selected = state.selected === undefined ? undefined : state.requests.get(state.selected);

  useEffect(() => {
    const stop = new AbortController();
    void followLive(api, {
      onLink: setLink,
      onSignedOut: () => onLeave('You were signed out. Sign in again.'),
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
    if (state.selected === undefined && first !== undefined && idInAddress() === undefined && matchMedia('(min-width: 800px)').matches) select(first);
  }, [first, select, state.selected]);

  useEffect(() => {
    const follow = (): void => dispatch({ type: 'select', id: idInAddress() });
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  useKeys({ j: () => select(neighbour(state, me, 1)), k: () => select(neighbour(state, me, -1)), ...decisionKeys(selected, me, setMode) });

  async function decide(request: ApprovalRequest, decision: Verdictless): Promise<string | undefined> {
    const answer = await api.decide(request.id, decision);
    if (!answer.ok) return answer.failure.message;
    dispatch({ type: 'live', event: { type: 'request', request: answer.value }, me });
    setMode('idle');
    setSaid(answer.value.state === 'pending' ? 'Your approval is counted. Another one is needed.' : `${stateName(answer.value.state)}: ${request.requester.name}’s request.`);
    return undefined;
  }
  async function withdraw(request: ApprovalRequest): Promise<string | undefined> {
    const answer = await api.cancel(request.id);
    if (!answer.ok) return answer.failure.message;
    dispatch({ type: 'live', event: { type: 'request', request: answer.value }, me });
    return undefined;
  }

  return (
    <div class={selected === undefined ? 'inbox' : 'inbox reading'}>
      <header class="top">
        <span class="brand"><Icon name="shield" /><span>PII Gate</span></span>
        <span class={`link ${link}`} role="status">{{ connecting: 'Connecting…', live: 'Live', lost: 'Reconnecting…' }[link]}</span>
        <span class="who"><span class="who-name">{me.name}</span><span class="who-roles">{me.roles.join(', ')}</span></span>
        <button type="button" class="quiet" onClick={() => onLeave()} title="Sign out"><Icon name="leave" /><span class="wide-only">Sign out</span></button>
      </header>
      <Queue state={state} me={me} now={now} failure={failure} onSelect={select} onSegment={(segment) => dispatch({ type: 'segment', segment, me })} />
      {selected === undefined
        ? <Nothing waiting={state.selected !== undefined && !state.loaded} unknown={state.selected !== undefined && state.loaded} />
        : (
          <section class="reader" aria-label="Request">
            <RequestView key={selected.id} request={selected} me={me} now={now} onBack={() => select(undefined)} />
            <DecisionBar key={`bar-${selected.id}`} request={selected} me={me} mode={mode} onMode={setMode} onDecide={(d) => decide(selected, d)} onWithdraw={() => withdraw(selected)} />
          </section>
        )}
      <p class="visually-hidden" aria-live="polite">{said}</p>
    </div>
  );
}

function Nothing({ waiting, unknown }: { readonly waiting: boolean; readonly unknown: boolean }): JSX.Element {
  return (
    <section class="reader nothing" aria-label="Request" aria-busy={waiting}>
      <Icon name={unknown ? 'warning' : 'inbox'} />
      <h2>{waiting ? 'Opening the request…' : unknown ? 'This request is not here' : 'Nothing open'}</h2>
      <p class="muted">{unknown ? 'It may be older than what is kept, or not for you to see.' : waiting ? '' : 'New requests appear in the list by themselves.'}</p>
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
