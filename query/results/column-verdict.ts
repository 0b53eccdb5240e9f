/**
 * What is known against each column of a result. Provenance by the driver, lineage by the parser, the column's name and
 * a sample of its values are all asked, and the most sensitive answer holds: none of them can clear a column that
 * another one accuses.
 */
import type { Detector } from '#core/engine/detector.ts';
import type { Lineage, LineageOutput } from '#core/statement/analyse.ts';
import type { Inventory, SensitivitySource } from '#core/statement/inventory.ts';
import type { ColumnRef, StatementFacts } from '#core/wire/statement.ts';
import type { ColumnOrigin, DriverColumn } from '#query/drivers/driver.ts';

export interface ColumnVerdict {
  readonly name: string;
  readonly databaseType: string;
  readonly origin?: ColumnOrigin;
  /** Every value of the column is masked whole. */
  readonly masked: boolean;
  /** Absent when something sensitive may be in the column but nobody can say what. */
  readonly entity?: string;
  readonly category?: string;
  /** For people, worst first: "customers.ssn: US social security number (policy)". Holds no value. */
  readonly reasons: readonly string[];
  /** True when the values are those of a base column, handed on as they are. */
  readonly direct: boolean;
  /** What a reveal or an export in clear of this column has to be granted for. Never empty. */
  readonly clear: readonly ColumnRef[];
  /** Found in the result, not declared by the statement's facts. */
  readonly drift: boolean;
}

export interface VerdictInput {
  readonly columns: readonly DriverColumn[];
  readonly facts: StatementFacts;
  readonly lineage: Lineage;
  readonly inventory: Inventory;
  readonly detector: Detector;
  /** True when the origin is a base table: a view's column says nothing of what is behind it. */
  readonly isBaseTable: (origin: ColumnOrigin) => boolean;
  /** Up to a few hundred values of a column as text. */
  readonly sample: (column: number) => readonly string[];
}

/** Below this a name or a sample accuses nobody: the threshold at which findings are shown. */
const MIN_CONFIDENCE = 0.5;

const sourceWords: Readonly<Record<SensitivitySource, string>> = {
  name: 'by its name', sample: 'by its values', label: 'labelled in the database', inventory: 'inventory', policy: 'policy', user: 'said by a user',
};

interface Accusation { readonly reason: string; readonly confidence: number; readonly entity?: string; readonly category?: string; readonly undeclared?: boolean }

export function judgeColumns(input: VerdictInput): ColumnVerdict[] {
  const titles = new Map(input.detector.entities().map((e) => [e.entity, e.title]));
  const said: Said = { ...input, title: (entity) => titles.get(entity) ?? entity };
  return input.columns.map((column, index) => judge(said, column, index));
}

/** With the words in which people speak of an entity. */
interface Said extends VerdictInput { readonly title: (entity: string) => string }

function judge(input: Said, column: DriverColumn, index: number): ColumnVerdict {
  const output = lineageOf(input, column, index);
  const accusations = [
    ...byType(column), ...byOrigin(input, column), ...byLineage(input, output), ...byDoubt(input, column, output), ...byName(input, column), ...byValues(input, column, index),
  ];
  const named = accusations.filter((a) => a.entity !== undefined).sort((a, b) => b.confidence - a.confidence);
  const declared = new Set(input.facts.sensitive.filter((s) => s.use !== 'write').map((s) => s.entity));
  const worst = named[0];
  return {
    name: column.name, databaseType: column.databaseType,
    ...(column.origin ? { origin: column.origin } : {}),
    masked: accusations.length > 0,
    ...(worst?.entity === undefined ? {} : { entity: worst.entity }),
    ...(worst?.category === undefined ? {} : { category: worst.category }),
    reasons: [...new Set(accusations.map((a) => a.reason))],
    direct: output.sources.every((s) => s.direct) && (byDriver(input, column) || (!output.uncertain && output.sources.length > 0)),
    clear: clearRefs(column, output),
    drift: worst?.entity !== undefined && !named.some((a) => a.undeclared !== true) && !declared.has(worst.entity),
  };
}

/**
 * What the parser says of one column. Where it can't tell the columns apart, any of them may come from anything that
 * reaches the result: all of it counts against a column without a sure origin. One with a sure origin holds that base
 * column's own values, but they may have been picked by a computed sensitive one (`JOIN digits d ON d.d = substr(ssn, 1, 1)`).
 */
function lineageOf({ lineage, columns, ...input }: VerdictInput, column: DriverColumn, index: number): LineageOutput {
  const placed = lineage.complete && lineage.outputs.length === columns.length ? lineage.outputs[index] : undefined;
  if (placed) return placed;
  const suspects = lineage.unplaced.sources.filter((s) => s.sensitivity !== undefined && !(s.direct && byDriver({ lineage, columns, ...input }, column)));
  return { name: column.name, sources: suspects, uncertain: lineage.unplaced.uncertain || suspects.length > 0 };
}

