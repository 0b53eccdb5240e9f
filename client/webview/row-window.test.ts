import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageSize, type Row, RowWindow } from './row-window.ts';

const total = 5_000_000;
const rowsAt = (offset: number, count: number): readonly Row[] => Array.from({ length: count }, (_, index) => [{ v: String(offset + index) }]);

/** A window whose pages arrive when `deliver` is called. */
function harness() {
  const asked: (readonly [number, number])[] = [];
  const window = new RowWindow((offset, count) => asked.push([offset, count]));
  return { window, asked, deliver: () => { for (const [offset, count] of asked.splice(0)) window.accept(offset, rowsAt(offset, count), total); } };
}

test('pages that are looked at are fetched once, with one ahead and one behind', () => {
  const { window, asked, deliver } = harness();
  window.want(pageSize * 10 + 5, pageSize * 10 + 30, total);
  window.want(pageSize * 10 + 6, pageSize * 10 + 31, total);
  assert.deepEqual(asked.map(([offset]) => offset / pageSize), [10, 11, 9]);
  deliver();
  assert.equal(window.row(pageSize * 10 + 7)?.[0]?.v, String(pageSize * 10 + 7));
  window.want(pageSize * 10 + 7, pageSize * 10 + 32, total);
  assert.equal(asked.length, 0);
});

test('the last page asks for no more than there is', () => {
  const { window, asked } = harness();
  window.want(240, 250, 250);
  assert.deepEqual(asked, [[200, 50], [0, 200]]);
});

test('a fling drops wishes that did not start, and memory stays bounded', () => {
  const { window, asked, deliver } = harness();
  for (let page = 0; page < 500; page++) window.want(page * pageSize, page * pageSize + 20, total);
  assert.ok(asked.length <= 4, `${asked.length} under way`);
  deliver();
  deliver();
  let held = 0;
  for (let page = 0; page < 500; page++) {
    window.want(page * pageSize, page * pageSize + 20, total);
    deliver();
  }
  for (let page = 0; page < 502; page++) if (window.row(page * pageSize) !== undefined) held++;
  assert.ok(held <= 60, `${held} pages held`);
  assert.ok(window.row(499 * pageSize) !== undefined, 'the page in view is among them');
});

test('a page that failed is asked for again when it is looked at again', () => {
  const { window, asked } = harness();
  window.want(0, 10, 100);
  asked.splice(0);
  window.want(0, 10, 100);
  assert.equal(asked.length, 0);
  window.fail(0);
  window.want(0, 10, 100);
  assert.equal(asked.length, 1);
});
