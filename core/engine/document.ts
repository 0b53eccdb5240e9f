/** What a scan knows of the text around a candidate. */
import type { ScanOptions } from './detector.ts';
import { formatOf, isMachineFile, type Format } from '../structure/format.ts';
import { cellAt, csvLayout, lineEnd, type CsvLayout } from '../structure/csv.ts';
import { enclosingKeys, keyBefore, type Field } from '../structure/field.ts';

export class DocumentText {
  readonly text: string;
  readonly format: Format;
  /** A lock file, source map, checksum list or minified bundle. */
  readonly machine: boolean;
  readonly csv: CsvLayout | undefined;
  private readonly pathCache = new Map<number, readonly string[]>();

  private readonly fixedField: Field | undefined;

  /** @param field what the whole text is a value of, when the caller knows */
  constructor(text: string, options: ScanOptions, field?: Field) {
    this.text = text;
    this.fixedField = field;
    this.format = formatOf(options, text);
    this.machine = isMachineFile(options.filename);
    this.csv = this.format === 'csv' ? csvLayout(text) : undefined;
  }

  /** The column or key that `offset` is a value of. */
  fieldAt(offset: number): Field | undefined {
    if (this.csv) {
      if (offset >= this.csv.bodyStart) return this.columnAt(offset, this.csv);
      return undefined;
    }
    const key = keyBefore(this.text, offset, 0);
    if (!key) return this.fixedField;
    return { name: key.name, path: this.pathOf(key.start), source: 'key' };
  }

  private columnAt(offset: number, csv: CsvLayout): Field | undefined {
    const start = this.text.lastIndexOf('\n', offset - 1) + 1;
    const { index, cell } = cellAt(this.text, start, lineEnd(this.text, start), offset, csv.delimiter);
    const name = csv.columns[index];
    // A cell may itself hold `key: value` text; its own key says more than the column.
    const inner = keyBefore(this.text, offset, cell.start);
    if (inner) return { name: inner.name, path: name ? [name] : [], source: 'key' };
    return name ? { name, path: [], source: 'column' } : undefined;
  }

  pathOf(keyStart: number): readonly string[] {
    if (this.format !== 'json' && this.format !== 'yaml' && this.format !== 'code') return [];
    let path = this.pathCache.get(keyStart);
    if (!path) {
      path = enclosingKeys(this.text, keyStart, 0, this.format === 'yaml');
      this.pathCache.set(keyStart, path);
    }
    return path;
  }
}
