import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines, foldUnchanged, markRewritten } from './diff.ts';

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
test('a small change in a long text is found; two long texts with nothing in common are all changed rather than slow', () => {
  const long = Array.from({ length: 5_000 }, (_, i) => `line ${i}`);
  const changed = diffLines(long.join('\n'), long.toSpliced(2_500, 1, 'another').join('\n')).filter((l) => l.kind !== 'same');
  assert.deepEqual(changed.map((l) => [l.kind, l.text, l.line]), [['removed', 'line 2500', undefined], ['added', 'another', 2_501]]);
  assert.equal(diffLines('x\n'.repeat(5_000), 'y\n'.repeat(5_000)).filter((l) => l.kind !== 'same').length, 10_000);
});
test('far from a change, unchanged lines are counted instead of shown', () => {
  const parts = foldUnchanged(diffLines('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\nfive\n6\n7\n8'), 1);
  assert.deepEqual(parts.map((p) => (p.kind === 'skipped' ? p.count : signs[p.kind] + p.text)), [3, ' 4', '-5', '+five', ' 6', 2]);
});
test('what changed within a rewritten line is marked; lines with little in common are not', () => {
  const cases: readonly (readonly [before: string, after: string, marked: string])[] = [
    ['select id, name from t', 'select id, name, ssn from t', '-select id, name[] from t|+select id, name[, ssn] from t'],
    ['limit 500', 'limit 50', '-limit 50[0]|+limit 50[]'],
    ['where a = 1', 'order by total', '-where a = 1|+order by total'],
    ['say \u{1F600} to all', 'say \u{1F601} to all', '-say [\u{1F600}] to all|+say [\u{1F601}] to all'],
    ['x\nselect a from t', 'select b from t', '-x|-select a from t|+select b from t'],
  ];
  for (const [before, after, marked] of cases) {
    const lines = markRewritten(diffLines(before, after)).map(({ kind, text, changed }) => signs[kind] + (changed ? `${text.slice(0, changed.start)}[${text.slice(changed.start, changed.end)}]${text.slice(changed.end)}` : text));
    assert.equal(lines.join('|'), marked, before);
  }
});
