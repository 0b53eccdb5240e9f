import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { progressOf, type Standing } from './inbox-state.ts';
import { t } from './text/text.ts';
import { stepName } from './words.ts';

/** Gives the reason when it did not work. */
type Act = () => Promise<string | undefined>;

interface ClosedBarProps {
  readonly request: ApprovalRequest;
  readonly may: Exclude<Standing, 'may-decide' | 'after-review'>;
  readonly onWithdraw: Act;
  readonly onRevoke: (comment: string) => Promise<string | undefined>;
  readonly onResubmit: (reason: string) => Promise<string | undefined>;
}

/** Where there is nothing for the reader to decide: why not, and what they can still do. */
export function ClosedBar({ request, may, onWithdraw, onRevoke, onResubmit }: ClosedBarProps): JSX.Element {
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  async function act(work: Act): Promise<void> {
    setBusy(true);
    setProblem(await work());
    setBusy(false);
    setOpen(false);
  }
  const asksAgain = may === 'own' && request.state === 'changes_requested';
  const canWithdraw = may === 'own' && (request.state === 'pending' || request.state === 'changes_requested' || request.state === 'approved');
  return (
    <section class="decision closed" aria-label={t.decision.label}>
      <p>{sentence(request, may)}</p>
      {problem !== undefined && <p class="problem" role="alert">{problem}</p>}
      {open && (
        <form
          class="closed-form"
          onSubmit={(event) => {
            event.preventDefault();
            void act(() => (asksAgain ? onResubmit(text.trim()) : onRevoke(text.trim())));
          }}
        >
          <input name="text" autofocus required={asksAgain} maxLength={2000} aria-label={asksAgain ? t.closed.reason : t.closed.whyBack} placeholder={asksAgain ? t.closed.reasonHint : t.closed.whyHint} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button type="submit" class={asksAgain ? 'primary' : 'deny'} data-testid={asksAgain ? 'resubmit' : 'revoke-confirm'} disabled={busy}>{asksAgain ? t.closed.askAgain : t.closed.takeBack}</button>
        </form>
      )}
      {!open && asksAgain && <a class="button" href={`vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`}>{t.closed.inEditor}</a>}
      {!open && asksAgain && <button type="button" onClick={() => { setText(request.reason); setOpen(true); }}>{t.closed.answerOpen}</button>}
      {!open && may === 'may-revoke' && <button type="button" class="deny" data-testid="revoke" onClick={() => setOpen(true)}>{t.closed.takeBackOpen}</button>}
      {!open && canWithdraw && <button type="button" disabled={busy} onClick={() => { void act(onWithdraw); }}>{request.state === 'approved' ? t.closed.giveBack : t.closed.withdraw}</button>}
    </section>
  );
}

function sentence(request: ApprovalRequest, may: ClosedBarProps['may']): JSX.Element {
  const state = <strong>{t.state[request.state]}.</strong>;
  switch (may) {
    case 'own':
      return request.state === 'pending' ? <><strong>{t.closed.own}</strong>{t.closed.ownWaits(waitingFor(request))}</> : state;
    case 'already':
      return <><strong>{t.closed.already}</strong>{t.closed.waits(waitingFor(request))}</>;
    case 'not-asked':
      return <>{t.closed.readAlong(waitingFor(request))}</>;
    case 'may-revoke':
      return <>{state}{t.closed.usableUntil(new Date(request.expiresAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }))}</>;
    case 'closed':
      return <>{state}{request.state === 'changes_requested' ? t.closed.waitsForRequester : t.closed.nothing}</>;
  }
}

function waitingFor(request: ApprovalRequest): string {
  const step = progressOf(request).find((s) => s.by.length < s.count);
  return step === undefined ? t.closed.aDecision : stepName(step);
}
