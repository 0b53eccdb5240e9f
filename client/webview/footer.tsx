/** One line of facts: how much, how long, why not more, from where. */
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';
import type { Tab } from './messages.ts';
import type { ResultSession } from './result-session.ts';

export function Footer({ tab, session, notice }: { readonly tab: Tab; readonly session: ResultSession | undefined; readonly notice: string }) {
  return (
    <footer class="footer">
      <span class="environment" title={t('{0} is {1}', tab.connection.name, tab.connection.environment)}><span class="dot" aria-hidden="true" />{tab.connection.name}<span class="quiet">{tab.connection.environment}</span></span>
      {session !== undefined && <Facts session={session} />}
      <span class="notice" role="status" aria-live="polite">{notice}</span>
      {session !== undefined && <Selected session={session} />}
    </footer>
  );
}

function Facts({ session: { result, total, filtered, failure } }: { readonly session: ResultSession }) {
  const masked = result.columns.filter((column) => column.masked && !column.revealed).length;
  return (
    <>
      <span>{filtered ? t('{0} of {1} rows', total.toLocaleString(), result.rows.toLocaleString()) : counted(result.rows, '{0} row', '{0} rows')}{result.complete ? '' : '…'}</span>
      <span class="quiet numbers">{duration(result.elapsedMs)}</span>
      {masked > 0 && <span class="quiet"><Icon name="lock" />{t('{0} masked', masked)}</span>}
      {result.truncated !== undefined && <span class="warn"><Icon name="warning" />{truncation(result.truncated)}</span>}
      {result.drift.length > 0 && <span class="warn" title={result.drift.map(({ column, entity }) => `${column}: ${entity}`).join('\n')}><Icon name="warning" />{t('Undeclared personal data in {0}: masked', [...new Set(result.drift.map(({ column }) => column))].join(', '))}</span>}
      {failure !== undefined && <span class="warn" role="alert"><Icon name="error" />{failure}</span>}
    </>
  );
}

function Selected({ session }: { readonly session: ResultSession }) {
  const { from, to, columns } = session.selection();
  const cells = (to - from) * columns.length;
  return cells <= 1 ? null : <span class="quiet">{t('{0} × {1} selected', (to - from).toLocaleString(), columns.length)}</span>;
}

function truncation({ by, at }: { readonly by: 'row-cap' | 'grant' | 'memory'; readonly at: number }): string {
  const why = { 'row-cap': t('the connection\'s row cap'), grant: t('the approval\'s row cap'), memory: t('memory') }[by];
  return t('First {0} rows only: {1}', at.toLocaleString(), why);
}

const duration = (milliseconds: number): string => milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
