import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultColumn } from '#core/wire/results.ts';
import { layOut, naturalWidth, visibleColumns } from './column-layout.ts';

const columns = Array.from({ length: 50 }, (_, index): ResultColumn =>
  ({ index, name: `c${index}`, databaseType: 'TEXT', masked: index === 3, reasons: [], revealable: false, revealed: false }));
const widths = new Map(columns.map(({ index }) => [index, 100]));

test('pinned columns come first and are always drawn', () => {
  const layout = layOut(columns, widths, new Set([7]));
  assert.equal(layout.columns[0]?.index, 7);
  assert.deepEqual([layout.width, layout.pinnedWidth], [5000, 100]);
  const shown = visibleColumns(layout, 2000, 600).map((position) => layout.columns[position]?.index);
  assert.equal(shown[0], 7);
  assert.ok(shown.length <= 8, `${shown.length} of 50 drawn`);
});

test('a column is as wide as what it shows, within limits', () => {
  const wide = [columns.map(() => ({ v: 'x'.repeat(30) }))];
  const plain = columns[0] as ResultColumn;
  assert.ok(naturalWidth(plain, wide, 8) >= 240);
  assert.ok(naturalWidth(plain, [columns.map(() => ({ v: 'x'.repeat(5000) }))], 8) <= 420);
  assert.ok(naturalWidth(columns[3] as ResultColumn, wide, 8) > naturalWidth(plain, wide, 8), 'a chip needs room');
});
