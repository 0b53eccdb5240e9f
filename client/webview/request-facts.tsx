/** What a request touches and asks for, why the policy wants a person, and what is known around it. */
import type { ApprovalRequest, ApproverStep, Decision, RequestContext } from '#core/wire/approval.ts';
import { categoryText } from './category.ts';
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';

export function Facts({ request }: { readonly request: ApprovalRequest }) {
  const { facts, scope, binding, verdict } = request;
  const written = facts.tables.filter(({ access }) => access === 'write').map(({ name }) => name);
  const others = facts.tables.map(({ name }) => name).filter((name) => !facts.sensitive.some(({ table }) => table === name) && !written.includes(name));
  return (
    <div class="columns">
      <section>
        <h2>{t('Sensitive columns')}</h2>
        {facts.sensitive.length === 0 ? <p class="quiet">{t('None known.')}</p> : (
          <ul class="sensitive">{facts.sensitive.map(({ table, column, category, use }) => (
            <li key={`${table}.${column}.${use}`}><code>{table}.{column}</code><span title={category}>{categoryText(category)}</span><span class="quiet">{useWords(use)}</span></li>
          ))}</ul>
        )}
        {facts.opaque.map(({ what, detail }) => <p key={`${what}${detail}`} class="opaque"><Icon name="question" /> {detail === '' ? what : detail} <span class="quiet">{t('not understood, so treated as sensitive')}</span></p>)}
      </section>
      <section>
        <h2>{t('Asked for')}</h2>
        <dl>
          <dt>{t('Right')}</dt><dd>{{ run: t('run, result masked'), reveal: t('reveal'), export: t('export') }[binding.capability]}</dd>
          <dt>{t('In clear')}</dt><dd>{scope.columns.length === 0 ? t('nothing: all masked') : scope.columns.map(({ table, column }) => `${table}.${column}`).join(', ')}</dd>
          <dt>{t('Rows')}</dt><dd>{rowsText(request)}</dd>
          <dt>{t('Goes to')}</dt><dd>{destination(request)}</dd>
          <dt>{t('Use')}</dt><dd>{scope.use === 'once' ? t('once, within {0}', durationText(scope.durationMs)) : t('any number of times for {0}', durationText(scope.durationMs))}</dd>
          {written.length > 0 && <><dt>{t('Writes')}</dt><dd class="danger">{facts.kind.toUpperCase()} {written.join(', ')}</dd></>}
          {facts.exports && <><dt>{t('Export')}</dt><dd class="danger">{t('The statement itself writes data out of the database')}</dd></>}
          {facts.star && <><dt>{t('Star')}</dt><dd>{t('every column, also ones added later')}</dd></>}
          {others.length > 0 && <><dt>{t('Other tables')}</dt><dd>{[...new Set(others)].join(', ')}</dd></>}
          {verdict.maskColumns.length > 0 && <><dt>{t('Always masked')}</dt><dd>{verdict.maskColumns.map(({ table, column }) => `${table}.${column}`).join(', ')}</dd></>}
        </dl>
      </section>
    </div>
  );
}

export function Policy({ request, context }: { readonly request: ApprovalRequest; readonly context: RequestContext | undefined }) {
  const { verdict } = request;
  return (
    <section>
      <h2>{t('Why it needs approval')}</h2>
      <p>{verdict.why}</p>
      <ol class="steps">{stepsOf(request).map(({ anyOf, count, by }) => (
        <li key={anyOf.join()} class={by.length >= count ? 'met' : ''}><Icon name={by.length >= count ? 'pass-filled' : 'circle-large-outline'} /> {count} × {anyOf.join(' / ')}{by.length > 0 && <span class="quiet"> {by.join(', ')}</span>}</li>
      ))}</ol>
      <p class="quiet">{t('Rules: {0}', verdict.rules.join(', '))} · {t('policy {0}', verdict.policyVersion.slice(0, 12))}</p>
      {context !== undefined && context.trace.length > 0 && (
        <details class="trace">
          <summary>{t('All rules and what they said')}</summary>
          <table><tbody>{context.trace.map(({ id, fired, effect, error, when }) => (
            <tr key={id} class={fired ? 'fired' : ''}><td><Icon name={fired ? 'check' : error === undefined ? 'dash' : 'warning'} /></td><td>{id}</td><td class="quiet">{fired ? effect : error === undefined ? t('did not apply') : t('error: {0}', error)}</td><td><code>{when}</code></td></tr>
          ))}</tbody></table>
        </details>
      )}
    </section>
  );
}

