import { test } from 'node:test';
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { History } from './history.ts';

const entry = (n: number) => ({ at: n, connectionId: 'shop', statement: `SELECT ${n}`, redactions: 0, outcome: 'done' as const, rows: n });
function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-history-'));
  try { use(path.join(folder, 'new')); } finally { rmSync(folder, { recursive: true, force: true }); }
}

test('what was run is there after a restart, newest first, and can be found and forgotten', () => inFolder((folder) => {
  const first = new History();
  first.open(folder);
  for (const n of [1, 2, 3]) first.add(entry(n));
  appendFileSync(path.join(folder, 'history.jsonl'), 'not json\n{"at":"x"}\n');
  const second = new History();
  second.open(folder);
  assert.deepEqual(second.list({}).map((e) => e.at), [3, 2, 1]);
  assert.deepEqual(second.list({ limit: 1 }).map((e) => e.at), [3]);
  assert.deepEqual(second.list({ filter: 'select 2' }).map((e) => e.at), [2]);
  second.clear();
  const third = new History();
  third.open(folder);
  assert.deepEqual(third.list({}), []);
}));

test('the file does not grow without end', () => inFolder((folder) => {
  const history = new History();
  history.open(folder);
  for (let n = 0; n < 4500; n++) history.add(entry(n));
  assert.ok(readFileSync(path.join(folder, 'history.jsonl'), 'utf8').split('\n').length <= 2002);
  assert.equal(history.list({ limit: 5000 }).length, 1000);
  assert.equal(history.list({})[0]?.at, 4499);
}));

test('without a folder it is kept in memory', () => {
  const history = new History();
  history.open(undefined);
  history.add(entry(1));
  assert.equal(history.list({}).length, 1);
});
