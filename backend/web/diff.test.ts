import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines } from './diff.ts';

const signs = { same: ' ', added: '+', removed: '-' };
const shown = (before: string, after: string): string => diffLines(before, after).map((l) => signs[l.kind] + l.text).join('|');

test('lines that stay, go and come', () => {
  assert.equal(shown('select id\nfrom t\nwhere a = 1', 'select id, ssn\nfrom t\nwhere a = 1\nlimit 5'), '-select id|+select id, ssn| from t| where a = 1|+limit 5');
  assert.equal(shown('a', 'a'), ' a');
});
test('both texts can be read back, and nothing that is the same is called changed', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((l) => l.join('\n'));
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before, after);
    assert.equal(lines.filter((l) => l.kind !== 'added').map((l) => l.text).join('\n'), before);
    assert.equal(lines.filter((l) => l.kind !== 'removed').map((l) => l.text).join('\n'), after);
    if (before === after) assert.ok(lines.every((l) => l.kind === 'same'));
  }));
});
test('huge texts are all changed rather than slow', () => {
  const huge = 'x\n'.repeat(5_000);
  assert.equal(diffLines(huge, huge).length, 10_002);
});
