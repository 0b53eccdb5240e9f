import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import type { Me } from './api.ts';
import type { Post } from './comments.tsx';
import { threadsByLine } from './conversation.ts';
import { Conversation } from './conversation-card.tsx';
import { Facts } from './facts.tsx';
import { Icon } from './icons.tsx';
import { lookDueAt } from './inbox-state.ts';
import { Plan } from './plan-view.tsx';
import { PolicyCard } from './policy-card.tsx';
import { Sample } from './sample.tsx';
import { type Before, Statement } from './statement.tsx';
import { t } from './text/text.ts';
import { age, ago, dueText, entityName, touches, wants } from './words.ts';

interface RequestViewProps { readonly request: ApprovalRequest; readonly context: RequestContext | undefined; readonly me: Me; readonly now: number; readonly onBack: () => void; readonly post: Post }

/** Everything one needs to decide, in the order one asks: who and what, why, the statement, what it touches, the policy, what was said. */
export function RequestView({ request, context, me, now, onBack, post }: RequestViewProps): JSX.Element {
  const { facts, preview, redactions, revisions = [] } = request;
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the request replaces the queue: the screen reader and the keyboard must follow.
    if (!matchMedia('(min-width: 800px)').matches) top.current?.focus();
  }, []);
  const threads = useMemo(() => threadsByLine(request), [request]);
  const approved = context?.lastApproved;
  const compareWith: readonly Before[] = [
    ...revisions.slice(-1).map((before) => ({ id: 'revision', name: t.request.sinceVersion(revisions.length), preview: before.preview })),
    ...(approved === undefined || approved.preview === '' || approved.preview === preview ? [] : [{ id: 'approved', name: t.request.sinceApproved, preview: approved.preview }]),
  ];
  return (
    <article class="request" ref={top} tabIndex={-1} data-testid="request-view" data-id={request.id}>
      <button type="button" class="quiet back phone-only" onClick={onBack}><Icon name="back" />{t.shell.requests}</button>
      <Headline request={request} me={me} now={now} />
      {request.afterReview !== undefined && <Glass request={request} now={now} />}
      {request.erasedAt !== undefined && <p class="callout" role="note"><Icon name="lock" /><span><strong>{t.request.erased(new Date(request.erasedAt).toLocaleDateString())}</strong>{t.request.erasedWhat}</span></p>}
      {request.erasedAt === undefined && (
        <section class="reason" aria-label={t.request.reason}>
          <blockquote dir="auto">{request.reason === '' ? <span class="muted">{t.request.noReason}</span> : request.reason}</blockquote>
          <p class="muted">{request.requester.name}{request.requester.roles.length > 0 && `, ${request.requester.roles.join(', ')}`}{request.ticket !== undefined && <> · <span class="ticket">{request.ticket}</span></>}{context !== undefined && <> · {historyText(context)}</>}</p>
        </section>
      )}
      {revisions.length > 0 && <p class="callout" role="note"><Icon name="changes" /><span><strong>{t.request.version(revisions.length + 1)}</strong>{t.request.changed(ago(revisions.at(-1)?.at ?? now, now))}</span></p>}
      <Drift request={request} />
      {facts.opaque.length > 0 && (
        <div class="callout danger" role="note">
          <Icon name="warning" />
          <div><strong>{t.request.opaque}</strong><ul>{facts.opaque.map((o, i) => <li key={i}>{o.detail === '' ? o.what : o.detail}</li>)}</ul></div>
        </div>
      )}
      {request.erasedAt === undefined && (
        <Statement
          key={revisions.length} preview={preview} redactions={redactions} sensitive={facts.sensitive} compareWith={compareWith} comparing={revisions.length > 0 && request.state === 'pending' ? 'revision' : undefined}
          sameAs={approved?.preview === preview ? t.request.asApproved(approved.by, ago(approved.at, now)) : undefined} threads={threads} now={now} post={post}
        />
      )}
      {request.sample !== undefined && <Sample sample={request.sample} requester={request.requester.name} />}
      <Facts request={request} />
      <PolicyCard request={request} trace={context?.trace ?? []} />
      {request.plan !== undefined && request.plan.trim() !== '' && <Plan plan={request.plan} />}
      <Conversation request={request} now={now} post={post} />
    </article>
  );
}

