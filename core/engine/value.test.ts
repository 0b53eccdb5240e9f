import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinPacks } from '#rules';
import { createDetector } from './create.ts';
import { createRe2 } from './re2.ts';

const detector = createDetector(builtinPacks(), createRe2());

const columns: Readonly<Record<string, readonly string[]>> = {
  ssn: ['536-90-4399', '536904399', '', 'n/a', '536-90-4399'], email: ['ann.lee@mailbox.org', 'none', 'ann.lee@mailbox.org'], order_id: ['4010232137', '536904399'],
  first_name: ['Alice', 'Alice', '<NAME>'], notes: ['call +44 20 7946 1234 after 6', 'ssn: 536-90-4399, phone: 212 736 5000', '{"ssn": "536904399"}', 'line one\nemail: ann.lee@mailbox.org'],
};
for (const [name, values] of Object.entries(columns)) test(`a column of ${name} reads each value as if it stood alone`, () => {
  const column = detector.column({ name, path: ['customers'] });
  for (const value of [...values, ...values]) assert.deepEqual(column.scan(value), detector.scanValue(value, { name, path: ['customers'] }), value);
});

test('a column without a name', () => {
  assert.deepEqual(detector.column({}).scan('ann.lee@mailbox.org').map(({ entity }) => entity), ['EMAIL_ADDRESS']);
});

test('after many values that never repeat, findings stay right', () => {
  const column = detector.column({ name: 'contact' });
  for (let i = 0; i < 2_000; i++) assert.equal(column.scan(`ann.lee${i}@mailbox.org`)[0]?.entity, 'EMAIL_ADDRESS', String(i));
});
