import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sqlLines, sqlTokens } from './sql-tokens.ts';

function kinds(text: string): string {
  return sqlTokens(text).filter((t) => t.kind !== 'space').map((t) => `${t.kind}:${t.text}`).join(' ');
}

const cases: readonly (readonly [text: string, expected: string])[] = [
  ['select a from t', 'keyword:select name:a keyword:from name:t'],
  ["'it''s' || \"Odd\"\"Name\"", "string:'it''s' punctuation:| punctuation:| name:\"Odd\"\"Name\""],
  ['`a` [b c] x[1]', 'name:`a` name:[b c] name:x punctuation:[ number:1 punctuation:]'],
  ['-- select\n1', 'comment:-- select number:1'],
  ['/* a\n*/ 2.5e3', 'comment:/* a\n*/ number:2.5e3'],
  ['/* never closed', 'comment:/* never closed'],
  ["'never closed", "string:'never closed"],
  ['$tag$ select $tag$ $1', 'string:$tag$ select $tag$ placeholder:$1'],
  [':name @p ?', 'placeholder::name placeholder:@p placeholder:?'],
  ['größe, naïve', 'name:größe punctuation:, name:naïve'],
];
for (const [text, expected] of cases) test(text, () => assert.equal(kinds(text), expected));

test('nothing is lost or doubled, whatever the text is', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('$', '$$', "'", '"', '--', '/*', '*/', '\n', '\r\n', '[', '`', 'select', ':', '\0', '\uD800'));
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join('');
    assert.equal(sqlTokens(text).map((t) => t.text).join(''), text);
    assert.equal(sqlLines(text).map((line) => line.map((t) => t.text).join('')).join('\n'), text.replaceAll(/\r\n|\r/g, '\n'));
  }));
});
