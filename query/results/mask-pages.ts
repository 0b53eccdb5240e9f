/** Masks a stream of pages without keeping rows: for the command line and for exports of any size. */
import type { Detector } from '#core/engine/detector.ts';
import type { Masker } from '#core/masking/masker.ts';
import type { DriverColumn, Page, RawRow } from '#query/drivers/driver.ts';
import type { WireRows } from '#query/drivers/wire-rows.ts';
import type { ExportCell } from '#query/export/format.ts';
import { isTemporary } from '#core/statement/catalogue.ts';
import { type Understanding, withoutLineage } from '#query/understanding/understand.ts';
import { type CellMasker, clearCell, createCellMasker, type ReplacementFor } from './cell-masker.ts';
import { cellText } from './cell-text.ts';
import { type ColumnVerdict, judgeColumns } from './column-verdict.ts';
import { exportCell } from './export-cell.ts';
import { clearWireCell, createWireMasker, maskWireRows, type WireMasker } from './wire-masker.ts';

/** Some rows of a page: one page of the driver may come as several of these, the last of them with its `end`. */
export interface MaskedPage {
  readonly set: number;
  readonly verdicts: readonly ColumnVerdict[];
  readonly rows: readonly (readonly ExportCell[])[];
  readonly end?: Page['end'];
}

export interface MaskPagesDeps {
  readonly detector: Detector;
  readonly masker: Masker;
  readonly replacementFor: ReplacementFor;
  readonly understood: Understanding;
  /** Whether a column leaves in clear; asked once, after the verdicts. Default: none does. */
  readonly clear?: (column: number, verdict: ColumnVerdict) => boolean;
  /** Personal data that the statement's facts had not declared, with the number of its row: see `DriftNotes`. */
  readonly onDrift?: (verdict: ColumnVerdict, entity: string, row: number) => void;
}

const SAMPLE_ROWS = 200;

export async function* maskPages(pages: AsyncIterable<Page>, deps: MaskPagesDeps): AsyncGenerator<MaskedPage> {
  let set = -1;
  let verdicts: readonly ColumnVerdict[] = [];
  let maskers: readonly CellMasker[] = [];
  let wireMaskers: readonly WireMasker[] = [];
  const at = { row: -1 };
  for await (const page of pages) {
    if (page.set !== set) {
      set = page.set;
      verdicts = judgePage(page.columns, page.wire?.first(SAMPLE_ROWS) ?? page.rows, set === 0 ? deps : { ...deps, understood: withoutLineage(deps.understood) });
      maskers = maskersOf(verdicts, at, deps);
      wireMaskers = page.wire ? wireMaskersOf(page.wire, verdicts, maskers) : [];
      for (const [index, v] of verdicts.entries()) {
        const { entity } = v;
        if (v.drift && entity !== undefined) page.rows.forEach((row, number) => { if ((row[index] ?? null) !== null) deps.onDrift?.(v, entity, number); });
      }
    }
    const end = page.end ? { end: page.end } : {};
    if (page.wire && page.wire.length > 0) {
      const begun = at.row + 1;
      let left = page.wire.length;
      for (const rows of maskWireRows(page.wire, wireMaskers, (row) => { at.row = begun + row; })) {
        left -= rows.length;
        yield { set, verdicts, rows, ...(left === 0 ? end : {}) };
      }
    } else yield { set, verdicts, rows: page.rows.map((row) => { at.row++; return maskRow(row, maskers); }), ...end };
  }
}

function maskRow(row: RawRow, maskers: readonly CellMasker[]): ExportCell[] {
  return maskers.map((mask, column) => exportCell(row[column] ?? null, mask));
}

/** Verdicts of a result set by its first page. */
export function judgePage(columns: readonly DriverColumn[], rows: readonly RawRow[], { understood, detector }: Pick<MaskPagesDeps, 'understood' | 'detector'>): ColumnVerdict[] {
  const { facts, lineage, inventory, catalogue } = understood;
  return judgeColumns({
    columns, facts, lineage, inventory, detector, sample: (column) => sampleOf(rows, column),
    isBaseTable: (origin) => {
      const table = catalogue.resolve(origin.schema, origin.table, { schema: true, table: true });
      return table?.kind === 'table' && !isTemporary(table);
    },
  });
}

/** Texts of a column's first values; nothing of binary. */
export function sampleOf(rows: readonly RawRow[], column: number): string[] {
  const texts: string[] = [];
  for (const row of rows.slice(0, SAMPLE_ROWS)) {
    const value = row[column] ?? null;
    const text = value instanceof Uint8Array ? null : cellText(value);
    if (text !== null && text !== '') texts.push(text);
  }
  return texts;
}

function maskersOf(verdicts: readonly ColumnVerdict[], at: { readonly row: number }, { clear, onDrift, ...deps }: MaskPagesDeps): CellMasker[] {
  return verdicts.map((verdict, index) => (clear?.(index, verdict) ? clearCell : createCellMasker(verdict, index, {
    ...deps, ...(onDrift ? { onFound: (_: number, entity: string) => onDrift(verdict, entity, at.row) } : {}),
  })));
}

/** A column that leaves in clear has `clearCell` for its masker. */
function wireMaskersOf({ kinds }: WireRows, verdicts: readonly ColumnVerdict[], maskers: readonly CellMasker[]): WireMasker[] {
  return maskers.map((mask, index) => {
    const kind = kinds[index] ?? 'text';
    const verdict = verdicts[index];
    return verdict === undefined || mask === clearCell ? clearWireCell(kind, clearCell) : createWireMasker(kind, verdict, mask);
  });
}
