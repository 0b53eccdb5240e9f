/**
 * A policy's condition in words, clause by clause, and for the clauses that need nothing but the request: whether they hold. For display
 * only; the backend decided. A clause that is not understood is shown as it is written. Pure.
 */
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { t } from './text/text.ts';

export interface Clause {
  readonly words: string;
  /** False: `words` is the clause as written. */
  readonly understood: boolean;
  /** Absent where the request alone does not tell. */
  readonly holds?: boolean;
}

interface Known { readonly name: string; value(request: ApprovalRequest): string | number | undefined }
interface Flag { readonly yes: string; readonly no: string; value?(request: ApprovalRequest): boolean }

const known: Readonly<Record<string, Known>> = {
  'connection.environment': { name: t.policy.environment, value: (r) => r.binding.connection.environment },
  'connection.id': { name: t.policy.connection, value: (r) => r.binding.connection.id },
  action: { name: t.policy.action, value: (r) => r.binding.capability },
  'facts.kind': { name: t.policy.kind, value: (r) => r.facts.kind },
  'facts.estimatedRows': { name: t.policy.estimatedRows, value: (r) => r.facts.estimatedRows },
  'facts.limit': { name: t.policy.limit, value: (r) => r.facts.limit },
  'scope.maxRows': { name: t.policy.maxRows, value: (r) => r.scope.maxRows },
  'scope.destination': { name: t.policy.destination, value: (r) => r.scope.destination.kind },
  'subject.id': { name: t.policy.requester, value: (r) => r.requester.id },
};
const flags: Readonly<Record<string, Flag>> = {
  'facts.sensitive': { yes: t.policy.sensitive, no: t.policy.notSensitive, value: (r) => r.facts.sensitive.length > 0 || r.facts.opaque.length > 0 },
  'facts.readOnly': { yes: t.policy.readOnly, no: t.policy.notReadOnly, value: (r) => r.facts.readOnly },
  'facts.exports': { yes: t.policy.exports, no: t.policy.notExports, value: (r) => r.facts.exports },
  'facts.opaque': { yes: t.policy.opaque, no: t.policy.notOpaque, value: (r) => r.facts.opaque.length > 0 },
  'facts.star': { yes: t.policy.star, no: t.policy.notStar, value: (r) => r.facts.star },
  'subject.agent': { yes: t.policy.agent, no: t.policy.notAgent, value: (r) => r.agent !== undefined },
  'subject.onCall': { yes: t.policy.onCall, no: t.policy.notOnCall },
};
const comparisons: Readonly<Record<string, string>> = { '==': t.policy.is, '!=': t.policy.isNot, '>': t.policy.above, '>=': t.policy.atLeast, '<': t.policy.below, '<=': t.policy.atMost };

export function clausesOf(condition: string, request: ApprovalRequest): readonly Clause[] {
  return splitAnd(condition).map((clause) => readClause(clause, request));
}

function readClause(source: string, request: ApprovalRequest): Clause {
  const text = source.trim();
  if (text === 'true') return { words: t.policy.always, understood: true, holds: true };
  const flagged = /^(!?)([\w.]+)$/.exec(text);
  const flag = flagged?.[2] === undefined || !Object.hasOwn(flags, flagged[2]) ? undefined : flags[flagged[2]];
  if (flag !== undefined) {
    const wanted = flagged?.[1] === '';
    const value = flag.value?.(request);
    return { words: wanted ? flag.yes : flag.no, understood: true, ...(value === undefined ? {} : { holds: value === wanted }) };
  }
  const compared = /^([\w.]+)\s*(==|!=|>=|<=|>|<|in)\s*(.+)$/s.exec(text);
  const field = compared?.[1] === undefined || !Object.hasOwn(known, compared[1]) ? undefined : known[compared[1]];
  const literal = literalOf(compared?.[3] ?? '');
  if (field === undefined || literal === undefined || compared?.[2] === undefined) return { words: text, understood: false };
  const operator = compared[2];
  const value = field.value(request);
  if (operator === 'in') {
    if (!Array.isArray(literal)) return { words: text, understood: false };
    return { words: `${field.name} ${t.policy.is} ${either(literal)}`, understood: true, ...(value === undefined ? {} : { holds: literal.includes(value) }) };
  }
  if (Array.isArray(literal)) return { words: text, understood: false };
  return { words: `${field.name} ${comparisons[operator] ?? operator} ${literal}`, understood: true, ...(value === undefined ? {} : { holds: compare(value, operator, literal) }) };
}

function compare(value: string | number, operator: string, literal: string | number): boolean {
  switch (operator) {
    case '==': return value === literal;
    case '!=': return value !== literal;
    case '>': return value > literal;
    case '>=': return value >= literal;
    case '<': return value < literal;
    default: return value <= literal;
  }
}

type Literal = string | number | (string | number)[];
function literalOf(text: string): Literal | undefined {
  const trimmed = text.trim();
  if (!/^(?:\[[^[\]]*\]|"[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?)$/.test(trimmed)) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed.replaceAll("'", '"'));
    if (Array.isArray(value)) return value.every((v) => typeof v === 'string' || typeof v === 'number') ? value as (string | number)[] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** At `&&` outside of brackets and quotes. */
function splitAnd(condition: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from, quote] = [0, 0, ''];
  for (let i = 0; i < condition.length; i += 1) {
    const c = condition.charAt(i);
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) depth -= 1;
    else if (depth === 0 && condition.startsWith('||', i)) return [condition];
    else if (depth === 0 && condition.startsWith('&&', i)) {
      parts.push(condition.slice(from, i));
      from = i + 2;
    }
  }
  return [...parts, condition.slice(from)];
}

function either(values: readonly (string | number)[]): string {
  return values.length < 2 ? String(values[0] ?? t.policy.none) : `${values.slice(0, -1).join(', ')} ${t.or} ${values.at(-1)}`;
}
