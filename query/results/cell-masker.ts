/**
 * Turns raw cells into what may be seen. Columns with a verdict are masked whole; in the others each value is looked at,
 * and personal spans within it are masked: text, JSON leaves, array elements.
 */
import type { Detector, ValueContext } from '#core/engine/detector.ts';
import type { Masker, Replacement } from '#core/masking/masker.ts';
import type { Finding } from '#core/wire/finding.ts';
import type { Cell } from '#core/wire/results.ts';
import type { RawValue } from '#query/drivers/driver.ts';
import { binaryPlaceholder, cellText } from './cell-text.ts';
import { harmlessShape, isShortNumber, MIN_DIGITS } from './harmless-shape.ts';

/** What the masker needs of a column. A `ColumnVerdict` is one. */
export interface MaskableColumn {
  readonly name: string;
  readonly databaseType: string;
  readonly origin?: { readonly table: string; readonly column: string };
  readonly masked: boolean;
  /** False for expressions: `substr(email, 2)`, `reverse(ssn)`. Nothing of them is kept, or many queries would add up to the value. */
  readonly direct: boolean;
  readonly entity?: string;
  readonly category?: string;
}

/** How a column or a span is replaced: from the workspace policy. */
export type ReplacementFor = (what: { readonly entity: string; readonly category?: string; readonly table?: string; readonly column?: string }) => Replacement;

/** One thing found in a value of a column without a verdict. */
export type OnFound = (column: number, entity: string) => void;

export interface CellMasker { (value: RawValue): Cell }

export interface CellMaskerDeps {
  readonly detector: Detector;
  readonly masker: Masker;
  readonly replacementFor: ReplacementFor;
  readonly onFound?: OnFound;
}

/** Shown where something sensitive may be but nobody can say what. Constant width. */
export const UNKNOWN_MASK = '••••••';
/** Findings below are left as they are: the threshold at which findings are shown. */
const MIN_CONFIDENCE = 0.4;
/** JSON cells above this are masked as plain text. UTF-16 units. */
const MAX_JSON = 256 * 1024;
/** Distinct values remembered a column; real columns repeat themselves. */
const MEMO_ENTRIES = 4096;
/** Longer values are not remembered. */
const MEMO_LENGTH = 256;
/** Column types whose values are numbers, though they may come as text: `bigint`, `numeric(12,2)`. */
const NUMERIC_TYPE = /^(big|small|medium|tiny)?int(eger)?\b|^int[248]\b|^(numeric|decimal|number)\b/i;
/** The smallest number that may identify somebody. */
const LEAST_IDENTIFYING = 10 ** (MIN_DIGITS - 1);

/** A function for one column; it remembers recent values, so make one a column and a pass. */
export function createCellMasker(column: MaskableColumn, index: number, deps: CellMaskerDeps): CellMasker {
  if (!column.masked) return memoised(spans(column, index, deps), (cell) => cell.m === undefined);
  const how = replacementOf(column, deps.replacementFor);
  const mask = whole(column, how, deps.masker);
  // Tokens, fakes and other values of the same format are computed; a plain mask costs less than looking it up.
  return how === undefined || how.kind === 'redact' || (how.kind === 'mask' && cheap(how.spec?.kind)) ? direct(mask) : memoised(mask, () => true);
}

function cheap(kind: string | undefined): boolean { return kind === undefined || kind === 'partial' || kind === 'email' || kind === 'redact' || kind === 'generalise'; }

function direct(mask: (text: string, value: RawValue) => Cell): CellMasker {
  return (value) => {
    const text = cellText(value);
    return text === null ? { v: null } : mask(text, value);
  };
}

/** For revealed columns: the raw text. */
export function clearCell(value: RawValue): Cell { return { v: cellText(value) }; }

/** How the values of a masked column are replaced; undefined where nobody can say what they are. */
export function replacementOf({ entity, category, origin, name, direct }: MaskableColumn, replacementFor: ReplacementFor): Replacement | undefined {
  if (entity === undefined) return undefined;
  if (!direct) return { kind: 'redact' };
  return replacementFor({ entity, ...(category === undefined ? {} : { category }), ...(origin ? { table: origin.table, column: origin.column } : { column: name }) });
}

function whole({ entity }: MaskableColumn, how: Replacement | undefined, masker: Masker): (text: string, value: RawValue) => Cell {
  if (entity === undefined || how === undefined) return () => ({ v: UNKNOWN_MASK, m: 1 });
  const replace = masker.replacer(entity, how);
  return (text, value) => (isBinary(value) || isNested(value) ? { v: UNKNOWN_MASK, m: 1 } : { v: replace(text), m: 1 });
}

function spans(column: MaskableColumn, index: number, given: CellMaskerDeps): (text: string, value: RawValue) => Cell {
  const deps: CellMaskerDeps = column.direct ? given : { ...given, replacementFor: () => ({ kind: 'redact' }) };
  const context: ValueContext = { name: column.name, databaseType: column.databaseType, ...(column.origin ? { path: [column.origin.table] } : {}) };
  const found = (entity: string): void => deps.onFound?.(index, entity);
  const numeric = NUMERIC_TYPE.test(column.databaseType);
  const reader = deps.detector.column(context);
  const scan: Scan = (value) => reader.scan(value);
  return (text, value) => {
    if (isBinary(value)) return { v: binaryPlaceholder(value), m: 1 };
    if (!worthScanning(text, value, numeric)) return { v: text };
    const tree = isNested(value) ? value : parseTree(text);
    const masked = tree === undefined ? maskText(text, scan, deps, found) : maskTree(tree, text, context, deps, found);
    return masked === text ? { v: text } : { v: masked, m: 1 };
  };
}

