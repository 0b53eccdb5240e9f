/**
 * Policy tests as data: "this person, this query, at this hour, from there → 2 × dba". `pii-gate policy test` runs them,
 * `pii-gate policy explain` shows for each which rules fired.
 */
import { isMap, isSeq, type YAMLMap } from 'yaml';
import type { Capability, Effect, EvaluateInput } from '#core/wire/approval.ts';
import type { Environment, SensitiveColumn, StatementFacts } from '#core/wire/statement.ts';
import type { Subject } from '../identity/identity.ts';
import type { Surroundings } from './context.ts';
import { judge, type Judgement } from './evaluate.ts';
import type { Policy, PolicyProblem } from './policy.ts';
import { calendarAt } from './surroundings.ts';
import { YamlReader } from './yaml-reader.ts';

export interface PolicyCase {
  readonly name: string;
  readonly line: number;
  readonly subject: Subject;
  readonly input: EvaluateInput;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly address: string;
  readonly history: Surroundings['history'];
  readonly expect: Expectation;
}

export interface Expectation {
  readonly effect?: Effect;
  /** As people say it: `2 × dba`, `1 × data-steward or dba`. */
  readonly approvers?: readonly string[];
  readonly rules?: readonly string[];
  readonly maxRows?: number;
  readonly reasonRequired?: boolean;
}

export type ParsedCases =
  | { readonly ok: true; readonly cases: readonly PolicyCase[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

export interface CaseOutcome {
  readonly case: PolicyCase;
  readonly judgement: Judgement;
  /** What differs from the expectation; empty when all is as expected. */
  readonly differences: readonly string[];
}

export function runCase(policy: Policy, one: PolicyCase): CaseOutcome {
  const judgement = judge(policy, one.subject, one.input, {
    now: one.at, address: one.address, place: policy.surveys.place(one.address),
    onCall: policy.surveys.onCall(one.subject.id, one.at), calendar: calendarAt(policy.surveys, one.at), history: one.history,
  });
  const { verdict } = judgement;
  const { expect } = one;
  const differences: string[] = [];
  const compare = (what: string, wanted: unknown, got: unknown): void => {
    if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(got)) differences.push(`${what}: expected ${show(wanted)}, got ${show(got)}`);
  };
  compare('effect', expect.effect, verdict.effect);
  compare('approvers', expect.approvers?.map(normal), verdict.approvers.map((step) => `${step.count} × ${step.anyOf.join(' or ')}`));
  compare('rules', expect.rules && [...expect.rules].sort(), [...verdict.rules].sort());
  compare('max_rows', expect.maxRows, verdict.maxRows);
  compare('reason_required', expect.reasonRequired, verdict.reason.required);
  return { case: one, judgement, differences };
}

function normal(text: string): string {
  return text.replace(/^(\d+)\s*[x×]\s*/i, '$1 × ');
}
function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value ?? 'nothing');
}

const caseKeys = ['name', 'subject', 'action', 'environment', 'connection', 'kind', 'read_only', 'tables', 'sensitive', 'opaque', 'exports', 'estimated_rows', 'limit', 'agent', 'destination', 'use', 'duration', 'max_rows', 'at', 'address', 'history', 'expect'];

/** Reads a case file. Everything but `name`, `subject` and `expect` has a harmless default. */
export function parseCases(text: string): ParsedCases {
  const reader = new YamlReader(text);
  const root = reader.problems.length > 0 ? undefined : reader.map(reader.root, '"cases:" with a list');
  if (!root) return { ok: false, problems: reader.problems };
  reader.onlyKeys(root, ['cases', 'policy']);
  const cases = reader.items(root, 'cases').flatMap((item) => {
    const map = reader.map(item, 'a case: {name, subject, …, expect}');
    return map ? [readCase(reader, map)] : [];
  });
  if (cases.length === 0 && reader.problems.length === 0) reader.complain(root, 'there are no "cases"');
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, cases };
}

