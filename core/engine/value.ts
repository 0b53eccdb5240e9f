/** Single values with what is known of their surroundings: result cells, form fields. */
import type { ColumnDetector, ValueContext } from './detector.ts';
import type { Finding } from '../wire/finding.ts';
import { CellEvidence, isBare } from './cell-evidence.ts';
import { ColumnPlan } from './column-plan.ts';
import type { CompiledRules } from './compile.ts';
import { type DocumentShape, DocumentText } from './document.ts';
import type { Hit } from './hit.ts';
import { Judge } from './judge.ts';
import { addNamedHits } from './named-cell.ts';
import { resolveOverlaps } from './overlap.ts';
import { Repeats } from './repeats.ts';
import type { Scanner } from './scanner.ts';
import { DOUBTFUL } from './severity.ts';

/** Longer values are scanned up to here: a cell of a result grid may hold a document. */
const LONGEST_VALUE = 1_000_000;
const NOTHING: readonly Finding[] = [];

const PLAIN: DocumentShape = { format: 'text', machine: false, layout: undefined, stem: undefined, notebook: false };

/** Keys and lines of its own, which may enclose what is found. */
const isDocument = (text: string): boolean => text.length > 200 || /[{[\n]/.test(text);

/** The values of one column. What its name says is worked out once. */
export class ColumnValues implements ColumnDetector {
  private readonly compiled: CompiledRules;
  private readonly scanner: Scanner;
  private readonly context: ValueContext;
  private readonly plan: ColumnPlan;
  private readonly lowest: number;
  private readonly known: Repeats<readonly Finding[]> | undefined;

  /**
   * @param lowest confidence below which nothing is reported, 0..1
   * @param remembers whether findings of values that repeat are kept, and so the values
   */
  constructor(compiled: CompiledRules, scanner: Scanner, context: ValueContext, remembers: boolean, lowest = DOUBTFUL) {
    this.compiled = compiled;
    this.scanner = scanner;
    this.context = context;
    this.plan = new ColumnPlan(compiled, context.name, context.path ?? [], false);
    this.lowest = lowest;
    this.known = remembers ? new Repeats() : undefined;
  }

  scan(value: string): readonly Finding[] {
    if (value.length === 0) return NOTHING;
    if (this.known?.keeps(value.length) !== true) return this.judge(value);
    let findings = this.known.find(value);
    if (findings === undefined) {
      findings = this.judge(value);
      this.known.keep(value, findings);
    }
    return findings;
  }

  private judge(value: string): readonly Finding[] {
    const { compiled, scanner, plan } = this;
    const text = value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value;
    const judge = isDocument(text) ? this.judgeOfDocument(text) : this.judgeOfCell(text);
    const hits: Hit[] = [];
    scanner.value(text, judge, hits);
    addNamedHits(compiled, judge, plan, text, 0, text.length, hits, 0);
    return hits.length === 0 ? NOTHING : resolveOverlaps(hits).map((hit) => judge.explain(hit));
  }

  private judgeOfCell(text: string): Judge {
    const evidence = new CellEvidence(this.compiled, text, false, this.plan);
    evidence.enter(this.plan, 0, text.length, isBare(text));
    return new Judge(this.compiled, { text, commaSeparates: false }, this.lowest, evidence);
  }

  private judgeOfDocument(text: string): Judge {
    const { name, path } = this.context;
    const field = name === undefined ? undefined : { name, path: path ?? [], source: 'column' as const };
    return Judge.of(this.compiled, new DocumentText(text, PLAIN, 0, field), this.lowest);
  }
}
