import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Dialect } from '../wire/statement.ts';
import { split } from './split.ts';

const trigger = 'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN d THEN 1 ELSE 2 END; DELETE FROM e; END';
const procedure = 'CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; CASE x WHEN 1 THEN SELECT 2; END CASE; WHILE b DO SELECT 3; END WHILE; END';

const cases: readonly (readonly [dialect: Dialect, text: string, statements: readonly string[]])[] = [
  ['sqlite', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['sqlite', ';;  SELECT 1 ;; ', ['SELECT 1']],
  ['sqlite', '', []],
  ['sqlite', '-- only a comment', []],
  ['sqlite', "SELECT ';' -- ; \n, \"a;b\", [c;d], `e;f` /* ; */; SELECT 2", ["SELECT ';' -- ; \n, \"a;b\", [c;d], `e;f`", 'SELECT 2']],
  ['sqlite', '-- first\nSELECT 1; -- @sensitive\nSELECT 2', ['SELECT 1', '-- @sensitive\nSELECT 2']],
  ['sqlite', '-- me@sensitive.example\nSELECT 1', ['SELECT 1']],
  ['sqlite', `${trigger}; SELECT 1`, [trigger, 'SELECT 1']],
  ['sqlite', '.headers on\nSELECT 1;', ['.headers on', 'SELECT 1']],
  ['sqlite', "SELECT 'it''s;'; SELECT 2", ["SELECT 'it''s;'", 'SELECT 2']],
  ['sqlite', "SELECT 'é𝒳;'; SELECT 2", ["SELECT 'é𝒳;'", 'SELECT 2']],
  ['sqlite', "SELECT 'unterminated; SELECT 2", ["SELECT 'unterminated; SELECT 2"]],
  ['postgresql', 'SELECT $$a;b$$, $x$ $$;$$ $x$; SELECT 2', ['SELECT $$a;b$$, $x$ $$;$$ $x$', 'SELECT 2']],
  ['postgresql', "SELECT E'\\';'; SELECT '\\'; SELECT 3", ["SELECT E'\\';'", "SELECT '\\'", 'SELECT 3']],
  ['postgresql', 'SELECT 1 /* a /* b; */ c; */; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['postgresql', 'SELECT a::text, $1; SELECT 2', ['SELECT a::text, $1', 'SELECT 2']],
  ['postgresql', 'CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2); SELECT 3', ['CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2)', 'SELECT 3']],
  ['postgresql', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3', ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END', 'SELECT 3']],
  ['postgresql', 'BEGIN; SELECT 1; END', ['BEGIN', 'SELECT 1', 'END']],
  ['postgresql', '\\copy a to b\nSELECT 1', ['\\copy a to b', 'SELECT 1']],
  ['mysql', "SELECT 'a\\';b', \"c;d\" # ;\n; SELECT 2", ["SELECT 'a\\';b', \"c;d\"", 'SELECT 2']],
  ['mysql', 'SELECT 1--1; SELECT 2', ['SELECT 1--1', 'SELECT 2']],
  ['mysql', 'DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nSELECT 3;', ['SELECT 1; SELECT 2', 'SELECT 3']],
  ['mysql', `${procedure}; SELECT 9`, [procedure, 'SELECT 9']],
  ['mysql', 'SELECT 1 /*! ; */; SELECT 2', ['SELECT 1 /*! ; */', 'SELECT 2']],
  ['sqlserver', 'SELECT [a;b]\nGO\nSELECT 2\nGO 5', ['SELECT [a;b]', 'SELECT 2']],
  ['sqlserver', 'BEGIN TRAN; SELECT 1', ['BEGIN TRAN', 'SELECT 1']],
  ['trino', 'SELECT 1; SELECT "a;b"', ['SELECT 1', 'SELECT "a;b"']],
];

for (const [dialect, text, statements] of cases) {
  test(`${dialect}: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(split(text, dialect).map(({ start, end }) => text.slice(start, end)), statements);
  });
}

test('spans of any text are in order, apart and inside it', () => {
  const dialect = fc.constantFrom<Dialect>('sqlite', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'trino');
  const piece = fc.constantFrom(';', "'", '"', '`', '[', ']', '$$', '$a$', '--', '/*', '*/', '#', '\\', '\n', 'BEGIN', 'END', 'CREATE TRIGGER', 'DELIMITER ', 'GO\n', ' ', 'a', '1', '(', ')', ':x', '?');
  fc.assert(fc.property(dialect, fc.array(piece, { maxLength: 40 }), (d, pieces) => {
    const text = pieces.join('');
    let at = 0;
    for (const { start, end } of split(text, d)) {
      assert.ok(start >= at && end > start && end <= text.length);
      at = end;
    }
  }), { numRuns: 500 });
});