function readCase(reader: YamlReader, map: YAMLMap): PolicyCase {
  reader.onlyKeys(map, caseKeys);
  const section = (key: string, keys: readonly string[]): YAMLMap | undefined => {
    const node = map.get(key, true);
    const found = node === undefined ? undefined : reader.map(node, `"${key}" with ${keys.join(', ')}`);
    if (found) reader.onlyKeys(found, keys);
    return found;
  };
  const oneOf = <T extends string>(from: YAMLMap, key: string, values: readonly T[], fallback: T): T => {
    const value = from.get(key);
    if (value === undefined) return fallback;
    const found = values.find((each) => each === value);
    if (found === undefined) reader.complain(from.get(key, true), `"${key}" must be one of ${values.join(', ')}`);
    return found ?? fallback;
  };
  const who = section('subject', ['id', 'roles', 'groups', 'kind']);
  if (!who) reader.complain(map, 'a case needs "subject: {id, roles}"');
  const expected = section('expect', ['effect', 'approvers', 'rules', 'max_rows', 'reason_required']);
  if (!expected) reader.complain(map, 'a case needs "expect"');
  const past = section('history', ['rows_today', 'reveals_today', 'requests_today', 'denials_today']);
  const number = (from: YAMLMap | undefined, key: string): number | undefined => (from ? reader.count(from, key, 0, Number.MAX_SAFE_INTEGER) : undefined);
  const id = (who && reader.text(who, 'id')) ?? 'somebody';
  const at = reader.text(map, 'at');
  const atMs = at === undefined ? Date.UTC(2026, 0, 5, 12) : Date.parse(at);
  if (Number.isNaN(atMs)) reader.complain(map.get('at', true), '"at" must be a moment such as 2026-01-05T09:30:00+01:00');
  const effect = expected?.get('effect');
  const maxRows = number(map, 'max_rows');
  const agent = reader.text(map, 'agent');
  const connection = { id: reader.text(map, 'connection') ?? 'db', environment: oneOf<Environment>(map, 'environment', ['development', 'staging', 'production', 'critical'], 'production'), databaseUser: '' };
  return {
    name: reader.text(map, 'name') ?? `line ${reader.line(map)}`,
    line: reader.line(map),
    subject: {
      id, name: id, roles: who ? reader.texts(who, 'roles') : [], groups: who ? reader.texts(who, 'groups') : [], aliases: [],
      kind: who ? oneOf(who, 'kind', ['person', 'agent', 'service'], 'person') : 'person',
    },
    input: {
      facts: readFacts(reader, map, oneOf),
      connection,
      capability: oneOf<Capability>(map, 'action', ['run', 'reveal', 'export'], 'run'),
      scope: {
        columns: [], destination: { kind: oneOf(map, 'destination', ['grid', 'file', 'clipboard', 'agent'], 'grid') }, use: oneOf(map, 'use', ['once', 'window'], 'once'),
        durationMs: reader.duration(map, 'duration') ?? 900_000, ...(maxRows === undefined ? {} : { maxRows }),
      },
      ...(agent === undefined ? {} : { agent: { name: agent } }),
    },
    at: atMs,
    address: reader.text(map, 'address') ?? '127.0.0.1',
    history: { rowsToday: number(past, 'rows_today') ?? 0, revealsToday: number(past, 'reveals_today') ?? 0, requestsToday: number(past, 'requests_today') ?? 0, denialsToday: number(past, 'denials_today') ?? 0 },
    expect: {
      ...(effect === undefined || !expected ? {} : { effect: oneOf<Effect>(expected, 'effect', ['allow', 'mask', 'review', 'deny'], 'deny') }),
      ...(expected && isSeq(expected.get('approvers', true)) ? { approvers: reader.texts(expected, 'approvers') } : {}),
      ...(expected && isSeq(expected.get('rules', true)) ? { rules: reader.texts(expected, 'rules') } : {}),
      ...(expected?.has('max_rows') ? { maxRows: number(expected, 'max_rows') ?? 0 } : {}),
      ...(expected?.has('reason_required') ? { reasonRequired: reader.flag(expected, 'reason_required') } : {}),
    },
  };
}

type OneOf = <T extends string>(from: YAMLMap, key: string, values: readonly T[], fallback: T) => T;

/** `sensitive: [customers.ssn]`, or `{column: customers.ssn, entity: US_SSN, category: …}` where the policy asks for those. */
function readFacts(reader: YamlReader, map: YAMLMap, oneOf: OneOf): StatementFacts {
  const kind = oneOf(map, 'kind', ['select', 'insert', 'update', 'delete', 'merge', 'ddl', 'transaction', 'set', 'explain', 'show', 'call', 'copy', 'pragma', 'other', 'unparsable'], 'select');
  const sensitive = reader.items(map, 'sensitive').flatMap((item): SensitiveColumn[] => {
    const text = isMap(item) ? reader.text(item, 'column') : String((item as { value?: unknown }).value ?? '');
    const parts = (text ?? '').split('.');
    const column = parts.pop() ?? '';
    const table = parts.pop() ?? '';
    if (column === '' || table === '') {
      reader.complain(item, 'a sensitive column is written table.column');
      return [];
    }
    const entity = isMap(item) ? reader.text(item, 'entity') : undefined;
    const category = isMap(item) ? reader.text(item, 'category') : undefined;
    return [{ table, column, entity: entity ?? 'PERSON', category: category ?? 'user', use: 'output', ...(parts.length > 0 ? { schema: parts.join('.') } : {}) }];
  });
  const tables = [...new Set([...reader.texts(map, 'tables'), ...sensitive.map((column) => column.table)])];
  const readOnly = map.has('read_only') ? reader.flag(map, 'read_only') : ['select', 'explain', 'show', 'pragma'].includes(kind);
  const estimatedRows = reader.count(map, 'estimated_rows', 0, Number.MAX_SAFE_INTEGER);
  const limit = reader.count(map, 'limit', 0, Number.MAX_SAFE_INTEGER);
  return {
    dialect: 'postgresql', kind, readOnly, statements: 1, star: false, functions: [], parameters: [],
    tables: tables.map((name) => ({ name, access: readOnly ? 'read' : 'write' })),
    columns: sensitive.map(({ table, column }) => ({ table, column, access: 'read' })),
    exports: reader.flag(map, 'exports'),
    opaque: reader.flag(map, 'opaque') ? [{ what: 'ambiguous', detail: 'the case says so' }] : [],
    sensitive,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(limit === undefined ? {} : { limit }),
  };
}
