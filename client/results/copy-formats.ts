/** Text for the clipboard out of cells as shown. Masked cells go out masked: there is nothing else here. */
import type { Cell, ResultColumn } from '#core/wire/results.ts';
import type { CopyFormat } from '../webview/messages.ts';

export function formatCells(format: CopyFormat, columns: readonly ResultColumn[], rows: readonly (readonly Cell[])[], headers: boolean): string {
  const names = columns.map(({ name }) => name);
  switch (format) {
    case 'tsv': return lines(headers, names, rows, '\t', (text) => text.replaceAll(/[\t\r\n]+/g, ' '));
    case 'csv': return lines(headers, names, rows, ',', csvField);
    case 'markdown': return markdown(names, rows);
    case 'insert': return rows.map((row) => `INSERT INTO ${identifier(tableOf(columns))} (${names.map(identifier).join(', ')}) VALUES (${row.map(literal).join(', ')});`).join('\n');
    case 'json': return JSON.stringify(rows.map((row) => Object.fromEntries(uniqueNames(names).map((name, index) => [name, row[index]?.v ?? null]))), null, 2);
  }
}

function lines(headers: boolean, names: readonly string[], rows: readonly (readonly Cell[])[], separator: string, field: (text: string) => string): string {
  const body = rows.map((row) => row.map(({ v }) => v === null ? '' : field(v)).join(separator));
  return [...(headers ? [names.map(field).join(separator)] : []), ...body].join('\n');
}

/** RFC 4180; a leading `=`, `+`, `-`, `@`, tab or CR gets an apostrophe, so that a spreadsheet does not run it (OWASP, CSV injection). Numbers stay numbers. */
function csvField(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function markdown(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>');
  const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |`;
  return [line(names.map(cell)), line(names.map(() => '---')), ...rows.map((row) => line(row.map(({ v }) => v === null ? '' : cell(v))))].join('\n');
}

function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const tableOf = (columns: readonly ResultColumn[]): string => {
  const tables = new Set(columns.map(({ origin }) => origin?.table));
  const [only] = tables;
  return tables.size === 1 && only !== undefined ? only : 'result';
};
function literal({ v }: Cell): string {
  return v === null ? 'NULL' : `'${v.replaceAll("'", "''")}'`;
}
