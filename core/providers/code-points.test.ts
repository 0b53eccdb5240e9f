import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodePoints } from './code-points.ts';

test('code point offsets become UTF-16 offsets', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\ud83d', '\ude00', '𝒳', '\n') }), (text) => {
    const points = new CodePoints(text);
    let units = 0;
    let index = 0;
    for (const point of text) {
      assert.equal(points.toUtf16(index), units);
      index++;
      units += point.length;
    }
    assert.equal(points.toUtf16(index), text.length);
    assert.equal(points.toUtf16(index + 5), text.length);
  }));
});
