/** Values of keys and columns whose name means something by itself: `first_name: Alice`, a CSV column `last_name`. */
import type { DocumentText } from '../engine/document.ts';
import { identifierEndingAt } from './field.ts';
import type { Table } from './table.ts';

/** Longest value that a name speaks for. */
const LONGEST_VALUE = 200;

/** Receives each key with its value's UTF-16 offsets, quotes excluded. */
export type NamedValueSink = (name: string, start: number, end: number) => void;

/** Columns of tables. `wanted` is asked once a column. */
export function eachColumnValue(table: Table, from: number, to: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const columns = table.columns.flatMap((name, index) => (wanted(name) ? [{ name, index }] : []));
  if (columns.length === 0) return;
  table.eachRow(from, to, (cells) => {
    for (const { name, index } of columns) {
      const cell = cells[index];
      if (cell && cell.end > cell.start && cell.end - cell.start <= LONGEST_VALUE) sink(name, cell.start, cell.end);
    }
  });
}

/** The key before a `:` or `=` at `separator` and the value after it, where there is a literal value. */
export function valueAfter(document: DocumentText, separator: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const { text, format } = document;
  let before = separator - 1;
  while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  if (before < 0) return;
  const key = identifierEndingAt(text, before, Math.max(0, before - 90));
  if (!key || !wanted(key.name)) return;
  let at = separator + 1;
  if (text.charCodeAt(at) === 62) at++; // =>
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  const quote = text.charCodeAt(at);
  if (quote === 34 || quote === 39 || quote === 96) {
    const end = closingQuote(text, at + 1, quote);
    if (end > at + 1) sink(key.name, at + 1, end);
    return;
  }
  // A bare value: never in code, where it is an expression.
  if (format === 'code' || format === 'json' || format === 'sql' || format === 'xml') return;
  if (format === 'text' || format === 'markdown') return proseValue(text, key.name, separator, at, sink);
  const end = bareEnd(text, at, format === 'log');
  if (end > at) sink(key.name, at, end);
}

/** `Name: Alice Smith` on a line of its own in a ticket or a mail. */
function proseValue(text: string, name: string, separator: number, at: number, sink: NamedValueSink): void {
  if (text.charCodeAt(separator) !== 58) return;
  const end = bareEnd(text, at, false);
  if (end > at) sink(name, at, end);
}

function closingQuote(text: string, from: number, quote: number): number {
  const limit = Math.min(text.length, from + LONGEST_VALUE);
  for (let i = from; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote) return i;
    else if (c === 10) return -1;
  }
  return -1;
}

/** End of an unquoted value: the line's end, a comment, or in logs the next space or separator. */
function bareEnd(text: string, from: number, log: boolean): number {
  const limit = Math.min(text.length, from + LONGEST_VALUE);
  let end = from;
  for (let i = from; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13 || (c === 35 && text.charCodeAt(i - 1) === 32)) break;
    if (log && (c === 32 || c === 44 || c === 59)) break;
    if (c === 38 || c === 59 || c === 123 || c === 125 || c === 91) break;
    if (c !== 32 && c !== 9) end = i + 1;
  }
  return end;
}
