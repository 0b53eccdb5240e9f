import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { allowTextEdit } from './allow-text.ts';

const entry = { entity: 'EMAIL_ADDRESS', value: 'a: "b" # c' };

function check(name: string, text: string, existing: readonly unknown[]): void {
  test(name, () => {
    const edit = allowTextEdit(text, entry);
    assert.ok(edit);
    const result = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    const rest = parse(text) as Record<string, unknown> | null;
    assert.deepEqual(parse(result), { ...rest, allow: [...existing, { ...entry, reason: 'not personal data here' }] });
    for (const line of text.split('\n')) assert.ok(result.includes(line));
  });
}

check('a new file', '', []);
check('only comments', '# mine\n', []);
check('no list yet', 'rules:\n  disable: [x]\n', []);
check('no line break at the end', 'rules: {}', []);
check('a list in the middle', '# c\nallow:\n  - entity: X\n    value: y # why\nrules: {}\n', [{ entity: 'X', value: 'y' }]);
check('a list without indentation at the end', 'allow:\n- entity: X\n  value: y', [{ entity: 'X', value: 'y' }]);
check('a list followed by a comment', 'allow:\n  - entity: X\n\n# next\nrules: {}\n', [{ entity: 'X' }]);

for (const text of ['- a\n', 'allow: x\n', 'allow: [{entity: X}]\n', 'a: [\n', 'allow:\n']) {
  test(`left to people: ${JSON.stringify(text)}`, () => assert.equal(allowTextEdit(text, entry), undefined));
}
