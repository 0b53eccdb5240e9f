import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtinPacks } from '#rules';
import { validators } from '../validators/index.ts';
import { Collector } from './collect.ts';
import { compileRules } from './compile.ts';
import { DocumentText, shapeOf } from './document.ts';
import type { Hit } from './hit.ts';
import { Judge } from './judge.ts';
import { NamedValues } from './named-hits.ts';
import { resolveOverlaps } from './overlap.ts';
import { createRe2 } from './re2.ts';
import { Scanner } from './scanner.ts';
import { DOUBTFUL } from './severity.ts';

const packs = builtinPacks();
const compiled = compileRules(packs, createRe2(), validators);
const scanner = new Scanner(compiled);
const collector = new Collector(compiled, scanner);

/** Values as they stand in the rules' examples, without delimiters, quotes and words before them: what stands beside a value in its cell is the prose rules' matter. */
const values = packs.flatMap(({ rules }) => rules).flatMap(({ examples }) => examples.ok).flatMap((example) => (typeof example === 'string' ? example : example.text).match(/\+?[\p{L}\d][\p{L}\d@._+/ -]*/gu) ?? []).filter((value) => value.length > 2 && value.length < 40 && !/\p{L}{2,}[ .-]{1,2}\S/u.test(value));
const names = ['id', 'ssn', 'phone', 'email', 'first_name', 'order_total', 'tax_id', 'notes', 'created_at', 'iban', 'date_of_birth', 'name', 'city', 'x'];

const told = (hits: Hit[]): string[] => resolveOverlaps(hits).map(({ rule, start, end, confidence }) => `${rule.rule.id} ${start}-${end} ${confidence}`);

/** The same cells by evidence that is looked up in the text for each candidate: slow, and without any memory. */
function byText(document: DocumentText): string[] {
  const { text, tables, rows } = document;
  const judge = Judge.of(compiled, document, DOUBTFUL);
  const { hits } = scanner.scan(document, judge, 0, rows!.start);
  const anchors = scanner.begin(0, hits);
  scanner.window.load(text, 0, text.length);
  tables[0]!.eachRow(0, text.length, (cells) => { for (const { start, end } of cells) scanner.cell(anchors, anchors.classes(''), judge, start, end, end); });
  return told([...hits, ...new NamedValues(compiled, document, judge).take(0, text.length)]);
}

const byCells = (document: DocumentText): string[] => told([...collector.collect(document, Judge.of(compiled, document, DOUBTFUL), 0, document.text.length).hits]);

const table = fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 6 }).chain((columns) =>
  fc.array(fc.array(fc.constantFrom(...values), { minLength: columns.length, maxLength: columns.length }), { minLength: 1, maxLength: 12 })
    .map((rows) => [columns, ...rows].map((row) => row.join(';')).join('\n')));

test('cells judged by their column find what the text around them tells', () => {
  fc.assert(fc.property(table, (text) => {
    const document = new DocumentText(text, shapeOf(text, { languageId: 'csv' }));
    assert.deepEqual(byCells(document), byText(document), text);
  }), { numRuns: 200 });
});

test('a row that comes again is found again where it stands', () => {
  const row = 'Alice;536-90-4399;ann.lee@mailbox.org\n';
  const text = `first_name;ssn;email\n${row.repeat(300)}`;
  const document = new DocumentText(text, shapeOf(text, { languageId: 'csv' }));
  const found = byCells(document);
  assert.equal(found.length, 900);
  assert.deepEqual(found, byText(document));
});
