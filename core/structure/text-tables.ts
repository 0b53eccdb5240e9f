/** Tables drawn in text: Markdown (GFM 4.10), what psql, mysql, sqlite and duckdb print, boxes, aligned columns, records on end. */
import type { Cell } from './csv.ts';
import { lineEnd } from './csv.ts';
import { alignedTable, nextAligned, ruledTable } from './aligned-tables.ts';
import { inOrder, LineTable, namedValue, type Table } from './table.ts';

/** More tables than this in one text are left alone. */
const MOST_TABLES = 2_000;
const LONGEST_LINE = 4_000;
const PIPE = 124, BOX = 0x2502;

/** @param loose also tables without any drawing, whose columns are only lined up */
export function textTables(text: string, loose = false): readonly Table[] {
  const tables: Table[] = [];
  drawnTables(text, tables);
  records(text, tables);
  if (loose) alignedTables(text, tables);
  return tables.length > 1 ? inOrder(tables) : tables;
}

function drawnTables(text: string, tables: Table[]): void {
  let searched = 0;
  while (tables.length < MOST_TABLES) {
    const rule = nextRule(text, searched);
    if (!rule) break;
    searched = rule.end + 1;
    const table = rule.piped ? pipedTable(text, rule) : ruledTable(text, rule);
    if (!table) continue;
    tables.push(table);
    searched = Math.max(searched, table.end);
  }
}

function pipedTable(text: string, rule: Rule): Table | undefined {
  const header = headerAbove(text, rule.start);
  if (!header) return undefined;
  const columns = pipeCells(text, header.start, header.start + header.text.length).map((cell) => text.slice(cell.start, cell.end));
  if (columns.length < 2) return undefined;
  return new LineTable(text, columns, Math.min(rule.end + 1, text.length), tableEnd(text, rule.end + 1), pipeCells, undefined, header.start);
}

function alignedTables(text: string, tables: Table[]): void {
  let searched = 0;
  for (let found = 0; found < MOST_TABLES; found++) {
    const line = nextAligned(text, searched);
    if (!line) break;
    const table = alignedTable(text, line.start, line.end);
    if (table) tables.push(table);
    searched = Math.max(table?.end ?? 0, line.end + 1);
  }
}

/** psql's `\x`: `-[ RECORD 1 ]---`, then `name | value` lines. */
function records(text: string, tables: Table[]): void {
  for (let head = text.indexOf('RECORD '); head >= 0 && tables.length < MOST_TABLES; head = text.indexOf('RECORD ', head + 1)) {
    if (!text.startsWith('-[ ', head - 3)) continue;
    for (let line = lineEnd(text, head) + 1; line < text.length;) {
      const end = lineEnd(text, line);
      const [name, value] = pipeCells(text, line, Math.min(end, line + LONGEST_LINE));
      if (!name || !value || text.startsWith('-[', line)) break;
      const stop = trimEnd(text, value.start, end);
      if (stop > value.start) tables.push(namedValue(text.slice(name.start, name.end), value.start, stop));
      line = text.indexOf('\n', end) + 1 || text.length;
    }
  }
}

interface Rule { readonly start: number; readonly end: number; readonly piped: boolean }

/** The next line of dashes with column marks: `|---|:-:|`, `----+----`, `├────┼────┤`, or `----  ----`. */
function nextRule(text: string, from: number): Rule | undefined {
  let dashes = text.indexOf('--', from), box = text.indexOf('──', from);
  while (dashes >= 0 || box >= 0) {
    const found = box < 0 || (dashes >= 0 && dashes < box) ? dashes : box;
    const start = text.lastIndexOf('\n', found) + 1;
    const end = lineEnd(text, found);
    if (end - start < 2_000) {
      const line = text.slice(start, end);
      if (/^[ \t]*[|+]?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)+[|+]?[ \t]*$/.test(line) || /^[ \t]*[├╞┝╠]?[─═]+(?:[┼╪┿╬][─═]+)+[┤╡┥╣]?[ \t]*$/.test(line)) return { start, end, piped: true };
      if (/^[ \t]*-+(?:[ \t]+-+)+[ \t]*$/.test(line)) return { start, end, piped: false };
    }
    if (dashes >= 0 && dashes <= end) dashes = text.indexOf('--', end + 1);
    if (box >= 0 && box <= end) box = text.indexOf('──', end + 1);
  }
  return undefined;
}

function headerAbove(text: string, ruleStart: number): { start: number; text: string } | undefined {
  if (ruleStart === 0) return undefined;
  const start = text.lastIndexOf('\n', ruleStart - 2) + 1;
  const line = text.slice(start, lineEnd(text, start));
  return /[|│║]/.test(line) && line.length < LONGEST_LINE ? { start, text: line } : undefined;
}

function tableEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + LONGEST_LINE));
    if (!/[|│║]/.test(line) && !/^[+-]|^[ \t]*[├└╞╘]/.test(line)) return at;
    at = end + (text.charCodeAt(end) === 13 ? 2 : 1);
  }
  return text.length;
}

/** Cells between pipes, padding trimmed; the empty cells outside of outer pipes are dropped. */
function pipeCells(text: string, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let at = from;
  while (at < to && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
  if (isPipe(text.charCodeAt(at))) at++;
  else at = from;
  while (at < to) {
    let stop = at;
    while (stop < to && !isPipe(text.charCodeAt(stop))) stop++;
    let start = at;
    while (start < stop && text.charCodeAt(start) === 32) start++;
    const end = trimEnd(text, start, stop);
    if (stop < to || end > start) cells.push({ start, end });
    at = stop + 1;
  }
  return cells;
}

const isPipe = (c: number): boolean => c === PIPE || c === BOX || c === 0x2551 || c === 0x2503;

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text.charCodeAt(end - 1) === 32 || text.charCodeAt(end - 1) === 13)) end--;
  return end;
}
