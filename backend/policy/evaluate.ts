/**
 * Policy + facts → verdict. Every rule is tried; the most restrictive effect wins; the limits of every rule that fired hold
 * together. No rule: deny. A condition that fails to evaluate: deny, and the verdict says which.
 */
import type { ApproverStep, Effect, EvaluateInput, Verdict } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import { memberships, type Subject } from '../identity/identity.ts';
import { mayFill } from '../requests/quorum.ts';
import { columnName, policyContext, type Surroundings } from './context.ts';
import type { BreakGlass, Escalation, Policy, PolicyRule } from './policy.ts';

const rank: Readonly<Record<Effect, number>> = { allow: 0, mask: 1, review: 2, deny: 3 };

/** One rule and what came of it, for `policy explain` and the reviewer's trace. */
export interface RuleTrace {
  readonly id: string;
  readonly line: number;
  readonly when: string;
  readonly effect: Effect;
  readonly fired: boolean;
  /** Why the condition could not be evaluated. */
  readonly error?: string;
}

/** What holds beside the wire's verdict: what the backend alone enforces. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly trace: readonly RuleTrace[];
  readonly pendingTtlMs: number;
  readonly unusedTtlMs?: number;
  /** The earliest escalation of the deciding rules. */
  readonly escalation?: Escalation;
  /** Present when every deciding rule lets this subject go ahead without waiting. */
  readonly breakGlass?: BreakGlass;
  readonly ticketRequired: boolean;
  readonly ticketPatterns: readonly string[];
  readonly reasonPatterns: readonly string[];
}

export function judge(policy: Policy, subject: Subject, input: EvaluateInput, around: Surroundings): Judgement {
  const context = policyContext(subject, input, around);
  const trace = policy.rules.map((rule) => tryRule(rule, context));
  const fired = policy.rules.filter((_, index) => trace[index]?.fired);
  const broken = trace.find((entry) => entry.error !== undefined);
  const effect = broken || fired.length === 0 ? 'deny' : fired.reduce<Effect>((most, rule) => (rank[rule.effect] > rank[most] ? rule.effect : most), 'allow');
  const deciding = fired.filter((rule) => rule.effect === effect).sort((a, b) => a.line - b.line);
  const rules = [...fired].sort((a, b) => rank[b.effect] - rank[a.effect] || a.line - b.line).map((rule) => rule.id);
  const reviews = effect === 'review' ? deciding : [];
  const maxRows = least(fired.map((rule) => rule.maxRows));
  const prompt = reviews.find((rule) => rule.reasonPrompt !== undefined)?.reasonPrompt;
  const reasonPatterns = fired.flatMap((rule) => rule.reasonPattern ?? []);
  const [pattern] = reasonPatterns;
  const sampleRows = sampleOf(reviews, input);
  const breakGlass = mayBreak(reviews, subject);
  const verdict: Verdict = {
    effect,
    rules: broken ? [broken.id, ...rules.filter((id) => id !== broken.id)] : rules,
    why: broken ? `the policy rule "${broken.id}" could not be evaluated, so it is denied` : (deciding.find((rule) => rule.why !== undefined)?.why ?? (fired.length === 0 ? 'no policy rule covers this, so it is denied' : sentence(input))),
    approvers: mergeSteps(reviews),
    reason: {
      required: fired.some((rule) => rule.reasonRequired),
      ...(prompt === undefined ? {} : { prompt }),
      ...(pattern === undefined ? {} : { pattern }),
    },
    maskColumns: maskedColumns(fired, effect, input),
    ...(maxRows === undefined ? {} : { maxRows }),
    maxDurationMs: least([policy.defaults.maxDurationMs, ...fired.map((rule) => rule.maxDurationMs)]) ?? policy.defaults.maxDurationMs,
    ...(sampleRows === undefined ? {} : { sample: { maxRows: sampleRows } }),
    ...(breakGlass ? { breakGlass: { reviewers: breakGlass.reviewers, maxDurationMs: breakGlass.maxDurationMs } } : {}),
    policyVersion: policy.version,
  };
  const unusedTtlMs = least(fired.map((rule) => rule.unusedTtlMs));
  const escalation = earliest(reviews);
  return {
    verdict,
    trace,
    ...(unusedTtlMs === undefined ? {} : { unusedTtlMs }),
    ...(escalation ? { escalation } : {}),
    ...(breakGlass ? { breakGlass } : {}),
    pendingTtlMs: least(fired.map((rule) => rule.pendingTtlMs)) ?? policy.defaults.pendingTtlMs,
    ticketRequired: fired.some((rule) => rule.ticketRequired),
    ticketPatterns: fired.flatMap((rule) => rule.ticketPattern ?? []),
    reasonPatterns,
  };
}

