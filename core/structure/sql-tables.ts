/** Values of SQL scripts by column: `INSERT INTO t (a, b) VALUES (…), (…)` and PostgreSQL's `COPY t (a, b) FROM stdin;`. */
import type { Cell } from './csv.ts';
import { nextCell } from './csv.ts';
import { LineTable, RowTable, type Table } from './table.ts';

const HEADER = /\b(?:(?:insert|replace)\s+(?:ignore\s+|or\s+\w+\s+)?into|copy)\s+((?:["`[]?[\w$]+["`\]]?\.){0,2}["`[]?[\w$]+["`\]]?)\s*\(([^()]{1,8000})\)\s*(values|from\s+stdin[^;\n]{0,200};)/giu;

/** `u.ssn IN ('…', '…')`, `last_name LIKE '…'`, `ssn <> '…'`: the column before an operator that no key reader knows. */
const COMPARISON = /((?:["`[]?[\w$]+["`\]]?\.)?["`[]?[\w$]+["`\]]?)\s{0,20}(?:\s(?:not\s{1,20})?(?:in\s{0,20}\(|(?:i?like|similar\s{1,20}to|between)\s)|<>|!=)\s{0,20}(?=[NEne]?')/giu;
const MOST_VALUES = 1_000;

/** Values that are compared with a column. Strings only; numbers stand by themselves. */
export function sqlComparisons(text: string): Table[] {
  const found: Table[] = [];
  const search = new RegExp(COMPARISON.source, COMPARISON.flags);
  for (let match = search.exec(text); match; match = search.exec(text)) {
    const name = match[1]!.split('.').pop()!.replace(/^["`[]|["`\]]$/g, '');
    const rows: Cell[][] = [];
    for (let at = match.index + match[0].length; rows.length < MOST_VALUES;) {
      if (/[NEne]/.test(text[at] ?? '')) at++;
      if (text.charCodeAt(at) !== 39) break;
      const close = endOfString(text, at);
      rows.push([{ start: at + 1, end: close }]);
      const next = /^\s{0,100}(?:,|and\b)\s{0,100}(?=[NEne]?')/i.exec(text.slice(close + 1, close + 210));
      if (!next) break;
      at = close + 1 + next[0].length;
    }
    if (rows.length > 0) {
      found.push(new RowTable([name], rows, undefined, match.index));
      search.lastIndex = Math.max(search.lastIndex, rows[rows.length - 1]![0]!.end);
    }
  }
  return found;
}

/** Statements inside of strings of code, logs and prose: only where they are written out. */
export function embeddedSqlTables(text: string): readonly Table[] {
  // The rarer word first: this is asked of every source file.
  if (!text.includes('VALUES') && !text.includes('values')) return [];
  if (!text.includes('INSERT INTO') && !text.includes('insert into')) return [];
  return sqlTables(text);
}

export function sqlTables(text: string): readonly Table[] {
  const tables: Table[] = [];
  HEADER.lastIndex = 0;
  const search = new RegExp(HEADER.source, HEADER.flags);
  for (let found = search.exec(text); found; found = search.exec(text)) {
    const columns = (found[2] ?? '').split(',').map((name) => name.trim().replace(/^["`[]|["`\]]$/g, ''));
    const name = (found[1] ?? '').split('.').pop()?.replace(/^["`[]|["`\]]$/g, '') ?? '';
    const start = found.index + found[0].length;
    const table = found[3]?.toLowerCase() === 'values' ? new TupleTable(text, columns, start, name, found.index) : copyTable(text, columns, start, name, found.index);
    tables.push(table);
    search.lastIndex = Math.max(search.lastIndex, table.end);
  }
  return tables;
}

function copyTable(text: string, columns: readonly string[], headerEnd: number, name: string, headerStart: number): Table {
  const start = Math.min(text.length, text.indexOf('\n', headerEnd) + 1 || text.length);
  const stop = text.indexOf('\n\\.', headerEnd);
  return new LineTable(text, columns, start, stop < 0 ? text.length : stop + 1, (source, from, to) => {
    const cells: Cell[] = [];
    for (let at = from; cells.length < columns.length && at <= to;) {
      const { cell, after } = nextCell(source, at, to, '\t');
      cells.push(cell);
      at = after;
    }
    return cells;
  }, name, headerStart);
}

/** Tuples of one INSERT. Read once, forwards: brackets and commas inside strings mean nothing. */
class TupleTable implements Table {
  readonly columns: readonly string[];
  readonly name: string;
  readonly headerStart: number;
  readonly start: number;
  readonly end: number;
  private readonly text: string;
  /** Offsets of the opening brackets. */
  private readonly tuples: number[] = [];
  private cachedTuple = -1;
  private cached: readonly Cell[] = [];

  constructor(text: string, columns: readonly string[], start: number, name: string, headerStart: number) {
    this.headerStart = headerStart;
    this.name = name;
    this.text = text;
    this.columns = columns;
    this.start = start;
    this.end = this.readTuples();
  }

  cellsAt(offset: number): readonly Cell[] {
    let low = 0, high = this.tuples.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tuples[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const tuple = this.tuples[low];
    if (tuple === undefined || tuple > offset) return [];
    if (tuple !== this.cachedTuple) {
      this.cachedTuple = tuple;
      this.cached = cellsOfTuple(this.text, tuple, this.tuples[low + 1] ?? this.end, this.columns.length);
    }
    return this.cached;
  }

  eachRow(from: number, to: number, visit: (cells: readonly Cell[]) => void): void {
    for (const tuple of this.tuples) if (tuple >= from && tuple < to) visit(this.cellsAt(tuple));
  }

  /** Ends at the statement's semicolon, or where a new statement begins, or at the text's end. */
  private readTuples(): number {
    const { text } = this;
    let depth = 0;
    for (let at = this.start; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 39) at = endOfString(text, at);
      else if (c === 40) {
        if (depth++ === 0) this.tuples.push(at);
      } else if (c === 41) depth = Math.max(0, depth - 1);
      else if (c === 45 && text.charCodeAt(at + 1) === 45) at = endOfLine(text, at);
      else if (c === 47 && text.charCodeAt(at + 1) === 42) at = endOfComment(text, at);
      // The quote of a string in code ends what it holds.
      else if (depth === 0 && (c === 59 || c === 34 || c === 96)) return at;
    }
    return text.length;
  }
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const close = text.indexOf("'", at);
    if (close < 0) return text.length;
    if (text.charCodeAt(close + 1) !== 39) return close;
    at = close + 1;
  }
  return text.length;
}

function endOfComment(text: string, open: number): number {
  const found = text.indexOf('*/', open + 2);
  return found < 0 ? text.length : found + 1;
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
}

function cellsOfTuple(text: string, open: number, limit: number, most: number): Cell[] {
  const cells: Cell[] = [];
  let depth = 0, start = open + 1;
  const close = (end: number): void => {
    let from = start, to = end;
    while (from < to && text.charCodeAt(from) <= 32) from++;
    while (to > from && text.charCodeAt(to - 1) <= 32) to--;
    // Prefixes of literals (N'…', E'…') and the quotes are not the value.
    if (to - from > 2 && text.charCodeAt(from + 1) === 39 && /[NEBXneb]/.test(text[from]!)) from++;
    if (text.charCodeAt(from) === 39 && text.charCodeAt(to - 1) === 39 && to - from >= 2) {
      from++;
      to--;
    }
    cells.push({ start: from, end: to });
  };
  for (let at = open + 1; at < limit && cells.length < most; at++) {
    const c = text.charCodeAt(at);
    if (c === 39) at = endOfString(text, at);
    else if (c === 40) depth++;
    else if (c === 41) {
      if (depth-- === 0) {
        close(at);
        break;
      }
    } else if (c === 44 && depth === 0) {
      close(at);
      start = at + 1;
    }
  }
  return cells;
}
