import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { csv, type ExportCell, json, jsonl, sqlInsert, type TextFormat } from './format.ts';
import { execFileSync } from 'node:child_process';
import { committable } from './git-work-tree.ts';
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

test('small groups of generalised values are told', () => inFolder(async (folder) => {
  async function* rows(): AsyncGenerator<ExportCell[][]> { yield ['1980', '1980', '1980', '1980', '1980', '1999', '2001', '2001'].map((v) => [{ v }]); }
  const outcome = await writeExport(job(folder, { columns: [{ name: 'born', masked: true, mask: 'generalise' }], rows: rows() }));
  assert.deepEqual(outcome.smallGroups, [{ column: 'born', groups: 2 }]);
}));

test('a file in a Git work tree is noticed unless it is ignored there', () => inFolder((folder) => {
  execFileSync('git', ['init', '-q', folder]);
  mkdirSync(path.join(folder, 'data', 'safe'), { recursive: true });
  writeFileSync(path.join(folder, 'data', '.gitignore'), 'safe/\n');
  assert.deepEqual(committable(path.join(folder, 'data', 'my out.csv')), { root: folder, pattern: '/data/my\\ out.csv*' });
  assert.equal(committable(path.join(folder, 'data', 'safe', 'out.csv')), undefined);
  writeFileSync(path.join(folder, '.gitignore'), '/data/my\\ out.csv*\n');
  assert.equal(committable(path.join(folder, 'data', 'my out.csv')), undefined, 'the offered line does it');
  assert.equal(committable('/nonexistent-root-folder/out.csv'), undefined);
  return Promise.resolve();
}));
