import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Api, type AuditFilter, type AuditRecord, auditQuery } from './api.ts';
import { Icon } from './icons.tsx';

const types: readonly (readonly [string, string])[] = [
  ['', 'Everything'], ['request.', 'Requests'], ['request.denied', 'Denials'], ['grant.', 'Grants and their use'], ['grant.refused', 'Refused uses'], ['break_glass.', 'Broken glass'],
  ['policy.', 'Policy'], ['broker.', 'Broker runs'], ['backend.', 'Backend'], ['session.', 'Sessions'],
];

/** The trail, newest first, by filter; the download holds the same records with their chain and signatures. */
export function AuditPage({ api }: { readonly api: Api }): JSX.Element {
  const [filter, setFilter] = useState<AuditFilter>({});
  const [records, setRecords] = useState<readonly AuditRecord[]>([]);
  const [next, setNext] = useState<number | undefined>();
  const [state, setState] = useState<'loading' | 'ready' | { readonly failure: string }>('loading');

  const load = useCallback(async (query: AuditFilter, before: readonly AuditRecord[]): Promise<void> => {
    setState('loading');
    const answer = await api.audit(query);
    if (!answer.ok) {
      setState({ failure: answer.failure.message });
      return;
    }
    setRecords([...before, ...answer.value.records]);
    setNext(answer.value.next);
    setState('ready');
  }, [api]);
  useEffect(() => { void load(filter, []); }, [filter, load]);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const day = (name: string, add: number): number | undefined => (text(name) === '' ? undefined : new Date(`${text(name)}T00:00:00`).getTime() + add);
    const [from, to] = [day('from', 0), day('to', 86_400_000 - 1)];
    setFilter({ ...optional('type', text('type')), ...optional('actor', text('actor')), ...optional('request', text('request')), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  }

  return (
    <main class="page" aria-busy={state === 'loading'}>
      <h1>Audit</h1>
      <p class="muted">Every record is chained to the one before and signed. <code>pii-gate audit verify</code> proves it.</p>
      <form class="audit-filter" onSubmit={submit} onChange={(event) => event.currentTarget.requestSubmit()}>
        <label>What<select name="type">{types.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></label>
        <label>Who<input name="actor" placeholder="id, for example sam" /></label>
        <label>Request<input name="request" placeholder="id" /></label>
        <label>From<input name="from" type="date" /></label>
        <label>To<input name="to" type="date" /></label>
        <a class="button" href={`/v1/audit/export?${auditQuery(filter)}`} download="pii-gate-audit.jsonl" data-testid="export">Download</a>
      </form>
      {typeof state === 'object' && <p class="banner problem" role="alert"><Icon name="warning" />{state.failure}</p>}
      {state === 'ready' && records.length === 0 && <div class="empty"><p><strong>Nothing found</strong></p><p class="muted">{next === undefined ? 'No record fits the filter.' : 'None in the newest 20,000 records; look further back.'}</p></div>}
      {records.length > 0 && (
        <ol class="records">
          {records.map((record) => <Row key={record.seq} record={record} />)}
        </ol>
      )}
      {next !== undefined && <button type="button" disabled={state === 'loading'} onClick={() => { void load({ ...filter, before: next }, records); }}>Older</button>}
    </main>
  );
}

function Row({ record }: { readonly record: AuditRecord }): JSX.Element {
  return (
    <li>
      <details>
        <summary>
          <span class="record-seq">{record.seq}</span>
          <time class="muted" dateTime={new Date(record.at).toISOString()}>{new Date(record.at).toLocaleString()}</time>
          <code class={`record-type ${tone(record.type)}`}>{record.type}</code>
          <span>{record.actor.id}{record.actor.kind !== 'person' && <span class="muted"> ({record.actor.kind})</span>}</span>
          <span class="muted clip">{summary(record)}</span>
        </summary>
        <dl>
          {record.request !== undefined && <div><dt>request</dt><dd><a href={`#/r/${encodeURIComponent(record.request)}`}>{record.request}</a></dd></div>}
          {record.grant !== undefined && <div><dt>grant</dt><dd>{record.grant}</dd></div>}
          {Object.entries(record.data).map(([name, value]) => [name, shown(value)] as const).filter(([, text]) => text !== '').map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}
          <div><dt>hash</dt><dd><code>{record.hash}</code></dd></div>
        </dl>
      </details>
    </li>
  );
}

function tone(type: string): string {
  if (/denied|refused|revoked|rejected|break_glass/.test(type)) return 'bad';
  return /approved|consumed/.test(type) ? 'good' : '';
}

function summary({ data }: AuditRecord): string {
  const wanted = ['capability', 'connection', 'environment', 'comment', 'reason', 'code'];
  return wanted.map((name) => data[name]).filter((v): v is string => typeof v === 'string' && v !== '').join(' · ');
}

/** A value as text; nothing for what says nothing. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function optional<K extends string>(name: K, value: string): Partial<Record<K, string>> {
  return value === '' ? {} : { [name]: value } as Partial<Record<K, string>>;
}
