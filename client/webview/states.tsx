/** Everything that is not a grid: nothing yet, running, asking, waiting, blocked, failed, cancelled. */
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { rich, t } from './l10n.ts';
import type { Tab } from './messages.ts';
import type { PageStore } from './page-store.ts';

export function EmptyPage() {
  return (
    <div class="state">
      <Icon name="shield" />
      <h2>{t('No results yet')}</h2>
      <p>{rich('Open a {0} file and press {1} on a statement.', <code>.sql</code>, <><kbd>Ctrl</kbd> <kbd>Enter</kbd></>)}<br />{t('The line above it says what will happen.')}</p>
    </div>
  );
}

/** Seconds since `from` (milliseconds since the epoch); ticks only while the page can be seen. */
function useAge(from: number, tickMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) setNow(Date.now()); }, tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return Math.max(0, (now - from) / 1000);
}

export function RunStatePage({ tab, store }: { readonly tab: Tab; readonly store: PageStore }) {
  const { run, runId } = tab;
  const cancel = <button type="button" class="button secondary" onClick={() => store.post({ type: 'cancel', runId })}>{t('Cancel')}</button>;
  const again = (label: string) => <button type="button" class="button" onClick={() => store.post({ type: 'again', runId })}>{label}</button>;
  const statement = <button type="button" class="button secondary" onClick={() => store.post({ type: 'show-statement', runId })}>{t('Show statement')}</button>;
  switch (run.state) {
    case 'running': return <Running tab={tab} cancel={cancel} />;
    case 'needs-approval': return (
      <div class="state"><Icon name="comment-discussion" /><h2>{t('Say what it is for')}</h2><p>{run.verdict.why}</p><p class="quiet">{t('The question is at the top of the window.')}</p>{cancel}</div>
    );
    case 'pending': return <Waiting tab={tab} store={store} />;
    case 'cancelled': return <div class="state" role="status"><Icon name="circle-slash" /><h2>{t('Cancelled')}</h2><div class="buttons">{again(t('Run again'))}{statement}</div></div>;
    case 'failed': return (
      <div class="state failed" role="alert"><Icon name="error" /><h2>{t('The statement failed')}</h2><pre>{run.message}</pre><div class="buttons">{again(t('Run again'))}{statement}</div></div>
    );
    case 'blocked': {
      const { code, message, requestId } = run.blocked;
      return (
        <div class="state blocked" role="alert">
          <Icon name={code === 'denied' || code === 'policy-denies' ? 'circle-slash' : 'lock'} /><h2>{blockedTitle(code)}</h2><p>{message}</p>
          <div class="buttons">
            {code === 'no-backend' || code === 'unauthorized' ? <button type="button" class="button" onClick={() => store.post({ type: 'sign-in' })}>{t('Sign in')}</button>
              : code === 'untrusted-workspace' ? <button type="button" class="button" onClick={() => store.post({ type: 'manage-trust' })}>{t('Manage trust')}</button>
                : code === 'changes-requested' ? <button type="button" class="button" onClick={() => store.post({ type: 'resubmit', requestId: requestId ?? '' })}>{t('Resubmit…')}</button>
                  : code !== 'policy-denies' && code !== 'read-only' && again(code === 'backend-unreachable' ? t('Try again') : t('Ask again'))}
            {code === 'no-backend' && <button type="button" class="button secondary" onClick={() => store.post({ type: 'start-backend' })}>{t('Start embedded backend')}</button>}
            {code === 'statement-changed' && <button type="button" class="button secondary" onClick={() => store.post({ type: 'difference', runId })}>{t('Show difference')}</button>}
            {requestId !== undefined && <button type="button" class="button secondary" onClick={() => store.post({ type: 'open-request', requestId })}>{t('Open request')}</button>}
            {statement}
          </div>
        </div>
      );
    }
    case 'rows': case 'done': return null;
  }
}

function blockedTitle(code: string): string {
  const titles: Readonly<Record<string, string>> = {
    denied: t('Denied'), expired: t('The approval expired'), cancelled: t('The request was cancelled'), 'backend-unreachable': t('The approval backend can\'t be reached'),
    'no-backend': t('This needs approval, and there is no backend to ask'), unauthorized: t('Sign in to ask for approval'), 'untrusted-key': t('The backend\'s key is not the pinned one'),
    'statement-changed': t('The approval was for another statement'), 'untrusted-workspace': t('This workspace is not trusted'), 'read-only': t('The connection is read-only'),
    'policy-denies': t('The policy does not allow this'), 'changes-requested': t('The reviewer asks for changes'), revoked: t('The approval was revoked'), 'grant-used': t('The approval was used already'),
  };
  return titles[code] ?? t('Blocked');
}

