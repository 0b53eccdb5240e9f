/**
 * One result: raw rows, verdicts on its columns, and the masked view of them. All that leaves is `Cell`s, made at the
 * moment of asking: a reveal that has expired is masked again by itself.
 */
import type { Cell, ResultColumn, ResultSummary } from '#core/wire/results.ts';
import type { DriftFinding } from '#core/wire/approval.ts';
import type { Detector } from '#core/engine/detector.ts';
import type { Masker } from '#core/masking/masker.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import type { ExportCell } from '#query/export/format.ts';
import type { DriverColumn, RawRow } from '#query/drivers/driver.ts';
import { WireRows } from '#query/drivers/wire-rows.ts';
import type { Grant } from '#query/grant/grant.ts';
import { type CellMasker, clearCell, createCellMasker, type ReplacementFor } from './cell-masker.ts';
import type { ColumnVerdict } from './column-verdict.ts';
import { DriftNotes } from './drift.ts';
import { exportCell } from './export-cell.ts';
import type { RowStore } from './row-store.ts';

export interface ResultSetDeps {
  readonly detector: Detector;
  readonly masker: Masker;
  readonly replacementFor: ReplacementFor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the verdicts, once the columns and a first sample are there. */
  readonly judge: (columns: readonly DriverColumn[], first: readonly RawRow[]) => readonly ColumnVerdict[];
  /** Called when `drift()` has grown. Values are looked at when they are asked for, so this may come long after the last row. */
  readonly onDrift?: () => void;
}

export interface ResultIdentity { readonly resultId: string; readonly connectionId: string }

/** Rows of the first page by which columns are judged. */
const JUDGED_ROWS = 500;

interface Reveal { readonly grant: Grant; readonly revoked: () => boolean }

export class ResultSet {
  readonly identity: ResultIdentity;
  readonly #rows: RowStore;
  readonly #deps: ResultSetDeps;
  #verdicts: readonly ColumnVerdict[] = [];
  #maskers: CellMasker[] = [];
  readonly #drift = new DriftNotes();
  /** The row that is being masked: findings belong to it. */
  #row = 0;
  readonly #reveals = new Map<number, Reveal>();
  #complete = false;
  #truncated: ResultSummary['truncated'];
  #elapsedMs = 0;
  /** Row numbers in the order shown; absent: as they came. */
  #order: Uint32Array | undefined;

  constructor(identity: ResultIdentity, rows: RowStore, deps: ResultSetDeps) {
    this.identity = identity;
    this.#rows = rows;
    this.#deps = deps;
  }

