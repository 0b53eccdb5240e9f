/** What stands below a YAML key on lines of its own: block scalars (`|`, `>`), and lists of scalars (YAML 1.2, 8.1 and 8.2). */
import type { Cell } from './csv.ts';
import { lineEnd } from './csv.ts';
import { LineTable, type Table } from './table.ts';

const LONGEST_LINE = 4_000;
const OPENS = /^( *)(?:- +)?(?:"([^"]{1,80})"|'([^']{1,80})'|([\p{L}_][\p{L}\p{N}_. -]{0,80}?)) *:(?: *(?:[|>][+-]?\d?[+-]?)? *(?:#.*)?)?$/u;

export function yamlBlocks(text: string): Table[] {
  const tables: Table[] = [];
  for (let line = 0; line < text.length;) {
    const end = lineEnd(text, line);
    const next = text.indexOf('\n', end) + 1 || text.length;
    const opens = end - line < 400 && mayOpen(text, line, end) ? OPENS.exec(text.slice(line, end)) : null;
    line = opens ? readBlock(text, line, next, opens, tables) : next;
  }
  return tables;
}

/** Ends with a colon, a block indicator or a comment. */
function mayOpen(text: string, from: number, end: number): boolean {
  let last = end - 1;
  while (last > from && text.charCodeAt(last) === 32) last--;
  const c = text.charCodeAt(last);
  return c === 58 || c === 124 || c === 62 || c === 45 || c === 43 || text.slice(from, end).includes(' #');
}

function readBlock(text: string, keyLine: number, first: number, opens: RegExpExecArray, tables: Table[]): number {
  const indent = opens[1]!.length;
  const scalar = /: *[|>]/.test(opens[0]);
  let at = first;
  while (at < text.length) {
    const end = lineEnd(text, at);
    let depth = at;
    while (depth < end && text.charCodeAt(depth) === 32) depth++;
    const blank = depth >= end;
    const item = text.charCodeAt(depth) === 45 && (text.charCodeAt(depth + 1) === 32 || depth + 1 === end);
    if (!blank && (scalar ? depth - at <= indent : !(item && depth - at >= indent && itemCell(text, at, end) !== undefined))) break;
    at = text.indexOf('\n', end) + 1 || text.length;
  }
  if (at === first) return first;
  const name = opens[2] ?? opens[3] ?? opens[4] ?? '';
  tables.push(new LineTable(text, [name], first, at, (source, from, to) => [(scalar ? trimmed(source, from, to) : itemCell(source, from, to)) ?? { start: to, end: to }], undefined, keyLine));
  return at;
}

/** The scalar of `- value`; undefined when it is a mapping or a nested list. */
function itemCell(text: string, from: number, to: number): Cell | undefined {
  let start = from;
  while (start < to && (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 45)) start++;
  let end = Math.min(trimmed(text, start, to).end, start + LONGEST_LINE);
  const value = text.slice(start, end);
  const quote = value[0];
  if ((quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote)) return { start: start + 1, end: end - 1 };
  if (/^[^:]*:(?:\s|$)|^[{[]/.test(value)) return undefined;
  const comment = value.indexOf(' #');
  if (comment > 0) end = trimmed(text, start, start + comment).end;
  return { start, end };
}

function trimmed(text: string, from: number, to: number): Cell {
  let start = from, end = to;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return { start, end };
}
