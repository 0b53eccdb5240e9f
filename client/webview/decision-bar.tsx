/** Where it is decided, always in view. A button decides; the inbox's keys get a decision ready, so that a reviewer learns them once. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';
import { durationText } from './request-facts.tsx';
import type { FromReview, ToReview } from './review-messages.ts';

type Decision = 'approve' | 'deny' | 'request_changes';
interface Props { readonly message: ToReview; post(message: FromReview): void }

export function DecisionBar({ message: { request, context, problem }, post }: Props) {
  const [comment, setComment] = useState('');
  const [limits, setLimits] = useState(false);
  const [constraints, setConstraints] = useState<Constraints>({});
  const [bulk, setBulk] = useState(false);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const approve = useRef<HTMLButtonElement>(null);
  const identical = context?.identical ?? [];

  const decide = (decision: Decision): void => {
    if (decision !== 'approve' && comment.trim() === '') { setMissing(true); field.current?.focus(); return; }
    const narrowed = decision === 'approve' && limits && Object.keys(constraints).length > 0;
    post({ type: 'decide', decision, comment: comment.trim(), also: bulk ? identical : [], ...(narrowed ? { constraints } : {}) });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof HTMLElement && /INPUT|TEXTAREA|SELECT/.test(event.target.tagName))) return;
      const needComment = (): void => { setMissing(true); field.current?.focus(); };
      const keys: Readonly<Record<string, () => void>> = { a: () => approve.current?.focus(), l: () => setLimits(!limits), c: needComment, d: needComment };
      const act = keys[event.key];
      if (act !== undefined) { event.preventDefault(); act(); }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <div class="bar" role="group" aria-label={t('Decision')}>
      {problem !== undefined && <p class="problem" role="alert"><Icon name="error" /> {problem}</p>}
      {limits && <Limits request={request} change={setConstraints} />}
      {identical.length > 0 && <label class="bulk"><input type="checkbox" checked={bulk} onChange={() => setBulk(!bulk)} /> {counted(identical.length, 'also decide {0} identical request', 'also decide {0} identical requests')}</label>}
      <textarea ref={field} rows={1} value={comment} placeholder={missing ? t('Say why: the requester reads it') : t('Comment')} aria-label={t('Comment')} aria-invalid={missing && comment.trim() === ''}
        onInput={(event) => setComment(event.currentTarget.value)} />
      <button type="button" class="button" ref={approve} aria-keyshortcuts="a" title={t('Approve ({0})', 'A')} onClick={() => decide('approve')}><Icon name="check" />{limits ? t('Approve with limits') : t('Approve')}</button>
      <button type="button" class="button secondary" aria-keyshortcuts="l" aria-expanded={limits} onClick={() => setLimits(!limits)}>{t('Limits…')}</button>
      <button type="button" class="button secondary" aria-keyshortcuts="c" onClick={() => decide('request_changes')}>{t('Ask for changes')}</button>
      <button type="button" class="button secondary danger" aria-keyshortcuts="d" onClick={() => decide('deny')}>{t('Deny')}</button>
    </div>
  );
}

function Limits({ request, change }: { readonly request: ApprovalRequest; change(constraints: Constraints): void }) {
  const { scope, facts } = request;
  const columns = scope.columns.length > 0 ? scope.columns : facts.sensitive.map(({ schema, table, column }) => ({ ...(schema === undefined ? {} : { schema }), table, column, access: 'read' as const }));
  const name = ({ table, column }: { readonly table: string; readonly column: string }): string => `${table}.${column}`;
  const unique = [...new Map(columns.map((column) => [name(column), column])).values()];
  const lengths = [...new Set([...[5, 15, 60, 240].map((minutes) => minutes * 60_000).filter((one) => one < scope.durationMs), scope.durationMs])];
  const [keep, setKeep] = useState<ReadonlySet<string>>(new Set());
  const [maxRows, setMaxRows] = useState(scope.maxRows === undefined ? '' : String(scope.maxRows));
  const [durationMs, setDuration] = useState(scope.durationMs);
  useEffect(() => change({
    ...(keep.size === 0 ? {} : { keepMasked: unique.filter((column) => keep.has(name(column))) }),
    ...(/^[1-9]\d*$/.test(maxRows) && Number(maxRows) !== scope.maxRows ? { maxRows: Number(maxRows) } : {}),
    ...(durationMs === scope.durationMs ? {} : { durationMs }),
  }), [keep, maxRows, durationMs]);
  return (
    <fieldset>
      <legend>{t('Limits')}</legend>
      {unique.map((column) => (
        <label key={name(column)}><input type="checkbox" checked={keep.has(name(column))} onChange={() => setKeep(toggled(keep, name(column)))} /> {t('keep {0} masked', name(column))}</label>
      ))}
      <label>{t('at most, rows')} <input type="text" inputMode="numeric" size={8} value={maxRows} aria-invalid={maxRows !== '' && !/^[1-9]\d*$/.test(maxRows)} onInput={(event) => setMaxRows(event.currentTarget.value.trim())} /></label>
      <label>{t('for at most')} <select value={durationMs} onChange={(event) => setDuration(Number(event.currentTarget.value))}>{lengths.map((one) => <option key={one} value={one}>{durationText(one)}</option>)}</select></label>
    </fieldset>
  );
}

/** The look at broken glass: it was used already, what remains is to say whether that was right. */
export function AfterReviewBar({ message: { problem }, post }: Props) {
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const say = (justified: boolean): void => {
    if (comment.trim() === '') { setMissing(true); return; }
    post({ type: 'after-review', justified, comment: comment.trim() });
  };
  return (
    <div class="bar" role="group" aria-label={t('After-review')}>
      {problem !== undefined && <p class="problem" role="alert"><Icon name="error" /> {problem}</p>}
      <textarea rows={1} value={comment} placeholder={missing ? t('Say what you found: it is kept') : t('What did you find?')} aria-label={t('Comment')} aria-invalid={missing && comment.trim() === ''} onInput={(event) => setComment(event.currentTarget.value)} />
      <button type="button" class="button" onClick={() => say(true)}><Icon name="check" />{t('It was justified')}</button>
      <button type="button" class="button secondary danger" onClick={() => say(false)}>{t('It was not justified')}</button>
    </div>
  );
}

