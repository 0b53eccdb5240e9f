import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import type { Lineage } from '#core/statement/analyse.ts';
import type { Inventory } from '#core/statement/inventory.ts';
import type { SensitiveColumn, StatementFacts } from '#core/wire/statement.ts';
import type { DriverColumn, RawValue } from '#query/drivers/driver.ts';
import { builtinPacks } from '#rules';
import { createCellMasker, type MaskableColumn, UNKNOWN_MASK } from './cell-masker.ts';
import { type ColumnVerdict, judgeColumns } from './column-verdict.ts';

const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(new Uint8Array(32).fill(7), detector);

/** customers.ssn and customers.email are sensitive; nothing else is. */
const inventory: Inventory = {
  sensitivity: ({ name }, column) => (name === 'customers' && column === 'ssn' ? { entity: 'US_SSN', category: 'user.government_id', confidence: 1, source: 'policy' }
    : name === 'customers' && column === 'email' ? { entity: 'EMAIL_ADDRESS', category: 'user.contact.email', confidence: 0.9, source: 'name' } : undefined),
  sensitiveTable: () => false,
};
const facts = (sensitive: SensitiveColumn[] = [], more: Partial<StatementFacts> = {}): StatementFacts => ({
  dialect: 'sqlite', kind: 'select', readOnly: true, statements: 1, tables: [{ name: 'customers', access: 'read' }], columns: [], star: false,
  functions: [], exports: false, opaque: [], parameters: [], sensitive, ...more,
});
const ssn: SensitiveColumn = { table: 'customers', column: 'ssn', entity: 'US_SSN', category: 'user.government_id', use: 'output' };
const unknownLineage: Lineage = { outputs: [], complete: false, unplaced: { name: '', sources: [], uncertain: true } };
const from = (...sources: { table: string; column: string; direct: boolean }[]): Lineage => ({
  complete: true, unplaced: { name: '', sources: [], uncertain: true }, outputs: [{ name: 'x', uncertain: false, sources: sources.map((s) => {
    const sensitivity = inventory.sensitivity({ name: s.table }, s.column);
    return { ...s, ...(sensitivity ? { sensitivity } : {}) };
  }) }],
});
/** `SELECT d.d, … FROM digits d JOIN customers ON d.d = substr(ssn, 1, 1)`, columns not told apart. */
const picked: Lineage = { ...unknownLineage, unplaced: from({ table: 'customers', column: 'ssn', direct: false }).outputs[0] ?? unknownLineage.unplaced };
const base = (name: string, table: string, column: string): DriverColumn => ({ name, databaseType: 'text', origin: { table, column } });
const expression = (name: string): DriverColumn => ({ name, databaseType: '' });

function judge(column: DriverColumn, lineage: Lineage, statement = facts([ssn]), sample: string[] = []): ColumnVerdict {
  const [verdict] = judgeColumns({ columns: [column], facts: statement, lineage, inventory, detector, isBaseTable: (o) => o.table !== 'a_view', sample: () => sample });
  assert.ok(verdict);
  return verdict;
}

const mails = ['marta.keller@acme-corp.io', 'j.oduya@acme-corp.io', 'ann.lee@northwind.net', 'p.singh@northwind.net', 'li.wei@globex.org', 'roy.harber@globex.org'];
const cases: readonly { name: string; verdict: () => ColumnVerdict; masked: boolean; entity?: string; direct?: boolean; drift?: boolean }[] = [
  { name: 'a sensitive base column under another name', verdict: () => judge(base('id', 'customers', 'ssn'), unknownLineage), masked: true, entity: 'US_SSN', direct: true },
  { name: 'an expression over it, known by lineage', verdict: () => judge(expression('x'), from({ table: 'customers', column: 'ssn', direct: false })), masked: true, entity: 'US_SSN', direct: false },
  { name: 'an expression that nobody can trace', verdict: () => judge(expression('x'), unknownLineage), masked: true, direct: false },
  { name: 'a view\'s column that nobody can trace', verdict: () => judge(base('code', 'a_view', 'code'), unknownLineage), masked: true, direct: false },
  { name: 'an origin that the database may have wrong', verdict: () => judge({ ...base('id', 'orders', 'id'), originUncertain: true }, unknownLineage), masked: true },
  { name: 'an untraceable column of an opaque statement', verdict: () => judge(expression('x'), unknownLineage, facts([], { opaque: [{ what: 'function', detail: 'calls f' }] })), masked: true },
  { name: 'a harmless base column beside a sensitive one', verdict: () => judge(base('city', 'orders', 'status'), unknownLineage), masked: false, direct: true },
  { name: 'a sure origin picked by a computed sensitive value', verdict: () => judge(base('d', 'digits', 'd'), picked, facts([ssn])), masked: true, entity: 'US_SSN', direct: false },
  { name: 'constants in the server\'s own encoding', verdict: () => judge({ name: 'relpartbound', databaseType: 'pg_node_tree' }, from(), facts()), masked: true },
  { name: 'a count, which has no source', verdict: () => judge(expression('n'), from()), masked: false },
  { name: 'a harmless source under a telling alias', verdict: () => judge(base('email', 'orders', 'status'), unknownLineage, facts()), masked: true, entity: 'EMAIL_ADDRESS', drift: true },
  { name: 'values that tell what the name does not', verdict: () => judge(base('code', 'orders', 'code'), unknownLineage, facts(), mails), masked: true, entity: 'EMAIL_ADDRESS', drift: true },
  { name: 'the same, declared', verdict: () => judge(base('code', 'customers', 'ssn'), unknownLineage, facts([ssn]), mails), masked: true, entity: 'US_SSN', drift: false },
];
for (const { name, verdict, masked, entity, direct, drift } of cases) {
  test(`verdict: ${name}`, () => {
    const v = verdict();
    assert.equal(v.masked, masked, JSON.stringify(v));
    assert.equal(v.entity, entity);
    if (direct !== undefined) assert.equal(v.direct, direct);
    if (drift !== undefined) assert.equal(v.drift, drift);
    assert.equal(v.masked, v.reasons.length > 0);
    assert.ok(v.clear.length > 0);
    for (const value of mails) assert.ok(!JSON.stringify(v).includes(value));
  });
}

