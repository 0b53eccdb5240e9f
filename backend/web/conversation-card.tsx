import type { JSX } from 'preact';
import type { ApprovalRequest, Decision } from '#core/wire/approval.ts';
import { Composer, type Post, ThreadView } from './comments.tsx';
import { entriesOf, type Entry } from './conversation.ts';
import { Icon } from './icons.tsx';
import { t } from './text/text.ts';
import { ago, columnList, duration } from './words.ts';

const verbs: Readonly<Record<Decision['decision'], string>> = { approve: t.history.approve, deny: t.history.deny, request_changes: t.history.request_changes };
const marks = { approve: 'check', deny: 'cross', request_changes: 'changes' } as const;

/** What happened and was said, in order, with room for a remark on the whole. */
export function Conversation({ request, now, post }: { readonly request: ApprovalRequest; readonly now: number; readonly post: Post }): JSX.Element {
  return (
    <section class="card timeline" aria-label={t.history.title}>
      <h2>{t.history.title}</h2>
      <ol>{entriesOf(request).map((entry, i) => <Row key={i} entry={entry} request={request} now={now} post={post} />)}</ol>
      <Composer label={t.history.commentLabel} submit={t.comments.comment} testId="remark-whole" onSend={(text) => post({ text })} />
    </section>
  );
}

function Row({ entry, request, now, post }: { readonly entry: Entry; readonly request: ApprovalRequest; readonly now: number; readonly post: Post }): JSX.Element {
  const when = <time class="muted" dateTime={new Date(entry.at).toISOString()} title={new Date(entry.at).toLocaleString()}>{ago(entry.at, now)}</time>;
  const { requester } = request;
  switch (entry.kind) {
    case 'asked':
      return <li><span class="step-mark"><Icon name="ask" /></span><p><strong>{requester.name}</strong> {t.history.asked} {when}</p></li>;
    case 'revised':
      return <li class="revised"><span class="step-mark"><Icon name="changes" /></span><p><strong>{requester.name}</strong> {t.history.changedStatement(entry.number + 1)} {when}</p></li>;
    case 'thread':
      return <li class="said"><span class="step-mark"><Icon name="comment" /></span><ThreadView thread={entry.thread} now={now} post={post} quote={entry.quote} /></li>;
    case 'decided': {
      const { decision: d } = entry;
      return (
        <li class={`${d.decision}${entry.void ? ' void' : ''}`}>
          <span class="step-mark"><Icon name={marks[d.decision]} /></span>
          <div>
            <p><span class="did"><strong>{d.by.name}</strong> {verbs[d.decision]}</span> {when}{entry.void && <span class="tag">{t.history.void}</span>}</p>
            {limitsText(d) !== '' && <p class="muted">{limitsText(d)}</p>}
            {d.comment !== '' && <p class="comment-text" dir="auto">{d.comment}</p>}
          </div>
        </li>
      );
    }
  }
}

function limitsText({ constraints }: Decision): string {
  if (constraints === undefined) return '';
  const parts = [
    ...(constraints.keepMasked !== undefined && constraints.keepMasked.length > 0 ? [t.history.keeps(columnList(constraints.keepMasked))] : []),
    ...(constraints.maxRows === undefined ? [] : [t.history.atMost(t.nouns.row(constraints.maxRows))]),
    ...(constraints.durationMs === undefined ? [] : [t.history.for(duration(constraints.durationMs))]),
  ];
  return parts.join(' · ');
}
