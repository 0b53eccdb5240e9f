import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from './de.ts';
import { en } from './en.ts';
import { textFor } from './text.ts';

const cases: readonly [wanted: readonly string[], lang: string][] = [
  [['de-AT', 'en'], 'de'], [['DE'], 'de'], [['fr', 'de', 'en'], 'de'], [['en-GB', 'de'], 'en'], [['den'], 'en'], [[], 'en'],
];
for (const [wanted, lang] of cases) test(`${wanted.join(', ') || 'nothing'} is answered in ${lang}`, () => assert.equal(textFor(wanted).lang, lang));

/** Every text of a table with its place; functions are called with 2 and names. */
function texts(table: object, path = ''): readonly (readonly [place: string, text: string])[] {
  return Object.entries(table).flatMap(([key, value]): readonly (readonly [string, string])[] => {
    if (typeof value === 'object') return texts(value as object, `${path}${key}.`);
    return [[`${path}${key}`, typeof value === 'function' ? String((value as (...values: unknown[]) => unknown)(2, 'x', 'y')) : String(value)]];
  });
}
test('nothing is left out or empty in either language, and no text shows a value that is not there', () => {
  assert.deepEqual(texts(de).map(([place]) => place), texts(en).map(([place]) => place));
  const wrong = [...texts(en), ...texts(de)].filter(([, text]) => text.trim() === '' || /undefined|\[object|NaN/.test(text));
  assert.deepEqual(wrong, []);
});
