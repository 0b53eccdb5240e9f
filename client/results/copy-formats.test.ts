import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultColumn } from '#core/wire/results.ts';
import { formatCells } from './copy-formats.ts';

const column = (index: number, name: string, table?: string): ResultColumn =>
  ({ index, name, databaseType: 'TEXT', masked: false, reasons: [], revealable: false, revealed: false, ...(table === undefined ? {} : { origin: { table, column: name } }) });
const columns = [column(0, 'id', 'people'), column(1, 'note', 'people')];
const rows = [[{ v: '1' }, { v: 'a,"b"\nc' }], [{ v: null }, { v: 'j***@e***.com', m: 1 as const }]];

test('each format says the same cells', () => {
  assert.equal(formatCells('tsv', columns, rows, true), 'id\tnote\n1\ta,"b" c\n\tj***@e***.com');
  assert.equal(formatCells('csv', columns, rows, true), 'id,note\n1,"a,""b""\nc"\n,j***@e***.com');
  assert.equal(formatCells('csv', columns, rows.slice(1), false), ',j***@e***.com');
  assert.deepEqual(JSON.parse(formatCells('json', columns, rows, true)), [{ id: '1', note: 'a,"b"\nc' }, { id: null, note: 'j***@e***.com' }]);
  assert.equal(formatCells('markdown', columns, rows, true), '| id | note |\n| --- | --- |\n| 1 | a,"b"<br>c |\n|  | j***@e***.com |');
  assert.equal(formatCells('insert', columns, rows.slice(1), true), 'INSERT INTO "people" ("id", "note") VALUES (NULL, \'j***@e***.com\');');
});

test('a spreadsheet runs nothing that was copied', () => {
  const field = (text: string): string => formatCells('csv', [column(0, 'x')], [[{ v: text }]], false);
  for (const formula of ['=1+1', '+cmd', '-cmd', '@SUM(A1)', '\tx']) assert.ok(field(formula).replace(/^"/, '').startsWith("'"), formula);
  for (const number of ['-12', '+3.5', '-1e9']) assert.equal(field(number), number);
});

test('columns of one name stay apart in JSON, and rows of several tables say no table', () => {
  const joined = [column(0, 'id', 'people'), column(1, 'id', 'orders')];
  assert.deepEqual(JSON.parse(formatCells('json', joined, [[{ v: '1' }, { v: '2' }]], true)), [{ id: '1', id_2: '2' }]);
  assert.match(formatCells('insert', joined, [[{ v: "it's" }, { v: '2' }]], true), /^INSERT INTO "result" .*'it''s'/);
});
