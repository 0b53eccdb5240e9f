import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { checkDigits } from '#core/masking/check-digits.ts';
import { createMasker } from '#core/masking/create.ts';
import { parseWorkspacePolicy } from '#core/policy/workspace-policy.ts';
import { builtinPacks } from '#rules';
import { createCellMasker } from './cell-masker.ts';
import { dataPolicyOf } from './data-policy.ts';

const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(new Uint8Array(32).fill(7), detector);
const { policy, problems } = parseWorkspacePolicy(`
masks: { US_SSN: format, user.contact: token, DATE_OF_BIRTH: { kind: generalise, to: year } }
sensitive:
  - { table: legacy_*, column: code, entity: US_SSN, mask: redact }
  - { table: staff, column: mail, entity: EMAIL_ADDRESS, mask: fake }
`, '.pii-gate.yaml');
const data = dataPolicyOf([policy], detector.entities());

for (const [entity, table, column, value, expected] of [
  ['US_SSN', 'customers', 'ssn', '536-22-8726', /^\d{3}-\d\d-\d{4}$/],
  ['US_SSN', 'legacy_people', 'CODE', '536-22-8726', /^<US_SSN>$/],
  ['EMAIL_ADDRESS', 'customers', 'email', 'ann.lee@acme-corp.io', /^email_address_[0-9A-Za-z]{12}$/],
  ['EMAIL_ADDRESS', 'Staff', 'mail', 'ann.lee@acme-corp.io', /@/],
  ['DATE_OF_BIRTH', 'customers', 'born', '1984-02-11', /^1984-/],
] as const) {
  test(`${table}.${column} is masked as the policy says`, () => {
    assert.deepEqual(problems, []);
    const category = detector.entities().find((e) => e.entity === entity)?.category;
    const mask = createCellMasker({ name: column, databaseType: 'text', origin: { table, column }, masked: true, direct: true, entity, ...(category === undefined ? {} : { category }) }, 0, { detector, masker, replacementFor: data.replacementFor });
    const { v } = mask(value);
    assert.match(v ?? '', expected);
    assert.notEqual(v, value);
  });
}

test('entries say what is sensitive, after the inventory file', () => {
  const both = dataPolicyOf([policy], detector.entities(), [{ table: 'a', column: 'b', verdict: null, source: 'user' }]);
  assert.deepEqual(both.entries.map((e) => [e.table, e.source]), [['a', 'user'], ['legacy_*', 'policy'], ['staff', 'policy']]);
});

test('check digits are kept where the policy asks for it', () => {
  const { policy: cards, problems: none } = parseWorkspacePolicy('masks: { CREDIT_CARD: { kind: format, keepCheckDigits: true } }', '.pii-gate.yaml');
  assert.deepEqual(none, []);
  const { replacementFor } = dataPolicyOf([cards], detector.entities());
  const mask = createCellMasker({ name: 'card', databaseType: 'text', origin: { table: 'payments', column: 'card' }, masked: true, direct: true, entity: 'CREDIT_CARD' }, 0, { detector, masker, replacementFor });
  const { v } = mask('4539 1488 0343 6467');
  assert.match(v ?? '', /^\d{4} \d{4} \d{4} \d{4}$/);
  assert.notEqual(v, '4539 1488 0343 6467');
  assert.equal(checkDigits.luhn.corrected(v ?? ''), v);
});
