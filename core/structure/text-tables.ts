/** Tables drawn in text: Markdown (GFM 4.10) and what psql, mysql and sqlite print. */
import type { Cell } from './csv.ts';
import { lineEnd } from './csv.ts';
import { LineTable, type Table } from './table.ts';

/** More tables than this in one text are left alone. */
const MOST_TABLES = 2_000;

export function textTables(text: string): readonly Table[] {
  const tables: Table[] = [];
  let searched = 0;
  while (tables.length < MOST_TABLES) {
    const rule = nextRule(text, searched);
    if (!rule) break;
    searched = rule.end + 1;
    const header = headerAbove(text, rule.start);
    if (!header) continue;
    const delimiter = header.text.includes('|') ? '|' : '';
    if (delimiter === '') continue;
    const columns = pipeCells(text, header.start, header.start + header.text.length).map((cell) => text.slice(cell.start, cell.end));
    const end = tableEnd(text, rule.end + 1);
    if (columns.length < 2) continue;
    tables.push(new LineTable(text, columns, Math.min(rule.end + 1, text.length), end, pipeCells, undefined, header.start));
    searched = Math.max(searched, end);
  }
  return tables;
}

/** The next line of dashes with column marks: `|---|:-:|`, `----+----`. */
function nextRule(text: string, from: number): { start: number; end: number } | undefined {
  for (let at = from; at < text.length;) {
    const found = text.indexOf('--', at);
    if (found < 0) return undefined;
    const start = text.lastIndexOf('\n', found) + 1;
    const end = lineEnd(text, found);
    if (end - start < 2_000 && /^[ \t]*[|+]?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)+[|+]?[ \t]*$/.test(text.slice(start, end))) return { start, end };
    at = end + 1;
  }
  return undefined;
}

function headerAbove(text: string, ruleStart: number): { start: number; text: string } | undefined {
  if (ruleStart === 0) return undefined;
  const start = text.lastIndexOf('\n', ruleStart - 2) + 1;
  const line = text.slice(start, lineEnd(text, start));
  return line.includes('|') && line.length < 4_000 ? { start, text: line } : undefined;
}

function tableEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + 4_000));
    if (!line.includes('|') && !/^[+-]/.test(line)) return at;
    at = end + (text.charCodeAt(end) === 13 ? 2 : 1);
  }
  return text.length;
}

/** Cells between pipes, padding trimmed; the empty cells outside of outer pipes are dropped. */
function pipeCells(text: string, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let at = from;
  while (at < to && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
  if (text.charCodeAt(at) === 124) at++;
  else at = from;
  while (at < to) {
    const found = text.indexOf('|', at);
    const stop = found < 0 || found > to ? to : found;
    let start = at, end = stop;
    while (start < end && text.charCodeAt(start) === 32) start++;
    while (end > start && text.charCodeAt(end - 1) === 32) end--;
    if (stop < to || end > start) cells.push({ start, end });
    at = stop + 1;
  }
  return cells;
}
