/** The inbox's words: ages, durations, what is asked for in one sentence. Pure. */
import type { ApprovalRequest, ApproverStep, Capability, Destination, RequestState } from '#core/wire/approval.ts';
import type { Environment, SensitiveColumn } from '#core/wire/statement.ts';

/** `12 s`, `4 min`, `3 h`, `2 days`; both in milliseconds since the epoch. Never negative. */
export function age(then: number, now: number): string {
  const s = Math.max(0, Math.round((now - then) / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  const days = Math.floor(s / 86_400);
  return days === 1 ? '1 day' : `${days} days`;
}

/** "just now", "4 min ago". */
export function ago(then: number, now: number): string {
  return now - then < 10_000 ? 'just now' : `${age(then, now)} ago`;
}

/** `15 minutes`, `1 hour`, `1 h 30 min`; from milliseconds. */
export function duration(ms: number): string {
  if (ms < 60_000) return count(Math.max(1, Math.round(ms / 1000)), 'second');
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (rest > 0) return `${hours} h ${rest} min`;
  if (hours % 24 === 0) return hours === 24 ? '1 day' : `${hours / 24} days`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

const number = new Intl.NumberFormat('en');
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number.format(n)} ${n === 1 ? one : many}`;
}

const does: Readonly<Record<Capability, string>> = {
  run: 'wants to run a query on', reveal: 'wants to see values in clear from', export: 'wants to export data from',
};
const doesWrite = 'wants to change data on';

/** The verb phrase of the headline: "wants to run a query on". */
export function wants({ binding, facts }: ApprovalRequest): string {
  return binding.capability === 'run' && !facts.readOnly ? doesWrite : does[binding.capability];
}

export const capabilityName: Readonly<Record<Capability, string>> = { run: 'Run', reveal: 'Reveal', export: 'Export' };
export const environmentName: Readonly<Record<Environment, string>> = {
  development: 'Development', staging: 'Staging', production: 'Production', critical: 'Critical',
};

const states: Readonly<Record<RequestState, string>> = {
  pending: 'Pending', changes_requested: 'Changes asked for', approved: 'Approved', denied: 'Denied', cancelled: 'Withdrawn',
  expired: 'Expired', consumed: 'Approved and used', revoked: 'Revoked',
};
export function stateName(state: RequestState): string {
  return states[state];
}

/** "customers.ssn, customers.email and 3 more". */
export function columnList(columns: readonly { readonly table: string; readonly column: string }[], most = 3): string {
  const names = [...new Set(columns.map((c) => `${c.table}.${c.column}`))];
  if (names.length <= most) return joined(names);
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** What it touches, in one line: "reads customers.ssn and customers.email". */
export function touches({ facts, binding, scope }: ApprovalRequest): string {
  if (binding.capability === 'reveal' && scope.columns.length > 0) return `shows ${columnList(scope.columns)} in clear`;
  if (binding.capability === 'export') return scope.columns.length > 0 ? `exports ${columnList(scope.columns)} in clear` : 'exports masked values';
  const written = facts.sensitive.filter((c) => c.use === 'write');
  const read = facts.sensitive.filter((c) => c.use !== 'write');
  const parts = [
    ...(read.length > 0 ? [`reads ${columnList(read)}`] : []),
    ...(written.length > 0 ? [`writes ${columnList(written)}`] : []),
  ];
  if (parts.length === 0 && facts.opaque.length > 0) return 'could not be understood fully, so it counts as sensitive';
  if (parts.length === 0) return `touches ${joined([...new Set(facts.tables.map((t) => t.name))]) || 'no known table'}`;
  return joined(parts);
}

export function destinationName({ kind, format }: Destination): string {
  const where = { grid: 'Shown in the editor', file: 'Written to a file', clipboard: 'Copied to the clipboard', agent: 'Given to an AI agent' }[kind];
  return format === undefined ? where : `${where} (${format.toUpperCase()})`;
}

/** "1 data-steward", "2 of dba or data-steward". */
export function stepName({ anyOf, count: n }: ApproverStep): string {
  const names = anyOf.join(' or ');
  return n === 1 ? `1 ${names}` : `${n} of ${names}`;
}

/** `user.government_id` → "Government id": the last part of a category key, in words. */
export function categoryName(category: string): string {
  const last = category.split('.').filter((part) => part !== '').at(-1) ?? category;
  const words = last.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Sensitive columns by category, in the order they were found. */
export function byCategory(columns: readonly SensitiveColumn[]): readonly { readonly category: string; readonly columns: readonly SensitiveColumn[] }[] {
  const groups = new Map<string, SensitiveColumn[]>();
  for (const column of columns) {
    const group = groups.get(column.category) ?? [];
    if (!group.some((c) => c.table === column.table && c.column === column.column && c.use === column.use)) group.push(column);
    groups.set(column.category, group);
  }
  return [...groups].map(([category, group]) => ({ category, columns: group }));
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `12,040`, for figures without a noun. */
export function figure(n: number): string {
  return number.format(n);
}

/** "reads customers.ssn" → "Reads customers.ssn." */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** "Dana Okafor" → "DO"; by code points, so that no emoji is cut in half. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return ([...first].slice(0, 1).join('') + [...last].slice(0, 1).join('')).toUpperCase();
}

const acronyms = new Set(['IBAN', 'SSN', 'NHS', 'IP', 'MAC', 'VAT', 'BIC', 'ID', 'IMEI', 'URL', 'US', 'UK']);

/** `EMAIL_ADDRESS` → "Email address"; `US_SSN` → "US SSN". */
export function entityName(entity: string): string {
  const words = entity.split('_').map((word) => (acronyms.has(word) ? word : word.toLowerCase())).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "due in 3 h", "overdue by 2 days"; both in milliseconds since the epoch. */
export function dueText(dueAt: number, now: number): string {
  return dueAt > now ? `due in ${age(now, dueAt)}` : `overdue by ${age(dueAt, now)}`;
}
