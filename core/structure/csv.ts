/** Delimited text: RFC 4180 with a sniffed delimiter. The header names the columns. */

export interface CsvLayout {
  readonly delimiter: string;
  /** Column names in order; empty when the first line is no header. */
  readonly columns: readonly string[];
  /** Offset of the first line after the header. */
  readonly bodyStart: number;
}

export interface Cell { readonly start: number; readonly end: number }

const DELIMITERS = [',', ';', '\t', '|'] as const;
const LONGEST_HEADER = 20_000;

/** Reads the header. Undefined when the text is not delimited. */
export function csvLayout(text: string): CsvLayout | undefined {
  const headerEnd = lineEnd(text, 0, LONGEST_HEADER);
  const line = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, headerEnd);
  let delimiter: string | undefined, most = 0;
  for (const candidate of DELIMITERS) {
    const count = cellsOf(line, 0, line.length, candidate).length - 1;
    if (count > most) {
      most = count;
      delimiter = candidate;
    }
  }
  if (delimiter === undefined) {
    const only = unquote(line);
    return /^[\p{L}_][\p{L}\p{N}_ -]{0,60}$/u.test(only) ? { delimiter: ',', columns: [only], bodyStart: Math.min(headerEnd + 1, text.length) } : undefined;
  }
  const names = cellsOf(line, 0, line.length, delimiter).map((cell) => unquote(line.slice(cell.start, cell.end)));
  const isHeader = names.every((name) => !/^[\d.,:+-]+$|@/.test(name)) && names.some((name) => /\p{L}/u.test(name));
  return { delimiter, columns: isHeader ? names : [], bodyStart: isHeader ? Math.min(headerEnd + 1, text.length) : 0 };
}

/** Cells of one line, quotes excluded from the offsets. A quote that never closes ends with the line. */
export function cellsOf(text: string, from: number, to: number, delimiter: string): Cell[] {
  const cells: Cell[] = [];
  let at = from;
  for (;;) {
    const next = nextCell(text, at, to, delimiter);
    cells.push(next.cell);
    if (next.after > to) return cells;
    at = next.after;
  }
}

/** The cell that starts at `at`, and where the next one starts (`to + 1` after the last). */
export function nextCell(text: string, at: number, to: number, delimiter: string): { readonly cell: Cell; readonly after: number } {
  if (text.charCodeAt(at) === 34) {
    let close = at + 1;
    for (;;) {
      close = findWithin(text, '"', close, to);
      if (close >= to) {
        close = to;
        break;
      }
      if (text.charCodeAt(close + 1) !== 34) break;
      close += 2;
    }
    const following = findWithin(text, delimiter, close, to);
    const after = following >= to ? to + 1 : following + 1;
    return { cell: { start: Math.min(at + 1, to), end: close }, after };
  }
  const end = findWithin(text, delimiter, at, to);
  return { cell: { start: at, end }, after: end >= to ? to + 1 : end + 1 };
}

/** Offset of the line's break or the text's end, at most `limit` units on. */
export function lineEnd(text: string, from: number, limit = Infinity): number {
  const found = text.indexOf('\n', from);
  const end = found < 0 ? text.length : found;
  const trimmed = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return Math.min(trimmed, from + limit);
}

/** Offset of a one-character string in [from, to), or `to`: never looks beyond the line. */
function findWithin(text: string, wanted: string, from: number, to: number): number {
  const code = wanted.charCodeAt(0);
  let at = from;
  while (at < to && text.charCodeAt(at) !== code) at++;
  return at;
}

const unquote = (cell: string): string => cell.trim().replace(/^"(.*)"$/s, '$1').trim();
