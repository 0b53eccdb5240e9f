import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntaxOf } from './language-syntax.ts';
import { ignoreEdits } from './ignore-edit.ts';

/** `«…»` marks the value. */
function check(name: string, language: string, text: string, want: string | undefined): void {
  test(name, () => {
    const start = text.indexOf('«');
    const end = text.indexOf('»') - 1;
    const plain = text.replace('«', '').replace('»', '');
    const edits = ignoreEdits(plain, syntaxOf(language, ''), { start, end, entity: 'X' });
    if (want === undefined) return assert.equal(edits, undefined);
    let result = plain;
    for (const edit of [...edits!].reverse()) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
    assert.equal(result, want);
  });
}

check('TypeScript: trailing', 'typescript', 'const a = "«v»";\nb', 'const a = "v"; // pii-gate:ignore X\nb');
check('TypeScript: CRLF', 'typescript', 'const a = "«v»";\r\nb', 'const a = "v"; // pii-gate:ignore X\r\nb');
check('TypeScript: in a line comment', 'typescript', '// call «v»\nb', '// call v pii-gate:ignore X\nb');
check('TypeScript: multi-line template', 'typescript', '  const a = `\n«v»\n`;\nb', '  // pii-gate:ignore-start X\n  const a = `\nv\n`;\n  // pii-gate:ignore-end X\nb');
check('TypeScript: block comment over lines', 'typescript', '/* a\n «v»\n*/\nb', '// pii-gate:ignore-start X\n/* a\n v\n*/\n// pii-gate:ignore-end X\nb');
check('Python: triple quotes', 'python', 'a = """\n«v»\n"""', '# pii-gate:ignore-start X\na = """\nv\n"""\n# pii-gate:ignore-end X');
check('SQL', 'sql', "SELECT '«v»'", "SELECT 'v' -- pii-gate:ignore X");
check('YAML', 'yaml', 'a: «v»\nb: 1', 'a: v # pii-gate:ignore X\nb: 1');
check('YAML block scalar', 'yaml', 'a: |\n  «v»\n  more\nb: 1', '# pii-gate:ignore-start X\na: |\n  v\n  more\n# pii-gate:ignore-end X\nb: 1');
check('properties: own line above', 'properties', 'a=«v»\n', '# pii-gate:ignore-next-line X\na=v\n');
check('CSS', 'css', 'a { b: "«v»"; }', 'a { b: "v"; } /* pii-gate:ignore X */');
check('HTML over several lines of a tag', 'html', '<a\n href="«v»">x</a>', '<!-- pii-gate:ignore-start X -->\n<a\n href="v">x</a>\n<!-- pii-gate:ignore-end X -->');
check('JSON has no comments', 'json', '{"a":"«v»"}', undefined);
check('CSV has no comments', 'csv', 'a,«v»', undefined);
