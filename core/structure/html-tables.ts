/** HTML tables, forms and XML fields that carry their name in an attribute. */
import type { Cell } from './csv.ts';
import { namedValue, RowTable, type Table } from './table.ts';

const MOST_COLUMNS = 500;

interface Row { readonly cells: Cell[]; heads: number }

/** `<table>`: the row of `<th>` names the columns; a `<th>` before a `<td>` names that one. Tolerates what is left open. */
export function htmlTables(text: string): Table[] {
  const tables: Table[] = [];
  for (let open = nextTag(text, 'table', 0); open >= 0;) {
    const end = readTable(text, open, tables);
    open = nextTag(text, 'table', Math.max(end, open + 6));
  }
  return tables;
}

function readTable(text: string, open: number, tables: Table[]): number {
  const rows: Row[] = [];
  let cell: { start: number; head: boolean } | undefined;
  const close = (end: number): void => {
    const row = rows.at(-1);
    if (cell && row && row.cells.length < MOST_COLUMNS) {
      row.cells.push(withoutTags(text, cell.start, end));
      if (cell.head) row.heads++;
    }
    cell = undefined;
  };
  let at = text.indexOf('>', open) + 1;
  let end = text.length;
  for (let tag = at > 0 ? text.indexOf('<', at) : -1; tag >= 0; tag = text.indexOf('<', at)) {
    const closing = text.charCodeAt(tag + 1) === 47;
    const name = tagName(text, closing ? tag + 2 : tag + 1);
    at = tag + 1;
    if (name === 'table') {
      close(tag);
      end = tag;
      break;
    }
    if (name !== 'tr' && name !== 'td' && name !== 'th') continue;
    close(tag);
    if (closing) continue;
    const after = text.indexOf('>', tag) + 1;
    if (after === 0) break;
    at = after;
    if (name === 'tr') rows.push({ cells: [], heads: 0 });
    else cell = { start: after, head: name === 'th' };
  }
  build(text, open, rows, tables);
  return end;
}

function build(text: string, open: number, rows: readonly Row[], tables: Table[]): void {
  const filled = rows.filter((row) => row.cells.length > 0);
  const first = filled[0];
  if (!first) return;
  if (first.heads >= 2 && first.heads === first.cells.length) {
    const columns = first.cells.map((cell) => text.slice(cell.start, cell.end));
    const body = filled.slice(1).map((row) => row.cells);
    if (body.length > 0) tables.push(new RowTable(columns, body, undefined, open));
    return;
  }
  for (const row of filled) {
    const [head, value] = row.cells;
    if (row.heads === 1 && head && value && row.cells.length === 2) tables.push(namedValue(text.slice(head.start, head.end).replace(/:$/, ''), value.start, value.end));
  }
}

/** Elements that say nothing themselves: the name stands in an attribute. */
const CARRIER = new Set('input textarea select option field property entry param parameter attribute attr meta data column col item add setting string key value span div td dd element arg variable env'.split(' '));
const NAMING = [' name=', ' key=', ' itemprop=', ' property=', ' autocomplete='] as const;

/** `<input name="ssn" value="…">`, `<field name="ssn">…</field>`, `<add key="ssn" value="…"/>`. */
export function attributeFields(text: string): Table[] {
  const found: Table[] = [];
  for (const naming of NAMING) {
    for (let at = text.indexOf(naming); at >= 0; at = text.indexOf(naming, at + naming.length)) {
      const table = fieldAround(text, at, at + naming.length);
      if (table) found.push(table);
    }
  }
  return found;
}

const LONGEST_TAG = 1_000;

function fieldAround(text: string, at: number, nameStart: number): Table | undefined {
  let open = at;
  const low = Math.max(0, at - LONGEST_TAG), high = Math.min(text.length, at + LONGEST_TAG);
  while (open >= low && text.charCodeAt(open) !== 60 && text.charCodeAt(open) !== 62) open--;
  if (open < low || text.charCodeAt(open) !== 60) return undefined;
  const name = attributeValue(text, nameStart);
  let close = at;
  while (close < high && text.charCodeAt(close) !== 62) close++;
  if (!name || close === high) return undefined;
  const tag = text.slice(open, close);
  const value = /\s(?:value|content)=(["'])/i.exec(tag);
  if (value) {
    const start = open + value.index + value[0].length;
    const end = tag.indexOf(value[1]!, start - open) + open;
    return end > start ? namedValue(name, start, end) : undefined;
  }
  if (!CARRIER.has(tagName(text, open + 1)) || text.charCodeAt(close - 1) === 47) return undefined;
  let stop = close;
  const limit = Math.min(text.length, close + LONGEST_TAG);
  while (stop < limit && text.charCodeAt(stop) !== 60) stop++;
  const cell = withoutTags(text, close + 1, stop);
  return stop < limit && cell.end > cell.start ? namedValue(name, cell.start, cell.end) : undefined;
}

function attributeValue(text: string, at: number): string | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.slice(at + 1, at + 100).indexOf(quote);
  return end > 0 ? text.slice(at + 1, at + 1 + end) : undefined;
}

function nextTag(text: string, name: string, from: number): number {
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) if (tagName(text, at + 1) === name) return at;
  return -1;
}

/** Lower case; empty when none begins here. */
function tagName(text: string, from: number): string {
  let end = from;
  while (end < from + 12 && isLetter(text.charCodeAt(end))) end++;
  return text.slice(from, end).toLowerCase();
}

const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

/** The text of a cell without the white space and the tags around it. */
function withoutTags(text: string, from: number, to: number): Cell {
  let start = from, end = to;
  for (;;) {
    while (start < end && text.charCodeAt(start) <= 32) start++;
    const close = text.charCodeAt(start) === 60 ? text.indexOf('>', start) : -1;
    if (close < 0 || close >= end) break;
    start = close + 1;
  }
  for (;;) {
    while (end > start && text.charCodeAt(end - 1) <= 32) end--;
    const open = text.charCodeAt(end - 1) === 62 ? text.lastIndexOf('<', end - 1) : -1;
    if (open <= start) break;
    end = open;
  }
  return { start, end };
}