/** Expressions as PostgreSQL keeps them hold their constants byte by byte, where no detector sees them. */
function byType({ databaseType }: DriverColumn): Accusation[] {
  return databaseType === 'pg_node_tree' ? [{ reason: 'holds constants in the server\'s own encoding', confidence: 0 }] : [];
}

function byOrigin({ inventory, title }: Said, { origin }: DriverColumn): Accusation[] {
  if (!origin) return [];
  const found = inventory.sensitivity(tableOf(origin), origin.column);
  return found ? [{ reason: `${origin.table}.${origin.column}: ${title(found.entity)} (${sourceWords[found.source]})`, entity: found.entity, category: found.category, confidence: 1 + found.confidence }] : [];
}

function byLineage({ title }: Said, output: LineageOutput): Accusation[] {
  return output.sources.flatMap(({ sensitivity, table, column, direct }) => sensitivity
    ? [{ reason: `${direct ? '' : 'computed from '}${table}.${column}: ${title(sensitivity.entity)} (${sourceWords[sensitivity.source]})`, entity: sensitivity.entity, category: sensitivity.category, confidence: 1 + sensitivity.confidence }]
    : []);
}

/** A column whose source nobody can tell is masked as soon as the statement touches anything sensitive or not understood. */
function byDoubt(input: VerdictInput, column: DriverColumn, output: LineageOutput): Accusation[] {
  const { facts } = input;
  if (byDriver(input, column) || !output.uncertain) return [];
  const reads = facts.sensitive.find((s) => s.use !== 'write');
  if (reads) return [{ reason: `where it comes from can't be told, and the statement reads ${reads.table}.${reads.column}`, confidence: 0 }];
  const opaque = facts.opaque[0];
  if (opaque) return [{ reason: `where it comes from can't be told: ${opaque.detail || opaque.what}`, confidence: 0 }];
  return facts.tables.length > 0 ? [{ reason: 'where it comes from can\'t be told', confidence: 0 }] : [];
}

/** The database itself names a base column as the source of the very values. */
function byDriver({ isBaseTable }: VerdictInput, { origin, originUncertain }: DriverColumn): boolean {
  return origin !== undefined && originUncertain !== true && isBaseTable(origin);
}

/** The inventory has judged the base column by its name already, corrections included: what is left is the alias. */
function byName(input: Said, column: DriverColumn): Accusation[] {
  const { name, origin } = column;
  if (origin?.column === name && byDriver(input, column)) return [];
  const [verdict] = input.detector.classifyName(name, origin ? [origin.table] : []);
  if (!verdict || verdict.confidence < MIN_CONFIDENCE) return [];
  return [{ reason: `${input.title(verdict.entity)}: ${verdict.reason}`, entity: verdict.entity, category: verdict.category, confidence: verdict.confidence, undeclared: true }];
}

function byValues({ detector, sample, title }: Said, column: DriverColumn, index: number): Accusation[] {
  const values = sample(index);
  if (values.length === 0) return [];
  const verdict = detector.classifyColumn(values, { name: column.name, databaseType: column.databaseType, ...(column.origin ? { path: [column.origin.table] } : {}) });
  if (!verdict || verdict.confidence < MIN_CONFIDENCE) return [];
  return [{ reason: `${title(verdict.entity)}: ${verdict.reason}`, entity: verdict.entity, category: verdict.category, confidence: verdict.confidence, undeclared: true }];
}

function tableOf(origin: ColumnOrigin): { schema?: string; name: string } {
  return { ...(origin.schema === undefined ? {} : { schema: origin.schema }), name: origin.table };
}

/** Base columns behind a result column. One that can't be traced is named by itself, so that it can still be asked for. */
function clearRefs(column: DriverColumn, output: LineageOutput): readonly ColumnRef[] {
  const refs = new Map<string, ColumnRef>();
  const add = (origin: ColumnOrigin): void => {
    const ref: ColumnRef = { ...(origin.schema === undefined ? {} : { schema: origin.schema }), table: origin.table, column: origin.column, access: 'read' };
    refs.set(`${ref.schema ?? ''}.${ref.table}.${ref.column}`.toLowerCase(), ref);
  };
  for (const source of output.sources) add(source);
  if (column.origin && ![...refs.values()].some((r) => r.table === column.origin?.table && r.column === column.origin.column)) add(column.origin);
  if (refs.size === 0) add({ table: '(result)', column: column.name || '(unnamed)' });
  return [...refs.values()];
}
