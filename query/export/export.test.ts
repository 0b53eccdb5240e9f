import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { csv, type ExportCell, json, jsonl, sqlInsert, type TextFormat } from './format.ts';
import { type ExportJob, writeExport } from './write-export.ts';

function render(format: TextFormat, columns: string[], rows: ExportCell[][]): string {
  return format.begin(columns) + rows.map((r, i) => format.row(r, i)).join('') + format.end(rows.length);
}

for (const [name, value, expected] of [
  ['plain', 'abc', 'abc'], ['comma', 'a,b', '"a,b"'], ['quote', 'a"b', '"a""b"'], ['line break', 'a\nb', '"a\nb"'],
  ['null', null, ''], ['empty', '', '""'], ['formula', '=1+1', `"'=1+1"`], ['command', '@SUM(A1)', `"'@SUM(A1)"`], ['plus', '+HYPERLINK()', `"'+HYPERLINK()"`],
  ['minus text', '-cmd', `"'-cmd"`], ['after a space', ' =1', `"' =1"`], ['negative number', '-12.5', '-12.5'], ['exponent', '+1e9', '+1e9'], ['tab', '\t=1', `"'\t=1"`],
] as const) {
  test(`CSV: ${name}`, () => assert.equal(render(csv(), ['c'], [[{ v: value }]]), `c\r\n${expected}\r\n`));
}

test('JSON keeps numbers, nulls and every column of the same name', () => {
  const text = render(json(), ['a', 'a', 'b"'], [[{ v: '1', literal: true }, { v: null }, { v: '007' }], [{ v: 'true', literal: true }, { v: 'x' }, { v: '\u0000' }]]);
  assert.deepEqual(JSON.parse(text), [{ a: 1, a_2: null, 'b"': '007' }, { a: true, a_2: 'x', 'b"': '\u0000' }]);
  assert.deepEqual(JSON.parse(render(json(), ['a'], [])), []);
  assert.equal(render(jsonl(), ['a'], [[{ v: 'x\ny' }]]), '{"a":"x\\ny"}\n');
});

test('INSERT quotes names and values', () => {
  assert.equal(render(sqlInsert('my "table"'), ['a"b', 'n'], [[{ v: "O'Neil'); DROP TABLE x;--" }, { v: '5', literal: true }]]),
    `INSERT INTO "my ""table""" ("a""b", "n") VALUES ('O''Neil''); DROP TABLE x;--', 5);\n`);
});

test('any text survives JSON, and CSV by its own rules', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (v) => {
    assert.equal((JSON.parse(render(jsonl(), ['a'], [[{ v }]])) as { a: string }).a, v);
    const field = render(csv(), ['c'], [[{ v }]]).slice(3, -2);
    const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    assert.ok(read === v || read === `'${v}`);
  }));
});

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-export-'));
  try { await use(folder); } finally { rmSync(folder, { recursive: true, force: true }); }
}
async function* batches(total: number, fail = false): AsyncGenerator<ExportCell[][]> {
  for (let i = 0; i < total; i += 100) yield Array.from({ length: Math.min(100, total - i) }, (_, j) => [{ v: String(i + j) }, { v: 'extra' }]);
  if (fail) throw new Error('the database went away');
}
const job = (folder: string, more: Partial<ExportJob>): ExportJob => ({
  path: path.join(folder, 'out.csv'), formatName: 'csv', format: csv(), columns: [{ name: 'n', masked: false }], rows: batches(1000), maxRows: 5000,
  manifest: { by: { id: 'dana', name: 'Dana' }, connection: { id: 'c', environment: 'staging' }, statementDigest: 'd' },
  installationKey: new Uint8Array(32), now: () => 0, ...more,
});

test('never more rows or columns than granted; the manifest says what was written', () => inFolder(async (folder) => {
  const outcome = await writeExport(job(folder, { maxRows: 150 }));
  assert.deepEqual([outcome.rows, outcome.truncated], [150, true]);
  const text = readFileSync(path.join(folder, 'out.csv'), 'utf8');
  assert.equal(text.split('\r\n').length, 152);
  assert.ok(!text.includes('extra'));
  const manifest = JSON.parse(readFileSync(outcome.manifestPath, 'utf8')) as Record<string, unknown>;
  assert.equal(manifest.sha256, createHash('sha256').update(text).digest('hex'));
  assert.equal(manifest.rows, 150);
  assert.deepEqual(readdirSync(folder).sort(), ['out.csv', 'out.csv.manifest.json']);
}));

test('a failure or a cancel leaves no file', () => inFolder(async (folder) => {
  await assert.rejects(writeExport(job(folder, { rows: batches(1000, true) })), /went away/);
  const abort = new AbortController();
  abort.abort(new Error('enough'));
  await assert.rejects(writeExport(job(folder, { signal: abort.signal })), /enough/);
  assert.deepEqual(readdirSync(folder), []);
}));
