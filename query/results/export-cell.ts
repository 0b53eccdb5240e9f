/** A value on its way to a file: masked, and marked where formats with types may keep it a number or boolean. */
import type { RawValue } from '#query/drivers/driver.ts';
import type { ExportCell } from '#query/export/format.ts';
import type { CellMasker } from './cell-masker.ts';

/** A number or boolean that is not masked stays one in formats with types. */
export function exportCell(value: RawValue, mask: CellMasker): ExportCell {
  const cell = mask(value);
  const literal = cell.m === undefined && ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint' || typeof value === 'boolean');
  return literal ? { ...cell, literal: true } : cell;
}
