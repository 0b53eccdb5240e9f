/** The detection engine's facade. Pure: no IO, never throws on input, linear in its input. */
import type { MaskSpec } from '../rules/rule.ts';
import type { Finding, ScanLimit, ScanResult, Severity } from '../wire/finding.ts';

/**
 * Linear-time regular expressions. The only implementation is RE2; the port keeps it replaceable and
 * keeps wasm loading (IO) out of the core.
 */
export interface RegexEngine {
  /** Compiles RE2 syntax. Throws `RegexSyntaxError` with the offending pattern and RE2's message. */
  compile(pattern: string, flags: { readonly ignoreCase: boolean }): LinearRegex;
}
export interface LinearRegex {
  /** First match at or after `from` (UTF-16 units) in `text`; offsets and group offsets in UTF-16 units, -1 for unmatched groups. */
  exec(text: string, from: number): { readonly start: number; readonly end: number; readonly groups: readonly (readonly [number, number])[] } | undefined;
}

/** What the text is. Drives structure awareness; unknown ids are scanned as plain text. */
export interface DocumentKind {
  /** VS Code language id, e.g. `json`, `typescript`, `csv`, `log`. */
  readonly languageId?: string;
  /** Only its name and extension are used. */
  readonly filename?: string;
}

/** Per-scan choices, mostly from settings and `.pii-gate.yaml`. */
export interface ScanOptions extends DocumentKind {
  /** 0..1; findings below are dropped. Default 0.4. */
  readonly minConfidence?: number;
  /** Entities to leave out. */
  readonly disabledEntities?: ReadonlySet<string>;
  /** True when the workspace's allow-list names this value. */
  readonly allowed?: (value: string, entity: string) => boolean;
  readonly severityOf?: (entity: string, proposed: Severity) => Severity;
  /** At most this many findings are kept, best first. Default 10,000; 2,000 in a live document. */
  readonly maxFindings?: number;
  /** Ids of rules to leave out. */
  readonly disabledRules?: ReadonlySet<string>;
  /** Only these entities are looked for; all when absent. Used to judge one entity by itself. */
  readonly onlyEntities?: ReadonlySet<string>;
  /** Whether values reserved for tests and documentation are reported (as hints, whatever `minConfidence`). Default true. */
  readonly reserved?: boolean;
  /**
   * When the text is nothing but one value, also report as hints (confidence 0.4) every entity it could be. For callers
   * that ask about single values; default false.
   */
  readonly loneReadings?: boolean;
  /** Honour `pii-gate:ignore` comments. Default true. */
  readonly inlineIgnores?: boolean;
}

/** An edit in UTF-16 offsets of the text before it. */
export interface TextEdit { readonly start: number; readonly end: number; readonly text: string }

/** A document that is re-scanned only where an edit touched it. */
export interface LiveDocument {
  /** The whole text, put together when asked for: not on a keystroke's path. */
  readonly text: string;
  /** UTF-16 units. */
  readonly length: number;
  /** A stretch of the text, in UTF-16 offsets, without putting the whole together. */
  slice(start: number, end: number): string;
  readonly result: ScanResult;
  /** Applies edits in order (each in the offsets left by the one before) and returns the new result. */
  update(edits: readonly TextEdit[], signal?: AbortSignal): ScanResult;
}

/** One value with what is known of its surroundings: a result cell, a form field, a JSON leaf. */
export interface ValueContext {
  /** Column or key name. */
  readonly name?: string;
  /** Table, object type or JSON path elements, outermost first. */
  readonly path?: readonly string[];
  readonly databaseType?: string;
}
/** What a name alone says: `customers.ssn` → US_SSN. */
export interface NameVerdict { readonly entity: string; readonly category: string; readonly confidence: number; readonly reason: string }

/** Holds values that repeat (a bounded number): drop it with what they came from. */
export interface ColumnDetector {
  /** As `scanValue`. The result may be shared between equal values. */
  scan(value: string): readonly Finding[];
}

export interface Detector {
  scan(text: string, options: ScanOptions, signal?: AbortSignal): ScanResult;
  open(text: string, options: ScanOptions): LiveDocument;
  /** Findings within one value, judged with its surroundings. Offsets are within `value`. */
  scanValue(value: string, context: ValueContext): readonly Finding[];
  /** The same for many values of one column: what its name says is worked out once, and values that repeat are remembered. */
  column(context: ValueContext): ColumnDetector;
  /** What a column's, key's or variable's name says by itself, best first. Splits camelCase, snake_case, kebab-case. */
  classifyName(name: string, path?: readonly string[]): readonly NameVerdict[];
  /** One verdict for a column out of up to a few hundred sampled values; undefined unless one entity explains the column. */
  classifyColumn(values: readonly string[], context: ValueContext): NameVerdict | undefined;
  /** Everything a user may want to know of an entity. */
  entities(): readonly EntityInfo[];
  /** What was wrong with rules at load time: skipped rules, never silently. */
  readonly limits: readonly ScanLimit[];
}

export interface EntityInfo {
  readonly entity: string;
  /** "E-mail address of a person" */
  readonly title: string;
  readonly category: string;
  readonly regulations: readonly string[];
  readonly severity: Severity;
  readonly ruleIds: readonly string[];
  /** The default mask. */
  readonly mask?: MaskSpec;
  /** Names of the validators of its rules. */
  readonly validators?: readonly string[];
}
