import assert from 'node:assert/strict';
import { test } from 'node:test';
import { t } from './text/text.ts';
import { age, ago, categoryName, columnList, dueText, duration, entityName, initials, stepName } from './words.ts';

const minute = 60_000;
const said: readonly (readonly [actual: string, expected: string])[] = [
  [age(0, 12_400), '12 s'], [age(0, 59.9 * minute), '59 min'], [age(0, 3 * 60 * minute), '3 h'], [age(0, 24 * 60 * minute), '1 day'], [age(5_000, 0), '0 s'],
  [ago(0, 9_000), 'just now'], [ago(0, 5 * minute), '5 min ago'],
  [duration(30_000), '30 seconds'], [duration(400), '1 second'], [duration(15 * minute), '15 minutes'], [duration(60 * minute), '1 hour'], [duration(90 * minute), '1 h 30 min'], [duration(24 * 60 * minute), '1 day'], [duration(48 * 60 * minute), '2 days'],
  [t.nouns.row(1), '1 row'], [t.nouns.row(12_000), '12,000 rows'],
  [dueText(3 * 60 * minute, 0), 'due in 3 h'], [dueText(0, 49 * 60 * minute), 'overdue by 2 days'],
  [entityName('EMAIL_ADDRESS'), 'Email address'], [entityName('US_SSN'), 'US SSN'],
  [initials('Dana de Okafor'), 'DO'], [initials('👩‍👧 x'), '👩X'], [initials('sam'), 'S'],
  [columnList([{ table: 'a', column: 'x' }]), 'a.x'],
  [columnList([{ table: 'a', column: 'x' }, { table: 'a', column: 'y' }, { table: 'a', column: 'x' }]), 'a.x and a.y'],
  [columnList(['p', 'q', 'r', 's', 't'].map((column) => ({ table: 'a', column }))), 'a.p, a.q, a.r and 2 more'],
  [stepName({ anyOf: ['dba'], count: 1 }), '1 dba'], [stepName({ anyOf: ['dba', 'lead'], count: 2 }), '2 of dba or lead'],
  [categoryName('user.government_id'), 'Government id'], [categoryName(''), ''],
];
for (const [actual, expected] of said) test(expected === '' ? 'no category' : expected, () => assert.equal(actual, expected));
