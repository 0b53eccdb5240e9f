/** Text formats of an export: pure functions from masked cells to text. */
import type { Cell } from '#core/wire/results.ts';

/** A cell on its way out. `literal` marks a number or boolean that is not masked, so that formats with types keep it one. */
export interface ExportCell extends Cell { readonly literal?: true }

/** Wraps the text of a format into bytes of its own: a zip. */
export interface Container { write(text: string): Uint8Array; finish(): Uint8Array }

export interface TextFormat {
  begin(columns: readonly string[]): string;
  /** `index` is 0 for the first row. */
  row(cells: readonly ExportCell[], index: number): string;
  end(rows: number): string;
  /** Absent: the text itself in UTF-8. */
  readonly container?: () => Container;
}

/**
 * RFC 4180: CRLF, fields quoted where needed, quotes doubled. NULL is an empty field, an empty text is `""`.
 * A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV Injection); numbers stay.
 */
export function csv(): TextFormat {
  return {
    begin: (columns) => `${columns.map((name) => csvField(name)).join(',')}\r\n`,
    row: (cells) => {
      let line = '';
      for (let i = 0; i < cells.length; i++) {
        const v = cells[i]?.v ?? null;
        if (i > 0) line += ',';
        if (v !== null) line += csvField(v);
      }
      return `${line}\r\n`;
    },
    end: () => '',
  };
}

function csvField(text: string): string {
  if (text === '') return '""';
  const safe = mayBeFormula(text.charCodeAt(0)) && /^\s*[=+\-@\t\r]/.test(text) && !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? `'${text}` : text;
  return safe !== text || needsQuotes(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** False for what most fields begin with: a letter, a digit, a bracket. Spaces and beyond ASCII are looked at. */
function mayBeFormula(first: number): boolean { return first <= 0x2f || first === 0x3d || first === 0x40 || first >= 0x80; }

function needsQuotes(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || code === 0x2c || code === 0x0d || code === 0x0a) return true;
  }
  return false;
}

/** One array of objects. Columns of the same name are told apart by `_2`, `_3`. */
export function json(): TextFormat {
  const object = objects();
  return {
    begin: (columns) => { object.name(columns); return '['; },
    row: (cells, index) => `${index === 0 ? '\n' : ',\n'}${object.of(cells)}`,
    end: (rows) => (rows === 0 ? ']\n' : '\n]\n'),
  };
}

/** One object a line (jsonlines.org). */
export function jsonl(): TextFormat {
  const object = objects();
  return { begin: (columns) => { object.name(columns); return ''; }, row: (cells) => `${object.of(cells)}\n`, end: () => '' };
}

function objects(): { name(columns: readonly string[]): void; of(cells: readonly ExportCell[]): string } {
  let keys: readonly string[] = [];
  return {
    name: (columns) => { keys = distinct(columns).map((name) => JSON.stringify(name)); },
    of: (cells) => `{${cells.map((cell, i) => `${keys[i] ?? '""'}:${jsonValue(cell)}`).join(',')}}`,
  };
}

function jsonValue({ v, literal }: ExportCell): string {
  if (v === null) return 'null';
  return literal && /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false)$/.test(v) ? v : JSON.stringify(v);
}

/** `INSERT` statements with standard quoting, one a row. Backslashes are kept as they are: load with standard strings on. */
export function sqlInsert(table: string): TextFormat {
  let head = '';
  return {
    begin: (columns) => {
      head = `INSERT INTO ${identifier(table)} (${distinct(columns).map(identifier).join(', ')}) VALUES (`;
      return '';
    },
    row: (cells) => `${head}${cells.map(sqlValue).join(', ')});\n`,
    end: () => '',
  };
}

function identifier(name: string): string { return `"${name.replaceAll('"', '""')}"`; }

function sqlValue({ v, literal }: ExportCell): string {
  if (v === null) return 'NULL';
  return literal && /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false)$/.test(v) ? v : `'${v.replaceAll('\u0000', '').replaceAll("'", "''")}'`;
}

/** Names made distinct, in order. */
export function distinct(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let n = 2; used.has(free); n++) free = `${name}_${n}`;
    used.add(free);
    return free;
  });
}
