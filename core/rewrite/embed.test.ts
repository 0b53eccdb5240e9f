import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { syntaxOf } from './language-syntax.ts';
import { embed } from './embed.ts';

interface Case { readonly name: string; readonly language: string; readonly text: string; readonly by: string; readonly want: string }

/** `«…»` marks the value in the text. */
function check({ name, language, text, by, want }: Case): void {
  test(name, () => {
    const start = text.indexOf('«');
    const end = text.indexOf('»') - 1;
    const plain = text.replace('«', '').replace('»', '');
    let result = plain;
    for (const edit of [...embed(plain, syntaxOf(language, ''), [{ start, end, by }])].reverse()) {
      result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
    }
    assert.equal(result, want);
    if (language === 'json') JSON.parse(result);
    if (language === 'yaml') assert.ok(parseYaml(result));
  });
}

const cases: readonly Case[] = [
  { name: 'JSON string', language: 'json', text: '{"a":"«x@y.de»"}', by: 'q"\\q', want: '{"a":"q\\"\\\\q"}' },
  { name: 'JSON number becomes a string', language: 'json', text: '{"a": «5551234567», "b": 2}', by: '***', want: '{"a": "***", "b": 2}' },
  { name: 'part of a JSON number', language: 'json', text: '[1«234567890»5]', by: '***', want: '["***"]' },
  { name: 'JSON string after an escaped quote', language: 'json', text: '["\\"", "«v»"]', by: '"', want: '["\\"", "\\""]' },
  { name: 'TypeScript single quotes', language: 'typescript', text: "const a = '«v»';", by: "O'Neil", want: "const a = 'O\\'Neil';" },
  { name: 'TypeScript template', language: 'typescript', text: 'const a = `«v»`;', by: '\u0024{x}`', want: 'const a = `\\\u0024{x}\\``;' },
  { name: 'TypeScript number', language: 'typescript', text: 'const a = «078051120»;', by: '***', want: 'const a = "***";' },
  { name: 'TypeScript regular expression before a quote', language: 'typescript', text: "x.replace(/'/g, '«v»')", by: "'", want: "x.replace(/'/g, '\\'')" },
  { name: 'block comment is not closed', language: 'typescript', text: '/* «1/2/1990» */ x', by: '*/*/****', want: '/* xxxxxxxx */ x' },
  { name: 'line comment', language: 'typescript', text: '// «v»\nx', by: '"', want: '// "\nx' },
  { name: 'Python triple quotes', language: 'python', text: '"""a\n«v»"""', by: '"', want: '"""a\n\\""""' },
  { name: 'SQL string', language: 'sql', text: "VALUES ('«v»')", by: "O'Neil", want: "VALUES ('O''Neil')" },
  { name: 'SQL number', language: 'sql', text: 'VALUES («123456789»)', by: '***', want: "VALUES ('***')" },
  { name: 'YAML scalar', language: 'yaml', text: 'ssn: «536-90-4399» # c\n', by: '***-**', want: 'ssn: "***-**" # c\n' },
  { name: 'YAML inside a scalar', language: 'yaml', text: 'note: «v» and more\n', by: '*: #', want: 'note: xx x and more\n' },
  { name: 'YAML list', language: 'yaml', text: '- «v»\n', by: '*', want: '- "*"\n' },
  { name: 'YAML apostrophe in a plain scalar opens nothing', language: 'yaml', text: "a: it's fine\nb: '«v»'\n", by: "'", want: "a: it's fine\nb: ''''\n" },
  { name: 'CSV field', language: 'csv', text: 'a,«v»,c', by: 'x, "y"', want: 'a,x   y ,c' },
  { name: 'CSV quoted field', language: 'csv', text: 'a,"«v»",c', by: 'x, "y"', want: 'a,"x, ""y""",c' },
  { name: 'XML text', language: 'xml', text: '<a>«v»</a>', by: '<&>', want: '<a>&lt;&amp;&gt;</a>' },
  { name: 'XML attribute', language: 'xml', text: '<a b="«v»"/>', by: '"', want: '<a b="&quot;"/>' },
  { name: 'dotenv', language: 'dotenv', text: 'A=«v»', by: 'a b#', want: 'A=a_b_' },
  { name: 'plain text', language: 'plaintext', text: 'I am «v».', by: '***', want: 'I am ***.' },
];
for (const one of cases) check(one);
