/**
 * Turns raw cells into what may be seen. Columns with a verdict are masked whole; in the others each value is looked at,
 * and personal spans within it are masked: text, JSON leaves, array elements.
 */
import type { Detector, ValueContext } from '#core/engine/detector.ts';
import type { Masker, Replacement } from '#core/masking/masker.ts';
import type { Cell } from '#core/wire/results.ts';
import type { RawValue } from '#query/drivers/driver.ts';
import { binaryPlaceholder, cellText } from './cell-text.ts';

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
/** Numbers with fewer digits than this identify nobody by themselves (the shortest national numbers have eight or more). */
const MIN_DIGITS = 8;
const LEAST_IDENTIFYING = 10 ** (MIN_DIGITS - 1);

/** A function for one column; it remembers recent values, so make one a column and a pass. */
export function createCellMasker(column: MaskableColumn, index: number, deps: CellMaskerDeps): CellMasker {
  return memoised(column.masked ? whole(column, deps) : spans(column, index, deps));
}

/** For revealed columns: the raw text. */
export function clearCell(value: RawValue): Cell { return { v: cellText(value) }; }

/** How the values of a masked column are replaced; undefined where nobody can say what they are. */
export function replacementOf({ entity, category, origin, name, direct }: MaskableColumn, replacementFor: ReplacementFor): Replacement | undefined {
  if (entity === undefined) return undefined;
  if (!direct) return { kind: 'redact' };
  return replacementFor({ entity, ...(category === undefined ? {} : { category }), ...(origin ? { table: origin.table, column: origin.column } : { column: name }) });
}

function whole(column: MaskableColumn, { masker, replacementFor }: CellMaskerDeps): (text: string, value: RawValue) => Cell {
  const how = replacementOf(column, replacementFor);
  const { entity } = column;
  if (entity === undefined || how === undefined) return () => ({ v: UNKNOWN_MASK, m: 1 });
  return (text, value) => (isBinary(value) || isNested(value) ? { v: UNKNOWN_MASK, m: 1 } : { v: masker.replace(text, entity, how), m: 1 });
}

function spans(column: MaskableColumn, index: number, given: CellMaskerDeps): (text: string, value: RawValue) => Cell {
  const deps: CellMaskerDeps = column.direct ? given : { ...given, replacementFor: () => ({ kind: 'redact' }) };
  const context: ValueContext = { name: column.name, databaseType: column.databaseType, ...(column.origin ? { path: [column.origin.table] } : {}) };
  const found = (entity: string): void => deps.onFound?.(index, entity);
  return (text, value) => {
    if (isBinary(value)) return { v: binaryPlaceholder(value), m: 1 };
    if (!worthScanning(text, value)) return { v: text };
    const tree = isNested(value) ? value : parseTree(text);
    const masked = tree === undefined ? maskText(text, context, deps, found) : maskTree(tree, text, context, deps, found);
    return masked === text ? { v: text } : { v: masked, m: 1 };
  };
}

function worthScanning(text: string, value: RawValue): boolean {
  if (typeof value === 'boolean' || value instanceof Date) return false;
  if (typeof value === 'number') return Math.abs(value) >= LEAST_IDENTIFYING && Number.isInteger(value);
  if (typeof value === 'bigint') return text.length >= MIN_DIGITS;
  return text.length > 2 && !harmlessShape(text);
}

/**
 * Shapes that identify nobody by themselves and are most of what databases hold: one plain word of ASCII letters, a
 * timestamp, a UUID. (A date of birth or a name is known by its column, never by its shape.) By character codes, since
 * this runs for every cell.
 */
function harmlessShape(text: string): boolean {
  const { length } = text;
  if (length > 40) return false;
  const first = text.charCodeAt(0);
  if (isLetter(first)) {
    let i = 1;
    while (i < length && isLetter(text.charCodeAt(i))) i++;
    if (i === length) return length <= 24;
  }
  if (length >= 10 && text.charCodeAt(4) === HYPHEN && text.charCodeAt(7) === HYPHEN) return isTimestamp(text);
  return length === 36 && text.charCodeAt(8) === HYPHEN && text.charCodeAt(13) === HYPHEN && UUID.test(text);
}

const HYPHEN = 0x2d;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isLetter(code: number): boolean { return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95; }
function isDigit(code: number): boolean { return code >= 48 && code <= 57; }

/** `YYYY-MM-DD` with a month and a day that exist, alone or with a time after it. */
function isTimestamp(text: string): boolean {
  for (const i of DATE_DIGITS) if (!isDigit(text.charCodeAt(i))) return false;
  const month = (text.charCodeAt(5) - 48) * 10 + text.charCodeAt(6) - 48;
  const day = (text.charCodeAt(8) - 48) * 10 + text.charCodeAt(9) - 48;
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return text.length === 10 || TIME.test(text.slice(10));
}
const DATE_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9] as const;
const TIME = /^[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?$/;

/** Masks every finding in `text`. Offsets of findings never overlap after sorting: the earlier one wins. */
function maskText(text: string, context: ValueContext, { detector, masker, replacementFor }: CellMaskerDeps, found: (entity: string) => void): string {
  const findings = detector.scanValue(text, context).filter((f) => f.confidence >= MIN_CONFIDENCE);
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
  const leaf = (value: string | number | bigint, name: string | undefined, path: readonly string[]): string | number => {
    const raw = String(value);
    const [verdict] = name === undefined ? [] : deps.detector.classifyName(name, path);
    let masked: string;
    if (verdict && verdict.confidence >= 0.5 && raw !== '') {
      masked = deps.masker.replace(raw, verdict.entity, deps.replacementFor({ entity: verdict.entity, category: verdict.category }));
      found(verdict.entity);
    } else masked = maskText(raw, { ...(name === undefined ? {} : { name }), path }, deps, found);
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
      const shown = maskText(key, {}, deps, found);
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
function memoised(mask: (text: string, value: RawValue) => Cell): CellMasker {
  let memo: Map<string, Cell> | undefined = new Map();
  let hits = 0;
  return (value) => {
    const text = cellText(value);
    if (text === null) return { v: null };
    if (memo === undefined || typeof value !== 'string' || text.length > MEMO_LENGTH) return mask(text, value);
    const known = memo.get(text);
    if (known) { hits++; return known; }
    const cell = mask(text, value);
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
