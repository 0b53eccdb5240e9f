/** Columns that are lined up with blanks: what sqlcmd, sqlplus, db2, pandas, kubectl and people print. */
import type { Cell } from './csv.ts';
import { lineEnd } from './csv.ts';
import { LineTable, type Table } from './table.ts';

const LONGEST_LINE = 4_000;
const MOST_COLUMNS = 100;
const HEADING = /^[\p{L}_][\p{L}\p{N}_.#/()%-]{0,40}(?: [\p{L}\p{N}_.#/()%-]{1,20}){0,2}$/u;

/** A line `----  ---------` below a header: each run of dashes is as wide as its column. */
export function ruledTable(text: string, rule: { readonly start: number; readonly end: number }): Table | undefined {
  const headerStart = text.lastIndexOf('\n', rule.start - 2) + 1;
  if (rule.start === 0) return undefined;
  const header = text.slice(headerStart, lineEnd(text, headerStart));
  if (header.trim() === '' || header.length > LONGEST_LINE) return undefined;
  const bounds = [...text.slice(rule.start, rule.end).matchAll(/[-=]+/g)].map((run) => run.index);
  if (bounds.length < 2 || bounds.length > MOST_COLUMNS) return undefined;
  const columns = bounds.map((bound, i) => header.slice(bound, bounds[i + 1]).trim());
  const body = nextLine(text, rule.end);
  return new LineTable(text, columns, body, bodyEnd(text, body), (source, from, to) => bounds.map((bound, i) => trimmed(source, Math.min(to, from + bound), Math.min(to, from + (bounds[i + 1] ?? Infinity)))), undefined, headerStart);
}

/** A header of names with at least two blanks between them, and lines below whose words stand under them. */
export function alignedTable(text: string, lineStart: number, end: number): Table | undefined {
  const header = words(text, lineStart, end);
  if (header.length < 2 || header.length > MOST_COLUMNS) return undefined;
  for (const { start, end: stop } of header) if (!HEADING.test(text.slice(start, stop))) return undefined;
  const body = nextLine(text, end);
  const first = words(text, body, lineEnd(text, body));
  // Below a header stands data: as many columns, give or take an index and an empty cell, each under its name.
  if (first.length < 2 || Math.abs(first.length - header.length) > 1 || !first.some(({ start, end: stop }) => !HEADING.test(text.slice(start, stop)) || /\d/.test(text.slice(start, stop)))) return undefined;
  const columns = header.map((cell) => text.slice(cell.start, cell.end));
  const places = header.map((cell) => ({ start: cell.start - lineStart, end: cell.end - lineStart }));
  const under = (source: string, from: number, to: number): Cell[] => placed(words(source, from, to), places, from);
  if (under(text, body, lineEnd(text, body)).filter((cell) => cell.end > cell.start).length < Math.min(header.length, first.length) - 1) return undefined;
  return new LineTable(text, columns, body, bodyEnd(text, body), under, undefined, lineStart);
}

/** Where the next header might stand: two blanks after a word. */
export function nextAligned(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
  for (let at = text.indexOf('  ', from); at >= 0;) {
    const start = text.lastIndexOf('\n', at) + 1;
    let word = start;
    while (text.charCodeAt(word) === 32) word++;
    const end = lineEnd(text, at);
    // Indented only, or something that no header begins with.
    const gap = text.indexOf('  ', word);
    if (gap >= 0 && gap < end && end - start < LONGEST_LINE && isHeaderBegin(text.charCodeAt(word))) return { start, end };
    at = text.indexOf('  ', end);
  }
  return undefined;
}

const isHeaderBegin = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c >= 128;

/** Words with at most one blank inside. */
function words(text: string, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let at = from;
  while (at < to && cells.length <= MOST_COLUMNS) {
    while (at < to && isBlank(text.charCodeAt(at))) at++;
    if (at >= to) break;
    const start = at;
    let end = at;
    while (at < to && !(isBlank(text.charCodeAt(at)) && (isBlank(text.charCodeAt(at + 1)) || text.charCodeAt(at) === 9))) {
      at++;
      if (!isBlank(text.charCodeAt(at - 1))) end = at;
    }
    cells.push({ start, end });
  }
  return cells;
}

/** Each word goes to the column that it overlaps most; a column without a word gets an empty cell. */
function placed(found: readonly Cell[], places: readonly Cell[], from: number): Cell[] {
  const cells: (Cell | undefined)[] = places.map(() => undefined);
  let column = 0;
  for (const word of found) {
    let best = -1, most = 0;
    for (let i = column; i < places.length; i++) {
      const overlap = Math.min(word.end - from, places[i]!.end) - Math.max(word.start - from, places[i]!.start);
      if (overlap > most) {
        most = overlap;
        best = i;
      }
      if (places[i]!.start >= word.end - from) break;
    }
    if (best < 0) continue;
    cells[best] = word;
    column = best + 1;
  }
  let last = from;
  return cells.map((cell) => {
    if (cell) last = cell.end;
    return cell ?? { start: last, end: last };
  });
}

function bodyEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    if (text.slice(at, Math.min(end, at + LONGEST_LINE)).trim() === '' || end - at > LONGEST_LINE) return at;
    at = nextLine(text, end);
  }
  return text.length;
}

function nextLine(text: string, end: number): number {
  const found = text.indexOf('\n', end);
  return found < 0 ? text.length : found + 1;
}

function trimmed(text: string, from: number, to: number): Cell {
  let start = from, end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13;
