/**
 * A document under edit. The text is kept in short pieces that end at lines; an edit re-judges its own piece (and a neighbour
 * whose context it touches) and moves the rest. Findings are put together only when they are asked for.
 */
import type { LiveDocument, ScanOptions, TextEdit } from './detector.ts';
import type { Finding, ScanLimit, ScanResult } from '../wire/finding.ts';
import type { Collector } from './collect.ts';
import { saysTheSame } from './column-plan.ts';
import type { CompiledRules } from './compile.ts';
import { DocumentText, type DocumentShape, shapeOf } from './document.ts';
import type { Hit } from './hit.ts';
import { Judge } from './judge.ts';
import { resolveOverlaps } from './overlap.ts';
import { addRegionHits, isWoven } from './regions.ts';
import { composeFindings, type FindingPiece, hundredthsOf, lazily } from './live-findings.ts';
import { permitted } from './scan-text.ts';
import { DOUBTFUL } from './severity.ts';
import { IGNORE_MARK, inlineIgnores } from '../policy/inline-ignores.ts';

/** Pieces end at the first line break after this many UTF-16 units… */
const PIECE = 1_024;
/** …or here, where a line is longer. */
const LONGEST_PIECE = 3_072;
/** Text before a piece that its judgement may look at (enclosing keys reach 1,500 units back). */
const LOOK_BEHIND = 2_048;
const LOOK_AHEAD = 400;
/** An edit this near to a piece's border may change what is found beyond the border. */
const BORDER = 320;
/** Formats in which a key speaks for lines below it. */
const NESTED = new Set(['json', 'yaml', 'code']);
/** Edits here may change what the whole document is. */
const HEAD = 2_000;
/** More findings than a host shows of a file; each keystroke moves them. */
const MOST_FINDINGS = 2_000;

interface Piece extends FindingPiece {
  text: string;
  hits: Hit[] | undefined;
  explained: (Finding | undefined)[];
  best: number;
  /** Holds an ignore comment. */
  marked: boolean;
  /** The lines that name the columns of a table which began above: INSERT, COPY, a drawn header. */
  header: string;
}

/** A piece with its surroundings; `base` is where the piece begins in the window. */
interface Window { readonly document: DocumentText; readonly judge: Judge; readonly base: number }

export function openLive(compiled: CompiledRules, collector: Collector, initial: string, options: ScanOptions): LiveDocument {
  return new LivePieces(compiled, collector, initial, options);
}

class LivePieces implements LiveDocument {
  private readonly compiled: CompiledRules;
  private readonly collector: Collector;
  private readonly options: ScanOptions;
  private pieces: Piece[] = [];
  private shape: DocumentShape;
  private joined: string | undefined;
  private starts: Uint32Array | undefined;
  private latest: ScanResult | undefined;
  private cancelled = false;
  /** What could not be read as what it is. */
  private readonly fallbacks: ScanLimit[] = [];
  /** Hits of all pieces by confidence in hundredths. */
  private readonly counts = new Uint32Array(101);

  constructor(compiled: CompiledRules, collector: Collector, initial: string, options: ScanOptions) {
    this.compiled = compiled;
    this.collector = collector;
    this.options = options;
    this.shape = shapeOf(initial, options);
    this.cut(initial);
    this.rescan();
  }

  get text(): string {
    this.joined ??= this.pieces.map((piece) => piece.text).join('');
    return this.joined;
  }

  get length(): number {
    const offsets = this.offsets();
    return offsets[offsets.length - 1]!;
  }

