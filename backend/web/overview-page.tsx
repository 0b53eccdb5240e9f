import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api, Overview, Tally } from './api.ts';
import { Icon } from './icons.tsx';
import { t } from './text/text.ts';
import { ago, duration, entityName } from './words.ts';

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
      <h1>{t.overview.title}</h1>
      <p class="muted">{t.overview.lead}</p>
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
        <Figure value={String(pending.count)} name={t.overview.waiting} note={pending.count === 0 ? t.overview.nobodyWaits : t.overview.oldest(duration(pending.oldestAge))} />
        <Figure value={medianToDecision === undefined ? '–' : duration(medianToDecision)} name={t.overview.untilDecided} note={t.overview.median} />
        <Figure value={String(approved)} name={t.overview.approved} note={t.overview.byPolicy(byPolicy)} />
        <Figure value={String(denied)} name={t.overview.denied} note={approved + denied === 0 ? t.overview.noneDecided : t.overview.share(Math.round((denied / (approved + denied)) * 100))} />
      </ul>
      <div class="cards">
        <section class="card wide" aria-label={t.overview.byDay}><h2>{t.overview.byDay}</h2><Days days={days} /></section>
        <section class="card" aria-label={t.overview.waits}><h2>{t.overview.waits}</h2><Bars rows={pending.ages.map((a, i) => ({ name: i === pending.ages.length - 1 ? t.overview.longer : t.overview.upTo(a.upTo), requests: a.count, denied: 0 }))} empty={t.overview.nothingWaits} /></section>
        <section class="card" aria-label={t.overview.tables}><h2>{t.overview.tables}</h2><Bars rows={tables} empty={t.overview.noRequests} /></section>
        <section class="card" aria-label={t.overview.who}><h2>{t.overview.who}</h2><Bars rows={requesters} empty={t.overview.noRequests} /></section>
        {drift !== undefined && (
          <section class="card wide" aria-label={t.overview.driftLabel}>
            <h2>{t.overview.drift}</h2>
            {drift.columns.length === 0 ? <p class="muted">{t.overview.noDrift}</p> : (
              <>
                <p class="muted fine">{t.overview.driftLead(t.nouns.request(drift.requests))}</p>
                <ul class="drifts">{drift.columns.map((d) => <li key={`${d.name} ${d.entity}`}><code>{d.name}</code><span>{entityName(d.entity)}</span><span class="muted">{t.nouns.request(d.requests)}</span></li>)}</ul>
              </>
            )}
          </section>
        )}
        <section class="card wide" aria-label={t.overview.denials}>
          <h2>{t.overview.denials}</h2>
          {denials.length === 0 ? <p class="muted">{t.overview.none}</p> : (
            <ul class="denials">
              {denials.map((d) => <li key={d.id}><a href={`#/r/${encodeURIComponent(d.id)}`}>{d.requester}</a><span class="clip">{d.comment === '' ? t.overview.noComment : d.comment}</span><span class="muted">{d.by}, {ago(d.at, now)}</span></li>)}
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
      <p class="legend fine"><span><span class="key good" />{t.overview.approved}</span><span><span class="key bad" />{t.overview.denied}</span><span><span class="key other" />{t.overview.other}</span></p>
      <div class="visually-hidden"><table><caption>{t.overview.byDay}</caption><tbody>{days.map((d) => <tr key={d.day}><th scope="row">{d.day}</th><td>{t.overview.dayApproved(d.approved)}</td><td>{t.overview.dayDenied(d.denied)}</td><td>{t.overview.dayOther(d.other)}</td></tr>)}</tbody></table></div>
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
          <span class="bars-count" title={row.denied > 0 ? t.nouns.denial(row.denied) : undefined}>{row.requests}</span>
        </li>
      ))}
    </ul>
  );
}
