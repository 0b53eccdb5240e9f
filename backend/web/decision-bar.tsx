import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';
import type { Me, Deciding } from './api.ts';
import { ClosedBar } from './closed-bar.tsx';
import { Icon } from './icons.tsx';
import { standing } from './inbox-state.ts';
import { Limits } from './limits.tsx';
import { t } from './text/text.ts';

export type DecisionMode = 'idle' | 'approve' | 'limits' | 'changes' | 'deny';

interface DecisionBarProps {
  readonly request: ApprovalRequest;
  readonly me: Me;
  readonly mode: DecisionMode;
  readonly onMode: (mode: DecisionMode) => void;
  /** Other waiting requests for the very same thing, that one decision may settle as well. */
  readonly identical: readonly string[];
  /** Gives the reason when it did not work. `also`: the identical ones, when they were ticked. */
  readonly onDecide: (decision: Deciding, also: readonly string[]) => Promise<string | undefined>;
  readonly onAfterReview: (justified: boolean, comment: string) => Promise<string | undefined>;
  readonly onWithdraw: () => Promise<string | undefined>;
  readonly onRevoke: (comment: string) => Promise<string | undefined>;
  readonly onResubmit: (reason: string) => Promise<string | undefined>;
}

/** Where it is decided. A click decides; a key only gets it ready, and Enter decides. */
export function DecisionBar({ request, me, mode, identical, onMode, onDecide, onAfterReview, onWithdraw, onRevoke, onResubmit }: DecisionBarProps): JSX.Element {
  const [comment, setComment] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [bulk, setBulk] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const approve = useRef<HTMLButtonElement>(null);
  const bar = useRef<HTMLElement>(null);
  const problemId = useId();
  const limitsId = useId();
  const may = standing(request, me);

  // Before the next key arrives: a letter typed right after the shortcut belongs into the comment.
  useLayoutEffect(() => {
    if (mode === 'approve') approve.current?.focus();
    if (mode === 'changes' || mode === 'deny') field.current?.focus();
  }, [mode]);

  async function act(work: () => Promise<string | undefined>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(await work());
    setBusy(false);
  }
  function decide(decision: Deciding['decision'], constraints?: Constraints): void {
    const text = comment.trim();
    if (decision !== 'approve' && text === '') {
      setProblem(decision === 'deny' ? t.decision.needsWhy : t.decision.needsChange);
      onMode(decision === 'deny' ? 'deny' : 'changes');
      field.current?.focus();
      return;
    }
    void act(() => onDecide({ decision, comment: text, ...(constraints === undefined ? {} : { constraints }) }, bulk ? identical : []));
  }
  function lookedAt(justified: boolean): void {
    if (comment.trim() !== '') void act(() => onAfterReview(justified, comment.trim()));
    else {
      setProblem(t.decision.needsFound);
      field.current?.focus();
    }
  }
  function keys(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      setProblem(undefined);
      onMode('idle');
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target === field.current) {
      if (mode === 'deny') decide('deny');
      else if (mode === 'changes') decide('request_changes');
      else if (mode === 'approve') decide('approve');
    }
  }

  const latestKeys = useRef(keys);
  latestKeys.current = keys;
  useEffect(() => {
    const element = bar.current;
    const press = (event: KeyboardEvent): void => latestKeys.current(event);
    element?.addEventListener('keydown', press);
    return () => element?.removeEventListener('keydown', press);
  }, [may]);

  if (may !== 'may-decide' && may !== 'after-review') return <ClosedBar request={request} may={may} onWithdraw={onWithdraw} onRevoke={onRevoke} onResubmit={onResubmit} />;
  return (
    <section ref={bar} class={`decision mode-${mode}`} aria-label={t.decision.label}>
      {may === 'after-review' && <p class="ask-look"><strong>{t.decision.justifiedQuestion}</strong> <span class="muted">{t.decision.recorded}</span></p>}
      {mode === 'limits' && <Limits id={limitsId} request={request} onApprove={(constraints) => decide('approve', constraints)} onProblem={setProblem} />}
      <textarea
        ref={field} data-testid="comment" name="comment" rows={1} aria-label={may === 'after-review' ? t.decision.foundLabel : t.decision.commentLabel} required={may === 'after-review'} maxLength={2000} value={comment}
        placeholder={may === 'after-review' ? t.decision.found : mode === 'deny' ? t.decision.whyNot : mode === 'changes' ? t.decision.whatChange : t.decision.comment} dir="auto"
        aria-invalid={problem !== undefined} aria-describedby={problemId}
        onInput={(event) => { setComment(event.currentTarget.value); setProblem(undefined); }}
      />
      <p id={problemId} class={problem === undefined ? 'hint' : 'hint problem'} role={problem === undefined ? undefined : 'alert'}>{problem ?? hint(mode)}</p>
      {identical.length > 0 && may === 'may-decide' && (
        <label class="bulk"><input type="checkbox" data-testid="bulk" checked={bulk} onChange={(event) => setBulk(event.currentTarget.checked)} />{identical.length === 1 ? t.decision.alsoOne : t.decision.also(identical.length)}</label>
      )}
      {may === 'after-review' ? (
        <div class="decision-buttons pair">
          <button type="button" class="approve" data-testid="justified" disabled={busy} onClick={() => lookedAt(true)}><Icon name="check" />{t.decision.justified}</button>
          <button type="button" class="deny" data-testid="not-justified" disabled={busy} onClick={() => lookedAt(false)}><Icon name="cross" />{t.decision.notJustified}</button>
        </div>
      ) : mode === 'limits'
        ? (
          <div class="decision-buttons">
            <button type="submit" form={limitsId} class="approve" data-testid="limits-confirm" disabled={busy}><Icon name="check" />{t.decision.confirmLimits}</button>
            <button type="button" class="quiet" onClick={() => { setProblem(undefined); onMode('idle'); }}>{t.decision.back}</button>
          </div>
        )
        : (
          <div class="decision-buttons">
            <button ref={approve} type="button" class="approve" data-testid="approve" aria-keyshortcuts="a" disabled={busy} onClick={() => decide('approve')}><Icon name="check" />{t.decision.approve}<kbd>a</kbd></button>
            <button type="button" data-testid="approve-with-limits" aria-keyshortcuts="l" disabled={busy} onClick={() => onMode('limits')}><Icon name="limits" /><span class="wide-only">{t.decision.approveWithLimits}</span><span class="phone-only">{t.decision.limitsShort}</span><kbd>l</kbd></button>
            <span class="gap" />
            <button type="button" data-testid="request-changes" aria-keyshortcuts="c" disabled={busy} onClick={() => decide('request_changes')}><Icon name="changes" /><span class="wide-only">{t.decision.changes}</span><span class="phone-only">{t.decision.changesShort}</span><kbd>c</kbd></button>
            <button type="button" class="deny" data-testid="deny" aria-keyshortcuts="d" disabled={busy} onClick={() => decide('deny')}><Icon name="cross" />{t.decision.deny}<kbd>d</kbd></button>
          </div>
        )}
    </section>
  );
}

function hint(mode: DecisionMode): string {
  if (mode === 'approve') return t.decision.hintApprove;
  if (mode === 'deny') return t.decision.hintDeny;
  if (mode === 'changes') return t.decision.hintChanges;
  return '';
}
