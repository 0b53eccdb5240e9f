import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FF1 } from '@noble/ciphers/ff1.js';
import { validators } from '../validators/index.ts';
import { checkDigits } from './check-digits.ts';
import { formatPreserver, formatPreserving } from './format-preserving.ts';

const key = new Uint8Array(32).fill(4);
const shape = (text: string): string => text.replace(/[0-9]/g, '9').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');

const aes128 = '2B7E151628AED2A6ABF7158809CF4F3C';
const aes192 = `${aes128}EF4359D8D580AA4F`;
const aes256 = `${aes192}7F036D6F04FC6A94`;
// All samples of FF1 in NIST's "FF1samples.pdf" (csrc.nist.gov, Cryptographic Standards and Guidelines, Example Values).
for (const [sample, secret, tweak, radix, plain, expected] of [
  [1, aes128, '', 10, '0123456789', '2433477484'],
  [2, aes128, '39383736353433323130', 10, '0123456789', '6124200773'],
  [3, aes128, '3737373770717273373737', 36, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  [4, aes192, '', 10, '0123456789', '2830668132'],
  [5, aes192, '39383736353433323130', 10, '0123456789', '2496655549'],
  [6, aes192, '3737373770717273373737', 36, '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
  [7, aes256, '', 10, '0123456789', '6657667009'],
  [8, aes256, '39383736353433323130', 10, '0123456789', '1001623463'],
  [9, aes256, '3737373770717273373737', 36, '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
] as const) {
  test(`the library gives NIST's sample ${sample} of FF1`, () => {
    const ff1 = FF1(radix, Uint8Array.from(Buffer.from(secret, 'hex')), Uint8Array.from(Buffer.from(tweak, 'hex')));
    const digits = Array.from(plain, (c) => Number.parseInt(c, 36));
    assert.equal(ff1.encrypt(digits).map((d) => d.toString(36)).join(''), expected);
    assert.deepEqual(ff1.decrypt(ff1.encrypt(digits)), digits);
  });
}

for (const value of ['536-22-8726', '4111 1111 1111 1111', 'AB123456C', 'DE53370400440648392017', '+41 79 123 45 67']) {
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

for (const [check, validator, valid] of [
  ['luhn', 'card', ['4539 1488 0343 6467', '4111-1111-1111-1111', '378282246310005', '6011000990139424']],
  ['mod97', 'iban', ['DE53 3704 0044 0648 3920 17', 'GB75LOYD30963412857390', 'NL19BUNK2083456712']],
] as const) {
  test(`${check}: a value that passes its check becomes another that does, one that fails becomes another that fails`, () => {
    const replace = formatPreserver(key, 'customers.x', checkDigits[check]);
    for (const value of valid) {
      assert.equal(checkDigits[check].corrected(value), value);
      const made = replace(value) ?? '';
      assert.notEqual(made, value);
      assert.equal(shape(made), shape(value));
      if (check === 'mod97') {
        assert.equal(made.slice(0, 2), value.slice(0, 2));
        assert.equal(validators.get(validator)?.(made).verdict, 'valid', made);
      }
      assert.equal(checkDigits[check].corrected(made), made);
      const wrong = value.replace(/\d(?=\D*$)/, (d) => String((Number(d) + 1) % 10));
      const other = replace(wrong) ?? '';
      assert.notEqual(checkDigits[check].corrected(other), other);
      assert.equal(shape(other), shape(wrong));
    }
  });
}

test('with check digits it stays one to one, whether the values pass or not', () => {
  const replace = formatPreserver(key, 't', checkDigits.luhn);
  fc.assert(fc.property(fc.nat(99_999_990), (from) => {
    const values = Array.from({ length: 30 }, (_, i) => String(from + i).padStart(8, '0'));
    assert.equal(new Set(values.map(replace)).size, values.length);
  }), { numRuns: 20 });
});

test('the million is counted without what stays: an IBAN of three free digits is not replaced', () => {
  assert.equal(formatPreserver(key, 't', checkDigits.mod97)(checkDigits.mod97.corrected('XX00123')), undefined);
  assert.equal(formatPreserver(key, 't', checkDigits.luhn)(checkDigits.luhn.corrected('123456')), undefined);
});