export function Sample({ request: { sample } }: { readonly request: ApprovalRequest }) {
  if (sample === undefined) return null;
  return (
    <section>
      <h2>{t('Masked sample')}</h2>
      <div class="sample"><table>
        <thead><tr>{sample.columns.map((column, index) => <th key={index} scope="col">{column}</th>)}</tr></thead>
        <tbody>{sample.rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at}>{cell ?? <span class="quiet">NULL</span>}</td>)}</tr>)}</tbody>
      </table></div>
      <p class="quiet">{t('As the requester sees it now: nothing of it is in clear.')}</p>
    </section>
  );
}

export function Timeline({ decisions }: { readonly decisions: readonly Decision[] }) {
  if (decisions.length === 0) return null;
  const words = { approve: t('approved'), deny: t('denied'), request_changes: t('asked for changes') };
  return (
    <section>
      <h2>{t('Decisions')}</h2>
      <ol class="history">{decisions.map(({ by, decision, comment, constraints, at }) => (
        <li key={`${by.id}${at}`} class={decision}>
          <p><b>{by.name}</b> {words[decision]} <span class="quiet">{new Date(at).toLocaleString()}</span></p>
          {constraints !== undefined && <p class="quiet">{[
            ...(constraints.keepMasked === undefined ? [] : [t('keeps {0} masked', constraints.keepMasked.map(({ table, column }) => `${table}.${column}`).join(', '))]),
            ...(constraints.maxRows === undefined ? [] : [t('at most {0} rows', constraints.maxRows.toLocaleString())]),
            ...(constraints.durationMs === undefined ? [] : [t('for {0}', durationText(constraints.durationMs))]),
          ].join(' · ')}</p>}
          {comment !== '' && <p class="remark-text">{comment}</p>}
        </li>
      ))}</ol>
    </section>
  );
}

/** "12 requests in 90 days, 10 approved, 1 denied" */
export function historyText({ history: { requests, approved, denied } }: RequestContext): string {
  if (requests === 0) return t('first request in 90 days');
  return [counted(requests, '{0} request in 90 days', '{0} requests in 90 days'), t('{0} approved', approved), ...(denied > 0 ? [t('{0} denied', denied)] : [])].join(', ');
}

/** Milliseconds in words. */
export function durationText(milliseconds: number): string {
  return milliseconds < 3_600_000 ? t('{0} min', Math.round(milliseconds / 60_000)) : t('{0} h', Math.round(milliseconds / 360_000) / 10);
}

/** Who "decided" where the policy did, without a person. */
const policyId = 'policy';

/** Approvals given in the present round, laid on the steps in order. */
function stepsOf({ verdict, decisions }: ApprovalRequest): readonly (ApproverStep & { readonly by: readonly string[] })[] {
  const names = decisions.slice(decisions.findLastIndex(({ decision }) => decision === 'request_changes') + 1).filter(({ decision, by }) => decision === 'approve' && by.id !== policyId).map(({ by }) => by.name);
  return verdict.approvers.map((step) => ({ ...step, by: names.splice(0, step.count) }));
}

function useWords(use: 'output' | 'filter' | 'write'): string {
  return { output: t('reaches the result'), filter: t('shapes the result'), write: t('is written') }[use];
}

function destination({ scope: { destination: { kind, format } } }: ApprovalRequest): string {
  const name = { grid: t('the results grid'), file: t('a file'), clipboard: t('the clipboard'), agent: t('an AI agent') }[kind];
  return format === undefined ? name : `${name} (${format})`;
}

function rowsText({ scope, facts, verdict }: ApprovalRequest): string {
  const caps = [scope.maxRows, verdict.maxRows, facts.limit].filter((cap) => cap !== undefined);
  const about = facts.estimatedRows === undefined ? undefined : t('about {0}', facts.estimatedRows.toLocaleString());
  const most = caps.length === 0 ? undefined : t('at most {0}', Math.min(...caps).toLocaleString());
  return [about, most].filter((part) => part !== undefined).join(', ') || t('unknown');
}
