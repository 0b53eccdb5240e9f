/**
 * A policy's condition in words, clause by clause, and for the clauses that need nothing but the request: whether they hold. For display
 * only; the backend decided. A clause that is not understood is shown as it is written. Pure.
 */
import type { ApprovalRequest } from '#core/wire/approval.ts';

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
  'connection.environment': { name: 'environment', value: (r) => r.binding.connection.environment },
  'connection.id': { name: 'connection', value: (r) => r.binding.connection.id },
  action: { name: 'action', value: (r) => r.binding.capability },
  'facts.kind': { name: 'kind of statement', value: (r) => r.facts.kind },
  'facts.estimatedRows': { name: 'estimated rows', value: (r) => r.facts.estimatedRows },
  'facts.limit': { name: 'row limit in the statement', value: (r) => r.facts.limit },
  'scope.maxRows': { name: 'rows asked for', value: (r) => r.scope.maxRows },
  'scope.destination': { name: 'destination', value: (r) => r.scope.destination.kind },
  'subject.id': { name: 'requester', value: (r) => r.requester.id },
};
const flags: Readonly<Record<string, Flag>> = {
  'facts.sensitive': { yes: 'touches sensitive columns', no: 'touches no sensitive column', value: (r) => r.facts.sensitive.length > 0 || r.facts.opaque.length > 0 },
  'facts.readOnly': { yes: 'only reads', no: 'writes', value: (r) => r.facts.readOnly },
  'facts.exports': { yes: 'writes data out of the database itself', no: 'writes no data out of the database itself', value: (r) => r.facts.exports },
  'facts.opaque': { yes: 'not fully understood', no: 'fully understood', value: (r) => r.facts.opaque.length > 0 },
  'facts.star': { yes: 'selects every column', no: 'names its columns', value: (r) => r.facts.star },
  'subject.agent': { yes: 'asked by an agent', no: 'asked by a person', value: (r) => r.agent !== undefined },
  'subject.onCall': { yes: 'requester is on call', no: 'requester is not on call' },
};
const comparisons: Readonly<Record<string, string>> = { '==': 'is', '!=': 'is not', '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most' };

export function clausesOf(condition: string, request: ApprovalRequest): readonly Clause[] {
  return splitAnd(condition).map((clause) => readClause(clause, request));
}

function readClause(source: string, request: ApprovalRequest): Clause {
  const text = source.trim();
  if (text === 'true') return { words: 'always', understood: true, holds: true };
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
    return { words: `${field.name} is ${either(literal)}`, understood: true, ...(value === undefined ? {} : { holds: literal.includes(value) }) };
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
  return values.length < 2 ? String(values[0] ?? 'none') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