  slice(start: number, end: number): string {
    const offsets = this.offsets();
    let low = 0, high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle + 1]! <= start) low = middle + 1;
      else high = middle;
    }
    const own = this.pieces[low]!.text, base = offsets[low]!;
    if (end <= base + own.length) return own.slice(Math.max(0, start - base), Math.max(0, end - base));
    let text = own.slice(start - base);
    for (let i = low + 1; i < this.pieces.length && offsets[i]! < end; i++) text += this.pieces[i]!.text.slice(0, end - offsets[i]!);
    return text;
  }

  /** Where each piece starts, and the end. */
  private offsets(): Uint32Array {
    if (this.starts === undefined) {
      this.starts = new Uint32Array(this.pieces.length + 1);
      let offset = 0;
      for (let i = 0; i < this.pieces.length; i++) this.starts[i + 1] = offset += this.pieces[i]!.text.length;
    }
    return this.starts;
  }

  get result(): ScanResult {
    this.latest ??= lazily(() => this.compose());
    return this.latest;
  }

  update(edits: readonly TextEdit[], signal?: AbortSignal): ScanResult {
    let inHead = false, structural = false;
    for (const edit of edits) {
      inHead ||= edit.start < HEAD;
      structural = this.apply(edit) || structural;
    }
    this.joined = undefined;
    this.latest = undefined;
    if (structural || isWoven(this.shape) || (inHead && this.shapeChanged())) {
      const { text } = this;
      this.shape = shapeOf(text, this.options);
      this.cut(text);
    }
    this.rescan(signal);
    return this.result;
  }

  /** Splits the text and finds which pieces stand inside a table that began above them. */
  private cut(text: string): void {
    this.pieces = isWoven(this.shape) ? [piece(text)] : split(text);
    this.fallbacks.length = 0;
    this.counts.fill(0);
    this.joined = text;
    this.starts = undefined;
    if (this.shape.layout || this.shape.format === 'json' || this.shape.format === 'code') return;
    const { tables } = new DocumentText(text, this.shape);
    let offset = 0, next = 0;
    for (const piece of this.pieces) {
      while (next < tables.length && tables[next]!.end <= offset) next++;
      const table = tables[next];
      if (table && table.start < offset) piece.header = text.slice(table.headerStart, table.start);
      offset += piece.text.length;
    }
  }

  /** True when the change may begin or end a table, so that pieces below it must be looked at anew. */
  private apply(edit: TextEdit): boolean {
    let first = 0, base = 0;
    while (first < this.pieces.length - 1 && base + this.pieces[first]!.text.length <= edit.start) base += this.pieces[first++]!.text.length;
    let last = first, end = base + (this.pieces[first]?.text.length ?? 0);
    while (last < this.pieces.length - 1 && end < edit.end) end += this.pieces[++last]!.text.length;
    const old = this.pieces.slice(first, last + 1).map((piece) => piece.text).join('');
    const from = edit.start - base, to = edit.end - base;
    const text = old.slice(0, from) + edit.text + old.slice(to);
    const replaced = split(text);
    const header = this.pieces[first]?.header ?? '';
    for (const piece of replaced) piece.header = header;
    // What stands near a border may be judged by what was changed.
    const reach = NESTED.has(this.shape.format) ? LOOK_BEHIND : BORDER;
    for (let i = last + 1, near = old.length - to; i < this.pieces.length && near < reach; near += this.pieces[i++]!.text.length) this.forget(this.pieces[i]!);
    if (from < BORDER && first > 0) this.forget(this.pieces[first - 1]!);
    for (let i = first; i <= last && i < this.pieces.length; i++) this.forget(this.pieces[i]!);
    this.pieces.splice(first, last - first + 1, ...replaced);
    this.starts = undefined;
    if (this.pieces.length === 0) this.pieces = split('');
    return this.touchesTable(old, from, to) || this.touchesTable(text, from, from + edit.text.length);
  }

  private forget(piece: Piece): void {
    for (const hit of piece.hits ?? []) this.counts[hundredthsOf(hit)]!--;
    piece.hits = undefined;
  }

  private touchesTable(text: string, from: number, to: number): boolean {
    if (this.shape.layout || NESTED.has(this.shape.format)) return false;
    const start = text.lastIndexOf('\n', from - 1) + 1;
    const found = text.indexOf('\n', to);
    const lines = text.slice(start, found < 0 ? text.length : found);
    switch (this.shape.format) {
      case 'sql': return /\b(?:insert|replace|copy|values|into|stdin)\b|;|\\\./i.test(lines);
      case 'xml': return /<\/?(?:table|t[rh])\b/i.test(lines);
      // A drawn rule, or names that are only lined up: a header seldom holds a digit, rows do.
      default: return /--|──/.test(lines) || (this.shape.format !== 'log' && /^\D*\S {2,}\S\D*$/.test(lines));
    }
  }

  private shapeChanged(): boolean {
    const head = this.pieces.slice(0, 8).map((piece) => piece.text).join('');
    const shape = shapeOf(head, this.options);
    if (shape.format !== this.shape.format) return true;
    if (!shape.layout || !this.shape.layout) return shape.layout !== this.shape.layout;
    const { layout } = this.shape;
    const changed = shape.layout.delimiter !== layout.delimiter || shape.layout.columns.length !== layout.columns.length || shape.layout.columns.some((name, i) => !saysTheSame(this.compiled, name, layout.columns[i]!));
    // New spelling, same meaning: later edits compare with what is written now.
    if (!changed) this.shape = { ...this.shape, layout: shape.layout };
    return changed;
  }

  private rescan(signal?: AbortSignal): void {
    this.cancelled = false;
    for (let i = 0; i < this.pieces.length; i++) {
      if (this.pieces[i]!.hits !== undefined) continue;
      if (signal?.aborted) {
        this.cancelled = true;
        return;
      }
      this.scanPiece(i);
    }
  }

  private scanPiece(index: number): void {
    const piece = this.pieces[index]!;
    const { document, judge, base } = this.windowOf(index);
    const from = base, to = base + piece.text.length;
    const { hits: direct } = this.collector.collect(document, judge, from, to);
    const hits = addRegionHits(direct, document, this.shape, from, to, { compiled: this.compiled, scanner: this.collector.scanner, lowest: judge.lowest }, this.fallbacks);
    const kept = resolveOverlaps(permitted(hits, document.text, this.options));
    piece.marked = piece.text.includes(IGNORE_MARK);
    piece.hits = kept.map((hit) => ({ ...hit, start: hit.start - base, end: hit.end - base }));
    piece.explained = [];
    piece.shown = undefined;
    piece.best = 0;
    for (const hit of kept) {
      const hundredths = hundredthsOf(hit);
      this.counts[hundredths]!++;
      piece.best = Math.max(piece.best, hundredths);
    }
  }

  /** The piece with enough text around it to be judged as in the whole document. */
  private windowOf(index: number): Window {
    const piece = this.pieces[index]!;
    let before = piece.header, start = index;
    if (before === '') while (start > 0 && before.length < LOOK_BEHIND) before = this.pieces[--start]!.text + before;
    const after = this.pieces[index + 1]?.text.slice(0, LOOK_AHEAD) ?? '';
    const document = new DocumentText(before + piece.text + after, this.shape, start === 0 ? this.shape.layout?.bodyStart : 0);
    return { document, judge: Judge.of(this.compiled, document, this.options.minConfidence ?? DOUBTFUL), base: before.length };
  }

  private compose(): ScanResult {
    const limits: ScanLimit[] = [...this.compiled.limits, ...this.fallbacks];
    const { pieces, counts } = this;
    const max = this.options.maxFindings ?? MOST_FINDINGS;
    const ignores = this.options.inlineIgnores !== false && pieces.some((piece) => piece.marked) ? inlineIgnores(this.text) : undefined;
    let window: Window | undefined, windowOf = -1;
    const explain = (index: number, hit: Hit): Finding => {
      if (windowOf !== index) {
        windowOf = index;
        window = this.windowOf(index);
      }
      return this.explain(window!, hit);
    };
    const { findings, total, scanned } = composeFindings(pieces, { max, counts, covers: ignores?.covers, explain });
    if (total > findings.length) limits.push({ kind: 'too-many-findings', kept: findings.length, total });
    if (this.cancelled) limits.push({ kind: 'cancelled', scanned, total: this.length, unit: 'utf16' });
    return { findings, limits };
  }

  private explain({ judge, base }: Window, hit: Hit): Finding {
    const finding = judge.explain({ ...hit, start: hit.start + base, end: hit.end + base }, this.options.severityOf);
    return { ...finding, start: hit.start, end: hit.end };
  }
}

const piece = (text: string): Piece => ({ text, hits: undefined, explained: [], shown: undefined, header: '', marked: false, best: 0 });

function split(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < text.length || pieces.length === 0;) {
    let end = text.length;
    if (text.length - start > PIECE) {
      const limit = Math.min(text.length, start + LONGEST_PIECE);
      end = start + PIECE;
      while (end < limit && text.charCodeAt(end - 1) !== 10) end++;
    }
    pieces.push(piece(text.slice(start, end)));
    start = Math.max(end, start + 1);
  }
  return pieces;
}
