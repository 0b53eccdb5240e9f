/** The inbox's words: ages, durations, what is asked for in one sentence. Pure. */
import type { ApprovalRequest, ApproverStep, Destination } from '#core/wire/approval.ts';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import { t } from './text/text.ts';

/** `12 s`, `4 min`, `3 h`, `2 days`; both in milliseconds since the epoch. Never negative. */
export function age(then: number, now: number): string {
  const s = Math.max(0, Math.round((now - then) / 1000));
  if (s < 60) return `${s} ${t.time.s}`;
  if (s < 3600) return `${Math.floor(s / 60)} ${t.time.min}`;
  if (s < 86_400) return `${Math.floor(s / 3600)} ${t.time.h}`;
  return t.time.day(Math.floor(s / 86_400));
}

/** "just now", "4 min ago". */
export function ago(then: number, now: number): string {
  return now - then < 10_000 ? t.time.justNow : t.time.ago(age(then, now));
}

/** `15 minutes`, `1 hour`, `1 h 30 min`; from milliseconds. */
export function duration(ms: number): string {
  if (ms < 60_000) return t.time.second(Math.max(1, Math.round(ms / 1000)));
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return t.time.minute(minutes);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (rest > 0) return `${hours} ${t.time.h} ${rest} ${t.time.min}`;
  return hours % 24 === 0 ? t.time.day(hours / 24) : t.time.hour(hours);
}

/** "due in 3 h", "overdue by 2 days"; both in milliseconds since the epoch. */
export function dueText(dueAt: number, now: number): string {
  return dueAt > now ? t.time.dueIn(age(now, dueAt)) : t.time.overdueBy(age(dueAt, now));
}

/** The beginning of the headline: "Dana wants to run a query on", "You want to …". */
export function wants({ binding, facts, requester }: ApprovalRequest, own: boolean): string {
  const what = binding.capability === 'run' && !facts.readOnly ? 'write' : binding.capability;
  return own ? t.youWant[what] : `${requester.name} ${t.wants[what]}`;
}

/** "customers.ssn, customers.email and 3 more". */
export function columnList(columns: readonly { readonly table: string; readonly column: string }[], most = 3): string {
  const names = [...new Set(columns.map((c) => `${c.table}.${c.column}`))];
  return names.length <= most ? joined(names) : `${names.slice(0, most).join(', ')} ${t.and} ${t.more(names.length - most)}`;
}

/** What it touches, in one line: "reads customers.ssn and customers.email". */
export function touches({ facts, binding, scope }: ApprovalRequest): string {
  if (binding.capability === 'reveal' && scope.columns.length > 0) return t.touches.shows(columnList(scope.columns));
  if (binding.capability === 'export') return scope.columns.length > 0 ? t.touches.exports(columnList(scope.columns)) : t.touches.exportsMasked;
  const written = facts.sensitive.filter((c) => c.use === 'write');
  const read = facts.sensitive.filter((c) => c.use !== 'write');
  const parts = [
    ...(read.length > 0 ? [t.touches.reads(columnList(read))] : []),
    ...(written.length > 0 ? [t.touches.writes(columnList(written))] : []),
  ];
  if (parts.length === 0 && facts.opaque.length > 0) return t.touches.opaque;
  if (parts.length === 0) return t.touches.tables(joined([...new Set(facts.tables.map((table) => table.name))]) || t.touches.noTable);
  return joined(parts);
}

export function destinationName({ kind, format }: Destination): string {
  return format === undefined ? t.destination[kind] : `${t.destination[kind]} (${format.toUpperCase()})`;
}

/** "1 data-steward", "2 of dba or data-steward". */
export function stepName({ anyOf, count }: ApproverStep): string {
  return t.ofThese(count, anyOf.join(` ${t.or} `));
}

/** `user.government_id` → "Government id": the last part of a category key, in words. */
export function categoryName(category: string): string {
  const last = category.split('.').filter((part) => part !== '').at(-1) ?? category;
  const words = last.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const acronyms = new Set(['IBAN', 'SSN', 'NHS', 'IP', 'MAC', 'VAT', 'BIC', 'ID', 'IMEI', 'URL', 'US', 'UK']);

/** `EMAIL_ADDRESS` → "Email address"; `US_SSN` → "US SSN". */
export function entityName(entity: string): string {
  const words = entity.split('_').map((word) => (acronyms.has(word) ? word : word.toLowerCase())).join(' ');
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

function joined(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${t.and} ${names.at(-1)}`;
}
