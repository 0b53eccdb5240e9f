import type { JSX } from 'preact';
import type { MaskedSample } from '#core/wire/approval.ts';
import { Icon } from './icons.tsx';
import { t } from './text/text.ts';

/** What masks leave behind: bullets, stars, or the name of an entity in brackets. */
const masked = /[•●*]{2,}|^\[[A-Z][A-Z_]+\]$|^\[…\]$/;

/** The first rows as the requester has them on screen, masked there and looked through again by the backend. */
export function Sample({ sample, requester }: { readonly sample: MaskedSample; readonly requester: string }): JSX.Element {
  return (
    <section class="card sample" aria-label={t.sample.title}>
      <h2><Icon name="lock" />{t.sample.title}</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={t.sample.rows}>
        <table>
          <caption class="muted">{t.sample.caption(t.nouns.row(sample.rows.length), requester)}</caption>
          <thead><tr>{sample.columns.map((column, i) => <th key={i} scope="col">{column}</th>)}</tr></thead>
          <tbody>
            {sample.rows.map((row, i) => (
              <tr key={i}>{sample.columns.map((_, j) => <td key={j}><Cell text={row[j] ?? null} /></td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ text }: { readonly text: string | null }): JSX.Element {
  if (text === null) return <span class="null">NULL</span>;
  return masked.test(text) ? <span class="masked">{text}</span> : <>{text}</>;
}
