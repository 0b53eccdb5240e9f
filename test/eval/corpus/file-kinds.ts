/** How each kind of file writes a list of records. One row a kind. */
import { type LabelledDocument, LabelledText } from './document.ts';
import { type Field, neutralFields, personalFields } from './fields.ts';
import type { Random } from './random.ts';

interface Cell { readonly field: Field; readonly name: string; readonly value: string }
type Record_ = readonly Cell[];
export interface FileKind { readonly kind: string; readonly languageId: string; readonly extension: string; readonly write: (out: LabelledText, records: readonly Record_[], random: Random) => void }

const words = (name: string) => name.split(' ');
const camel = (name: string) => words(name).map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('');
const pascal = (name: string) => words(name).map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
const snake = (name: string) => words(name).join('_');
const kebab = (name: string) => words(name).join('-');
const screaming = (name: string) => snake(name).toUpperCase();

/** Between `open` and `close`, quoted unless the field is a bare number. */
function put(out: LabelledText, cell: Cell, quote = '"'): void {
  const bare = cell.field.bare === true;
  out.add(bare ? '' : quote).value(cell.value, cell.field.entity).add(bare ? '' : quote);
}
function join(out: LabelledText, cells: Record_, separator: string, write: (cell: Cell) => void): void {
  cells.forEach((cell, index) => { if (index > 0) out.add(separator); write(cell); });
}
const separated = (separator: string) => (out: LabelledText, records: readonly Record_[]) => {
  out.add(`${(records[0] ?? []).map((cell) => snake(cell.name)).join(separator)}\n`);
  for (const record of records) { join(out, record, separator, (cell) => out.value(cell.value, cell.field.entity)); out.add('\n'); }
};
const braces = (open: string, line: (cell: Cell) => readonly [string, string], close: string, quote = '"') => (out: LabelledText, records: readonly Record_[]) => {
  for (const record of records) {
    out.add(open);
    for (const cell of record) { const [before, after] = line(cell); out.add(before); put(out, cell, quote); out.add(after); }
    out.add(close);
  }
};

