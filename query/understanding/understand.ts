/** What a statement does, from every source at once: the parser, the catalogue, the inventory and the database itself. */
import type { Detector } from '#core/engine/detector.ts';
import type { Analyser, Lineage, LineageSource } from '#core/statement/analyse.ts';
import { type Assessment, assess } from '#core/statement/assess.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { Inventory } from '#core/statement/inventory.ts';
import type { Dialect, SensitiveColumn, StatementFacts } from '#core/wire/statement.ts';
import type { ColumnOrigin, Description, Session } from '#query/drivers/driver.ts';

export interface Understanding {
  readonly statement: string;
  readonly facts: StatementFacts;
  readonly lineage: Lineage;
  readonly assessment: Assessment;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  /** The statement with its literals masked. */
  readonly preview: string;
  readonly redactions: number;
}

export interface ToUnderstand {
  readonly analyser: Analyser;
  readonly detector: Detector;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly dialect: Dialect;
  /** What the database says of it without running it, where it can. */
  readonly description?: Description;
}

export function understand(statement: string, { analyser, detector, catalogue, inventory, dialect, description }: ToUnderstand): Understanding {
  const facts = withDescription(analyser.facts(statement, dialect, catalogue, inventory), description, inventory);
  const { preview, redactions } = analyser.preview(statement, dialect, detector);
  return {
    statement, facts, catalogue, inventory, preview, redactions: redactions.length,
    lineage: analyser.lineage(statement, dialect, catalogue, inventory),
    assessment: assess(facts, statement),
  };
}

/**
 * Asks the server's planner for a second look at a single read (views, rules, inheritance, row security expanded). What it
 * finds beyond the parser is added as read, and then no column's lineage is taken as told: the two disagree.
 * Never throws for what the server refuses to plan.
 */
export async function withPlan(understood: Understanding, session: Session): Promise<Understanding> {
  const { facts, statement, inventory } = understood;
  if (!worthPlanning(understood, session)) return understood;
  const planned = await session.plannedReads?.(statement, facts.parameters.length);
  const known = new Set(facts.sensitive.map((s) => key(s)));
  const added = existing(planned ?? [], understood.catalogue).flatMap((origin): SensitiveColumn[] => {
    const found = inventory.sensitivity({ ...(origin.schema === undefined ? {} : { schema: origin.schema }), name: origin.table }, origin.column);
    return found && !known.has(key(origin)) ? [{ ...origin, entity: found.entity, category: found.category, use: 'output' }] : [];
  });
  if (added.length === 0) return understood;
  const wider: StatementFacts = { ...facts, sensitive: [...facts.sensitive, ...added] };
  const sources = added.map(({ schema, table, column, entity, category }): LineageSource => ({
    ...(schema === undefined ? {} : { schema }), table, column, direct: false, sensitivity: { entity, category, confidence: 1, source: 'inventory' },
  }));
  const { unplaced } = understood.lineage;
  return {
    ...understood, facts: wider, assessment: assess(wider, statement),
    lineage: { outputs: [], complete: false, unplaced: { ...unplaced, sources: [...unplaced.sources, ...sources], uncertain: true } },
  };
}

/** Planning evaluates functions that always give the same, so nothing in the statement may be opaque. */
function worthPlanning({ facts, catalogue }: Understanding, session: Session): boolean {
  if (!session.plannedReads || facts.kind !== 'select' || !facts.readOnly || facts.statements !== 1 || facts.opaque.length > 0 || facts.tables.length === 0) return false;
  // PostgreSQL plans what is there; MySQL's note is the text again with its views merged, so only views can bring news.
  return session.dialect === 'postgresql' || facts.tables.some((t) => catalogue.resolve(t.schema, t.name, { schema: true, table: true })?.kind === 'view');
}

/** Columns that the catalogue knows, as it spells them; a star is every column of its table. */
function existing(planned: readonly ColumnOrigin[], catalogue: Catalogue): readonly ColumnOrigin[] {
  return planned.flatMap(({ schema, table, column }) => {
    const found = catalogue.resolve(schema, table, { schema: true, table: true });
    const columns = found?.columns.filter((c) => column === '*' || c.name === column) ?? [];
    return columns.map((c) => ({ ...(found?.schema === undefined ? {} : { schema: found.schema }), table: found?.name ?? table, column: c.name }));
  });
}

/** The database's own word can only add to what the parser found. */
function withDescription(facts: StatementFacts, description: Description | undefined, inventory: Inventory): StatementFacts {
  if (!description) return facts;
  const known = new Set(facts.sensitive.map((s) => key(s)));
  const added: SensitiveColumn[] = [];
  const add = (origin: ColumnOrigin, use: SensitiveColumn['use']): void => {
    const found = inventory.sensitivity({ ...(origin.schema === undefined ? {} : { schema: origin.schema }), name: origin.table }, origin.column);
    if (!found || known.has(key(origin))) return;
    known.add(key(origin));
    added.push({ ...origin, entity: found.entity, category: found.category, use });
  };
  for (const column of description.columns) if (column.origin) add(column.origin, 'output');
  for (const read of description.reads ?? []) add(read, 'filter');
  return added.length === 0 ? facts : { ...facts, sensitive: [...facts.sensitive, ...added] };
}

/** Without the schema: one mention of a column is enough. */
function key({ table, column }: { readonly table: string; readonly column: string }): string {
  return `${table}\u0000${column}`.toLowerCase();
}

/** For further result sets of a statement: its lineage speaks of the first one only. */
export function withoutLineage(understood: Understanding): Understanding {
  const { unplaced } = understood.lineage;
  return { ...understood, lineage: { outputs: [], complete: false, unplaced: { ...unplaced, uncertain: true } } };
}
