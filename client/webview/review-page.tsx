/** One request in full. Order of a reviewer's questions: who and what, the statement, facts, reason, history; the decision stays in view. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';
import type { FromReview, ToReview } from './review-messages.ts';
import { Sql } from './sql-view.tsx';

interface Props { readonly message: ToReview; post(message: FromReview): void }

export function ReviewPage({ message: { request, role, over, decided }, post }: Props) {
  const { environment, id, databaseUser } = request.binding.connection;
  const columns = request.facts.sensitive;
  return (
    <main class={`review env-${environment}`}>
      <header>
        <p class="where"><span class="dot" aria-hidden="true" /><strong>{environment}</strong><span>{id}{databaseUser === '' ? '' : ` as ${databaseUser}`}</span><span class="quiet">{new Date(request.createdAt).toLocaleString()}</span></p>
        <h1><b>{request.requester.name}</b> {verb(request)} <span>{request.verdict.why}</span></h1>
        <State request={request} over={over} decided={decided} />
      </header>
      <section aria-label="Reason" class="reason">
        <span class="codicon codicon-quote" aria-hidden="true" />
        <p>{request.reason === '' ? <span class="quiet">No reason given.</span> : request.reason}{request.ticket !== undefined && <span class="badge">{request.ticket}</span>}</p>
      </section>
      <section>
        <h2>Statement</h2>
        <Sql text={request.preview} sensitive={new Set(columns.map(({ column }) => column.toLowerCase()))} />
        {request.redactions > 0 && <p class="quiet">{request.redactions === 1 ? '1 personal value in it is masked.' : `${request.redactions} personal values in it are masked.`}</p>}
      </section>
      <div class="columns">
        <section>
          <h2>Sensitive columns</h2>
          {columns.length === 0 ? <p class="quiet">None known.</p> : (
            <table><tbody>{columns.map(({ table, column, category, use }) => (
              <tr key={`${table}.${column}.${use}`}><td><code>{table}.{column}</code></td><td>{category}</td><td class="quiet">{useWords[use]}</td></tr>
            ))}</tbody></table>
          )}
          {request.facts.opaque.map(({ what, detail }) => <p key={detail} class="opaque"><span class="codicon codicon-question" aria-hidden="true" /> {detail} <span class="quiet">({what}: not understood, so treated as sensitive)</span></p>)}
        </section>
        <section>
          <h2>Asked for</h2>
          <dl>
            <dt>Right</dt><dd>{rights[request.binding.capability]}</dd>
            <dt>Destination</dt><dd>{request.scope.destination.kind}{request.scope.destination.format === undefined ? '' : ` (${request.scope.destination.format})`}</dd>
            <dt>Use</dt><dd>{request.scope.use === 'once' ? 'once' : `any number of times for ${minutes(request.scope.durationMs)}`}</dd>
            <dt>Rows</dt><dd>{rows(request)}</dd>
            <dt>In clear</dt><dd>{request.scope.columns.length === 0 ? 'nothing: all masked' : request.scope.columns.map(({ table, column }) => `${table}.${column}`).join(', ')}</dd>
            <dt>Needs</dt><dd>{request.verdict.approvers.map(({ anyOf, count }) => `${count} × ${anyOf.join(' / ')}`).join(', then ') || 'nobody'}</dd>
            {request.agent !== undefined && <><dt>Agent</dt><dd>{request.agent.name}{request.agent.model === undefined ? '' : ` (${request.agent.model})`}</dd></>}
            <dt>Policy</dt><dd>{request.verdict.rules.join(', ')} <span class="quiet" title={request.verdict.policyVersion}>{request.verdict.policyVersion.slice(0, 8)}</span></dd>
          </dl>
        </section>
      </div>
      {request.plan !== undefined && <section><h2>Plan</h2><pre class="sql">{request.plan}</pre></section>}
      {request.decisions.length > 0 && (
        <section><h2>History</h2><ol class="history">{request.decisions.map(({ by, decision, comment, at }) => (
          <li key={at}><b>{by.name}</b> {decisionWords[decision]} <span class="quiet">{new Date(at).toLocaleString()}</span>{comment !== '' && <p>{comment}</p>}</li>
        ))}</ol></section>
      )}
      {!over && role === 'reviewer' && <DecisionBar request={request} post={post} />}
      {!over && role === 'requester' && <div class="bar"><span class="quiet">You made this request: somebody else decides.</span><button type="button" class="button secondary" onClick={() => post({ type: 'cancel' })}>Cancel request</button></div>}
    </main>
  );
}

const useWords = { output: 'reaches the result', filter: 'shapes the result', write: 'is written' } as const;
const rights = { run: 'run, result masked', reveal: 'reveal', export: 'export' } as const;
const decisionWords = { approve: 'approved', deny: 'denied', request_changes: 'asked for changes' } as const;
const stateWords: Readonly<Record<ApprovalRequest['state'], string>> = {
  pending: 'Waiting for a decision', changes_requested: 'Changes requested', approved: 'Approved', denied: 'Denied', cancelled: 'Cancelled', expired: 'Expired', consumed: 'Approved and used', revoked: 'Revoked',
};

const verb = ({ binding: { capability }, agent }: ApprovalRequest): string =>
  `${agent === undefined ? '' : `(through ${agent.name}) `}${{ run: 'wants to run a statement:', reveal: 'wants to reveal:', export: 'wants to export:' }[capability]}`;

function State({ request, over, decided }: { readonly request: ApprovalRequest; readonly over: boolean; readonly decided: ToReview['decided'] }) {
  const words = decided !== undefined ? `You ${decisionWords[decided]}` : over && request.state === 'pending' ? 'Decided' : stateWords[request.state];
  return <p class={`status ${request.state}`} role="status"><span class={`codicon codicon-${request.state === 'pending' && !over ? 'clock' : request.state === 'denied' || decided === 'deny' ? 'error' : 'pass'}`} aria-hidden="true" /> {words}</p>;
}

function rows({ scope, facts }: ApprovalRequest): string {
  const about = facts.estimatedRows === undefined ? 'unknown' : `about ${facts.estimatedRows.toLocaleString()}`;
  return scope.maxRows === undefined ? about : `${about}, at most ${scope.maxRows.toLocaleString()}`;
}

const minutes = (milliseconds: number): string => milliseconds < 3_600_000 ? `${Math.round(milliseconds / 60_000)} min` : `${Math.round(milliseconds / 360_000) / 10} h`;

function DecisionBar({ request, post }: { readonly request: ApprovalRequest; post(message: FromReview): void }) {
  const [comment, setComment] = useState('');
  const [limits, setLimits] = useState(false);
  const [keep, setKeep] = useState<ReadonlySet<string>>(new Set());
  const [maxRows, setMaxRows] = useState(request.scope.maxRows === undefined ? '' : String(request.scope.maxRows));
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const columns = request.scope.columns.length > 0 ? request.scope.columns : request.facts.sensitive.map(({ table, column }) => ({ table, column, access: 'read' as const }));
  const name = ({ table, column }: { readonly table: string; readonly column: string }): string => `${table}.${column}`;

  const decide = (decision: 'approve' | 'deny' | 'request_changes'): void => {
    if (decision !== 'approve' && comment.trim() === '') { setMissing(true); field.current?.focus(); return; }
    const constraints: Constraints = {
      ...(keep.size === 0 ? {} : { keepMasked: columns.filter((column) => keep.has(name(column))) }),
      ...(/^[1-9]\d*$/.test(maxRows) && Number(maxRows) !== request.scope.maxRows ? { maxRows: Number(maxRows) } : {}),
    };
    post({ type: 'decide', decision, comment: comment.trim(), ...(decision === 'approve' && limits && Object.keys(constraints).length > 0 ? { constraints } : {}) });
  };
  // The inbox's keys, so that a reviewer learns them once.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof HTMLElement && /INPUT|TEXTAREA/.test(event.target.tagName))) return;
      const keys: Readonly<Record<string, () => void>> = { a: () => decide('approve'), l: () => setLimits(true), c: () => decide('request_changes'), d: () => decide('deny') };
      const act = keys[event.key];
      if (act !== undefined) { event.preventDefault(); act(); }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <div class="bar" role="group" aria-label="Decision">
      {limits && (
        <fieldset>
          <legend>Limits</legend>
          {columns.map((column) => (
            <label key={name(column)}><input type="checkbox" checked={keep.has(name(column))} onChange={() => setKeep(toggled(keep, name(column)))} /> keep <code>{name(column)}</code> masked</label>
          ))}
          <label>at most <input type="text" inputMode="numeric" size={8} value={maxRows} onInput={(event) => setMaxRows(event.currentTarget.value.trim())} /> rows</label>
        </fieldset>
      )}
      <textarea ref={field} rows={1} value={comment} placeholder={missing ? 'Say why: the requester reads it' : 'Comment'} aria-label="Comment" aria-invalid={missing && comment.trim() === ''}
        onInput={(event) => setComment(event.currentTarget.value)} />
      <div class="buttons">
        <button type="button" class="button" title="a" onClick={() => decide('approve')}>{limits ? 'Approve with these limits' : 'Approve'}</button>
        {!limits && <button type="button" class="button secondary" title="l" onClick={() => setLimits(true)}>Approve with limits…</button>}
        <button type="button" class="button secondary" title="c" onClick={() => decide('request_changes')}>Ask for changes</button>
        <button type="button" class="button secondary danger" title="d" onClick={() => decide('deny')}>Deny</button>
      </div>
    </div>
  );
}

function toggled(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

