/** Exported files, read again by programs that know nothing of ours: csv-parse, JSON.parse, SQLite, SheetJS. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { read, utils, type WorkBook } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csv, type ExportCell, json, jsonl, sqlInsert, type TextFormat } from './format.ts';
import { writeExport } from './write-export.ts';
import { xlsx } from './xlsx.ts';

async function exported(format: TextFormat, columns: readonly string[], rows: readonly (readonly ExportCell[])[]): Promise<Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-round-trip-'));
  try {
    async function* batches(): AsyncGenerator<readonly (readonly ExportCell[])[]> { for (let i = 0; i < rows.length; i += 7) yield rows.slice(i, i + 7); }
    await writeExport({
      path: path.join(folder, 'out'), formatName: 'x', format, columns: columns.map((name) => ({ name, masked: false })), rows: batches(), maxRows: Number.MAX_SAFE_INTEGER,
      manifest: { by: { id: 'dana', name: 'Dana' }, connection: { id: 'c', environment: 'staging' }, statementDigest: 'd' }, installationKey: new Uint8Array(32), now: () => 0,
    });
    assert.deepEqual(readdirSync(folder).sort(), ['out', 'out.manifest.json']);
    return readFileSync(path.join(folder, 'out'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const columns = ['id', 'text "quoted"', 'text "quoted"', 'größe, cm'];
const text = fc.oneof(
  fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' ', 'a,b', 'a"b', 'a\r\nb', '\n', "O'Neil'); DROP TABLE x; --", '=1+1', '@SUM(A1)', '+1', '-cmd', '\t=1', '2024-02-29 13:37:00+01', '007', '12345678901234567890', 'null', 'true', '_x0041_', '<b>&amp;</b>', '\\', '👩‍👩‍👧', '\u202edlo', 'x'.repeat(3000)),
);
const literal = fc.oneof(fc.integer().map(String), fc.constantFrom('0.25', '-12.5', '1e+21', 'true', 'false', '123456789012345'));
const cell = fc.oneof({ weight: 4, arbitrary: text.map((v): ExportCell => ({ v })) }, { weight: 1, arbitrary: literal.map((v): ExportCell => ({ v, literal: true })) }, { weight: 1, arbitrary: fc.constant<ExportCell>({ v: null }) });
const table = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 20 });
const runs = { numRuns: 60 };
const typed = ({ v, literal: is }: ExportCell): unknown => (v === null ? null : is ? (v === 'true' ? true : v === 'false' ? false : Number(v)) : v);

test('CSV', async () => {
  await fc.assert(fc.asyncProperty(table, async (rows) => {
    const records = parse(await exported(csv(), columns, rows), { relax_column_count: false }) as string[][];
    assert.deepEqual(records[0], columns);
    for (const [i, row] of rows.entries()) {
      for (const [j, { v }] of row.entries()) {
        const field = records[i + 1]?.[j] ?? '';
        // An apostrophe in front of what a spreadsheet would run, and nothing else, may be added.
        assert.ok(field === (v ?? '') || (field === `'${v}` && /^\s*[=+\-@\t\r]/.test(v ?? '')), JSON.stringify({ v, field }));
        if (!field.startsWith("'")) assert.ok(!/^[=@\t\r]/.test(field), `a formula: ${field}`);
      }
    }
    assert.equal(records.length, rows.length + 1);
  }), runs);
});

test('JSON and JSON Lines', async () => {
  const names = ['id', 'text "quoted"', 'text "quoted"_2', 'größe, cm'];
  await fc.assert(fc.asyncProperty(table, async (rows) => {
    const expected = rows.map((row) => Object.fromEntries(row.map((c, i) => [names[i], typed(c)])));
    assert.deepEqual(JSON.parse((await exported(json(), columns, rows)).toString()), expected);
    assert.deepEqual((await exported(jsonl(), columns, rows)).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as unknown), expected);
  }), runs);
});

test('INSERT statements, run by SQLite', async () => {
  await fc.assert(fc.asyncProperty(table, async (rows) => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE "copy of ""orders""" ("id" ANY, "text ""quoted""" ANY, "text ""quoted""_2" ANY, "größe, cm" ANY) STRICT');
    database.exec((await exported(sqlInsert('copy of "orders"'), columns, rows)).toString());
    const back = database.prepare('SELECT * FROM "copy of ""orders"""').all().map((row) => Object.values(row));
    // A NUL can't stand in a literal of SQL; SQLite's true is 1.
    assert.deepEqual(back, rows.map((row) => row.map((c) => { const v = typed(c); return typeof v === 'string' ? v.replaceAll('\u0000', '') : typeof v === 'boolean' ? Number(v) : v; })));
    database.close();
  }), runs);
});

function sheetOf(book: WorkBook, name: string): unknown[][] { return utils.sheet_to_json(book.Sheets[name] ?? {}, { header: 1, raw: true, defval: null, blankrows: true }); }

test('Excel', async () => {
  await fc.assert(fc.asyncProperty(table, async (rows) => {
    const book = read(await exported(xlsx(), columns, rows), { type: 'buffer', cellFormula: true });
    assert.deepEqual(book.SheetNames, ['Result']);
    const back = sheetOf(book, 'Result');
    assert.deepEqual(back[0], ['id', 'text "quoted"', 'text "quoted"_2', 'größe, cm']);
    for (const [i, row] of rows.entries()) {
      for (const [j, c] of row.entries()) {
        const expected = typed(c);
        const got = back[i + 1]?.[j] ?? null;
        // Excel reads line ends as XML does, and an empty text is an empty cell.
        const same = (v: unknown): unknown => (typeof v === 'string' ? v.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : v);
        if (expected === '') assert.ok(got === '' || got === null); else assert.deepEqual(same(got), same(expected));
        const stored = (book.Sheets.Result as Record<string, { f?: string; t?: string } | undefined>)[utils.encode_cell({ r: i + 1, c: j })];
        assert.equal(stored?.f, undefined, 'no formula');
        if (typeof expected === 'string' && expected !== '') assert.equal(stored?.t, 's');
      }
    }
  }), runs);
});

test('Excel: every digit of long numbers, dates as they were, text beyond Excel\'s cell is cut and says so', async () => {
  const rows: ExportCell[][] = [
    [{ v: '12345678901234567890', literal: true }, { v: '2024-02-29T13:37:00.000Z' }, { v: '42.5', literal: true }, { v: 'y'.repeat(40_000) }],
    [{ v: '4539148803436467', literal: true }, { v: '0044-03-15 BC' }, { v: '1e+300', literal: true }, { v: '🙂'.repeat(20_000) }],
  ];
  const [, first = [], second = []] = sheetOf(read(await exported(xlsx(), columns, rows), { type: 'buffer' }), 'Result');
  assert.deepEqual(first.slice(0, 3), ['12345678901234567890', '2024-02-29T13:37:00.000Z', 42.5]);
  assert.deepEqual(second.slice(0, 3), ['4539148803436467', '0044-03-15 BC', 1e300]);
  assert.match(String(first[3]), /^y+… \(cut, 40000 characters\)$/);
  for (const cut of [first[3], second[3]]) assert.ok(String(cut).length <= 32_767 && !/\p{Surrogate}/u.test(String(cut)));
});

test('Excel: what does not fit one sheet goes on in the next, under the same header', async () => {
  const rows = Array.from({ length: 25 }, (_, i): ExportCell[] => [{ v: String(i), literal: true }, { v: `row ${i}\f` }]);
  const book = read(await exported(xlsx(11), ['n', 't'], rows), { type: 'buffer' });
  assert.deepEqual(book.SheetNames, ['Result', 'Result 2', 'Result 3']);
  const sheets = book.SheetNames.map((name) => sheetOf(book, name));
  assert.deepEqual(sheets.map((s) => s[0]), [['n', 't'], ['n', 't'], ['n', 't']]);
  assert.deepEqual(sheets.flatMap((s) => s.slice(1)), rows.map((_, i) => [i, `row ${i}\f`]));
});

test('Excel: more rows than one sheet of Excel has, in full', { timeout: 120_000 }, async () => {
  const rows = Array.from({ length: 1_048_577 }, (): ExportCell[] => [{ v: '1', literal: true }]);
  const format = xlsx();
  let text = format.begin(['n']);
  let sheets = 1;
  let last = 0;
  rows.forEach((row, i) => {
    const made = format.row(row, i);
    if (made.includes('\f')) { sheets++; last = i; }
    text = made;
  });
  assert.deepEqual([sheets, last], [2, 1_048_575], 'the header takes the first of 1,048,576 rows');
  assert.match(text, /<row>/);
  assert.throws(() => xlsx().begin(Array.from({ length: 16_385 }, (_, i) => `c${i}`)), /columns.*CSV/);
});
