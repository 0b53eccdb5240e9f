/** One request in full. Order of a reviewer's questions: who and what, why, the statement, facts, policy, plan, history; the decision stays in view. */
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { AfterReviewBar, ClosedBar, DecisionBar } from './decision-bar.tsx';
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';
import { Facts, historyText, Policy, Sample, Timeline } from './request-facts.tsx';
import type { FromReview, ToReview } from './review-messages.ts';
import { Remarks, StatementView } from './statement-view.tsx';

interface Props { readonly message: ToReview; post(message: FromReview): void }

export function ReviewPage({ message, post }: Props) {
  const { request, role, gone, context } = message;
  const { environment, id, databaseUser } = request.binding.connection;
  const props = { request, comment: (comment: Extract<FromReview, { type: 'comment' }>['comment']) => post({ type: 'comment', comment }) };
  return (
    <main class={`review env-${environment}`}>
      <header>
        <p class="where"><span class="dot" aria-hidden="true" /><strong>{environment}</strong><span>{databaseUser === '' ? id : t('{0} as {1}', id, databaseUser)}</span><span class="quiet">{new Date(request.createdAt).toLocaleString()}</span></p>
        <h1><b>{request.requester.name}</b> {verb(request)} <span>{request.verdict.why}</span></h1>
        <State message={message} />
      </header>
      {request.breakGlass === true && request.afterReview !== undefined && <GlassNote request={request} />}
      {request.agent !== undefined && <p class="callout"><Icon name="robot" /><span>{t('{0} asks on behalf of {1}. The result goes to an AI agent.', request.agent.model === undefined ? request.agent.name : `${request.agent.name} (${request.agent.model})`, request.requester.name)}</span></p>}
      <section aria-label={t('Reason')} class="reason">
        <Icon name="quote" />
        <div>
          <p>{request.reason === '' ? <span class="quiet">{t('No reason given.')}</span> : request.reason}{request.ticket !== undefined && <span class="badge">{request.ticket}</span>}</p>
          <p class="quiet">{[request.requester.roles.join(', '), context === undefined ? '' : historyText(context)].filter((part) => part !== '').join(' · ')}</p>
        </div>
      </section>
      <section>
        <div class="heading"><h2>{t('Statement')}</h2><Comparisons message={message} post={post} /></div>
        {request.erasedAt === undefined ? <StatementView {...props} /> : <p class="quiet">{t('Erased on {0}: the time to keep it is over.', new Date(request.erasedAt).toLocaleDateString())}</p>}
        {request.redactions > 0 && <p class="quiet">{counted(request.redactions, '{0} personal value in it is masked.', '{0} personal values in it are masked.')}</p>}
        <Remarks {...props} />
      </section>
      <Facts request={request} />
      <Policy request={request} context={context} />
      <Sample request={request} />
      {request.plan !== undefined && <section><h2>{t('Plan')}</h2><pre class="plan" tabIndex={0}>{request.plan}</pre></section>}
      <Timeline decisions={request.decisions} />
      {!gone && (role === 'reviewer' ? <DecisionBar key={request.id} message={message} post={post} />
        : role === 'after-reviewer' ? <AfterReviewBar message={message} post={post} /> : <ClosedBar message={message} post={post} />)}
    </main>
  );
}

function Comparisons({ message: { request, context }, post }: Props) {
  const before = context?.lastApproved;
  const earlier = request.revisions?.at(-1);
  return (
    <span class="comparisons">
      {before !== undefined && before.preview === request.preview && <span class="same"><Icon name="check" /> {t('as approved by {0} before', before.by)}</span>}
      {before !== undefined && before.preview !== request.preview && <button type="button" class="link" onClick={() => post({ type: 'compare', with: 'approved' })}><Icon name="diff" /> {t('Compare with the last approved one')}</button>}
      {earlier !== undefined && earlier.preview !== request.preview && <button type="button" class="link" onClick={() => post({ type: 'compare', with: 'before' })}><Icon name="diff" /> {t('Show what was changed')}</button>}
    </span>
  );
}

function GlassNote({ request: { afterReview } }: { readonly request: ApprovalRequest }) {
  const done = afterReview?.done;
  return (
    <p class="callout glass" role="note"><Icon name="warning" /><span><strong>{t('Glass was broken:')}</strong> {t('it went ahead without waiting for approval.')} {done === undefined
      ? t('{0} must look at it afterwards.', afterReview?.anyOf.join(' / ') ?? '')
      : `${done.justified ? t('{0} found it justified.', done.by.name) : t('{0} found it not justified.', done.by.name)} ${done.comment}`}</span></p>
  );
}

function verb({ binding: { capability }, breakGlass, afterReview }: ApprovalRequest): string {
  if (breakGlass === true && afterReview !== undefined) return t('went ahead without approval:');
  return { run: t('wants to run a statement:'), reveal: t('wants to reveal:'), export: t('wants to export:') }[capability];
}

function State({ message: { request, gone, decided } }: { readonly message: ToReview }) {
  const words: Readonly<Record<ApprovalRequest['state'], string>> = {
    pending: t('Waiting for a decision'), changes_requested: t('Changes requested'), approved: t('Approved'), denied: t('Denied'), cancelled: t('Withdrawn'),
    expired: t('Expired'), consumed: t('Approved and used'), revoked: t('Revoked'),
  };
  const yours = { approve: t('You approved it'), deny: t('You denied it'), request_changes: t('You asked for changes') };
  const glass = request.breakGlass === true && request.afterReview !== undefined;
  const said = glass ? request.afterReview?.done === undefined ? t('Nobody has looked at it yet') : t('Looked at') : decided !== undefined ? yours[decided] : gone && request.state === 'pending' ? t('Decided') : words[request.state];
  const icon = glass ? request.afterReview?.done === undefined ? 'flame' : 'pass' : decided === 'deny' || request.state === 'denied' ? 'error' : request.state === 'changes_requested' || decided === 'request_changes' ? 'request-changes'
    : request.state === 'pending' && decided === undefined ? 'clock' : ['cancelled', 'revoked', 'expired'].includes(request.state) ? 'circle-slash' : 'pass';
  return <p class={`status ${request.state}`} role="status"><Icon name={icon} /> {said}</p>;
}
