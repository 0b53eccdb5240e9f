import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ApprovalRequest, Decision } from '#core/wire/approval.ts';
import type { Me, RequestContext } from './api.ts';
import { Facts } from './facts.tsx';
import { Icon } from './icons.tsx';
import { progressOf } from './inbox-state.ts';
import { Statement } from './statement.tsx';
import { age, ago, capabilityName, columnList, count, duration, environmentName, stateName, stepName, touches, wants } from './words.ts';

interface RequestViewProps { readonly request: ApprovalRequest; readonly context: RequestContext | undefined; readonly me: Me; readonly now: number; readonly onBack: () => void }

/** Everything one needs to decide, in the order one asks: who and what, why, the statement, the facts, the policy. */
export function RequestView({ request, context, me, now, onBack }: RequestViewProps): JSX.Element {
  const { binding, facts, requester, agent, preview, redactions } = request;
  const { environment, id: connection } = binding.connection;
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the request replaces the queue: the screen reader and the keyboard must follow.
    if (!matchMedia('(min-width: 800px)').matches) top.current?.focus();
  }, []);
  return (
    <article class="request" ref={top} tabIndex={-1} data-testid="request-view">
      <button type="button" class="quiet back phone-only" onClick={onBack}><Icon name="back" />Requests</button>
      <header class={`headline env-${environment}`}>
        <p class="headline-tags">
          <span class={`pill env-${environment}`}>{environmentName[environment]}</span>
          <span class="tag">{capabilityName[binding.capability]}</span>
          {request.state !== 'pending' && <span class={`state state-${request.state}`} data-testid="state">{stateName(request.state)}</span>}
          <span class="muted"><Icon name="clock" /> asked {ago(request.createdAt, now)}{request.state === 'pending' && <>, {request.expiresAt > now ? `expires in ${age(now, request.expiresAt)}` : 'expiring'}</>}</span>
          <a class="elsewhere wide-only" href={`vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`}>Open in VS Code</a>
        </p>
        <h1>{requester.id === me.id ? 'You' : requester.name} {requester.id === me.id ? wants(request).replace('wants', 'want') : wants(request)} <span class="connection">{connection}</span></h1>
        <p class="lead">It {touches(request)}{facts.estimatedRows === undefined ? '' : ` (≈ ${count(facts.estimatedRows, 'row')})`}.</p>
        {agent !== undefined && <p class="callout agent"><Icon name="robot" /><span><strong>{agent.name}</strong>{agent.model === undefined ? '' : ` (${agent.model})`} asks on behalf of {requester.name}. The result goes to an AI agent.</span></p>}
      </header>

      {request.breakGlass === true && (
        <div class="callout glass" role="note"><Icon name="warning" /><span><strong>Glass was broken:</strong> it went ahead without waiting for approval.{request.afterReview?.done === undefined ? ' Somebody has to look at it now.' : ` ${request.afterReview.done.by.name} found it ${request.afterReview.done.justified ? 'justified' : 'not justified'}${request.afterReview.done.comment === '' ? '.' : `: ${request.afterReview.done.comment}`}`}</span></div>
      )}

      <section class="reason" aria-label="Reason">
        <blockquote>{request.reason === '' ? <span class="muted">No reason given.</span> : request.reason}</blockquote>
        <p class="muted">{requester.name}{requester.roles.length > 0 && `, ${requester.roles.join(', ')}`}{request.ticket !== undefined && <> · <span class="ticket">{request.ticket}</span></>}{context !== undefined && <> · {historyText(context)}</>}</p>
      </section>

      {facts.opaque.length > 0 && (
        <div class="callout danger" role="note">
          <Icon name="warning" />
          <div><strong>Not everything here could be understood.</strong><ul>{facts.opaque.map((o, i) => <li key={i}>{o.detail === '' ? o.what : o.detail}</li>)}</ul></div>
        </div>
      )}

      <Statement preview={preview} redactions={redactions} sensitive={facts.sensitive} before={context?.lastApproved === undefined ? undefined : { preview: context.lastApproved.preview, by: context.lastApproved.by, when: ago(context.lastApproved.at, now) }} />
      <Facts request={request} />
      <Policy request={request} context={context} />
      {request.plan !== undefined && <details class="card"><summary>Query plan</summary><pre class="plan">{request.plan}</pre></details>}
      {request.decisions.length > 0 && <Timeline decisions={request.decisions} now={now} />}
    </article>
  );
}

