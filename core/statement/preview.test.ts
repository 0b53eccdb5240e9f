import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinPacks } from '#rules';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import type { Dialect } from '../wire/statement.ts';
import { preview } from './preview.ts';

const detector = createDetector(builtinPacks(), createRe2());

const cases: readonly (readonly [dialect: Dialect, text: string, preview: string])[] = [
  ['sqlite', "SELECT id FROM customers WHERE email = 'jane.roe@corp-mail.de'", "SELECT id FROM customers WHERE email = '<EMAIL_ADDRESS>'"],
  ['sqlite', "SELECT id FROM customers WHERE ssn = '536-90-4399' AND status = 'paid'", "SELECT id FROM customers WHERE ssn = '<US_SSN>' AND status = 'paid'"],
  ['sqlite', "SELECT id FROM customers WHERE last_name IN ('Roe', 'Doe')", "SELECT id FROM customers WHERE last_name IN ('<PERSON>', '<PERSON>')"],
  ['sqlite', "SELECT * FROM t WHERE note = 'met Jane at the clinic'", "SELECT * FROM t WHERE note = '<TEXT>'"],
  ['sqlite', 'SELECT * FROM t WHERE n = 10 LIMIT 100', 'SELECT * FROM t WHERE n = 10 LIMIT 100'],
  ['sqlite', 'SELECT * FROM t WHERE n = 12345678901', 'SELECT * FROM t WHERE n = <NUMBER>'],
  ['sqlite', "SELECT 'not closed, jane.roe@corp-mail.de", "SELECT '<EMAIL_ADDRESS>'"],
  ['sqlite', '-- for jane.roe@corp-mail.de\nSELECT 1', '-- <EMAIL_ADDRESS>\nSELECT 1'],
  ['postgresql', 'SELECT $q$jane.roe@corp-mail.de$q$', "SELECT '<EMAIL_ADDRESS>'"],
  ['mysql', 'SELECT "jane.roe@corp-mail.de"', "SELECT '<EMAIL_ADDRESS>'"],
  ['sqlserver', 'SELECT 1 AS [jane.roe@corp-mail.de]', 'SELECT 1 AS <EMAIL_ADDRESS>'],
];

for (const [dialect, text, expected] of cases) {
  test(`${dialect}: ${text}`, () => {
    const result = preview(text, dialect, detector);
    assert.equal(result.preview, expected);
    assert.equal(result.redactions.length, (expected.match(/<[A-Z_]+>/g) ?? []).length);
  });
}
