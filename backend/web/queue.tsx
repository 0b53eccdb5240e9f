import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Me } from './api.ts';
import { Icon } from './icons.tsx';
import { countOf, type InboxState, lookDueAt, queue, type Segment, wantsAfterReview } from './inbox-state.ts';
import { t } from './text/text.ts';
import { age, touches } from './words.ts';

const segments: readonly (readonly [Segment, string])[] = [['for-you', t.queue.forYou], ['open', t.queue.open], ['decided', t.queue.decided]];

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
  const names = looks > 0 || state.segment === 'afterwards' ? [...segments, ['afterwards', t.queue.afterwards] as const] : segments;
  return (
    <nav class="queue" aria-label={t.shell.requests}>
      <fieldset class="segments" aria-label={t.queue.which}>
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
        class="filter" type="search" name="filter" placeholder={t.queue.filter} aria-label={t.queue.filterLabel} aria-keyshortcuts="/" value={state.filter}
        onInput={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onFilter('');
          event.currentTarget.blur();
        }}
      />
      {failure !== undefined && <p class="banner problem" role="alert"><Icon name="warning" />{failure}</p>}
      {!state.loaded && failure === undefined && <Skeleton />}
      {state.loaded && shown.length === 0 && state.filter !== '' && <div class="empty"><Icon name="inbox" /><p><strong>{t.queue.nothingFits}</strong></p><p><button type="button" class="quiet" onClick={() => onFilter('')}>{t.queue.showAll}</button></p></div>}
      {state.loaded && shown.length === 0 && state.filter === '' && <Empty segment={state.segment} open={countOf(state, 'open', me)} />}
      {shown.length > 0 && <Items key={state.segment} shown={shown} selected={state.selected} me={me} now={now} onSelect={onSelect} />}
      <p class="keys wide-only" aria-hidden="true"><kbd>j</kbd> {t.queue.next} <kbd>k</kbd> {t.queue.previous} <kbd>/</kbd> {t.queue.filterKey} <kbd>?</kbd> {t.queue.allKeys}</p>
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
        <strong>{request.requester.name}{request.requester.id === me.id && <span class="muted"> {t.queue.you}</span>}</strong>
        {comments > 0 && <span class="muted item-mark" title={t.nouns.comment(comments)}><Icon name="comment" />{comments}<span class="visually-hidden">{t.queue.comments}</span></span>}
        <time dateTime={new Date(request.createdAt).toISOString()} title={new Date(request.createdAt).toLocaleString()}>{age(request.createdAt, now)}</time>
      </span>
      <span class="item-what">{touches(request)}</span>
      <span class="item-foot">
        <span class={`pill env-${environment}`}>{t.environment[environment]}</span>
        <span class="muted clip">{t.capability[request.binding.capability]} · {connection}</span>
        {request.agent !== undefined && <span class="muted agent"><Icon name="robot" />{request.agent.name}</span>}
        <span class="item-flags">
          {request.breakGlass === true && <span class="state state-denied">{looks && lookDueAt(request) <= now ? t.queue.overdue : t.queue.emergency}</span>}
          {(request.drift?.length ?? 0) > 0 && <span class="state state-changes_requested" title={t.queue.undeclaredWhy}>{t.queue.undeclared}</span>}
          {request.state === 'pending' && (request.revisions?.length ?? 0) > 0 && <span class="state">{t.queue.version((request.revisions?.length ?? 0) + 1)}</span>}
          {request.state !== 'pending' && !looks && (request.drift?.length ?? 0) === 0 && <span class={`state state-${request.state}`}>{t.state[request.state]}</span>}
        </span>
      </span>
    </a>
  );
}

function Empty({ segment, open }: { readonly segment: Segment; readonly open: number }): JSX.Element {
  const text = {
    'for-you': [t.queue.allDone, open > 0 ? t.queue.openForOthers(open) : t.queue.nobody],
    open: [t.queue.noneOpen, t.queue.noneOpenWhy],
    decided: [t.queue.noneDecided, t.queue.noneDecidedWhy],
    afterwards: [t.queue.noLooks, t.queue.noLooksWhy],
  }[segment];
  return <div class="empty"><Icon name={segment === 'for-you' || segment === 'afterwards' ? 'check' : 'inbox'} /><p><strong>{text[0]}</strong></p><p class="muted">{text[1]}</p></div>;
}

function Skeleton(): JSX.Element {
  return <ul class="queue-list" aria-busy="true" aria-label={t.queue.loading}>{[0, 1, 2].map((i) => <li key={i} class="item skeleton"><span /><span /><span /></li>)}</ul>;
}
