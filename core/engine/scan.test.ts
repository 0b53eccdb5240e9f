import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtinPacks } from '#rules';
import { createDetector } from './create.ts';
import { createRe2 } from './re2.ts';
import { loud } from './test-detector.ts';

const detector = createDetector(builtinPacks(), createRe2());

const found: readonly { readonly why: string; readonly text: string; readonly languageId?: string; readonly filename?: string; readonly expect: readonly string[] }[] = [
  { why: 'an address in prose', text: 'write to jane.doe@gmail.com today', expect: ['EMAIL_ADDRESS:jane.doe@gmail.com'] },
  { why: 'a formatted id with its word', text: 'SSN: 536-90-4399', expect: ['US_SSN:536-90-4399'] },
  { why: 'a failed candidate does not swallow the real one', text: 'card 2026 4539 1488 0343 6467', expect: ['CREDIT_CARD:4539 1488 0343 6467'] },
  { why: 'a CSV column speaks for bare digits', text: 'id,ssn\n7,536904399\n', filename: 'a.csv', expect: ['US_SSN:536904399'] },
  { why: 'the same digits under another column do not', text: 'id,order_no\n7,536904399\n', filename: 'a.csv', expect: [] },
  { why: 'a JSON key', text: '{"customer": {"ssn": 536904399}}', languageId: 'json', expect: ['US_SSN:536904399'] },
  { why: 'an enclosing JSON key', text: '{"ssn": {"value": "536904399"}}', languageId: 'json', expect: ['US_SSN:536904399'] },
  { why: 'an enclosing YAML key', text: 'ssn:\n  value: "536904399"\n', languageId: 'yaml', expect: ['US_SSN:536904399'] },
  { why: 'a setter names its argument', text: 'c.setSsn("536904399");', languageId: 'java', expect: ['US_SSN:536904399'] },
  { why: 'columns of INSERT', text: "INSERT INTO t (id, ssn) VALUES (1, '536904399'), (2, '536904380');", languageId: 'sql', expect: ['US_SSN:536904399', 'US_SSN:536904380'] },
  { why: 'columns of COPY', text: 'COPY t (id, ssn) FROM stdin;\n1\t536904399\n\\.\n', languageId: 'sql', expect: ['US_SSN:536904399'] },
  { why: 'a table that psql printed', text: ' id | ssn       \n----+-----------\n  1 | 536904399 \n', expect: ['US_SSN:536904399'] },
  { why: 'a name by its key', text: 'const user = { firstName: "Alice", handler: "HttpClient" };', languageId: 'typescript', expect: ['PERSON:Alice'] },
  { why: 'a name by its column', text: 'id;last_name\n1;Smith\n', filename: 'a.csv', expect: ['PERSON:Smith'] },
  { why: 'a name among people, in SQL', text: "INSERT INTO customers (id, name) VALUES (1, 'Roy Harber'); INSERT INTO products (id, name) VALUES (1, 'Desk Lamp');", languageId: 'sql', expect: ['PERSON:Roy Harber'] },
  { why: 'a name among people, in JSON', text: '{"customers": [{"name": "Roy Harber"}], "products": [{"name": "Desk Lamp"}]}', languageId: 'json', expect: ['PERSON:Roy Harber'] },
  { why: 'a name among people, in CSV', text: 'id,name\n1,Roy Harber\n', filename: 'customers.csv', expect: ['PERSON:Roy Harber'] },
  { why: 'a name in an element', text: '<c><lastName>Smith</lastName></c>', languageId: 'xml', expect: ['PERSON:Smith'] },
  { why: 'a name in a log line', text: '08:58 INFO Customer(fullName=Carlo Paolini, id=4)', languageId: 'log', expect: ['PERSON:Carlo Paolini'] },
  { why: 'an expression is no name', text: 'const firstName = user.name;', languageId: 'typescript', expect: [] },
  { why: 'placeholders are nobody', text: '{"firstName": "${name}", "lastName": "{{x}}", "ssn": "***-**-1234"}', languageId: 'json', expect: [] },
];
for (const { why, text, expect, ...kind } of found) test(`finds: ${why}`, () => assert.deepEqual(loud(detector, text, kind), expect));

