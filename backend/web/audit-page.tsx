import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Api, type AuditFilter, type AuditRecord, auditQuery, type AuditVerdict } from './api.ts';
import { Icon } from './icons.tsx';
import { t } from './text/text.ts';

const types: readonly (readonly [string, string])[] = [
  ['', t.audit.everything], ['request.', t.audit.requests], ['request.denied', t.audit.denials], ['request.commented', t.audit.comments], ['request.drift', t.audit.drift], ['grant.', t.audit.grants], ['grant.refused', t.audit.refusals],
  ['break_glass.', t.audit.glass], ['policy.', t.audit.policy], ['broker.', t.audit.broker], ['backend.', t.audit.backend], ['session.', t.audit.sessions],
];
const formats: readonly (readonly [string, string])[] = [['jsonl', t.audit.jsonl], ['csv', 'CSV'], ['ocsf', 'OCSF'], ['ecs', 'ECS'], ['cef', 'CEF'], ['otel', 'OpenTelemetry']];

/** The trail, newest first, by filter; the download holds the same records with their chain and signatures. */
export function AuditPage({ api }: { readonly api: Api }): JSX.Element {
  const [filter, setFilter] = useState<AuditFilter>({});
  const [format, setFormat] = useState('jsonl');
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
  const query = auditQuery(filter);

  return (
    <main class="page" tabIndex={0} aria-busy={state === 'loading'}>
      <h1>{t.audit.title}</h1>
      <p class="muted">{t.audit.lead}</p>
      <Verification api={api} />
      <form class="audit-filter" aria-label={t.audit.filter} onSubmit={submit} onChange={(event) => event.currentTarget.requestSubmit()}>
        <label>{t.audit.what}<select name="type">{types.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></label>
        <label>{t.audit.who}<input name="actor" placeholder={t.audit.whoHint} autocomplete="off" /></label>
        <label>{t.audit.request}<input name="request" placeholder={t.audit.requestHint} autocomplete="off" /></label>
        <label>{t.audit.from}<input name="from" type="date" /></label>
        <label>{t.audit.to}<input name="to" type="date" /></label>
      </form>
      <div class="audit-export">
        <span class="muted" role="status">{state === 'ready' && `${t.nouns.record(records.length)}${next === undefined ? '' : t.audit.andOlder}`}</span>
        <label><span class="visually-hidden">{t.audit.format}</span><select value={format} data-testid="format" onChange={(event) => setFormat(event.currentTarget.value)}>{formats.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></label>
        <a class="button" href={`/v1/audit/export?format=${format}${query === '' ? '' : `&${query}`}`} download="" data-testid="export">{t.audit.download}</a>
      </div>
      {typeof state === 'object' && <p class="banner problem" role="alert"><Icon name="warning" />{state.failure}</p>}
      {state === 'ready' && records.length === 0 && <div class="empty"><Icon name="inbox" /><p><strong>{t.audit.nothing}</strong></p><p class="muted">{next === undefined ? t.audit.noneFits : t.audit.lookBack}</p></div>}
      {records.length > 0 && <ol class="records">{records.map((record) => <Row key={record.seq} record={record} />)}</ol>}
      {next !== undefined && <button type="button" disabled={state === 'loading'} onClick={() => { void load({ ...filter, before: next }, records); }}>{t.audit.older}</button>}
    </main>
  );
}

/** One click: every hash, every link, signatures, and that the trail still reaches its anchored head. */
function Verification({ api }: { readonly api: Api }): JSX.Element {
  const [state, setState] = useState<'idle' | 'busy' | AuditVerdict | { readonly refused: string }>('idle');
  async function verify(): Promise<void> {
    setState('busy');
    const answer = await api.verifyAudit();
    setState(answer.ok ? answer.value : { refused: answer.failure.message });
  }
  const verdict = typeof state === 'object' && 'ok' in state ? state : undefined;
  return (
    <section class={`verification${verdict === undefined ? '' : verdict.ok ? ' intact' : ' broken'}`} aria-label={t.audit.intactLabel}>
      <span class="step-mark"><Icon name={verdict === undefined ? 'shield' : verdict.ok ? 'check' : 'warning'} /></span>
      <div role="status" data-testid="verdict">
        {state === 'idle' && <p><strong>{t.audit.intactLabel}</strong> <span class="muted">{t.audit.checks}</span></p>}
        {state === 'busy' && <p><strong>{t.audit.checking}</strong> <span class="muted">{t.audit.checkingLong}</span></p>}
        {verdict?.ok === true && <p><strong>{t.audit.intact}</strong>{t.audit.checked(t.nouns.record(verdict.records), t.nouns.signature(verdict.signatures))}<span class="muted">{t.audit.head(verdict.head.seq)}<code>{verdict.head.hash.slice(0, 16)}…</code></span></p>}
        {verdict?.ok === false && <p><strong>{t.audit.broken(verdict.failure?.seq ?? 0)}</strong>{t.audit.brokenWhy(verdict.failure?.message ?? '')}</p>}
        {typeof state === 'object' && 'refused' in state && <p class="problem">{state.refused}</p>}
      </div>
      <button type="button" data-testid="verify" disabled={state === 'busy'} onClick={() => { void verify(); }}>{verdict === undefined ? t.audit.verify : t.audit.verifyAgain}</button>
    </section>
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
          <span class="clip">{record.actor.id}{record.actor.kind !== 'person' && record.actor.kind !== record.actor.id && <span class="muted"> ({record.actor.kind})</span>}</span>
          <span class="muted clip">{summary(record)}</span>
        </summary>
        <dl>
          {record.request !== undefined && <div><dt>request</dt><dd><a href={`#/r/${encodeURIComponent(record.request)}`}>{record.request}</a></dd></div>}
          {record.grant !== undefined && <div><dt>grant</dt><dd>{record.grant}</dd></div>}
          {Object.entries(record.data).map(([name, value]) => [name, name === 'exp' && typeof value === 'number' ? new Date(value * 1000).toLocaleString() : shown(value)] as const).filter(([, text]) => text !== '').map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{isDigest(text) ? <><span class="muted">{t.audit.withRequest}</span> <code title={text}>{text.slice(0, 19)}…</code></> : text}</dd></div>)}
          <div><dt>hash</dt><dd><code>{record.hash}</code></dd></div>
        </dl>
      </details>
    </li>
  );
}

function tone(type: string): string {
  if (/denied|refused|revoked|rejected|break_glass\.used|drift/.test(type)) return 'bad';
  return /approved|consumed|reviewed/.test(type) ? 'good' : '';
}

function summary({ data }: AuditRecord): string {
  const wanted = ['capability', 'connection', 'environment', 'comment', 'reason', 'code'];
  return wanted.map((name) => data[name]).filter((v): v is string => typeof v === 'string' && v !== '' && !isDigest(v)).join(' · ');
}

/** Free text is in the trail as its digest, so that it can be erased from the request and the chain still holds. */
function isDigest(text: string): boolean {
  return text.startsWith('sha256:');
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
