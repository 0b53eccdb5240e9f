import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Me } from './api.ts';
import { Icon } from './icons.tsx';
import { countOf, type InboxState, lookDueAt, queue, type Segment, wantsAfterReview } from './inbox-state.ts';
import { age, capabilityName, environmentName, stateName, touches } from './words.ts';

const segments: readonly (readonly [Segment, string])[] = [['for-you', 'For you'], ['open', 'Open'], ['decided', 'Decided']];

/** Height of an item with the gap below it, px, as in the style sheet: only what is near the visible part is drawn. */
const ITEM_PX = 122;
/** Items drawn above and below the visible part. */
const BEYOND = 8;

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
  const looks = countOf(state, 'afterwards', me);
  const names = looks > 0 || state.segment === 'afterwards' ? [...segments, ['afterwards', 'Look back'] as const] : segments;
  return (
    <nav class="queue" aria-label="Requests">
      <fieldset class="segments" aria-label="Which requests">
        {names.map(([segment, name]) => {
          const n = countOf(state, segment, me);
          return (
            <button key={segment} type="button" class="segment" aria-pressed={state.segment === segment} onClick={() => onSegment(segment)}>
              {name}{segment !== 'decided' && n > 0 && <span class={segment === 'afterwards' ? 'count bad' : 'count'}>{n}</span>}
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
      {state.loaded && shown.length === 0 && state.filter !== '' && <div class="empty"><Icon name="inbox" /><p><strong>Nothing fits the filter</strong></p><p><button type="button" class="quiet" onClick={() => onFilter('')}>Show all</button></p></div>}
      {state.loaded && shown.length === 0 && state.filter === '' && <Empty segment={state.segment} open={countOf(state, 'open', me)} />}
      {shown.length > 0 && <Items key={state.segment} shown={shown} selected={state.selected} me={me} now={now} onSelect={onSelect} />}
      <p class="keys wide-only" aria-hidden="true"><kbd>j</kbd> next <kbd>k</kbd> previous <kbd>/</kbd> filter <kbd>?</kbd> all keys</p>
    </nav>
  );
}

interface ItemsProps extends Pick<QueueProps, 'me' | 'now' | 'onSelect'> { readonly shown: readonly ApprovalRequest[]; readonly selected: string | undefined }

function Items({ shown, selected, me, now, onSelect }: ItemsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 2_000 });
  const measure = (): void => {
    const { scrollTop: top = 0, clientHeight: height = 0 } = list.current ?? {};
    setView((last) => (Math.abs(last.top - top) < ITEM_PX && last.height === height ? last : { top, height }));
  };
  useEffect(() => {
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  const at = shown.findIndex(({ id }) => id === selected);
  useEffect(() => {
    const ul = list.current;
    if (ul === null || at < 0) return;
    // The chosen one comes into view, and nothing moves when it is in view.
    const top = at * ITEM_PX;
    if (top < ul.scrollTop) ul.scrollTop = top;
    else if (top + ITEM_PX > ul.scrollTop + ul.clientHeight) ul.scrollTop = top + ITEM_PX - ul.clientHeight;
  }, [at, selected]);
  const first = Math.max(0, Math.floor(view.top / ITEM_PX) - BEYOND);
  const last = Math.min(shown.length, Math.ceil((view.top + view.height) / ITEM_PX) + BEYOND);
  return (
    <div class="queue-scroll" ref={list} onScroll={measure}>
      <ul class="queue-list" style={{ paddingTop: `${first * ITEM_PX}px`, paddingBottom: `${(shown.length - last) * ITEM_PX}px` }}>
        {shown.slice(first, last).map((request, i) => (
          <li key={request.id} aria-setsize={shown.length} aria-posinset={first + i + 1}><Item request={request} now={now} me={me} current={request.id === selected} onSelect={onSelect} /></li>
        ))}
      </ul>
    </div>
  );
}

function Item({ request, now, me, current, onSelect }: { readonly request: ApprovalRequest; readonly now: number; readonly me: Me; readonly current: boolean; readonly onSelect: (id: string) => void }): JSX.Element {
  const { environment, id: connection } = request.binding.connection;
  const looks = wantsAfterReview(request);
  const open = request.state === 'pending' || looks;
  const comments = request.comments?.length ?? 0;
  return (
    <a
      class={`item env-${environment}${open ? '' : ' closed'}`} data-testid={open ? 'request' : 'request-done'} data-request={request.id}
      href={`#/r/${encodeURIComponent(request.id)}`} aria-current={current ? 'true' : undefined}
      onClick={(event) => { event.preventDefault(); onSelect(request.id); }}
    >
      <span class="item-top">
        <strong>{request.requester.name}{request.requester.id === me.id && <span class="muted"> (you)</span>}</strong>
        {comments > 0 && <span class="muted item-mark" title={`${comments} ${comments === 1 ? 'comment' : 'comments'}`}><Icon name="comment" />{comments}<span class="visually-hidden"> comments</span></span>}
        <time dateTime={new Date(request.createdAt).toISOString()} title={new Date(request.createdAt).toLocaleString()}>{age(request.createdAt, now)}</time>
      </span>
      <span class="item-what">{touches(request)}</span>
      <span class="item-foot">
        <span class={`pill env-${environment}`}>{environmentName[environment]}</span>
        <span class="muted clip">{capabilityName[request.binding.capability]} · {connection}</span>
        {request.agent !== undefined && <span class="muted agent"><Icon name="robot" />{request.agent.name}</span>}
        <span class="item-flags">
          {request.breakGlass === true && <span class="state state-denied">{looks && lookDueAt(request) <= now ? 'Overdue' : 'Emergency'}</span>}
          {(request.drift?.length ?? 0) > 0 && <span class="state state-changes_requested" title="Its result held personal data that was not declared">Undeclared data</span>}
          {request.state === 'pending' && (request.revisions?.length ?? 0) > 0 && <span class="state">Version {(request.revisions?.length ?? 0) + 1}</span>}
          {request.state !== 'pending' && !looks && (request.drift?.length ?? 0) === 0 && <span class={`state state-${request.state}`}>{stateName(request.state)}</span>}
        </span>
      </span>
    </a>
  );
}

function Empty({ segment, open }: { readonly segment: Segment; readonly open: number }): JSX.Element {
  const text = {
    'for-you': ['All done', open > 0 ? `${open} open, waiting for others.` : 'Nobody is waiting for you.'],
    open: ['No open requests', 'New ones appear here by themselves.'],
    decided: ['Nothing decided yet', 'Decisions stay here, with who and why.'],
    afterwards: ['Nothing to look back at', 'Every emergency access has been looked at.'],
  }[segment];
  return <div class="empty"><Icon name={segment === 'for-you' || segment === 'afterwards' ? 'check' : 'inbox'} /><p><strong>{text[0]}</strong></p><p class="muted">{text[1]}</p></div>;
}

function Skeleton(): JSX.Element {
  return <ul class="queue-list" aria-busy="true" aria-label="Loading">{[0, 1, 2].map((i) => <li key={i} class="item skeleton"><span /><span /><span /></li>)}</ul>;
}
