import type { JSX } from 'preact';
import type { ApprovalRequest, RequestContext } from '#core/wire/approval.ts';
import { Icon } from './icons.tsx';
import { progressOf } from './inbox-state.ts';
import { type Clause, clausesOf } from './rule-words.ts';
import { asSentence, stepName } from './words.ts';

type Rule = RequestContext['trace'][number];

/** Why it is asked, who has to agree, and what every rule of the policy made of it. */
export function PolicyCard({ request, trace }: { readonly request: ApprovalRequest; readonly trace: readonly Rule[] }): JSX.Element {
  const { verdict } = request;
  const fired = trace.filter((rule) => rule.fired || rule.error !== undefined);
  const others = trace.filter((rule) => !rule.fired && rule.error === undefined);
  return (
    <section class="card policy" aria-label="Why it needs approval">
      <h2>Why it needs approval</h2>
      <p>{asSentence(verdict.why)}</p>
      <ol class="steps">
        {progressOf(request).map((step, i) => (
          <li key={i} class={step.by.length >= step.count ? 'met' : ''}>
            <span class="step-mark">{step.by.length >= step.count ? <Icon name="check" /> : verdict.approvers.length > 1 ? i + 1 : <Icon name="clock" />}</span>
            <span>{stepName(step)}{step.by.length > 0 && <span class="muted">: {step.by.join(', ')}</span>}{step.by.length < step.count && step.count > 1 && <span class="muted"> ({step.by.length} of {step.count})</span>}</span>
          </li>
        ))}
      </ol>
      {fired.length > 0 && <ul class="rules">{fired.map((rule) => <RuleRow key={rule.id} rule={rule} request={request} />)}</ul>}
      {others.length > 0 && (
        <details class="trace">
          <summary>{others.length === 1 ? '1 rule that did not apply' : `${others.length} rules that did not apply`}</summary>
          <ul class="rules">{others.map((rule) => <RuleRow key={rule.id} rule={rule} request={request} />)}</ul>
        </details>
      )}
      <p class="muted fine">Policy {verdict.policyVersion.slice(0, 12)}</p>
    </section>
  );
}

const effects: Readonly<Record<string, string>> = { allow: 'allows it', mask: 'masks it', review: 'asks for approval', deny: 'denies it' };

function RuleRow({ rule, request }: { readonly rule: Rule; readonly request: ApprovalRequest }): JSX.Element {
  const clauses = clausesOf(rule.when, request);
  const against = clauses.find((clause) => clause.holds === false);
  return (
    <li class={rule.fired ? 'rule fired' : 'rule'}>
      <span class="trace-mark"><Icon name={rule.fired ? 'check' : rule.error === undefined ? 'cross' : 'warning'} /></span>
      <div>
        <p><code>{rule.id}</code> <span class="muted">{rule.fired ? effects[rule.effect] ?? rule.effect : rule.error === undefined ? 'did not apply' : `could not be evaluated: ${rule.error}`}</span></p>
        <p class="clauses" title={rule.when}>
          {rule.fired || against === undefined ? clauses.map((clause, i) => <ClauseText key={i} clause={clause} />) : <ClauseText clause={against} />}
        </p>
      </div>
    </li>
  );
}

function ClauseText({ clause }: { readonly clause: Clause }): JSX.Element {
  const words = clause.understood ? clause.words : <code>{clause.words}</code>;
  return <span class={`clause${clause.holds === false ? ' no' : ''}`}>{clause.holds === false && <span class="visually-hidden">not: </span>}{words}</span>;
}
