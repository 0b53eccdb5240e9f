/**
 * Delimited files, cell by cell. In a table a value ends with its cell, and only its own cell and its column speak for it; so
 * a cell's verdict hangs on its text and its column alone, and equal cells share it.
 */
import type { Anchors } from './anchors.ts';
import { CellEvidence, isBareUnit } from './cell-evidence.ts';
import { ColumnPlan } from './column-plan.ts';
import type { CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import type { Judge } from './judge.ts';
import { addNamedHits } from './named-cell.ts';
import type { Scanner } from './scanner.ts';
import type { CsvLayout } from '../structure/csv.ts';

/** Units that are read at once; a line that is longer is read whole. */
const CHUNK = 65_536;
/** How far a value may go on behind the line of a quote that has not closed: a private key's header and body. */
const BEYOND = 512;
const QUOTE = 34, RETURN = 13, AT = 64, MANY = -2;

/** The columns of a layout, with what is remembered of their values. */
export class ColumnPlans {
  readonly layout: CsvLayout;
  readonly columns: readonly ColumnPlan[];
  /** For cells beyond the header. */
  readonly nameless: ColumnPlan;
  /** Verdicts are remembered for these. */
  readonly lowest: number;
  readonly machine: boolean;

  constructor(compiled: CompiledRules, layout: CsvLayout, table: string | undefined, lowest: number, machine: boolean) {
    const path = table === undefined ? [] : [table];
    this.layout = layout;
    this.columns = layout.columns.map((name) => new ColumnPlan(compiled, name === '' ? undefined : name, path, true));
    this.nameless = new ColumnPlan(compiled, undefined, [], true);
    this.lowest = lowest;
    this.machine = machine;
  }
}

export class CellScan {
  private readonly compiled: CompiledRules;
  private readonly scanner: Scanner;
  private readonly judge: Judge;
  private readonly text: string;
  private readonly plans: ColumnPlans;
  private readonly evidence: CellEvidence;
  private readonly hits: Hit[] = [];
  private readonly firstRow: number;
  /** The stretch that is scanned. */
  private from = 0;
  private to = 0;
  /** Where the only `@` of the cell stands; negative when it has none, many or quotes. */
  private onlyAt = -1;
  /** The cell holds digits and separators only. */
  private isBare = false;
  private readonly anchors: Anchors;
  private readonly classes: Uint8Array;

  /** @param firstRow where the header has ended */
  constructor(compiled: CompiledRules, scanner: Scanner, judge: Judge, text: string, plans: ColumnPlans, firstRow: number) {
    this.compiled = compiled;
    this.scanner = scanner;
    this.judge = judge;
    this.text = text;
    this.plans = plans;
    this.firstRow = firstRow;
    this.evidence = new CellEvidence(compiled, text, plans.machine, plans.nameless);
    this.anchors = scanner.begin(0, this.hits);
    this.classes = this.anchors.classes('');
  }

  /** Hits that begin in [from, to), and how many units were looked at: fewer when cancelled. */
  run(from: number, to: number, signal?: AbortSignal): { readonly hits: readonly Hit[]; readonly scanned: number } {
    const { text, scanner: { window } } = this;
    this.from = from;
    this.to = to;
    this.judge.judgeBy(this.evidence, true);
    let loaded = -1, chunks = 0;
    // A stretch may begin inside of a line that was cut for its length.
    for (let line = Math.max(this.firstRow, text.lastIndexOf('\n', from - 1) + 1); line < to;) {
      const found = text.indexOf('\n', line);
      const next = found < 0 ? text.length : found + 1;
      if (next > loaded) {
        if (chunks++ > 0 && signal?.aborted) return { hits: this.hits, scanned: Math.max(0, line - from) };
        loaded = Math.min(text.length, Math.max(next, line + CHUNK));
        window.load(text, line, Math.min(text.length, loaded + BEYOND));
      }
      this.line(line, found < 0 ? next : found);
      line = next;
    }
    return { hits: this.hits, scanned: to - from };
  }

  /** Cells of one line [from, to); RFC 4180, but a quote that never closes ends with its line. */
  private line(from: number, to: number): void {
    const { scanner: { window: { units, base } }, plans: { columns, nameless, layout } } = this;
    const delimiter = layout.delimiter.charCodeAt(0);
    const end = (to > from && units[to - 1 - base] === RETURN ? to - 1 : to) - base;
    let at = from - base;
    for (let column = 0; column < columns.length && at <= end; column++) {
      const isQuoted = units[at] === QUOTE && at < end;
      const start = isQuoted ? at + 1 : at;
      const close = isQuoted ? closingQuote(units, start, end) : -1;
      if (isQuoted) at = close;
      this.onlyAt = -1;
      this.isBare = !isQuoted;
      for (let unit = units[at]!; at < end && unit !== delimiter; unit = units[++at]!) {
        if (isBareUnit(unit)) continue;
        this.isBare = false;
        if (unit === AT) this.onlyAt = this.onlyAt === -1 ? base + at : MANY;
      }
      const stop = isQuoted ? close : at;
      if (isQuoted && close === end) this.openCell(columns[column]!, base + start, base + stop);
      else if (stop > start) this.cell(columns[column]!, base + start, base + stop);
      at++;
    }
    this.onlyAt = -1;
    this.isBare = false;
    if (at < end) this.cell(nameless, base + at, base + end);
  }

  private cell(column: ColumnPlan, start: number, end: number): void {
    if (start < this.from || end > this.to) {
      this.cutCell(column, start, end);
      return;
    }
    if (!column.verdicts.keeps(end - start)) {
      this.judgeCell(column, start, end);
      return;
    }
    const value = this.text.slice(start, end);
    const known = column.verdicts.find(value);
    if (known) {
      for (let i = 0; i < known.length; i++) this.hits.push(movedBy(known[i]!, start));
      return;
    }
    const first = this.hits.length;
    this.judgeCell(column, start, end);
    const own: Hit[] = [];
    for (let i = first; i < this.hits.length; i++) own.push(movedBy(this.hits[i]!, -start));
    column.verdicts.keep(value, own);
  }

  /** A quote opens and does not close on its line: what begins there may go on below. */
  private openCell(column: ColumnPlan, start: number, end: number): void {
    if (start >= this.from && start < this.to) this.judgeCell(column, start, end, Math.min(this.text.length, end + BEYOND));
  }

  /** Only the part of a cell that belongs to the stretch. */
  private cutCell(column: ColumnPlan, start: number, end: number): void {
    if (end <= this.from || start >= this.to) return;
    const first = this.hits.length;
    this.judgeCell(column, Math.max(start, this.from), end);
    for (let i = this.hits.length - 1; i >= first; i--) if (this.hits[i]!.start >= this.to) this.hits.splice(i, 1);
  }

  private judgeCell(column: ColumnPlan, start: number, end: number, limit = end): void {
    const { hits, judge } = this;
    const first = hits.length;
    this.evidence.enter(column, start, end, this.isBare);
    this.scanner.cell(this.anchors, this.classes, judge, start, end, limit, this.onlyAt);
    addNamedHits(this.compiled, judge, column, this.text, start, end, hits, first);
  }
}

/** Where the quoted cell that begins at `from` ends: at its quote (doubled ones are part of it), or with the line. */
function closingQuote(units: Uint16Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (units[at] !== QUOTE) continue;
    if (units[at + 1] !== QUOTE) return at;
    at++;
  }
  return end;
}

const movedBy = (hit: Hit, offset: number): Hit => ({
  rule: hit.rule, pattern: hit.pattern, start: hit.start + offset, end: hit.end + offset, confidence: hit.confidence, reserved: hit.reserved, spoken: hit.spoken, verdict: hit.verdict, reasons: hit.reasons,
});
