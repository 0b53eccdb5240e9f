import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { enclosingKeys } from './field.ts';
import { OpenBrackets } from './open-brackets.ts';

const pieces = ['{', '}', '[', ']', 'user: ', '"address": ', 'list = ', 'x', ',', '\n  ', ' '.repeat(40), 'y'.repeat(300)];

test('moving through a text finds the keys that looking back finds', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), fc.array(fc.nat(4_000), { maxLength: 12 }), (parts, places) => {
    const text = parts.join('');
    const brackets = new OpenBrackets(text);
    for (const place of places.map((at) => Math.min(at, text.length)).sort((a, b) => a - b)) assert.deepEqual(brackets.keysAround(place), enclosingKeys(text, place, 0, false), `${place} of ${text}`);
  }), { numRuns: 400 });
});

test('places may be asked for again, and backwards', () => {
  const text = '{ "a": { "b": [ { "c": 1 }, { "d": 2 } ] } }';
  const brackets = new OpenBrackets(text);
  for (const key of ['"d"', '"c"', '"d"', '"b"']) assert.deepEqual(brackets.keysAround(text.indexOf(key)), enclosingKeys(text, text.indexOf(key), 0, false), key);
});
