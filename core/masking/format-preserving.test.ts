import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FF1 } from '@noble/ciphers/ff1.js';
import { formatPreserving } from './format-preserving.ts';

const key = new Uint8Array(32).fill(4);
const shape = (text: string): string => text.replace(/[0-9]/g, '9').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');

test('the library gives NIST\'s sample 1 of FF1', () => {
  const ff1 = FF1(10, Uint8Array.from(Buffer.from('2B7E151628AED2A6ABF7158809CF4F3C', 'hex')), new Uint8Array(0));
  assert.equal(ff1.encrypt([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).join(''), '2433477484');
});

for (const value of ['536-22-8726', '4111 1111 1111 1111', 'AB123456C', 'DE89370400440532013000', '+41 79 123 45 67']) {
  test(`the format of ${value} stays, the value does not`, () => {
    const token = formatPreserving(key, 'customers.x', value);
    assert.equal(shape(token ?? ''), shape(value));
    assert.notEqual(token, value);
    assert.equal(formatPreserving(key, 'customers.x', value), token);
    assert.notEqual(formatPreserving(key, 'orders.x', value), token);
    assert.notEqual(formatPreserving(new Uint8Array(32).fill(5), 'customers.x', value), token);
  });
}

for (const value of ['', '12345', 'AB12', 'abcd', '1-2-3', 'Jürgen Müller 123456', '1'.repeat(65)]) {
  test(`fewer than a million values, or not ASCII: ${value.slice(0, 24) || 'nothing'}`, () => assert.equal(formatPreserving(key, 't', value), undefined));
}

test('one to one', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[0-9]{3}-[A-Z][0-9]{3}$/), { minLength: 2, maxLength: 40 }), (values) => {
    assert.equal(new Set(values.map((v) => formatPreserving(key, 't', v))).size, values.length);
  }), { numRuns: 20 });
});
