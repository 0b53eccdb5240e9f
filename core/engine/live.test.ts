import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtinPacks } from '#rules';
import { createDetector } from './create.ts';
import { createRe2 } from './re2.ts';
import type { ScanOptions } from './detector.ts';

const detector = createDetector(builtinPacks(), createRe2());
const spans = (findings: readonly { entity: string; start: number; end: number; confidence: number }[]) => findings.map(({ entity, start, end, confidence }) => `${entity} ${start}-${end} ${confidence}`);

/** Applies the edits one by one and compares with a scan of the whole each time. */
function check(text: string, options: ScanOptions, edits: readonly { start: number; end: number; text: string }[]): void {
  const live = detector.open(text, options);
  let now = text;
  assert.deepEqual(spans(live.result.findings), spans(detector.scan(now, options).findings));
  for (const edit of edits) {
    now = now.slice(0, edit.start) + edit.text + now.slice(edit.end);
    const result = live.update([edit]);
    assert.equal(live.length, now.length);
    const middle = Math.min(edit.start, now.length >> 1);
    for (const [from, to] of [[0, 1], [middle, middle + 7], [Math.max(0, middle - 3000), middle + 3000], [now.length, now.length + 1]] as const) assert.equal(live.slice(from, to), now.slice(from, to));
    assert.equal(live.text, now);
    assert.deepEqual(spans(result.findings), spans(detector.scan(now, options).findings), `after ${JSON.stringify(edit)}`);
  }
}

const csv = `id,email,ssn,order_no\n${Array.from({ length: 400 }, (_, i) => `${i},a${i}.b@gmail.com,536-90-${4000 + i},5369${10_000 + i}`).join('\n')}\n`;
const json = JSON.stringify({ customers: Array.from({ length: 150 }, (_, i) => ({ name: `Roy Harber`, ssn: { value: `53690${4000 + i}` }, note: `called ${i}` })) }, null, 2);
const log = Array.from({ length: 300 }, (_, i) => `2026-01-15T10:22:${10 + (i % 50)}Z INFO login user=u${i}@gmail.com ip=81.2.69.${i % 250} fullName=Roy Harber, id=${i}`).join('\n');
const sql = `INSERT INTO customers (id, ssn) VALUES\n${Array.from({ length: 300 }, (_, i) => `  (${i}, '53690${4000 + i}')`).join(',\n')};\nSELECT 1;\n`;

for (const [name, text, options] of [['CSV', csv, { languageId: 'csv' }], ['JSON', json, { languageId: 'json' }], ['log', log, { languageId: 'log' }], ['SQL', sql, { languageId: 'sql' }]] as const) {
  test(`${name}: edits anywhere give what a whole scan gives`, () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), text: fc.constantFrom('', '7', 'x', '\n', ' ', '536-90-4399', 'a.b@gmail.com', ',', '"ssn": "536904399"', '"', 'ssn') });
    fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      let length = text.length;
      check(text, options, edits.map(({ at, cut, text: inserted }) => {
        const start = Math.floor(at * length), end = Math.min(length, start + cut);
        length += inserted.length - (end - start);
        return { start, end, text: inserted };
      }));
    }), { numRuns: 8 });
  });
}

test('an edited header re-judges its column', () => {
  const at = csv.indexOf('order_no');
  const live = detector.open(csv.replaceAll(/536-90-(\d{4})/g, '53690$1'), { languageId: 'csv' });
  const of = (entity: string) => live.result.findings.filter((finding) => finding.entity === entity).length;
  assert.equal(of('US_SSN'), 400);
  live.update([{ start: at - 4, end: at - 1, text: 'sku' }]);
  assert.equal(of('US_SSN'), 0);
  live.update([{ start: at - 4, end: at - 1, text: 'ssn' }]);
  assert.equal(of('US_SSN'), 400);
});

test('a header that no longer names another thing re-judges its column', () => {
  const text = `id,order_no\n${Array.from({ length: 200 }, (_, i) => `${i},a${i}.b@gmail.com`).join('\n')}\n`;
  check(text, { languageId: 'csv' }, [{ start: 3, end: 4, text: '' }, { start: 3, end: 3, text: 'o' }]);
});

test('ignores, caps and cancelling work as in a whole scan', () => {
  const live = detector.open(csv, { languageId: 'csv', maxFindings: 10 });
  assert.equal(live.result.findings.length, 10);
  assert.equal(live.result.limits.find((limit) => limit.kind === 'too-many-findings')?.total, 800);
  const ignored = detector.open('# pii-gate:ignore-file\nssn 536-90-4399\n', {});
  assert.deepEqual(ignored.result.findings, []);
  const controller = new AbortController();
  controller.abort();
  assert.equal(detector.open('ssn 536-90-4399', {}).update([{ start: 0, end: 0, text: 'my ' }], controller.signal).limits.at(-1)?.kind, 'cancelled');
});