function Headline({ request, me, now }: { readonly request: ApprovalRequest; readonly me: Me; readonly now: number }): JSX.Element {
  const { binding, facts, requester, agent } = request;
  const { environment, id: connection } = binding.connection;
  const own = requester.id === me.id;
  return (
    <header class={`headline env-${environment}`}>
      <p class="headline-tags">
        <span class={`pill env-${environment}`}>{t.environment[environment]}</span>
        <span class="tag">{t.capability[binding.capability]}</span>
        {request.state !== 'pending' && <span class={`state state-${request.state}`} data-testid="state">{t.state[request.state]}</span>}
        <span class="muted when"><Icon name="clock" />{t.request.asked(ago(request.createdAt, now))}{request.state === 'pending' && (request.expiresAt > now ? t.request.expires(age(now, request.expiresAt)) : t.request.expiring)}</span>
        <a class="elsewhere wide-only" href={`vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`}>{t.request.openInEditor}</a>
      </p>
      <h1>{wants(request, own)} <span class="connection">{connection}</span></h1>
      <p class="lead">{t.touches.sentence(touches(request), facts.estimatedRows === undefined ? undefined : t.nouns.row(facts.estimatedRows))}</p>
      {agent !== undefined && <p class="callout agent"><Icon name="robot" /><span><strong>{agent.name}</strong>{agent.model === undefined ? '' : ` (${agent.model})`}{t.request.agent(requester.name)}</span></p>}
    </header>
  );
}

/** Emergency access: it has happened already, so the question is another one. */
function Glass({ request, now }: { readonly request: ApprovalRequest; readonly now: number }): JSX.Element {
  const done = request.afterReview?.done;
  if (done !== undefined) {
    return (
      <div class={`callout ${done.justified ? 'good' : 'glass'}`} role="note">
        <Icon name={done.justified ? 'check' : 'warning'} />
        <span><strong>{done.justified ? t.request.justified : t.request.notJustified}</strong> {done.justified ? t.request.foundJustified(done.by.name) : t.request.foundNotJustified(done.by.name)}{done.comment === '' ? '.' : `: ${done.comment}`} <time class="muted" dateTime={new Date(done.at).toISOString()}>{ago(done.at, now)}</time></span>
      </div>
    );
  }
  const overdue = lookDueAt(request) <= now;
  return (
    <div class="callout glass" role="note">
      <Icon name="warning" />
      <span><strong>{t.request.glass}</strong>{t.request.glassWhat}{t.request.mustLook(request.afterReview?.anyOf.join(` ${t.or} `) ?? '')}<strong class={overdue ? 'danger-text' : ''}>{dueText(lookDueAt(request), now)}</strong>{t.request.notAgain(request.requester.name)}</span>
    </div>
  );
}

function Drift({ request: { drift = [] } }: { readonly request: ApprovalRequest }): JSX.Element | null {
  if (drift.length === 0) return null;
  return (
    <div class="callout danger" role="note" data-testid="drift">
      <Icon name="warning" />
      <div>
        <strong>{t.request.drift}</strong>{t.request.driftMasked}
        <ul>{drift.map((d, i) => <li key={i}><code>{d.origin === undefined ? d.column : `${d.origin.table}.${d.origin.column}`}</code>: {t.request.driftIn(entityName(d.entity), t.nouns.row(d.count))}</li>)}</ul>
      </div>
    </div>
  );
}

function historyText({ history }: RequestContext): string {
  return history.requests === 0 ? t.request.firstRequest : t.request.history(t.nouns.request(history.requests), history.approved, history.denied);
}
