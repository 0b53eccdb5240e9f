import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinPacks } from '#rules';
import { createDetector } from './create.ts';
import { createRe2 } from './re2.ts';

const detector = createDetector(builtinPacks(), createRe2());
const readings = (text: string, loneReadings = true): string[] => detector.scan(text, { loneReadings }).findings.map((finding) => `${finding.entity} ${finding.severity}`);

test('a text that is nothing but a value says what the value could be, as hints', () => {
  const found = readings('  1245319599\n');
  assert.ok(found.includes('US_NPI hint'), found.join());
  assert.ok(found.every((one) => one.endsWith(' hint')), found.join());
});

test('alternatives stand beside a sure reading', () => {
  const found = readings('10219183-8');
  assert.ok(found.some((one) => one.startsWith('CL_RUT ')) && found.some((one) => one.startsWith('CO_NIT ')), found.join());
});

test('a wrong check digit is no reading', () => {
  assert.ok(!readings('1245319598').some((one) => one.startsWith('US_NPI')));
});

test('a number in groups of its own reads as what its check says', () => {
  assert.ok(readings('46 0 0 2722 3 49').includes('AU_ABN hint'));
  assert.deepEqual(readings('46 0 0 2722 3 48').filter((one) => one.startsWith('AU_ABN')), []);
});

for (const text of ['1245319599 rows', 'id=1245319599', '1245319599\n1245319599']) {
  test(`more than a value has none: ${JSON.stringify(text)}`, () => assert.deepEqual(readings(text), []));
}

test('nobody gets readings who did not ask', () => assert.deepEqual(readings('1245319599', false), []));
