/** Records as they stand inside other texts: diffs, URLs, notebook outputs, drawn tables, forms, mails and chats. One row a kind. */
import { LabelledText } from './document.ts';
import type { FileKind } from './file-kinds.ts';

type Records = Parameters<FileKind['write']>[1];
type Record_ = Records[number];

const words = (name: string) => name.split(' ');
const snake = (name: string) => words(name).join('_');
const camel = (name: string) => words(name).map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('');
const columnsOf = (records: Records) => (records[0] ?? []).map((cell) => snake(cell.name));

/** Writes what `write` produces, each character as `encode` has it; labels move along. */
function inside(out: LabelledText, write: (inner: LabelledText) => void, encode: (character: string) => string): void {
  const inner = new LabelledText();
  write(inner);
  const { text, spans } = inner.finish('', '', '', '');
  let at = 0;
  for (const span of spans) {
    out.add([...text.slice(at, span.start)].map(encode).join(''));
    out.value([...text.slice(span.start, span.end)].map(encode).join(''), span.entity);
    at = span.end;
  }
  out.add([...text.slice(at)].map(encode).join(''));
}

const inJson = (character: string) => JSON.stringify(character).slice(1, -1);
const asciiJson = (character: string) => (character > '~' ? [...character].flatMap((one) => Array.from({ length: one.length }, (_, i) => `\\u${one.charCodeAt(i).toString(16).padStart(4, '0')}`)).join('') : inJson(character));
const inHtml = (character: string) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? character;
const formEncoded = (value: string) => encodeURIComponent(value).replaceAll('%20', '+').replace(/'/g, '%27');

/** Columns padded to the same width; `cut` between them. */
function grid(out: LabelledText, records: Records, { before, cut, after, rule }: { before: string; cut: string; after: string; rule: (widths: readonly number[]) => string | undefined }): void {
  const header = columnsOf(records);
  const widths = header.map((name, column) => Math.max(name.length, ...records.map((record) => record[column]?.value.length ?? 0)));
  out.add(`${before}${header.map((name, column) => name.padEnd(widths[column] ?? 0)).join(cut)}${after}\n`);
  const line = rule(widths);
  if (line !== undefined) out.add(`${line}\n`);
  for (const record of records) {
    record.forEach((cell, column) => {
      out.add(column === 0 ? before : cut).value(cell.value, cell.field.entity);
      out.add(' '.repeat((widths[column] ?? 0) - cell.value.length));
    });
    out.add(`${after}\n`);
  }
}

const csvLine = (out: LabelledText, record: Record_) => record.forEach((cell, index) => { out.add(index === 0 ? '' : ',').value(cell.value, cell.field.entity); });

function query(out: LabelledText, record: Record_): void {
  record.forEach((cell, index) => { out.add(`${index === 0 ? '?' : '&'}${snake(cell.name)}=`).value(formEncoded(cell.value), cell.field.entity); });
}

function htmlTable(out: LabelledText, records: Records): void {
  out.add(`<table border="1" class="dataframe">\n<thead><tr><th></th>${columnsOf(records).map((name) => `<th>${name}</th>`).join('')}</tr></thead>\n<tbody>\n`);
  records.forEach((record, row) => {
    out.add(`<tr><th>${row}</th>`);
    for (const cell of record) { out.add('<td>'); out.value([...cell.value].map(inHtml).join(''), cell.field.entity).add('</td>'); }
    out.add('</tr>\n');
  });
  out.add('</tbody>\n</table>\n');
}

const hunk = (file: string, lines: number) => `diff --git a/${file} b/${file}\nindex 83db48f..bf2c1a9 100644\n--- a/${file}\n+++ b/${file}\n@@ -1,${1} +1,${lines} @@\n`;

export const embeddedKinds: readonly FileKind[] = [
  { kind: 'diff-csv', languageId: 'diff', extension: 'diff', write: (out, records) => { out.add(hunk('data/customers.csv', records.length + 1)).add(` ${columnsOf(records).join(',')}\n`); for (const record of records) { out.add('+'); csvLine(out, record); out.add('\n'); } } },
  { kind: 'diff-json', languageId: 'diff', extension: 'patch', write: (out, records) => { out.add(hunk('fixtures/customers.json', records.length + 1)).add(' [\n'); for (const record of records) { out.add('+  {'); record.forEach((cell, index) => { out.add(`${index === 0 ? '' : ', '}"${camel(cell.name)}": "`).value(cell.value, cell.field.entity).add('"'); }); out.add('},\n'); } } },
  { kind: 'diff-python', languageId: 'diff', extension: 'diff', write: (out, records) => { out.add(hunk('seed.py', records.length + 1)).add(' def seed(session):\n'); for (const record of records) { out.add('+    session.add(Customer('); record.forEach((cell, index) => { out.add(`${index === 0 ? '' : ', '}${snake(cell.name)}="`).value(cell.value, cell.field.entity).add('"'); }); out.add('))\n'); } } },
  { kind: 'access-log', languageId: 'log', extension: 'log', write: (out, records, random) => { for (const record of records) { out.add(`10.0.0.${random.int(1, 200)} - - [1${random.int(0, 9)}/Mar/2026:08:${random.int(10, 59)}:02 +0000] "GET /api/v1/customers`); query(out, record); out.add(` HTTP/1.1" 200 ${random.int(100, 9999)} "-" "Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0"\n`); } } },
  { kind: 'url-in-code', languageId: 'typescript', extension: 'ts', write: (out, records) => { for (const record of records) { out.add('await fetch("https://api.acme-shop.io/v2/lookup'); query(out, record); out.add('");\n'); } } },
  { kind: 'json-in-json', languageId: 'log', extension: 'log', write: (out, records, random) => { for (const record of records) { out.add(`{"level":"info","ts":"2026-03-1${random.int(0, 9)}T08:10:02Z","body":"`); inside(out, (inner) => { inner.add('{'); record.forEach((cell, index) => { inner.add(`${index === 0 ? '' : ','}"${camel(cell.name)}":"`).value(cell.value, cell.field.entity).add('"'); }); inner.add('}'); }, inJson); out.add('"}\n'); } } },
  { kind: 'json-ascii', languageId: 'json', extension: 'json', write: (out, records) => { out.add('[\n'); records.forEach((record, row) => { out.add('  {'); record.forEach((cell, index) => { out.add(`${index === 0 ? '' : ', '}"${camel(cell.name)}": "`).value([...cell.value].map(asciiJson).join(''), cell.field.entity).add('"'); }); out.add(row === records.length - 1 ? '}\n' : '},\n'); }); out.add(']\n'); } },
  { kind: 'notebook-html', languageId: 'jupyter', extension: 'ipynb', write: (out, records) => { out.add('{"cells":[{"cell_type":"code","execution_count":3,"metadata":{},"source":["customers.head()"],"outputs":[{"output_type":"execute_result","execution_count":3,"metadata":{},"data":{"text/html":["'); inside(out, (inner) => htmlTable(inner, records), inJson); out.add('"]}}]}],"metadata":{"kernelspec":{"name":"python3","language":"python"}},"nbformat":4,"nbformat_minor":5}\n'); } },
  { kind: 'notebook-text', languageId: 'jupyter', extension: 'ipynb', write: (out, records) => { out.add('{"cells":[{"cell_type":"code","execution_count":3,"metadata":{},"source":["print(customers)"],"outputs":[{"output_type":"stream","name":"stdout","text":["'); inside(out, (inner) => grid(inner, records, { before: '', cut: '  ', after: '', rule: () => undefined }), (character) => (character === '\n' ? '\\n","' : inJson(character))); out.add('"]}]}],"metadata":{},"nbformat":4,"nbformat_minor":5}\n'); } },
  { kind: 'aligned-table', languageId: 'plaintext', extension: 'txt', write: (out, records) => { out.add('Result of the export:\n\n'); grid(out, records, { before: '', cut: '  ', after: '', rule: (widths) => widths.map((width) => '-'.repeat(width)).join('  ') }); out.add('\nDone.\n'); } },
  { kind: 'mysql-table', languageId: 'log', extension: 'log', write: (out, records) => { const rule = (widths: readonly number[]) => `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`; grid(out, records, { before: '| ', cut: ' | ', after: ' |', rule }); out.add('4 rows in set (0.01 sec)\n'); } },
  { kind: 'box-table', languageId: 'markdown', extension: 'md', write: (out, records) => { out.add('What the tool printed:\n\n'); grid(out, records, { before: '│ ', cut: ' │ ', after: ' │', rule: (widths) => `├${widths.map((width) => '─'.repeat(width + 2)).join('┼')}┤` }); out.add('\n'); } },
  { kind: 'html-table', languageId: 'html', extension: 'html', write: (out, records) => { out.add('<!doctype html>\n<html><body>\n'); htmlTable(out, records); out.add('</body></html>\n'); } },
  { kind: 'html-form', languageId: 'html', extension: 'html', write: (out, records) => { for (const record of records) { out.add('<form method="post">\n'); for (const cell of record) { out.add(`  <input type="text" name="${snake(cell.name)}" value="`).value([...cell.value].map(inHtml).join(''), cell.field.entity).add('">\n'); } out.add('</form>\n'); } } },
  { kind: 'yaml-block', languageId: 'yaml', extension: 'yaml', write: (out, records) => { for (const record of records) { out.add('---\ncustomer:\n'); for (const cell of record) { out.add(`  ${snake(cell.name)}: >-\n    `).value(cell.value, cell.field.entity).add('\n'); } } } },
  { kind: 'psql-expanded', languageId: 'plaintext', extension: 'txt', write: (out, records) => { records.forEach((record, row) => { const width = Math.max(...record.map((cell) => cell.name.length)); out.add(`-[ RECORD ${row + 1} ]${'-'.repeat(width)}\n`); for (const cell of record) out.add(`${snake(cell.name).padEnd(width)} | `).value(cell.value, cell.field.entity).add('\n'); }); } },
  { kind: 'sql-where', languageId: 'sql', extension: 'sql', write: (out, records) => { for (const record of records) { out.add('SELECT id FROM customers c WHERE '); record.forEach((cell, index) => { out.add(`${index === 0 ? '' : ' AND '}c.${snake(cell.name)} ${index % 2 === 0 ? '= ' : 'IN ('}'`).value(cell.value.replaceAll("'", "''"), cell.field.entity).add(index % 2 === 0 ? "'" : "')"); }); out.add(';\n'); } } },
];
