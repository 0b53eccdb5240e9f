import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Severity } from '#core/wire/finding.ts';
import { select } from './select.ts';

function findings(entity: string, size: number, severity: Severity, from = 0): Finding[] {
  return Array.from({ length: size }, (_, index) => ({
    ruleId: `t/${entity}`, entity, category: 'user', start: from + index * 10, end: from + index * 10 + 5, confidence: 0.5 + (index % 50) / 100, severity, reasons: [], masked: '***',
  }));
}

test('everything is shown where there is room', () => {
  const all = findings('A', 10, 'warning');
  assert.deepEqual(select(all, 1000), { shown: all, aggregates: [] });
});

test('above the limit: fair shares, one aggregate a group, one summary, never more than the limit', () => {
  const all = [...findings('MANY', 5000, 'information'), ...findings('FEW', 7, 'warning', 3), ...findings('SOME', 900, 'hint', 6)].sort((left, right) => left.start - right.start);
  const { shown, aggregates, summary } = select(all, 1000, 9000);
  assert.equal(shown.length + aggregates.length + 1, 1000);
  assert.equal(shown.filter(({ entity }) => entity === 'FEW').length, 7);
  assert.deepEqual(aggregates.map(({ first }) => first.entity).sort(), ['MANY', 'SOME']);
  const many = shown.filter(({ entity }) => entity === 'MANY').length;
  assert.equal(aggregates.find(({ first }) => first.entity === 'MANY')?.more, 5000 - many);
  assert.deepEqual(summary, { total: 9000, atLeast: true, groups: [['MANY', 5000], ['SOME', 900], ['FEW', 7]] });
  assert.ok(shown.every((finding, index) => index === 0 || shown[index - 1]!.start <= finding.start));
});

test('in a crowd few are shown, the aggregate says how many more', () => {
  const { shown, aggregates, summary } = select(findings('MANY', 2000, 'information'), 1000, 97_000);
  assert.deepEqual([shown.length, aggregates.length, summary?.total], [248, 1, 97_000]);
});

test('with more groups than room the worst groups are kept', () => {
  const all = Array.from({ length: 20 }, (_, index) => findings(`E${index}`, 3, index === 17 ? 'error' : 'hint', index)).flat();
  const { shown, aggregates } = select(all, 5);
  assert.ok(shown.length + aggregates.length + 1 <= 5);
  assert.ok([...shown, ...aggregates.map(({ first }) => first)].some(({ entity }) => entity === 'E17'));
});

test('a limit of one leaves the summary alone', () => {
  const { shown, aggregates, summary } = select(findings('A', 3, 'warning'), 1);
  assert.deepEqual([shown.length, aggregates.length, summary?.total], [0, 0, 3]);
});
