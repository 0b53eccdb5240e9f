import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementAt } from './statement-at.ts';

/** `|` is the cursor; statements are between brackets, which are taken out. */
function check(marked: string, expected: string | undefined): void {
  const cursor = marked.replaceAll(/[[\]]/g, '').indexOf('|');
  const bracketed = marked.replace('|', '');
  const statements: { readonly start: number; readonly end: number }[] = [];
  let text = '';
  for (const character of bracketed) {
    if (character === '[') statements.push({ start: text.length, end: -1 });
    else if (character === ']') statements.push({ start: statements.pop()?.start ?? 0, end: text.length });
    else text += character;
  }
  const found = statementAt(statements, cursor, text);
  assert.equal(found === undefined ? undefined : text.slice(found.start, found.end), expected, marked);
}

test('the statement that a cursor means', () => {
  check('[SELECT| 1];', 'SELECT 1');
  check('|[SELECT 1];', 'SELECT 1');
  check('[SELECT 1]|;', 'SELECT 1');
  check('[SELECT 1];|', 'SELECT 1');
  check('[SELECT 1]; -- note|\n[SELECT 2];', 'SELECT 1');
  check('[SELECT 1];\n|\n[SELECT 2];', 'SELECT 2');
  check('[SELECT 1];\n[SELECT 2|];', 'SELECT 2');
  check('[SELECT 1];\n\n|', 'SELECT 1');
  check('-- nothing|', undefined);
});
