/** All hits of a stretch of a document, however its values are found: patterns, names, cells of tables, people in sentences. */
import { CellScan, ColumnPlans } from './cell-scan.ts';
import type { CompiledRules } from './compile.ts';
import type { DocumentText } from './document.ts';
import type { Judge } from './judge.ts';
import { NamedValues } from './named-hits.ts';
import type { ScanProgress, Scanner } from './scanner.ts';

export class Collector {
  private readonly compiled: CompiledRules;
  readonly scanner: Scanner;
  /** Of the delimited file that was read last: what its columns mean, and verdicts of values that repeat. */
  private plans: ColumnPlans | undefined;

  constructor(compiled: CompiledRules, scanner: Scanner) {
    this.compiled = compiled;
    this.scanner = scanner;
  }

  /** Hits that begin in [from, to), in no order. */
  collect(document: DocumentText, judge: Judge, from: number, to: number, signal?: AbortSignal): ScanProgress {
    if (document.rows) return this.cells(document, document.rows, judge, from, to, signal);
    const named = new NamedValues(this.compiled, document, judge);
    const progress = this.scanner.scan(document, judge, from, to, signal, named.separators, named.after);
    const end = from + progress.scanned;
    for (const hit of named.take(from, end)) progress.hits.push(hit);
    for (const hit of named.people(from, end)) progress.hits.push(hit);
    return progress;
  }

  /** The header as plain text, and then cell by cell. */
  private cells(document: DocumentText, { layout, name, start }: NonNullable<DocumentText['rows']>, judge: Judge, from: number, to: number, signal: AbortSignal | undefined): ScanProgress {
    if (this.plans?.layout !== layout || this.plans.lowest !== judge.lowest || this.plans.machine !== document.machine) this.plans = new ColumnPlans(this.compiled, layout, name, judge.lowest, document.machine);
    const body = Math.min(Math.max(from, start), to);
    const hits = from < body ? this.scanner.scan(document, judge, from, body).hits : [];
    const cells = new CellScan(this.compiled, this.scanner, judge, document.text, this.plans, start).run(body, to, signal);
    for (const hit of cells.hits) hits.push(hit);
    return { hits, scanned: body - from + cells.scanned };
  }
}
