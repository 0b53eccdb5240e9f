import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createScrollMap, heightCap } from './scroll-map.ts';

test('few rows scroll pixel by pixel', () => {
  const map = createScrollMap(100_000, 24, 400);
  assert.deepEqual([map.scaled, map.height, map.rowAt(240), map.topOf(10)], [false, 2_400_000, 10, 240]);
});

test('five million rows fit under the cap, and both ends are reached', () => {
  const [rows, rowHeight, viewport] = [5_000_000, 24, 480];
  const map = createScrollMap(rows, rowHeight, viewport);
  assert.ok(map.scaled);
  assert.equal(map.height, heightCap);
  assert.equal(map.rowAt(0), 0);
  assert.equal(map.rowAt(heightCap - viewport), rows - viewport / rowHeight);
});

test('position and row are each other\'s inverse', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
    const map = createScrollMap(rows, 24, 480);
    const row = share * Math.max(0, rows - 20);
    assert.ok(Math.abs(map.rowAt(map.topOf(row)) - row) <= Math.max(1e-6, rows * 1e-9));
  }));
});