export const fileKinds: readonly FileKind[] = [
  { kind: 'typescript', languageId: 'typescript', extension: 'ts', write: (out, records) => { out.add("import { insert } from './db';\n\nexport const rows = [\n"); braces('  {\n', (cell) => [`    ${camel(cell.name)}: `, ',\n'], '  },\n', "'")(out, records); out.add('];\nawait insert(rows);\n'); } },
  { kind: 'javascript', languageId: 'javascript', extension: 'js', write: (out, records) => { out.add("const { createUser } = require('./factory');\n"); braces('createUser({ ', (cell) => [`${camel(cell.name)}: `, ', '], '});\n', "'")(out, records); } },
  { kind: 'python', languageId: 'python', extension: 'py', write: (out, records) => { out.add('from app.models import Customer\n\n\ndef seed(session):\n'); braces('    session.add(Customer(\n', (cell) => [`        ${snake(cell.name)}=`, ',\n'], '    ))\n')(out, records); } },
  { kind: 'java', languageId: 'java', extension: 'java', write: (out, records) => { out.add('package com.acme.fixtures;\n\nclass CustomerFixtures {\n  void load() {\n'); braces('    var c = new Customer();\n', (cell) => [`    c.set${pascal(cell.name)}(`, ');\n'], '    repository.save(c);\n')(out, records); out.add('  }\n}\n'); } },
  { kind: 'go', languageId: 'go', extension: 'go', write: (out, records) => { out.add('package seed\n\nvar customers = []Customer{\n'); braces('\t{\n', (cell) => [`\t\t${pascal(cell.name)}: `, ',\n'], '\t},\n')(out, records); out.add('}\n'); } },
  { kind: 'csharp', languageId: 'csharp', extension: 'cs', write: (out, records) => { out.add('namespace Acme.Seed;\n\npublic static class Data\n{\n    public static readonly Customer[] All =\n    {\n'); braces('        new() { ', (cell) => [`${pascal(cell.name)} = `, ', '], '},\n')(out, records); out.add('    };\n}\n'); } },
  { kind: 'ruby', languageId: 'ruby', extension: 'rb', write: (out, records) => { out.add('# frozen_string_literal: true\n\n'); braces('Customer.create!(\n', (cell) => [`  ${snake(cell.name)}: `, ',\n'], ')\n', "'")(out, records); } },
  { kind: 'php', languageId: 'php', extension: 'php', write: (out, records) => { out.add('<?php\n\nreturn [\n'); braces('    [\n', (cell) => [`        '${snake(cell.name)}' => `, ',\n'], '    ],\n', "'")(out, records); out.add('];\n'); } },
  { kind: 'rust', languageId: 'rust', extension: 'rs', write: (out, records) => { out.add('use crate::model::Customer;\n\npub fn seed() -> Vec<Customer> {\n    vec![\n'); braces('        Customer {\n', (cell) => [`            ${snake(cell.name)}: `, '.into(),\n'], '        },\n')(out, records); out.add('    ]\n}\n'); } },
  { kind: 'kotlin', languageId: 'kotlin', extension: 'kt', write: (out, records) => { out.add('package acme.seed\n\nval customers = listOf(\n'); braces('    Customer(\n', (cell) => [`        ${camel(cell.name)} = `, ',\n'], '    ),\n')(out, records); out.add(')\n'); } },
  { kind: 'json', languageId: 'json', extension: 'json', write: (out, records) => { out.add('[\n'); records.forEach((record, index) => { out.add('  {\n'); join(out, record, ',\n', (cell) => { out.add(`    "${camel(cell.name)}": `); put(out, cell); }); out.add(index === records.length - 1 ? '\n  }\n' : '\n  },\n'); }); out.add(']\n'); } },
  { kind: 'jsonl', languageId: 'jsonl', extension: 'jsonl', write: (out, records) => { for (const record of records) { out.add('{"customer":{'); join(out, record, ',', (cell) => { out.add(`"${snake(cell.name)}":`); put(out, cell); }); out.add('}}\n'); } } },
  { kind: 'yaml', languageId: 'yaml', extension: 'yaml', write: (out, records) => { out.add('customers:\n'); for (const record of records) record.forEach((cell, index) => { out.add(`${index === 0 ? '  - ' : '    '}${snake(cell.name)}: `); put(out, cell); out.add('\n'); }); } },
  { kind: 'csv', languageId: 'csv', extension: 'csv', write: separated(',') },
  { kind: 'csv-semicolon', languageId: 'csv', extension: 'csv', write: separated(';') },
  { kind: 'tsv', languageId: 'tsv', extension: 'tsv', write: separated('\t') },
  { kind: 'sql-insert', languageId: 'sql', extension: 'sql', write: (out, records) => { out.add(`INSERT INTO customers (${(records[0] ?? []).map((cell) => snake(cell.name)).join(', ')}) VALUES\n`); records.forEach((record, index) => { out.add('  ('); join(out, record, ', ', (cell) => put(out, cell, "'")); out.add(index === records.length - 1 ? ');\n' : '),\n'); }); } },
  { kind: 'sql-copy', languageId: 'sql', extension: 'sql', write: (out, records) => { out.add(`COPY public.customers (${(records[0] ?? []).map((cell) => snake(cell.name)).join(', ')}) FROM stdin;\n`); for (const record of records) { join(out, record, '\t', (cell) => out.value(cell.value, cell.field.entity)); out.add('\n'); } out.add('\\.\n'); } },
  { kind: 'log-logfmt', languageId: 'log', extension: 'log', write: (out, records, random) => { for (const record of records) { out.add(`2026-03-1${random.int(0, 9)}T08:${random.int(10, 59)}:02.114Z level=info msg="customer updated"`); for (const cell of record) { out.add(` ${snake(cell.name)}=`); put(out, cell); } out.add('\n'); } } },
  { kind: 'log-json', languageId: 'log', extension: 'log', write: (out, records, random) => { for (const record of records) { out.add(`{"level":30,"time":17${random.digits(11)},"pid":${random.int(100, 9999)},"msg":"saved"`); for (const cell of record) { out.add(`,"${camel(cell.name)}":`); put(out, cell); } out.add('}\n'); } } },
  { kind: 'log-java', languageId: 'log', extension: 'log', write: (out, records, random) => { for (const record of records) { out.add(`2026-03-1${random.int(0, 9)} 08:${random.int(10, 59)}:02,114 DEBUG [http-nio-8080-exec-${random.int(1, 9)}] c.a.CustomerService - Customer(`); join(out, record, ', ', (cell) => { out.add(`${camel(cell.name)}=`); out.value(cell.value, cell.field.entity); }); out.add(')\n'); } } },
  { kind: 'properties', languageId: 'properties', extension: 'properties', write: (out, records) => records.forEach((record, index) => { for (const cell of record) { out.add(`customer.${index}.${kebab(cell.name)}=`); out.value(cell.value, cell.field.entity).add('\n'); } }) },
  { kind: 'dotenv', languageId: 'dotenv', extension: 'env', write: (out, records) => records.forEach((record, index) => { for (const cell of record) { out.add(`SEED_${index}_${screaming(cell.name)}=`); put(out, cell); out.add('\n'); } }) },
  { kind: 'toml', languageId: 'toml', extension: 'toml', write: (out, records) => { for (const record of records) { out.add('[[customer]]\n'); for (const cell of record) { out.add(`${snake(cell.name)} = `); put(out, cell); out.add('\n'); } } } },
  { kind: 'xml', languageId: 'xml', extension: 'xml', write: (out, records) => { out.add('<?xml version="1.0"?>\n<customers>\n'); for (const record of records) { out.add('  <customer>\n'); for (const cell of record) { out.add(`    <${camel(cell.name)}>`); out.value(cell.value.replaceAll('<', '&lt;'), cell.field.entity).add(`</${camel(cell.name)}>\n`); } out.add('  </customer>\n'); } out.add('</customers>\n'); } },
  { kind: 'notebook', languageId: 'jupyter', extension: 'ipynb', write: (out, records) => { out.add('{"cells":[{"cell_type":"code","execution_count":1,"metadata":{},"outputs":[],"source":['); records.forEach((record, index) => { out.add(`${index === 0 ? '' : ','}"row = dict(`); join(out, record, ', ', (cell) => { out.add(`${snake(cell.name)}=`); put(out, cell, "'"); }); out.add(')\\n"'); }); out.add(']}],"metadata":{},"nbformat":4,"nbformat_minor":5}\n'); } },
  { kind: 'query-result', languageId: 'plaintext', extension: 'txt', write: (out, records) => { const header = (records[0] ?? []).map((cell) => snake(cell.name)); const widths = header.map((name, column) => Math.max(name.length, ...records.map((record) => record[column]?.value.length ?? 0))); out.add(`${header.map((name, column) => ` ${name.padEnd(widths[column] ?? 0)} `).join('|')}\n${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`); for (const record of records) { record.forEach((cell, column) => { out.add(column === 0 ? ' ' : '| '); out.value(cell.value, cell.field.entity); out.add(' '.repeat((widths[column] ?? 0) - cell.value.length + 1)); }); out.add('\n'); } out.add(`(${records.length} rows)\n`); } },
  { kind: 'markdown-table', languageId: 'markdown', extension: 'md', write: (out, records) => { const header = (records[0] ?? []).map((cell) => cell.name); out.add(`# Export\n\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|\n`); for (const record of records) { out.add('| '); join(out, record, ' | ', (cell) => out.value(cell.value, cell.field.entity)); out.add(' |\n'); } } },
];

/** A document of one kind with a few records over the same columns, personal and neutral mixed. */
export function writeDocument(kind: FileKind, id: string, random: Random): LabelledDocument {
  const chosen = [...random.sample(personalFields, random.int(2, 5)), ...random.sample(neutralFields, random.int(3, 6))];
  const columns = random.sample(chosen, chosen.length).map((field) => ({ field, name: random.pick(field.names) }));
  // A name that stands twice would make the labels ambiguous.
  const unique = columns.filter((column, index) => columns.findIndex((other) => other.name === column.name) === index);
  const records = Array.from({ length: random.int(2, 6) }, () => unique.map((column) => ({ ...column, value: column.field.value(random) })));
  const out = new LabelledText();
  kind.write(out, records, random);
  return out.finish(id, kind.kind, kind.languageId, `${id}.${kind.extension}`);
}