/** What can still be done where there is nothing to decide. */
export function ClosedBar({ message: { request, role, problem }, post }: Props) {
  const [revoking, setRevoking] = useState<string | undefined>();
  const own = role === 'requester';
  const { state } = request;
  const line = own && state === 'pending' ? t('You made this request: somebody else decides.')
    : own && state === 'changes_requested' ? t('Change the statement in its file, then send it again: it stays the same request.')
      : !own && state === 'changes_requested' ? t('Waiting for the requester.') : t('There is nothing to decide any more.');
  return (
    <div class="bar" role="group" aria-label={t('Decision')}>
      {problem !== undefined && <p class="problem" role="alert"><Icon name="error" /> {problem}</p>}
      {revoking === undefined ? <span class="quiet">{line}</span> : (
        <textarea rows={1} value={revoking} placeholder={t('Why? They will read this.')} aria-label={t('Comment')} ref={(element) => element?.focus()} onInput={(event) => setRevoking(event.currentTarget.value)} />
      )}
      {own && state === 'changes_requested' && <button type="button" class="button" onClick={() => post({ type: 'resubmit' })}><Icon name="send" />{t('Resubmit…')}</button>}
      {own && ['pending', 'changes_requested', 'approved'].includes(state) && <button type="button" class="button secondary" onClick={() => post({ type: 'cancel' })}>{state === 'approved' ? t('Give it back') : t('Withdraw')}</button>}
      {!own && state === 'approved' && (revoking === undefined
        ? <button type="button" class="button secondary danger" onClick={() => setRevoking('')}>{t('Take it back…')}</button>
        : <button type="button" class="button secondary danger" onClick={() => post({ type: 'revoke', comment: revoking.trim() })}>{t('Take it back')}</button>)}
    </div>
  );
}

function toggled(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}
