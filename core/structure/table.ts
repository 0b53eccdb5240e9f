/** Rows and columns inside a text: delimited files, COPY blocks, INSERT tuples, Markdown and psql tables. */
import { type Cell, type CsvLayout, lineEnd, nextCell } from './csv.ts';

/** A stretch of text whose values stand in named columns. Offsets are UTF-16. */
export interface Table {
  readonly columns: readonly string[];
  /** Name of the table or file, where there is one. */
  readonly name: string | undefined;
  /** Where the lines begin that name the columns. */
  readonly headerStart: number;
  readonly start: number;
  readonly end: number;
  /** Cells of the row that holds `offset`, in column order; quotes and padding excluded. */
  cellsAt(offset: number): readonly Cell[];
  /** Rows that begin in [from, to). */
  eachRow(from: number, to: number, visit: (cells: readonly Cell[]) => void): void;
}

/** One row a line. */
export class LineTable implements Table {
  readonly columns: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly headerStart: number;
  readonly name: string | undefined;
  private readonly text: string;
  private readonly cellsOfLine: (text: string, from: number, to: number) => Cell[];
  private cachedLine = -1;
  private cachedEnd = -1;
  private cached: readonly Cell[] = [];

  constructor(text: string, columns: readonly string[], start: number, end: number, cellsOfLine: (text: string, from: number, to: number) => Cell[], name?: string, headerStart = start) {
    this.headerStart = headerStart;
    this.name = name;
    this.text = text;
    this.columns = columns;
    this.start = start;
    this.end = end;
    this.cellsOfLine = cellsOfLine;
  }

  cellsAt(offset: number): readonly Cell[] {
    if (offset < this.cachedLine || offset > this.cachedEnd) {
      this.cachedLine = Math.max(this.text.lastIndexOf('\n', offset - 1) + 1, this.start);
      this.cachedEnd = lineEnd(this.text, this.cachedLine);
      this.cached = this.cellsOfLine(this.text, this.cachedLine, this.cachedEnd);
    }
    return this.cached;
  }

  eachRow(from: number, to: number, visit: (cells: readonly Cell[]) => void): void {
    for (let line = Math.max(from, this.start); line < Math.min(to, this.end);) {
      visit(this.cellsAt(line));
      const next = this.text.indexOf('\n', line);
      line = next < 0 ? to : next + 1;
    }
  }
}

/** Rows that were read already. */
export class RowTable implements Table {
  readonly columns: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly headerStart: number;
  readonly name: string | undefined;
  private readonly rows: readonly (readonly Cell[])[];

  /** @param rows in text order; each has at least one cell */
  constructor(columns: readonly string[], rows: readonly (readonly Cell[])[], name?: string, headerStart = rows[0]?.[0]?.start ?? 0) {
    this.columns = columns;
    this.rows = rows;
    this.name = name;
    this.start = rows[0]?.[0]?.start ?? headerStart;
    this.end = (rows.at(-1)?.at(-1)?.end ?? this.start) + 1;
    this.headerStart = Math.min(headerStart, this.start);
  }

  cellsAt(offset: number): readonly Cell[] {
    let low = 0, high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.rows[middle]![0]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return this.rows[low] ?? [];
  }

  eachRow(from: number, to: number, visit: (cells: readonly Cell[]) => void): void {
    for (const row of this.rows) if (row[0]!.start >= from && row[0]!.start < to) visit(row);
  }
}

/** One value and its name. */
export const namedValue = (name: string, start: number, end: number, of?: string): Table => new RowTable([name], [[{ start, end }]], of);

/** Tables in text order; of two that overlap the one that begins first stays. */
export function inOrder(tables: Table[]): readonly Table[] {
  tables.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = -1;
  return tables.filter((table) => {
    if (table.start < end) return false;
    end = table.end;
    return true;
  });
}

/**
 * A delimited file as a table.
 * @param bodyStart offset of the first row
 */
export function csvTable(text: string, layout: CsvLayout, bodyStart: number, name?: string): Table {
  return new LineTable(text, layout.columns, bodyStart, text.length, (source, from, to) => {
    const cells: Cell[] = [];
    // Cells beyond the named columns mean nothing; a line of a million delimiters costs no more than its columns.
    for (let at = from; cells.length < layout.columns.length && at <= to;) {
      const { cell, after } = nextCell(source, at, to, layout.delimiter);
      cells.push(cell);
      at = after;
    }
    return cells;
  }, name);
}

/** Index of the cell that holds `offset`; -1 when none does. Padding around a cell belongs to it. */
export function indexOfCell(cells: readonly Cell[], offset: number): number {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (offset < cell.start) return -1;
    if (offset <= cell.end && (offset < cell.end || cell.start === cell.end)) return i;
  }
  return -1;
}