function worthScanning(text: string, value: RawValue, numeric: boolean): boolean {
  if (typeof value === 'boolean' || value instanceof Date) return false;
  if (typeof value === 'number') return Math.abs(value) >= LEAST_IDENTIFYING && Number.isInteger(value);
  if (typeof value === 'bigint') return text.length >= MIN_DIGITS;
  return text.length > 2 && !harmlessShape(text, 0, text.length) && !(numeric && isShortNumber(text, 0, text.length));
}

type Scan = (value: string) => readonly Finding[];

function scannerOf(detector: Detector, context: ValueContext): Scan { return (value) => detector.scanValue(value, context); }

/** Masks every finding in `text`. Offsets of findings never overlap after sorting: the earlier one wins. */
function maskText(text: string, scan: Scan, { masker, replacementFor }: CellMaskerDeps, found: (entity: string) => void): string {
  const all = scan(text);
  if (all.length === 0) return text;
  const findings = all.filter((f) => f.confidence >= MIN_CONFIDENCE);
  if (findings.length === 0) return text;
  let out = '';
  let at = 0;
  for (const f of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (f.end <= at) continue;
    const start = Math.max(at, f.start);
    out += text.slice(at, start) + masker.replace(text.slice(start, f.end), f.entity, replacementFor({ entity: f.entity, category: f.category }));
    at = f.end;
    if (f.reserved !== true) found(f.entity);
  }
  return out + text.slice(at);
}

/** Each leaf is judged with its key's name and path, so `{"ssn": "…"}` is masked whatever the value looks like. */
function maskTree(tree: object, text: string, context: ValueContext, deps: CellMaskerDeps, found: (entity: string) => void): string {
  let changed = false;
  const keys = scannerOf(deps.detector, {});
  const leaf = (value: string | number | bigint, name: string | undefined, path: readonly string[]): string | number => {
    const raw = String(value);
    const [verdict] = name === undefined ? [] : deps.detector.classifyName(name, path);
    let masked: string;
    if (verdict && verdict.confidence >= 0.5 && raw !== '') {
      masked = deps.masker.replace(raw, verdict.entity, deps.replacementFor({ entity: verdict.entity, category: verdict.category }));
      found(verdict.entity);
    } else masked = maskText(raw, scannerOf(deps.detector, { ...(name === undefined ? {} : { name }), path }), deps, found);
    if (masked === raw) return typeof value === 'bigint' ? raw : value;
    changed = true;
    return masked;
  };
  const walk = (node: unknown, name: string | undefined, path: readonly string[], depth: number): unknown => {
    if (typeof node === 'string' || typeof node === 'number' || typeof node === 'bigint') return leaf(node, name, path);
    if (typeof node !== 'object' || node === null) return node;
    // Deeper than anyone reads: hidden rather than half looked at.
    if (depth > 64) { changed = true; return UNKNOWN_MASK; }
    if (node instanceof Date) return node;
    if (node instanceof Uint8Array) { changed = true; return binaryPlaceholder(node); }
    if (Array.isArray(node)) return node.map((item) => walk(item, name, path, depth + 1));
    const inner = name === undefined ? path : [...path, name];
    return Object.fromEntries(Object.entries(node).map(([key, value]) => {
      // A key may itself be the value: {"ann@example.org": 3}.
      const shown = maskText(key, keys, deps, found);
      if (shown !== key) changed = true;
      return [shown, walk(value, key, inner, depth + 1)];
    }));
  };
  const masked = walk(tree, context.name, context.path ?? [], 0);
  return changed ? JSON.stringify(masked) : text;
}

function parseTree(text: string): object | undefined {
  const first = text.trimStart().charCodeAt(0);
  if ((first !== 0x7b && first !== 0x5b) || text.length > MAX_JSON) return undefined;
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === 'object' && tree !== null ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** Columns that hardly ever repeat a value give the memory up: keeping it would cost more than it saves. */
function memoised(mask: (text: string, value: RawValue) => Cell, keep: (cell: Cell) => boolean): CellMasker {
  let memo: Map<string, Cell> | undefined = new Map();
  let hits = 0;
  return (value) => {
    const text = cellText(value);
    if (text === null) return { v: null };
    if (memo === undefined || typeof value !== 'string' || text.length > MEMO_LENGTH) return mask(text, value);
    const known = memo.get(text);
    if (known) { hits++; return known; }
    const cell = mask(text, value);
    // A finding is told for each row that has it.
    if (!keep(cell)) return cell;
    if (memo.size >= MEMO_ENTRIES) {
      if (hits < MEMO_ENTRIES / 4) { memo = undefined; return cell; }
      memo.clear();
      hits = 0;
    }
    memo.set(text, cell);
    return cell;
  };
}

function isBinary(value: RawValue): value is Uint8Array { return value instanceof Uint8Array; }
function isNested(value: RawValue): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !isBinary(value);
}
