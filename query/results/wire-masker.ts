/**
 * Masks cells where they lie in the bytes of a page. What a column's type or a cell's shape clears is never made into a value;
 * everything else takes the way of any other value, through `CellMasker`.
 */
import type { ExportCell } from '#query/export/format.ts';
import { CELL_HEAD, cellLength, type WireKind, type WireRows, wireValue } from '#query/drivers/wire-rows.ts';
import type { CellMasker, MaskableColumn } from './cell-masker.ts';
import { harmlessShape, isShortNumber, MIN_DIGITS } from './harmless-shape.ts';
import { exportCell } from './export-cell.ts';

/** The cell at [start, end) of `bytes`; `page` is the same bytes as Latin-1, so that its offsets are theirs. */
export type WireMasker = (bytes: Buffer, page: string, start: number, end: number) => ExportCell;

const NULL_CELL: ExportCell = { v: null };
const TRUE_CELL: ExportCell = { v: 'true', literal: true };
const FALSE_CELL: ExportCell = { v: 'false', literal: true };
const TRUE = 0x74;
const BATCH_ROWS = 100;
/** Decimal digits that a double keeps for certain. */
const SAFE_DIGITS = 15;

/** @param mask of the same column; it decides whatever is not decided here */
export function createWireMasker(kind: WireKind, column: Pick<MaskableColumn, 'masked'>, mask: CellMasker): WireMasker {
  const careful: WireMasker = (bytes, _page, start, end) => exportCell(wireValue(bytes, start, end, kind), mask);
  if (column.masked) return kind === 'text' || kind === 'inert' || kind === 'digits' ? (bytes, page, start, end) => mask(textAt(bytes, page, start, end)) : careful;
  switch (kind) {
    case 'inert': return (_bytes, page, start, end) => ({ v: page.substring(start, end) });
    case 'boolean': return (bytes, _page, start) => (bytes[start] === TRUE ? TRUE_CELL : FALSE_CELL);
    case 'number': return (bytes, page, start, end) => (isPlainNumber(bytes, start, end) ? { v: page.substring(start, end), literal: true } : careful(bytes, page, start, end));
    case 'digits': return (bytes, page, start, end) => (isShortNumber(page, start, end) ? { v: page.substring(start, end) } : careful(bytes, page, start, end));
    case 'text': return (bytes, page, start, end) => (harmlessShape(page, start, end) ? { v: page.substring(start, end) } : careful(bytes, page, start, end));
    case 'bytes': return careful;
  }
}

/** For columns that are shown in clear. */
export function clearWireCell(kind: WireKind, clear: CellMasker): WireMasker {
  return (bytes, _page, start, end) => exportCell(wireValue(bytes, start, end, kind), clear);
}

/**
 * Rows of masked cells, some at a time: V8 moves what outlives a collection to where collecting is dear, and a whole page
 * of a thousand rows would.
 * @param onRow hears the number of each row before it is masked
 */
export function* maskWireRows(rows: WireRows, maskers: readonly WireMasker[], onRow: (row: number) => void): Generator<ExportCell[][], void> {
  const page = rows.bytes.toString('latin1');
  for (let from = 0; from < rows.length; from += BATCH_ROWS) yield maskedRows(rows, page, maskers, from, Math.min(rows.length, from + BATCH_ROWS), onRow);
}

function maskedRows(rows: WireRows, page: string, maskers: readonly WireMasker[], from: number, to: number, onRow: (row: number) => void): ExportCell[][] {
  const { bytes } = rows;
  const masked: ExportCell[][] = [];
  for (let row = from; row < to; row++) {
    onRow(row);
    const cells: ExportCell[] = [];
    let at = rows.cells(row);
    for (let column = 0; column < maskers.length; column++) {
      const length = cellLength(bytes, at);
      at += CELL_HEAD;
      const mask = maskers[column];
      if (length < 0 || mask === undefined) { cells.push(NULL_CELL); continue; }
      cells.push(mask(bytes, page, at, at + length));
      at += length;
    }
    masked.push(cells);
  }
  return masked;
}

/** `-12`, `123456.75`: read as a number and written again it is the same text, and as a whole number it has fewer than eight digits. */
function isPlainNumber(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > SAFE_DIGITS) return false;
  let digits = 0;
  let points = 0;
  for (let i = start; i < end; i++) {
    const code = bytes[i] ?? 0;
    if (code >= 48 && code <= 57) digits++;
    else if (code === 0x2e) points++;
    else if (code !== 0x2d || i !== start) return false;
  }
  // Anything unusual, like `1e+07`, `-0` or a zero at the end of decimals, takes the long way.
  if (points === 0) return digits > 0 && digits < MIN_DIGITS && !(bytes[start] === 0x2d && bytes[start + 1] === 48);
  return points === 1 && digits > 1 && bytes[end - 1] !== 48;
}

function textAt(bytes: Buffer, page: string, start: number, end: number): string {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) >= 128) return bytes.toString('utf8', start, end);
  return page.substring(start, end);
}
