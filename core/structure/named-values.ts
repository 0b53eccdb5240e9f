/** Values of keys and columns whose name means something by itself: `first_name: Alice`, a CSV column `last_name`. */
import type { DocumentText } from '../engine/document.ts';
import { isWord } from '../engine/chars.ts';
import { elementBefore, identifierEndingAt } from './field.ts';
import { eachElement } from './list-key.ts';
import type { Table } from './table.ts';

/** Longest value that a name speaks for. */
const LONGEST_VALUE = 200;

/** Receives each key with its value's UTF-16 offsets, quotes excluded, and a way to ask what encloses the key. */
export type NamedValueSink = (name: string, start: number, end: number, path: () => readonly string[]) => void;

/** Columns of tables. `wanted` is asked once a column. */
export function eachColumnValue(table: Table, from: number, to: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const columns = table.columns.flatMap((name, index) => (wanted(name) ? [{ name, index }] : []));
  if (columns.length === 0) return;
  const path = (): readonly string[] => (table.name === undefined ? [] : [table.name]);
  table.eachRow(from, to, (cells) => {
    for (const { name, index } of columns) {
      const cell = cells[index];
      if (cell && cell.end > cell.start && cell.end - cell.start <= LONGEST_VALUE) sink(name, cell.start, cell.end, path);
    }
  });
}

/** The key before a separator (`:`, `=`, `(` of a call, `>` of an element) and the value after it, where there is a literal value. */
export function valueAfter(document: DocumentText, separator: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const { text, format } = document;
  const mark = text.charCodeAt(separator);
  if (mark === 62) {
    if (format === 'xml') elementValue(text, separator, wanted, sink);
    return;
  }
  let at = separator + 1;
  if (mark === 61 && text.charCodeAt(at) === 62) at++; // =>
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  const quote = text.charCodeAt(at);
  if (quote === 91 && mark !== 40 && format !== 'text' && format !== 'markdown') {
    listAfter(document, separator, at, wanted, sink);
    return;
  }
  const quoted = quote === 34 || quote === 39 || quote === 96;
  // A bare value: never in code, where it is an expression.
  if (!quoted && (mark === 40 || format === 'code' || format === 'json' || format === 'sql' || format === 'xml')) return;
  let before = separator - 1;
  while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  if (before < 0) return;
  const key = identifierEndingAt(text, before, Math.max(0, before - 90));
  if (!key || !wanted(key.name)) return;
  if (quoted) {
    const end = closingQuote(text, at + 1, quote);
    if (end > at + 1) sink(key.name, at + 1, end, () => document.pathOf(key.start));
  } else if (key.start > 0 && (text.charCodeAt(key.start - 1) === 63 || text.charCodeAt(key.start - 1) === 38)) {
    const end = queryValueEnd(text, at);
    if (end > at) sink(key.name, at, end, () => []);
  } else if (format === 'text' || format === 'markdown') proseValue(text, key.name, separator, at, sink);
  else {
    const end = bareEnd(text, at, format === 'log');
    if (end > at) sink(key.name, at, end, () => document.pathOf(key.start));
  }
}

/** `"last_names": ["Meyer", "Okafor"]` */
function listAfter(document: DocumentText, separator: number, open: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const { text, format } = document;
  const first = text.charCodeAt(open + 1);
  // Most lists hold numbers or objects.
  if ((first >= 48 && first <= 57) || first === 123 || first === 93) return;
  let before = separator - 1;
  while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  const key = before < 0 ? undefined : identifierEndingAt(text, before, Math.max(0, before - 90));
  if (!key || !wanted(key.name)) return;
  eachElement(text, open, format === 'yaml', (start, end) => { if (end - start <= LONGEST_VALUE) sink(key.name, start, end, () => document.pathOf(key.start)); });
}

/** `<lastName>Alice</lastName>` */
function elementValue(text: string, close: number, wanted: (name: string) => boolean, sink: NamedValueSink): void {
  const limit = Math.min(text.length, close + LONGEST_VALUE);
  let end = close + 1;
  while (end < limit && text.charCodeAt(end) !== 60) end++;
  if (end === limit || end === close + 1) return;
  const element = elementBefore(text, close, Math.max(0, close - 200));
  if (!element || !wanted(element.name)) return;
  let from = close + 1, to = end;
  while (from < to && text.charCodeAt(from) <= 32) from++;
  while (to > from && text.charCodeAt(to - 1) <= 32) to--;
  if (to > from) sink(element.name, from, to, () => []);
}

/** `Name: Alice Smith` on a line of its own in a ticket or a mail. */
function proseValue(text: string, name: string, separator: number, at: number, sink: NamedValueSink): void {
  if (text.charCodeAt(separator) !== 58) return;
  const end = bareEnd(text, at, false);
  if (end > at) sink(name, at, end, () => []);
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

/** `?last_name=Meyer HTTP/1.1`: a blank ends the URL. */
function queryValueEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + LONGEST_VALUE);
  let end = from;
  while (end < limit && !/[\s&;"'<>#)\]}]/.test(text[end]!)) end++;
  return end;
}

/** End of an unquoted value: the line's end, a comment, or in logs a separator or the next `key=`. */
function bareEnd(text: string, from: number, log: boolean): number {
  const limit = Math.min(text.length, from + LONGEST_VALUE);
  let end = from;
  for (let i = from; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13 || (c === 35 && text.charCodeAt(i - 1) === 32)) break;
    if (c === 38 || c === 59 || c === 123 || c === 125 || c === 91) break;
    if (log && (c === 44 || c === 41 || c === 93 || c === 124)) break;
    if (c === 32 || c === 9) {
      if (log && keyFollows(text, i + 1)) break;
    } else end = i + 1;
  }
  return end;
}

/** `word=` or `word:` begins here: the value before has ended. */
function keyFollows(text: string, from: number): boolean {
  let at = from;
  while (at < from + 40 && (isWord(text.charCodeAt(at)) || text.charCodeAt(at) === 46 || text.charCodeAt(at) === 45)) at++;
  const c = text.charCodeAt(at);
  return at > from && (c === 61 || c === 58);
}
