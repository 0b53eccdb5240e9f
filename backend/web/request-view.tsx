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
import { age, ago, capabilityName, count, dueText, entityName, environmentName, stateName, touches, wants } from './words.ts';

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
    ...revisions.slice(-1).map((before) => ({ id: 'revision', name: `Since version ${revisions.length}`, preview: before.preview })),
    ...(approved === undefined || approved.preview === preview ? [] : [{ id: 'approved', name: 'Since last approved', preview: approved.preview }]),
  ];
  return (
    <article class="request" ref={top} tabIndex={-1} data-testid="request-view" data-id={request.id}>
      <button type="button" class="quiet back phone-only" onClick={onBack}><Icon name="back" />Requests</button>
      <Headline request={request} me={me} now={now} />
      {request.afterReview !== undefined && <Glass request={request} now={now} />}
      <section class="reason" aria-label="Reason">
        <blockquote dir="auto">{request.reason === '' ? <span class="muted">No reason given.</span> : request.reason}</blockquote>
        <p class="muted">{request.requester.name}{request.requester.roles.length > 0 && `, ${request.requester.roles.join(', ')}`}{request.ticket !== undefined && <> · <span class="ticket">{request.ticket}</span></>}{context !== undefined && <> · {historyText(context)}</>}</p>
      </section>
      {revisions.length > 0 && <p class="callout" role="note"><Icon name="changes" /><span><strong>Version {revisions.length + 1}.</strong> The statement was changed {ago(revisions.at(-1)?.at ?? now, now)}; what was approved before counts no more.</span></p>}
      <Drift request={request} />
      {facts.opaque.length > 0 && (
        <div class="callout danger" role="note">
          <Icon name="warning" />
          <div><strong>Not everything here could be understood.</strong><ul>{facts.opaque.map((o, i) => <li key={i}>{o.detail === '' ? o.what : o.detail}</li>)}</ul></div>
        </div>
      )}
      <Statement
        key={revisions.length} preview={preview} redactions={redactions} sensitive={facts.sensitive} compareWith={compareWith} comparing={revisions.length > 0 && request.state === 'pending' ? 'revision' : undefined}
        sameAs={approved?.preview === preview ? `As approved by ${approved.by} ${ago(approved.at, now)}` : undefined} threads={threads} now={now} post={post}
      />
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
        <span class={`pill env-${environment}`}>{environmentName[environment]}</span>
        <span class="tag">{capabilityName[binding.capability]}</span>
        {request.state !== 'pending' && <span class={`state state-${request.state}`} data-testid="state">{stateName(request.state)}</span>}
        <span class="muted when"><Icon name="clock" />asked {ago(request.createdAt, now)}{request.state === 'pending' && <>, {request.expiresAt > now ? `expires in ${age(now, request.expiresAt)}` : 'expiring'}</>}</span>
        <a class="elsewhere wide-only" href={`vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`}>Open in VS Code</a>
      </p>
      <h1>{own ? 'You' : requester.name} {own ? wants(request).replace('wants', 'want') : wants(request)} <span class="connection">{connection}</span></h1>
      <p class="lead">It {touches(request)}{facts.estimatedRows === undefined ? '' : ` (≈ ${count(facts.estimatedRows, 'row')})`}.</p>
      {agent !== undefined && <p class="callout agent"><Icon name="robot" /><span><strong>{agent.name}</strong>{agent.model === undefined ? '' : ` (${agent.model})`} asks on behalf of {requester.name}. The result goes to an AI agent.</span></p>}
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
        <span><strong>Emergency access, {done.justified ? 'justified' : 'not justified'}.</strong> {done.by.name} found it {done.justified ? 'justified' : 'not justified'}{done.comment === '' ? '.' : `: ${done.comment}`} <time class="muted" dateTime={new Date(done.at).toISOString()}>{ago(done.at, now)}</time></span>
      </div>
    );
  }
  const overdue = lookDueAt(request) <= now;
  return (
    <div class="callout glass" role="note">
      <Icon name="warning" />
      <span><strong>Glass was broken:</strong> it went ahead without waiting for approval. {request.afterReview?.anyOf.join(' or ')} must look at it, <strong class={overdue ? 'danger-text' : ''}>{dueText(lookDueAt(request), now)}</strong>. Until then {request.requester.name} can’t do it again.</span>
    </div>
  );
}

function Drift({ request: { drift = [] } }: { readonly request: ApprovalRequest }): JSX.Element | null {
  if (drift.length === 0) return null;
  return (
    <div class="callout danger" role="note" data-testid="drift">
      <Icon name="warning" />
      <div>
        <strong>Found in the result, but not declared.</strong> It was masked all the same.
        <ul>{drift.map((d, i) => <li key={i}><code>{d.origin === undefined ? d.column : `${d.origin.table}.${d.origin.column}`}</code>: {entityName(d.entity)} in {count(d.count, 'row')}</li>)}</ul>
      </div>
    </div>
  );
}

function historyText({ history }: RequestContext): string {
  if (history.requests === 0) return 'first request in 90 days';
  const parts = [`${count(history.requests, 'request')} in 90 days`, `${history.approved} approved`, ...(history.denied > 0 ? [`${history.denied} denied`] : [])];
  return parts.join(', ');
}
