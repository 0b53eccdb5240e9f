/** Masking in the bytes must show what masking of values shows, whatever the cells hold. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import { WireRows, type WireKind, wireValue } from '#query/drivers/wire-rows.ts';
import { builtinPacks } from '#rules';
import { clearCell, createCellMasker, type MaskableColumn } from './cell-masker.ts';
import { exportCell } from './export-cell.ts';
import { clearWireCell, createWireMasker, maskWireRows } from './wire-masker.ts';

const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(new Uint8Array(32).fill(7), detector);
const deps = { detector, masker, replacementFor: () => ({ kind: 'mask' as const }) };

function wireRows(cells: readonly (string | null)[], kind: WireKind): WireRows {
  const starts: number[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (const cell of cells) {
    const text = Buffer.from(cell ?? '');
    const head = Buffer.alloc(6);
    head.writeInt16BE(1, 0);
    head.writeInt32BE(cell === null ? -1 : text.length, 2);
    starts.push(at);
    parts.push(head, text);
    at += head.length + text.length;
  }
  return new WireRows(Buffer.concat(parts), Uint32Array.from(starts), cells.length, [kind]);
}

const columns: readonly (MaskableColumn & { kind: WireKind })[] = [
  { kind: 'text', name: 'notes', databaseType: 'text', masked: false, direct: true },
  { kind: 'text', name: 'payload', databaseType: 'jsonb', masked: false, direct: true },
  { kind: 'text', name: 'ssn', databaseType: 'text', masked: true, direct: true, entity: 'US_SSN' },
  { kind: 'text', name: 'x', databaseType: '', masked: true, direct: false },
  { kind: 'digits', name: 'ref', databaseType: 'bigint', masked: false, direct: true },
  { kind: 'digits', name: 'price', databaseType: 'numeric', masked: false, direct: true },
  { kind: 'number', name: 'n', databaseType: 'integer', masked: false, direct: true },
  { kind: 'number', name: 'ratio', databaseType: 'double precision', masked: false, direct: true },
  { kind: 'number', name: 'card', databaseType: 'integer', masked: true, direct: true, entity: 'CREDIT_CARD' },
  { kind: 'boolean', name: 'active', databaseType: 'boolean', masked: false, direct: true },
  { kind: 'bytes', name: 'photo', databaseType: 'bytea', masked: false, direct: true },
  { kind: 'inert', name: 'at', databaseType: 'timestamp without time zone', masked: false, direct: true },
];
const digits = fc.oneof(fc.integer().map(String), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.constantFrom('536228726', '4539148803436467', '0', '-1', '9999999', '10000000', '756.9217.0769.85'));
const texts = fc.oneof(
  fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), digits,
  fc.constantFrom('ann.lee@acme-corp.io', 'call ann.lee@acme-corp.io', '536-22-8726', 'é', 'ü', 'shipped', 'New York', '2024-02-29 13:37:00', '9f1b4c62-5d0a-4c1e-9f57-2f8c3a1d7b11', '{"ssn":"536228726","n":1}', '["ann.lee@acme-corp.io"]', 'DE89370400440532013000', 'x'.repeat(300)),
);
const values: Readonly<Record<WireKind, fc.Arbitrary<string>>> = {
  text: texts,
  digits: fc.oneof(digits, fc.tuple(fc.integer(), fc.nat(99_999_999)).map(([a, b]) => `${a}.${b}`), fc.constantFrom('NaN', '0.00', '12.50')),
  // What the server prints of integers and floats.
  number: fc.oneof(fc.integer().map(String), fc.constantFrom('0.25', '-0.5', '123456.75', '1e+07', '1e-05', '1.5e+300', 'NaN', 'Infinity', '-0', '-12', '9999999', '10000000', '536228726', '0.1', '12345678.9')),
  boolean: fc.constantFrom('t', 'f'),
  bytes: fc.oneof(fc.uint8Array().map((b) => `\\x${Buffer.from(b).toString('hex')}`), fc.constant('\\x3533362d32322d38373236')),
  inert: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-01-01') }).map((d) => d.toISOString().replace('T', ' ').slice(0, 19)),
};

for (const column of columns) {
  test(`${column.kind} ${column.name}: in the bytes as by value`, () => {
    const found: [string[], string[]] = [[], []];
    const plain = createCellMasker(column, 0, { ...deps, onFound: (_, entity) => found[0].push(entity) });
    const wire = createWireMasker(column.kind, column, createCellMasker(column, 0, { ...deps, onFound: (_, entity) => found[1].push(entity) }));
    fc.assert(fc.property(fc.array(fc.option(values[column.kind], { nil: null, freq: 8 }), { maxLength: 20 }), (cells) => {
      const rows = wireRows(cells, column.kind);
      const raw = cells.map((c) => (c === null ? null : wireValue(Buffer.from(c), 0, Buffer.byteLength(c), column.kind)));
      assert.deepEqual(rows.first(cells.length).map(([v]) => v), raw);
      const seen: number[] = [];
      assert.deepEqual([...maskWireRows(rows, [wire], (row) => { seen.push(row); })].flat(), raw.map((value) => [exportCell(value, plain)]));
      assert.deepEqual(seen, [...cells.keys()]);
      assert.deepEqual([...maskWireRows(rows, [clearWireCell(column.kind, clearCell)], () => undefined)].flat(), raw.map((value) => [exportCell(value, clearCell)]));
    }), { numRuns: 150 });
    assert.deepEqual(found[1], found[0], 'the same is reported as found');
  });
}

test('a card number in a column of integers or floats, and an address in the middle of a page, are found', () => {
  for (const [kind, type, value] of [['digits', 'bigint', '4539148803436467'], ['number', 'double precision', '4539148803436467'], ['text', 'text', 'mail ann.lee@acme-corp.io']] as const) {
    const column = { name: 'reference', databaseType: type, masked: false, direct: true };
    const filler = kind === 'text' ? 'fine' : '17';
    const rows = wireRows([...Array.from({ length: 900 }, () => filler), value, filler], kind);
    const masked = [...maskWireRows(rows, [createWireMasker(kind, column, createCellMasker(column, 0, deps))], () => undefined)].flat();
    assert.equal(masked[900]?.[0]?.m, 1, value);
    assert.ok(!JSON.stringify(masked).includes(value));
    assert.equal(masked[901]?.[0]?.v, filler);
  }
});
