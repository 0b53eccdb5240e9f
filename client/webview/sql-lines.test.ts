import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sqlLines } from './sql-lines.ts';

const flat = (text: string): string => sqlLines(text).map((line) => line.map((part) => part.text).join('')).join('\n');

test('keywords, names, literals and comments are told apart, line by line', () => {
  assert.deepEqual(sqlLines("SELECT \"Ssn\" -- why\nFROM t WHERE x = 'it''s'").map((line) => line.filter(({ kind }) => kind !== 'other').map(({ kind, name }) => name ?? kind)), [
    ['keyword', 'ssn', 'comment'], ['keyword', 't', 'keyword', 'x', 'literal'],
  ]);
});

test('a literal over two lines keeps both lines', () => {
  assert.deepEqual(sqlLines("'a\nb' c").map((line) => line.map(({ kind, text }) => `${kind}:${text}`)), [["literal:'a"], ["literal:b'", 'other: ', 'name:c']]);
});

test('nothing of any text is lost', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', "'", '"', '-', '/', '*', '\n', ' ', '1', '`', 'é') }), (text) => assert.equal(flat(text), text)));
});