function tryRule(rule: PolicyRule, context: object): RuleTrace {
  const base = { id: rule.id, line: rule.line, when: rule.when.source, effect: rule.effect };
  try {
    return { ...base, fired: rule.when.evaluate(context) };
  } catch (error) {
    return { ...base, fired: false, error: (error as { summary?: string }).summary ?? 'evaluation failed' };
  }
}

/**
 * Every rule that asks for the review must allow it: one that is silent forbids it. Only for rows that the requester has on screen
 * already, masked: nothing sensitive is run for a sample.
 */
function sampleOf(reviews: readonly PolicyRule[], { capability }: EvaluateInput): number | undefined {
  if (reviews.length === 0 || capability === 'run' || reviews.some((rule) => rule.sampleRows === undefined)) return undefined;
  return least(reviews.map((rule) => rule.sampleRows));
}

function earliest(rules: readonly PolicyRule[]): Escalation | undefined {
  const all = rules.flatMap((rule) => rule.escalation ?? []);
  return all.length === 0 ? undefined : { afterMs: Math.min(...all.map((each) => each.afterMs)), to: [...new Set(all.flatMap((each) => each.to))] };
}

/** Every deciding rule must allow it: a rule that is silent about breaking glass forbids it. */
function mayBreak(rules: readonly PolicyRule[], subject: Subject): BreakGlass | undefined {
  const own = memberships(subject);
  const glasses = rules.map((rule) => rule.breakGlass);
  const allowed = glasses.filter((glass) => glass !== undefined && mayFill({ anyOf: glass.who, count: 1 }, subject.id, own)) as BreakGlass[];
  if (rules.length === 0 || allowed.length !== rules.length || subject.kind !== 'person') return undefined;
  return {
    who: allowed.flatMap((glass) => glass.who),
    maxDurationMs: Math.min(...allowed.map((glass) => glass.maxDurationMs)),
    reviewers: [...new Set(allowed.flatMap((glass) => glass.reviewers))],
  };
}

/** Steps of every deciding rule, in file order; the same set of approvers is one step with the higher count. */
function mergeSteps(rules: readonly PolicyRule[]): readonly ApproverStep[] {
  const merged = new Map<string, ApproverStep>();
  for (const step of rules.flatMap((rule) => rule.steps)) {
    const key = [...new Set(step.anyOf)].sort().join('\n');
    const known = merged.get(key);
    merged.set(key, { anyOf: step.anyOf, count: Math.max(step.count, known?.count ?? 0) });
  }
  return [...merged.values()];
}

function maskedColumns(fired: readonly PolicyRule[], effect: Effect, input: EvaluateInput): readonly ColumnRef[] {
  const masked = new Map<string, ColumnRef>();
  for (const rule of fired) {
    for (const column of input.facts.sensitive) {
      if (column.use === 'write') continue;
      const named = rule.maskColumns !== 'sensitive' && rule.maskColumns.some((name) => names(name, column));
      // Effect mask without a list masks everything sensitive: there is no unmasked mask.
      const all = rule.maskColumns === 'sensitive' || (rule.effect === 'mask' && effect === 'mask' && rule.maskColumns.length === 0);
      if (!all && !named) continue;
      const { schema, table, column: name } = column;
      masked.set(columnName(column), { ...(schema === undefined ? {} : { schema }), table, column: name, access: 'read' });
    }
  }
  return [...masked.values()];
}

/** `ssn`, `customers.ssn` or `public.customers.ssn` names the column; case does not matter. */
function names(pattern: string, column: { readonly schema?: string; readonly table: string; readonly column: string }): boolean {
  const want = pattern.toLowerCase();
  const full = columnName(column).toLowerCase();
  return full === want || full.endsWith(`.${want}`);
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

const verbs = { run: 'reads', reveal: 'shows', export: 'exports' } as const;

/** "reads customers.ssn, customers.email in production": columns and places, never values. */
function sentence({ facts, connection, capability }: EvaluateInput): string {
  const columns = [...new Set(facts.sensitive.map((column) => `${column.table}.${column.column}`))];
  const shown = columns.slice(0, 4).join(', ') + (columns.length > 4 ? ` and ${columns.length - 4} more` : '');
  const verb = facts.readOnly ? verbs[capability] : 'changes';
  const written = facts.tables.filter((table) => table.access === 'write').map((table) => table.name);
  const object = shown !== '' ? shown : (!facts.readOnly && written.join(', ')) || (facts.opaque.length > 0 ? 'something that could not be understood' : 'data');
  return `${verb} ${object} in ${connection.environment}`;
}
