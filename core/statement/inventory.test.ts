import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInventory, type InventoryEntry } from './inventory.ts';

const classifyName = (name: string) => (name === 'email' ? [{ entity: 'EMAIL_ADDRESS', category: 'user.contact.email', confidence: 0.9, reason: '' }] : name === 'note' ? [{ entity: 'X', category: 'y', confidence: 0.2, reason: '' }] : []);
const verdict = { entity: 'US_SSN', category: 'user.government_id' };

const cases: readonly (readonly [what: string, entries: readonly InventoryEntry[], table: string, column: string, expected: string | undefined])[] = [
  ['a name decides', [], 'customers', 'email', 'EMAIL_ADDRESS name'],
  ['a weak name does not', [], 'customers', 'note', undefined],
  ['an entry decides where the name is silent', [{ table: 'customers', column: 'code', verdict, source: 'inventory' }], 'Customers', 'CODE', 'US_SSN inventory'],
  ['the policy wins over the file', [{ table: 'customers', column: 'code', verdict: null, source: 'inventory' }, { table: '*', column: 'co*', verdict, source: 'policy' }], 'customers', 'code', 'US_SSN policy'],
  ['a correction wins over the name', [{ table: 'customers', column: 'email', verdict: null, source: 'user' }, { table: 'customers', column: 'email', verdict, source: 'inventory' }], 'customers', 'email', undefined],
  ['a correction does not win over the policy', [{ table: 'customers', column: 'email', verdict: null, source: 'user' }, { table: 'customers', column: 'email', verdict, source: 'policy' }], 'customers', 'email', 'US_SSN policy'],
  ['a pattern is no regular expression', [{ table: 'c.*', column: 'a', verdict, source: 'policy' }], 'cxx', 'a', undefined],
  ['a partition is as sensitive as its table', [{ table: 'parent', column: 'code', verdict, source: 'policy' }], 'child', 'code', 'US_SSN policy'],
];

for (const [what, entries, table, column, expected] of cases) {
  test(what, () => {
    const inventory = createInventory({
      classifyName, entries,
      table: ({ name }) => (name === 'child' ? { name, kind: 'table', columns: [], inherits: [{ name: 'parent' }] } : undefined),
    });
    const found = inventory.sensitivity({ name: table }, column);
    assert.equal(found && `${found.entity} ${found.source}`, expected);
  });
}

const described: readonly (readonly [what: string, column: { readonly label?: string; readonly comment?: string }, expected: string | undefined])[] = [
  ['a label of PostgreSQL Anonymizer', { label: 'MASKED WITH FUNCTION anon.fake_iban()' }, 'IBAN_CODE label'],
  ['a label with a value', { label: "MASKED WITH VALUE 'x'" }, 'PERSONAL_DATA label'],
  ['a label of SQL Server', { label: 'MASKED WITH FUNCTION email()' }, 'EMAIL_ADDRESS label'],
  ['a label against masking', { label: 'NOT MASKED' }, undefined],
  ['a short comment', { comment: 'email' }, 'EMAIL_ADDRESS name'],
  ['a long comment', { comment: 'whether we ever wrote to the email of them' }, undefined],
];
for (const [what, column, expected] of described) {
  test(`${what} is heard`, () => {
    const inventory = createInventory({ classifyName, table: ({ name }) => ({ name, kind: 'table', columns: [{ name: 'x', ...column }] }) });
    const found = inventory.sensitivity({ name: 't' }, 'x');
    assert.equal(found && `${found.entity} ${found.source}`, expected);
  });
}

test('a correction does not clear what the database is labelled with', () => {
  const inventory = createInventory({
    classifyName, entries: [{ table: 't', column: 'email', verdict: null, source: 'user' }],
    table: ({ name }) => ({ name, kind: 'table', columns: [{ name: 'email', label: 'MASKED WITH FUNCTION anon.fake_email()' }] }),
  });
  assert.equal(inventory.sensitivity({ name: 't' }, 'email')?.source, 'label');
});

test('a whole table can be sensitive', () => {
  const inventory = createInventory({ classifyName, entries: [{ table: 'hr_*', verdict, source: 'policy' }] });
  assert.equal(inventory.sensitiveTable({ name: 'HR_people' }), true);
  assert.equal(inventory.sensitiveTable({ name: 'orders' }), false);
});
