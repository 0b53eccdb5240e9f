import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { progressOf, type Standing } from './inbox-state.ts';
import { stateName, stepName } from './words.ts';

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
    <section class="decision closed" aria-label="Decision">
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
          <input name="text" autofocus required={asksAgain} maxLength={2000} aria-label={asksAgain ? 'Reason' : 'Why is it taken back?'} placeholder={asksAgain ? 'Reason, with what was missing' : 'Why? They will read this.'} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button type="submit" class={asksAgain ? 'primary' : 'deny'} data-testid={asksAgain ? 'resubmit' : 'revoke-confirm'} disabled={busy}>{asksAgain ? 'Ask again' : 'Take it back'}</button>
        </form>
      )}
      {!open && asksAgain && <a class="button" href={`vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`}>Change it in VS Code</a>}
      {!open && asksAgain && <button type="button" onClick={() => { setText(request.reason); setOpen(true); }}>Answer and ask again…</button>}
      {!open && may === 'may-revoke' && <button type="button" class="deny" data-testid="revoke" onClick={() => setOpen(true)}>Take it back…</button>}
      {!open && canWithdraw && <button type="button" disabled={busy} onClick={() => { void act(onWithdraw); }}>{request.state === 'approved' ? 'Give it back' : 'Withdraw'}</button>}
    </section>
  );
}

function sentence(request: ApprovalRequest, may: ClosedBarProps['may']): JSX.Element {
  const state = <strong>{stateName(request.state)}.</strong>;
  switch (may) {
    case 'own':
      return request.state === 'pending' ? <><strong>Your own request.</strong> Nobody approves their own; it waits for {waitingFor(request)}.</> : state;
    case 'already':
      return <><strong>You have approved it.</strong> It waits for {waitingFor(request)}.</>;
    case 'not-asked':
      return <>It waits for {waitingFor(request)}. You can read along.</>;
    case 'may-revoke':
      return <>{state} It can be used until {new Date(request.expiresAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}.</>;
    case 'closed':
      return <>{state} {request.state === 'changes_requested' ? 'Waiting for the requester.' : 'There is nothing to decide any more.'}</>;
  }
}

function waitingFor(request: ApprovalRequest): string {
  const step = progressOf(request).find((s) => s.by.length < s.count);
  return step === undefined ? 'a decision' : stepName(step);
}
