import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Me } from './api.ts';
import { Icon } from './icons.tsx';
import { countOf, type InboxState, queue, type Segment, wantsAfterReview } from './inbox-state.ts';
import { age, capabilityName, environmentName, stateName, touches } from './words.ts';

const segments: readonly (readonly [Segment, string])[] = [['for-you', 'For you'], ['open', 'Open'], ['decided', 'Decided']];

interface QueueProps {
  readonly state: InboxState;
  readonly me: Me;
  readonly now: number;
  readonly failure: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly onSegment: (segment: Segment) => void;
  readonly onFilter: (text: string) => void;
}

export function Queue({ state, me, now, failure, onSelect, onSegment, onFilter }: QueueProps): JSX.Element {
  const shown = queue(state, me);
  return (
    <nav class="queue" aria-label="Requests">
      <fieldset class="segments" aria-label="Which requests">
        {segments.map(([segment, name]) => {
          const n = countOf(state, segment, me);
          return (
            <button key={segment} type="button" class="segment" aria-pressed={state.segment === segment} onClick={() => onSegment(segment)}>
              {name}{segment !== 'decided' && n > 0 && <span class="count">{n}</span>}
            </button>
          );
        })}
      </fieldset>
      <input
        class="filter" type="search" name="filter" placeholder="Filter: name, table, environment…" aria-label="Filter the requests" aria-keyshortcuts="/" value={state.filter}
        onInput={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onFilter('');
          event.currentTarget.blur();
        }}
      />
      {failure !== undefined && <p class="banner problem" role="alert"><Icon name="warning" />{failure}</p>}
      {!state.loaded && failure === undefined && <Skeleton />}
      {state.loaded && shown.length === 0 && state.filter !== '' && <div class="empty"><p><strong>Nothing fits the filter</strong></p><p><button type="button" class="quiet" onClick={() => onFilter('')}>Show all</button></p></div>}
      {state.loaded && shown.length === 0 && state.filter === '' && <Empty segment={state.segment} open={countOf(state, 'open', me)} />}
      <ul class="queue-list">
        {shown.map((request) => (
          <Item key={request.id} request={request} now={now} me={me} current={request.id === state.selected} onSelect={onSelect} />
        ))}
      </ul>
      <p class="keys wide-only" aria-hidden="true"><kbd>j</kbd> next <kbd>k</kbd> previous <kbd>/</kbd> filter</p>
    </nav>
  );
}

function Item({ request, now, me, current, onSelect }: { readonly request: ApprovalRequest; readonly now: number; readonly me: Me; readonly current: boolean; readonly onSelect: (id: string) => void }): JSX.Element {
  const { environment, id: connection } = request.binding.connection;
  const own = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current) own.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const open = request.state === 'pending' || wantsAfterReview(request);
  return (
    <li>
      <a
        ref={own} class={`item env-${environment}${open ? '' : ' closed'}`} data-testid={open ? 'request' : 'request-done'} data-request={request.id}
        href={`#/r/${encodeURIComponent(request.id)}`} aria-current={current ? 'true' : undefined}
        onClick={(event) => { event.preventDefault(); onSelect(request.id); }}
      >
        <span class="item-top">
          <strong>{request.requester.name}{request.requester.id === me.id && <span class="muted"> (you)</span>}</strong>
          <time dateTime={new Date(request.createdAt).toISOString()} title={new Date(request.createdAt).toLocaleString()}>{age(request.createdAt, now)}</time>
        </span>
        <span class="item-what">{touches(request)}</span>
        <span class="item-foot">
          <span class={`pill env-${environment}`}>{environmentName[environment]}</span>
          <span class="muted clip">{capabilityName[request.binding.capability]} · {connection}</span>
          {request.agent !== undefined && <span class="muted agent"><Icon name="robot" />{request.agent.name}</span>}
          {request.breakGlass === true && <span class="state state-denied">Glass broken</span>}
          {request.state !== 'pending' && <span class={`state state-${request.state}`}>{stateName(request.state)}</span>}
        </span>
      </a>
    </li>
  );
}

function Empty({ segment, open }: { readonly segment: Segment; readonly open: number }): JSX.Element {
  const text = {
    'for-you': ['All done', open > 0 ? `${open} open, waiting for others.` : 'Nobody is waiting for you.'],
    open: ['No open requests', 'New ones appear here by themselves.'],
    decided: ['Nothing decided yet', 'Decisions stay here, with who and why.'],
  }[segment];
  return <div class="empty"><Icon name={segment === 'for-you' ? 'check' : 'inbox'} /><p><strong>{text[0]}</strong></p><p class="muted">{text[1]}</p></div>;
}

function Skeleton(): JSX.Element {
  return <ul class="queue-list" aria-busy="true" aria-label="Loading">{[0, 1, 2].map((i) => <li key={i} class="item skeleton"><span /><span /><span /></li>)}</ul>;
}
