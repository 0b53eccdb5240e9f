import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { builtinPacks } from '#rules';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import { validators } from '../validators/index.ts';
import { createMasker } from './create.ts';
import { fitReplacement } from './fit.ts';
import { maskValue } from './mask-value.ts';

const detector = createDetector(builtinPacks(), createRe2());
const key = new Uint8Array(32).fill(7);
const masker = createMasker(key, detector);

test('masks keep the shape, not the length', () => {
  const cases: readonly [string, string, Parameters<typeof maskValue>[2]][] = [
    ['536-90-4399', '***-**-4399', { kind: 'partial', keepEnd: 4, shape: '###-##-####' }],
    ['4539 1488 0343 6467', '**** **** 6467', { kind: 'partial', keepEnd: 4 }],
    ['jane.doe@gmail.com', 'j****@g****.com', { kind: 'email' }],
    ['x@y.org', 'x****@y****.org', { kind: 'email' }],
    ['1984-05-06', '1984-**-**', { kind: 'generalise', to: 'year' }],
    ['D02 AF30', 'D02**', { kind: 'generalise', to: 'postcode3' }],
    ['47', '40-49', { kind: 'generalise', to: 'age10' }],
    ['ab12', '****', { kind: 'partial', keepEnd: 4 }],
    ['whatever', '<X>', { kind: 'redact' }],
  ];
  for (const [value, expected, spec] of cases) assert.equal(maskValue(value, 'X', spec), expected);
  assert.equal(maskValue('123456789012', 'X', { kind: 'partial', keepEnd: 4 }).length, maskValue('1234567890123456', 'X', { kind: 'partial', keepEnd: 4 }).length);
});

test('no replacement holds the value', () => {
  const entities = detector.entities().map((info) => info.entity);
  fc.assert(fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[\d -]{5,20}$/), fc.emailAddress()), fc.constantFrom(...entities), fc.constantFrom('mask', 'redact', 'token', 'fake'), (value, entity, kind) => {
    const replaced = masker.replace(value, entity, { kind });
    assert.ok(replaced !== value);
    // One or two characters may well occur in any replacement.
    if (value.trim().length > 4) assert.ok(!replaced.includes(value), `${kind} of ${value} gave ${replaced}`);
  }), { numRuns: 300 });
});

test('tokens are stable under one key and differ under another', () => {
  const other = createMasker(new Uint8Array(32).fill(8), detector);
  const token = masker.replace('jane@gmail.com', 'EMAIL_ADDRESS', { kind: 'token' });
  assert.match(token, /^email_address_[0-9A-Za-z]{12}$/);
  assert.equal(masker.replace('jane@gmail.com', 'EMAIL_ADDRESS', { kind: 'token' }), token);
  assert.notEqual(masker.replace('john@gmail.com', 'EMAIL_ADDRESS', { kind: 'token' }), token);
  assert.notEqual(other.replace('jane@gmail.com', 'EMAIL_ADDRESS', { kind: 'token' }), token);
  assert.throws(() => createMasker(new Uint8Array(8), detector), RangeError);
});

test('fakes keep the format, its validity, and never reach a real inbox or telephone', () => {
  const fake = (value: string, entity: string) => masker.replace(value, entity, { kind: 'fake' });
  assert.match(fake('jane@gmail.com', 'EMAIL_ADDRESS'), /@example\.com$/);
  assert.match(fake('+1 212 423 2029', 'PHONE_NUMBER'), /^\+1 \d{3} 555 01\d\d$/);
  const card = fake('4539 1488 0343 6467', 'CREDIT_CARD');
  assert.match(card, /^\d{4} \d{4} \d{4} \d{4}$/);
  assert.equal(validators.get('card')?.(card).verdict, 'valid');
  assert.equal(fake('4539 1488 0343 6467', 'CREDIT_CARD'), card);
  assert.match(fake('1984-05-06', 'DATE_OF_BIRTH'), /^\d{4}-\d\d-\d\d$/);
});

test('replacements fit their place', () => {
  const apply = (text: string, value: string, replacement: string, languageId: string) => {
    const start = text.indexOf(value);
    const edit = fitReplacement(text, start, start + value.length, replacement, { languageId });
    return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  };
  assert.equal(apply('{"ssn": 536904399}', '536904399', '***-**-4399', 'json'), '{"ssn": "***-**-4399"}');
  assert.equal(apply('{"a": "x 536904399"}', '536904399', '<"US_SSN">', 'json'), '{"a": "x <\\"US_SSN\\">"}');
  assert.equal(apply("VALUES (536904399)", '536904399', '<US_SSN>', 'sql'), "VALUES ('<US_SSN>')");
  assert.equal(apply("VALUES ('536904399')", '536904399', "o'x", 'sql'), "VALUES ('o''x')");
  assert.equal(apply('<a>536904399</a>', '536904399', '<US_SSN>', 'xml'), '<a>&lt;US_SSN&gt;</a>');
  assert.equal(apply('const a = 536904399;', '536904399', '<US_SSN>', 'typescript'), 'const a = "<US_SSN>";');
  assert.deepEqual(parseYaml(apply('ssn: 536904399 # x\nb: 1\n', '536904399', '***-**-4399', 'yaml')), { ssn: '***-**-4399', b: 1 });
  assert.deepEqual(parseYaml(apply('ssn: 536904399\nb: 1\n', '536904399', '***-**-4399', 'yaml')), { ssn: '***-**-4399', b: 1 });
});