const traps: readonly string[] = [
  'sha1: 4539148803436467aa0912345678901234567890', 'confidence: 0.5227687358856201', '8.46786664623715e-47', '1748503543012 done', '20240115 build', 'order 4010232137',
  'AssemblyVersion("4.12.1.100")', 'M 123 456 7890 L 555 123 4567', 'import x from "@types/node@18.19.3"', 'lodash@4.17.21', 'icon@2x.png', '${user.email} {{email}}',
  'd1b2a3c4-4539-4488-8034-364671234567', 'ISBN 978-3-16-148410-0', '/\\d{3}-\\d{2}-\\d{4}/', '$4539148803436467', '4539148803436467%', 'UTC+01:00', 'lat 40.712776 lon -74.005974',
];
for (const text of traps) test(`stays silent on ${JSON.stringify(text)}`, () => assert.deepEqual(loud(detector, text), []));

test('reserved values are hints of their own class', () => {
  const [finding] = detector.scan('4111 1111 1111 1111', {}).findings;
  assert.equal(finding?.severity, 'hint');
  assert.equal(finding?.reserved, true);
  assert.deepEqual(detector.scan('4111 1111 1111 1111', { reserved: false }).findings, []);
});

test('every step of a verdict is told, without the value', () => {
  const [finding] = detector.scan('SSN: 536-90-4399', {}).findings;
  assert.ok(finding);
  assert.ok(finding.reasons.length >= 2);
  assert.equal(finding.reasons.at(-1)?.score, finding.confidence);
  for (const reason of finding.reasons) assert.ok(!reason.text.includes('536-90-4399') && reason.score >= 0 && reason.score <= 1);
  assert.ok(!finding.masked.includes('536-90'));
});

