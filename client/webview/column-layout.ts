/** Widths, pins and order of columns, and which of them a viewport shows. */
import type { ResultColumn } from '#core/wire/results.ts';
import type { Row } from './row-window.ts';

export interface LaidColumn {
  /** Index in the result. */
  readonly index: number;
  readonly width: number;
  readonly pinned: boolean;
  /** Pixels from the left edge of the columns. */
  readonly left: number;
}

export interface ColumnLayout {
  readonly columns: readonly LaidColumn[];
  readonly width: number;
  readonly pinnedWidth: number;
}

export const narrowest = 48;
const widest = 420;

/** A first width out of header and a sample of what is shown. `characterWidth` in pixels. */
export function naturalWidth(column: ResultColumn, sample: readonly (Row | undefined)[], characterWidth: number): number {
  // Room for lock, sort arrow and padding in the header.
  let characters = column.name.length + (column.masked ? 5 : 3);
  for (const row of sample) characters = Math.max(characters, Math.min(60, row?.[column.index]?.v?.length ?? 4));
  return Math.round(Math.min(widest, Math.max(72, characters * characterWidth + (column.masked ? 36 : 22))));
}

/** Pinned columns come first, both groups in the result's order. */
export function layOut(columns: readonly ResultColumn[], widths: ReadonlyMap<number, number>, pins: ReadonlySet<number>): ColumnLayout {
  const ordered = [...columns.filter(({ index }) => pins.has(index)), ...columns.filter(({ index }) => !pins.has(index))];
  let left = 0;
  let pinnedWidth = 0;
  const laid = ordered.map(({ index }) => {
    const width = widths.get(index) ?? 120;
    const column = { index, width, pinned: pins.has(index), left };
    left += width;
    if (column.pinned) pinnedWidth = left;
    return column;
  });
  return { columns: laid, width: left, pinnedWidth };
}

/** Positions (not indexes) of columns to draw: all pinned ones, and those that the viewport shows. */
export function visibleColumns({ columns, pinnedWidth }: ColumnLayout, scrollLeft: number, viewport: number): readonly number[] {
  const shown: number[] = [];
  const [from, to] = [scrollLeft + pinnedWidth, scrollLeft + viewport];
  for (const [position, { left, width, pinned }] of columns.entries()) {
    if (pinned || (left + width > from && left < to)) shown.push(position);
  }
  return shown;
}

/** Numbers are read from their right end. Where the database says no type (an expression in SQLite) what is shown decides. */
export function isNumeric({ databaseType, index, masked }: ResultColumn, sample: readonly (Row | undefined)[]): boolean {
  if (masked) return false;
  if (databaseType !== '') return /int|num|dec|real|float|double|serial|money/i.test(databaseType);
  const values = sample.flatMap((row) => row?.[index]?.v ?? []);
  return values.length > 0 && values.every((value) => /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value));
}
