import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { MemoryBudget, RowStore } from './row-store.ts';
import { SpillFile } from './spill-file.ts';

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-spill-'));
  try { use(folder); } finally { rmSync(folder, { recursive: true, force: true }); }
}

test('rows come back as they went in, from memory or from the file', () => inFolder((folder) => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.constant(null), fc.boolean(), fc.date({ noInvalidDate: true }), fc.uint8Array(), fc.constant({ a: [1, 'x'] }));
  fc.assert(fc.property(fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 40 }), fc.integer({ min: 0, max: 4000 }), (rows, limit) => {
    const store = new RowStore(new MemoryBudget(limit), folder);
    const many = Array.from({ length: 60 }, () => rows).flat();
    store.append(many);
    for (const i of [0, many.length >> 1, many.length - 1]) if (i >= 0) assert.deepEqual(store.row(i), many[i]);
    assert.equal(store.row(many.length), undefined);
    store.close();
  }), { numRuns: 30 });
}));

test('beyond the budget rows leave memory, and the budget is given back on close', () => inFolder((folder) => {
  const budget = new MemoryBudget(200_000);
  const store = new RowStore(budget, folder);
  for (let i = 0; i < 20; i++) store.append(Array.from({ length: 1000 }, (_, j) => [i * 1000 + j, `value ${i * 1000 + j}`]));
  assert.ok(store.spilledBytes > 0);
  assert.ok(budget.used < 300_000, String(budget.used));
  for (const i of [0, 511, 512, 7777, 19_999]) assert.deepEqual(store.row(i), [i, `value ${i}`]);
  store.close();
  assert.equal(budget.used, 0);
}));

test('what lies on disk is sealed: no value readable, a change is noticed, and no name is left behind', () => inFolder((folder) => {
  const file = new SpillFile(folder);
  const block = file.write([Buffer.from('123-45-6789'), Buffer.from(' canary')]);
  if (process.platform !== 'win32') assert.deepEqual(readdirSync(folder), []);
  else for (const name of readdirSync(folder)) assert.ok(!readFileSync(path.join(folder, name)).includes('canary'));
  assert.equal(Buffer.from(file.read(block)).toString(), '123-45-6789 canary');
  assert.throws(() => file.read({ ...block, counter: block.counter + 1 }));
  file.close();
}));
