/** Makes the analyser: parsers' trees → our tree → resolved facts and lineage. */
import type { Dialect, Opaque, SensitiveColumn, StatementFacts, StatementKind } from '../wire/statement.ts';
import type { Analyser, AnalyserOptions, Lineage, LineageOutput, LineageSource } from './analyse.ts';
import type { Catalogue } from './catalogue.ts';
import { type Collector, createCollector } from './collector.ts';
import { findHazards } from './hazards.ts';
import type { Inventory } from './inventory.ts';
import type { Query, Statement } from './ir.ts';
import { lex, type Token } from './lexer.ts';
import { statementsFromPostgres } from './postgres/statement.ts';
import { pragmaStatement } from './pragma.ts';
import { preview } from './preview.ts';
import type { Derived } from './relations.ts';
import { createResolver, type Result } from './resolver.ts';
import { split } from './split.ts';
import { statementsFromSqlparser } from './sqlparser/statement.ts';
import { suggest } from './suggest.ts';

const defaultMaxLength = 100_000;
/** Parsed views are kept: a catalogue names the same ones again and again. */
const maxCachedViews = 500;

interface Analysis { readonly facts: StatementFacts; readonly lineage: Lineage }

export function createAnalyser(options: AnalyserOptions): Analyser {
  const { parsers } = options;
  const maxLength = options.maxLength ?? defaultMaxLength;
  const views = new Map<string, readonly Statement[] | undefined>();
  let last: { readonly text: string; readonly dialect: Dialect; readonly catalogue: Catalogue; readonly inventory: Inventory; readonly analysis: Analysis } | undefined;

  const analyser: Analyser = {
    split,
    facts: (text, dialect, catalogue, inventory) => analyse(text, dialect, catalogue, inventory).facts,
    lineage: (text, dialect, catalogue, inventory) => analyse(text, dialect, catalogue, inventory).lineage,
    preview,
    suggest: (text, dialect, catalogue, inventory, detector) => suggest({ analyser, text, dialect, catalogue, inventory, detector }),
  };
  return analyser;

  /** Facts and lineage are asked for one after the other: the newest analysis is kept. */
  function analyse(text: string, dialect: Dialect, catalogue: Catalogue, inventory: Inventory): Analysis {
    if (last && last.text === text && last.dialect === dialect && last.catalogue === catalogue && last.inventory === inventory) return last.analysis;
    const analysis = fresh(text, dialect, catalogue, inventory);
    last = { text, dialect, catalogue, inventory, analysis };
    return analysis;
  }

  function fresh(text: string, dialect: Dialect, catalogue: Catalogue, inventory: Inventory): Analysis {
    if (text.length > maxLength) return unread(dialect, [{ what: 'too-large', detail: `longer than ${maxLength} characters` }], 'unparsable', 1);
    const tokens = lex(text, dialect);
    const spans = split(text, dialect).length;
    const hazards = findHazards(text, dialect, tokens, catalogue);
    if (!hazards.parsable) return unread(dialect, hazards.opaque, 'unparsable', spans, hazards.exports);
    try {
      const parsed = parse(text, dialect, tokens);
      if ('failure' in parsed) {
        const opaque: Opaque = parsed.failure === 'crashed' ? { what: 'parser-failed', detail: '' } : { what: 'unparsable', detail: '' };
        return unread(dialect, [...hazards.opaque, opaque], 'unparsable', spans, hazards.exports);
      }
      const statements = parsed.statements;
      const first = statements[0];
      if (!first) return unread(dialect, hazards.opaque, 'other', 0);
      const collector = createCollector();
      hazards.opaque.forEach(collector.problem);
      for (const caution of catalogue.cautions) collector.problem({ what: 'ambiguous', detail: caution });
      if (hazards.exports) collector.exports = true;
      const resolver = createResolver({
        dialect, catalogue, inventory, collector,
        parse: (sql) => parseView(sql, dialect),
      });
      const results = statements.map((statement) => resolver.statement(statement));
      const count = Math.max(statements.length, spans);
      if (statements.length !== spans) collector.problem({ what: 'ambiguous', detail: 'the number of statements' });
      const result: Result = results.length === 1 && results[0] ? results[0]
        : { outputs: [], complete: false, unplaced: { name: '', sources: results.flatMap((r) => [...r.outputs, ...(r.unplaced ? [r.unplaced] : [])]).flatMap((o) => o.sources), uncertain: true }, implicit: [] };
      return {
        facts: factsOf({ dialect, statements, count, collector, result, parameters: parametersOf(text, tokens) }),
        lineage: catalogue.cautions.length > 0 ? { ...unknownLineage, unplaced: { ...lineageOf(result).unplaced, uncertain: true } } : lineageOf(result),
      };
    } catch (error) {
      // Deep trees overflow the stack here as they do in the parsers.
      return unread(dialect, [...hazards.opaque, { what: 'parser-failed', detail: error instanceof RangeError ? 'nested too deep' : '' }], 'unparsable', spans, hazards.exports);
    }
  }

  function parse(text: string, dialect: Dialect, tokens: readonly Token[]): { readonly statements: readonly Statement[] } | { readonly failure: 'syntax' | 'crashed' } {
    const pragma = dialect === 'sqlite' ? pragmaStatement(text, tokens) : undefined;
    if (pragma) return { statements: [pragma] };
    if (tokens.every((token) => token.kind === 'comment')) return { statements: [] };
    const outcome = dialect === 'postgresql' ? parsers.postgresql(text) : parsers.generic(text, dialect);
    if (!outcome.ok) return { failure: outcome.failure };
    return { statements: dialect === 'postgresql' ? statementsFromPostgres(outcome.ast) : statementsFromSqlparser(outcome.ast, dialect) };
  }

  function parseView(sql: string, dialect: Dialect): readonly Statement[] | undefined {
    const key = `${dialect}\u0000${sql}`;
    if (views.has(key)) return views.get(key);
    const parsed = sql.length > maxLength ? { failure: 'syntax' as const } : parse(sql, dialect, lex(sql, dialect));
    const statements = 'failure' in parsed ? undefined : parsed.statements;
    if (views.size >= maxCachedViews) views.clear();
    // A crash is not an answer to remember.
    if (!('failure' in parsed && parsed.failure === 'crashed')) views.set(key, statements);
    return statements;
  }
}

