import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import { correctInventory, mergeInventory } from './correct.ts';
import { InventoryFileError, readInventoryFile } from './inventory-file.ts';

const written = `# ours
version: 1
tables:
  # the shop
  public.customers:
    ssn: { entity: US_SSN, category: user.government_id, by: name } # checked by Ana
    # a nickname
    nick: { personal: false, by: user, who: ana, on: 2025-02-03, why: players only }
  orders: # no schema: all of them
    note: { entity: PERSON, category: user.name, by: sample, confidence: 0.6 }
# the end
`;
const notPersonal = (entry: Partial<InventoryEntry>): InventoryEntry => ({ table: 'customers', schema: 'public', column: 'ssn', verdict: null, source: 'user', ...entry });
const said = { who: 'dana', on: '2026-01-31', why: 'test numbers' };

const cases: readonly { readonly name: string; readonly entry: InventoryEntry; readonly before?: string; readonly line: string; readonly after: string }[] = [
  { name: 'a known column, comments kept', entry: notPersonal({}), line: '    ssn: { personal: false, by: user, who: dana, on: 2026-01-31, why: test numbers } # checked by Ana', after: '  public.customers:' },
  { name: 'a known column in other case', entry: notPersonal({ table: 'Customers', column: 'NICK', verdict: { entity: 'PERSON', category: 'user.name' } }), line: '    nick: { entity: PERSON, category: user.name, by: user, who: dana, on: 2026-01-31, why: test numbers }', after: '    # a nickname' },
  { name: 'a new column of a known table', entry: notPersonal({ column: 'code' }), line: '    code: { personal: false, by: user, who: dana, on: 2026-01-31, why: test numbers }', after: '    nick: { personal: false, by: user, who: ana, on: 2025-02-03, why: players only }' },
  { name: 'a table written without its schema', entry: notPersonal({ table: 'orders', column: 'note' }), line: '    note: { personal: false, by: user, who: dana, on: 2026-01-31, why: test numbers }', after: '  orders: # no schema: all of them' },
  { name: 'a new table', entry: notPersonal({ table: 'letters', column: 'body' }), line: '    body: { personal: false, by: user, who: dana, on: 2026-01-31, why: test numbers }', after: '  public.letters:' },
  { name: 'a new file', before: '', entry: notPersonal({}), line: '    ssn: { personal: false, by: user, who: dana, on: 2026-01-31, why: test numbers }', after: '  public.customers:' },
];
for (const { name, entry, before, line, after } of cases) {
  test(`corrects ${name}`, () => {
    const text = correctInventory(before ?? written, entry, said);
    const lines = text.split('\n');
    const at = lines.indexOf(line);
    assert.notEqual(at, -1, text);
    assert.equal(lines[at - 1], after);
    // Nothing else has changed but the one line, or the lines that are new.
    if (before === undefined) {
      const left = written.split('\n').filter((l) => !lines.includes(l));
      assert.ok(left.length <= 1, `lost: ${left.join('\n')}`);
    }
    const read = readInventoryFile(text, 'x');
    assert.deepEqual(read.problems, []);
    assert.ok(read.entries.some((e) => e.source === 'user' && e.column?.toLowerCase() === entry.column?.toLowerCase() && (e.verdict === null) === (entry.verdict === null)));
  });
}

for (const [name, before, after] of [
  ['several lines', 'version: 1\ntables:\n  public.customers:\n    ssn:\n      entity: US_SSN # a\n      category: user\n    city: { personal: false } # b\n', 'version: 1\ntables:\n  public.customers:\n    ssn:\n      { personal: false, by: user }\n    city: { personal: false } # b\n'],
  ['braces', 'version: 1\ntables:\n  public.customers: { city: { personal: false } } # b\n', 'version: 1\ntables:\n  public.customers: { city: { personal: false }, ssn: { personal: false, by: user } } # b\n'],
  ['no last line break', 'version: 1\ntables:\n  a: { b: { personal: false } }', 'version: 1\ntables:\n  a: { b: { personal: false } }\n  public.customers:\n    ssn: { personal: false, by: user }\n'],
  ['nothing under tables', 'tables: # t\nversion: 1\n', 'tables: # t\n  public.customers:\n    ssn: { personal: false, by: user }\nversion: 1\n'],
  ['no tables', 'version: 1\n', 'version: 1\ntables:\n  public.customers:\n    ssn: { personal: false, by: user }\n'],
  ['a wide indent', 'version: 1\ntables:\n    public.customers:\n        city: { personal: false }\n\n# end\n', 'version: 1\ntables:\n    public.customers:\n        city: { personal: false }\n        ssn: { personal: false, by: user }\n\n# end\n'],
] as const) {
  test(`written with ${name}`, () => {
    assert.equal(correctInventory(before, notPersonal({}), {}), after);
    assert.deepEqual(readInventoryFile(after, 'x').problems, []);
  });
}

test('an empty `tables`, and Windows line ends', () => {
  const text = correctInventory('version: 1\r\ntables: {}\r\n', notPersonal({}), {});
  assert.equal(text, 'version: 1\r\ntables:\r\n  public.customers:\r\n    ssn: { personal: false, by: user }\r\n');
});

test('a value that YAML could misread stays a text', () => {
  const text = correctInventory('', notPersonal({ column: 'no', table: '1e3' }), { why: 'yes: [#1] "quoted"', who: 'null' });
  const { entries, problems } = readInventoryFile(text, 'x');
  assert.deepEqual([problems, entries.map((e) => [e.table, e.column, e.verdict])], [[], [['1e3', 'no', null]]]);
});

for (const [name, text] of [['broken YAML', 'version: 1\ntables: [a'], ['a list', '- 1'], ['an unreadable entry', 'version: 1\ntables:\n  a:\n    b: 7'], ['another version', 'version: 9\ntables: {}'], ['an empty table in braces', 'version: 1\ntables:\n  public.customers: {}\n']] as const) {
  test(`${name} is refused, not overwritten`, () => { assert.throws(() => correctInventory(text, notPersonal({}), said), InventoryFileError); });
}

test('a scan brings in what is new and leaves alone what is known', () => {
  const { entries } = readInventoryFile(written, 'x');
  assert.equal(mergeInventory(written, entries), written);
  const added = mergeInventory(written, [...entries, { schema: 'public', table: 'customers', column: 'email', verdict: { entity: 'EMAIL_ADDRESS', category: 'user.contact.email', confidence: 0.912 }, source: 'name' }]);
  assert.equal(added, written.replace('why: players only }\n', 'why: players only }\n    email: { entity: EMAIL_ADDRESS, category: user.contact.email, confidence: 0.91, by: name }\n'));
});
