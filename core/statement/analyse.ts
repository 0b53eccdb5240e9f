/** Statement facts: what a SQL text does, found by real parsers, never by pattern matching. */
import type { Detector, TextEdit } from '../engine/detector.ts';
import type { ColumnRef, Dialect, StatementFacts } from '../wire/statement.ts';
import type { Catalogue } from './catalogue.ts';
import type { Inventory, Sensitivity } from './inventory.ts';

/** A statement within a text: UTF-16 offsets, without surrounding white space, leading comments and the final semicolon. */
export interface StatementSpan { readonly start: number; readonly end: number }

/** Where a column of the result comes from. */
export interface LineageSource extends Omit<ColumnRef, 'access'> {
  /** Set when the inventory calls the source sensitive. */
  readonly sensitivity?: Sensitivity;
  /** True when the value is handed on as it is; false when it went through an expression, a function or an aggregate. */
  readonly direct: boolean;
}

export interface LineageOutput {
  /** The result column's name as the database will give it, where the parser can tell; else empty. */
  readonly name: string;
  readonly sources: readonly LineageSource[];
  /** True when a source may be missing here: mask it. */
  readonly uncertain: boolean;
  /** For a column that a star brought: the table or alias it belongs to, as written. */
  readonly relation?: string | undefined;
}

/** Result columns in order. */
export interface Lineage {
  readonly outputs: readonly LineageOutput[];
  /** False when the number or the order of the result columns could not be told: judge every column by `unplaced`. */
  readonly complete: boolean;
  /** What any result column may come from. Also the verdict when `outputs` does not fit the result's columns. */
  readonly unplaced: LineageOutput;
}

export interface Preview {
  /** The statement with each literal that is personal, or could be, replaced by `<ENTITY>` or `<TEXT>`. */
  readonly preview: string;
  readonly redactions: readonly { readonly entity: string }[];
}

/** A change of the statement that would remove the need to ask, or make the approval smaller. */
export interface Suggestion {
  readonly kind: 'expand-star' | 'drop-columns' | 'mask-columns' | 'add-limit' | 'literal-to-parameter';
  /** For the quick-fix menu. */
  readonly title: string;
  /** Offsets within the statement text. */
  readonly edits: readonly TextEdit[];
  /** True when the changed statement would run at once. */
  readonly harmless: boolean;
}

/**
 * All methods are synchronous and never throw: what is not understood goes into `opaque`, `uncertain` or
 * `complete: false`. Statement texts above the size cap are not parsed at all.
 */
export interface Analyser {
  /** The statements of a file in order. Offsets are UTF-16 units of `text`. */
  split(text: string, dialect: Dialect): readonly StatementSpan[];
  facts(text: string, dialect: Dialect, catalogue: Catalogue, inventory: Inventory): StatementFacts;
  lineage(text: string, dialect: Dialect, catalogue: Catalogue, inventory: Inventory): Lineage;
  preview(text: string, dialect: Dialect, detector: Detector): Preview;
  /** Quick fixes that remove the need to ask. */
  suggest(text: string, dialect: Dialect, catalogue: Catalogue, inventory: Inventory, detector: Detector): readonly Suggestion[];
}

/** A parser's answer. `ast` is the parser's own tree; the error's message is never shown unredacted (it may quote literals). */
export type ParseOutcome =
  | { readonly ok: true; readonly ast: unknown }
  | { readonly ok: false; readonly failure: 'syntax' | 'crashed' };

/**
 * The parsers, behind a port because they are wasm modules that must be loaded and re-made after a trap.
 * `query/parsers/create.ts` implements it.
 */
export interface SqlParsers {
  /** libpg-query: the real PostgreSQL parser. */
  postgresql(text: string): ParseOutcome;
  /** datafusion-sqlparser-rs. */
  generic(text: string, dialect: Exclude<Dialect, 'postgresql'>): ParseOutcome;
}

export interface AnalyserOptions {
  readonly parsers: SqlParsers;
  /** UTF-16 units; longer statements are not parsed. Default 100,000. */
  readonly maxLength?: number;
}
