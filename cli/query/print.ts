/** How rows are printed. */
import { csv, type ExportCell, json, jsonl, type TextFormat } from '#query/export/format.ts';
import type { MaskedPage } from '#query/results/mask-pages.ts';

export const queryFormats = ['table', 'csv', 'json', 'jsonl'] as const;
export type QueryFormat = (typeof queryFormats)[number];

export interface Printer { page(page: MaskedPage): string; end(): string }

/** Wider cells are cut in tables, and only there. */
const MAX_WIDTH = 60;

export function printer(format: QueryFormat): Printer {
  if (format === 'table') return table();
  const text: TextFormat = format === 'csv' ? csv() : format === 'json' ? json() : jsonl();
  let rows = -1;
  const begin = (names: readonly string[]): string => { rows = 0; return text.begin(names); };
  return {
    page: ({ verdicts, rows: cells }) => (rows < 0 ? begin(verdicts.map((v) => v.name)) : '') + cells.map((row) => text.row(row, rows++)).join(''),
    end: () => (rows < 0 ? '' : text.end(rows)),
  };
}

/** Columns are as wide as the first page needs. A lock marks masked columns. */
function table(): Printer {
  let widths: readonly number[] | undefined;
  let rows = 0;
  const line = (texts: readonly string[], to: readonly number[]): string => `${texts.map((t, i) => padded(t, to[i] ?? 0)).join('  ').trimEnd()}\n`;
  return {
    page({ verdicts, rows: cells }) {
      const names = verdicts.map((v) => (v.masked ? `${v.name} 🔒` : v.name));
      let head = '';
      if (!widths) {
        widths = names.map((name, i) => Math.min(MAX_WIDTH, Math.max(width(name), ...cells.map((row) => width(shown(row[i]))))));
        if (names.length > 0) head = line(names, widths) + line(widths.map((w) => '─'.repeat(w)), widths);
      }
      rows += cells.length;
      const to = widths;
      return head + cells.map((row) => line(row.map(shown), to)).join('');
    },
    end: () => (widths && widths.length > 0 ? `(${rows} ${rows === 1 ? 'row' : 'rows'})\n` : ''),
  };
}

/** Control characters would move the cursor or colour the terminal. */
function shown(cell: ExportCell | undefined): string {
  return cell?.v === null || cell === undefined ? 'NULL' : cell.v.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

function width(text: string): number { return Array.from(text).length; }

function padded(text: string, to: number): string {
  const characters = Array.from(text);
  return characters.length > to ? `${characters.slice(0, Math.max(0, to - 1)).join('')}…` : text + ' '.repeat(to - characters.length);
}