function Policy({ request, context }: { readonly request: ApprovalRequest; readonly context: RequestContext | undefined }): JSX.Element {
  const { verdict } = request;
  return (
    <section class="card policy" aria-label="Why it needs approval">
      <h2>Why it needs approval</h2>
      <p>{verdict.why.charAt(0).toUpperCase() + verdict.why.slice(1)}{/[.!?]$/.test(verdict.why) ? '' : '.'}</p>
      <ol class="steps">
        {progressOf(request).map((step, i) => (
          <li key={i} class={step.by.length >= step.count ? 'met' : ''}>
            <span class="step-mark">{step.by.length >= step.count ? <Icon name="check" /> : i + 1}</span>
            <span>{stepName(step)}{step.by.length > 0 && <span class="muted">: {step.by.join(', ')}</span>}{step.by.length < step.count && step.count > 1 && <span class="muted"> ({step.by.length} of {step.count})</span>}</span>
          </li>
        ))}
      </ol>
      <p class="muted fine">{verdict.rules.length > 0 && <>Rules: {verdict.rules.map((rule, i) => <span key={rule}>{i > 0 && ', '}<code>{rule}</code></span>)} · </>}policy {verdict.policyVersion.slice(0, 12)}</p>
      {context !== undefined && context.trace.length > 0 && <Trace trace={context.trace} />}
    </section>
  );
}

/** Every rule of the policy, whether it fired, and its condition. */
function Trace({ trace }: { readonly trace: RequestContext['trace'] }): JSX.Element {
  return (
    <details class="trace">
      <summary>All rules and what they said</summary>
      <ul>
        {trace.map((rule) => (
          <li key={rule.id} class={rule.fired ? 'fired' : ''}>
            <span class="trace-mark">{rule.fired ? <Icon name="check" /> : '–'}</span>
            <div><code>{rule.id}</code> <span class="muted">{rule.fired ? rule.effect : rule.error === undefined ? 'did not apply' : `error: ${rule.error}`}</span><code class="condition">{rule.when}</code></div>
          </li>
        ))}
      </ul>
    </details>
  );
}

function historyText({ history }: RequestContext): string {
  if (history.requests === 0) return 'first request in 90 days';
  const parts = [`${count(history.requests, 'request')} in 90 days`, `${history.approved} approved`, ...(history.denied > 0 ? [`${history.denied} denied`] : [])];
  return parts.join(', ');
}

const verbs: Readonly<Record<Decision['decision'], string>> = { approve: 'approved', deny: 'denied', request_changes: 'asked for changes' };

function Timeline({ decisions, now }: { readonly decisions: readonly Decision[]; readonly now: number }): JSX.Element {
  return (
    <section class="card timeline" aria-label="Decisions">
      <h2>Decisions</h2>
      <ol>
        {decisions.map((d, i) => (
          <li key={i} class={d.decision}>
            <span class="step-mark"><Icon name={d.decision === 'approve' ? 'check' : d.decision === 'deny' ? 'cross' : 'changes'} /></span>
            <div>
              <p><strong>{d.by.name}</strong> {verbs[d.decision]} <time class="muted" dateTime={new Date(d.at).toISOString()} title={new Date(d.at).toLocaleString()}>{ago(d.at, now)}</time></p>
              {limitsText(d) !== '' && <p class="muted">{limitsText(d)}</p>}
              {d.comment !== '' && <p class="comment-text">{d.comment}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function limitsText({ constraints }: Decision): string {
  if (constraints === undefined) return '';
  const parts = [
    ...(constraints.keepMasked !== undefined && constraints.keepMasked.length > 0 ? [`keeps ${columnList(constraints.keepMasked)} masked`] : []),
    ...(constraints.maxRows === undefined ? [] : [`at most ${count(constraints.maxRows, 'row')}`]),
    ...(constraints.durationMs === undefined ? [] : [`for ${duration(constraints.durationMs)}`]),
  ];
  return parts.join(' · ');
}