  get rowCount(): number { return this.#rows.length; }
  get shownRows(): number { return this.#order?.length ?? this.#rows.length; }
  get verdicts(): readonly ColumnVerdict[] { return this.#verdicts; }
  get complete(): boolean { return this.#complete; }
  get truncated(): ResultSummary['truncated'] { return this.#truncated; }

  /** The first page decides the verdicts; later rows are judged value by value. */
  begin(columns: readonly DriverColumn[], page: readonly RawRow[] | WireRows): void {
    const first = page instanceof WireRows ? page.first(JUDGED_ROWS) : page;
    this.#verdicts = this.#deps.judge(columns, first);
    this.#verdicts.forEach((v, index) => {
      const { entity } = v;
      if (v.drift && entity !== undefined) first.forEach((row, at) => { if ((row[index] ?? null) !== null) this.#noteDrift(v, entity, at); });
    });
    this.#maskers = this.#verdicts.map((verdict, index) => createCellMasker(verdict, index, {
      ...this.#deps, onFound: (_, entity) => this.#noteDrift(verdict, entity, this.#row),
    }));
    this.append(page);
  }

  append(rows: readonly RawRow[] | WireRows): void { this.#rows.append(rows); }

  finish(elapsedMs: number, truncated?: ResultSummary['truncated']): void {
    this.#complete = true;
    this.#elapsedMs = elapsedMs;
    this.#truncated = truncated;
  }

  /** Shows these columns in clear for as long as the grant lives. The grant must be for revealing. */
  reveal(columns: readonly number[], grant: Grant, revoked: () => boolean): void {
    if (grant.capability !== 'reveal') return;
    for (const column of columns) {
      if (this.coveredBy(column, grant)) this.#reveals.set(column, { grant, revoked });
    }
  }

  /** Whether the grant clears every base column behind a result column. */
  coveredBy(column: number, grant: Grant): boolean {
    const verdict = this.#verdicts[column];
    return verdict !== undefined && clearedBy(verdict, grant);
  }

  isRevealed(column: number): boolean {
    const reveal = this.#reveals.get(column);
    if (!reveal) return false;
    if (this.#deps.now() < reveal.grant.expiresAt && !reveal.revoked()) return true;
    this.#reveals.delete(column);
    return false;
  }

  /** Shown cells of shown rows `offset` to `offset + count`; `revealing` false: masked, whatever is revealed. */
  page(offset: number, count: number, revealing = true): Cell[][] {
    const end = Math.min(this.shownRows, offset + count);
    const rows: Cell[][] = [];
    for (let i = Math.max(0, offset); i < end; i++) rows.push(this.#cells(this.#order?.[i] ?? i, revealing));
    return rows;
  }

  /** One shown cell by row number as stored. */
  cell(row: number, column: number): Cell {
    const raw = this.#rows.value(row, column);
    this.#row = row;
    return this.isRevealed(column) ? clearCell(raw) : this.#masker(column)(raw);
  }

  /** A stored row on its way to a file: columns in `cleared` as they are, the others masked, reveals in the grid or not. */
  exportRow(row: number, cleared: ReadonlySet<number>): ExportCell[] {
    const raw = this.#rows.row(row) ?? [];
    this.#row = row;
    return this.#verdicts.map((_, column) => {
      return exportCell(raw[column] ?? null, cleared.has(column) ? clearCell : this.#masker(column));
    });
  }

  setOrder(order: Uint32Array | undefined): void { this.#order = order; }

  columns(): ResultColumn[] {
    return this.#verdicts.map((v, index) => {
      const revealed = this.isRevealed(index);
      return {
        index, name: v.name, databaseType: v.databaseType, ...(v.origin ? { origin: v.origin } : {}),
        masked: v.masked && !revealed, reasons: v.reasons,
        ...(v.entity === undefined ? {} : { entity: v.entity }), ...(v.category === undefined ? {} : { category: v.category }),
        revealable: !revealed && (v.masked || this.#spansFound(v.name)), revealed,
      };
    });
  }

  summary(elapsedMs = this.#elapsedMs): ResultSummary {
    return {
      ...this.identity, columns: this.columns(), rows: this.#rows.length, complete: this.#complete,
      ...(this.#truncated ? { truncated: this.#truncated } : {}), elapsedMs, drift: this.#drift.list(),
    };
  }

  /** What was found so far that the statement's facts had not declared. Holds no value. */
  drift(shown: (name: string) => string): DriftFinding[] { return this.#drift.findings(shown); }

  close(): void {
    this.#rows.close();
    this.#reveals.clear();
    this.#maskers = [];
    this.#order = undefined;
  }

  #cells(row: number, revealing: boolean): Cell[] {
    const raw = this.#rows.row(row) ?? [];
    this.#row = row;
    return this.#verdicts.map((_, column) => {
      const value = raw[column] ?? null;
      return revealing && this.isRevealed(column) ? clearCell(value) : this.#masker(column)(value);
    });
  }

  /** A column without a masker is one that nobody has judged: nothing of it is shown. */
  #masker(column: number): CellMasker { return this.#maskers[column] ?? (() => ({ v: null, m: 1 })); }

  #spansFound(column: string): boolean {
    return this.#drift.in(column);
  }

  #noteDrift(verdict: ColumnVerdict, entity: string, row: number): void {
    if (this.#drift.add(verdict, entity, row)) this.#deps.onDrift?.();
  }
}

/** Whether a grant clears every base column behind a result column. */
export function clearedBy({ clear }: ColumnVerdict, grant: Grant): boolean {
  return clear.every((ref) => grant.clearColumns.some((c) => sameColumn(c, ref)));
}

function sameColumn(a: ColumnRef, b: ColumnRef): boolean {
  return a.table === b.table && a.column === b.column && (a.schema ?? '') === (b.schema ?? '');
}
