import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCell, rowsMost } from './find-cell.ts';

/** Rows of three columns; `needles` are row,column pairs that show "Needle". */
function table(total: number, needles: readonly (readonly [number, number])[]) {
  const places = new Set(needles.map((place) => place.join()));
  return async (offset: number, count: number) => ({
    resultId: 'r', offset, rows: Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, index) => [0, 1, 2].map((column) => ({ v: places.has(`${offset + index},${column}`) ? 'a Needle' : null }))),
  });
}

test('matches are visited in order, both ways, around the ends', async () => {
  const total = 3500;
  const needles = [[5, 0], [5, 2], [2999, 1]] as const;
  const page = table(total, needles);
  for (const step of [1, -1] as const) {
    let from = { row: 5, column: 0 };
    const visited: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { row = -1, column = -1 } = await findCell({ text: 'needle', from, step, total }, page);
      visited.push(`${row},${column}`);
      from = { row, column };
    }
    assert.deepEqual(visited, step === 1 ? ['5,2', '2999,1', '5,0'] : ['2999,1', '5,2', '5,0']);
  }
});

test('a text that is nowhere ends after all rows', async () => {
  const { row, scanned } = await findCell({ text: 'x', from: { row: 1200, column: 1 }, step: 1, total: 2500 }, table(2500, []));
  assert.deepEqual([row, scanned], [undefined, 2500]);
});

test('a huge result is searched a part at a time, and going on finds it', async () => {
  const total = 1_000_000;
  const page = table(total, [[rowsMost + 10, 1]]);
  const first = await findCell({ text: 'needle', from: { row: 0, column: -1 }, step: 1, total }, page);
  assert.deepEqual([first.row, first.next], [undefined, rowsMost]);
  const second = await findCell({ text: 'needle', from: { row: first.next, column: -1 }, step: 1, total }, page);
  assert.deepEqual([second.row, second.column], [rowsMost + 10, 1]);
});

test('an empty result has nothing to find', async () => {
  assert.deepEqual(await findCell({ text: 'x', from: { row: 0, column: 0 }, step: 1, total: 0 }, table(0, [])), { scanned: 0, next: 0 });
});
