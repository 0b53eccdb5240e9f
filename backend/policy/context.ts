/**
 * What a condition may speak of, and its types. One table makes the CEL environment (so a misspelt name is an error when
 * the policy is loaded, not when somebody waits for an answer).
 */
import { Environment } from '@marcbachmann/cel-js';
import type { EvaluateInput } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import type { Subject } from '../identity/identity.ts';

const variables = {
  subject: {
    id: 'string', roles: 'list<string>', groups: 'list<string>', kind: 'string', agent: 'bool', agentName: 'string', owner: 'string', onCall: 'bool',
  },
  facts: {
    dialect: 'string', kind: 'string', readOnly: 'bool', statements: 'int', tables: 'list<string>', columns: 'list<string>',
    star: 'bool', functions: 'list<string>', exports: 'bool', opaque: 'list<string>', limit: 'int', estimatedRows: 'int',
    sensitive: 'bool', sensitiveColumns: 'list<string>', entities: 'list<string>', categories: 'list<string>',
  },
  connection: { id: 'string', environment: 'string', databaseUser: 'string' },
  scope: { columns: 'list<string>', maxRows: 'int', destination: 'string', format: 'string', use: 'string', durationMs: 'int' },
  network: { address: 'string', place: 'string' },
  calendar: { date: 'string', hour: 'int', minute: 'int', weekday: 'int', holiday: 'bool' },
  history: { rowsToday: 'int', revealsToday: 'int', requestsToday: 'int', denialsToday: 'int' },
} as const;

/** What the backend knows beside what the editor sent. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly address: string;
  /** Name of the place whose CIDR holds the address; empty when none does. */
  readonly place: string;
  readonly onCall: boolean;
  /** In the policy's zone; weekday 1 (Monday) to 7 (ISO 8601). */
  readonly calendar: { readonly date: string; readonly hour: number; readonly minute: number; readonly weekday: number; readonly holiday: boolean };
  readonly history: { readonly rowsToday: number; readonly revealsToday: number; readonly requestsToday: number; readonly denialsToday: number };
}

/** `unknown` numbers are -1: a condition such as `facts.estimatedRows < 0 || facts.estimatedRows > 1000` treats them as it likes. */
const unknown = -1n;

/** The typed environment of conditions: `action`, `now` (a CEL timestamp, with zones) and the variables above. */
export function policyEnvironment(): Environment {
  const environment = new Environment({ limits: { maxAstNodes: 2_000, maxDepth: 64 } });
  environment.registerVariable('action', 'string');
  environment.registerVariable('now', 'google.protobuf.Timestamp');
  for (const [name, schema] of Object.entries(variables)) environment.registerVariable({ name, schema });
  return environment;
}

export function policyContext(subject: Subject, input: EvaluateInput, around: Surroundings): object {
  const { facts, scope } = input;
  const int = (value: number | undefined): bigint => (value === undefined ? unknown : BigInt(Math.trunc(value)));
  return {
    action: input.capability,
    now: new Date(around.now),
    subject: {
      id: subject.id,
      roles: subject.roles,
      groups: subject.groups,
      kind: subject.kind,
      agent: input.agent !== undefined || subject.kind === 'agent',
      agentName: input.agent?.name ?? (subject.kind === 'agent' ? subject.name : ''),
      owner: subject.owner ?? '',
      onCall: around.onCall,
    },
    facts: {
      dialect: facts.dialect,
      kind: facts.kind,
      readOnly: facts.readOnly,
      statements: int(facts.statements),
      tables: facts.tables.map((table) => qualified(table.schema, table.name)),
      columns: facts.columns.map(columnName),
      star: facts.star,
      functions: facts.functions,
      exports: facts.exports,
      opaque: facts.opaque.map((opaque) => opaque.what),
      limit: int(facts.limit),
      estimatedRows: int(facts.estimatedRows),
      // What can't be understood is sensitive.
      sensitive: facts.sensitive.length > 0 || facts.opaque.length > 0 || facts.kind === 'unparsable',
      sensitiveColumns: facts.sensitive.map(columnName),
      entities: [...new Set(facts.sensitive.map((column) => column.entity))],
      categories: [...new Set(facts.sensitive.map((column) => column.category))],
    },
    connection: input.connection,
    scope: {
      columns: scope.columns.map(columnName),
      maxRows: int(scope.maxRows),
      destination: scope.destination.kind,
      format: scope.destination.format ?? '',
      use: scope.use,
      durationMs: int(scope.durationMs),
    },
    network: { address: around.address, place: around.place },
    calendar: {
      date: around.calendar.date,
      hour: int(around.calendar.hour),
      minute: int(around.calendar.minute),
      weekday: int(around.calendar.weekday),
      holiday: around.calendar.holiday,
    },
    history: {
      rowsToday: int(around.history.rowsToday),
      revealsToday: int(around.history.revealsToday),
      requestsToday: int(around.history.requestsToday),
      denialsToday: int(around.history.denialsToday),
    },
  };
}

/** `schema.table.column`, or without the schema where there is none. */
export function columnName(column: Pick<ColumnRef, 'schema' | 'table' | 'column'>): string {
  return `${qualified(column.schema, column.table)}.${column.column}`;
}

function qualified(schema: string | undefined, name: string): string {
  return schema === undefined || schema === '' ? name : `${schema}.${name}`;
}