const unknownLineage: Lineage = { outputs: [], complete: false, unplaced: { name: '', sources: [], uncertain: true } };

/** Facts of a text that was not read: everything is possible. */
function unread(dialect: Dialect, opaque: readonly Opaque[], kind: StatementKind, statements: number, exports = false): Analysis {
  return {
    facts: {
      dialect, kind, readOnly: false, statements, tables: [], columns: [], star: false, functions: [], exports, opaque, parameters: [], sensitive: [],
    },
    lineage: unknownLineage,
  };
}

interface FactsInput {
  readonly dialect: Dialect;
  readonly statements: readonly Statement[];
  readonly count: number;
  readonly collector: Collector;
  readonly result: Result;
  readonly parameters: readonly string[];
}

function factsOf({ dialect, statements, count, collector, result, parameters }: FactsInput): StatementFacts {
  const first = statements[0];
  const outputs = [...result.outputs, ...(result.unplaced ? [result.unplaced] : [])].flatMap((output) => output.sources);
  const moved = collector.exports || first?.kind === 'ddl' || first?.kind === 'insert';
  const isOutput = (source: LineageSource): boolean => moved || outputs.some((o) => o.table === source.table && o.column === source.column && o.schema === source.schema);
  const limit = statements.length === 1 ? limitOf(first?.query) : undefined;
  const sensitive = [...collector.sources.values()].flatMap((source): readonly SensitiveColumn[] => (source.sensitivity ? [{
    ...(source.schema !== undefined && { schema: source.schema }), table: source.table, column: source.column,
    entity: source.sensitivity.entity, category: source.sensitivity.category,
    use: source.access === 'write' ? 'write' : isOutput(source) ? 'output' : 'filter',
  }] : []));
  const rank = { output: 0, write: 1, filter: 2 } as const;
  return {
    dialect,
    kind: first?.kind ?? 'other',
    readOnly: statements.every((statement) => statement.readOnly) && !collector.writes,
    statements: count,
    tables: [...collector.tables.values()],
    columns: [...collector.columns.values()],
    star: collector.star,
    functions: [...collector.functions],
    exports: collector.exports,
    opaque: [...collector.opaque.values()],
    parameters,
    ...(limit !== undefined && { limit }),
    sensitive: sensitive.sort((a, b) => rank[a.use] - rank[b.use]),
    ...(collector.rows !== undefined && { estimatedRows: limit === undefined ? collector.rows : Math.min(limit, collector.rows) }),
  };
}

function limitOf(query: Query | undefined): number | undefined {
  if (!query) return undefined;
  return query.limit ?? (query.body.is === 'nested' ? limitOf(query.body.query) : undefined);
}

function lineageOf(result: Result): Lineage {
  const output = (derived: Derived): LineageOutput => ({ name: derived.name, sources: derived.sources, uncertain: derived.uncertain, ...(derived.relation !== undefined && { relation: derived.relation }) });
  const merged = result.unplaced ?? { name: '', sources: result.outputs.flatMap((o) => o.sources), uncertain: result.outputs.some((o) => o.uncertain) };
  return { outputs: result.outputs.map(output), complete: result.complete, unplaced: output(merged) };
}

/** Placeholders in order, each named one once. */
function parametersOf(text: string, tokens: readonly Token[]): readonly string[] {
  const all = tokens.filter((token) => token.kind === 'parameter').map((token) => text.slice(token.start, token.end)).filter((name) => !name.startsWith('@@'));
  return all.filter((name, index) => name === '?' || all.indexOf(name) === index);
}
