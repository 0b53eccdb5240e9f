import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api, Overview, Tally } from './api.ts';
import { Icon } from './icons.tsx';
import { ago, count, duration, entityName } from './words.ts';

/** Milliseconds between two looks while the page is open. */
const REFRESH_MS = 30_000;

/** What waits, what was decided in two weeks, what is asked for most. */
export function OverviewPage({ api, now }: { readonly api: Api; readonly now: number }): JSX.Element {
  const [overview, setOverview] = useState<Overview | undefined>();
  const [failure, setFailure] = useState<string | undefined>();
  useEffect(() => {
    let left = false;
    const look = (): void => {
      void api.overview().then((answer) => {
        if (left) return;
        if (answer.ok) setOverview(answer.value);
        setFailure(answer.ok ? undefined : answer.failure.message);
      });
    };
    look();
    const timer = setInterval(() => { if (!document.hidden) look(); }, REFRESH_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [api]);
  return (
    <main class="page" tabIndex={0} aria-busy={overview === undefined && failure === undefined}>
      <h1>Overview</h1>
      <p class="muted">The last 14 days of the requests that you may see.</p>
      {failure !== undefined && <p class="banner problem" role="alert"><Icon name="warning" />{failure}</p>}
      {overview !== undefined && <Figures overview={overview} now={now} />}
    </main>
  );
}

function Figures({ overview, now }: { readonly overview: Overview; readonly now: number }): JSX.Element {
  const { pending, days, tables, requesters, denials, medianToDecision, byPolicy, drift } = overview;
  const approved = days.reduce((n, d) => n + d.approved, 0);
  const denied = days.reduce((n, d) => n + d.denied, 0);
  return (
    <>
      <ul class="figures">
        <Figure value={String(pending.count)} name="waiting" note={pending.count === 0 ? 'nobody waits' : `the oldest for ${duration(pending.oldestAge)}`} />
        <Figure value={medianToDecision === undefined ? '–' : duration(medianToDecision)} name="until decided" note="median, decided by people" />
        <Figure value={String(approved)} name="approved" note={`${byPolicy} of all by policy alone`} />
        <Figure value={String(denied)} name="denied" note={approved + denied === 0 ? 'nothing decided' : `${Math.round((denied / (approved + denied)) * 100)} % of decisions`} />
      </ul>
      <div class="cards">
        <section class="card wide" aria-label="Decisions by day"><h2>Decisions by day</h2><Days days={days} /></section>
        <section class="card" aria-label="How long requests wait"><h2>How long requests wait</h2><Bars rows={pending.ages.map((a, i) => ({ name: i === pending.ages.length - 1 ? 'longer' : `up to ${a.upTo}`, requests: a.count, denied: 0 }))} empty="Nothing waits." /></section>
        <section class="card" aria-label="Most asked for"><h2>Tables most asked for</h2><Bars rows={tables} empty="No requests yet." /></section>
        <section class="card" aria-label="Who asks"><h2>Who asks</h2><Bars rows={requesters} empty="No requests yet." /></section>
        {drift !== undefined && (
          <section class="card wide" aria-label="Undeclared personal data">
            <h2>Found in results, but not declared</h2>
            {drift.columns.length === 0 ? <p class="muted">None: every result held what its request said.</p> : (
              <>
                <p class="muted fine">In the results of {count(drift.requests, 'request')}. It was masked all the same; add the columns to the inventory.</p>
                <ul class="drifts">{drift.columns.map((d) => <li key={`${d.name} ${d.entity}`}><code>{d.name}</code><span>{entityName(d.entity)}</span><span class="muted">{count(d.requests, 'request')}</span></li>)}</ul>
              </>
            )}
          </section>
        )}
        <section class="card wide" aria-label="Latest denials">
          <h2>Latest denials</h2>
          {denials.length === 0 ? <p class="muted">None.</p> : (
            <ul class="denials">
              {denials.map((d) => <li key={d.id}><a href={`#/r/${encodeURIComponent(d.id)}`}>{d.requester}</a><span class="clip">{d.comment === '' ? 'without a comment' : d.comment}</span><span class="muted">{d.by}, {ago(d.at, now)}</span></li>)}
            </ul>
          )}
        </section>
      </div>
    </>
  );
}

function Figure({ value, name, note }: { readonly value: string; readonly name: string; readonly note: string }): JSX.Element {
  return <li class="figure"><span class="figure-value">{value}</span><span class="figure-name">{name}</span><span class="muted fine">{note}</span></li>;
}

const dayName = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Stacked columns; the table for screen readers says the same. */
function Days({ days }: { readonly days: Overview['days'] }): JSX.Element {
  const most = Math.max(1, ...days.map((d) => d.approved + d.denied + d.other));
  return (
    <>
      <ol class="days" aria-hidden="true">
        {days.map((d) => {
          const total = d.approved + d.denied + d.other;
          const [a, n, o] = [d.approved, d.denied, d.other].map((value) => (value / most) * 100);
          return (
            <li key={d.day}>
              <span class="day-count">{total > 0 ? total : ''}</span>
              <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
                <rect class="bar-none" y="98.5" width="10" height="1.5" />
                <rect class="bar-good" y={100 - (a ?? 0)} width="10" height={a} />
                <rect class="bar-bad" y={100 - (a ?? 0) - (n ?? 0)} width="10" height={n} />
                <rect class="bar-other" y={100 - (a ?? 0) - (n ?? 0) - (o ?? 0)} width="10" height={o} />
              </svg>
              <span class="day-name">{dayName.format(new Date(d.day))}</span>
            </li>
          );
        })}
      </ol>
      <p class="legend fine"><span><span class="key good" />approved</span><span><span class="key bad" />denied</span><span><span class="key other" />expired, withdrawn, sent back</span></p>
      <div class="visually-hidden"><table><caption>Decisions by day</caption><tbody>{days.map((d) => <tr key={d.day}><th scope="row">{d.day}</th><td>{d.approved} approved</td><td>{d.denied} denied</td><td>{d.other} other</td></tr>)}</tbody></table></div>
    </>
  );
}

function Bars({ rows, empty }: { readonly rows: readonly Tally[]; readonly empty: string }): JSX.Element {
  const most = Math.max(1, ...rows.map((r) => r.requests));
  if (rows.every((r) => r.requests === 0)) return <p class="muted">{empty}</p>;
  return (
    <ul class="bars">
      {rows.map((row) => (
        <li key={row.name}>
          <span class="clip" title={row.name}>{row.name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-track" width="100" height="10" rx="2" /><rect class="bar-accent" width={(row.requests / most) * 100} height="10" rx="2" /></svg>
          <span class="bars-count" title={row.denied > 0 ? `${count(row.denied, 'denial')}` : undefined}>{row.requests}</span>
        </li>
      ))}
    </ul>
  );
}
