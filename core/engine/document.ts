/** What a scan knows of the text around a candidate. */
import type { ScanOptions } from './detector.ts';
import { formatOf, isMachineFile, type Format } from '../structure/format.ts';
import { type Cell, csvLayout, type CsvLayout } from '../structure/csv.ts';
import { enclosingKeys, keyBefore, type Field } from '../structure/field.ts';
import { ListKeys } from '../structure/list-key.ts';
import { OpenBrackets } from '../structure/open-brackets.ts';
import { structuredTables } from '../structure/structured-tables.ts';
import { csvTable, indexOfCell, type Table } from '../structure/table.ts';

/** What a whole document is, so that a piece of it can be read alike. */
export interface DocumentShape {
  readonly format: Format;
  /** A lock file, source map, checksum list or minified bundle. */
  readonly machine: boolean;
  /** For delimited files. */
  readonly layout: CsvLayout | undefined;
  /** The file's name without folder and extension. */
  readonly stem: string | undefined;
  /** A Jupyter notebook as its file is written. */
  readonly notebook: boolean;
}

export function shapeOf(text: string, options: ScanOptions): DocumentShape {
  const format = formatOf(options, text);
  return {
    format,
    machine: isMachineFile(options.filename),
    layout: format === 'csv' ? csvLayout(text) : undefined,
    stem: options.filename?.split(/[\\/]/).pop()?.split('.')[0],
    notebook: format === 'json' && options.filename?.toLowerCase().endsWith('.ipynb') === true,
  };
}

export class DocumentText {
  readonly text: string;
  readonly format: Format;
  readonly machine: boolean;
  /** A comma ends a value here instead of being a decimal sign. */
  readonly commaSeparates: boolean;
  /** In text order, not overlapping. */
  readonly tables: readonly Table[];
  /** A delimited file's rows: its layout, where they begin in the text, the file's name. */
  readonly rows: { readonly layout: CsvLayout; readonly start: number; readonly name: string | undefined } | undefined;
  private readonly fixedField: Field | undefined;
  private readonly lists: ListKeys;
  private readonly brackets: OpenBrackets;
  private lastTable = 0;
  private pathKey = -1;
  private path: readonly string[] = [];

  /**
   * @param text a document, or a piece of one that begins at a line
   * @param bodyStart where a delimited file's rows begin in `text`
   * @param field what the whole text is a value of, when the caller knows
   */
  constructor(text: string, shape: DocumentShape, bodyStart = shape.layout?.bodyStart ?? 0, field?: Field) {
    this.text = text;
    this.fixedField = field;
    this.lists = new ListKeys(text);
    this.brackets = new OpenBrackets(text);
    this.format = shape.format;
    this.machine = shape.machine;
    this.commaSeparates = shape.layout?.delimiter === ',';
    this.rows = field === undefined && shape.layout && shape.layout.columns.length > 0 ? { layout: shape.layout, start: bodyStart, name: shape.stem } : undefined;
    this.tables = field === undefined ? tablesOf(text, shape, bodyStart) : [];
  }

  /** The column or key that `offset` is a value of. */
  fieldAt(offset: number): Field | undefined {
    const table = this.tables.length > 0 ? this.tableAt(offset) : undefined;
    if (table) return this.columnAt(table, offset);
    const key = keyBefore(this.text, offset, 0);
    if (!key) return this.listField(offset) ?? this.fixedField;
    return { name: key.name, path: this.pathOf(key.start), source: 'key' };
  }

  private listField(offset: number): Field | undefined {
    if (this.format !== 'json' && this.format !== 'code' && this.format !== 'yaml' && this.format !== 'log') return undefined;
    const key = this.lists.of(offset);
    return key && { name: key.name, path: this.pathOf(key.start), source: 'key' };
  }

  /** The cell of a table that holds `offset`. */
  cellAt(offset: number): Cell | undefined {
    const cells = this.tableAt(offset)?.cellsAt(offset);
    return cells?.[indexOfCell(cells, offset)];
  }

  /** Keys that enclose the key at `keyStart`, outermost first, as far as they were found. */
  pathOf(keyStart: number): readonly string[] {
    if (this.format === 'csv' || this.format === 'xml' || this.format === 'sql' || this.format === 'properties') return [];
    if (this.pathKey !== keyStart) {
      this.pathKey = keyStart;
      this.path = this.format === 'yaml' ? enclosingKeys(this.text, keyStart, 0, true) : this.brackets.keysAround(keyStart);
    }
    return this.path;
  }

  private columnAt(table: Table, offset: number): Field | undefined {
    const cells = table.cellsAt(offset);
    const index = indexOfCell(cells, offset);
    const cell = cells[index];
    if (!cell) return undefined;
    const name = table.columns[index];
    // A cell may itself hold `key: value` text; its own key says more than the column.
    const inner = offset > cell.start + 2 ? keyBefore(this.text, offset, cell.start) : undefined;
    if (inner) return { name: inner.name, path: name ? [name] : [], source: 'key' };
    return name ? { name, path: table.name === undefined ? [] : [table.name], source: 'column' } : undefined;
  }

  private tableAt(offset: number): Table | undefined {
    const last = this.tables[this.lastTable];
    if (last && offset >= last.start && offset < last.end) return last;
    let low = 0, high = this.tables.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tables[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    const table = this.tables[low];
    if (!table || offset < table.start || offset >= table.end) return undefined;
    this.lastTable = low;
    return table;
  }
}

function tablesOf(text: string, shape: DocumentShape, bodyStart: number): readonly Table[] {
  if (shape.layout) return shape.layout.columns.length > 0 ? [csvTable(text, shape.layout, bodyStart, shape.stem)] : [];
  return structuredTables(text, shape.format);
}