function Running({ tab, cancel }: { readonly tab: Tab; readonly cancel: preact.JSX.Element }) {
  const seconds = useAge(tab.startedAt, 200);
  // A quick query must not flash a page that nobody can read.
  if (seconds < 0.4) return <div class="state" role="status" aria-label={t('Running')} />;
  return <div class="state" role="status"><Icon name="loading" spin /><h2>{t('Running on {0}', tab.connection.name)}</h2><p class="quiet numbers">{seconds.toFixed(1)} s</p>{cancel}</div>;
}

function Waiting({ tab, store }: { readonly tab: Tab; readonly store: PageStore }) {
  const seconds = useAge(tab.startedAt, 10_000);
  if (tab.run.state !== 'pending') return null;
  const { request, requestId } = tab.run;
  const need = request.verdict.approvers.map(({ anyOf, count }) => `${count} × ${anyOf.join(' / ')}`).join(`, ${t('then')} `);
  return (
    <div class="state waiting" role="status">
      <Icon name="clock" />
      <h2>{need === '' ? t('Waiting for approval') : t('Waiting for {0}', need)}</h2>
      <p>{request.verdict.why}</p>
      <dl>
        <dt>{t('Reason')}</dt><dd>{request.reason === '' ? t('none given') : request.reason}</dd>
        <dt>{t('Asked')}</dt><dd>{seconds < 60 ? t('just now') : t('{0} min ago', Math.floor(seconds / 60))}</dd>
      </dl>
      <p class="quiet">{t('Go on with other work: the grid fills by itself.')}</p>
      <div class="buttons">
        <button type="button" class="button secondary" onClick={() => store.post({ type: 'open-request', requestId })}>{t('Open request')}</button>
        <button type="button" class="button secondary" onClick={() => store.post({ type: 'cancel', runId: tab.runId })}>{t('Cancel')}</button>
      </div>
    </div>
  );
}

/** A reveal or export of the shown result, above the grid, which stays usable. */
export function SideNote({ side, store }: { readonly side: Tab['side'][number]; readonly store: PageStore }) {
  const { run, capability, runId } = side;
  const words = capability === 'reveal'
    ? { running: t('Reveal under way'), pending: t('Reveal waits for approval:'), blocked: t('Reveal blocked:'), failed: t('Reveal failed:') }
    : { running: t('Export under way'), pending: t('Export waits for approval:'), blocked: t('Export blocked:'), failed: t('Export failed:') };
  const cancel = <button type="button" class="link" onClick={() => store.post({ type: 'cancel', runId })}>{t('Cancel')}</button>;
  switch (run.state) {
    case 'needs-approval': case 'done': case 'cancelled': return null;
    case 'running': case 'rows': return <div class="note" role="status"><Icon name="loading" spin />{words.running} {cancel}</div>;
    case 'pending': return <div class="note" role="status"><Icon name="clock" />{words.pending} {run.request.verdict.why} {cancel}</div>;
    case 'blocked': {
      const { requestId, code } = run.blocked;
      return <div class="note warning" role="alert"><Icon name="lock" />{words.blocked} {run.blocked.message} {code === 'changes-requested' && requestId !== undefined
      ? <button type="button" class="link" onClick={() => store.post({ type: 'resubmit', requestId })}>{t('Resubmit…')}</button>
        : <button type="button" class="link" onClick={() => store.post({ type: 'again', runId })}>{t('Ask again')}</button>}<Dismiss runId={runId} store={store} /></div>;
    }
    case 'failed': return <div class="note error" role="alert"><Icon name="error" />{words.failed} {run.message}<Dismiss runId={runId} store={store} /></div>;
  }
}

function Dismiss({ runId, store }: { readonly runId: string; readonly store: PageStore }) {
  return <button type="button" class="icon" aria-label={t('Dismiss')} onClick={() => store.post({ type: 'close', runId })}><Icon name="close" /></button>;
}
