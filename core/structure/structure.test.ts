import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsOf, csvLayout } from './csv.ts';
import { enclosingKeys, keyBefore } from './field.ts';
import { formatOf, isMachineFile } from './format.ts';
import { sqlTables } from './sql-tables.ts';
import { indexOfCell } from './table.ts';
import { textTables } from './text-tables.ts';

test('formats by language id, file name and content', () => {
  const cases: readonly [string, string | undefined, string | undefined, string][] = [
    ['csv', undefined, '', 'csv'], ['typescript', undefined, '', 'code'], ['plaintext', 'a.csv', '', 'csv'], [undefined as never, '.env.local', '', 'properties'], [undefined as never, 'x/y.IPYNB', '', 'json'],
    [undefined as never, undefined, '{"a": 1}', 'json'], [undefined as never, undefined, 'id,first_name,ssn\n1,A,2\n', 'csv'], [undefined as never, undefined, 'Hello, dear reader\nof this, text', 'text'],
    [undefined as never, undefined, '<?xml version="1.0"?>', 'xml'], [undefined as never, undefined, 'INSERT INTO t', 'sql'], ['someunknown', 'a.zz', 'x', 'code'],
  ];
  for (const [languageId, filename, text, format] of cases) assert.equal(formatOf({ ...(languageId ? { languageId } : {}), ...(filename ? { filename } : {}) }, text ?? ''), format, `${languageId} ${filename} ${text}`);
});

test('lock files, maps and bundles are machine text', () => {
  for (const name of ['package-lock.json', 'a/go.sum', 'x.min.js', 'b.js.map', 'SHA256SUMS', 'pnpm-lock.yaml']) assert.equal(isMachineFile(name), true, name);
  for (const name of ['lock.ts', 'summary.txt', 'users.csv', undefined]) assert.equal(isMachineFile(name), false, String(name));
});

/** The name before the part of the text between « and ». */
function key(sample: string): string | undefined {
  const at = sample.indexOf('«');
  return keyBefore(sample.replace('«', ''), at, 0)?.name;
}

const keys: readonly (readonly [string, string | undefined])[] = [
  ['"ssn": "«5', 'ssn'], ['"ssn": «5', 'ssn'], ['ssn: «5', 'ssn'], ['SSN=«5', 'SSN'], ["user['ssn'] = '«5", 'ssn'], ['const ssn: string = "«5', 'ssn'], ['ssn := "«5', 'ssn'], ["'ssn' => '«5", 'ssn'],
  ['<ssn>«5', 'ssn'], ['<a:ssn x="1">«5', 'ssn'], ['<u ssn="«5', 'ssn'], ['?q=1&ssn=«5', 'ssn'], ['c.setSsn("«5', 'c.setSsn'], ['{"note": "call «5', 'note'], ['level=info ssn=«5', 'ssn'],
  ['the number «5', undefined], ['a, «5', undefined], ['foo(«5', undefined], ['x\n«5', undefined],
];
for (const [sample, expected] of keys) test(`key of ${JSON.stringify(sample)}`, () => assert.equal(key(sample), expected));

test('enclosing keys by brackets and by indentation', () => {
  const json = '{"a": {"x": [1, {"y": 2}], "b": {"c": 1}}}';
  assert.deepEqual(enclosingKeys(json, json.indexOf('"c"'), 0, false), ['a', 'b']);
  const yaml = 'a:\n  x: 1\n  b:\n    - q: 1\n      c: 2\n';
  assert.deepEqual(enclosingKeys(yaml, yaml.indexOf('c: 2'), 0, true), ['a', 'b']);
});

test('delimited text: delimiter, header, quotes', () => {
  assert.deepEqual(csvLayout('a;b;c\n1;2;3\n'), { delimiter: ';', columns: ['a', 'b', 'c'], bodyStart: 6 });
  assert.deepEqual(csvLayout('"first name","b, c"\n')?.columns, ['first name', 'b, c']);
  assert.deepEqual(csvLayout('1,2,3\n4,5,6\n')?.columns, []);
  assert.deepEqual(csvLayout('\ufeffid,ssn\r\n1,2\r\n')?.columns, ['id', 'ssn']);
  const line = '1,"a ""b"", c",,x';
  assert.deepEqual(cellsOf(line, 0, line.length, ',').map((cell) => line.slice(cell.start, cell.end)), ['1', 'a ""b"", c', '', 'x']);
  assert.deepEqual(cellsOf('"open,1', 0, 7, ',').length, 1);
});

/** `column=value` of every cell of the first table. */
function cells(text: string, tables: readonly { columns: readonly string[]; start: number; end: number; eachRow(from: number, to: number, visit: (cells: readonly { start: number; end: number }[]) => void): void }[]): string[] {
  const found: string[] = [];
  for (const table of tables) table.eachRow(0, text.length, (row) => row.forEach((cell, i) => { found.push(`${table.columns[i]}=${text.slice(cell.start, cell.end)}`); }));
  return found;
}

test('INSERT tuples: strings with brackets, commas and quotes; several statements', () => {
  const text = "INSERT INTO `t` (a, \"b\") VALUES (1, 'x, (y)'), (NULL, 'it''s'); insert into u(c) values (N'z');";
  assert.deepEqual(cells(text, sqlTables(text)), ['a=1', "b=x, (y)", 'a=NULL', "b=it''s", 'c=z']);
  assert.deepEqual(sqlTables(text).map((table) => table.name), ['t', 'u']);
});

test('COPY blocks', () => {
  const text = 'COPY public.t (a, b) FROM stdin;\n1\tx y\n2\t\\N\n\\.\nSELECT 1;';
  assert.deepEqual(cells(text, sqlTables(text)), ['a=1', 'b=x y', 'a=2', 'b=\\N']);
});

test('drawn tables', () => {
  const markdown = '# T\n\n| a | b |\n|---|:-:|\n| 1 | x |\n| 2 | y |\n\nafter | all';
  assert.deepEqual(cells(markdown, textTables(markdown)), ['a=1', 'b=x', 'a=2', 'b=y']);
  const psql = ' a  | b \n----+---\n 1  | x\n(1 row)\n';
  assert.deepEqual(cells(psql, textTables(psql)), ['a=1', 'b=x']);
  assert.deepEqual(textTables('a -- b\n-----\n--|'), []);
});

test('an offset belongs to its cell, padding to none', () => {
  const row = [{ start: 0, end: 2 }, { start: 4, end: 6 }];
  assert.deepEqual([0, 1, 3, 4, 6].map((offset) => indexOfCell(row, offset)), [0, 0, -1, 1, -1]);
});
