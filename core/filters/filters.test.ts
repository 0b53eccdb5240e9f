import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextWindow } from '../text/text-window.ts';
import { machineSpanEnd } from './machine-span.ts';
import { continuesByColon, insideToken, partOfSomething } from './neighbourhood.ts';
import { isPlaceholder } from './placeholder.ts';

/** The part of the text between « and ». */
function marked(text: string): { text: string; start: number; end: number } {
  const start = text.indexOf('«'), end = text.indexOf('»') - 1;
  return { text: text.replace(/[«»]/g, ''), start, end };
}

const part: readonly (readonly [string, boolean])[] = [
  ['0.«5227687358856201»', true], ['1,«5227687358856201»', true], ['v1.2.«345678901»', true], ['pkg@«4539148803436467»', true], ['$«4539148803»', true], ['€«4539148803»', true],
  ['4e-«4539148803»', true], ['12-«4539148803»', true], ['9f3a-«4539148803»', true], ['«4539148803».25', true], ['«4539148803»-12', true], ['«4539148803»%', true], ['#«123456»', true],
  ['tel-«4539148803»', false], ['ssn:«536904399».', false], ['(«4539148803»)', false], ['id=«4539148803», b', false], ['«4539148803»', false], ['a,«4539148803»', false],
];
for (const [sample, expected] of part) test(`part of something: ${sample}`, () => {
  const { text, start, end } = marked(sample);
  assert.equal(partOfSomething(text, start, end) !== undefined, expected);
});

test('a comma separates in comma-separated text', () => {
  const { text, start, end } = marked('7,«5227687358856201»,8');
  assert.notEqual(partOfSomething(text, start, end), undefined);
  assert.equal(partOfSomething(text, start, end, true), undefined);
});

const tokens: readonly (readonly [string, boolean])[] = [
  ['d1b2a3c4-«4539-4488-8034»-364671234567', true], ['sha1: aa09«12345678»90ffe4539148803436467aa', true], ['h1:P6bYXFoao05z5uhO«1234567»Qd8JqF3jUoocoTeIxkp2cA=', true],
  ['/orders/«4539148803»/items', false], ['user-«4539148803»', false], ['mac=«3c-9b-11-59-e5-d5»', false], ['«4539148803»', false],
];
for (const [sample, expected] of tokens) test(`inside a token: ${sample}`, () => {
  const { text, start, end } = marked(sample);
  assert.equal(insideToken(text, start, end) !== undefined, expected);
});

test('machine-written spans are recognised whole', () => {
  const cases: readonly [string, number][] = [
    ['2026-01-15T10:22:33.123Z', 23], ['2026-01-15 10:22:33,123', 23], ['2026-01-15T10:22:33Z', 19], ['2026-01-15', 0], ['1990-01-15 was', 0],
    ['d1b2a3c4-4539-4488-8034-364671234567', 36], ['d1b2a3c4-4539-4488-8034-36467123456', 0], ['d1b2a3c4-4539-4488-8034-3646712345678', 0], ['', 0],
    ['d41d8cd98f00b204e9800998ecf8427e;', 32], ['d41d8cd98f00b204e9800998ecf8427', 0], ['d41d8cd98f00b204e9800998ecf8427ez', 0],
  ];
  const window = new TextWindow();
  for (const [text, end] of cases) {
    window.load(text, 0, text.length);
    assert.equal(machineSpanEnd(window.units, 0), end, text);
  }
});

test('groups between colons belong together', () => {
  for (const [sample, expected] of [['«2001:db8::1»::2', true], ['2001:«db8::1»', true], ['ip: «2001:db8::1».', false], ['at «10:22»', false], ['a:«1234»:5', false]] as const) {
    const { text, start, end } = marked(sample);
    assert.equal(continuesByColon(text, start, end), expected, sample);
  }
});

test('placeholders', () => {
  for (const value of ['', '  ', 'null', 'N/A', 'TODO', '***-**-1234', '••••', '${name}', '{{email}}', '#{x}', '<NAME>', '[NAME]', '%s', ':name', '$1', 'xxx', '{name}']) assert.equal(isPlaceholder(value), true, value);
  for (const value of ['Alice', 'Nullmeyer', '536-90-4399', 'a@b.co', "O'Brien"]) assert.equal(isPlaceholder(value), false, value);
});
