import type { JSX } from 'preact';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import { Icon } from './icons.tsx';
import { progressOf } from './inbox-state.ts';
import { type Clause, clausesOf } from './rule-words.ts';
import { t } from './text/text.ts';
import { asSentence, stepName } from './words.ts';

type Rule = RequestContext['trace'][number];

/** Why it is asked, who has to agree, and what every rule of the policy made of it. */
export function PolicyCard({ request, trace }: { readonly request: ApprovalRequest; readonly trace: readonly Rule[] }): JSX.Element {
  const { verdict } = request;
  const fired = trace.filter((rule) => rule.fired || rule.error !== undefined);
  const others = trace.filter((rule) => !rule.fired && rule.error === undefined);
  return (
    <section class="card policy" aria-label={t.policy.title}>
      <h2>{t.policy.title}</h2>
      <p>{asSentence(verdict.why)}</p>
      <ol class="steps">
        {progressOf(request).map((step, i) => (
          <li key={i} class={step.by.length >= step.count ? 'met' : ''}>
            <span class="step-mark">{step.by.length >= step.count ? <Icon name="check" /> : verdict.approvers.length > 1 ? i + 1 : <Icon name="clock" />}</span>
            <span>{stepName(step)}{step.by.length > 0 && <span class="muted">: {step.by.join(', ')}</span>}{step.by.length < step.count && step.count > 1 && <span class="muted">{t.policy.counted(step.by.length, step.count)}</span>}</span>
          </li>
        ))}
      </ol>
      {fired.length > 0 && <ul class="rules">{fired.map((rule) => <RuleRow key={rule.id} rule={rule} request={request} />)}</ul>}
      {others.length > 0 && (
        <details class="trace">
          <summary>{t.policy.others(others.length)}</summary>
          <ul class="rules">{others.map((rule) => <RuleRow key={rule.id} rule={rule} request={request} />)}</ul>
        </details>
      )}
      <p class="muted fine">{t.policy.version(verdict.policyVersion.slice(0, 12))}</p>
    </section>
  );
}

const effects: Readonly<Record<string, string>> = { allow: t.policy.allow, mask: t.policy.mask, review: t.policy.review, deny: t.policy.deny };

function RuleRow({ rule, request }: { readonly rule: Rule; readonly request: ApprovalRequest }): JSX.Element {
  const clauses = clausesOf(rule.when, request);
  const against = clauses.find((clause) => clause.holds === false);
  return (
    <li class={rule.fired ? 'rule fired' : 'rule'}>
      <span class="trace-mark"><Icon name={rule.fired ? 'check' : rule.error === undefined ? 'cross' : 'warning'} /></span>
      <div>
        <p><code>{rule.id}</code> <span class="muted">{rule.fired ? effects[rule.effect] ?? rule.effect : rule.error === undefined ? t.policy.notApplied : t.policy.error(rule.error)}</span></p>
        <p class="clauses" title={rule.when}>
          {rule.fired || against === undefined ? clauses.map((clause, i) => <ClauseText key={i} clause={clause} />) : <ClauseText clause={against} />}
        </p>
      </div>
    </li>
  );
}

function ClauseText({ clause }: { readonly clause: Clause }): JSX.Element {
  const words = clause.understood ? clause.words : <code>{clause.words}</code>;
  return <span class={`clause${clause.holds === false ? ' no' : ''}`}>{clause.holds === false && <span class="visually-hidden">{t.policy.not}</span>}{words}</span>;
}
