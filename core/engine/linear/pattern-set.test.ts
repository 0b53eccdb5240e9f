import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRe2 } from '../re2.ts';
import { maxLength, reachOf, isDigits, requiredLiteral } from './facts.ts';
import { newEnds, PatternSet } from './pattern-set.ts';
import { parseRegex, UnsupportedSyntax } from './syntax.ts';

/** The text's units and one that ends them. */
const unitsOf = (text: string): Uint16Array => Uint16Array.from([...Array(text.length + 1).keys()], (at) => text.charCodeAt(at) || 0);

/** Ends at which `pattern` matches text[0, end), by the automaton. */
function ends(pattern: string, text: string, ignoreCase = false): number[] {
  const set = new PatternSet();
  set.add(0, parseRegex(pattern, ignoreCase));
  const out = newEnds();
  set.walk(unitsOf(text), 0, text.length, out);
  return [...out.ends.slice(0, out.count)];
}

test('the automaton accepts the same prefixes as RE2', () => {
  const re2 = createRe2();
  const patterns = ['\\d{3}-\\d{2}-\\d{4}', 'a(?:b|cd)*e?', '[a-c]+\\d{1,3}', '(?i)ab[c-e]{0,2}', '[^a-m\\d]+x?', 'a?a?a?aaa', '(?:ab|a)(?:bc|c)?', '\\w+@\\w+\\.\\w{2,4}', 'é[à-ü]*'];
  const oracles = patterns.map((pattern) => re2.compile(`^(?:${pattern})$`, { ignoreCase: false }));
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'abcdeABx0123456789-@.éàü'), maxLength: 14 }), fc.nat(patterns.length - 1), (text, which) => {
    const found = new Set(ends(patterns[which]!, text));
    for (let end = 1; end <= text.length; end++) {
      assert.equal(found.has(end), oracles[which]!.exec(text.slice(0, end), 0) !== undefined, `${patterns[which]} on ${JSON.stringify(text.slice(0, end))}`);
    }
  }), { numRuns: 400 });
});

test('many patterns are decided in one walk', () => {
  const set = new PatternSet();
  for (const [index, pattern] of ['\\d{4}', '\\d{2}', 'a\\d', '1[0-9]{3}'].entries()) set.add(index, parseRegex(pattern, false));
  const out = newEnds();
  set.walk(unitsOf('1234'), 0, 4, out);
  const found = Array.from({ length: out.count }, (_, i) => [...set.patternsAt(out.states[i]!)].map((pattern) => [pattern, out.ends[i]])).flat();
  assert.deepEqual(found.sort(), [[0, 4], [1, 2], [3, 4]].sort());
});

test('syntax beyond the automaton is refused, never misread', () => {
  for (const pattern of ['^a', 'a$', 'a\\b', '(?=a)b', '(a', 'a)', '[z-a]', 'x{2000}', '\u{1f600}', '(?s)a.b', '\\1', '*a']) {
    assert.throws(() => parseRegex(pattern, false), UnsupportedSyntax, pattern);
  }
});

test('facts of a pattern', () => {
  const facts = (pattern: string) => {
    const node = parseRegex(pattern, false);
    return { length: maxLength(node), digit: reachOf(node, isDigits), literal: requiredLiteral(node) };
  };
  assert.deepEqual(facts('[A-Z]{2}\\d{2}'), { length: 4, digit: 2, literal: undefined });
  assert.deepEqual(facts('\\+?\\d{3}'), { length: 4, digit: 1, literal: undefined });
  assert.deepEqual(facts('[a-z]{1,64}@[a-z]{2,9}').literal, { text: '@', reach: 64 });
  assert.equal(facts('[a-z]+').digit, Infinity);
  assert.equal(facts('(?:\\d|x)y').digit, Infinity);
});

test('a hostile pattern stays linear', () => {
  const set = new PatternSet();
  set.add(0, parseRegex('(?:a?){30}a{30}', false));
  const out = newEnds();
  assert.equal(set.walk(unitsOf('a'.repeat(30)), 0, 30, out), 30);
  assert.equal(out.count, 1);
});