const plain: MaskableColumn = { name: 'notes', databaseType: 'text', origin: { table: 'orders', column: 'notes' }, masked: false, direct: true };
const ssnColumn: MaskableColumn = { name: 'ssn', databaseType: 'text', masked: true, direct: true, entity: 'US_SSN' };
function shown(column: MaskableColumn, value: RawValue): { v: string | null; m?: 1; found: string[] } {
  const found: string[] = [];
  const cell = createCellMasker(column, 0, { detector, masker, replacementFor: () => ({ kind: 'mask' }), onFound: (_, e) => found.push(e) })(value);
  return { ...cell, found };
}

for (const [name, value, secret] of [
  ['in a sentence', 'call ann.lee@acme-corp.io about it', 'ann.lee'],
  ['in a JSON string', '{"contact":{"email":"ann.lee@acme-corp.io"},"n":1}', 'ann.lee'],
  ['under a telling JSON key', '{"ssn":"536228726"}', '536228726'],
  ['in a nested value', { people: [{ ssn: '536-22-8726' }] }, '536-22-8726'],
  ['as a JSON key', '{"ann.lee@acme-corp.io":true}', 'ann.lee'],
  ['in an array', ['x', 'ann.lee@acme-corp.io'], 'ann.lee'],
  ['in binary', new TextEncoder().encode('536-22-8726'), '536'],
  ['below many levels', JSON.parse(`${'['.repeat(90)}"ann.lee@acme-corp.io"${']'.repeat(90)}`) as RawValue, 'ann.lee'],
] as const) {
  test(`a column without a verdict: a value ${name} is masked`, () => {
    const cell = shown(plain, value as RawValue);
    assert.equal(cell.m, 1, JSON.stringify(cell));
    assert.ok(!cell.v?.includes(secret), cell.v ?? '');
  });
}

test('JSON stays JSON, and what is found is told once a cell', () => {
  const cell = shown(plain, '{"a":1,"contact":{"email":"ann.lee@acme-corp.io"}}');
  assert.equal((JSON.parse(cell.v ?? '') as { a: number }).a, 1);
  assert.ok(cell.found.includes('EMAIL_ADDRESS'));
});

for (const [name, value] of [['text', 'shipped on time'], ['a small number', 1234], ['a price', 19.99], ['a boolean', true], ['null', null], ['JSON', '{"status":"open","n":[1,2]}'], ['a date', new Date(0)], ['a timestamp', '2024-02-29 13:37:00.123+01'], ['a UUID', '9f1b4c62-5d0a-4c1e-9f57-2f8c3a1d7b11'], ['a word', 'shipped']] as const) {
  test(`${name} is left as it is`, () => {
    const cell = shown(plain, value);
    assert.equal(cell.m, undefined, JSON.stringify(cell));
    assert.deepEqual(cell.found, []);
  });
}

test('masks of a column do not tell the length of the value', () => {
  const lengths = new Set(['536-22-8726', '457-55-5462'].map((v) => shown(ssnColumn, v).v?.length));
  assert.equal(lengths.size, 1);
  const opaque: MaskableColumn = { name: 'x', databaseType: '', masked: true, direct: false };
  assert.deepEqual(['a', 'abcdefgh', 12].map((v) => shown(opaque, v).v), [UNKNOWN_MASK, UNKNOWN_MASK, UNKNOWN_MASK]);
});

test('nothing is kept of an expression: shifted copies must not add up to the value', () => {
  const email = 'ann.lee@acme-corp.io';
  const shifted = Array.from({ length: 8 }, (_, i) => shown({ ...ssnColumn, name: 'x', direct: false, entity: 'EMAIL_ADDRESS' }, email.slice(i)).v);
  assert.equal(new Set(shifted).size, 1);
  const spans = Array.from({ length: 3 }, (_, i) => shown({ ...plain, direct: false }, email.slice(i)).v);
  assert.equal(new Set(spans).size, 1, String(spans));
});