test('options: threshold, disabled, only, allow-list, severity, cap', () => {
  const text = 'a.b@gmail.com and c.d@gmail.com, ssn 536-90-4399';
  const entities = (options: Parameters<typeof detector.scan>[1]) => detector.scan(text, options).findings.map((finding) => finding.entity);
  assert.deepEqual(entities({}), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS', 'US_SSN']);
  assert.deepEqual(entities({ disabledEntities: new Set(['EMAIL_ADDRESS']) }), ['US_SSN']);
  assert.deepEqual(entities({ onlyEntities: new Set(['EMAIL_ADDRESS']) }), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS']);
  assert.deepEqual(entities({ allowed: (value) => value === 'a.b@gmail.com' }), ['EMAIL_ADDRESS', 'US_SSN']);
  assert.deepEqual(entities({ minConfidence: 0.9999 }), []);
  assert.equal(detector.scan(text, { severityOf: () => 'error' }).findings.every((finding) => finding.severity === 'error'), true);
  const capped = detector.scan(text, { maxFindings: 1 });
  assert.equal(capped.findings.length, 1);
  assert.deepEqual(capped.limits, [{ kind: 'too-many-findings', kept: 1, total: 3 }]);
});

test('inline ignores', () => {
  const expectations: readonly [string, number][] = [
    ['ssn 536-90-4399 // pii-gate:ignore', 0],
    ['// pii-gate:ignore-next-line US_SSN -- synthetic\nssn 536-90-4399', 0],
    ['// pii-gate:ignore-next-line EMAIL_ADDRESS\nssn 536-90-4399', 1],
    ['# pii-gate:ignore-start\nssn 536-90-4399\n# pii-gate:ignore-end\nssn 536-90-4399', 1],
    ['# pii-gate:ignore-file\n\n\nssn 536-90-4399', 0],
    ['pii-gate:ignored ssn 536-90-4399', 1],
  ];
  for (const [text, count] of expectations) assert.equal(loud(detector, text).length, count, text);
  assert.equal(loud(detector, 'ssn 536-90-4399 // pii-gate:ignore', { inlineIgnores: false }).length, 1);
});

test('an aborted scan says how far it came', () => {
  const controller = new AbortController();
  controller.abort();
  const { findings, limits } = detector.scan('ssn 536-90-4399', {}, controller.signal);
  assert.deepEqual(findings, []);
  assert.equal(limits[0]?.kind, 'cancelled');
});

test('rules that can not be loaded are reported, the others work', () => {
  const broken = createDetector([{ source: 'x.yaml', scope: 'x', rules: [{ id: 'x/a', entity: 'A', title: 'a', category: 'user', regulations: [], severity: 'warning', patterns: [{ name: 'p', regex: '(?=look)ahead', score: 0.9 }], mask: { kind: 'redact' }, examples: { ok: [], ng: [] } }] }, ...builtinPacks()], createRe2());
  assert.equal(broken.limits[0]?.kind, 'rule-skipped');
  assert.equal(loud(broken, 'SSN: 536-90-4399').length, 1);
});

test('values with their surroundings', () => {
  assert.deepEqual(detector.scanValue('536904399', { name: 'ssn' }).map((finding) => [finding.entity, finding.start, finding.end]), [['US_SSN', 0, 9]]);
  assert.deepEqual(detector.scanValue('536904399', { name: 'order_id' }), []);
  assert.deepEqual(detector.scanValue('Alice', { name: 'first_name' }).map((finding) => finding.entity), ['PERSON']);
  assert.deepEqual(detector.scanValue('Roy Harber', { name: 'name', path: ['customers'] }).map((finding) => finding.entity), ['PERSON']);
  assert.deepEqual(detector.scanValue('Desk Lamp', { name: 'name', path: ['products'] }), []);
  assert.deepEqual(detector.scanValue('', { name: 'ssn' }), []);
});

test('names by themselves', () => {
  for (const name of ['ssn', 'customerSsn', 'CUSTOMER_SSN', 'ssn_number', 'raw_ssn']) assert.equal(detector.classifyName(name)[0]?.entity, 'US_SSN', name);
  for (const name of ['file_name', 'className', 'has_ssn_flag', 'session', 'id', '']) assert.deepEqual(detector.classifyName(name), [], name);
});

test('a column needs one entity that explains it', () => {
  const ssns = ['536-90-4399', '536-90-4380', '', '536-90-4381'];
  assert.equal(detector.classifyColumn(ssns, { name: 'govt' })?.entity, 'US_SSN');
  assert.equal(detector.classifyColumn(['a', 'b', '536-90-4399'], { name: 'note' }), undefined);
  assert.equal(detector.classifyColumn([], { name: 'email' })?.entity, 'EMAIL_ADDRESS');
});

test('never throws and keeps spans within the text, on any text of any kind', () => {
  const kinds = ['json', 'csv', 'yaml', 'sql', 'typescript', 'xml', 'log', 'markdown', 'properties', 'diff', 'plaintext'];
  const piece = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\u0000', '"', "'", '\n', ',', '|', '--', '\t', '{', '[', '(', '<a>', 'a@b.co', '4539 1488 0343 6467', 'ssn=', 'INSERT INTO t (a, ssn) VALUES (', 'COPY t (ssn) FROM stdin;\n', 'pii-gate:ignore-start', '"first_name": "', '| a | b |\n|---|---|\n'));
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(...kinds), (pieces, languageId) => {
    const text = pieces.join('');
    let last = -1;
    for (const finding of detector.scan(text, { languageId, minConfidence: 0 }).findings) {
      assert.ok(finding.start >= 0 && finding.start < finding.end && finding.end <= text.length && finding.start >= last);
      last = finding.start;
    }
  }), { numRuns: 500 });
});
