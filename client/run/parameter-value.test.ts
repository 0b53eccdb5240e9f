import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseParameter } from './parameter-value.ts';

const cases: readonly (readonly [typed: string, value: string | number | boolean | null])[] = [
  ['42', 42], ['-1.5', -1.5], ['0', 0], [' 7 ', 7],
  ['007', '007'], ['12345678901234567890', '12345678901234567890'], ['1e5', '1e5'], ['+49 30', '+49 30'],
  ["'42'", '42'], ['"true"', 'true'], ["''", ''], ["'it''s'", "it''s"],
  ['true', true], ['FALSE', false], ['null', null], ['NULL', null], ['', ''], [' Ana ', ' Ana '],
];

test('what a typed parameter means', () => {
  for (const [typed, value] of cases) assert.deepEqual(parseParameter(typed), value, JSON.stringify(typed));
});
